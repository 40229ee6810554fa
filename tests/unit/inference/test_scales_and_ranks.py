import math
from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from ctieval.errors import EstimationError
from ctieval.inference.equivalence import equivalence
from ctieval.inference.estimate import Estimate
from ctieval.inference.ranks import MOST_RANKED, compare_ranks, exact_rank_test
from ctieval.inference.standardized_mean import average_index, glass_delta, hedges_g, inverse_covariance_index


def trial(n=24, ties=True, seed=1):
    rng = np.random.default_rng(seed)
    arm = rng.permutation(np.arange(n) % 2)
    y = rng.normal(size=n) + arm
    return (np.round(y * 2) if ties else y), arm


@pytest.mark.parametrize("ties", [True, False])
def test_ranks_as_in_scipy(ties):
    y, arm = trial(ties=ties)
    peer = stats.mannwhitneyu(y[arm == 1], y[arm == 0], use_continuity=False, method="asymptotic")
    found = compare_ranks(y, arm)
    assert (found.u, found.p_value) == pytest.approx((peer.statistic, peer.pvalue), rel=1e-10)


def test_superiority_has_brunner_and_munzels_statistic_and_df():
    y, arm = trial()
    peer = stats.brunnermunzel(y[arm == 0], y[arm == 1])
    found = compare_ranks(y, arm).superiority
    statistic = (found.estimate - 0.5) / found.std_error
    assert statistic == pytest.approx(peer.statistic, rel=1e-10)
    assert 2 * stats.t.sf(abs(statistic), found.df) == pytest.approx(peer.pvalue, rel=1e-10)


def test_superiority_is_the_share_of_pairs():
    y, arm = trial()
    more = y[arm == 1][:, None] - y[arm == 0]
    assert compare_ranks(y, arm).superiority.estimate == pytest.approx((np.sign(more) + 1).mean() / 2, rel=1e-12)


def test_the_exact_test_counts_every_draw():
    y, arm = trial(n=11)
    ranks = stats.rankdata(y)
    n1 = int(arm.sum())
    sums = np.array([ranks[list(chosen)].sum() for chosen in combinations(range(11), n1)])
    found, middle, seen = exact_rank_test(y, arm), n1 * 6.0, ranks[arm == 1].sum()
    assert found.p_value == pytest.approx((np.abs(sums - middle) >= abs(seen - middle) - 1e-9).mean(), rel=1e-12)
    assert found.p_more == pytest.approx((sums >= seen - 1e-9).mean(), rel=1e-12)
    assert found.p_less == pytest.approx((sums <= seen + 1e-9).mean(), rel=1e-12)


def test_the_exact_test_nears_the_normal_one():
    y, arm = trial(n=MOST_RANKED, seed=2)
    y = np.random.default_rng(0).normal(size=len(arm)) + 0.2 * arm
    # An approximation: with two hundred persons it is good to about one in a hundred.
    assert exact_rank_test(y, arm).p_value == pytest.approx(compare_ranks(y, arm).p_value, rel=2e-2)


def test_too_many_persons_for_the_exact_test_are_refused():
    y, arm = trial(n=MOST_RANKED + 1)
    with pytest.raises(EstimationError, match="too long"):
        exact_rank_test(y, arm)


def test_an_outcome_alike_for_all_is_half_superior_and_tells_nothing():
    found = compare_ranks(np.ones(8), np.tile([0, 1], 4))
    assert found.superiority.estimate == 0.5
    assert math.isnan(found.z)
    assert exact_rank_test(np.ones(8), np.tile([0, 1], 4)).p_value == 1


def test_equivalence_at_five_per_cent_is_the_ninety_per_cent_interval_between_the_margins():
    for estimate in np.linspace(-2, 2, 21):
        found = equivalence(Estimate(estimate, 0.25, 12.0), -1.0, 1.0)
        half = stats.t.ppf(0.95, 12) * 0.5
        assert (found.p_value < 0.05) == (estimate - half > -1 and estimate + half < 1)


def test_margins_in_the_wrong_order_are_refused():
    with pytest.raises(EstimationError, match="margins"):
        equivalence(Estimate(0.0, 1.0, 5.0), 1.0, -1.0)


def test_standard_deviations_do_not_depend_on_the_unit():
    y, arm = trial(ties=False)
    for measure in (hedges_g, glass_delta):
        before, after = measure(y, arm), measure(y * 37 + 5, arm)
        assert (after.estimate, after.variance) == pytest.approx((before.estimate, before.variance), rel=1e-10)


def test_an_outcome_that_does_not_vary_has_no_standard_deviations():
    for measure in (hedges_g, glass_delta):
        with pytest.raises(EstimationError, match="standard deviations"):
            measure(np.array([1.0, 1, 1, 1]), np.array([0, 0, 1, 1]))


def outcomes(n=40):
    rng = np.random.default_rng(3)
    arm = rng.permutation(np.arange(n) % 2)
    return rng.normal(size=(n, 3)) + rng.normal(size=(n, 1)) + 0.5 * arm[:, None], arm


@pytest.mark.parametrize("make", [average_index, inverse_covariance_index])
def test_an_index_has_mean_nought_and_spread_one_in_the_control(make):
    y, arm = outcomes()
    found = make(y, arm, np.array([True, True, False]))
    control = found.value[arm == 0]
    assert (control.mean(), control.std(ddof=1)) == pytest.approx((0, 1), abs=1e-12)
    assert found.weight.sum() == pytest.approx(1)


@pytest.mark.parametrize("make", [average_index, inverse_covariance_index])
def test_an_index_does_not_depend_on_units_and_directions_turn_it(make):
    y, arm = outcomes()
    better = np.array([True, True, True])
    found = make(y, arm, better)
    assert make(y * [1, 20, 3] + [0, 5, -7], arm, better).value == pytest.approx(found.value, abs=1e-10)
    assert make(y * [1, -1, 1], arm, np.array([True, False, True])).value == pytest.approx(found.value, abs=1e-10)


def test_outcomes_that_say_the_same_share_their_weight():
    rng = np.random.default_rng(1)
    arm = np.arange(4000) % 2
    common, own = rng.normal(size=4000), rng.normal(size=4000)
    y = np.column_stack([common + 0.1 * rng.normal(size=4000), common + 0.1 * rng.normal(size=4000), own])
    weight = inverse_covariance_index(y, arm, np.ones(3, dtype=bool)).weight
    # Two copies of one outcome weigh about half together, up to chance in two thousand controls.
    assert weight[:2].sum() == pytest.approx(0.5, abs=0.03)


def test_a_missing_outcome_is_left_out_of_the_persons_average():
    y, arm = outcomes()
    y[0, 2] = np.nan
    y[1] = np.nan
    found = average_index(y, arm, np.ones(3, dtype=bool)).value
    assert np.isfinite(found[0])
    assert np.isnan(found[1])


def test_an_index_of_an_outcome_that_does_not_vary_is_refused():
    y, arm = outcomes()
    y[:, 1] = 3.3
    with pytest.raises(EstimationError, match="index"):
        average_index(y, arm, np.ones(3, dtype=bool))


def test_an_index_of_outcomes_that_explain_one_another_is_refused():
    y, arm = outcomes()
    y[:, 2] = y[:, 0] + y[:, 1]
    with pytest.raises(EstimationError, match="index"):
        inverse_covariance_index(y, arm, np.ones(3, dtype=bool))
