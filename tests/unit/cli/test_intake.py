"""A caseworker's way through an intake: start, admit, exclude, status, close, and the evaluation after it."""

import json

import pytest

from ctieval.evaluate.data import open_data
from ctieval.protocol.load import load_trial

INTAKE = """[assignment]
design = "permuted_blocks"
stratum = "municipality"
record = "intake.jsonl"
key = "../noegle/intake.key"
opens_on = 2018-02-05

"""


@pytest.fixture
def trial(undrawn):
    """The simulated trial as an intake."""
    path = undrawn / "trial.toml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("[assignment]"), text.index("[[baseline]]")
    path.write_text(text[:start] + INTAKE + text[end:], encoding="utf-8")
    return undrawn


@pytest.fixture
def eligible(trial):
    """Persons of the target group with their municipality, and one who is outside."""
    cohort = open_data(load_trial(trial)).cohort
    towns = cohort.characteristics["municipality"].to_numpy()
    inside = [(str(p), str(t)) for p, t, e in zip(cohort.person_id, towns, cohort.eligible, strict=True) if e]
    outside = next(str(p) for p, e in zip(cohort.person_id, cohort.eligible, strict=True) if not e)
    return inside, outside


@pytest.fixture
def started(call, trial):
    code, _, err = call("intake", "start", trial)
    assert code == 0, err
    return trial


def write_list(path, persons):
    path.write_text("person_id;municipality\n" + "".join(f"{p};{t}\n" for p, t in persons), encoding="utf-8")
    return path


def test_a_day_that_has_not_come_is_refused_since_nobody_could_be_drawn_before_it(call, started, eligible):
    person, _ = eligible[0][0]
    before = (started / "intake.jsonl").read_bytes()
    code, _, err = call("intake", "admit", started, "--person", person, "--on", "2618-02-06")
    assert code == 10
    assert "has not come yet" in err
    assert (started / "intake.jsonl").read_bytes() == before


def test_nobody_chooses_the_stratum_in_which_a_person_is_drawn(call, started, eligible):
    person, town = eligible[0][0]
    before = (started / "intake.jsonl").read_bytes()
    code, _, err = call("intake", "admit", started, "--person", person, "--level", "municipality=000")
    assert code == 10
    assert "not what the table of persons says" in err
    assert (started / "intake.jsonl").read_bytes() == before
    assert call("intake", "admit", started, "--person", person, "--level", f"municipality={town}")[0] == 0


def test_from_the_first_person_to_the_report(call, started, eligible, tmp_path):
    inside, _ = eligible
    (started / "data" / "accounts.csv").unlink()
    listed = write_list(tmp_path / "nye.csv", inside[:120])
    code, out, err = call("intake", "admit", started, "--file", listed, "--on", "2018-02-06", "--format", "json")
    assert code == 0, err
    rows = json.loads(out)
    assert [row["number"] for row in rows] == list(range(1, 121))
    assert not any(person in err for person, _ in inside[:120])

    code, out, err = call("intake", "status", started, "--receipt", rows[5]["receipt"])
    assert code == 0, err
    assert "120" in out
    assert "Indsatsgruppe" not in out + err
    assert "Indsatsgruppe" in call("intake", "status", started, "--unblind")[1]

    code, out, _ = call("check", started)
    assert code == 0
    assert "120 admitted so far" in out
    assert "Indsatsgruppe" not in out
    assert call("evaluate", started)[0] == 10
    assert "only the chain is proved" in call("verify", started / "intake.jsonl")[2]
    assert "proves every draw" in call("verify", started / "intake.jsonl", "--trial", started)[2]

    assert (
        call("intake", "exclude", started, "--person", inside[3][0], "--reason", "not_offered", "--on", "2018-03-01")[0]
        == 0
    )
    assert call("intake", "close", started, "--on", "2018-03-02")[0] == 0
    assert "proves every draw" in call("verify", started / "intake.jsonl")[2]
    code, out, err = call("evaluate", started, "--format", "json")
    assert code == 0, err
    effects = json.loads(out)
    assert {each["method"] for each in effects} == {"blocked_difference_neyman_satterthwaite"}
    assert max(each["n"] for each in effects) <= 120
    assert "W-INTERVAL-CONSERVATIVE" in err
    assert "W-EXCLUDED-LATE" in err


def test_a_person_is_told_the_same_arm_again(call, started, eligible):
    person, _ = eligible[0][0]
    first = json.loads(
        call("intake", "admit", started, "--person", person, "--on", "2018-02-06", "--format", "json")[1]
    )
    code, out, err = call("intake", "admit", started, "--person", person, "--format", "json")
    again = json.loads(out)
    assert code == 0
    assert (again[0]["arm"], again[0]["on"], again[0]["drawn"]) == (first[0]["arm"], "2018-02-06", "before")
    assert "nobody is drawn twice" in err
    assert person not in err


@pytest.mark.parametrize("level", ["town=153", "municipality", "municipality=1,municipality=2"])
def test_a_level_that_nobody_reads_is_refused(call, started, eligible, level):
    typed = [part for each in level.split(",") for part in ("--level", each)]
    code, _, err = call("intake", "admit", started, "--person", eligible[0][0][0], *typed)
    assert code == 10
    assert "municipality=..." in err


def test_who_is_outside_the_target_group_or_unknown_is_not_drawn(call, started, eligible, tmp_path):
    inside, outside = eligible
    for person in (outside, "NOBODY"):
        code, _, err = call("intake", "admit", started, "--person", person, "--on", "2018-02-06")
        assert code == 10
        assert person not in err
    listed = write_list(tmp_path / "nye.csv", [*inside[:3], (outside, "153")])
    code, _, err = call("intake", "admit", started, "--file", listed, "--on", "2018-02-06")
    assert (code, "first in row 5" in err) == (10, True)
    assert (started / "intake.jsonl").read_text(encoding="utf-8").count("\n") == 1


@pytest.mark.parametrize(
    "table",
    [
        "name;municipality\na;153\n",
        "person_id;municipality\nP1;153\nP1;153\n",
        "person_id;municipality\n010203-1234;153\n",
    ],
)
def test_a_list_that_cannot_be_right_is_refused_whole(call, started, tmp_path, table):
    path = tmp_path / "nye.csv"
    path.write_text(table, encoding="utf-8")
    code, _, err = call("intake", "admit", started, "--file", path)
    assert code == 11
    assert "010203" not in err


def test_neither_or_both_of_person_and_file_are_refused(call, started):
    assert call("intake", "admit", started)[0] == 2
    assert call("intake", "admit", started, "--person", "x", "--file", "y")[0] == 2


def test_a_line_that_breaks_off_is_mended(call, started, eligible):
    person, _ = eligible[0][0]
    record = started / "intake.jsonl"
    record.write_bytes(record.read_bytes() + b'{"arm":1')
    code, _, err = call("intake", "admit", started, "--person", person, "--on", "2018-02-06")
    assert (code, "intake mend" in err) == (31, True)
    assert call("intake", "mend", started, "--on", "2018-02-06")[0] == 0
    assert call("intake", "admit", started, "--person", person, "--on", "2018-02-06")[0] == 0


def test_a_record_that_was_altered_is_told_by_its_line(call, started, eligible):
    call("intake", "admit", started, "--person", eligible[0][0][0], "--on", "2018-02-06")
    record = started / "intake.jsonl"
    record.write_bytes(record.read_bytes().replace(b"2018-02-06", b"2018-02-07"))
    code, _, err = call("verify", record, "--trial", started)
    assert (code, "key" in err) == (31, True)
    record.write_bytes(record.read_bytes().replace(b'"number":1', b'"number":2'))
    code, _, err = call("verify", record)
    assert (code, "line 2" in err) == (31, True)


def test_a_wrong_receipt_is_told(call, started):
    for receipt in ("1-0000000000000000", "99-ab", "nonsense"):
        assert call("intake", "status", started, "--receipt", receipt)[0] == 31


def test_an_intake_is_not_assigned_and_a_draw_is_no_intake(call, started, drawn):
    assert "intake admit" in call("assign", started)[2]
    code, _, err = call("intake", "status", drawn)
    assert (code, "ctieval assign" in err) == (13, True)


def test_before_it_is_started_the_trial_says_so(call, trial):
    assert "has not been started" in call("check", trial)[1]
    assert call("intake", "status", trial)[0] == 10
