"""Bands between two lines, and the ways in which a line may run."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from ctieval.report.charts.sheet import DASHED, Sheet
from ctieval.report.charts.weeks import Frame

Ends: TypeAlias = tuple[float, float, float]
"""A time, and the lower and upper end of an interval at it."""


def runs(ends: Iterable[Ends]) -> Iterator[list[Ends]]:
    """Return stretches of points with an interval, broken where one has none.

    Examples:
        >>> [len(run) for run in runs([(0, 1.0, 2.0), (1, math.nan, math.nan), (2, 0.0, 1.0), (3, 0.0, 1.0)])]
        [1, 2]
    """
    run: list[Ends] = []
    for each in ends:
        if not math.isnan(each[1]) and not math.isnan(each[2]):
            run.append(each)
        elif run:
            yield run
            run = []
    if run:
        yield run


def draw_band(sheet: Sheet, frame: Frame, ends: Iterable[Ends]) -> None:
    """Fill the band between the ends of the intervals."""
    for run in runs(ends):
        lows = [(frame.x(time), frame.y(_inside(frame, low))) for time, low, _ in run]
        highs = [(frame.x(time), frame.y(_inside(frame, high))) for time, _, high in run]
        sheet.shape((*lows, *reversed(highs)), fill="band")


def draw_rims(sheet: Sheet, frame: Frame, ends: Iterable[Ends], *, tone: str) -> None:
    """Draw the ends of the intervals as thin dashed lines: a band that hides nothing under it."""
    for run in runs(ends):
        xs = [frame.x(time) for time, _, _ in run]
        for side in (1, 2):
            sheet.line(xs, [frame.y(_inside(frame, each[side])) for each in run], tone=tone, points=0.7, dash=DASHED)


def stairs(times: Sequence[float], *series: Sequence[float]) -> Iterator[tuple[float, ...]]:
    """Return a line in which each value holds until the next time.

    Examples:
        >>> list(stairs([0, 1], [5.0, 7.0]))
        [(0, 5.0), (1, 5.0), (1, 7.0)]
    """
    before: tuple[float, ...] | None = None
    for time, *values in zip(times, *series, strict=True):
        if before is not None:
            yield (time, *before)
        before = tuple(values)
        yield (time, *before)


def _inside(frame: Frame, end: float) -> float:
    """An open end lies at the end of the axis."""
    return min(max(end, frame.axis.ticks[0]), frame.axis.ticks[-1])
