"""Whether an effect is small enough to count as none, or at least not too harmful."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.special import stdtr

from ctieval.errors import EstimationError
from ctieval.inference.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Equivalence:
    """Two one-sided tests against margins.

    Attributes:
        t_low: Statistic against the lower margin.
        p_low: p-value of no effect as low as the lower margin.
        t_high: Statistic against the upper margin.
        p_high: p-value of no effect as high as the upper margin.
    """

    t_low: float
    p_low: float
    t_high: float
    p_high: float

    @property
    def p_value(self) -> float:
        """The larger of the two: below the level of the test the effect lies between the margins."""
        return max(self.p_low, self.p_high)


def equivalence(found: Estimate, low: float, high: float) -> Equivalence:
    r"""Test whether an effect lies between two margins (two one-sided tests).

    .. math:: t_l = (\hat\tau - l) / \mathrm{se}, \quad p_l = P(T_\nu \ge t_l), \qquad
              t_u = (\hat\tau - u) / \mathrm{se}, \quad p_u = P(T_\nu \le t_u)

    Below 5 per cent the 90 per cent interval lies between the margins. Non-inferiority is one of the two: that against
    the margin which the plan names.

    Args:
        found: The effect.
        low: Lower margin, in the unit of the effect.
        high: Upper margin.

    Returns:
        Both tests.

    Raises:
        EstimationError: If the lower margin is not below the upper, or the effect has no standard error.

    References:
        Schuirmann, D. J. (1987). A comparison of the two one-sided tests procedure and the power approach for assessing
        the equivalence of average bioavailability. Journal of Pharmacokinetics and Biopharmaceutics 15(6), 657-680,
        doi:10.1007/BF01068419.

    Examples:
        >>> import math
        >>> found = equivalence(Estimate(0.0, 1.0, math.inf), -1.0, 3.0)
        >>> round(found.p_low, 4), round(found.p_high, 4)
        (0.1587, 0.0013)
    """
    if not low < high or not found.variance > 0:
        raise EstimationError(
            what="equivalence cannot be tested",
            where="the margins" if not low < high else "the effect",
            found="margins in the wrong order" if not low < high else "an effect without a standard error",
            expected="a lower margin below the upper, and an outcome that varies",
            do="name both margins in the plan, in the unit of the outcome",
        )
    t_low, t_high = (found.estimate - low) / found.std_error, (found.estimate - high) / found.std_error
    return Equivalence(t_low, float(stdtr(found.df, -t_low)), t_high, float(stdtr(found.df, t_high)))
