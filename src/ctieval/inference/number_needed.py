"""How many persons must take part for one more to have the event."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NumberNeeded:
    """The number needed, with an interval that may pass through infinity.

    Where the risk difference may be zero the interval holds infinity: it goes from ``benefit`` through infinity to
    ``harm``, and is written so, since no two ends of one side could say it.

    Attributes:
        estimate: Persons for one more event; negative for one fewer; infinite where the risks are alike.
        benefit: The lowest number for one more event that the data allow, or NaN where they allow none.
        benefit_to: The highest such number; infinite where the interval holds infinity.
        harm: The lowest number for one event fewer that the data allow, or NaN where they allow none.
        harm_to: The highest such number; infinite where the interval holds infinity.
    """

    estimate: float
    benefit: float
    benefit_to: float
    harm: float
    harm_to: float

    @property
    def through_infinity(self) -> bool:
        """True where the data allow that the intervention makes no difference."""
        return math.isinf(self.benefit_to) or math.isinf(self.harm_to)


def number_needed(difference: float, conf_low: float, conf_high: float) -> NumberNeeded:
    r"""Return the number needed from a risk difference and its interval.

    .. math:: \mathrm{NNT} = 1 / \hat\tau

    Args:
        difference: Risk difference, of an event that is wanted.
        conf_low: Lower end of its interval.
        conf_high: Upper end.

    Returns:
        The number needed, in persons.

    References:
        Altman, D. G. (1998). Confidence intervals for the number needed to treat. BMJ 317(7168), 1309-1312,
        doi:10.1136/bmj.317.7168.1309.

    Examples:
        >>> number_needed(0.1, 0.05, 0.2)
        NumberNeeded(estimate=10.0, benefit=5.0, benefit_to=20.0, harm=nan, harm_to=nan)
        >>> number_needed(0.1, -0.05, 0.25)
        NumberNeeded(estimate=10.0, benefit=4.0, benefit_to=inf, harm=20.0, harm_to=inf)
    """
    benefit = (_over(conf_high), _over(max(conf_low, 0.0))) if conf_high > 0 else (math.nan, math.nan)
    harm = (_over(-conf_low), _over(max(-conf_high, 0.0))) if conf_low < 0 else (math.nan, math.nan)
    return NumberNeeded(1 / difference if difference else math.inf, *benefit, *harm)


def _over(difference: float) -> float:
    return 1 / difference if difference else math.inf
