"""The quadrants of the plane, and an interval that may pass through infinity."""

import math

import numpy as np
import pytest

from ctieval.domain.decision import Quadrant, Willingness
from ctieval.economics.decision.public_funds import estimate_public_funds, place_funds


@pytest.mark.parametrize(
    ("net_cost", "gain", "quadrant", "ratio"),
    [
        (100, 150, Quadrant.RATIO, 1.5),
        (100, 0, Quadrant.RATIO, 0),
        (100, -50, Quadrant.HARM_AT_A_COST, -0.5),
        (0, 150, Quadrant.PAYS_FOR_ITSELF, math.inf),
        (-10, 0, Quadrant.PAYS_FOR_ITSELF, math.inf),
        (-10, -1, Quadrant.CITIZENS_LOSE, None),
        (0, -1, Quadrant.CITIZENS_LOSE, None),
    ],
)
def test_where_a_point_lies(net_cost, gain, quadrant, ratio):
    found = place_funds(net_cost, gain)
    assert (found.quadrant, found.ratio) == (quadrant, ratio)


def estimate(estimate, net_cost, gain, **more):
    draws = np.array(net_cost, dtype=float), np.array(gain, dtype=float)
    return estimate_public_funds(estimate, *draws, willingness=Willingness.AFTER_TAX_INCOME, **more)


def test_shares_of_the_quadrants():
    found = estimate((1, 1), [1, 1, -1, -1, 1], [1, -1, 1, -1, 2])
    assert dict(found.shares) == {
        Quadrant.RATIO: 0.4,
        Quadrant.PAYS_FOR_ITSELF: 0.2,
        Quadrant.CITIZENS_LOSE: 0.2,
        Quadrant.HARM_AT_A_COST: 0.2,
    }


def test_an_interval_from_a_ratio_to_paying_for_itself():
    """As the net cost falls through nil the ratio grows through infinity, and the draws stay in order."""
    found = estimate((10, 100), np.linspace(50, -30, 81), np.full(81, 100), conf_level=0.9)
    assert found.point.ratio == 10
    assert found.low.ratio == pytest.approx(100 / 46)
    assert (found.high.quadrant, found.high.ratio) == (Quadrant.PAYS_FOR_ITSELF, math.inf)


def test_an_interval_that_spans_harm_and_gain():
    found = estimate((100, 10), np.full(101, 100), np.linspace(-40, 60, 101), conf_level=0.9)
    assert (found.low.ratio, found.high.ratio) == pytest.approx((-0.35, 0.55))
    assert found.low.quadrant is Quadrant.HARM_AT_A_COST


@pytest.mark.parametrize(("distance", "warned"), [(0, True), (2.4, True), (2.5, False), (10, False)])
def test_near_nil_there_is_no_direction(distance, warned):
    """Draws with a covariance of one around the estimate; the region at 95 % reaches 2.448 from it."""
    circle = np.sqrt(2) * np.exp(1j * np.pi * (np.arange(400) + 0.5) / 200) * np.sqrt(399 / 400)
    found = estimate((0, distance), circle.real, distance + circle.imag)
    assert (found.warning is not None) is warned
    assert found.warning is None or found.warning.code == "W-FUNDS-NEAR-NIL"


def test_what_is_certain_is_not_near_nil():
    assert estimate((0.001, 0), [0.001] * 5, [0] * 5).warning is None
    assert estimate((0, 0), [0] * 5, [0] * 5).warning is not None


def test_an_interval_across_the_cut_of_the_circle():
    """Public money is saved, and the citizens gain or lose a little: the angles jump from pi to -pi between."""
    found = estimate((-100, 10), np.full(101, -100), np.linspace(60, -40, 101), conf_level=0.9)
    assert found.low.quadrant is Quadrant.PAYS_FOR_ITSELF
    assert (found.high.quadrant, found.high.ratio) == (Quadrant.CITIZENS_LOSE, None)
