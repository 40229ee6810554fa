import numpy as np
import pytest
from scipy import stats

from ctieval.inference.skewness import is_skewed, skewness_of_estimate


def test_agrees_with_the_skewness_of_the_difference_over_many_samples(make_allocation):
    arm = np.repeat([1, 0], [20, 180])
    rng = np.random.default_rng(7)
    values = rng.gamma(2.0, size=(20_000, 200))
    difference = values[:, arm == 1].mean(axis=1) - values[:, arm == 0].mean(axis=1)
    told = np.median([skewness_of_estimate(row, make_allocation(arm)) for row in values[:500]])
    # Two samples of the same law: simulation error of a skewness over 20,000 is about 0.02, of the median 0.005.
    assert told == pytest.approx(stats.skew(difference), abs=0.06)


def test_pooled_residuals_give_the_formula_by_hand(make_allocation):
    values, arm = np.array([0.0, 0, 0, 8, 1, 1]), [0, 0, 0, 0, 1, 1]
    residual = np.array([-2.0, -2, -2, 6, 0, 0])
    gamma = (residual**3).mean() / (residual**2).mean() ** 1.5
    expected = gamma * (1 / 2**2 - 1 / 4**2) / (1 / 2 + 1 / 4) ** 1.5
    assert skewness_of_estimate(values, make_allocation(arm)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("values", [np.exp(np.arange(12.0)), np.full(12, 3.0), np.full(12, np.nan)])
def test_equal_arms_or_no_spread_give_none(make_allocation, values):
    assert skewness_of_estimate(values, make_allocation([0, 1] * 6)) == pytest.approx(0, abs=1e-12)


def test_a_block_with_nobody_observed_and_single_persons_are_left_out(make_allocation):
    arm, block = [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1], np.repeat([0, 1, 2], 4)
    values = np.array([0.0, 0, 9, 5, 0, 1, 9, 7, *[np.nan] * 4])
    alone = skewness_of_estimate(values[:8], make_allocation(arm[:8], block[:8]))
    assert skewness_of_estimate(values, make_allocation(arm, block)) == pytest.approx(alone, abs=1e-12)
    assert alone > 0


def test_swapping_the_arms_turns_the_sign_and_shifting_changes_nothing(make_allocation):
    rng = np.random.default_rng(3)
    values, arm = np.exp(rng.normal(size=60)), np.repeat([1, 0], [12, 48])
    told = skewness_of_estimate(values, make_allocation(arm))
    assert skewness_of_estimate(values, make_allocation(1 - arm)) == pytest.approx(-told, abs=1e-12)
    assert skewness_of_estimate(100 + 3 * values, make_allocation(arm)) == pytest.approx(told, abs=1e-9)
    assert is_skewed(values, make_allocation(arm))
    assert not is_skewed(values, make_allocation(np.repeat([1, 0], [30, 30])))
