import csv
import io
import json
import stat
from pathlib import Path

import pytest

from ctieval.domain.effect_table import EFFECT_COLUMNS


def rows_of(out):
    return list(csv.DictReader(io.StringIO(out)))


def test_check_says_what_was_recognised_and_what_stands(call, drawn):
    code, out, err = call("check", drawn, "--format", "json")
    rows = json.loads(out)
    assert code == 0, err
    assert {row["what"] for row in rows} >= {"plan", "data", "eligible", "arms"}
    assert "can be evaluated as it stands" in err


def test_check_of_a_trial_that_is_not_drawn_yet(call, undrawn):
    code, out, err = call("check", undrawn)
    assert code == 0
    assert "not drawn yet" in out
    assert "ready to draw" in err


def test_the_screening_adds_up(call, drawn):
    code, out, _ = call("screen", drawn, "--format", "csv")
    rows = rows_of(out)
    assert code == 0
    kept_out = sum(int(row["first"]) for row in rows[1:-1])
    assert (rows[0]["reason"], rows[-1]["reason"]) == ("screened", "eligible")
    assert int(rows[0]["first"]) == kept_out + int(rows[-1]["first"])


def test_a_draw_is_made_once_and_its_record_holds(call, undrawn):
    code, out, err = call("assign", undrawn, "--format", "csv")
    assert code == 0, err
    assert {row["block"]: row["intervention"] for row in rows_of(out)}["153"] == "120"
    code, out, _ = call("verify", undrawn / "allocation.json", "--format", "json")
    assert code == 0
    assert {row["holds"] for row in json.loads(out)} == {"yes"}
    before = (undrawn / "allocation.json").read_bytes()
    code, out, err = call("assign", undrawn)
    assert (code, out) == (31, "")
    assert "drawn only once" in err
    assert (undrawn / "allocation.json").read_bytes() == before


def test_a_changed_record_does_not_hold(call, undrawn):
    call("assign", undrawn)
    record = undrawn / "allocation.json"
    record.write_bytes(record.read_bytes().replace(b"20180201", b"20180202"))
    code, out, err = call("verify", record, "--format", "json")
    assert code == 31
    assert "no" in {row["holds"] for row in json.loads(out)}
    assert "does not prove" in err


def test_the_record_can_be_held_against_its_trial(call, drawn):
    code, out, err = call("verify", drawn / "allocation.json", "--trial", drawn, "--format", "json")
    assert code == 0, err
    assert {row["check"] for row in json.loads(out)} >= {"cohort", "plan", "arms"}


def test_a_record_of_other_persons_does_not_hold_against_the_trial(call, undrawn):
    call("assign", undrawn)
    plan = undrawn / "trial.toml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace("min_age_years = 30", "min_age_years = 40"), encoding="utf-8")
    code, out, _ = call("verify", undrawn / "allocation.json", "--trial", undrawn, "--format", "json")
    assert code == 31
    assert {row["check"]: row["holds"] for row in json.loads(out)}["cohort"] == "no"


def test_a_plan_that_was_changed_after_the_draw_is_named(call, undrawn):
    call("assign", undrawn)
    code, _, err = call("evaluate", undrawn)
    assert code == 0
    assert "W-PLAN-CHANGED" not in err
    plan = undrawn / "trial.toml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace("horizon_weeks = 104", "horizon_weeks = 52"), encoding="utf-8")
    code, _, err = call("evaluate", undrawn)
    assert code == 0
    assert "W-PLAN-CHANGED" in err


def test_the_effects_carry_the_protocol(call, drawn):
    code, out, err = call("evaluate", drawn, "--format", "json")
    assert code == 0
    assert {tuple(row) for row in json.loads(out)} == {EFFECT_COLUMNS}
    assert "not under disclosure control" in err


def test_an_outcome_of_one_arm_is_in_no_effect(call, drawn):
    _, out, _ = call("evaluate", drawn, "--table", "all", "--format", "json")
    tables = json.loads(out)
    assert "who5_12m" not in {row["outcome"] for row in tables["effects"]}
    assert [row["outcome"] for row in tables["experienced"]] == ["who5_12m"]


@pytest.mark.parametrize("table", ["levels", "baseline", "follow_up", "economics", "experienced"])
def test_every_table_can_be_had_alone(call, drawn, table):
    code, out, _ = call("evaluate", drawn, "--table", table, "--format", "csv")
    assert code == 0
    assert len(rows_of(out)) >= 1


def test_observed_and_lost_add_up_to_the_arm(call, drawn):
    _, out, _ = call("evaluate", drawn, "--table", "follow_up", "--format", "json")
    sums = {}
    for row in json.loads(out):
        sums[row["outcome"], row["arm"]] = sums.get((row["outcome"], row["arm"]), 0) + row["n"]
    assert {n for (_, arm), n in sums.items() if arm == "intervention"} == {480}
    assert {n for (_, arm), n in sums.items() if arm == "control"} == {898}


def test_a_table_that_is_not_there_is_a_usage_error(call, drawn):
    code, _, err = call("evaluate", drawn, "--table", "nothing")
    assert code == 2
    assert "one of" in err


def test_a_trial_that_is_not_drawn_cannot_be_evaluated(call, undrawn):
    code, out, err = call("evaluate", undrawn)
    assert (code, out) == (10, "")
    assert "ctieval assign" in err


def test_the_report_is_written_whole_and_readable_by_others(call, drawn, tmp_path):
    code, out, err = call("report", drawn, "--format", "html", "--out", tmp_path / "out")
    assert code == 0, err
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "manifest.json",
        "rapport.html",
        "report.html",
    ]
    assert len(out.splitlines()) == 3
    assert (tmp_path / "out" / "rapport.html").stat().st_mode & stat.S_IRGRP


def test_the_manifest_lists_inputs_outputs_and_suppression(call, drawn, tmp_path):
    call("report", drawn, "--format", "html", "--out", tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["outputs"]) == {"rapport.html", "report.html"}
    assert {name for name, _ in manifest["provenance"]["inputs"]} >= {"persons.csv", "dream.csv"}
    assert manifest["suppression"]["smallest_cell"] == 5


def test_init_writes_a_trial_that_can_be_filled_in(call, tmp_path):
    code, out, _ = call("init", tmp_path / "new")
    assert code == 0
    assert any(line.endswith("trial.toml") for line in out.splitlines())
    code, _, err = call("init", tmp_path / "new")
    assert code == 10
    assert "nothing was written" in err


def test_the_demo_can_be_run_twice_and_gives_the_same_report(call, tmp_path):
    code, out, err = call("demo", tmp_path / "demo")
    assert code == 0, err
    first = {line: Path(line).read_bytes() for line in out.splitlines()}
    code, out, err = call("demo", tmp_path / "demo")
    assert code == 0, err
    assert "the record proves them" in err
    assert {line: Path(line).read_bytes() for line in out.splitlines()} == first
