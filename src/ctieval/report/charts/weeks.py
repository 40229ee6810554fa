"""Places weeks or other times and values on a sheet, and labels beside them; what stands there is drawn elsewhere."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ctieval.report.catalogue import Catalogue
from ctieval.report.charts.axis import Axis
from ctieval.report.charts.sheet import Ink, Sheet
from ctieval.report.tokens import SMALL_POINTS

MUTE: Final = Ink("mute", points=SMALL_POINTS)
UNDER_WEEKS: Final = 0.48
"""Room under a frame for its weeks and their heading."""

_STEPS: Final = (4, 13, 26, 52, 104, 260)
_MONTHS: Final = (1, 3, 6, 12, 24, 60)
_MOST_TICKS: Final = 8


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle of the sheet in which weeks, or another time, run to the right and values upward.

    Attributes:
        left: Where the first week stands.
        right: Where the last week stands.
        top: Where the last tick of the axis stands.
        bottom: Where its first tick stands.
        span: First and last week.
        axis: The values.
    """

    left: float
    right: float
    top: float
    bottom: float
    span: tuple[float, float]
    axis: Axis

    def x(self, week: float) -> float:
        """Return where a week stands."""
        first, last = self.span
        return self.left + (week - first) / (last - first) * (self.right - self.left)

    def y(self, value: float) -> float:
        """Return where a value stands, in the unit of the axis."""
        return self.bottom - self.axis.place(value) * (self.bottom - self.top)

    def draw_values(self, sheet: Sheet, catalogue: Catalogue) -> None:
        """Draw a hairline at every tick of the axis, with its label to the left."""
        for tick, label in zip(self.axis.ticks, self.axis.labels(catalogue.fmt), strict=True):
            sheet.line((self.left, self.right), (self.y(tick), self.y(tick)), tone="hairline", points=0.6)
            sheet.text(self.left - 0.08, self.y(tick), label, align="right", ink=MUTE)

    def draw_weeks(self, sheet: Sheet, catalogue: Catalogue) -> None:
        """Draw the weeks under the frame."""
        ticks = week_ticks(*map(int, self.span))
        self.draw_times(sheet, [(week, catalogue.fmt.number(week)) for week in ticks])
        middle = (self.left + self.right) / 2
        sheet.text(middle, self.bottom + 0.34, catalogue.text("chart.weeks_from_draw"), align="center", ink=MUTE)

    def draw_times(self, sheet: Sheet, ticks: Sequence[tuple[float, str]]) -> None:
        """Draw the line under the frame, with a label at some times."""
        y = self.bottom
        sheet.line((self.left, self.right), (y, y), tone="mute")
        for time, label in ticks:
            sheet.line((self.x(time), self.x(time)), (y, y + 0.05), tone="mute")
            sheet.text(self.x(time), y + 0.15, label, align="center", ink=MUTE)

    def draw_draw(self, sheet: Sheet) -> None:
        """Draw the week of the draw as a line from top to bottom, where it lies among the weeks."""
        if self.span[0] < 0 < self.span[1]:
            sheet.line((self.x(0), self.x(0)), (self.top, self.bottom), tone="ink", points=0.9)


def week_ticks(first: int, last: int) -> tuple[int, ...]:
    """Return the weeks to name: multiples of a quarter, half or whole year, not too many.

    Examples:
        >>> week_ticks(-52, 111)
        (-52, -26, 0, 26, 52, 78, 104)
    """
    return _ticks(first, last, _STEPS)


def month_ticks(first: float, last: float) -> tuple[int, ...]:
    """Return the months to name: multiples of a quarter, half or whole year, not too many.

    Examples:
        >>> month_ticks(0, 36)
        (0, 6, 12, 18, 24, 30, 36)
    """
    return _ticks(math.ceil(first), math.floor(last), _MONTHS)


def _ticks(first: int, last: int, steps: Sequence[int]) -> tuple[int, ...]:
    for step in steps:
        ticks = tuple(range(-(-first // step) * step, last + 1, step))
        if len(ticks) <= _MOST_TICKS:
            return ticks
    return (first, last)


def spread(places: Sequence[float], gap: float, low: float, high: float) -> tuple[float, ...]:
    """Move places apart until each is a gap from the next, keeping their order and staying between two ends.

    Args:
        places: Where things would like to stand, ascending.
        gap: Least distance between two of them.
        low: Least place.
        high: Greatest place; there is room for all.

    Examples:
        >>> spread([1.0, 1.0, 3.0], 0.5, 0.0, 4.0)
        (0.75, 1.25, 3.0)
    """
    groups: list[list[float]] = []
    for place in places:
        groups.append([place])
        while len(groups) > 1 and _first(groups[-1], gap, low, high) - _last(groups[-2], gap, low, high) < gap:
            last = groups.pop()
            groups[-1].extend(last)
    return tuple(_first(group, gap, low, high) + number * gap for group in groups for number in range(len(group)))


def _first(group: list[float], gap: float, low: float, high: float) -> float:
    length = (len(group) - 1) * gap
    return max(low, min(high - length, sum(group) / len(group) - length / 2))


def _last(group: list[float], gap: float, low: float, high: float) -> float:
    return _first(group, gap, low, high) + (len(group) - 1) * gap
