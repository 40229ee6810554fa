"""Adjustment where whole clusters were drawn within blocks: equal to what it generalises, and honest in pairs."""

import numpy as np
import pytest

from ctieval.errors import EstimationError
from ctieval.inference.adjusted_difference import adjusted_difference
from ctieval.inference.clustered_adjustment import adjusted_clustered_difference
from ctieval.inference.clustered_difference import blocked_clustered_difference
from ctieval.inference.least_squares import fit_least_squares
from ctieval.inference.robust_variance import variance_of_contrast_by_cluster

RNG = np.random.default_rng(31)
CLUSTER = np.repeat(np.arange(18), 6)
BLOCK = np.repeat([0, 1, 2], 36)
ARM = np.repeat([0, 0, 0, 1, 1, 1] * 3, 6)
X = RNG.normal(size=(108, 2)) + RNG.normal(size=(18, 1))[CLUSTER]
Y = X @ [1.0, -0.5] + RNG.normal(size=18)[CLUSTER] + RNG.normal(size=108) + ARM + BLOCK
LABELS = ("A", "B", "C")


def numbers(total):
    return total.estimate, total.variance, total.df


def test_without_covariates_it_is_the_difference_within_blocks():
    found = adjusted_clustered_difference(Y, ARM, np.empty((108, 0)), CLUSTER, block=BLOCK, labels=LABELS)
    plain = blocked_clustered_difference(Y, ARM, BLOCK, CLUSTER, LABELS)
    # one regression joins the blocks' degrees of freedom by the working model, Satterthwaite by the variances found
    assert numbers(found.total)[:2] == pytest.approx(numbers(plain.total)[:2], rel=1e-10)
    assert found.clusters == 18


def test_one_pool_is_lins_regression_with_its_products():
    found = adjusted_clustered_difference(Y, ARM, X, CLUSTER)
    centred = X - X.mean(axis=0)
    x = np.column_stack([np.ones(108), ARM, centred, ARM[:, None] * centred])
    fit = fit_least_squares(x, Y)
    contrast = np.eye(6)[1]
    expected = variance_of_contrast_by_cluster(x, fit, contrast, CLUSTER)
    assert numbers(found.total) == pytest.approx((fit.coef[1], expected.variance, expected.df), rel=1e-9)


def test_within_blocks_it_is_the_regression_with_a_level_for_each_arm_of_each_block():
    found = adjusted_clustered_difference(Y, ARM, X, CLUSTER, block=BLOCK, labels=LABELS)
    centred = X - np.array([X[each == BLOCK].mean(axis=0) for each in range(3)])[BLOCK]
    levels = ((2 * BLOCK + ARM)[:, None] == np.arange(6)).astype(float)
    x = np.column_stack([levels, centred, ARM[:, None] * centred])
    fit = fit_least_squares(x, Y)
    contrast = np.concatenate([np.tile([-1 / 3, 1 / 3], 3), np.zeros(4)])
    expected = variance_of_contrast_by_cluster(x, fit, contrast, CLUSTER)
    assert numbers(found.total) == pytest.approx((contrast @ fit.coef, expected.variance, expected.df), rel=1e-9)
    assert (found.full_leverage, found.pooled.any(), found.dropped) == (0, False, ())


def test_clusters_of_one_person_give_lins_estimate_within_blocks():
    own = np.arange(108)
    clustered = adjusted_clustered_difference(Y, ARM, np.empty((108, 0)), own, block=BLOCK, labels=LABELS).total
    persons = adjusted_difference(Y, ARM, np.empty((108, 0)), block=BLOCK, labels=LABELS).total
    assert numbers(clustered)[:2] == pytest.approx(numbers(persons)[:2], rel=1e-10)


def test_pairs_of_clusters_take_their_variance_from_the_spread_of_adjusted_effects():
    pair, arm, cluster = np.repeat(np.arange(9), 12), np.tile(np.repeat([0, 1], 6), 9), np.repeat(np.arange(18), 6)
    labels = tuple("abcdefghi")
    found = adjusted_clustered_difference(Y, arm, X, cluster, block=pair, labels=labels)
    assert found.pooled.all()
    assert found.total.df == pytest.approx(8)
    slopes = [fit_least_squares(_within(X, pair, arm, each), _within(Y[:, None], pair, arm, each)[:, 0]).coef
              for each in (0, 1)]  # fmt: skip
    effects = []
    for each in range(9):
        mine = pair == each
        gaps = [X[mine & (arm == a)].mean(axis=0) - X[mine].mean(axis=0) for a in (0, 1)]
        means = [Y[mine & (arm == a)].mean() - gaps[a] @ slopes[a] for a in (0, 1)]
        effects.append(means[1] - means[0])
    assert found.total.estimate == pytest.approx(np.mean(effects), rel=1e-9)
    assert found.total.variance == pytest.approx(np.var(effects, ddof=1) / 9, rel=1e-9)


def _within(columns, block, arm, each):
    """Columns of one arm less the means of their cells."""
    kept = arm == each
    columns, block = columns[kept], block[kept]
    return columns - np.array([columns[block == b].mean(axis=0) for b in range(block.max() + 1)])[block]


def test_one_small_block_beside_large_ones_is_one_error_and_several_are_pooled():
    few = ~np.isin(CLUSTER, [0, 1])
    with pytest.raises(EstimationError, match="uncertainty"):
        adjusted_clustered_difference(Y[few], ARM[few], X[few], CLUSTER[few], block=BLOCK[few], labels=LABELS)
    fewer = few & ~np.isin(CLUSTER, [6, 7])
    found = adjusted_clustered_difference(
        Y[fewer], ARM[fewer], X[fewer], CLUSTER[fewer], block=BLOCK[fewer], labels=LABELS
    )
    assert found.pooled.tolist() == [True, True, False]
    assert found.full_leverage == 0
    assert found.total.variance > 0


def test_a_cluster_in_two_blocks_and_an_infinite_covariate_are_errors():
    with pytest.raises(EstimationError, match="two arms or two blocks"):
        adjusted_clustered_difference(Y, ARM, X, np.where(CLUSTER == 9, 3, CLUSTER), block=BLOCK, labels=LABELS)
    with pytest.raises(EstimationError, match="infinite"):
        adjusted_clustered_difference(Y, ARM, np.where(X[0, 0] == X, np.inf, X), CLUSTER, block=BLOCK, labels=LABELS)


def test_a_covariate_of_the_block_is_left_out_and_named():
    found = adjusted_clustered_difference(Y, ARM, np.column_stack([X, BLOCK / 3]), CLUSTER, block=BLOCK, labels=LABELS)
    assert found.dropped == (2,)
    plain = adjusted_clustered_difference(Y, ARM, X, CLUSTER, block=BLOCK, labels=LABELS)
    assert numbers(found.total) == pytest.approx(numbers(plain.total), rel=1e-9)


def test_it_covers_in_blocks_of_clusters():
    """Four hundred draws of one finite population: the estimate errs as little as its interval says."""
    rng = np.random.default_rng(5)
    control = X @ [1.0, -0.5] + rng.normal(size=18)[CLUSTER] + rng.normal(size=108)
    treated = control + 0.5 + 0.3 * X[:, 0]
    effect = (treated - control).mean()
    found, inside = [], 0
    for _ in range(400):
        arm = np.concatenate([rng.permutation([0, 0, 0, 1, 1, 1]) for _ in range(3)])[CLUSTER]
        total = adjusted_clustered_difference(
            np.where(arm == 1, treated, control), arm, X, CLUSTER, block=BLOCK, labels=LABELS
        ).total
        found.append(total.estimate)
        inside += abs(total.estimate - effect) <= 2.5 * total.std_error
    error = np.std(found, ddof=1) / 20
    assert abs(np.mean(found) - effect) < 4 * error + 0.05  # adjustment has a bias of the order of one over clusters
    assert inside >= 0.92 * 400
