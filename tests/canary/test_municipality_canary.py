"""Three persons with an odd outcome in one municipality: neither the joint report nor any municipality's own tells."""

import hashlib
import json
import re

import numpy as np
import pytest

from ctieval.cli.main import run
from ctieval.evaluate.data import load_allocation, open_data
from ctieval.evaluate.municipality import evaluate_municipalities
from ctieval.evaluate.story import evaluate
from ctieval.protocol.load import load_trial
from ctieval.report.protect import protect
from ctieval.report.protect_municipalities import protect_municipalities

PLAN = """
[trial]
title = "Forsøg"
arms = { intervention = "Indsats", control = "Kontrol" }

[data]
table = "table.csv"
id = "id"
arm = "arm"
block = "municipality"
intervention = "T"
control = "C"
source = "Register"

[assignment]
imported = true
design = "blocked"

[[outcome]]
name = "weeks"
column = "weeks"
unit = "weeks"

[[outcome]]
name = "work"
column = "work"
unit = "share"
"""
SIZES = {"153": (60, 60), "260": (70, 50), "550": (50, 50), "846": (60, 40), "849": (60, 3)}
ODD = 47.13
TOLD = re.compile(r"(?<![\d.,])(47[.,]13?|37[.,][12]\d?)(?![\d])")
"""The mean of the three, and what it is above that of their control."""


def write_trial(folder, odd):
    rng, lines = np.random.default_rng(3), ["id;arm;municipality;weeks;work"]
    for place, sizes in SIZES.items():
        for arm, size in zip("CT", sizes, strict=True):
            weeks = rng.integers(0, 21, size).astype(float)
            weeks = np.full(size, odd) if size == 3 else weeks + (10 - weeks.mean() if place == "849" else 0)
            for number, each in enumerate(weeks):
                work = 1 if size == 3 else number % 3 == 0
                value = f"{each:.4f}".replace(".", ",")
                lines.append(f"{place}{arm}{number:03};{arm};{place};{value};{int(work)}")
    folder.mkdir(exist_ok=True)
    (folder / "trial.toml").write_text(PLAN, encoding="utf-8")
    (folder / "table.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def own_reports(folder):
    trial = load_trial(folder)
    data = open_data(trial)
    allocation = load_allocation(trial, data)
    joint = evaluate(trial, allocation, data)
    return joint, evaluate_municipalities(joint, allocation, data)


def written_by(folder, *arguments):
    with pytest.raises(SystemExit) as left:
        run(["report", str(folder), "--audience", "full,council,methods", *arguments])
    assert left.value.code == 0


def readable(path, text):
    """Words and numbers, without what only draws: the coordinates of pictures and the styles of a page."""
    if path.suffix != ".html":
        return text
    said = " ".join(re.findall(r'(?:alt|aria-label)="([^"]*)"', text))
    return re.sub(r"<[^>]*>", " ", re.sub(r"<style.*?</style>", "", text, flags=re.DOTALL)) + said


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The joint report, and then that of every municipality."""
    folder = write_trial(tmp_path_factory.mktemp("odd"), ODD)
    written_by(folder)
    before = digests(folder / "rapport")
    for place in SIZES:
        written_by(folder, "--municipality", place)
    assert digests(folder / "rapport") == before
    return folder


def digests(folder):
    files = (path for path in folder.iterdir() if path.is_file())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_odd_three_stand_in_no_file(written, read_written):
    paths = [path for path in (written / "rapport").rglob("*") if path.is_file()]
    assert len(paths) == 21 * (len(SIZES) + 1)
    for path in paths:
        assert not TOLD.search(readable(path, read_written(path))), path.name


def test_the_odd_three_are_there_to_be_told(written):
    """The control: before disclosure control the mean is what it is."""
    _, parts = own_reports(written)
    own = parts["849"]
    assert TOLD.fullmatch(f"{own.levels[0].intervention.mean:.2f}")
    assert TOLD.fullmatch(f"{own.effects.rows[0].estimate:.1f}")


def test_what_one_report_protected_alone_shows_gives_them_away(written):
    """The control: the joint mean less the means of four municipalities is that of the fifth."""
    joint, parts = own_reports(written)
    four = [protect(parts[place]).levels[0] for place in list(SIZES)[:4]]
    sizes = np.array([sum(each) for each in SIZES.values()])
    total = joint.levels[0].intervention.mean * sizes.sum()
    fifth = (total - sizes[:4] @ [row.intervention.mean for row in four]) / sizes[4]
    assert fifth == pytest.approx(ODD, abs=1e-6)


def test_the_other_reports_read_the_same_whatever_the_three_did(tmp_path):
    """Rounded beside one municipality more that is silent, no report moves with the values of the three."""
    told = []
    for odd in (ODD, 0.0, 8.5):
        joint, parts = own_reports(write_trial(tmp_path / str(odd), odd))
        own = protect_municipalities(joint, parts)
        told.append({place: repr((part.levels, part.effects.rows)) for place, part in own.items()})
    assert told[0] == told[1] == told[2]


def test_two_municipalities_are_silent_where_one_is_too_small(written):
    joint, parts = own_reports(written)
    own = protect_municipalities(joint, parts)
    silent = [place for place, part in own.items() if np.isnan(part.levels[0].control.mean)]
    assert "849" in silent
    assert len(silent) >= 2


def test_the_same_report_has_the_same_bytes_whoever_was_asked_for_before(written):
    folder = written / "rapport" / "broendby"
    before = digests(folder)
    assert json.loads((folder / "manifest.json").read_text("utf-8"))["municipality"] == "153"
    written_by(written, "--municipality", "Brøndby Kommune")
    assert digests(folder) == before
