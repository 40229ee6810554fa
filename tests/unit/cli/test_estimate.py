import json

import pytest

from ctieval.domain.effect_table import EFFECT_COLUMNS


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "table.csv"
    lines = ["weeks;group;place"]
    lines += [f"{number % 7},5;{'AB'[number % 2]};{'NS'[number // 2 % 2]}" for number in range(40)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_json_has_exactly_the_columns_of_the_protocol(call, table):
    code, out, err = call(
        "estimate", table, "--outcome", "weeks", "--arm", "group", "--control", "A", "--format", "json"
    )
    assert code == 0, err
    (row,) = json.loads(out)
    assert tuple(row) == EFFECT_COLUMNS
    assert row["contrast"] == "B - A"
    assert row["n"] == 40


def test_csv_carries_full_precision(call, table):
    _, exact, _ = call("estimate", table, "--outcome", "weeks", "--arm", "group", "--control", "A", "--format", "json")
    code, out, _ = call("estimate", table, "--outcome", "weeks", "--arm", "group", "--control", "A", "--format", "csv")
    heading, row = out.splitlines()
    assert code == 0
    assert heading.split(",") == list(EFFECT_COLUMNS)
    assert float(row.split(",")[3]) == json.loads(exact)[0]["estimate"]


def test_the_table_for_people_says_what_was_recognised_on_standard_error(call, table):
    code, out, err = call(
        "estimate", table, "--outcome", "weeks", "--arm", "group", "--control", "A", "--block", "place"
    )
    assert code == 0
    assert "weeks" in out
    assert "semicolon" in err
    assert "blocked by place, 2 blocks" in err
    assert "not under disclosure control" in err


def test_the_control_must_be_named_unless_the_arms_are_0_and_1(call, table):
    code, out, err = call("estimate", table, "--outcome", "weeks", "--arm", "group")
    assert code == 11
    assert out == ""
    assert "name the control arm" in err


def test_a_column_that_is_not_there(call, table):
    code, out, err = call("estimate", table, "--outcome", "earnings", "--arm", "group", "--control", "A")
    assert (code, out) == (11, "")
    assert "column earnings" in err


def test_a_file_that_is_not_there(call, tmp_path):
    code, out, err = call("estimate", tmp_path / "none.csv", "--outcome", "a", "--arm", "b")
    assert (code, out) == (10, "")
    assert "none.csv" in err


def test_one_person_in_an_arm_is_not_estimable(call, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("y;z\n1,5;0\n2,5;0\n3,5;0\n4,5;1\n", encoding="utf-8")
    code, out, err = call("estimate", path, "--outcome", "y", "--arm", "z")
    assert (code, out) == (40, "")
    assert "fewer than two persons" in err


def test_persons_without_a_value_are_counted(call, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("y;z\n1,5;0\n2,5;0\n;0\n4,5;1\n3,5;1\n", encoding="utf-8")
    code, out, err = call("estimate", path, "--outcome", "y", "--arm", "z", "--format", "json")
    assert code == 0
    assert json.loads(out)[0]["n"] == 4
    assert "1 of 5 persons have no value" in err


def test_jobs_ii_gives_the_golden_value(call, reference):
    code, out, _ = call(
        "estimate", reference / "data" / "jobs2.csv", "--outcome", "work", "--arm", "treat", "--format", "json"
    )
    (row,) = json.loads(out)
    assert code == 0
    assert row["estimate"] == pytest.approx(0.0573745819397993, rel=1e-12)
    assert row["std_error"] == pytest.approx(0.0326316978679214, rel=1e-12)
    assert row["df"] == pytest.approx(621.621560792408, rel=1e-12)


def test_a_fault_of_ours_tells_its_kind_and_place_and_nothing_more(call, monkeypatch, table):
    def fail(*_, **__):
        raise ZeroDivisionError("CANARY-7391")

    monkeypatch.setattr("ctieval.cli.estimate.estimate_frame", fail)
    code, out, err = call("estimate", table, "--outcome", "weeks", "--arm", "group", "--control", "A")
    assert (code, out) == (1, "")
    assert "ZeroDivisionError" in err
    assert "CANARY" not in err
    assert "Traceback" not in err


@pytest.fixture
def trial_table(tmp_path):
    path = tmp_path / "trial.csv"
    lines = ["weeks;job;group;office;place;age;town;took"]
    for number in range(48):
        arm = number // 4 % 2
        took = arm * (number % 3 > 0)
        lines.append(
            f"{number % 7 + 2 * arm + took};{(number + arm) % 2};{arm};{number // 4};{'AB'[number // 24]}"
            f";{30 + number % 11};{'xyz'[number % 3]};{took}"
        )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(("options", "method", "estimand"), [
    ((), "difference_neyman_satterthwaite", "ate_persons"),
    (("--method", "adjusted", "--covariates", "age,town"), "adjusted_difference_lin_satterthwaite", "ate_persons"),
    (
        ("--method", "adjusted", "--covariates", "age", "--block", "place"),
        "adjusted_difference_lin_satterthwaite",
        "ate_persons",
    ),
    (("--cluster", "office"), "clustered_difference_cr2_satterthwaite", "ate_persons"),
    (("--cluster", "office", "--block", "place"), "blocked_clustered_difference_cr2_satterthwaite", "ate_persons"),
    (
        ("--cluster", "office", "--method", "adjusted", "--covariates", "age"),
        "clustered_adjusted_difference_lin_satterthwaite",
        "ate_persons",
    ),
    (
        ("--cluster", "office", "--block", "place", "--method", "adjusted", "--covariates", "age"),
        "blocked_clustered_adjusted_difference_lin_satterthwaite",
        "ate_persons",
    ),
    (("--method", "cace", "--take-up", "took"), "complier_effect_wald_satterthwaite", "cace"),
    (("--method", "cace", "--take-up", "took", "--cluster", "office"), "complier_effect_wald_satterthwaite", "cace"),
])  # fmt: skip
def test_each_method_says_what_it_did(call, trial_table, options, method, estimand):
    asked = ("estimate", trial_table, "--outcome", "weeks", "--arm", "group", *options, "--format", "json")
    code, out, err = call(*asked)
    assert code == 0, err
    row, *regions = json.loads(out)
    assert [each["method"] for each in regions] == ["complier_effect_anderson_rubin"] * (estimand == "cace")
    assert (row["method"], row["estimand"]) == (method, estimand)
    assert row["n"] == row["n_treated"] + row["n_control"] == 48
    assert ("by taking part alone" in err) == (estimand == "cace")


@pytest.mark.parametrize(("drawn", "prefix"), [
    ((), ""),
    (("--block", "place"), "blocked_"),
    (("--cluster", "office"), "clustered_"),
    (("--block", "place", "--cluster", "office"), "blocked_clustered_"),
])  # fmt: skip
def test_shares_are_standardised(call, trial_table, drawn, prefix):
    options = ("--method", "standardized", "--covariates", "age", *drawn, "--format", "json")
    code, out, err = call("estimate", trial_table, "--outcome", "job", "--arm", "group", *options)
    assert code == 0, err
    assert json.loads(out)[0]["method"] == f"{prefix}standardized_risk_difference_satterthwaite"


@pytest.mark.parametrize("options", [
    (),
    ("--block", "place"),
    ("--cluster", "office"),
    ("--method", "adjusted", "--covariates", "age"),
])  # fmt: skip
def test_several_arms_are_each_held_against_the_control_that_is_named(call, tmp_path, trial_table, options):
    text = trial_table.read_text(encoding="utf-8").splitlines()
    head, *rows = (line.split(";") for line in text)
    for number, row in enumerate(rows):
        row[2] = ("none", "talks", "money")[number // 4 % 3]
    table = tmp_path / "three.csv"
    table.write_text("\n".join(";".join(row) for row in [head, *rows]), encoding="utf-8")
    asked = ("estimate", table, "--outcome", "weeks", "--arm", "group", "--control", "none", *options)
    code, out, err = call(*asked, "--format", "json")
    assert code == 0, err
    found = json.loads(out)
    assert [row["contrast"] for row in found] == ["money - none", "talks - none"]
    assert [(row["n_treated"], row["n_control"]) for row in found] == [(16, 16)] * 2
    plain = {arm: [int(row[0]) for row in rows if row[2] == arm] for arm in ("none", "talks", "money")}
    if not options:
        means = {arm: sum(values) / len(values) for arm, values in plain.items()}
        assert found[0]["estimate"] == pytest.approx(means["money"] - means["none"], rel=1e-12)
        assert "16 drawn into money, 16 into talks, 16 into the control" in err


def test_several_arms_without_a_named_control_are_one_clear_error(call, tmp_path):
    table = tmp_path / "three.csv"
    table.write_text("weeks;group\n1;0\n2;1\n3;2\n", encoding="utf-8")
    code, out, err = call("estimate", table, "--outcome", "weeks", "--arm", "group")
    assert (code, out) == (11, "")
    assert "name the control arm (3 different values were found)" in err


@pytest.mark.parametrize(("options", "named"), [
    (("--method", "adjusted"), "covariates"),
    (("--method", "cace"), "take-up"),
    (("--method", "adjusted", "--covariates", "nothing"), "nothing"),
    (("--cluster", "nothing"), "nothing"),
    (("--cluster", "age"), "in one arm"),
    (("--method", "standardized", "--covariates", "age"), "0"),
])  # fmt: skip
def test_a_method_that_does_not_fit_is_one_clear_error(call, trial_table, options, named):
    code, out, err = call("estimate", trial_table, "--outcome", "weeks", "--arm", "group", *options)
    assert code not in (0, 1), err
    assert out == ""
    assert named in err
