"""Comparisons by rank: who tends to have more, whatever the unit."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr
from scipy.stats import rankdata

from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.errors import EstimationError
from ctieval.inference.estimable import check_both_arms
from ctieval.inference.estimate import Estimate, satterthwaite

MOST_RANKED = 200
"""Persons up to whom the exact distribution of a sum of ranks is reckoned in well under a second."""


@dataclass(frozen=True, slots=True)
class RankComparison:
    """A comparison of two arms by rank.

    Attributes:
        superiority: Probability that somebody of the intervention has more than somebody of the control, ties counting
            half, with Brunner and Munzel's variance and degrees of freedom.
        u: Mann and Whitney's U: pairs in which the intervention has more.
        z: U in standard deviations under no effect, ties taken account of.
        p_value: Two-sided p-value of no effect, from the normal distribution.
    """

    superiority: Estimate
    u: float
    z: float
    p_value: float


def compare_ranks(values: FloatArray, arm: IntArray) -> RankComparison:
    r"""Compare two arms by ranks.

    .. math:: \hat\theta = \hat P(Y_1 > Y_0) + \tfrac12 \hat P(Y_1 = Y_0) = \frac{U}{n_1 n_0}, \qquad
              \widehat V = \frac{s_1^2}{n_1 n_0^2} + \frac{s_0^2}{n_0 n_1^2}

    with the variances s² of the placements: ranks among all less ranks in the own arm. The test of no effect takes
    :math:`\operatorname{var} U = \frac{n_1 n_0}{12} \big( n + 1 - \frac{\sum_t (t^3 - t)}{n (n - 1)} \big)` over groups
    of t ties, without continuity correction.

    Args:
        values: Outcome, shape (n,), any unit or order; NaN where not observed.
        arm: 0 or 1, shape (n,).

    Returns:
        The probability of superiority and the test.

    Raises:
        EstimationError: If a value is infinite, or fewer than two persons have a value in an arm.

    References:
        Brunner, E. & Munzel, U. (2000). The nonparametric Behrens-Fisher problem: asymptotic theory and a small-sample
        approximation. Biometrical Journal 42(1), 17-25.

    Examples:
        >>> found = compare_ranks(np.array([1.0, 2, 3, 3, 4, 5]), np.array([0, 0, 0, 1, 1, 1]))
        >>> round(found.superiority.estimate, 6), found.u
        (0.944444, 8.5)
    """
    check_both_arms(values, arm)
    y, drawn = _observed(values, arm)
    ranks, n1 = rankdata(y), int(drawn.sum())
    n0, n = len(y) - n1, len(y)
    u = float(ranks[drawn].sum() - n1 * (n1 + 1) / 2)
    parts = np.array(
        [
            float(np.var(ranks[mine] - rankdata(y[mine]), ddof=1)) / (size * other**2)
            for mine, size, other in ((drawn, n1, n0), (~drawn, n0, n1))
        ]
    )
    ties = np.unique(y, return_counts=True)[1].astype(np.float64)
    spread = n1 * n0 / 12 * (n + 1 - float((ties**3 - ties).sum()) / (n * (n - 1)))
    z = (u - n1 * n0 / 2) / math.sqrt(spread) if spread > 0 else math.nan
    theta = Estimate(u / (n1 * n0), float(parts.sum()), satterthwaite(parts, np.array([n1 - 1.0, n0 - 1.0])))
    return RankComparison(theta, u, z, 2 * float(ndtr(-abs(z))))


@dataclass(frozen=True, slots=True)
class ExactRankTest:
    """The exact distribution of the sum of ranks under a complete draw and no effect on anybody.

    Attributes:
        p_value: Probability of a sum as far from its mean, on either side.
        p_more: Probability of a sum as high: that the intervention has this much or more.
        p_less: Probability of a sum as low.
    """

    p_value: float
    p_more: float
    p_less: float


def exact_rank_test(values: FloatArray, arm: IntArray) -> ExactRankTest:
    r"""Wilcoxon's test by the exact distribution over all complete draws, ties having their mean rank.

    .. math:: p = P\big(|W - E W| \ge |w - E W|\big), \qquad W = \sum_{i \in 1} r_i

    counted by the sums that each number of persons can have, one person after another.

    Args:
        values: Outcome, shape (n,), any unit or order; NaN where not observed.
        arm: 0 or 1, shape (n,).

    Returns:
        Exact p-values; never 0, since the draw that was made is one of those counted.

    Raises:
        EstimationError: If a value is infinite, or nobody has a value in an arm.
        EstimationError: If there are more persons than ``MOST_RANKED``.

    References:
        Streitberg, B. & Röhmel, J. (1986). Exact distributions for permutation and rank tests. Statistical Software
        Newsletter 12(1), 10-17.

    Examples:
        >>> exact_rank_test(np.array([1.0, 2, 3, 4, 5, 6]), np.array([0, 0, 0, 1, 1, 1])).p_value
        0.1
    """
    check_both_arms(values, arm, fewest=1)
    y, drawn = _observed(values, arm)
    if len(y) > MOST_RANKED:
        raise EstimationError(
            what="the exact distribution of the ranks would take too long",
            where="the outcome",
            found=f"{len(y)} persons with a value",
            expected=f"at most {MOST_RANKED} persons",
            do="take the normal approximation, which is exact enough for so many",
        )
    double = np.rint(2 * rankdata(y)).astype(np.int64)
    chance = _sums(double, int(drawn.sum()))
    found = int(double[drawn].sum())
    away = np.abs(len(y) * np.arange(len(chance)) - int(drawn.sum()) * int(double.sum()))
    return ExactRankTest(
        *(min(float(chance[each].sum()), 1.0) for each in (away >= away[found], slice(found, None), slice(found + 1)))
    )


def _sums(scores: IntArray, chosen: int) -> FloatArray:
    """Probability of each sum of scores over all ways to choose so many, step by step so that nothing overflows."""
    most = int(np.sort(scores)[::-1][:chosen].sum())
    table = np.zeros((chosen + 1, most + 1))
    table[0, 0] = 1.0
    for seen, score in enumerate(scores.tolist(), start=1):
        for size in range(min(chosen, seen), 0, -1):
            table[size] *= (seen - size) / seen
            table[size, score:] += table[size - 1, : most + 1 - score] * (size / seen)
    return table[chosen]


def _observed(values: FloatArray, arm: IntArray) -> tuple[FloatArray, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    known = ~np.isnan(values)
    return values[known], arm[known] == 1
