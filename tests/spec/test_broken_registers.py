"""Broken registers: each fault is named and counted, and is an error or an explicit censoring; never a silent zero."""

import json
import re
import shutil

import pytest

from ctieval.cli.main import run
from ctieval.evaluate.demo import write_demo


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sound")
    write_demo(folder, seed=11)
    return folder


@pytest.fixture
def trial(sound, tmp_path):
    return shutil.copytree(sound, tmp_path / "trial")


@pytest.fixture
def check(trial, capsys):
    """Check the trial, and give the exit code and everything said."""

    def run_check(command="check", *arguments):
        with pytest.raises(SystemExit) as left:
            run([command, str(trial), *arguments])
        captured = capsys.readouterr()
        return left.value.code, captured.err, captured.out

    return run_check


def rows_of(trial, name):
    lines = (trial / "data" / name).read_text(encoding="utf-8-sig").splitlines()
    return [line.split(";") for line in lines]


def write_rows(trial, name, rows):
    (trial / "data" / name).write_text("\n".join(";".join(row) for row in rows) + "\n", encoding="utf-8")


def assert_error(result, code, *words):
    found, err, out = result
    assert found == code, err
    assert "Traceback" not in err
    assert out == ""
    for word in words:
        assert re.search(word, err), err
    assert not re.search(r"\bP\d{4,}\b", err)


def test_the_sound_trial_can_be_evaluated(check):
    code, err, _ = check()
    assert code == 0, err


def test_a_person_in_two_municipalities(trial, check):
    rows = rows_of(trial, "persons.csv")
    twin = list(rows[5])
    twin[rows[0].index("municipality")] = "999"
    write_rows(trial, "persons.csv", [*rows, twin])
    assert_error(check(), 11, "table persons", "2 rows", "two municipalities")


def test_a_week_before_birth(trial, check):
    rows = rows_of(trial, "persons.csv")
    column = rows[0].index("birth_date")
    codes = {row[0]: row[1:] for row in rows_of(trial, "dream.csv")[1:]}
    row = next(row for row in rows[1:] if codes[row[0]][0])
    row[column] = "01-06-2019"
    write_rows(trial, "persons.csv", rows)
    assert_error(check(), 11, "birth", r"1 row")


def test_an_unknown_code(trial, check):
    rows = rows_of(trial, "dream.csv")
    for row in rows[3:6]:
        row[10] = "555"
    write_rows(trial, "dream.csv", rows)
    assert_error(check(), 12, "code 555", "3 person-weeks", "2015-W11")


def test_a_missing_week(trial, check):
    rows = [[*row[:20], *row[21:]] for row in rows_of(trial, "dream.csv")]
    write_rows(trial, "dream.csv", rows)
    assert_error(check(), 11, "table dream", "y_1521")


def test_overlapping_periods(trial, check):
    persons = rows_of(trial, "persons.csv")
    rows = [["person_id", "start", "end", "benefit", "amount"]]
    rows += [[row[0], "02-01-2017", "31-01-2020", "730", ""] for row in persons[1:]]
    rows += [[persons[1][0], "01-06-2018", "30-06-2018", "890", ""]]
    (trial / "data" / "dream.csv").unlink()
    write_rows(trial, "periods.csv", rows)
    assert_error(check(), 11, "table periods", "overlap")


def test_follow_up_that_ends_early_is_censored_and_counted(trial, check):
    headings = rows_of(trial, "dream.csv")[0]
    keep = headings.index("y_1906") + 1
    write_rows(trial, "dream.csv", [row[:keep] for row in rows_of(trial, "dream.csv")])
    plan = trial / "trial.toml"
    plan.write_text(
        plan.read_text(encoding="utf-8").replace("end = 2020-03-31 }", "end = 2019-02-10 }"), encoding="utf-8"
    )
    employment = rows_of(trial, "employment.csv")
    month = employment[0].index("month")
    write_rows(trial, "employment.csv", [row for row in employment if row[month] == "month" or row[month] <= "2019-02"])
    for name, column in (("activity.csv", "date"),):
        rows = rows_of(trial, name)
        place = rows[0].index(column)
        early = [row for row in rows[1:] if row[place][6:] + row[place][3:5] <= "201902"]
        write_rows(trial, name, [rows[0], *early])
    persons = rows_of(trial, "persons.csv")
    for name in ("died_on", "moved_on"):
        for row in persons[1:]:
            day = row[persons[0].index(name)]
            if day[6:] + day[3:5] > "201901":
                row[persons[0].index(name)] = ""
    write_rows(trial, "persons.csv", persons)
    for name in ("survey", "accounts"):
        (trial / "data" / f"{name}.csv").unlink()
    code, err, out = check("evaluate", "--table", "follow_up", "--format", "json")
    assert code == 0, err
    counts = {(row["outcome"], row["arm"], row["status"]): row["n"] for row in json.loads(out)}
    assert counts["ordinary_job_24m", "control", "observed"] == 0
    assert counts["ordinary_job_24m", "control", "follow_up_ended"] > 800
    assert counts["ordinary_job_12m", "control", "observed"] > 800
    assert "W-NOT-ESTIMABLE" in err
    code, err, _ = check("report", "--format", "html")
    assert code == 0, err
    page = (trial / "rapport" / "report.html").read_text(encoding="utf-8")
    assert "too few persons are followed to its horizon" in page


def test_a_person_whose_weeks_are_in_no_row(trial, check):
    rows = rows_of(trial, "dream.csv")
    write_rows(trial, "persons.csv", rows_of(trial, "persons.csv")[:-1])
    assert rows
    assert_error(check(), 11, "persons", "1 row")


def test_a_record_with_one_arm_changed(trial, check):
    record = trial / "allocation.json"
    text = record.read_text(encoding="utf-8")
    changed = text.replace('"arm":1', '"arm":0', 1) if '"arm":1' in text else text.replace(",1,", ",0,", 1)
    assert changed != text
    record.write_text(changed, encoding="utf-8")
    code, err, out = check()
    assert code == 31, err
    assert out == ""


def test_a_second_draw(check):
    assert_error(check("assign"), 31, "drawn only once")


def test_unknown_codes_are_reported_all_at_once(trial, check):
    rows = rows_of(trial, "dream.csv")
    for row in rows[3:6]:
        row[10:12] = "555", "556"
    write_rows(trial, "dream.csv", rows)
    code, err, out = check("check", "--unknown-codes", "report", "--format", "json")
    assert code == 12
    assert json.loads(out) == [
        {"code": 555, "n_weeks": 3, "first_week": "2015-W11", "last_week": "2015-W11"},
        {"code": 556, "n_weeks": 3, "first_week": "2015-W12", "last_week": "2015-W12"},
    ]
    assert "1 more code is not known" in err
    assert not re.search(r"\bP\d{4,}\b", err + out)


def test_known_codes_are_reported_as_none(check):
    assert check("check", "--unknown-codes", "report", "--format", "json") == (
        0,
        "every register code stands in the code list\n",
        "[]\n",
    )


def test_months_of_dream_that_say_neither_work_nor_none(trial, check):
    (trial / "data" / "employment.csv").unlink()
    rows = [[*row, "000000"] for row in rows_of(trial, "dream.csv")]
    rows[0][-1] = "branche_2018_01"
    write_rows(trial, "dream.csv", rows)
    assert_error(check(), 11, "table dream, column branche_2018_01", "2067 rows", "zeros alone say neither")


def test_a_file_of_spss_that_is_none(trial, check):
    (trial / "data" / "dream.csv").rename(trial / "data" / "dream.sav")
    assert_error(check(), 10, "cannot be read as SPSS", "dream.sav", "save the table as CSV or Parquet")


def test_weekly_codes_without_persons(trial, check):
    (trial / "data" / "persons.csv").unlink()
    assert_error(check(), 10, "the table persons is missing", "dream.csv", "day of birth")
