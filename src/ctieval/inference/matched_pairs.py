"""Matched pairs, of persons and of clusters: the differences within pairs, and how far they lie apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.errors import EstimationError
from ctieval.inference.cells import Cells, count_cells
from ctieval.inference.estimable import check_finite, name_blocks
from ctieval.inference.estimate import Estimate


@dataclass(frozen=True, slots=True, eq=False)
class PairedEstimate:
    """An effect averaged over matched pairs.

    Attributes:
        total: The average effect, its variance and degrees of freedom.
        difference: Difference within each whole pair, in the unit of the outcome.
        whole: True for a pair with a value in both arms, shape (pairs,); the others are left out.
        n: Persons with a value in the whole pairs: control, intervention.
    """

    total: Estimate
    difference: FloatArray
    whole: BoolArray
    n: tuple[int, int]


def paired_difference(values: FloatArray, arm: IntArray, pair: IntArray, labels: tuple[str, ...]) -> PairedEstimate:
    r"""Mean of the differences within pairs of persons.

    Estimand: the average effect, each whole pair counting once.

    .. math:: \hat\tau = \frac1K \sum_k d_k, \qquad \widehat V = \frac{\sum_k (d_k - \hat\tau)^2}{K (K - 1)}, \qquad
              \nu = K - 1

    A pair of which one person has no value says nothing about the effect; it is left out and counted.

    Args:
        values: Outcome, shape (n,), any unit; NaN where not observed.
        arm: 0 or 1, shape (n,); one person of a pair in each.
        pair: Number of the pair from 0, shape (n,).
        labels: Label of each pair.

    Returns:
        The average effect and the differences.

    Raises:
        EstimationError: If a value is infinite.
        EstimationError: If an arm of a pair has two persons.
        EstimationError: If fewer than two pairs are whole.

    References:
        Imbens, G. W. & Rubin, D. B. (2015). Causal Inference for Statistics, Social, and Biomedical Sciences, ch. 10.
        Cambridge University Press.

    Examples:
        >>> y, arm = np.array([1.0, 2, 4, 6, 5, 8]), np.array([0, 1, 0, 1, 0, 1])
        >>> found = paired_difference(y, arm, np.array([0, 0, 1, 1, 2, 2]), ("A", "B", "C"))
        >>> found.total.estimate, round(found.total.variance, 12), found.total.df
        (2.0, 0.333333333333, 2.0)
    """
    cells, whole = _whole_pairs(values, arm, pair, labels)
    crowded = np.bincount(2 * pair + arm, minlength=2 * len(labels)).reshape(-1, 2).max(axis=1) > 1
    if crowded.any():
        raise EstimationError(
            what="a matched pair holds more than two persons",
            where=name_blocks(crowded, labels),
            found=f"{int(crowded.sum())} pairs with two persons or more in an arm",
            expected="one person of each pair in each arm",
            do="declare the pairs as blocks, or the clusters that were paired",
        )
    return _average(cells, whole, np.ones(int(whole.sum())))


def clustered_paired_difference(
    values: FloatArray, arm: IntArray, pair: IntArray, labels: tuple[str, ...]
) -> PairedEstimate:
    r"""Differences within pairs of clusters, averaged by the persons of a pair.

    Estimand: the average effect, each person counting once.

    .. math::
        \hat\tau = \sum_k \frac{n_k}{n} (\bar y_{k1} - \bar y_{k0}), \qquad
        \widehat V = \frac{K}{(K - 1)\, n^2} \sum_k \Big(n_k (\bar y_{k1} - \bar y_{k0}) - \frac{n \hat\tau}{K}\Big)^2

    with K - 1 degrees of freedom. Each pair is two clusters, one in each arm. Where the clusters of a pair differ in
    size the estimate is consistent and not exactly unbiased.

    Args:
        values: Outcome, shape (n,), any unit; NaN where not observed.
        arm: 0 or 1, shape (n,), the same for all persons of a cluster.
        pair: Number of the pair from 0, shape (n,).
        labels: Label of each pair.

    Returns:
        The average effect and the differences.

    Raises:
        EstimationError: If a value is infinite.
        EstimationError: If fewer than two pairs are whole.

    References:
        Imai, K., King, G. & Nall, C. (2009). The essential role of pair matching in cluster-randomized experiments.
        Statistical Science 24(1), 29-53, doi:10.1214/08-STS274, eq. 6.

    Examples:
        >>> y, arm = np.array([1.0, 2, 4, 6, 5, 8]), np.array([0, 1, 0, 1, 0, 1])
        >>> clustered_paired_difference(y, arm, np.array([0, 0, 1, 1, 1, 1]), ("A", "B")).total.df
        1.0
    """
    cells, whole = _whole_pairs(values, arm, pair, labels)
    return _average(cells, whole, cells.n[whole].sum(axis=1))


def _whole_pairs(values: FloatArray, arm: IntArray, pair: IntArray, labels: tuple[str, ...]) -> tuple[Cells, BoolArray]:
    check_finite(values)
    cells = count_cells(values, arm, pair, len(labels))
    whole: BoolArray = np.all(cells.n > 0, axis=1)
    if whole.sum() < 2:
        raise EstimationError(
            what="the effect cannot be estimated from matched pairs",
            where="the pairs",
            found=f"{int(whole.sum())} of {len(labels)} pairs with a value in both arms",
            expected="at least two pairs with a value in both arms",
            do="find the missing outcomes, or describe the arms without an effect",
        )
    return cells, whole


def _average(cells: Cells, whole: BoolArray, weight: FloatArray) -> PairedEstimate:
    difference = cells.mean[whole, 1] - cells.mean[whole, 0]
    share, pairs = weight / weight.sum(), len(weight)
    estimate = float(share @ difference)
    variance = float(((share * difference - estimate / pairs) ** 2).sum()) * pairs / (pairs - 1)
    control, intervention = cells.n[whole].sum(axis=0).astype(int).tolist()
    return PairedEstimate(Estimate(estimate, variance, float(pairs - 1)), difference, whole, (control, intervention))
