import math
from dataclasses import replace

import numpy as np
import pytest

from ctieval.domain.arms import Arms
from ctieval.domain.outcome import BetterWhen, ColumnOutcome, Role
from ctieval.domain.outcome_table import OutcomeTable, Status
from ctieval.domain.provenance import Provenance
from ctieval.domain.units import Unit
from ctieval.domain.wording import Label, Notice
from ctieval.effects.adjusted import Characteristics, estimate_adjusted, lead_with_adjusted
from ctieval.effects.average import estimate_effects, withhold_intervals
from ctieval.inference.adjusted_difference import adjusted_difference

RNG = np.random.default_rng(7)
ARM = np.tile([0, 1], 30)
BLOCK = np.repeat(["a", "b", "c"], 20)
BEFORE = RNG.normal(size=60)
VALUES = 3 * BEFORE + ARM + RNG.normal(size=60)


def outcome(name="weeks", unit=Unit.WEEKS):
    return ColumnOutcome(
        name=name,
        label=Label(name, name),
        role=Role.PRIMARY,
        better_when=BetterWhen.HIGHER,
        column=name,
        unit=unit,
    )


def table_of(allocation, *columns):
    values = np.column_stack(columns)
    status = np.where(np.isnan(values), Status.MISSING, Status.OBSERVED).astype(np.int64)
    declared = tuple(outcome(f"y{number}") for number in range(len(columns)))
    return OutcomeTable(allocation.person_id, declared, values, status, np.full(values.shape, np.nan))


@pytest.fixture
def adjust(make_allocation):
    def adjusted(covariates, names, *columns, block=None):
        allocation = make_allocation(ARM, block)
        table = table_of(allocation, *columns)
        effects = withhold_intervals(estimate_effects(table, allocation, Provenance(())))
        characteristics = Characteristics(np.column_stack(covariates), names)
        return effects, estimate_adjusted(table, allocation, characteristics, effects)

    return adjusted


def test_both_estimates_stand_side_by_side_and_what_foretells_the_outcome_sharpens_it(adjust):
    effects, found = adjust([BEFORE], ("age",), VALUES)
    (row,) = found.rows
    alone = adjusted_difference(VALUES, ARM, BEFORE[:, None])
    assert row.unadjusted == effects.rows[0]
    assert row.adjusted.estimate == pytest.approx(alone.total.estimate, rel=1e-12)
    assert row.adjusted.std_error == pytest.approx(alone.total.std_error, rel=1e-12)
    assert row.error_ratio == pytest.approx(row.adjusted.std_error / row.unadjusted.std_error, rel=1e-12)
    assert row.error_ratio < 0.6
    assert found.warnings == ()


def test_blocks_of_the_draw_stay_in_the_variance(adjust):
    _, found = adjust([BEFORE], ("age",), VALUES, block=BLOCK)
    number = np.unique(BLOCK, return_inverse=True)[1]
    alone = adjusted_difference(VALUES, ARM, BEFORE[:, None], block=number, labels=("a", "b", "c"))
    assert found.rows[0].adjusted.std_error == pytest.approx(alone.total.std_error, rel=1e-12)


def test_nobody_is_left_out_for_a_gap_and_it_is_said(adjust):
    gappy = np.where(np.arange(60) % 9 == 0, np.nan, BEFORE)
    _, found = adjust([gappy], ("age",), VALUES)
    assert found.rows[0].adjusted.n == 60
    assert found.warnings == (Notice("W-COVARIATE-FILLED", "age"),)


def test_a_column_that_others_explain_is_named_once_for_all_outcomes(adjust):
    _, found = adjust([BEFORE, 2 * BEFORE + 1], ("age", "years"), VALUES, VALUES**2)
    assert len(found.rows) == 2
    assert found.warnings == (Notice("W-COVARIATE-LEFT-OUT", "years"),)


def test_a_characteristic_of_which_a_column_is_left_is_not_named(adjust):
    _, found = adjust([BEFORE, 2 * BEFORE + 1], ("age", "age"), VALUES)
    assert found.warnings == ()


def test_what_cannot_be_adjusted_is_named_and_the_others_come_out(adjust):
    few = np.where(np.arange(60) < 6, VALUES, np.nan)
    many = [RNG.normal(size=60) for _ in range(4)]
    _, found = adjust(many, tuple("abcd"), VALUES, few)
    assert [row.adjusted.outcome for row in found.rows] == ["y0"]
    assert Notice("W-NOT-ADJUSTED", "y1") in found.warnings


def test_an_interval_that_was_withheld_stays_withheld(adjust):
    rare = np.zeros(60)
    rare[[4, 5, 9]] = 1
    _, found = adjust([BEFORE], ("age",), rare)
    (row,) = found.rows
    assert math.isnan(row.unadjusted.conf_low)
    assert math.isnan(row.adjusted.conf_low)
    assert math.isnan(row.error_ratio)
    assert not math.isnan(row.adjusted.estimate)


def test_the_adjusted_estimate_leads_where_the_plan_says_so(adjust):
    effects, found = adjust([BEFORE], ("age",), VALUES)
    led = lead_with_adjusted(effects, found)
    assert led.rows == (found.rows[0].adjusted,)
    assert led.design == effects.design


def test_several_interventions_are_named_and_not_adjusted(make_allocation):
    two = make_allocation(ARM)
    table = table_of(two, VALUES)
    effects = estimate_effects(table, two, Provenance(()))
    three = replace(two, arms=Arms("a", "k", ("b",)), probability=np.full((60, 3), 1 / 3))
    found = estimate_adjusted(table, three, Characteristics(BEFORE[:, None], ("age",)), effects)
    assert found.rows == ()
    assert [each.code for each in found.warnings] == ["W-NOT-ADJUSTED"]


def test_no_person_stands_in_a_repr():
    assert repr(Characteristics(BEFORE[:, None], ("age",))) == "Characteristics(60 persons; age)"
