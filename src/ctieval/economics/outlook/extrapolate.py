"""What follows if the effect of the last observed months goes on; nothing observed is changed here."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from ctieval.domain.arrays import FloatArray
from ctieval.economics.discount import MONTHS_PER_YEAR, discount_factors
from ctieval.rates.rate import Step

_ROUNDING = 1e-9
"""A month is not added for want of the last digits of a float."""


@dataclass(frozen=True, slots=True)
class Beyond:
    """Discounting of the months after the horizon, each krone taken in the middle of its month.

    Attributes:
        first: Factor of the first month after the horizon.
        ratio: Factor from each month to the next.
    """

    first: float
    ratio: float


def discount_beyond(steps: tuple[Step, ...], months: float) -> Beyond:
    """Read the discounting after a horizon; the yearly rate in force there is kept for all months after.

    Args:
        steps: Yearly rates by the first year in which they hold.
        months: Months of the horizon, with the part of one in which it ends.

    Examples:
        >>> found = discount_beyond((Step(0, 0.035),), 12)
        >>> round(found.first, 6), round(found.ratio, 6)
        (0.9648, 0.997137)
    """
    years = (months + 0.5) / MONTHS_PER_YEAR
    rate = next(step.amount for step in reversed(steps) if step.start <= years)
    first = float(discount_factors(np.array([years]), steps)[0])
    return Beyond(first, (1 + rate) ** (-1 / MONTHS_PER_YEAR))


def carry_on(beyond: Beyond, *, months: float, yearly_decay: float) -> float:
    r"""Present value of one krone a month after the horizon that decays from month to month.

    .. math::
        v^{H + 1/2} \sum_{j < K} (g v)^j = v^{H + 1/2} \, \frac{1 - (g v)^K}{1 - g v}, \qquad g = (1 - \kappa)^{1/12}

    Args:
        beyond: Discounting after the horizon.
        months: Months K in which it goes on; may be infinite.
        yearly_decay: Part of the monthly effect that is gone after a year, 0 to 1.

    Returns:
        Kroner; infinite where it goes on for ever and neither decays nor is discounted.

    Examples:
        >>> round(500 * carry_on(discount_beyond((Step(0, 0.035),), 12), months=24, yearly_decay=0.5), 2)
        6286.47
    """
    ratio = _monthly_ratio(beyond, yearly_decay)
    return beyond.first * (months if ratio == 1 else (1 - ratio**months) / (1 - ratio))


def required_months(
    observed: FloatArray, monthly_effect: FloatArray, beyond: Beyond, *, yearly_decay: float
) -> FloatArray:
    r"""Fewest months after the horizon that bring a result up to zero: the required persistence.

    .. math:: \min \{ K : S_H + \bar\Delta \, v^{H + 1/2} (1 - (g v)^K) / (1 - g v) \ge 0 \}

    Args:
        observed: Net present values of the months observed, any shape.
        monthly_effect: Mean monthly effects that are carried on, same shape.
        beyond: Discounting after the horizon.
        yearly_decay: Part of the monthly effect that is gone after a year, 0 to 1.

    Returns:
        Whole months; 0 where the months observed do, infinite where no time would.

    Examples:
        >>> required_months(np.array([-20.0, 5.0, -20.0]), np.array([3.0, 0.0, -1.0]), Beyond(1.0, 1.0), yearly_decay=0)
        array([ 7.,  0., inf])
    """
    ratio = _monthly_ratio(beyond, yearly_decay)
    gains = monthly_effect > 0
    needed = np.divide(-observed, monthly_effect * beyond.first, out=np.full(np.shape(observed), np.inf), where=gains)
    months = needed if ratio == 1 else _geometric_months(needed, ratio)
    return np.where(observed >= 0, 0.0, np.where(needed <= 1, 1.0, np.ceil(months - _ROUNDING)))


def break_even_decay(observed: float, monthly_effect: float, beyond: Beyond, *, months: int) -> float | None:
    """Largest yearly decay at which a number of months after the horizon still bring a result up to zero.

    Args:
        observed: Net present value of the months observed.
        monthly_effect: Mean monthly effect that is carried on.
        beyond: Discounting after the horizon.
        months: Months after the horizon in which it goes on.

    Returns:
        The decay, 0 to 1; None where not even an effect that stays would.

    Examples:
        >>> round(break_even_decay(-6286.4686, 500.0, discount_beyond((Step(0, 0.035),), 12), months=24), 6)
        0.5
        >>> break_even_decay(-6286.0, 100.0, discount_beyond((Step(0, 0.035),), 12), months=24)
    """

    def result(yearly_decay: float) -> float:
        return observed + monthly_effect * carry_on(beyond, months=months, yearly_decay=yearly_decay)

    if result(1.0) >= 0:
        return 1.0
    return None if result(0.0) < 0 else float(brentq(result, 0.0, 1.0, xtol=1e-12))


def _monthly_ratio(beyond: Beyond, yearly_decay: float) -> float:
    return beyond.ratio * (1 - yearly_decay) ** (1 / MONTHS_PER_YEAR)


def _geometric_months(needed: FloatArray, ratio: float) -> FloatArray:
    """Terms of a falling geometric series that reach what is needed; infinite where all of them do not."""
    left = 1 - needed * (1 - ratio)
    reached = left > 0
    log_ratio = math.log(ratio) if ratio > 0 else -math.inf
    return np.where(reached, np.log(np.where(reached, left, 1.0)) / log_ratio, np.inf)
