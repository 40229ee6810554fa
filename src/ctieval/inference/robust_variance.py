"""Robust variances of one contrast of a regression, of persons and of clusters, with Bell-McCaffrey's df.

Nothing larger than p by p is ever inverted or decomposed, however many persons a cluster has. With orthonormal columns
:math:`Z = X T` the block of a cluster in the hat matrix is :math:`Z_g Z_g'`, so that

.. math:: Z_g' (I - Z_g Z_g')^{-1/2} e_g = (I - Z_g'Z_g)^{-1/2} Z_g' e_g,

and with the working model of equal, independent variances the variance estimate is a quadratic form whose matrix is
diagonal less one of rank p.

References:
    Bell, R. M. & McCaffrey, D. F. (2002). Bias reduction in standard errors for linear regression with multi-stage
    samples. Survey Methodology 28(2), 169-181.
    Imbens, G. W. & Kolesár, M. (2016). Robust standard errors in small samples: some practical advice. Review of
    Economics and Statistics 98(4), 701-712, doi:10.1162/REST_a_00552.
    Pustejovsky, J. E. & Tipton, E. (2018). Small-sample methods for cluster-robust variance estimation and hypothesis
    testing in fixed effects models. Journal of Business & Economic Statistics 36(4), 672-683,
    doi:10.1080/07350015.2016.1247004.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.inference.least_squares import LeastSquares, rows_in_parts

FULL_LEVERAGE = 1e-9
ROWS_OF_CLUSTERS = 131_072


class PersonCorrection(StrEnum):
    """How the squared residual of a person is corrected for her leverage h.

    ``HC0``: not at all. ``HC1``: all by n / (n - p). ``HC2``: by 1 / (1 - h), unbiased under equal variances. ``HC3``:
    by 1 / (1 - h)².
    """

    HC0 = "HC0"
    HC1 = "HC1"
    HC2 = "HC2"
    HC3 = "HC3"


class ClusterCorrection(StrEnum):
    """How the residuals of a cluster are corrected for its leverage H.

    ``CR0``: not at all. ``CR1``: all by G / (G - 1). ``CR1S``: by G (n - 1) / ((G - 1)(n - p)), as Stata. ``CR2``: by
    (I - H)^(-1/2), unbiased under equal, independent variances. ``CR3``: by (I - H)^(-1).
    """

    CR0 = "CR0"
    CR1 = "CR1"
    CR1S = "CR1S"
    CR2 = "CR2"
    CR3 = "CR3"


@dataclass(frozen=True, slots=True)
class ContrastVariance:
    """Variance of one contrast.

    Attributes:
        variance: Variance, in the unit of the contrast squared; NaN where it rests on a dropped column.
        df: Bell-McCaffrey degrees of freedom.
        full_leverage: Persons, or directions of clusters, that the regression fits whatever their outcome; they tell
            nothing of the spread and are left out of the variance.
    """

    variance: float
    df: float
    full_leverage: int


LEVERAGE_POWER = {
    PersonCorrection.HC0: 0.0,
    PersonCorrection.HC1: 0.0,
    PersonCorrection.HC2: 1.0,
    PersonCorrection.HC3: 2.0,
}
"""By which power of 1 / (1 - h) a squared residual is multiplied."""

_CLUSTER_POWER = {
    ClusterCorrection.CR0: 0.0,
    ClusterCorrection.CR1: 0.0,
    ClusterCorrection.CR1S: 0.0,
    ClusterCorrection.CR2: 0.5,
    ClusterCorrection.CR3: 1.0,
}


def variance_of_contrast(
    x: FloatArray, fit: LeastSquares, contrast: FloatArray, *, kind: PersonCorrection = PersonCorrection.HC2
) -> ContrastVariance:
    r"""Return the robust variance of a contrast, persons being independent.

    .. math:: \hat V = \sum_i (c'(X'X)^{-1} x_i)^2 \, e_i^2 \, (1 - h_i)^{-\delta}, \quad
              \nu = \frac{(\operatorname{tr} P)^2}{\operatorname{tr} P^2}, \quad
              P_{ij} = a_i (1[i = j] - h_{ij}) a_j

    with :math:`\delta` 0, 1 or 2 and :math:`a_i = c'(X'X)^{-1} x_i (1 - h_i)^{-\delta / 2}`.

    Args:
        x: Columns, shape (n, p), as they were fitted.
        fit: The fitted regression.
        contrast: Weights of the coefficients, shape (p,).
        kind: Correction for leverage.

    Returns:
        Variance and degrees of freedom.

    Examples:
        >>> from ctieval.inference.least_squares import fit_least_squares
        >>> x = np.column_stack([np.ones(4), [0.0, 0, 1, 1]])
        >>> found = variance_of_contrast(x, fit_least_squares(x, np.array([1.0, 2, 3, 6])), np.array([0.0, 1]))
        >>> round(found.variance, 12), round(found.df, 12)
        (2.5, 2.0)
    """
    direction = _direction(fit, contrast)
    if direction is None:
        return ContrastVariance(math.nan, math.nan, 0)
    k, turn = len(direction), np.ascontiguousarray(fit.root.T)
    variance, trace, squares, cross, full = 0.0, 0.0, 0.0, np.zeros((k, k)), 0
    for part in rows_in_parts(len(x)):
        z = turn @ (x[part] if fit.kept.all() else x[part][:, fit.kept]).T
        leverage = np.einsum("ji,ji->i", z, z)
        left = 1 - leverage
        told, shrunk = correct_leverage(left, kind)
        full += len(left) - told
        weight = (direction @ z) ** 2 * shrunk
        variance += float(weight @ fit.residual[part] ** 2)
        trace += float(weight @ left)
        squares += float(weight**2 @ (1 - 2 * leverage))
        z *= np.sqrt(weight)
        cross += z @ z.T
    scale = len(x) / (len(x) - k) if kind is PersonCorrection.HC1 else 1.0
    return ContrastVariance(variance * scale, _df(trace, squares, cross), full)


def variance_of_contrast_by_cluster(
    x: FloatArray,
    fit: LeastSquares,
    contrast: FloatArray,
    cluster: IntArray,
    *,
    kind: ClusterCorrection = ClusterCorrection.CR2,
) -> ContrastVariance:
    r"""Return the robust variance of a contrast, clusters being independent.

    .. math:: \hat V = \sum_g \big( l' (I - G_g)^{-\delta} Z_g' e_g \big)^2, \quad G_g = Z_g' Z_g, \quad l = T'c

    with :math:`\delta` 0, 1/2 or 1, and Bell-McCaffrey's degrees of freedom, one cluster in the place of one person.

    Args:
        x: Columns, shape (n, p), as they were fitted.
        fit: The fitted regression.
        contrast: Weights of the coefficients, shape (p,).
        cluster: Number of each person's cluster from 0, shape (n,).
        kind: Correction for leverage.

    Returns:
        Variance and degrees of freedom.

    Examples:
        Clusters of one person give HC2.

        >>> from ctieval.inference.least_squares import fit_least_squares
        >>> x = np.column_stack([np.ones(4), [0.0, 0, 1, 1]])
        >>> fit = fit_least_squares(x, np.array([1.0, 2, 3, 6]))
        >>> round(variance_of_contrast_by_cluster(x, fit, np.array([0.0, 1]), np.arange(4)).variance, 12)
        2.5
    """
    direction = _direction(fit, contrast)
    if direction is None:
        return ContrastVariance(math.nan, math.nan, 0)
    gram, score = _cluster_moments(x, fit, cluster)
    values, vectors = np.linalg.eigh(gram)
    told = 1 - values > FULL_LEVERAGE
    power = _corrections(values, told, _CLUSTER_POWER[kind])
    turned = np.einsum("gij,i->gj", vectors, direction) * power
    lent = np.einsum("gij,gj->gi", vectors, turned)
    weighted = np.einsum("gij,gj->gi", gram, lent)
    diagonal, reach = np.einsum("gi,gi->g", lent, weighted), np.einsum("gi,gi->g", weighted, weighted)
    variance = float((np.einsum("gi,gi->g", lent, score) ** 2).sum()) * _scale(kind, len(x), len(gram), len(direction))
    df = _df(float((diagonal - reach).sum()), float((diagonal * (diagonal - 2 * reach)).sum()), weighted.T @ weighted)
    return ContrastVariance(variance, df, int((~told & (values > FULL_LEVERAGE)).sum()))


def correct_leverage(left: FloatArray, kind: PersonCorrection) -> tuple[int, FloatArray]:
    """Return how many persons tell of the spread, and what their squared residuals are multiplied by, 0 for others.

    Args:
        left: One less the leverage of each person, shape (n,).
        kind: Correction for leverage.
    """
    power = LEVERAGE_POWER[kind]
    if left.size and left.min() > FULL_LEVERAGE:
        return len(left), left**-power
    told = left > FULL_LEVERAGE
    return int(told.sum()), np.where(told, np.where(told, left, 1.0) ** -power, 0.0)


def _direction(fit: LeastSquares, contrast: FloatArray) -> FloatArray | None:
    """The contrast among orthonormal columns; None where it rests on a dropped one."""
    if np.any(contrast[~fit.kept] != 0):
        return None
    return fit.root.T @ contrast[fit.kept]


def _cluster_moments(x: FloatArray, fit: LeastSquares, cluster: IntArray) -> tuple[FloatArray, FloatArray]:
    """Cross-products of each cluster's orthonormal columns, shape (G, k, k), and their products with its residuals."""
    k, n_clusters = len(fit.root), int(cluster.max()) + 1
    narrow = cluster.astype(np.uint16) if n_clusters <= 1 << 16 else cluster
    gram, score = np.zeros((n_clusters, k, k)), np.zeros((n_clusters, k))
    for part in rows_in_parts(len(x), ROWS_OF_CLUSTERS):
        order = np.argsort(narrow[part], kind="stable")
        number = cluster[part][order]
        z = np.take(x[part] if fit.kept.all() else x[part][:, fit.kept], order, axis=0) @ fit.root
        residual = np.take(fit.residual[part], order)
        starts = np.flatnonzero(np.diff(number, prepend=-1))
        for start, end in zip(starts, np.append(starts[1:], len(number)), strict=True):
            mine = z[start:end]
            gram[number[start]] += mine.T @ mine
            score[number[start]] += mine.T @ residual[start:end]
    return gram, score


def _corrections(values: FloatArray, told: BoolArray, power: float) -> FloatArray:
    return np.where(told, np.where(told, 1 - values, 1.0) ** -power, 0.0)


def _scale(kind: ClusterCorrection, n: int, clusters: int, k: int) -> float:
    match kind:
        case ClusterCorrection.CR1:
            return clusters / (clusters - 1)
        case ClusterCorrection.CR1S:
            return clusters / (clusters - 1) * (n - 1) / (n - k)
        case _:
            return 1.0


def _df(trace: float, squares: float, cross: FloatArray) -> float:
    total = squares + float((cross**2).sum())
    return trace**2 / total if total > 0 else math.nan
