"""Discount factors of a stepped schedule; what is discounted lives elsewhere."""

from __future__ import annotations

import math
from enum import StrEnum

import numpy as np

from ctieval.domain.arrays import FloatArray
from ctieval.rates.rate import Step

WEEKS_PER_YEAR = 52
MONTHS_PER_YEAR = 12


class Taken(StrEnum):
    """Where in its period a krone is taken to fall."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


_SHIFT = {Taken.START: 0.0, Taken.MIDDLE: 0.5, Taken.END: 1.0}


def discount_factors(years: FloatArray, steps: tuple[Step, ...]) -> FloatArray:
    r"""Present value of one krone that falls some years from now, under a stepped real rate.

    .. math:: d(t) = \prod_j (1 + r_j)^{-\min(\max(t - s_j,\, 0),\; s_{j+1} - s_j)}

    where rate :math:`r_j` holds from year :math:`s_j` to the next step.

    Args:
        years: Years from the draw, any shape, not negative.
        steps: Yearly rates by the first year in which they hold.

    Returns:
        Factors in the shape of ``years``.

    References:
        Danish Ministry of Finance (2023). Guidance on socio-economic appraisal.

    Examples:
        >>> steps = (Step(0, 0.035), Step(35, 0.025), Step(70, 0.015))
        >>> discount_factors(np.array([0.0, 1.0, 40.0]), steps).round(6)
        array([1.      , 0.966184, 0.265136])
    """
    ends = [step.start for step in steps[1:]] + [math.inf]
    factors = np.ones(np.shape(years))
    for step, end in zip(steps, ends, strict=True):
        factors *= (1 + step.amount) ** -np.clip(years - step.start, 0, end - step.start)
    return factors


def month_factors(n_months: int, steps: tuple[Step, ...], *, taken: Taken) -> FloatArray:
    """Discount factors of the months after the draw.

    Args:
        n_months: Number of months from the draw.
        steps: Yearly rates by the first year in which they hold.
        taken: Where in its month a krone is taken to fall; ``t = (m + 1/2) / 12`` in the middle.

    Returns:
        Factors of months 0, 1, ..., shape (n_months,).

    Examples:
        >>> month_factors(2, (Step(0, 0.035),), taken=Taken.MIDDLE).round(6)
        array([0.998568, 0.995709])
    """
    return discount_factors((np.arange(n_months) + _SHIFT[taken]) / MONTHS_PER_YEAR, steps)


def week_factors(n_weeks: int, steps: tuple[Step, ...]) -> FloatArray:
    """Discount factors of the weeks after the draw, each taken in its middle: ``t = (w + 1/2) / 52``.

    Args:
        n_weeks: Number of weeks from the draw.
        steps: Yearly rates by the first year in which they hold.

    Returns:
        Factors of weeks 0, 1, ..., shape (n_weeks,).

    Examples:
        >>> week_factors(2, (Step(0, 0.035),)).round(6)
        array([0.999669, 0.999008])
    """
    return discount_factors((np.arange(n_weeks) + 0.5) / WEEKS_PER_YEAR, steps)
