"""The marks that stand for values: points, whiskers, bars and their hatching."""

from __future__ import annotations

import math
from typing import Final, TypeAlias

from ctieval.report.charts.sheet import Sheet

Corners: TypeAlias = tuple[tuple[float, float], ...]

_DIAMOND: Final = 0.085
_DOT: Final = 0.05
_CAP: Final = 0.045
_HATCH: Final = 0.06


def box(left: float, right: float, top: float, bottom: float) -> Corners:
    """Return the corners of a box."""
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def draw_diamond(sheet: Sheet, x: float, y: float, *, tone: str = "main", edge: str | None = None) -> None:
    """Draw a diamond, the mark of what leads."""
    sheet.shape(((x - _DIAMOND, y), (x, y - _DIAMOND), (x + _DIAMOND, y), (x, y + _DIAMOND)), fill=tone, edge=edge)


def draw_dot(sheet: Sheet, x: float, y: float, *, tone: str = "main", hollow: bool = False) -> None:
    """Draw a dot; a hollow one has the same rim."""
    sheet.dot(x, y, _DOT, tone=tone)
    if hollow:
        sheet.dot(x, y, 0.6 * _DOT, tone="paper")


def draw_whisker(
    sheet: Sheet, ends: tuple[float, float], y: float, end: float, *, tone: str = "main", points: float = 1.5
) -> None:
    """Draw half an interval, from one place to another: a cap where its end is finite, else an arrow.

    Args:
        sheet: The sheet.
        ends: Where it begins and where it ends, on the sheet.
        y: Its height.
        end: The value of its end.
        tone: Colour.
        points: Thickness.
    """
    sheet.line(ends, (y, y), tone=tone, points=points)
    x = ends[1]
    if math.isfinite(end):
        sheet.line((x, x), (y - _CAP, y + _CAP), tone=tone, points=1.5)
        return
    points_left = end < 0 if math.isinf(end) else x < ends[0]
    sheet.arrow_head(x, y, "left" if points_left else "right", tone=tone)


def draw_hatched(sheet: Sheet, corners: Corners, *, tone: str) -> None:
    """Draw a box with slanted lines and a rim: seen as different in grey, too."""
    (left, top), (right, bottom) = corners[0], corners[2]
    sheet.shape(corners, fill="paper")
    xs, ys = _slanted(min(left, right), max(left, right), top, bottom)
    sheet.line(xs, ys, tone=tone, points=1.0)
    sheet.shape(corners, fill=None, edge=tone)


def _slanted(left: float, right: float, top: float, bottom: float) -> tuple[list[float], list[float]]:
    """Lines at 45 degrees through a box, as one path that breaks where a line ends."""
    height = bottom - top
    xs: list[float] = []
    ys: list[float] = []
    for number in range(1, math.ceil((right - left + height) / _HATCH)):
        foot = left - height + number * _HATCH
        low, high = max(foot, left), min(foot + height, right)
        xs += [low, high, math.nan]
        ys += [bottom - (low - foot), bottom - (high - foot), math.nan]
    return xs, ys
