"""Draws a share in both arms week by week, and under it the effect with its interval."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from ctieval.report.catalogue import Catalogue
from ctieval.report.cells import Kind
from ctieval.report.charts.axis import fit_values
from ctieval.report.charts.bands import Ends, draw_band
from ctieval.report.charts.ends import END_LABELS, LEADING, End, draw_ends
from ctieval.report.charts.sheet import DASHED, Ink, Sheet
from ctieval.report.charts.weeks import UNDER_WEEKS, Frame
from ctieval.report.path_drawing import CurveChart, CurvePoint
from ctieval.report.tokens import CHART_INCHES

_LEFT: Final = 0.45
_RIGHT: Final = CHART_INCHES - END_LABELS - 0.1
_TITLE: Final = 0.34
_SHARES: Final = 1.9
_EFFECTS: Final = 1.6
_BETWEEN: Final = 0.22

_HEADING: Final = Ink("dark", "bold")
_CONTROL: Final = Ink("mute", "bold")


def draw_curve(chart: CurveChart, catalogue: Catalogue) -> Sheet:
    """Draw both arms, the intervention whole and the control dashed, and their difference in a frame of its own."""
    sheet = Sheet(2 * _TITLE + _SHARES + _BETWEEN + _EFFECTS + UNDER_WEEKS)
    shares = [100 * share for point in chart.points for share in (point.intervention, point.control)]
    above = _frame(chart, _TITLE, _SHARES, shares)
    below = _frame(chart, 2 * _TITLE + _SHARES + _BETWEEN, _EFFECTS, list(_effect_values(chart)))
    share_unit = catalogue.fmt.unit(Kind.SHARE)
    sheet.text(0, _TITLE / 2, catalogue.text("chart.titled", title=chart.title, unit=share_unit), ink=_HEADING)
    level = catalogue.fmt.level(chart.conf_level)
    title = catalogue.text("chart.effect_by_week", unit=catalogue.fmt.unit(Kind.PP), level=level)
    sheet.text(0, below.top - _TITLE / 2, title, ink=_HEADING)
    _draw_shares(sheet, chart, above, catalogue)
    _draw_effects(sheet, chart, below, catalogue)
    below.draw_weeks(sheet, catalogue)
    return sheet


def _draw_shares(sheet: Sheet, chart: CurveChart, frame: Frame, catalogue: Catalogue) -> None:
    frame.draw_values(sheet, catalogue)
    frame.draw_draw(sheet)
    sheet.text(frame.x(0) + 0.06, frame.top + 0.06, catalogue.text("chart.draw"), ink=Ink("ink", points=8.0))
    weeks = [frame.x(point.week) for point in chart.points]
    control = [frame.y(100 * point.control) for point in chart.points]
    sheet.line(weeks, control, tone="control", points=1.9, dash=DASHED)
    sheet.line(weeks, [frame.y(100 * point.intervention) for point in chart.points], tone="main", points=1.9)
    _label_ends(sheet, chart, frame, catalogue)


def _label_ends(sheet: Sheet, chart: CurveChart, frame: Frame, catalogue: Catalogue) -> None:
    """Name each line at its end, with its last share."""
    last, fmt = chart.points[-1], catalogue.fmt
    ends = (
        End(frame.y(100 * last.intervention), chart.intervention, fmt.share(last.intervention), "main"),
        End(frame.y(100 * last.control), chart.control, fmt.share(last.control), "control", DASHED, _CONTROL),
    )
    draw_ends(sheet, frame, ends)


def _draw_effects(sheet: Sheet, chart: CurveChart, frame: Frame, catalogue: Catalogue) -> None:
    draw_band(sheet, frame, _intervals(chart.points))
    frame.draw_values(sheet, catalogue)
    frame.draw_draw(sheet)
    sheet.line((frame.left, frame.right), (frame.y(0), frame.y(0)), tone="ink", points=0.9)
    weeks = [frame.x(point.week) for point in chart.points]
    sheet.line(weeks, [frame.y(100 * point.effect) for point in chart.points], tone="main", points=1.9)
    last = chart.points[-1]
    ink, y = LEADING, frame.y(100 * last.effect)
    sheet.text(frame.right + 0.1, y, catalogue.fmt.value(last.effect, Kind.PP, signed=True), ink=ink)


def _intervals(points: Sequence[CurvePoint]) -> Iterator[Ends]:
    """The ends of each week's interval, in per cent; a week without one breaks the band."""
    for point in points:
        low, high = (math.nan, math.nan) if point.interval is None else (point.interval.low, point.interval.high)
        yield point.week, 100 * low, 100 * high


def _effect_values(chart: CurveChart) -> Iterator[float]:
    for point in chart.points:
        yield 100 * point.effect
        if point.interval is not None:
            yield from (100 * point.interval.low, 100 * point.interval.high)


def _frame(chart: CurveChart, top: float, height: float, values: list[float]) -> Frame:
    weeks = (chart.points[0].week, chart.points[-1].week)
    return Frame(_LEFT, _RIGHT, top, top + height, weeks, fit_values(values))
