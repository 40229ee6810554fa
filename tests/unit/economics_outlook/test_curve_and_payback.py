import numpy as np
import pytest

from ctieval.domain.outlook import Curve, CurveBand, Trough
from ctieval.economics.outlook.curve import describe_curve, simultaneous_factor
from ctieval.economics.outlook.payback import describe_payback, payback_months
from ctieval.inference.by_design import by_design


@pytest.mark.parametrize(
    ("curve", "month"),
    [
        ([1, 2, 3], 0),
        ([-1, 0, 0], 1),
        ([-3, 1, -1, 2], 3),
        ([-3, 1, -1, -1], 4),
        ([0, 0, -1], 3),
        ([-1, -1, 0], 2),
    ],
)
def test_a_curve_is_paid_back_when_it_stays_there(curve, month):
    assert payback_months(np.array([curve], dtype=float)).tolist() == [month]


def test_shares_and_ends_of_the_interval_are_those_of_the_resamples():
    curves = np.array([[-1.0, 1, 1, 1]] * 10 + [[-1, -1, -1, 1]] * 80 + [[-1, 1, -1, -1]] * 10)
    found = describe_payback(curves[20], curves, conf_level=0.8)
    assert found.month == 3
    assert found.shares.within == (0, 0.1, 0.1, 0.9)
    assert found.shares.never == pytest.approx(0.1)
    assert (found.shares.low, found.shares.high) == (1, 3)
    wider = describe_payback(curves[20], curves, conf_level=0.95)
    assert (wider.shares.low, wider.shares.high) == (1, None)


def test_a_curve_that_ends_below_zero_is_never_paid_back():
    found = describe_payback(np.array([-1.0, 2, -1]), np.array([[-1.0, 2, -1], [-1, -1, -1]]))
    assert found.month is None
    assert (found.shares.never, found.shares.low, found.shares.high) == (1, None, None)


def test_the_band_of_one_month_is_its_quantile():
    draws = np.random.default_rng(1).normal(size=(100_000, 1))
    factor = simultaneous_factor(draws, np.zeros(1), np.ones(1), conf_level=0.95)
    assert factor == pytest.approx(1.96, abs=0.03)  # four standard errors of a quantile of 100,000 draws


def test_the_band_of_independent_months_is_that_of_sidak():
    draws = np.random.default_rng(1).normal(size=(100_000, 12))
    factor = simultaneous_factor(draws, np.zeros(12), np.ones(12), conf_level=0.95)
    assert factor == pytest.approx(2.858, abs=0.03)  # likewise


def test_a_month_in_which_nobody_differs_has_no_part_in_the_band():
    draws = np.array([[0.0, 1.0], [0.0, -1.0]])
    assert simultaneous_factor(draws, np.zeros(2), np.array([0.0, 0.5])) == 2.0
    assert simultaneous_factor(draws, np.zeros(2), np.zeros(2)) == 0.0


def test_the_band_is_never_inside_the_intervals_of_the_months(make_allocation):
    arm = [0, 0, 1, 1]
    values = np.array([[0.0, 0, 7], [1, 2, 7], [3, 4, 9], [5, 9, 9]])
    found = by_design(values, make_allocation(arm))
    draws = np.tile(found.estimate, (9, 1))
    curve = describe_curve(found, slice(0, 3), draws)
    assert curve.band.factor == 0
    assert curve.band.low == pytest.approx(curve.conf_low)
    assert curve.band.high == pytest.approx(curve.conf_high)
    assert (curve.conf_low[2], curve.conf_high[2]) == (2, 2)
    assert curve.trough == Trough(2, 2.0)
    assert describe_curve(found, slice(0, 3), None).band is None


def test_a_curve_has_one_number_a_month():
    trough = Trough(0, 0.0)
    with pytest.raises(ValueError, match="2 months"):
        Curve((0.0, 0.0), (0.0,), (0.0, 0.0), None, trough)
    with pytest.raises(ValueError, match="2 months"):
        Curve((0.0, 0.0), (0.0, 0.0), (0.0, 0.0), CurveBand((0.0,), (0.0, 0.0), 1.0), trough)
