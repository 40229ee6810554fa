import csv
import io
import json

import pytest


def test_every_characteristic_has_a_row(call, drawn):
    code, out, err = call("balance", drawn, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert {row["name"] for row in rows} >= {"age_years", "sex", "municipality"}
    assert set(rows[0]) >= {"difference", "std_error", "p_value", "std_difference", "advice", "usual", "chance_far"}
    assert all(0 < float(row["p_value"]) <= 1 for row in rows)
    assert "together p = " in err
    assert "not under disclosure control" in err


def test_the_test_of_all_is_one_row(call, drawn):
    code, out, _ = call("balance", drawn, "--part", "together", "--format", "json")
    (row,) = json.loads(out)
    assert code == 0
    assert row["p_low"] < row["p_value"] < row["p_high"]
    assert row["law"] == "sampled"
    assert row["expected_adjust"] > 0


def test_numbers_are_those_that_the_plan_fixes(call, drawn):
    _, out, _ = call("balance", drawn, "--part", "numbers", "--format", "json")
    rows = json.loads(out)
    assert len(rows) == 10
    assert {row["basis"] for row in rows} == {"fixed"}
    assert all(row["drawn"] == row["expected"] for row in rows)


@pytest.mark.parametrize("table", ["balance", "draw"])
def test_the_tables_of_an_evaluation_hold_the_same(call, drawn, table):
    part = {"balance": "characteristics", "draw": "together"}[table]
    _, evaluated, _ = call("evaluate", drawn, "--table", table, "--format", "json")
    _, checked, _ = call("balance", drawn, "--part", part, "--format", "json")
    assert json.loads(evaluated) == json.loads(checked)
