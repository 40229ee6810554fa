import numpy as np
import pytest

from ctieval.domain.effect_table import Effect
from ctieval.economics.outlook.break_even import (
    break_even_share,
    break_even_weeks,
    describe_break_even,
    value_of_week,
)
from ctieval.economics.outlook.budget_years import build_budget


def effect_of(estimate):
    return Effect("gain", "ate_persons", "a - b", estimate, 1, 1, 9, 0.5, 0, 1, 0.95, 9, 4, 5, "dkk", "", "m")


def test_break_even_weeks_of_the_examples_15_and_16():
    assert break_even_weeks(15_000, 0.8 * 2700) == pytest.approx(6.944, abs=5e-4)  # printed to three decimals
    assert break_even_weeks(6000, 2159.63) == pytest.approx(2.778, abs=5e-4)  # likewise


def test_break_even_displacement_of_example_5():
    found = [break_even_share(*each) for each in ((18_000, 24_000), (11_911.68, 17_911.68), (2755, 8755))]
    assert found == pytest.approx([0.75, 0.6650, 0.3147], abs=1e-4)  # printed to four decimals


def test_a_week_that_is_worth_nothing_breaks_even_never():
    assert break_even_weeks(6000, 0) is None
    assert break_even_share(-5, 0) is None


def test_what_would_bring_an_account_to_zero():
    found = describe_break_even(effect_of(4500.0), 6000.0, week_value=2000.0)
    assert found.weeks == 3
    assert found.displacement == pytest.approx(-1 / 3)
    assert (found.cost.estimate, found.cost_factor) == (4500, 0.75)
    unknown = describe_break_even(effect_of(4500.0), -10.0, week_value=None)
    assert (unknown.weeks, unknown.cost_factor) == (None, None)


def test_a_week_has_the_price_that_the_control_shows():
    arm = np.array([0, 0, 0, 1])
    kroner, weeks = np.array([-200.0, 0, np.nan, -999]), np.array([1.0, 1, np.nan, 1])
    assert value_of_week(kroner, weeks, arm) == 100
    assert value_of_week(kroner, np.zeros(4), arm) is None


def test_whole_kroner_by_year_add_up():
    years = build_budget("municipality", (2018, 2019, 2020), tuple(map(effect_of, (333.4, 333.3, 333.3))), drawn=10)
    assert [row.per_person for row in years] == [334, 333, 333]
    assert [row.cohort for row in years] == [3334, 3333, 3333]
    assert [(row.account, row.year) for row in years] == [("municipality", year) for year in (2018, 2019, 2020)]
    assert years[0].effect.estimate == 333.4
