"""How likely a test is to find a difference that is there, and the difference that it is likely enough to find."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from scipy import optimize, stats

from ctieval.assignment.power.limits import check_number
from ctieval.assignment.power.sampling import Precision


class Alternative(StrEnum):
    """Which results count as a finding.

    ``TWO_SIDED``: significant in either direction. ``NEAR_SIDE``: as ``TWO_SIDED``, but only in the direction of the
    true effect, which older programs print. ``ONE_SIDED``: all of alpha in the direction of the true effect.
    """

    TWO_SIDED = "two_sided"
    NEAR_SIDE = "near_side"
    ONE_SIDED = "one_sided"


@dataclass(frozen=True, slots=True)
class SignificanceTest:
    """The test that will be made.

    Attributes:
        alpha: Probability of a finding where there is no effect, in (0, 1).
        alternative: Which results count.
    """

    alpha: float = 0.05
    alternative: Alternative = Alternative.TWO_SIDED

    def __post_init__(self) -> None:
        """A level that is one."""
        check_number("alpha", self.alpha, holds=0 < self.alpha < 1, expected="between 0 and 1")

    @property
    def tail(self) -> float:
        """Level of the side of the true effect."""
        return self.alpha if self.alternative is Alternative.ONE_SIDED else self.alpha / 2

    def among(self, contrasts: int) -> SignificanceTest:
        """Return the test of each of several contrasts, alpha shared out evenly (Bonferroni)."""
        return SignificanceTest(self.alpha / contrasts, self.alternative)


TWO_SIDED_5 = SignificanceTest()


def power_of(effect: float, precision: Precision, test: SignificanceTest = TWO_SIDED_5) -> float:
    r"""Return the probability of a finding.

    .. math:: 1 - F_{\nu, \delta / se}(t_{1 - \alpha/2, \nu}) + F_{\nu, \delta / se}(-t_{1 - \alpha/2, \nu})

    with F the noncentral t distribution, or the normal where the degrees of freedom are infinite.

    Args:
        effect: True effect, in the unit of the outcome.
        precision: Standard error and degrees of freedom of its estimate.
        test: The test.

    Examples:
        >>> round(power_of(0.5, Precision(std_error=0.2, df=98)), 4)
        0.6969
    """
    if precision.std_error == 0:
        return 1.0 if effect else 0.0
    shift, critical = abs(effect) / precision.std_error, float(stats.t.isf(test.tail, precision.df))
    near = _beyond(critical, precision.df, shift)
    return near + _beyond(critical, precision.df, -shift) if test.alternative is Alternative.TWO_SIDED else near


def bloom_effect(precision: Precision, *, power: float = 0.8, test: SignificanceTest = TWO_SIDED_5) -> float:
    r"""Return Bloom's approximation to the minimum detectable effect; for comparison with others.

    .. math:: (t_{1 - \alpha/2, \nu} + t_{\text{power}, \nu}) \, se

    Args:
        precision: Standard error and degrees of freedom.
        power: Probability of a finding.
        test: The test.

    References:
        Bloom, H. S. (1995). Minimum detectable effects. Evaluation Review 19(5), 547-556,
        doi:10.1177/0193841X9501900504.
    """
    multiplier = stats.t.isf(test.tail, precision.df) + stats.t.ppf(power, precision.df)
    return float(multiplier) * precision.std_error


def solve(power_at: Callable[[float], float], power: float, between: tuple[float, float], *, what: str) -> float:
    """Return where a power that grows reaches what is asked.

    Args:
        power_at: Power at a value.
        power: Power asked for, in (0, 1).
        between: Least and greatest value; an infinite greatest value is searched for by doubling.
        what: What the value is, for the message.

    Raises:
        DesignError: If the power is not between 0 and 1, or is not reached by any value.
    """
    check_number("power", power, holds=0 < power < 1, expected="between 0 and 1")
    low, high = between
    if power_at(low) >= power:
        return low
    if math.isinf(high):
        high = _double(power_at, power, max(low, 1.0))
    reached = power_at(high)
    check_number(f"power at the greatest {what}", reached, holds=reached >= power, expected=f"at least {power:g}")
    return float(optimize.brentq(lambda value: power_at(value) - power, low, high, xtol=1e-13, rtol=1e-13))


def _double(power_at: Callable[[float], float], power: float, start: float) -> float:
    value = start
    while power_at(value) < power and value < 1e12:
        value *= 2
    return value


def _beyond(critical: float, df: float, shift: float) -> float:
    if math.isinf(df):
        return float(stats.norm.sf(critical - shift))
    return float(stats.nct.sf(critical, df, shift))
