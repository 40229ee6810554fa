"""One estimate with its variance and degrees of freedom, and how degrees of freedom of several parts combine."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ctieval.domain.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate and its uncertainty.

    Attributes:
        estimate: Estimate in the unit of the outcome.
        variance: Its estimated variance, in the unit squared.
        df: Degrees of freedom of the variance; infinite for a normal reference, NaN where nothing varies.
    """

    estimate: float
    variance: float
    df: float

    @property
    def std_error(self) -> float:
        """Standard error, in the unit of the estimate."""
        return math.sqrt(self.variance)


def satterthwaite(part: FloatArray, df: FloatArray) -> float:
    r"""Degrees of freedom of a sum of independent variance estimates.

    .. math:: \nu = \frac{(\sum_c \widehat V_c)^2}{\sum_c \widehat V_c^2 / \nu_c}

    Args:
        part: Variance estimates, any shape.
        df: Degrees of freedom of each; of a part that is 0 they are not read.

    Returns:
        Degrees of freedom; NaN where every part is 0.

    References:
        Satterthwaite, F. E. (1946). An approximate distribution of estimates of variance components.
        Biometrics Bulletin 2(6), 110-114, doi:10.2307/3002019.

    Examples:
        >>> import numpy as np
        >>> satterthwaite(np.array([1.0, 1.0]), np.array([4.0, 4.0]))
        8.0
    """
    told = part > 0
    if not told.any():
        return math.nan
    share = part[told] / part[told].sum()
    return float(1 / (share**2 / df[told]).sum())


def quadratic_form_df(weight: FloatArray, centre: FloatArray, working: FloatArray) -> float:
    r"""Degrees of freedom of a weighted sum of squared deviations of independent estimates.

    For :math:`Q = \sum_k a_k (t_k - \sum_j c_j t_j)^2` with independent :math:`t_k` of variance :math:`s_k`,

    .. math:: \nu = \frac{(\operatorname{tr} A C)^2}{\operatorname{tr} A C A C}, \quad
              C = (I - 1c')\, S\, (I - c1')

    which is reckoned from sums over k alone.

    Args:
        weight: The weights a, shape (K,).
        centre: The weights c of the mean that is taken off, adding up to 1, shape (K,).
        working: Variances s, up to a common factor, shape (K,).

    Returns:
        Degrees of freedom; K - 1 where all weights and variances are alike.

    References:
        Bell, R. M. & McCaffrey, D. F. (2002). Bias reduction in standard errors for linear regression with multi-stage
        samples. Survey Methodology 28(2), 169-181.

    Examples:
        >>> import numpy as np
        >>> round(quadratic_form_df(np.ones(5), np.full(5, 0.2), np.ones(5)), 12)
        4.0
    """
    trace, squares = quadratic_form_traces(weight, centre, working)
    return trace**2 / squares if squares > 0 else math.nan


def quadratic_form_traces(weight: FloatArray, centre: FloatArray, working: FloatArray) -> tuple[float, float]:
    """Return the two traces of ``quadratic_form_df``: of A C, and of its square."""
    lean = working * centre
    common = float(centre @ lean)
    diagonal = common - 2 * lean
    zeroth, first, second = (float(weight @ lean**power) for power in range(3))
    everybody = common**2 * zeroth**2 + 2 * zeroth * second + 2 * first**2 - 4 * common * zeroth * first
    own = weight**2 @ ((working + diagonal) ** 2 - diagonal**2)
    return float(weight @ (working + diagonal)), float(everybody + own)
