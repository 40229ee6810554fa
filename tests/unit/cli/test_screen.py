"""``ctieval screen``: other thresholds, and other days than the planned one."""

import csv
import hashlib
import io
import json


def rows_of(out):
    return list(csv.DictReader(io.StringIO(out)))


def numbers(row, *names):
    return tuple(int(row[name]) for name in names)


def digests(folder):
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def test_the_planned_thresholds_are_the_screening_itself(call, drawn):
    _, out, _ = call("screen", drawn, "--format", "csv")
    eligible = int(rows_of(out)[-1]["first"])
    code, out, err = call("screen", drawn, "--sensitivity", "--format", "csv")
    assert code == 0, err
    rows = rows_of(out)
    assert {numbers(row, "eligible", "gained", "lost") for row in rows if row["planned"] == "yes"} == {(eligible, 0, 0)}
    assert {row["drawn_eligible"] for row in rows if row["planned"] == "yes"} == {str(eligible)}
    assert "not under disclosure control" in err


def test_every_alternative_adds_up_to_the_plan(call, drawn):
    _, out, _ = call("screen", drawn, "--sensitivity", "--format", "json")
    rows = json.loads(out)
    planned = next(row["eligible"] for row in rows if row["planned"] == "yes")
    assert [row["eligible"] for row in rows] == [planned + row["gained"] - row["lost"] for row in rows]
    assert [row["years"] for row in rows if row["varied"] == "age"] == [28, 29, 30, 31, 32]
    assert [row["weeks"] for row in rows if row["varied"] == "weeks"] == [26, 39, 52, 78, 104]
    assert {row["gap_rule"] for row in rows if row["varied"] == "gap_rule"} == {"28_days", "calendar_month", "strict"}
    assert sum(row["varied"] == "age_and_weeks" for row in rows) == 25


def test_the_table_for_people_names_what_is_changed(call, drawn):
    _, out, _ = call("screen", drawn, "--sensitivity")
    assert "30 år (planen)" in out
    assert "drawn_eligible" in out


def test_before_the_draw_nobody_is_drawn_and_nothing_is_written(call, undrawn):
    before = digests(undrawn)
    code, out, err = call("screen", undrawn, "--sensitivity", "--format", "json")
    assert code == 0, err
    assert {row["drawn_eligible"] for row in json.loads(out)} == {None}
    _, out, _ = call("screen", undrawn, "--sensitivity")
    assert "drawn_eligible" not in out
    assert digests(undrawn) == before


def test_another_day_is_another_screening(call, drawn):
    _, planned, _ = call("screen", drawn, "--format", "csv")
    code, same, _ = call("screen", drawn, "--as-of", "2018-01-15", "--format", "csv")
    assert (code, same) == (0, planned)
    code, later, _ = call("screen", drawn, "--as-of", "2018-06-15", "--format", "csv")
    assert code == 0
    assert later != planned


def test_a_day_on_which_the_history_is_too_short_leaves_people_not_assessable(call, drawn):
    """The extract begins in 2015, so that 104 weeks cannot be told in 2016, though 26 can."""
    _, out, _ = call("screen", drawn, "--as-of", "2016-06-15", "--sensitivity", "--format", "csv")
    by_weeks = {int(row["weeks"]): row for row in rows_of(out) if row["varied"] == "weeks"}
    assert int(by_weeks[26]["eligible"]) > 0
    assert int(by_weeks[104]["eligible"]) == 0
    assert int(by_weeks[104]["not_assessable"]) > int(by_weeks[52]["not_assessable"])


def test_several_days_give_a_row_each(call, drawn):
    code, out, err = call("screen", drawn, "--as-of", "2018-03-15", "--as-of", "2018-01-15", "--format", "csv")
    assert code == 0, err
    rows = rows_of(out)
    assert [row["as_of"] for row in rows] == ["2018-01-15", "2018-03-15"]
    assert rows[0]["eligible"] == rows[0]["entering"]
    assert int(rows[1]["entering"]) < int(rows[1]["eligible"])


def test_other_thresholds_are_tried_on_one_day(call, drawn):
    code, out, err = call("screen", drawn, "--sensitivity", "--as-of", "2018-03-15", "--as-of", "2018-01-15")
    assert (code, out) == (2, "")
    assert "one day at a time" in err


def test_a_day_is_written_with_year_month_and_day(call, drawn):
    code, out, err = call("screen", drawn, "--as-of", "15-01-2018")
    assert (code, out) == (2, "")
    assert "--as-of" in err


def test_a_plan_without_thresholds_has_no_row_and_says_so(call, undrawn):
    plan = undrawn / "trial.toml"
    kept = [
        line
        for line in plan.read_text(encoding="utf-8").splitlines()
        if not line.startswith(("min_age_years", "min_unemployed"))
    ]
    plan.write_text("\n".join(kept), encoding="utf-8")
    code, out, err = call("screen", undrawn, "--sensitivity", "--format", "csv")
    assert (code, out.strip()) == (0, "")
    assert "no threshold to change" in err


def test_without_a_least_age_no_age_is_invented(call, undrawn):
    plan = undrawn / "trial.toml"
    text = plan.read_text(encoding="utf-8").replace("min_age_years = 30\n", "")
    plan.write_text(text, encoding="utf-8")
    _, out, _ = call("screen", undrawn, "--sensitivity", "--format", "csv")
    assert {row["varied"] for row in rows_of(out)} == {"weeks", "gap_rule", "benefits"}
    assert {row["years"] for row in rows_of(out)} == {""}
