"""Shares of all draws that are at least as far out as one, and how well a sample of them is known."""

from __future__ import annotations

import numpy as np
from scipy.special import betaincinv

from ctieval.domain.arrays import FloatArray

_RELATIVE = 1e-9
_ABSOLUTE = 1e-12
_DIGITS = 12
"""Statistics of two assignments that are equal on paper differ in their last digits, and so do sums of weights."""


def tail_probability(found: FloatArray, statistic: FloatArray, weight: FloatArray) -> FloatArray:
    r"""Share of the draws whose statistic is at least as large as found.

    .. math:: p_i = \sum_m w_m 1\{T_m \ge T_i\}

    Args:
        found: Statistics to judge, shape (i,), 0 or larger.
        statistic: Statistics of the draws, shape (m,), 0 or larger.
        weight: Probabilities of the draws, shape (m,), that add up to 1.

    Returns:
        Shares, shape (i,); ties are counted as at least as large.

    Examples:
        >>> tail_probability(np.array([1.0, 3.0]), np.array([0.0, 1.0, 1.0, 3.0]), np.full(4, 0.25))
        array([0.75, 0.25])
    """
    order = np.argsort(statistic)
    above = np.append(np.cumsum(weight[order][::-1])[::-1], 0.0)
    first = np.searchsorted(statistic[order], found * (1 - _RELATIVE) - _ABSOLUTE)
    return np.minimum(np.round(above[first], _DIGITS), 1.0)


def share_within(statistic: FloatArray, weight: FloatArray, share: float) -> float:
    """Return the smallest value that at least a share of the draws stays within."""
    order = np.argsort(statistic)
    reached = np.cumsum(weight[order])
    return float(statistic[order][min(int(np.searchsorted(reached, share * (1 - _RELATIVE))), len(order) - 1)])


def clopper_pearson(successes: int, trials: int, conf_level: float = 0.95) -> tuple[float, float]:
    """Exact interval of a probability from draws of a yes or no.

    Args:
        successes: Draws with a yes.
        trials: All draws.
        conf_level: Level of the interval.

    References:
        Clopper, C. J. & Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in the case of
        the binomial. Biometrika 26(4), 404-413. doi:10.1093/biomet/26.4.404.

    Examples:
        >>> low, high = clopper_pearson(50, 1000)
        >>> round(low, 4), round(high, 4)
        (0.0373, 0.0654)
    """
    tail = (1 - conf_level) / 2
    low = float(betaincinv(successes, trials - successes + 1, tail)) if successes else 0.0
    high = float(betaincinv(successes + 1, trials - successes, 1 - tail)) if successes < trials else 1.0
    return low, high
