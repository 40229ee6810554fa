import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ctieval.assignment.balance.columns import read_columns
from ctieval.cli.estimate_rows import estimate_tables
from ctieval.domain.compliance_table import Sidedness, TakeUpStep
from ctieval.domain.effect_table import EFFECT_COLUMNS
from ctieval.domain.trial import BaselineVariable
from ctieval.domain.units import Unit
from ctieval.domain.wording import Label, Notice
from ctieval.evaluate.analysis import to_covariates
from ctieval.evaluate.data import load_allocation, open_data
from ctieval.evaluate.story import evaluate
from ctieval.protocol.load import load_trial
from ctieval.report.build import build_report
from ctieval.report.protect import protect

PLAN = """
[trial]
title = "A trial"
arms = { intervention = "New", control = "Usual" }
[data]
table = "trial.csv"
id = "id"
arm = "arm"
intervention = "1"
control = "0"
source = "A file"
[assignment]
imported = true
design = "complete"
[[baseline]]
name = "age"
label = "Age"
unit = "years"
[[baseline]]
name = "town"
label = "Town"
[[outcome]]
name = "work"
label = "Work"
column = "work"
unit = "share"
role = "primary"
[effects]
"""
RNG = np.random.default_rng(5)


@pytest.fixture
def run(tmp_path):
    def evaluated(effects, took=None):
        n, arm = 400, np.arange(400) % 2
        age = RNG.integers(20, 60, n)
        frame = pd.DataFrame({
            "id": range(n),
            "arm": arm,
            "age": age,
            "town": np.array(["x", "y", "z"])[RNG.integers(0, 3, n)],
            "work": (age + 10 * arm + RNG.normal(0, 5, n) > 42).astype(int),
            "took": (arm == 1) & (RNG.random(n) < 0.6) if took is None else took(arm),
        })  # fmt: skip
        frame["took"] = frame["took"].astype(int)
        frame.to_csv(tmp_path / "trial.csv", index=False)
        (tmp_path / "trial.toml").write_text(PLAN + effects, encoding="utf-8")
        trial = load_trial(tmp_path)
        data = open_data(trial)
        return evaluate(trial, load_allocation(trial, data), data)

    return evaluated


def test_the_plan_decides_which_estimate_leads(run):
    beside = run('adjust_for = ["age", "town"]\n')
    led = run('adjust_for = ["age", "town"]\nheadline = "adjusted"\n')
    assert beside.effects.rows[0] == beside.adjusted[0].unadjusted
    assert led.effects.rows[0] == led.adjusted[0].adjusted
    assert beside.adjusted[0].error_ratio < 0.95


def test_nothing_to_adjust_for_and_nobody_to_comply(run):
    found = run("")
    assert (found.adjusted, found.compliance) == ((), None)
    assert [row.outcome for row in found.risks] == ["work"]
    assert [card.estimands for card in found.estimands] == [("ate_persons",)]


def test_a_column_of_take_up_gives_the_effect_on_compliers(run):
    found = run('take_up = { column = "took" }\n')
    (row,) = found.compliance.rows
    assert found.compliance.sidedness is Sidedness.ONE_SIDED
    assert [step.step for step in found.compliance.steps] == [TakeUpStep.TOOK_PART]
    assert row.effect.estimate == pytest.approx(found.effects.rows[0].estimate / found.compliance.compliers, rel=1e-9)
    assert found.estimands[0].estimands == ("ate_persons", "cace")


def test_a_draw_that_moved_nobody_is_named(run):
    found = run('take_up = { column = "took" }\n', took=lambda arm: np.zeros(len(arm), dtype=bool))
    assert found.compliance.rows == ()
    assert Notice("W-NO-COMPLIERS", "work") in found.warnings


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_whole_report_comes_out(run, lang):
    found = protect(run('adjust_for = ["age"]\ntake_up = { column = "took" }\n'))
    ids = {section.id for chapter in build_report(found, lang).sections for section in chapter.sections}
    assert {"compliance", "adjusted", "risks", "estimands"} <= ids


def variable(name, unit=None):
    return BaselineVariable(name, Label(name, name), name, unit)


def test_categories_become_all_but_the_first_and_gaps_stay_gaps():
    frame = pd.DataFrame({"age": [30.0, math.nan, 41.0], "town": ["x", None, "y"]})
    columns = read_columns(frame, (variable("age", Unit.YEARS), variable("town")))
    found = to_covariates(columns)
    assert found.names == ("age", "town", "town")
    assert found.columns[:, 1:].tolist() == [[0, 0], [0, 1], [1, 0]]
    assert np.isnan(found.columns[1, 0])


def test_a_characteristic_of_one_category_leaves_nothing():
    found = to_covariates(read_columns(pd.DataFrame({"town": ["x", "x"]}), (variable("town"),)))
    assert found.columns.shape == (2, 0)


def test_every_estimate_can_be_had_as_rows(run):
    tables = estimate_tables(run('adjust_for = ["age"]\ntake_up = { column = "took" }\n'))
    assert {name: len(rows) for name, rows in tables.items()} == {
        "adjusted": 2,
        "risks": 1,
        "take_up": 1,
        "compliers": 2,
        "estimands": 3,
    }
    assert tuple(tables["adjusted"][0]) == tuple(tables["compliers"][1]) == EFFECT_COLUMNS
    assert tables["risks"][0]["ratio_low"] < tables["risks"][0]["ratio"] < tables["risks"][0]["ratio_high"]
    assert tables["take_up"][0]["control"] == 0


def test_a_column_that_is_empty_for_the_control_gives_no_count_of_it(run):
    found = run('take_up = { column = "took" }\n')
    unknown = replace(found, compliance=replace(found.compliance, in_control_known=False))
    assert estimate_tables(unknown)["take_up"][0]["control"] is None
    nothing = replace(found, compliance=None)
    assert estimate_tables(nothing)["take_up"] == estimate_tables(nothing)["compliers"] == []
