"""One test of all characteristics together: how far apart the arms are, against all that the design could give."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ctieval.assignment.balance.tail import clopper_pearson, tail_probability
from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.domain.balance_table import Omnibus


@dataclass(frozen=True, slots=True, eq=False)
class Metric:
    """How far a vector of differences is from the middle of all that the design gives.

    Attributes:
        centre: Middle, shape (k,).
        whitening: Brings differences to independent directions of spread 1, shape (k, rank).
    """

    centre: FloatArray
    whitening: FloatArray

    @property
    def rank(self) -> int:
        """Directions in which the arms can differ."""
        return self.whitening.shape[1]

    def distance(self, differences: FloatArray) -> FloatArray:
        """Return the squared distance of each row, shape (r,), from rows of shape (r, k)."""
        return (((differences - self.centre) @ self.whitening) ** 2).sum(axis=1)


def build_metric(covariance: FloatArray, centre: FloatArray) -> Metric:
    r"""Build the distance under a covariance, by its pseudo-inverse.

    .. math:: d^2 = (d - \mu)^\top \Sigma^+ (d - \mu)

    Directions in which the covariance is zero, such as the last of a characteristic's categories, or a
    characteristic on which the draw is blocked, are left out.

    Args:
        covariance: Covariance of the differences under the design, shape (k, k).
        centre: Their mean under the design, shape (k,).

    Examples:
        Two columns that are the same count once.

        >>> metric = build_metric(np.array([[4.0, 4.0], [4.0, 4.0]]), np.zeros(2))
        >>> metric.rank, metric.distance(np.array([[2.0, 2.0]])).round(9)
        (1, array([1.]))
    """
    spread = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    usable = spread > NO_SPREAD
    unit = np.where(usable, 1 / np.where(usable, spread, 1.0), 0.0)
    values, vectors = np.linalg.eigh(covariance * np.outer(unit, unit))
    kept = values > _NO_DIRECTION * max(len(values), 1)
    return Metric(centre, unit[:, None] * vectors[:, kept] / np.sqrt(values[kept]))


NO_SPREAD = 1e-9
_NO_DIRECTION = 1e-9
"""Columns have spread 1 before they are compared, and their correlations are exact to about 1e-15."""


def fixed_covariance(values: FloatArray, arm: IntArray, block: IntArray, weight: FloatArray) -> FloatArray:
    r"""Covariance of the differences where the design fixes how many of each block come into each arm.

    .. math::
        \mathrm{Cov}(d_j, d_k) = \sum_b w_b^2 \Big(\frac{1}{n_{b0}} + \frac{1\{j = k\}}{n_{bj}}\Big) S_b

    where :math:`S_b` is the covariance of the columns in block b, with :math:`n_b - 1` in its denominator. It is
    that of sampling without replacement, and holds exactly.

    Args:
        values: The columns, shape (n, k), without gaps.
        arm: Arm of each person, shape (n,), some in every arm of every block.
        block: Number of each person's block, shape (n,).
        weight: Weight of each block, shape (blocks,).

    Returns:
        The covariance, shape (interventions * k, interventions * k), by interventions and then by columns.

    References:
        Hansen, B. B. & Bowers, J. (2008). Covariate balance in simple, stratified and clustered comparative studies.
        Statistical Science 23(2), 219-236, doi:10.1214/08-STS254, section 3.

    Examples:
        >>> age, arm, one_block = np.array([[36.0], [40.0], [39.0], [43.0]]), np.array([0, 0, 1, 1]), np.zeros(4, int)
        >>> fixed_covariance(age, arm, one_block, np.ones(1)).round(3)
        array([[8.333]])
    """
    n_arms, k = int(arm.max()) + 1, values.shape[1]
    total = np.zeros(((n_arms - 1) * k, (n_arms - 1) * k))
    for number, share in enumerate(weight):
        own = block == number
        n = np.bincount(arm[own], minlength=n_arms)
        scatter = values[own] - values[own].mean(axis=0)
        within = scatter.T @ scatter / max(int(own.sum()) - 1, 1)
        total += share**2 * np.kron(1 / n[0] + np.diag(1 / n[1:]), within)
    return total


def drawn_metric(differences: FloatArray, weight: FloatArray) -> Metric:
    """Build the distance under the covariance of the draws themselves, shape (m, k), with their probabilities."""
    centre = weight @ differences
    centred = differences - centre
    return build_metric((centred * weight[:, None]).T @ centred, centre)


def check_all(found: FloatArray, drawn: FloatArray, weight: FloatArray, metric: Metric, *, sampled: bool) -> Omnibus:
    r"""Test all characteristics together by the draws of the design.

    Where every assignment was gone through, the p-value is the probability of those at least as far apart, the one
    that was made among them. Where they were drawn anew, it is :math:`(1 + c) / (1 + R)`: the assignment that was
    made stands first among them.

    Args:
        found: Differences that were found, shape (k,).
        drawn: Differences of the draws, shape (m, k).
        weight: Their probabilities, shape (m,).
        metric: The distance.
        sampled: True where the assignments were drawn anew.

    References:
        Hansen, B. B. & Bowers, J. (2008). Covariate balance in simple, stratified and clustered comparative studies.
        Statistical Science 23(2), 219-236, doi:10.1214/08-STS254.
        Phipson, B. & Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical Applications in
        Genetics and Molecular Biology 9(1), article 39, doi:10.2202/1544-6115.1585.
    """
    distance = metric.distance(found[None, :])
    p_value = float(tail_probability(distance, metric.distance(drawn), weight)[0])
    low, high = math.nan, math.nan
    if sampled:
        low, high = clopper_pearson(round(p_value * len(weight)) - 1, len(weight) - 1)
    return Omnibus(float(distance[0]), metric.rank, p_value, low, high)
