"""Student's t: from an estimate, its standard error and its degrees of freedom to a p-value and an interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from ctieval.domain.arrays import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class StudentInterval:
    """Test of no effect and confidence interval.

    Attributes:
        statistic: ``estimate / std_error``, shape (k,).
        p_value: Two-sided p-value, shape (k,).
        conf_low: Lower end, shape (k,), in the unit of the estimate.
        conf_high: Upper end, shape (k,).
    """

    statistic: FloatArray
    p_value: FloatArray
    conf_low: FloatArray
    conf_high: FloatArray


def student_interval(estimate: FloatArray, std_error: FloatArray, df: FloatArray, conf_level: float) -> StudentInterval:
    r"""Two-sided test of no effect and interval by Student's t.

    .. math:: t = \hat\tau / \mathrm{se}, \qquad \hat\tau \pm t_{\nu, (1 + \gamma)/2}\, \mathrm{se}

    Args:
        estimate: Estimates, shape (k,).
        std_error: Standard errors, shape (k,); where one is 0 or NaN, everything is NaN.
        df: Degrees of freedom, shape (k,).
        conf_level: Level of the interval, in (0, 1).

    Examples:
        >>> student_interval(np.array([2.0]), np.array([1.0]), np.array([10.0]), 0.95).conf_low.round(3)
        array([-0.228])
    """
    usable = np.where(std_error > 0, std_error, np.nan)
    statistic = estimate / usable
    half = stdtrit(df, (1 + conf_level) / 2) * usable
    p_value = 2 * stdtr(df, -np.abs(statistic))
    return StudentInterval(statistic, p_value, estimate - half, estimate + half)
