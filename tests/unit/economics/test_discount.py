"""Discounting: the worked examples of the specification."""

import numpy as np
import pytest

from ctieval.economics.discount import discount_factors, week_factors
from ctieval.rates.rate import Step

FM_2021 = (Step(0, 0.035), Step(35, 0.025), Step(70, 0.015))


@pytest.mark.parametrize(("at", "worth"), [(0.5, 11795.9341), (0, 11812.8544), (1, 11779.0380)])
def test_twelve_months_of_a_thousand(at: float, worth: float):
    months = (np.arange(12) + at) / 12
    assert 1000 * discount_factors(months, FM_2021).sum() == pytest.approx(worth, abs=5e-5)


@pytest.mark.parametrize(
    ("years", "factor"), [(12.5 / 12, 0.964800), (40, 0.2651358), (80, 0.1089161), (0, 1), (35, 1.035**-35)]
)
def test_one_krone(years: float, factor: float):
    assert discount_factors(np.array([years]), FM_2021)[0] == pytest.approx(factor, abs=5e-7)


def test_a_week_is_taken_in_its_middle():
    assert week_factors(104, FM_2021)[[0, 103]] == pytest.approx([1.035 ** -(0.5 / 52), 1.035 ** -(103.5 / 52)])


def test_at_rate_0_a_krone_is_a_krone():
    assert week_factors(200, (Step(0, 0.0),)).tolist() == [1.0] * 200


def test_each_step_holds_from_its_own_year_on():
    year_by_year = np.cumprod([1, *[1.035] * 35, *[1.025] * 35, *[1.015] * 30])
    assert discount_factors(np.arange(101.0), FM_2021) == pytest.approx(1 / year_by_year)
