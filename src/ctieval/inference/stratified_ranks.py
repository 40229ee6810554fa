"""Comparisons by rank within the strata of a draw."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr
from scipy.stats import rankdata

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.errors import EstimationError
from ctieval.inference.estimable import check_both_arms
from ctieval.inference.estimate import Estimate, satterthwaite
from ctieval.inference.ranks import compare_ranks


@dataclass(frozen=True, slots=True)
class StratifiedRanks:
    """A comparison of two arms by rank within strata.

    Attributes:
        superiority: Probability that somebody of the intervention has more than somebody of the control of the same
            stratum, ties counting half; strata weigh by their persons.
        z: Van Elteren's statistic: the sum over strata, in standard deviations under no effect.
        p_value: Two-sided p-value of no effect, from the normal distribution.
    """

    superiority: Estimate
    z: float
    p_value: float


def compare_stratified_ranks(values: FloatArray, arm: IntArray, stratum: IntArray) -> StratifiedRanks:
    r"""Van Elteren's test, and the probability of superiority within strata.

    .. math::
        z = \frac{\sum_b (W_b - E W_b) / (n_b + 1)}{\sqrt{\sum_b V_b / (n_b + 1)^2}}, \qquad
        V_b = \frac{n_{b1} n_{b0}}{n_b (n_b - 1)} \sum_i (r_{bi} - \bar r_b)^2

    with the sum of ranks W of the intervention within each stratum, ties having their mean rank. The probability is
    the average of ``compare_ranks`` over strata by persons; its variance needs two persons in each arm of each.

    Args:
        values: Outcome, shape (n,), any unit or order; NaN where not observed.
        arm: 0 or 1, shape (n,).
        stratum: Number of the stratum from 0, shape (n,).

    Returns:
        The probability of superiority and the test.

    Raises:
        EstimationError: If a value is infinite, or fewer than two persons have a value in an arm.
        EstimationError: If an arm of a stratum has fewer than two persons with a value.

    References:
        Van Elteren, P. H. (1960). On the combination of independent two-sample tests of Wilcoxon. Bulletin of the
        International Statistical Institute 37(3), 351-361.

    Examples:
        >>> y, arm = np.array([1.0, 2, 3, 4, 2, 4, 6, 8]), np.array([0, 0, 1, 1, 0, 0, 1, 1])
        >>> found = compare_stratified_ranks(y, arm, np.array([0, 0, 0, 0, 1, 1, 1, 1]))
        >>> found.superiority.estimate, round(found.z, 6)
        (1.0, 2.19089)
    """
    check_both_arms(values, arm)
    known = ~np.isnan(values)
    y, drawn, number = values[known], arm[known], stratum[known]
    strata = np.unique(number)
    _check_strata(drawn, number, strata)
    parts = [_stratum(y[number == each], drawn[number == each]) for each in strata]
    share = np.array([float((number == each).mean()) for each in strata])
    moved, spread = sum(part[0] for part in parts), sum(part[1] for part in parts)
    z = moved / math.sqrt(spread) if spread > 0 else math.nan
    theta = [part[2] for part in parts]
    variance = share**2 * np.array([each.variance for each in theta])
    total = Estimate(
        float(share @ np.array([each.estimate for each in theta])),
        float(variance.sum()),
        satterthwaite(variance, np.array([each.df for each in theta])),
    )
    return StratifiedRanks(total, z, 2 * float(ndtr(-abs(z))))


def _stratum(y: FloatArray, drawn: IntArray) -> tuple[float, float, Estimate]:
    """How far the sum of ranks is from its mean, its variance, both weighed by van Elteren, and the probability."""
    ranks, n, n1 = rankdata(y), len(y), int(drawn.sum())
    away = float(ranks[drawn == 1].sum()) - n1 * (n + 1) / 2
    spread = n1 * (n - n1) / (n * (n - 1)) * float(((ranks - ranks.mean()) ** 2).sum())
    return away / (n + 1), spread / (n + 1) ** 2, compare_ranks(y, drawn).superiority


def _check_strata(drawn: IntArray, number: IntArray, strata: IntArray) -> None:
    few: BoolArray = np.array([np.bincount(drawn[number == each], minlength=2).min() < 2 for each in strata])
    if few.any():
        raise EstimationError(
            what="the ranks cannot be compared within strata",
            where="the strata",
            found=f"{int(few.sum())} with fewer than two persons with a value in an arm",
            expected="at least two persons with a value in each arm of each stratum",
            do="take the difference in means, whose variance small blocks can share",
        )
