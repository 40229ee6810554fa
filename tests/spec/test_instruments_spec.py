"""A trial brings a questionnaire of its own: from its file to the report, and the slips on the way."""

import json
import re

import pytest

from ctieval.outcomes.instruments import load_instruments
from ctieval.protocol.templates import write_templates

PLAN = """
[trial]
title = "Forsøg"
start = 2022-01-03
end = 2022-12-31
arms = { intervention = "Indsats", control = "Kontrol" }

[data]
folder = "data"
instruments = "instruments"
covers = { start = 2021-01-01, end = 2022-12-31 }
source = "Kommunen"

[assignment]
imported = true
design = "complete"
file = "arms.csv"
id = "person_id"
arm = "arm"
intervention = "I"
control = "K"
randomised_on = 2022-01-03

[[outcome]]
name = "strain"
label = { da = "Belastning", en = "Strain" }
instrument = "strain"
wave = "6m"
baseline_wave = "start"
role = "primary"
better_when = "lower"

[report]
languages = ["da", "en"]
"""
STRAIN = """
name = "strain"
title = { da = "Kommunens belastningsskema", en = "The municipality's strain scale" }
items = 4
range = [1, 5]
reverse = [4]
score = "mean"
minimum_answered = 3
better_when = "lower"
source = { title = "Kommunens eget skema", retrieved = 2022-01-03 }

[[band]]
name = "low"
label = { da = "Let", en = "Light" }
low = 1
high = 2.75

[[band]]
name = "high"
label = { da = "Tung", en = "Heavy" }
low = 3
high = 5
"""
PERSONS = 80


def answer(person, wave, item):
    """An answer from 1 to 5, reversed for item 4; some leave item 2 open, and some do not answer later."""
    level = 1 + (person * 7 + (wave == "6m") * (1 + person % 2)) // 3 % 4 + (person * 5 + item * 7) // 3 % 2
    if item == 2 and person % 9 == 0:
        return ""
    return str(6 - level if item == 4 else level)


def write(path, head, rows):
    text = "\n".join(";".join(row) for row in [head, *rows]) + "\n"
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def trial(tmp_path):
    data, own = tmp_path / "data", tmp_path / "instruments"
    data.mkdir()
    own.mkdir()
    (tmp_path / "trial.toml").write_text(PLAN, encoding="utf-8")
    (own / "strain.toml").write_text(STRAIN, encoding="utf-8")
    ids = [f"B{number:03d}" for number in range(PERSONS)]
    head = ["person_id", "birth_date", "sex", "municipality", "visitation"]
    write(data / "persons.csv", head, [[each, "1980-05-17", "female", "153", "activity_ready"] for each in ids])
    periods = [[each, "2021-01-01", "2022-12-31", "730", "100,50"] for each in ids]
    write(data / "periods.csv", ["person_id", "start", "end", "benefit", "amount"], periods)
    write(data / "arms.csv", ["person_id", "arm"], [[each, "IK"[number % 2]] for number, each in enumerate(ids)])
    answers = [
        [each, wave, "strain", str(item), answer(number, wave, item)]
        for number, each in enumerate(ids)
        for wave in ("start", "6m")
        if not (wave == "6m" and number % 8 < 2)
        for item in range(1, 5)
    ]
    write(data / "survey.csv", ["person_id", "wave", "instrument", "item", "answer"], answers)
    return tmp_path


def mend(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_an_own_scale_walks_to_tables_and_report(trial, call):
    code, out, err = call("evaluate", trial, "--table", "all", "--format", "json")
    assert code == 0, err
    tables = json.loads(out)
    rows = {(row["wave"], row["arm"]): row for row in tables["instruments"]}
    assert set(rows) == {(wave, arm) for wave in ("start", "6m") for arm in ("intervention", "control")}
    for (wave, _), row in rows.items():
        assert (row["n"], row["unscored"]) == ((40, 0) if wave == "start" else (30, 10))
        assert row["n_complete"] < row["n"]
        assert row["alpha_low"] < row["alpha"] < row["alpha_high"]
        bands = [each["n"] for each in tables["bands"] if (each["wave"], each["arm"]) == (wave, row["arm"])]
        assert sum(bands) == row["n"]
    assert [row["outcome"] for row in tables["effects"]] == ["strain"]
    code, _, err = call("report", trial, "--format", "html")
    assert code == 0, err
    report = (trial / "rapport" / "rapport.html").read_text(encoding="utf-8")
    for words in ("Kommunens belastningsskema", "Tung", "Disse spørgsmål er vendt om: 4", "Kommunens eget skema"):
        assert words in report
    assert not re.search(r"\bB0\d\d\b", report)
    assert "strain.toml" in json.dumps(json.loads((trial / "rapport" / "manifest.json").read_text(encoding="utf-8")))


def test_a_score_by_hand(trial, call):
    """The scores of the intervention at the start, reckoned in a plain loop."""
    _, out, _ = call("evaluate", trial, "--table", "instruments", "--format", "json")
    row = next(each for each in json.loads(out) if (each["wave"], each["arm"]) == ("start", "intervention"))
    scores = []
    for number in range(0, PERSONS, 2):
        answers = [answer(number, "start", item) for item in range(1, 5)]
        given = [6 - int(each) if item == 4 else int(each) for item, each in enumerate(answers, start=1) if each]
        assert len(given) >= 3
        scores.append(sum(given) / len(given))
    assert row["mean"] == pytest.approx(sum(scores) / len(scores), rel=1e-12)


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("instruments/strain.toml", "reverse = [4]", "reverse = [5]", ("strain.toml, reverse", "from 1 to 4")),
        ("instruments/strain.toml", "minimum_answered = 3", "minimum_answered = 6", ("at most 4",)),
        ("instruments/strain.toml", "high = 2.75", "high = 2.5", ("no band holds the score 2.75",)),
        ("instruments/strain.toml", "score =", "scoring =", ("perhaps score",)),
        ("trial.toml", 'instrument = "strain"', 'instrument = "stress"', ("cantril, gse, strain, who5",)),
        (
            "trial.toml",
            'better_when = "lower"',
            'better_when = "higher"',
            ("outcome[1].better_when", 'write better_when = "lower"'),
        ),
        ("trial.toml", 'instruments = "instruments"', 'instruments = "skemaer"', ("no such folder",)),
        ("data/survey.csv", "B000;start;strain;1;", "B000;start;strain;5;", ("item of the instrument",)),
    ],
)
def test_a_slip_is_told_with_where_to_mend_it(file, old, new, words, trial, call):
    mend(trial / file, old, new)
    code, out, err = call("check", trial)
    assert code in (10, 11, 13), err
    assert out == ""
    for part in ("where:", "found:", "expected:", "do:", *words):
        assert part in err
    assert not re.search(r"\bB0\d\d\b", err)


def test_the_example_that_init_writes_can_be_used_as_it_stands(tmp_path):
    write_templates(tmp_path)
    text = (tmp_path / "skema-eksempel.txt").read_text(encoding="utf-8")
    (tmp_path / "instruments").mkdir()
    (tmp_path / "instruments" / "belastning.toml").write_text(text, encoding="utf-8")
    assert "belastning" in [each.name for each in load_instruments(tmp_path / "instruments")]


def test_an_answer_out_of_range_is_told_without_the_answer(trial, call):
    survey = trial / "data" / "survey.csv"
    survey.write_text(re.sub(r"B001;start;strain;1;\d", "B001;start;strain;1;739", survey.read_text(encoding="utf-8")))
    code, _, err = call("check", trial)
    assert code == 11
    assert "a whole number from 1 to 5 for strain" in err
    assert "739" not in err
