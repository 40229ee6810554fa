"""Draws a share in both arms week by week, and under it the effect with its interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ctieval.report.catalogue import Catalogue
from ctieval.report.cells import Kind
from ctieval.report.charts.axis import Axis, fit_axis
from ctieval.report.charts.sheet import DASHED, LINE_INCHES, SOLID, Ink, Sheet, wrap
from ctieval.report.charts.weeks import UNDER_WEEKS, Frame, spread
from ctieval.report.path_drawing import CurveChart, CurvePoint
from ctieval.report.tokens import CHART_INCHES

_LEFT: Final = 0.45
_LABELS: Final = 1.3
_RIGHT: Final = CHART_INCHES - _LABELS - 0.1
_TITLE: Final = 0.34
_SHARES: Final = 1.9
_EFFECTS: Final = 1.6
_BETWEEN: Final = 0.22

_HEADING: Final = Ink("dark", "bold")
_TONES: Final = {"intervention": Ink("main", "bold"), "control": Ink("mute", "bold")}


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
    last = chart.points[-1]
    ends = [
        (frame.y(100 * last.intervention), chart.intervention, last.intervention, _TONES["intervention"], SOLID),
        (frame.y(100 * last.control), chart.control, last.control, _TONES["control"], DASHED),
    ]
    ends.sort(key=lambda end: end[0])
    texts = [(*wrap(name, _LABELS - 0.3, ink), catalogue.fmt.share(share)) for _, name, share, ink, _ in ends]
    room = max(len(lines) for lines in texts) * LINE_INCHES
    places = spread([end[0] for end in ends], room + 0.06, frame.top + room / 2, frame.bottom - room / 2)
    for y, lines, (_, _, _, ink, dash) in zip(places, texts, ends, strict=True):
        tone = "main" if dash == SOLID else "control"
        first = y - (len(lines) - 1) / 2 * LINE_INCHES
        sheet.line((frame.right + 0.07, frame.right + 0.29), (first, first), tone=tone, points=1.9, dash=dash)
        for number, text in enumerate(lines):
            sheet.text(frame.right + 0.35, first + number * LINE_INCHES, text, ink=ink)


def _draw_effects(sheet: Sheet, chart: CurveChart, frame: Frame, catalogue: Catalogue) -> None:
    for run in _runs(chart.points):
        lows = [(frame.x(week), frame.y(100 * low)) for week, low, _ in run]
        highs = [(frame.x(week), frame.y(100 * high)) for week, _, high in run]
        sheet.shape((*lows, *reversed(highs)), fill="band")
    frame.draw_values(sheet, catalogue)
    frame.draw_draw(sheet)
    sheet.line((frame.left, frame.right), (frame.y(0), frame.y(0)), tone="ink", points=0.9)
    weeks = [frame.x(point.week) for point in chart.points]
    sheet.line(weeks, [frame.y(100 * point.effect) for point in chart.points], tone="main", points=1.9)
    last = chart.points[-1]
    ink, y = _TONES["intervention"], frame.y(100 * last.effect)
    sheet.text(frame.right + 0.1, y, catalogue.fmt.value(last.effect, Kind.PP, signed=True), ink=ink)


def _runs(points: Sequence[CurvePoint]) -> Iterator[list[tuple[int, float, float]]]:
    """Weeks with an interval, broken where one has none."""
    run: list[tuple[int, float, float]] = []
    for point in points:
        if point.interval is not None:
            run.append((point.week, point.interval.low, point.interval.high))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _effect_values(chart: CurveChart) -> Iterator[float]:
    for point in chart.points:
        yield 100 * point.effect
        if point.interval is not None:
            yield from (100 * point.interval.low, 100 * point.interval.high)


def _frame(chart: CurveChart, top: float, height: float, values: list[float]) -> Frame:
    weeks = (chart.points[0].week, chart.points[-1].week)
    return Frame(_LEFT, _RIGHT, top, top + height, weeks, _fit(values))


def _fit(values: list[float]) -> Axis:
    return fit_axis(values, lambda axis: len(axis.ticks) <= 6)
