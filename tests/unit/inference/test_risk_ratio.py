import math

import numpy as np
import pytest

from ctieval.errors import EstimationError
from ctieval.inference.risk_ratio import log_risk_ratio


def test_one_stratum_is_the_ratio_of_two_shares_with_the_variance_of_its_logarithm():
    found = log_risk_ratio(np.array([[12.0, 30.0]]), np.array([[80.0, 70.0]]))
    assert math.exp(found.estimate) == pytest.approx((30 / 70) / (12 / 80), rel=1e-12)
    assert found.variance == pytest.approx(1 / 30 - 1 / 70 + 1 / 12 - 1 / 80, rel=1e-12)


def test_a_published_example_over_strata():
    """Rothman, Greenland and Lash (2008), table 15-1: deaths among tolbutamide and placebo by age; RR 1.33."""
    events, n = np.array([[5.0, 8.0], [16.0, 22.0]]), np.array([[120.0, 106.0], [85.0, 98.0]])
    found = log_risk_ratio(events, n)
    assert math.exp(found.estimate) == pytest.approx(1.33, abs=0.005)  # printed with two decimals
    half = 1.96 * found.std_error
    ends = (math.exp(found.estimate - half), math.exp(found.estimate + half))
    assert ends == pytest.approx((0.797, 2.21), abs=0.01)  # the book prints 0.80 and 2.2


def test_strata_alike_have_the_ratio_of_one_of_them():
    one = log_risk_ratio(np.array([[3.0, 9.0]]), np.array([[30.0, 40.0]]))
    three = log_risk_ratio(np.array([[3.0, 9.0]] * 3), np.array([[30.0, 40.0]] * 3))
    assert three.estimate == pytest.approx(one.estimate, rel=1e-12)
    assert three.variance == pytest.approx(one.variance / 3, rel=1e-12)


def test_swapping_the_arms_turns_the_sign():
    events, n = np.array([[3.0, 9.0], [4.0, 2.0]]), np.array([[30.0, 40.0], [20.0, 25.0]])
    forth, back = log_risk_ratio(events, n), log_risk_ratio(events[:, ::-1], n[:, ::-1])
    assert (forth.estimate, forth.variance) == pytest.approx((-back.estimate, back.variance), rel=1e-12)


@pytest.mark.parametrize(("events", "expected"), [([0.0, 4.0], math.inf), ([4.0, 0.0], -math.inf)])
def test_an_arm_without_events_has_no_finite_ratio(events, expected):
    found = log_risk_ratio(np.array([events]), np.array([[20.0, 20.0]]))
    assert (found.estimate, found.variance) == (expected, math.inf)


def test_no_events_at_all_tell_nothing():
    assert math.isnan(log_risk_ratio(np.zeros((1, 2)), np.array([[20.0, 20.0]])).estimate)


def test_strata_with_one_arm_alone_are_refused():
    with pytest.raises(EstimationError, match="over strata"):
        log_risk_ratio(np.array([[0.0, 3.0]]), np.array([[0.0, 10.0]]))
