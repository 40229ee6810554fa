"""Draws both arms divided over the states, week by week: areas that add up to everybody."""

from __future__ import annotations

from itertools import accumulate
from typing import Final

from ctieval.report.catalogue import Catalogue
from ctieval.report.cells import Kind
from ctieval.report.charts.axis import Axis
from ctieval.report.charts.sheet import Ink, Sheet
from ctieval.report.charts.weeks import MUTE, UNDER_WEEKS, Frame, spread
from ctieval.report.path_drawing import AreaChart, AreaPanel
from ctieval.report.tokens import CHART_INCHES, SMALL_POINTS

_LEFT: Final = 0.45
_LABELS: Final = 2.2
_RIGHT: Final = CHART_INCHES - _LABELS
_LEADER: Final = 0.22
_SWATCH: Final = 0.09
_TITLE: Final = 0.34
_HEIGHT: Final = 2.2
_BETWEEN: Final = 0.15
_GAP: Final = 0.185

_HEADING: Final = Ink("dark", "bold")
_SMALL: Final = Ink(points=SMALL_POINTS)
_EVERYBODY: Final = Axis((0.0, 25.0, 50.0, 75.0, 100.0), 0)
_FILLS: Final = ("main", "cyan", "dark", "band", "accent", "control", "hairline", "mute", "ink")
"""Fills from the bottom up: neighbours differ in lightness, and every area is named beside it."""


def draw_areas(chart: AreaChart, catalogue: Catalogue) -> Sheet:
    """Draw the arms one above the other, on one scale, every area named at its last week."""
    panel = _TITLE + _HEIGHT + UNDER_WEEKS
    sheet = Sheet(len(chart.panels) * panel + (len(chart.panels) - 1) * _BETWEEN)
    for number, arm in enumerate(chart.panels):
        top = number * (panel + _BETWEEN) + _TITLE
        frame = Frame(_LEFT, _RIGHT, top, top + _HEIGHT, (chart.weeks[0], chart.weeks[-1]), _EVERYBODY)
        title = catalogue.text("chart.titled", title=arm.title, unit=catalogue.fmt.unit(Kind.SHARE))
        sheet.text(0, top - _TITLE / 2, title, ink=_HEADING)
        _draw_areas(sheet, chart.weeks, arm, frame)
        _draw_values(sheet, frame, catalogue)
        frame.draw_draw(sheet)
        frame.draw_weeks(sheet, catalogue)
        _draw_labels(sheet, arm, frame, catalogue)
    return sheet


def _draw_areas(sheet: Sheet, weeks: tuple[int, ...], arm: AreaPanel, frame: Frame) -> None:
    xs = [frame.x(week) for week in weeks]
    below = [frame.y(0.0) for _ in weeks]
    tops = accumulate((area.shares for area in arm.areas), _add)
    for fill, top in zip(_FILLS, tops, strict=False):
        above = [frame.y(100 * share) for share in top]
        sheet.shape((*zip(xs, below, strict=True), *reversed(list(zip(xs, above, strict=True)))), fill=fill)
        sheet.line(xs, above, tone="paper", points=0.4)
        below = above


def _draw_values(sheet: Sheet, frame: Frame, catalogue: Catalogue) -> None:
    for tick, label in zip(frame.axis.ticks, frame.axis.labels(catalogue.fmt), strict=True):
        y = frame.y(tick)
        sheet.line((frame.left - 0.05, frame.left), (y, y), tone="mute")
        sheet.text(frame.left - 0.1, y, label, align="right", ink=MUTE)


def _draw_labels(sheet: Sheet, arm: AreaPanel, frame: Frame, catalogue: Catalogue) -> None:
    """Name each area beside its end, with its last share, and lead from the one to the other."""
    last = [area.shares[-1] for area in arm.areas]
    middles = [frame.y(100 * (top - share / 2)) for top, share in zip(accumulate(last), last, strict=True)]
    places = spread(middles[::-1], _GAP, frame.top + _GAP / 2, frame.bottom - _GAP / 2)[::-1]
    left, right = frame.right + 0.04, frame.right + _LEADER
    for area, fill, middle, y in zip(arm.areas, _FILLS, middles, places, strict=False):
        sheet.line((left, right), (middle, y), tone="mute", points=0.6)
        x = right + 0.04
        half = _SWATCH / 2
        sheet.shape(((x, y - half), (x + _SWATCH, y - half), (x + _SWATCH, y + half), (x, y + half)), fill=fill)
        share = catalogue.fmt.share(area.shares[-1], 0)
        sheet.text(x + _SWATCH + 0.06, y, area.label, ink=_SMALL)
        sheet.text(CHART_INCHES, y, share, align="right", ink=_SMALL)


def _add(total: tuple[float, ...], more: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(one + other for one, other in zip(total, more, strict=True))
