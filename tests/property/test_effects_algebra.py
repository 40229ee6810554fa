"""What must hold of every estimator whatever the data: the metamorphic rules of the field, and hostile input."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctieval.designs.joint import joint_probabilities
from ctieval.domain.design import Complete
from ctieval.domain.entrants import Entrants
from ctieval.errors import EstimationError
from ctieval.inference.adjusted_difference import adjusted_difference, anhecova
from ctieval.inference.clustered_adjustment import adjusted_clustered_difference
from ctieval.inference.clustered_difference import blocked_clustered_difference, clustered_difference
from ctieval.inference.compliance import complier_effect
from ctieval.inference.difference import difference_in_means
from ctieval.inference.horvitz_thompson import Drawn, hajek
from ctieval.inference.matched_pairs import clustered_paired_difference, paired_difference
from ctieval.inference.ranks import compare_ranks
from ctieval.inference.small_blocks import hybrid_difference
from ctieval.inference.standardized_mean import glass_delta, hedges_g

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
