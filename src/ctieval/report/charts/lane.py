"""The stretch of a sheet along which values run to the right, with its ticks under it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ctieval.report.cells import Kind
from ctieval.report.charts.axis import Axis, fit_axis
from ctieval.report.charts.sheet import Sheet, text_width
from ctieval.report.charts.weeks import MUTE
from ctieval.report.fmt import Fmt

UNDER_LANE: Final = 0.45
"""Room under a lane for its ticks and their name."""

_CLEAR: Final = 0.1
_LEAST: Final = 0.6
_TELLING: Final = 3


@dataclass(frozen=True, slots=True)
class Lane:
    """Where values stand between two places of a sheet.

    Attributes:
        left: Where the first tick stands.
        right: Where the last tick stands.
        axis: The values.
    """

    left: float
    right: float
    axis: Axis

    def x(self, value: float) -> float:
        """Return where a value stands; what lies outside the axis stands at its end."""
        return self.left + min(1.0, max(0.0, self.axis.place(value))) * (self.right - self.left)

    def draw_zero(self, sheet: Sheet, top: float, bottom: float) -> None:
        """Draw the line of zero."""
        sheet.line((self.x(0), self.x(0)), (top, bottom), tone="ink", points=0.9)

    def draw_ticks(self, sheet: Sheet, y: float, fmt: Fmt) -> None:
        """Draw the axis with its ticks; where labels would touch, every other from zero has one, or fewer."""
        sheet.line((self.left, self.right), (y, y), tone="mute")
        ticks = zip(self.axis.ticks, self.axis.labels(fmt), strict=True)
        for written, (tick, label) in zip(self.written(fmt), ticks, strict=True):
            x = self.x(tick)
            sheet.line((x, x), (y, y + 0.05), tone="mute")
            if written:
                sheet.text(x, y + 0.15, label, align="center", ink=MUTE)

    def written(self, fmt: Fmt) -> tuple[bool, ...]:
        """Tell which ticks have a label: zero, and from there so many that labels stand clear."""
        ticks = self.axis.ticks
        widest = max(text_width(label, MUTE) for label in self.axis.labels(fmt)) + _CLEAR
        stride = math.ceil(widest * (len(ticks) - 1) / (self.right - self.left))
        zero = ticks.index(0.0)
        return tuple((number - zero) % stride == 0 for number in range(len(ticks)))


def fit_lane(left: float, right: float, values: Iterable[float], fmt: Fmt) -> Lane:
    """Return the lane between two places: the finest on which all ticks, or three at least, have a label.

    Values that are not finite need no room; a lane is never so short that it cannot be seen.
    """
    end = max(right, left + _LEAST)

    def room(axis: Axis) -> bool:
        written = Lane(left, end, axis).written(fmt)
        return all(written) or sum(written) >= _TELLING

    return Lane(left, end, fit_axis([value for value in values if math.isfinite(value)], room))


def shown(value: float, kind: Kind) -> float:
    """Return a value as it is printed: shares in per cent."""
    return 100 * value if kind in (Kind.PP, Kind.SHARE) else value
