"""A broken account fails loudly or warns with its size, as a user meets it: rates, postings and follow-up (B7)."""

import json
import re
import shutil

import pytest

from ctieval.domain.posting import Party
from ctieval.economics import entries
from ctieval.evaluate.demo import write_demo

LATER = """
[[value]]
from = {first}
valid_through = 2023-12-31
amount = 6500
source = {{ title = "Made up", section = "", href = "", retrieved = 2026-01-01, simulated = true }}
"""


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sound")
    write_demo(folder, seed=11)
    return folder


@pytest.fixture
def trial(sound, tmp_path):
    return shutil.copytree(sound, tmp_path / "trial")


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(("first", "fault"), [("2022-01-01", "a gap"), ("2020-07-01", "an overlap")])
@pytest.mark.parametrize("command", [("rates", "check"), ("evaluate",)])
def test_a_rate_with_a_gap_or_an_overlap_is_refused_with_its_file_and_day(call, trial, first, fault, command):
    path = trial / "rates" / "study_grant.toml"
    path.write_text(path.read_text(encoding="utf-8") + LATER.format(first=first), encoding="utf-8")
    code, out, err = call(*command, trial)
    assert (code, out) == (20, "")
    for word in ("study_grant.toml", fault, first, "2020-12-31"):
        assert word in err


def test_a_rate_that_ends_before_the_horizon_takes_its_accounts_away_and_says_which_weeks(call, trial):
    change(trial / "rates" / "study_grant.toml", "valid_through = 2020-12-31", "valid_through = 2018-12-31")
    code, out, err = call("evaluate", trial, "--table", "economics", "--format", "json")
    assert code == 0, err
    assert "W-BENEFIT-UNPRICED: study_grant" in err
    told = {row["account"] for row in json.loads(out)}
    assert "municipality_m0" in told
    assert not told & {"state", "public", "citizen"}
    page = page_of(call, trial)
    assert re.search(r"The rate is not known for [^(]*\(\d[\d,]* person-weeks\)", page)
    assert "rates/study_grant.toml" in page


def test_a_posting_without_its_other_side_stops_the_account(call, trial, monkeypatch):
    whole = entries._income_tax
    monkeypatch.setattr(
        entries,
        "_income_tax",
        lambda base, rules: {p: x for p, x in whole(base, rules).items() if p is not Party.MUNICIPALITY},
    )
    code, out, err = call("evaluate", trial)
    assert (code, out) == (10, "")
    assert "a transfer does not balance" in err
    assert re.search(r"line tax_on_\w+, first in row \d+", err)


def test_a_follow_up_that_depends_on_the_arm_is_said_with_its_size_beside_the_headline(call, trial):
    _, out, err = call("evaluate", trial, "--table", "economics", "--format", "json")
    assert "W-FOLLOW-UP-DIFFERS" not in err
    before = {row["account"]: row for row in json.loads(out)}
    assert "municipality_m0" in before
    lose(trial, every=3)
    _, _, err = call("evaluate", trial)
    assert "W-FOLLOW-UP-DIFFERS: economics" in err
    page = page_of(call, trial)
    said = r"differs by (\d+) percentage points between the groups"
    assert [round(int(points), -1) for points in re.findall(said, page)] == [30, 30]
    headline, table = page.index('id="sec-net-results"'), page.index('id="tab-account-results"')
    assert headline < re.search(said, page).start() < table


def page_of(call, trial):
    """The report as a page; its own warnings are no matter here."""
    code, _, err = call("report", trial, "--format", "html")
    assert code == 0, err
    return (trial / "rapport" / "report.html").read_text(encoding="utf-8")


def lose(trial, *, every):
    """Let every so-manieth of the intervention move away in September 2018; the registers follow them no further."""
    record = json.loads((trial / "allocation.json").read_text(encoding="utf-8"))
    drawn = sorted(row["id"] for row in record["record"]["persons"] if row["arm"] == 1)
    gone = set(drawn[::every])
    persons = rows_of(trial, "persons.csv")
    moved, died = (persons[0].index(name) for name in ("moved_on", "died_on"))
    for row in persons[1:]:
        if row[0] in gone and not row[moved] and not row[died]:
            row[moved] = "03-09-2018"
    write_rows(trial, "persons.csv", persons)
    weeks = rows_of(trial, "dream.csv")
    from_week = weeks[0].index("y_1836")
    moved_away = {row[0] for row in persons[1:] if row[moved] == "03-09-2018"}
    for row in weeks[1:]:
        if row[0] in moved_away:
            row[from_week:] = [""] * len(row[from_week:])
    write_rows(trial, "dream.csv", weeks)


def rows_of(trial, name):
    lines = (trial / "data" / name).read_text(encoding="utf-8-sig").splitlines()
    return [line.split(";") for line in lines]


def write_rows(trial, name, rows):
    (trial / "data" / name).write_text("\n".join(";".join(row) for row in rows) + "\n", encoding="utf-8")
