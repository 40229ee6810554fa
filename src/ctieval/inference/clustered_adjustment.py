"""The adjusted difference in means where whole clusters were drawn, plain and within blocks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.inference.clustered_difference import find_homes
from ctieval.inference.covariates import Covariates, fill_covariates
from ctieval.inference.estimable import check_both_arms
from ctieval.inference.estimate import Estimate, satterthwaite
from ctieval.inference.least_squares import ROUNDING, LeastSquares, fit_least_squares
from ctieval.inference.robust_variance import ClusterCorrection, variance_of_contrast_by_cluster
from ctieval.inference.small_blocks import check_cells, pool_blocks


@dataclass(frozen=True, slots=True, eq=False)
class ClusteredAdjustment:
    """An adjusted effect where whole clusters were drawn.

    Attributes:
        total: The effect, its variance and Bell-McCaffrey's degrees of freedom.
        n: Persons with a value: control, intervention.
        clusters: Clusters with a value.
        n_missing: Persons without a value of each covariate; their gaps were filled and marked.
        dropped: Numbers of the covariates, from 0, that were left out: they do not vary, or others explain them.
        full_leverage: Directions of clusters that the regression fits whatever their outcomes.
        pooled: True for a block whose variance was taken from the spread of effects, shape (blocks,).
    """

    total: Estimate
    n: tuple[int, int]
    clusters: int
    n_missing: tuple[int, ...]
    dropped: tuple[int, ...]
    full_leverage: int
    pooled: BoolArray


def adjusted_clustered_difference(
    values: FloatArray,
    arm: IntArray,
    covariates: FloatArray,
    cluster: IntArray,
    *,
    block: IntArray | None = None,
    labels: tuple[str, ...] = ("",),
    correction: ClusterCorrection = ClusterCorrection.CR2,
) -> ClusteredAdjustment:
    r"""Lin's adjusted difference in means of persons whose clusters were drawn, within blocks where there are any.

    Estimand: the average effect, each person with a value counting once.

    .. math::
        \hat\tau = \sum_b \frac{n_b}{n} (\hat\alpha_{b1} - \hat\alpha_{b0}), \qquad
        y_i = \alpha_{b(i) a(i)} + \beta_{a(i)}' (x_i - \bar x_{b(i)}) + e_i

    by least squares, each arm of each block with its own level and each arm with its own slopes, and the CR2 variance
    of ``variance_of_contrast_by_cluster`` with Bell-McCaffrey's degrees of freedom. In one pool it is the regression
    on the arm, the covariates centred at the mean of all, and their products. Blocks with one cluster in an arm are
    pooled by ``pool_blocks``, by their adjusted effects.

    Args:
        values: Outcome, shape (n,), any unit; NaN where not observed.
        arm: 0 or 1, shape (n,), the same for all persons of a cluster.
        covariates: Covariates known before the draw, of persons or clusters, shape (n, k); NaN where missing.
        cluster: Number of the cluster from 0, shape (n,).
        block: Number of the block from 0, shape (n,), the same for all persons of a cluster; one pool if None.
        labels: Label of each block.
        correction: Correction for leverage.

    Returns:
        The effect, with what was filled and what was left out.

    Raises:
        EstimationError: If a value or covariate is infinite.
        EstimationError: If fewer than two persons have a value in an arm.
        EstimationError: If a cluster has persons in two arms or blocks.
        EstimationError: If no cluster has a value in an arm of a block, or exactly one block has an arm of one cluster.

    References:
        Su, F. & Ding, P. (2021). Model-assisted analyses of cluster-randomized experiments. Journal of the Royal
        Statistical Society, Series B 83(5), 994-1015, doi:10.1111/rssb.12468.

    Examples:
        >>> y, arm = np.array([1.0, 2, 3, 5, 4, 7, 8, 8]), np.array([0, 0, 0, 0, 1, 1, 1, 1])
        >>> before, site = np.array([[1.0], [2], [3], [4], [1], [2], [3], [4]]), np.arange(8) // 2
        >>> found = adjusted_clustered_difference(y, arm, before, site)
        >>> round(found.total.estimate, 12), found.clusters
        (4.0, 4)
    """
    check_both_arms(values, arm)
    observed = ~np.isnan(values)
    y, cell = values[observed], (arm if block is None else 2 * block + arm)[observed]
    clusters = _count_clusters(cell, cluster[observed], len(labels))
    check_cells(clusters, labels, "cluster")
    n = np.bincount(cell, minlength=2 * len(labels)).reshape(-1, 2)
    filled = fill_covariates(covariates[observed])
    columns = _centre(filled, cell // 2, len(labels))
    levels = (cell[:, None] == np.arange(2 * len(labels))).astype(np.float64)
    x = np.hstack([levels, columns, (cell % 2)[:, None] * columns])
    fit = fit_least_squares(x, y)
    small = (clusters == 1).any(axis=1)
    number = np.unique(cluster[observed], return_inverse=True)[1]
    share = n.sum(axis=1) / n.sum()
    total, full = _estimate(x, fit, number, _Blocks(share, clusters, small), correction)
    return ClusteredAdjustment(
        total,
        (int(n[:, 0].sum()), int(n[:, 1].sum())),
        int(clusters.sum()),
        filled.n_missing,
        filled.without(fit.kept[levels.shape[1] : levels.shape[1] + columns.shape[1]]),
        full,
        small,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Blocks:
    """Weight of each block, clusters in its arms, and whether one of these has a single one."""

    share: FloatArray
    clusters: FloatArray
    small: BoolArray


def _count_clusters(cell: IntArray, cluster: IntArray, blocks: int) -> FloatArray:
    """Clusters in the arms of each block, shape (blocks, 2)."""
    homes = find_homes(cell, cluster)[np.unique(cluster)]
    return np.bincount(homes, minlength=2 * blocks).reshape(-1, 2).astype(np.float64)


def _centre(filled: Covariates, block: IntArray, blocks: int) -> FloatArray:
    """The columns less their means in the blocks; one that does not vary in any becomes 0, whatever rounding left."""
    if blocks == 1:
        return filled.centred()
    n = np.maximum(np.bincount(block, minlength=blocks), 1)
    columns = filled.columns
    means = [np.bincount(block, weights=column, minlength=blocks) / n for column in columns.T]
    found = columns - np.array(means).reshape(columns.shape[1], blocks).T[block]
    found[:, np.abs(found).max(axis=0, initial=0.0) <= ROUNDING * np.abs(columns).max(axis=0, initial=0.0)] = 0.0
    return found


def _estimate(
    x: FloatArray, fit: LeastSquares, cluster: IntArray, blocks: _Blocks, correction: ClusterCorrection
) -> tuple[Estimate, int]:
    """The blocks' adjusted effects, weighted; the variance of the small ones from how far they lie apart."""
    cells = 2 * len(blocks.share)
    effect = fit.coef[1:cells:2] - fit.coef[:cells:2]
    contrast = np.zeros(x.shape[1])
    contrast[1:cells:2] = np.where(blocks.small, 0.0, blocks.share)
    contrast[:cells:2] = -contrast[1:cells:2]
    part, df, full = [], [], 0
    if not blocks.small.all():
        found = variance_of_contrast_by_cluster(x, fit, contrast, cluster, kind=correction)
        alone = int((blocks.clusters == 1).sum())
        part, df, full = [found.variance], [found.df], max(found.full_leverage - alone, 0)
    if blocks.small.any():
        working = (1 / blocks.clusters[blocks.small]).sum(axis=1)
        pooled = pool_blocks(effect[blocks.small], blocks.share[blocks.small], working)
        part, df = [*part, pooled.variance], [*df, pooled.df]
    spread = np.array(part)
    return Estimate(float(blocks.share @ effect), float(spread.sum()), satterthwaite(spread, np.array(df))), full
