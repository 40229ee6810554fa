import math
from itertools import combinations, product

import numpy as np
import pytest

from ctieval.errors import EstimationError
from ctieval.inference.clustered_difference import blocked_clustered_difference, clustered_difference
from ctieval.inference.difference import difference_in_means
from ctieval.inference.least_squares import fit_least_squares
from ctieval.inference.matched_pairs import clustered_paired_difference, paired_difference
from ctieval.inference.robust_variance import variance_of_contrast_by_cluster
from ctieval.inference.small_blocks import hybrid_difference


def clustered_world(sizes, seed=2):
    rng = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(len(sizes)), sizes)
    return cluster, rng.normal(size=len(cluster)) + rng.normal(size=len(sizes))[cluster]


def test_it_is_the_cr2_of_the_regression_on_the_arm():
    cluster, y = clustered_world([3, 8, 1, 4, 9, 2, 6])
    arm = (cluster % 2).astype(np.int64)
    x = np.column_stack([np.ones(len(y)), arm])
    fit = fit_least_squares(x, y)
    other = variance_of_contrast_by_cluster(x, fit, np.array([0.0, 1.0]), cluster)
    found = clustered_difference(y, arm, cluster).total
    assert found.estimate == pytest.approx(fit.coef[1], rel=1e-12)
    assert found.variance == pytest.approx(other.variance, rel=1e-12)
    assert found.df == pytest.approx(other.df, rel=1e-12)


def test_clusters_of_one_person_give_neymans_variance():
    rng = np.random.default_rng(1)
    y, arm = rng.normal(size=9), np.array([0, 1, 1, 0, 1, 0, 0, 1, 0])
    plain = difference_in_means(y, arm)
    found = clustered_difference(y, arm, np.arange(9)).total
    assert (found.estimate, found.variance) == pytest.approx((plain.estimate, plain.variance), rel=1e-12)


def test_blocks_of_clusters_join_the_clustered_differences_of_the_blocks():
    cluster, y = clustered_world([3, 8, 2, 4, 9, 2, 6, 5])
    arm, block = (cluster % 2).astype(np.int64), cluster // 4
    one, other = (clustered_difference(y[block == b], arm[block == b], cluster[block == b]).total for b in (0, 1))
    share = np.bincount(block) / len(y)
    found = blocked_clustered_difference(y, arm, block, cluster, ("A", "B")).total
    assert found.estimate == pytest.approx(share @ [one.estimate, other.estimate], rel=1e-12)
    parts = share**2 * [one.variance, other.variance]
    assert found.variance == pytest.approx(parts.sum(), rel=1e-12)
    assert found.df == pytest.approx(parts.sum() ** 2 / (parts**2 / [one.df, other.df]).sum(), rel=1e-12)


def test_over_every_draw_of_clusters_of_one_size_the_estimate_is_unbiased_and_the_variance_not_too_small():
    cluster, control = clustered_world([4] * 7)
    treated = control + np.repeat(np.random.default_rng(0).normal(size=7), 4)
    found = []
    for chosen in combinations(range(7), 3):
        arm = np.isin(cluster, chosen).astype(np.int64)
        found.append(clustered_difference(np.where(arm == 1, treated, control), arm, cluster).total)
    estimates = np.array([each.estimate for each in found])
    assert estimates.mean() == pytest.approx((treated - control).mean(), abs=1e-12)
    assert np.mean([each.variance for each in found]) >= estimates.var()


def test_over_every_draw_within_pairs_of_clusters_the_variance_is_not_too_small():
    cluster, control = clustered_world([5] * 10)
    pair = cluster // 2
    found = []
    for heads in product((0, 1), repeat=5):
        arm = (cluster % 2 == np.array(heads)[pair]).astype(np.int64)
        y = control + 0.5 * arm * pair
        found.append(clustered_paired_difference(y, arm, pair, tuple("ABCDE")).total)
    estimates = np.array([each.estimate for each in found])
    assert estimates.mean() == pytest.approx(1.0, abs=1e-12)
    assert np.mean([each.variance for each in found]) >= estimates.var()


def test_pairs_of_clusters_beside_larger_blocks_are_pooled():
    cluster, y = clustered_world([4] * 8)
    block = np.array([0, 0, 1, 1, 2, 2, 2, 2])[cluster]
    arm = (cluster % 2).astype(np.int64)
    found = blocked_clustered_difference(y, arm, block, cluster, ("A", "B", "C"))
    assert found.pooled.tolist() == [True, True, False]
    alone = clustered_difference(y[block == 2], arm[block == 2], cluster[block == 2]).total
    pairs = (found.effect[0] - found.effect[1]) ** 2 / 4
    assert found.total.variance == pytest.approx(alone.variance / 4 + pairs / 4, rel=1e-12)


def test_pairs_of_persons_agree_with_the_hybrid():
    y, arm, pair = np.arange(10.0) ** 1.5, np.tile([0, 1], 5), np.repeat(np.arange(5), 2)
    found = paired_difference(y, arm, pair, tuple("ABCDE")).total
    hybrid = hybrid_difference(y, arm, pair, tuple("ABCDE")).total
    assert (found.estimate, found.variance, found.df) == pytest.approx(
        (hybrid.estimate, hybrid.variance, hybrid.df), rel=1e-12
    )


def test_a_pair_that_lost_a_person_is_left_out_and_counted():
    y, arm, pair = np.array([1.0, 2, 4, 6, 5, np.nan]), np.tile([0, 1], 3), np.repeat(np.arange(3), 2)
    found = paired_difference(y, arm, pair, tuple("ABC"))
    assert found.whole.tolist() == [True, True, False]
    assert (found.total.estimate, found.n) == (1.5, (2, 2))


def test_a_pair_of_three_persons_is_refused_by_name():
    y, arm, pair = np.arange(5.0), np.array([0, 1, 1, 0, 1]), np.array([0, 0, 0, 1, 1])
    with pytest.raises(EstimationError) as caught:
        paired_difference(y, arm, pair, ("A", "B"))
    assert caught.value.where == "block A"


def test_a_cluster_in_both_arms_is_refused():
    with pytest.raises(EstimationError) as caught:
        clustered_difference(np.arange(4.0), np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1]))
    assert "cluster lies in two arms" in caught.value.what


def test_one_cluster_in_an_arm_is_refused():
    with pytest.raises(EstimationError) as caught:
        clustered_difference(np.arange(6.0), np.array([0, 0, 1, 1, 1, 1]), np.array([0, 0, 1, 1, 2, 2]))
    assert "cluster" in caught.value.found


def test_clusters_that_do_not_differ_have_no_variance():
    found = clustered_difference(np.ones(8), np.tile([0, 1], 4), np.arange(8)).total
    assert found.variance == 0
    assert math.isfinite(found.df) or math.isnan(found.df)


def test_a_person_without_a_value_counts_in_no_cluster():
    cluster, y = clustered_world([3, 4, 2, 5])
    arm = (cluster % 2).astype(np.int64)
    y[0] = np.nan
    found, kept = clustered_difference(y, arm, cluster).total, np.arange(1, len(y))
    without = clustered_difference(y[kept], arm[kept], cluster[kept]).total
    assert (found.estimate, found.variance, found.df) == pytest.approx(
        (without.estimate, without.variance, without.df), rel=1e-12
    )
