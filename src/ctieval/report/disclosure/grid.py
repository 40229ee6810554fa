r"""Rounds what is said of an outcome whose number of persons is hidden, so that it does not tell that number.

A share of :math:`m` persons with :math:`e` events is a ratio of whole numbers: printed finely, it gives both away,
and with a standard error, an interval and a p-value beside it even two arms at a time. Nothing that is printed here
rests on the hidden numbers:

- A mean is rounded to whole steps. Of a share, a step is at least what one person adds, :math:`1/m`, so that every
  number of persons can have the printed share, and at least a percentage point. Of a number, it is at least what a
  person one standard deviation away adds, :math:`s/m`, since how finely its values lie is not known.
- An effect is the difference of the rounded means.
- Half its interval is rounded up to a whole step, and one step more, so that it always holds the interval that was
  reckoned. For shares it is also at least as wide as a reader could reckon it herself from what is printed. In a
  complete draw nothing else decides; in a blocked one hardly ever does.
- Standard errors, degrees of freedom, p-values and standard deviations are not shown: with the interval they tell
  the number of persons.

For :math:`m` stands the fewest persons that a reader must reckon with (``Verdict.fewest``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ctieval.domain.description import ArmLevel
from ctieval.domain.units import Unit
from ctieval.inference.interval import student_interval

_FEWEST = 20
"""In arms of fewer persons, a step would be more than five percentage points."""

_FINEST_SHARE = 0.01
_DIGITS = 9
"""Beyond these, the digits of a mean depend on the order in which it was summed."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Whole steps to which values are rounded.

    Attributes:
        step: Length of a step in the unit of the values; 0 where there is nothing to round.
        fewest: Fewest persons that each arm can hold, as far as a reader can tell.
        smallest_cell: Fewest persons that may be shown; so many may be missing from anywhere.
    """

    step: float
    fewest: tuple[int, ...]
    smallest_cell: int = 1

    def round(self, value: float) -> float:
        """Round to the nearest step, halves up; NaN stays."""
        if math.isnan(value) or not self.step:
            return value
        return round(math.floor(round(value / self.step, _DIGITS) + 0.5) * self.step, _DIGITS)

    def coarsen(self, factor: float) -> Grid:
        """Return steps at least so many times as long."""
        return replace(self, step=_round_up(self.step * factor))

    def widen(self, half: float) -> float:
        """Round half of an interval up to a whole step, and one more for the rounding of its middle; NaN stays."""
        if not math.isfinite(half) or not self.step:
            return half
        return (math.ceil(half / self.step) + 1) * self.step

    def ends(self, middle: float, half: float) -> tuple[float, float]:
        """Return the ends of an interval around a rounded value."""
        width = self.widen(half)
        return round(middle - width, _DIGITS), round(middle + width, _DIGITS)

    def half_of_shares(self, shares: Sequence[float], blocks: Sequence[tuple[int, int]], conf_level: float) -> float:
        r"""Return half of an interval that a reader could reckon from two rounded shares.

        .. math::
            \sum_a \sum_b \Big(\frac{n_b}{n}\Big)^2 \frac{p_a (1 - p_a)}{m_{ab} - 1}

        is its variance: :math:`p_a` is the share nearest to one half that is rounded to the printed one, and
        :math:`m_{ab}` the persons of an arm in a block, as many as can be missing and all of them in the block
        where that widens it most, but at least the two that an estimate needs. In a complete draw no interval that
        agrees with what is printed is wider.

        Args:
            shares: The rounded shares of control and intervention.
            blocks: Persons drawn into control and intervention, by block.
            conf_level: Level of the interval.
        """
        drawn = np.array(blocks, dtype=np.float64)
        weight = (drawn.sum(axis=1) / drawn.sum())[:, None] ** 2
        known = drawn * (np.array(self.fewest) + self.smallest_cell) / drawn.sum(axis=0)
        spread, alone = (weight / (np.maximum(n, 2) - 1) for n in (known, known - self.smallest_cell))
        mixed = np.array([min(max(0.5, share - self.step / 2), share + self.step / 2) for share in shares])
        variance = (mixed * (1 - mixed)) @ (spread.sum(axis=0) + (alone - spread).max(axis=0))
        df = np.array([min(self.fewest) - 1.0])
        return float(student_interval(np.zeros(1), np.array([math.sqrt(variance)]), df, conf_level).conf_high[0])

    def tells_few(self, share: float) -> bool:
        """Tell whether, once a share is rounded, it could be that of too few persons, or lack too few of all."""
        if round(share, _DIGITS) in (0, 1):
            return False
        edge = min(self.round(share), 1 - self.round(share)) - self.step / 2
        return edge * min(self.fewest) <= self.smallest_cell - 1


def lay_grid(
    levels: Sequence[ArmLevel], fewest: Sequence[int], unit: str, smallest_cell: int, *, persons: int = 1
) -> Grid | None:
    """Lay the grid for what is said of an outcome, or None where its arms are too small for one.

    Args:
        levels: The levels of the arms.
        fewest: Fewest persons that each arm can hold, as far as a reader can tell.
        unit: Unit of the outcome.
        smallest_cell: Fewest persons that may be shown.
        persons: Persons that a step stands for at least.
    """
    if min(fewest) < _FEWEST:
        return None
    share = unit == Unit.SHARE
    reach = 1.0 if share else max((level.std for level in levels if level.std > 0), default=0.0)
    step = max(persons * reach / min(fewest), _FINEST_SHARE if share else 0.0)
    return Grid(_round_up(step), tuple(fewest), smallest_cell)


def lay_grid_of_effect(std_error: float, fewest: tuple[int, int], *, persons: int = 1) -> Grid | None:
    """Lay the grid for an effect of which no levels are described, by its standard error; see ``lay_grid``."""
    if min(fewest) < _FEWEST:
        return None
    spread = std_error / math.sqrt(sum(1 / n for n in fewest))
    return Grid(_round_up(persons * spread / min(fewest)), fewest)


def _round_up(length: float) -> float:
    """Round up to 1, 2 or 5, or to one of these a power of ten larger or smaller."""
    if length <= 0:
        return 0.0
    power = math.floor(math.log10(length))
    return next(step for digit in (1, 2, 5, 10) if (step := float(f"{digit}e{power}")) >= length)
