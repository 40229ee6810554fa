"""What must hold of every estimator whatever the data: the metamorphic rules of the field, and hostile input.

What holds, and where it is shown; a name without a file is a test of this one, and files are those of unit/inference.

| property | test |
| --- | --- |
| the order of rows changes nothing | the_order_of_the_rows, risks_are_those_of_the_persons_in_any_order |
| swapping the arms flips the sign | swapping_the_arms, risks_..., ranks_hear; test_yes_no for intervals of counts |
| the unit and the level of the outcome | the_unit_and_the_level, compliers; test_scales_and_ranks for an index and g |
| the unit and the mixture of covariates | the_units_of_covariates |
| rows that stand twice | persons_who_stand_twice |
| a missing outcome is a person less | a_person_without_a_value |
| empty cells, blocks of one person, nobody, infinite values | hostile_data |
| CR0, CR2 and CR3 of clusters of one person are HC0, HC2 and HC3 | clusters_of_one_person_in_a_regression |
| CR2 differences of clusters of one person are Neyman's | clusters_of_one_person_are_persons |
| RobinCar's variance without strata is the influence function's | as_many_of_each_kind; test_yes_no at large |
| Lin without covariates is Neyman; ANHECOVA without strata too | adjustment_by_nothing; test_adjusted_difference |
| 2SLS is the estimator for compliers of a complete draw | test_compliance, for persons and clusters |
| an interval holds what its test does not reject | the_ends_of_*; test_yes_no for Miettinen-Nurminen |
| over the whole law: no bias, a variance never too small | |
| - pairs, hybrids, both estimands | test_small_blocks |
| - clusters, pairs of clusters | test_clusters_and_pairs |
| - several arms, by blocks and clusters too | test_by_design_arms; three_arms_weighted |
| - Horvitz-Thompson: simple, complete, remainders, clusters of unlike size | test_horvitz_thompson |
| - ranks by stratum | test_stratified_ranks; every draw counted by the exact test in test_scales_and_ranks |

Newcombe's interval alone inverts no test of its own: it is put together from Wilson's of either arm, whose ends are
tested here.
"""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctieval.designs.enumerate import enumerate_assignments
from ctieval.designs.joint import joint_probabilities
from ctieval.domain.design import Complete
from ctieval.domain.entrants import Entrants
from ctieval.errors import EstimationError
from ctieval.inference.adjusted_difference import adjusted_difference, anhecova
from ctieval.inference.clustered_adjustment import adjusted_clustered_difference
from ctieval.inference.clustered_difference import blocked_clustered_difference, clustered_difference
from ctieval.inference.compliance import complier_effect
from ctieval.inference.difference import difference_in_means
from ctieval.inference.equivalence import equivalence
from ctieval.inference.estimate import Estimate
from ctieval.inference.horvitz_thompson import Drawn, hajek, horvitz_thompson
from ctieval.inference.interval import student_interval
from ctieval.inference.least_squares import fit_least_squares
from ctieval.inference.matched_pairs import clustered_paired_difference, paired_difference
from ctieval.inference.number_needed import number_needed
from ctieval.inference.ranks import compare_ranks
from ctieval.inference.robust_variance import (
    ClusterCorrection,
    PersonCorrection,
    variance_of_contrast,
    variance_of_contrast_by_cluster,
)
from ctieval.inference.small_blocks import hybrid_difference
from ctieval.inference.standardized_mean import glass_delta, hedges_g
from ctieval.inference.standardized_risk import predict_risks, standardize_risk
from ctieval.inference.two_risks import wilson_interval

N, BLOCKS = 24, 4
LABELS = tuple("ABCD")


@st.composite
def trials(draw):
    """Outcome, arm, block, cluster and covariates: pairs beside larger blocks, or four blocks alike."""
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    sizes = draw(st.sampled_from([(2, 2, 8, 12), (6, 6, 6, 6), (2, 3, 9, 10), (2, 2, 2, 18)]))
    block = np.repeat(np.arange(BLOCKS), sizes)
    arm = np.concatenate([rng.permutation(np.arange(size) % 2) for size in sizes])
    y = rng.normal(size=N) * 10 ** draw(st.integers(-3, 3)) + draw(st.floats(-100, 100))
    return y, arm, block, rng.normal(size=(N, 2)), rng


def by_arm_alone(function):
    return lambda y, arm, block, x: function(y, arm)


def joint(n_drawn):
    return joint_probabilities(Complete(n_drawn), Entrants.alike(N))


def whole_pairs(arm, x):
    """Pairs of those who rank alike in their arm; whoever has no partner is a broken pair."""
    rank = np.empty(N, dtype=np.int64)
    for each in (0, 1):
        mine = np.flatnonzero(arm == each)
        rank[mine[np.argsort(x[mine, 0])]] = np.arange(len(mine))
    return rank, tuple(str(each) for each in range(N))


ESTIMATORS = {
    "difference": by_arm_alone(lambda y, arm: hybrid_difference(y, arm, np.zeros_like(arm), ("",)).total),
    "blocked": lambda y, arm, block, x: hybrid_difference(y, arm, block, LABELS).total,
    "pairs": lambda y, arm, block, x: paired_difference(y, arm, *whole_pairs(arm, x)).total,
    "pairs of clusters": lambda y, arm, block, x: clustered_paired_difference(y, arm, block, LABELS).total,
    "clusters": lambda y, arm, block, x: clustered_difference(y, arm, 2 * block + arm).total,
    "clusters in blocks": lambda y, arm, block, x: (
        blocked_clustered_difference(y, arm, block // 2, 2 * block + arm, ("A", "B")).total
    ),
    "hajek": lambda y, arm, block, x: hajek(y, Drawn(np.arange(N), np.zeros_like(arm), arm, joint(int(arm.sum())))),
    "lin": lambda y, arm, block, x: adjusted_difference(y, arm, x).total,
    "lin in blocks": lambda y, arm, block, x: adjusted_difference(y, arm, x, block=block, labels=LABELS).total,
    "lin of clusters": lambda y, arm, block, x: adjusted_clustered_difference(y, arm, x, 2 * block + arm).total,
    "anhecova": lambda y, arm, block, x: anhecova(y, arm, x, block // 2, n_strata=2).total,
}
"""Every estimator of a difference, from outcome, arm, block and covariates."""

every = pytest.mark.parametrize("name", ESTIMATORS)


def found(name, y, arm, block, x):
    return ESTIMATORS[name](y, arm, block, x)


def alike(one, other, scale=1.0, rel=1e-7):
    assert one.estimate == pytest.approx(other.estimate, rel=rel, abs=1e-9 * scale)
    assert one.variance == pytest.approx(other.variance, rel=rel, abs=1e-14 * scale**2)
    assert one.df == pytest.approx(other.df, rel=1e-5, nan_ok=True)


@every
@given(trial=trials())
def test_the_order_of_the_rows_changes_nothing(name, trial):
    y, arm, block, x, rng = trial
    order = rng.permutation(N)
    alike(found(name, y[order], arm[order], block[order], x[order]), found(name, y, arm, block, x), np.abs(y).max())


@every
@given(trial=trials())
def test_swapping_the_arms_flips_the_sign(name, trial):
    y, arm, block, x, _ = trial
    one, other = found(name, y, arm, block, x), found(name, y, 1 - arm, block, x)
    assert other.estimate == pytest.approx(-one.estimate, rel=1e-7, abs=1e-9 * np.abs(y).max())
    assert other.variance == pytest.approx(one.variance, rel=1e-7)


@every
@given(trial=trials(), factor=st.floats(0.01, 100), shift=st.floats(-100, 100))
def test_the_unit_and_the_level_do_what_they_must(name, trial, factor, shift):
    y, arm, block, x, _ = trial
    one, other = found(name, y, arm, block, x), found(name, factor * y + shift, arm, block, x)
    level = factor * np.abs(y).max() + abs(shift)
    assert other.estimate == pytest.approx(factor * one.estimate, rel=1e-7, abs=1e-9 * level)
    assert other.variance == pytest.approx(factor**2 * one.variance, rel=1e-6, abs=1e-13 * level**2)


@every
@given(trial=trials(), effect=st.floats(-100, 100))
def test_an_effect_alike_for_all_is_found_exactly_and_adds_no_uncertainty(name, trial, effect):
    y, arm, block, x, _ = trial
    if name == "pairs of clusters":  # pairs of unlike size: its variance holds the chance in their sizes too
        return
    one, other = found(name, y, arm, block, x), found(name, y + effect * arm, arm, block, x)
    level = np.abs(y).max() + abs(effect)
    assert other.estimate - one.estimate == pytest.approx(effect, abs=1e-9 * level)
    assert other.variance == pytest.approx(one.variance, rel=1e-6, abs=1e-13 * level**2)


@pytest.mark.parametrize("name", ["lin", "lin in blocks", "lin of clusters", "anhecova"])
@given(trial=trials(), factor=st.floats(0.01, 1000), shift=st.floats(-1000, 1000))
def test_the_units_of_covariates_and_their_mixture_change_nothing(name, trial, factor, shift):
    y, arm, block, x, _ = trial
    mixed = np.column_stack([factor * x[:, 0] + shift, x[:, 0] - x[:, 1]])
    alike(found(name, y, arm, block, mixed), found(name, y, arm, block, x), np.abs(y).max(), rel=1e-5)


@every
@given(trial=trials(), missing=st.sets(st.integers(6, N - 1), max_size=2))
def test_a_person_without_a_value_might_as_well_not_be_there(name, trial, missing):
    y, arm, block, x, _ = trial
    if name in {"pairs", "hajek"}:
        return
    gone = np.isin(np.arange(N), list(missing))
    holed = np.where(gone, np.nan, y)
    try:
        one = found(name, y[~gone], arm[~gone], block[~gone], x[~gone])
    except EstimationError:
        with pytest.raises(EstimationError):
            found(name, holed, arm, block, x)
        return
    alike(found(name, holed, arm, block, x), one, np.abs(y).max())


@given(trial=trials())
def test_clusters_of_one_person_are_persons(trial):
    y, arm, block, x, _ = trial
    plain, alone = difference_in_means(y, arm), clustered_difference(y, arm, np.arange(N)).total
    assert (alone.estimate, alone.variance) == pytest.approx((plain.estimate, plain.variance), rel=1e-9, abs=1e-12)
    lin, clustered = adjusted_difference(y, arm, x).total, adjusted_clustered_difference(y, arm, x, np.arange(N)).total
    assert clustered.estimate == pytest.approx(lin.estimate, rel=1e-7, abs=1e-9 * np.abs(y).max())
    assert clustered.variance == pytest.approx(lin.variance, rel=1e-7)
    within = blocked_clustered_difference(y, arm, block, np.arange(N), LABELS).total
    hybrid = hybrid_difference(y, arm, block, LABELS).total
    assert within.estimate == pytest.approx(hybrid.estimate, rel=1e-9, abs=1e-12)
    assert within.variance == pytest.approx(hybrid.variance, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("power", ["0", "2", "3"])
@given(trial=trials())
def test_clusters_of_one_person_in_a_regression_are_persons(power, trial):
    y, arm, block, x, rng = trial
    columns = np.column_stack([np.ones(N), arm, x, block == 3])
    fit, contrast = fit_least_squares(columns, y), rng.normal(size=5)
    one = variance_of_contrast(columns, fit, contrast, kind=PersonCorrection(f"HC{power}"))
    other = variance_of_contrast_by_cluster(
        columns, fit, contrast, rng.permutation(N), kind=ClusterCorrection(f"CR{power}")
    )
    assert (other.variance, other.df) == pytest.approx((one.variance, one.df), rel=1e-7)


@given(trial=trials())
def test_adjustment_by_nothing_is_no_adjustment(trial):
    y, arm, block, _, _ = trial
    nothing = np.empty((N, 0))
    alike(adjusted_difference(y, arm, nothing).total, found("difference", y, arm, block, nothing), np.abs(y).max())
    alike(
        adjusted_difference(y, arm, nothing, block=block, labels=LABELS).total,
        found("blocked", y, arm, block, nothing),
        np.abs(y).max(),
    )


@given(trial=trials())
def test_persons_who_stand_twice_leave_the_estimate_and_need_clusters(trial):
    y, arm, _, x, _ = trial
    twice = np.concatenate([np.arange(N), np.arange(N)])
    one = clustered_difference(y, arm, np.arange(N)).total
    two = clustered_difference(y[twice], arm[twice], twice).total
    assert (two.estimate, two.variance) == pytest.approx((one.estimate, one.variance), rel=1e-9, abs=1e-12)
    assert adjusted_difference(y[twice], arm[twice], x[twice]).total.estimate == pytest.approx(
        adjusted_difference(y, arm, x).total.estimate, rel=1e-7, abs=1e-9 * np.abs(y).max()
    )


@given(trial=trials(), factor=st.floats(0.1, 10))
def test_the_effect_on_compliers_has_the_unit_of_the_outcome_over_that_of_take_up(trial, factor):
    y, arm, block, x, rng = trial
    took_part = np.where(rng.random(N) < 0.8, arm, 1 - arm).astype(float)
    estimator = lambda values: found("difference", values, arm, block, x)  # noqa: E731
    try:
        one = complier_effect(y, took_part, estimator)
    except EstimationError:
        return
    two = complier_effect(y, factor * took_part, estimator)
    assert two.total.estimate == pytest.approx(one.total.estimate / factor, rel=1e-7, abs=1e-9 * np.abs(y).max())
    assert two.total.std_error == pytest.approx(one.total.std_error / factor, rel=1e-5)
    assert two.region.region is one.region.region
    assert one.region.holds(one.total.estimate)


@given(trial=trials())
def test_ranks_hear_only_the_order(trial):
    y, arm, _, _, _ = trial
    one, other = compare_ranks(y, arm), compare_ranks(np.argsort(np.argsort(y)).astype(float), arm)
    assert one == other
    turned = compare_ranks(-y, arm)
    assert turned.superiority.estimate == pytest.approx(1 - one.superiority.estimate)
    assert turned.p_value == pytest.approx(one.p_value)


@st.composite
def yes_and_no(draw, n=60, slope=0.5):
    """A yes/no outcome that both arms have, and covariates that foretell it."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    arm, x = rng.permutation(np.arange(n) % 2), rng.normal(size=(n, 2))
    return (rng.random(n) < 1 / (1 + np.exp(-slope * x[:, 0] - 0.3 * arm))).astype(float), arm, x, rng


RISKS = ("difference", "log_ratio", "log_odds_ratio")


def measures(y, arm, x):
    found = standardize_risk(y, arm, x)
    return [(getattr(found, each)().estimate, getattr(found, each)().variance) for each in RISKS]


@given(trial=yes_and_no())
def test_risks_are_those_of_the_persons_in_any_order_and_turn_with_the_arms_and_the_event(trial):
    y, arm, x, rng = trial
    order, one = rng.permutation(len(y)), measures(y, arm, x)
    for again, (estimate, variance) in zip(measures(y[order], arm[order], x[order]), one, strict=True):
        assert again == pytest.approx((estimate, variance), rel=1e-6, abs=1e-9)
    for turned, (estimate, variance) in zip(measures(y, 1 - arm, x), one, strict=True):
        assert turned == pytest.approx((-estimate, variance), rel=1e-6, abs=1e-9)
    opposite = measures(1 - y, arm, x)
    for place in (0, 2):  # a ratio of risks has no such rule
        assert opposite[place] == pytest.approx((-one[place][0], one[place][1]), rel=1e-6, abs=1e-9)


@given(trial=yes_and_no(n=600, slope=2.0))
def test_as_many_of_each_kind_in_both_arms_leave_the_influence_function(trial):
    """Where both arms have the same covariates the covariance is the influence functions', but for n - 1 for n."""
    y, _, x, _ = trial
    arm, x = np.repeat([0, 1], len(y) // 2), np.tile(x[: len(y) // 2], (2, 1))
    found, risk = standardize_risk(y, arm, x), predict_risks(y, arm, x).risk
    influence = risk + 2 * (arm[:, None] == [0, 1]) * (y[:, None] - risk)
    assert found.risk == pytest.approx(influence.mean(axis=0), abs=1e-9)
    # both divide by what differs by one person of three hundred, and the covariance is small beside the variances
    expected = np.cov(influence, rowvar=False) / len(y)
    assert found.covariance == pytest.approx(expected, rel=0.005, abs=0.005 * expected[0, 0])


LEVELS = st.sampled_from([0.8, 0.9, 0.95, 0.99])


@every
@given(trial=trials(), level=LEVELS)
def test_the_ends_of_an_interval_are_just_rejected(name, trial, level):
    """An outcome moved by an end of the interval has a p-value of one less the level."""
    y, arm, block, x, _ = trial
    if name == "pairs of clusters":  # of unlike size: moving the arm is not moving the effect
        return
    one = found(name, y, arm, block, x)
    interval = student_interval(*(np.array([each]) for each in (one.estimate, one.std_error, one.df)), level)
    for end in (interval.conf_low[0], interval.conf_high[0]):
        moved = found(name, y - end * arm, arm, block, x)
        tested = student_interval(*(np.array([each]) for each in (moved.estimate, moved.std_error, moved.df)), level)
        # the degrees of freedom are of the spread, which rounding of the level may move a little
        assert tested.p_value[0] == pytest.approx(1 - level, rel=1e-4)


@given(trial=trials(), level=LEVELS)
def test_the_ends_of_a_region_for_compliers_are_just_rejected(trial, level):
    y, arm, block, x, rng = trial
    took_part = np.where(rng.random(N) < 0.9, arm, 1 - arm).astype(float)

    def estimator(values):
        one = found("difference", values, arm, block, x)
        return Estimate(one.estimate, one.variance, 20.0)

    try:
        region = complier_effect(y, took_part, estimator, conf_level=level).region
    except EstimationError:
        return
    for end in (region.low, region.high):
        if math.isinf(end):
            continue
        one = estimator(y - end * took_part)
        tested = student_interval(*(np.array([each]) for each in (one.estimate, one.std_error, one.df)), level)
        # an end is the root of a square, which has half the digits of what it is made of
        assert tested.p_value[0] == pytest.approx(1 - level, rel=1e-4)


@given(st.integers(1, 400), st.data(), LEVELS)
def test_the_ends_of_wilsons_interval_are_just_rejected(n, data, level):
    events = data.draw(st.integers(0, n))
    one = wilson_interval(events, n, conf_level=level)
    for end in {one.conf_low, one.conf_high} - {0.0, 1.0}:
        z = (events / n - end) / math.sqrt(end * (1 - end) / n)
        assert math.erfc(abs(z) / math.sqrt(2)) == pytest.approx(1 - level, rel=1e-9)


@given(st.floats(-5, 5), st.floats(0.1, 3), st.floats(2, 200), st.sampled_from([0.01, 0.05, 0.2]))
def test_the_ends_of_an_interval_are_the_margins_that_are_just_shown(estimate, error, df, level):
    """Margins at the ends of the interval of one less twice the level have just that p-value."""
    interval = student_interval(*(np.array([each]) for each in (estimate, error, df)), 1 - 2 * level)
    tested = equivalence(Estimate(estimate, error**2, df), interval.conf_low[0], interval.conf_high[0])
    assert (tested.p_low, tested.p_high) == pytest.approx((level, level), rel=1e-8)


@given(st.floats(-0.5, 0.5), st.floats(0.01, 0.4), st.floats(-1, 1))
def test_the_ends_of_a_number_needed_are_those_of_the_difference(difference, half, asked):
    """A difference is in its interval just where its number needed is in that of the numbers."""
    one = number_needed(difference, difference - half, difference + half)
    if min(abs(asked - difference - half), abs(asked - difference + half), abs(asked)) < 1e-9:
        return
    number = 1 / asked
    held = one.benefit <= number <= one.benefit_to if number > 0 else one.harm <= -number <= one.harm_to
    assert held == (abs(asked - difference) <= half)


@pytest.mark.parametrize("numbers", [(2, 2), (1, 3), (1, 1)])
def test_three_arms_weighted_are_unbiased_over_the_whole_law_and_never_too_sure(numbers):
    design, who = Complete(numbers), Entrants.alike(7)
    outcomes = np.random.default_rng(6).normal(size=(7, 3)) + np.arange(3.0)
    probabilities, alone = joint_probabilities(design, who), np.zeros(7, dtype=np.int64)
    law = list(enumerate_assignments(design, who))
    for low, high in combinations(range(3), 2):
        one = [
            horvitz_thompson(
                outcomes[np.arange(7), arm],
                Drawn(np.arange(7), alone, arm, probabilities),
                arm=high,
                reference=low,
            )
            for arm, _ in law
        ]
        chance = np.array([float(each) for _, each in law])
        estimate, variance = (np.array([getattr(each, name) for each in one]) for name in ("estimate", "variance"))
        effect = (outcomes[:, high] - outcomes[:, low]).mean()
        assert chance @ estimate == pytest.approx(effect, abs=1e-12)
        assert chance @ variance >= chance @ (estimate - effect) ** 2 * (1 - 1e-12)


HOSTILE = {
    "infinite": lambda y, arm, block, x: (np.where(np.arange(N) == 7, np.inf, y), arm, block, x),
    "nobody has a value": lambda y, arm, block, x: (np.full(N, np.nan), arm, block, x),
    "all treated": lambda y, arm, block, x: (y, np.ones_like(arm), block, x),
    "all treated in a block": lambda y, arm, block, x: (y, np.where(block == 2, 1, arm), block, x),
    "constant": lambda y, arm, block, x: (np.full(N, 3.7), arm, block, x),
    "one person": lambda y, arm, block, x: (y[:1], arm[:1], block[:1], x[:1]),
    "nobody": lambda y, arm, block, x: (y[:0], arm[:0], block[:0], x[:0]),
    "a covariate is the arm": lambda y, arm, block, x: (y, arm, block, np.column_stack([arm, x[:, 0]]).astype(float)),
    "covariates alike": lambda y, arm, block, x: (y, arm, block, x[:, [0, 0]]),
    "covariates that nobody has": lambda y, arm, block, x: (y, arm, block, np.full((N, 2), np.nan)),
    "a covariate is infinite": lambda y, arm, block, x: (y, arm, block, np.where(x == x[0, 0], np.inf, x)),
    "huge": lambda y, arm, block, x: (y * 1e150, arm, block, x),
    "tiny": lambda y, arm, block, x: (y * 1e-150, arm, block, x),
    "a block of one person": lambda y, arm, block, x: (y, arm, np.where(np.arange(N) == 0, 0, np.maximum(block, 1)), x),
    "a block of nobody": lambda y, arm, block, x: (y, arm, np.where(block == 2, 1, block), x),
    "a block without a value": lambda y, arm, block, x: (np.where(block == 1, np.nan, y), arm, block, x),
    "an arm of a block without a value": lambda y, arm, block, x: (
        np.where((block == 1) & (arm == 1), np.nan, y),
        arm,
        block,
        x,
    ),
    "one value in an arm": lambda y, arm, block, x: (
        np.where((arm == 1) & (np.arange(N) != 1), np.nan, y),
        arm,
        block,
        x,
    ),
}


@every
@pytest.mark.parametrize("spoilt", HOSTILE)
def test_hostile_data_give_an_answer_or_one_error_that_says_what_to_do(name, spoilt):
    rng = np.random.default_rng(8)
    block = np.repeat(np.arange(BLOCKS), (6, 6, 6, 6))
    y, arm, x = rng.normal(size=N), np.tile([0, 1], N // 2), rng.normal(size=(N, 2))
    if name in {"pairs", "hajek"} and spoilt in {"one person", "nobody", "all treated"}:  # no such design
        return
    try:
        one = found(name, *HOSTILE[spoilt](y, arm, block, x))
    except EstimationError:
        return
    assert math.isfinite(one.estimate)
    assert one.variance >= 0
    if spoilt == "constant":
        assert one.estimate == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("measure", [hedges_g, glass_delta])
def test_standard_deviations_of_hostile_data_are_one_error(measure):
    for y in (np.ones(4), np.full(4, np.nan), np.array([1.0, np.inf, 2, 3])):
        with pytest.raises(EstimationError):
            measure(y, np.array([0, 0, 1, 1]))
