"""Effects of interventions that are not described: open, rounded with the described arms, or hidden."""

import math

from ctieval.domain.description import ArmLevel, OutcomeLevel
from ctieval.domain.effect_table import Effect
from ctieval.report.disclosure.counts import HeadCount, judge
from ctieval.report.disclosure.gather import persons
from ctieval.report.disclosure.grid import lay_grid
from ctieval.report.disclosure.mask import HIDDEN, OPEN, Openness, rounded
from ctieval.report.disclosure.other_arms import mask_other_arm, openness_of_other_arm


def effect(estimate, n=80, unit="share"):
    return Effect(
        "job", "ate_persons", "money - usual", estimate, 0.06, estimate / 0.06, 170.0, 0.2, estimate - 0.12,
        estimate + 0.12, 0.95, 100 + n, n, 100, unit, "", "difference",
    )  # fmt: skip


LEVEL = OutcomeLevel("job", ArmLevel(100, 0.3, math.nan, 30), ArmLevel(90, 0.4, math.nan, 36))
SHOWN = judge([HeadCount(persons(0, 100), 100), HeadCount(persons(2, 80), 80)], 5)
LOST_TWO = judge([HeadCount(persons(0, 100), 100), HeadCount(persons(2, 80), 80, (82,))], 5)
GRID = lay_grid((LEVEL.control, LEVEL.intervention), (95, 85), "share", 5)


def test_few_events_that_the_control_and_the_effect_tell_hide_it():
    assert openness_of_other_arm(effect(0.1), LEVEL, SHOWN) is Openness.OPEN
    assert openness_of_other_arm(effect(-0.27), LEVEL, SHOWN) is Openness.HIDDEN
    assert openness_of_other_arm(effect(0.66), LEVEL, SHOWN) is Openness.HIDDEN
    assert openness_of_other_arm(effect(-0.27, unit="weeks"), LEVEL, SHOWN) is Openness.OPEN
    assert openness_of_other_arm(effect(-0.27), None, SHOWN) is Openness.OPEN


def test_what_is_open_stays_and_what_is_hidden_goes():
    row = effect(0.1)
    assert mask_other_arm(row, 2, OPEN, LEVEL, (102, 82), SHOWN) == row
    gone = mask_other_arm(row, 2, HIDDEN, LEVEL, (102, 82), SHOWN)
    assert (gone.n, math.isnan(gone.estimate), math.isnan(gone.conf_low)) == (None, True, True)
    assert math.isnan(mask_other_arm(row, 2, rounded(GRID), None, (102, 82), SHOWN).estimate)


def test_where_two_were_lost_it_is_rounded_no_finer_than_the_described_arms():
    row = mask_other_arm(effect(0.1234), 2, rounded(GRID), LEVEL, (102, 82), LOST_TWO)
    assert (row.n, row.n_treated, math.isnan(row.std_error), math.isnan(row.df)) == (None, None, True, True)
    assert abs(row.estimate / GRID.step - round(row.estimate / GRID.step)) < 1e-9
    assert row.conf_low <= 0.1234 - 0.12
    assert row.conf_high >= 0.1234 + 0.12


def test_an_arm_too_small_for_a_grid_is_hidden():
    few = judge([HeadCount(persons(0, 100), 100), HeadCount(persons(2, 18), 18, (20,))], 5)
    assert math.isnan(mask_other_arm(effect(0.1, n=18), 2, rounded(GRID), LEVEL, (102, 20), few).estimate)
