"""The adjusted difference in means where whole clusters were drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.inference.covariates import fill_covariates
from ctieval.inference.estimable import check_both_arms
from ctieval.inference.estimate import Estimate
from ctieval.inference.least_squares import fit_least_squares
from ctieval.inference.robust_variance import ClusterCorrection, variance_of_contrast_by_cluster


@dataclass(frozen=True, slots=True)
class ClusteredAdjustment:
    """An adjusted effect where whole clusters were drawn.

    Attributes:
        total: The effect, its variance and Bell-McCaffrey's degrees of freedom.
        n: Persons with a value: control, intervention.
        clusters: Clusters with a value.
        n_missing: Persons without a value of each covariate; their gaps were filled and marked.
        dropped: Numbers of the covariates, from 0, that were left out: they do not vary, or others explain them.
        full_leverage: Directions of clusters that the regression fits whatever their outcomes.
    """

    total: Estimate
    n: tuple[int, int]
    clusters: int
    n_missing: tuple[int, ...]
    dropped: tuple[int, ...]
    full_leverage: int


def adjusted_clustered_difference(
    values: FloatArray,
    arm: IntArray,
    covariates: FloatArray,
    cluster: IntArray,
    *,
    correction: ClusterCorrection = ClusterCorrection.CR2,
) -> ClusteredAdjustment:
    r"""Lin's adjusted difference in means of persons whose clusters were drawn, with CR2.

    Estimand: the average effect, each person with a value counting once.

    .. math:: y_i = \alpha + \tau d_i + \beta' (x_i - \bar x) + \gamma' d_i (x_i - \bar x) + e_i

    with the variance of ``variance_of_contrast_by_cluster``.

    Args:
        values: Outcome, shape (n,), any unit; NaN where not observed.
        arm: 0 or 1, shape (n,), the same for all persons of a cluster.
        covariates: Covariates known before the draw, of persons or clusters, shape (n, k); NaN where missing.
        cluster: Number of the cluster from 0, shape (n,).
        correction: Correction for leverage.

    Returns:
        The effect, with what was filled and what was left out.

    Raises:
        EstimationError: If a value or covariate is infinite.
        EstimationError: If fewer than two persons have a value in an arm.

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
    y, treated = values[observed], arm[observed].astype(np.float64)
    filled = fill_covariates(covariates[observed])
    columns = filled.centred()
    x = np.column_stack([np.ones(len(y)), treated, columns, treated[:, None] * columns])
    fit = fit_least_squares(x, y)
    contrast = np.zeros(x.shape[1])
    contrast[1] = 1.0
    numbers, renumbered = np.unique(cluster[observed], return_inverse=True)
    found = variance_of_contrast_by_cluster(x, fit, contrast, renumbered, kind=correction)
    n = int(treated.sum())
    return ClusteredAdjustment(
        Estimate(float(fit.coef[1]), found.variance, found.df),
        (len(y) - n, n),
        len(numbers),
        filled.n_missing,
        filled.without(fit.kept[2 : 2 + columns.shape[1]]),
        found.full_leverage,
    )
