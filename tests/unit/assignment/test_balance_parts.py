"""The parts of the check of a draw: tails, numbers drawn, advice."""

import math
import tomllib
from datetime import date
from importlib import resources
from itertools import product

import numpy as np
import pytest
from scipy.stats import beta, binomtest, norm

from ctieval.assignment.balance.advice import chance_beyond, load_thresholds
from ctieval.assignment.balance.means import build_panel, compare_arms
from ctieval.assignment.balance.omnibus import build_metric, fixed_covariance
from ctieval.assignment.balance.sample_ratio import check_sample_ratio, holm, multinomial_p
from ctieval.assignment.balance.tail import clopper_pearson, share_within, tail_probability
from ctieval.domain.balance_table import Advice, RatioBasis


def test_the_thresholds_carry_their_source():
    thresholds = load_thresholds()
    assert (thresholds.adjust, thresholds.far) == (0.05, 0.25)
    assert thresholds.source.href.startswith("https://ies.ed.gov/")
    assert thresholds.source.retrieved > date(2026, 1, 1)
    form = tomllib.loads((resources.files("ctieval.assignment.balance") / "wwc.toml").read_text(encoding="utf-8"))
    assert set(form) == {"adjust", "far", "source"}


@pytest.mark.parametrize(
    ("difference", "advice"),
    [
        (0.0, Advice.SATISFIED),
        (-0.05, Advice.SATISFIED),
        (0.0501, Advice.ADJUST),
        (0.25, Advice.ADJUST),
        (-0.2501, Advice.FAR),
        (math.nan, None),
    ],
)
def test_advice_is_of_the_size_alone(difference, advice):
    assert load_thresholds().advise(difference) is advice


def test_one_characteristic_in_sixteen_is_beyond_a_quarter_by_chance():
    chance = chance_beyond(0.25, 110, 110)
    assert chance == pytest.approx(2 * (1 - norm.cdf(0.25 * math.sqrt(55))), rel=1e-12)
    assert 15 < 1 / chance < 16


def test_the_chance_of_a_quarter_is_that_of_a_thousand_draws():
    rng = np.random.default_rng(11)
    panel = build_panel(rng.normal(size=(220, 20)), np.zeros(20, dtype=bool), np.zeros(220, dtype=int), 2)
    arms = rng.permuted(np.tile(np.repeat([0, 1], 110), (2000, 1)), axis=1)
    share = (np.abs(compare_arms(panel, arms).std) > 0.25).mean()
    assert share == pytest.approx(chance_beyond(0.25, 110, 110), abs=4 * math.sqrt(0.064 * 0.936 / 40_000))


@pytest.mark.parametrize(("successes", "trials"), [(0, 20), (3, 20), (20, 20), (250, 4999)])
def test_the_interval_of_a_p_value_is_clopper_and_pearsons(successes, trials):
    interval = binomtest(successes, trials).proportion_ci(0.95, method="exact")
    assert clopper_pearson(successes, trials) == pytest.approx((interval.low, interval.high), abs=1e-12)
    if successes:
        assert clopper_pearson(successes, trials)[0] == pytest.approx(
            beta.ppf(0.025, successes, trials - successes + 1), rel=1e-9
        )


def test_ties_are_counted_despite_their_last_digits():
    drawn = np.array([0.1 + 0.2, 0.3, 0.3 - 1e-16, 0.1])
    assert tail_probability(np.array([0.3, 0.1 + 0.2]), drawn, np.full(4, 0.25)).tolist() == [0.75, 0.75]
    assert tail_probability(np.array([0.3001]), drawn, np.full(4, 0.25)).tolist() == [0.0]


def test_what_most_draws_stay_within_is_a_value_that_was_drawn():
    sizes, weight = np.arange(20.0), np.full(20, 0.05)
    assert share_within(sizes, weight, 0.95) == 18.0
    assert share_within(sizes, weight, 1.0) == 19.0


@pytest.mark.parametrize(("drawn", "share"), [(15, 0.5), (5, 0.5), (1, 0.3), (20, 0.9), (0, 0.01)])
def test_two_arms_are_tested_by_the_binomial(drawn, share):
    found = multinomial_p(np.array([20 - drawn, drawn]), np.array([1 - share, share]))
    assert found == pytest.approx(binomtest(drawn, 20, share).pvalue, rel=1e-9)


def test_three_arms_are_tested_by_all_the_numbers_they_can_have():
    share = np.array([0.5, 0.3, 0.2])
    likely = {
        (a, b, 9 - a - b): math.factorial(9)
        / (math.factorial(a) * math.factorial(b) * math.factorial(9 - a - b))
        * 0.5**a
        * 0.3**b
        * 0.2 ** (9 - a - b)
        for a, b in product(range(10), repeat=2)
        if a + b <= 9
    }
    assert sum(likely.values()) == pytest.approx(1, rel=1e-12)
    expected = sum(each for each in likely.values() if each <= likely[2, 3, 4] * (1 + 1e-9))
    assert multinomial_p(np.array([2, 3, 4]), share) == pytest.approx(expected, rel=1e-9)


def test_many_arms_of_many_persons_are_drawn_instead():
    share = np.full(5, 0.2)
    assert multinomial_p(np.array([40, 40, 40, 40, 40]), share) == pytest.approx(1.0, abs=1e-9)
    assert multinomial_p(np.array([80, 30, 30, 30, 30]), share) == pytest.approx(1e-5, abs=1e-12)


def test_holm_is_that_of_his_steps():
    assert holm(np.array([0.02, 0.001, 0.9, 0.03])).tolist() == pytest.approx([0.06, 0.004, 0.9, 0.06])
    assert holm(np.array([0.6, 0.7])).tolist() == [1.0, 1.0]


def test_persons_lost_from_one_arm_of_one_block_show():
    half = np.full((3, 2), 0.5)
    found = check_sample_ratio(np.array([[60, 60], [85, 55], [30, 31]]), half, ("a", "b", "c"), RatioBasis.CHANCE)
    assert [block.p_holm < 0.05 for block in found.blocks] == [False, True, False]
    assert found.blocks[1].p_value == pytest.approx(binomtest(55, 140).pvalue, rel=1e-9)
    assert found.blocks[1].expected == (70.0, 70.0)


def test_numbers_that_the_design_fixes_are_not_tested():
    found = check_sample_ratio(np.array([[3, 2]]), np.array([[0.6, 0.4]]), ("",), RatioBasis.FIXED)
    assert math.isnan(found.blocks[0].p_value)
    assert found.blocks[0].expected == (3.0, 2.0)


def test_no_direction_is_measured_where_nothing_varies():
    metric = build_metric(np.zeros((2, 2)), np.zeros(2))
    assert metric.rank == 0
    assert metric.distance(np.ones((3, 2))).tolist() == [0.0] * 3


def test_the_covariance_of_blocks_is_that_of_each_with_its_weight():
    rng = np.random.default_rng(2)
    values, arm = rng.normal(size=(10, 2)), np.array([0, 1, 0, 1, 0, 0, 0, 1, 1, 0])
    block, weight = np.repeat([0, 1], [4, 6]), np.array([0.4, 0.6])
    expected = sum(
        weight[b] ** 2 * np.cov(values[block == b].T) * (block == b).sum() / np.prod(np.bincount(arm[block == b]))
        for b in (0, 1)
    )
    np.testing.assert_allclose(fixed_covariance(values, arm, block, weight), expected, rtol=1e-12)


def test_a_draw_that_leaves_an_arm_empty_has_no_difference():
    panel = build_panel(np.array([[1.0], [2.0], [4.0]]), np.array([False]), np.zeros(3, dtype=int), 2)
    found = compare_arms(panel, np.array([[0, 0, 0], [1, 1, 1], [0, 1, 1]]))
    assert found.mean[:2].ravel().tolist() == [0.0, 0.0]
    assert found.mean[2].item() != 0
    assert np.isnan(found.std).ravel().tolist() == [True, True, True]
