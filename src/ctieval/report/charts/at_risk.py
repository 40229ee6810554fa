"""Writes how many are followed under the axis of time, and names the times of the axis where it does."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, TypeAlias

from ctieval.report.catalogue import Catalogue
from ctieval.report.charts.ends import END_LABELS
from ctieval.report.charts.sheet import LINE_INCHES, Ink, Sheet, text_width, wrap
from ctieval.report.charts.weeks import MUTE, Frame, month_ticks
from ctieval.report.time_drawing import AtRisk

_UNDER_TICKS: Final = 0.34
_HEADING: Final = 0.25
_CLEAR: Final = 0.12
_NAME: Final = END_LABELS - 0.3

Name: TypeAlias = tuple[str, Ink]
"""Name of a line and how it is written."""


def height_under(names: Sequence[Name], at_risk: Sequence[AtRisk]) -> float:
    """Return the room that the axis and the persons followed take under a frame."""
    table = _HEADING + 0.12 + sum(map(_height, names)) if at_risk else 0.0
    return _UNDER_TICKS + 0.14 + table


def draw_time_axis(
    sheet: Sheet, frame: Frame, name: str, at_risk: Sequence[AtRisk], names: Sequence[Name], catalogue: Catalogue
) -> None:
    """Draw the times of a frame, and under them how many are followed.

    Args:
        sheet: The sheet.
        frame: The frame.
        name: Name of the axis.
        at_risk: Persons followed, whose times are named; none for months and an axis alone.
        names: Names of the lines, in the order of the counts.
        catalogue: The words.
    """
    kept = _thinned(frame, at_risk, catalogue)
    times = [each.time for each in kept] or month_ticks(*frame.span)
    frame.draw_times(sheet, [(time, catalogue.fmt.number(time)) for time in times])
    y = frame.bottom + _UNDER_TICKS
    sheet.text((frame.left + frame.right) / 2, y, name, align="center", ink=MUTE)
    if kept:
        _draw_counts(sheet, frame, kept, names, catalogue)


def _draw_counts(
    sheet: Sheet, frame: Frame, kept: Sequence[AtRisk], names: Sequence[Name], catalogue: Catalogue
) -> None:
    y = frame.bottom + _UNDER_TICKS + _HEADING
    sheet.text(0, y, catalogue.text("chart.at_risk"), ink=Ink("dark", "bold", MUTE.points))
    y += LINE_INCHES / 2 + 0.02
    for number, (label, ink) in enumerate(names):
        y += LINE_INCHES / 2
        for each in kept:
            sheet.text(frame.x(each.time), y, catalogue.fmt.count(each.counts[number]), align="center", ink=MUTE)
        for line, text in enumerate(wrap(label, _NAME, ink)):
            sheet.text(frame.right + 0.35, y + line * LINE_INCHES, text, ink=ink)
        y += _height((label, ink)) - LINE_INCHES / 2


def _thinned(frame: Frame, at_risk: Sequence[AtRisk], catalogue: Catalogue) -> Sequence[AtRisk]:
    """Keep every second, third, ... time, the first among them, until their counts stand clear."""
    inside = [each for each in at_risk if frame.span[0] <= each.time <= frame.span[1]]
    for step in range(1, len(inside) + 1):
        kept = inside[::step]
        widths = [
            max(text_width(catalogue.fmt.count(count), MUTE) for count in (each.time, *each.counts)) for each in kept
        ]
        places = [frame.x(each.time) for each in kept]
        gaps = zip(pairwise(places), pairwise(widths), strict=True)
        if all(after - before >= (one + other) / 2 + _CLEAR for (before, after), (one, other) in gaps):
            return kept
    return inside[:1]


def _height(name: Name) -> float:
    label, ink = name
    return max(1, len(wrap(label, _NAME, ink))) * LINE_INCHES
