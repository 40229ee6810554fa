"""Chooses the ticks of an axis first, so that a printed tick is exactly where it says."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ctieval.report.fmt import Fmt

_STEPS: Final = (1, 2, 5)
_MOST_STEPS: Final = 6
_MOST_UPWARD: Final = 6


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis from its first to its last tick.

    Attributes:
        ticks: Places of the ticks, ascending; at least two.
        decimals: Decimals with which every tick is printed exactly.
    """

    ticks: tuple[float, ...]
    decimals: int

    def place(self, value: float) -> float:
        """Return where a value stands between the first tick (0) and the last (1)."""
        first, last = self.ticks[0], self.ticks[-1]
        return (value - first) / (last - first)

    def labels(self, fmt: Fmt) -> tuple[str, ...]:
        """Return the printed ticks."""
        return tuple(fmt.number(tick, self.decimals) for tick in self.ticks)


def fit_axis(values: Sequence[float], room: Callable[[Axis], bool]) -> Axis:
    """Return the finest axis in steps of 1, 2 or 5 that holds zero and all values and has room for its labels.

    Args:
        values: Finite values that the axis must hold; in the unit that is printed.
        room: Whether the labels of an axis stand clear of one another.

    Examples:
        >>> fit_axis([-1.2, 9.8], lambda axis: True).ticks
        (-2.0, 0.0, 2.0, 4.0, 6.0, 8.0, 10.0)
    """
    low, high = min(0.0, *values), max(0.0, *values)
    if low == high:
        high = 1.0
    exponent = math.floor(math.log10((high - low) / _MOST_STEPS))
    while True:
        for mantissa in _STEPS:
            axis = _axis(low, high, Decimal(mantissa).scaleb(exponent))
            if len(axis.ticks) <= _MOST_STEPS + 1 and (room(axis) or len(axis.ticks) <= 3):
                return axis
        exponent += 1


def fit_values(values: Iterable[float]) -> Axis:
    """Return an axis that runs upward, with few ticks; values that are not finite need no room.

    Examples:
        >>> fit_values([12.0, math.nan, 95.0]).ticks
        (0.0, 20.0, 40.0, 60.0, 80.0, 100.0)
    """
    return fit_axis([value for value in values if math.isfinite(value)], lambda axis: len(axis.ticks) <= _MOST_UPWARD)


def _axis(low: float, high: float, step: Decimal) -> Axis:
    first, last = math.floor(low / float(step)), math.ceil(high / float(step))
    exponent = step.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return Axis(tuple(float(number * step) for number in range(first, last + 1)), decimals)
