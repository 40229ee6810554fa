"""Whether as many were drawn into each arm of each block as the design says; who is lost since shows here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np
from scipy.special import gammaln, xlogy

from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.domain.balance_table import BlockRatio, RatioBasis, SampleRatio

_MOST_OUTCOMES = 1_000_000
_DRAWS = 99_999
_TIES = 1e-9
_DIGITS = 9


def check_sample_ratio(
    drawn: IntArray, probability: FloatArray, labels: Sequence[str], basis: RatioBasis
) -> SampleRatio:
    """Hold the numbers drawn against the design, block by block.

    Where the design fixes the numbers there is nothing to test: they are as they should be, or the draw is not that
    of the design. Where it leaves them to chance, or where the arms come from elsewhere with a declared share, each
    block is tested exactly, and the p-values are adjusted for the number of blocks by Holm's method.

    Args:
        drawn: Units drawn, shape (blocks, arms), the control first: persons, or clusters where those are drawn.
        probability: Probability of each arm, shape (blocks, arms).
        labels: Labels of the blocks.
        basis: What the numbers are held against.

    References:
        Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of Statistics
        6(2), 65-70.

    Examples:
        >>> half, labels = np.full((2, 2), 0.5), ("east", "west")
        >>> found = check_sample_ratio(np.array([[50, 50], [30, 60]]), half, labels, RatioBasis.CHANCE)
        >>> [round(block.p_holm, 4) for block in found.blocks]
        [1.0, 0.0041]
    """
    if basis is RatioBasis.CHANCE:
        p_value = np.array([multinomial_p(*each) for each in zip(drawn, probability, strict=True)])
        p_holm = holm(p_value)
    else:
        p_value = p_holm = np.full(len(drawn), math.nan)
    expected = np.round(drawn.sum(axis=1, keepdims=True) * probability, _DIGITS)
    return SampleRatio(
        basis,
        tuple(
            BlockRatio(
                block=label,
                drawn=tuple(int(n) for n in drawn[number]),
                expected=tuple(float(n) for n in expected[number]),
                p_value=float(p_value[number]),
                p_holm=float(p_holm[number]),
            )
            for number, label in enumerate(labels)
        ),
    )


def multinomial_p(counts: IntArray, probability: FloatArray) -> float:
    r"""Exact probability of numbers that are at most as likely as those found.

    .. math:: p = \sum_{m : P(m) \le P(n)} P(m)

    Args:
        counts: Numbers in each arm, shape (arms,).
        probability: Declared probabilities, shape (arms,), above 0.

    Returns:
        The p-value; with several arms and so many persons that not all numbers can be gone through, drawn from the
        declared probabilities, :math:`(1 + c) / (1 + R)`.

    Examples:
        Two tails of the binomial: 15 of 20 by the throw of a coin.

        >>> round(multinomial_p(np.array([5, 15]), np.array([0.5, 0.5])), 6)
        0.041389
    """
    n, arms = int(counts.sum()), len(counts)
    if math.comb(n + arms - 1, arms - 1) <= _MOST_OUTCOMES:
        likelihood = _log_likelihood(_compositions(n, arms), probability)
        weight = np.exp(likelihood)
    else:
        rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(n)))
        drawn = np.vstack([counts, rng.multinomial(n, probability, size=_DRAWS)])
        likelihood, weight = _log_likelihood(drawn, probability), np.full(1 + _DRAWS, 1 / (1 + _DRAWS))
    found = _log_likelihood(counts[None, :], probability)[0]
    return float(min(1.0, weight[likelihood <= found + _TIES].sum()))


def holm(p_value: FloatArray) -> FloatArray:
    """Adjust p-values for their number by Holm's step-down method.

    Examples:
        >>> holm(np.array([0.01, 0.04, 0.03])).round(3)
        array([0.03, 0.06, 0.06])
    """
    order = np.argsort(p_value)
    adjusted = np.maximum.accumulate(p_value[order] * np.arange(len(p_value), 0, -1))
    result = np.empty_like(p_value)
    result[order] = np.minimum(adjusted, 1.0)
    return result


def _compositions(n: int, arms: int) -> IntArray:
    """All ways to divide n over the arms, shape (ways, arms)."""
    if arms == 2:
        first = np.arange(n + 1)
        return np.column_stack([first, n - first])
    bars = np.array(list(combinations(range(n + arms - 1), arms - 1)), dtype=np.int64)
    edges = np.column_stack([np.full(len(bars), -1), bars, np.full(len(bars), n + arms - 1)])
    return np.diff(edges, axis=1) - 1


def _log_likelihood(counts: IntArray, probability: FloatArray) -> FloatArray:
    return gammaln(counts.sum(axis=1) + 1) + (xlogy(counts, probability) - gammaln(counts + 1)).sum(axis=1)
