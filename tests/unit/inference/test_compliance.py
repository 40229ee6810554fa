import math

import numpy as np
import pytest
from scipy.special import stdtrit

from ctieval.errors import EstimationError
from ctieval.inference.adjusted_difference import adjusted_difference
from ctieval.inference.clustered_difference import clustered_difference
from ctieval.inference.compliance import Region, anderson_rubin, complier_effect, complier_means
from ctieval.inference.estimate import Estimate
from ctieval.inference.robust_variance import ClusterCorrection
from ctieval.inference.small_blocks import hybrid_difference
from ctieval.inference.two_stage import two_stage_least_squares

NOTHING = np.empty((60, 0))


def trial(n=60, seed=1, always=0.1, take=0.6):
    rng = np.random.default_rng(seed)
    drawn = rng.permutation(np.arange(n) % 2)
    kind = rng.random(n)
    took_part = np.where(kind < always, 1.0, np.where(kind < always + take, drawn, 0.0))
    return rng.normal(size=n) + 2 * took_part + (kind < always), took_part, drawn


def by_arms(drawn):
    return lambda values: hybrid_difference(values, drawn, np.zeros_like(drawn), ("",)).total


def test_for_a_complete_draw_it_is_two_stage_least_squares_with_hc2():
    y, d, drawn = trial()
    found = complier_effect(y, d, by_arms(drawn)).total
    other = two_stage_least_squares(y, d, drawn.astype(float), NOTHING)
    assert (found.estimate, found.variance) == pytest.approx((other.estimate, other.variance), rel=1e-9)


def test_for_clusters_it_is_two_stage_least_squares_with_cr2():
    y, d, _ = trial()
    cluster = np.arange(60) // 5
    drawn = cluster % 2
    d = np.where(drawn == 1, d, 0.0)
    found = complier_effect(y, d, lambda values: clustered_difference(values, drawn, cluster).total).total
    other = two_stage_least_squares(
        y, d, drawn.astype(float), NOTHING, cluster=cluster, correction=ClusterCorrection.CR2
    )
    assert (found.estimate, found.variance, found.df) == pytest.approx(
        (other.estimate, other.variance, other.df), rel=1e-9
    )


def test_full_compliance_is_the_effect_of_the_draw():
    y, _, drawn = trial()
    found = complier_effect(y, drawn.astype(float), by_arms(drawn))
    plain = by_arms(drawn)(y)
    assert (found.total.estimate, found.total.variance, found.total.df) == pytest.approx(
        (plain.estimate, plain.variance, plain.df), rel=1e-10
    )
    assert found.region.region is Region.BETWEEN


def test_the_region_holds_just_those_effects_that_the_design_does_not_reject():
    y, d, drawn = trial()
    estimator = by_arms(drawn)
    found = complier_effect(y, d, estimator)
    df = found.total.df
    for effect in np.linspace(found.region.low - 1, found.region.high + 1, 41):
        left = estimator(y - effect * d)
        assert found.region.holds(effect) == (abs(left.estimate) <= stdtrit(df, 0.975) * left.std_error)
    assert found.region.holds(found.total.estimate)


@pytest.mark.parametrize("seed", range(1, 7))
def test_the_region_is_bounded_just_where_the_draw_moved_take_up(seed):
    y, d, drawn = trial(seed=seed, always=0.45, take=0.04)
    found = complier_effect(y, d, by_arms(drawn))
    moved = abs(found.on_take_up.estimate) / found.on_take_up.std_error > stdtrit(found.total.df, 0.975)
    assert (found.region.region is Region.BETWEEN) == moved
    assert found.region.holds(1e12) == found.region.holds(-1e12) == (not moved)


@pytest.mark.parametrize(
    ("outcome", "take_up", "region"),
    [
        (Estimate(1.0, 0.01, 50), Estimate(0.5, 0.001, 50), Region.BETWEEN),
        (Estimate(1.0, 1.0, 50), Estimate(0.1, 0.01, 50), Region.EVERYTHING),
        (Estimate(3.0, 1.0, 50), Estimate(0.1, 0.01, 50), Region.OUTSIDE),
    ],
)
def test_every_shape_of_region_solves_the_inequality(outcome, take_up, region):
    found = anderson_rubin(outcome, take_up, 0.0, math.inf, 0.95)
    assert found.region is region
    for beta in np.linspace(-100, 100, 2001):
        distance = (outcome.estimate - beta * take_up.estimate) ** 2
        inside = distance <= 1.959963984540054**2 * (outcome.variance + beta**2 * take_up.variance)
        assert found.holds(beta) == inside


def test_means_of_compliers_differ_by_their_effect():
    y, d, drawn = trial()
    estimator = by_arms(drawn)
    means = complier_means(y, d, drawn.astype(float), estimator)
    assert not means.one_sided
    gap = means.taking_part.estimate - means.not_taking_part.estimate
    assert gap == pytest.approx(complier_effect(y, d, estimator).total.estimate, rel=1e-10)


def test_adjustment_serves_as_an_estimator_too():
    y, d, drawn = trial()
    x = np.random.default_rng(3).normal(size=(60, 1))
    found = complier_effect(y, d, lambda values: adjusted_difference(values, drawn, x).total)
    assert found.total.estimate == pytest.approx(found.on_outcome.estimate / found.on_take_up.estimate)


def test_a_person_without_an_outcome_counts_in_neither_part():
    y, d, drawn = trial()
    y[:3] = np.nan
    found = complier_effect(y, d, by_arms(drawn)).total
    kept = complier_effect(y[3:], d[3:], by_arms(drawn[3:])).total
    assert (found.estimate, found.variance, found.df) == pytest.approx(
        (kept.estimate, kept.variance, kept.df), rel=1e-12
    )


def test_the_same_take_up_in_both_arms_is_refused():
    y, _, drawn = trial()
    with pytest.raises(EstimationError) as caught:
        complier_effect(y, np.zeros(60), by_arms(drawn))
    assert caught.value.do == "report the effect of being drawn"


def test_two_stages_refuse_a_draw_that_covariates_explain():
    y, d, drawn = trial()
    with pytest.raises(EstimationError):
        two_stage_least_squares(y, d, drawn.astype(float), drawn[:, None].astype(float))


def test_two_stages_refuse_a_draw_that_moves_nobody():
    y, _, drawn = trial()
    with pytest.raises(EstimationError):
        two_stage_least_squares(y, np.zeros(60), drawn.astype(float), NOTHING)
