"""Draws standardised differences: a dot on each, over the band that most draws stay within."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ctieval.report.catalogue import Catalogue
from ctieval.report.charts.axis import Axis, fit_axis
from ctieval.report.charts.sheet import DASHED, LINE_INCHES, PLAIN, Ink, Sheet, text_width, wrap
from ctieval.report.fmt import Fmt
from ctieval.report.love_drawing import LoveChart, LoveRow
from ctieval.report.tokens import CHART_INCHES, SMALL_POINTS

_LABEL: Final = 2.05
_INDENT: Final = 0.14
_GAP: Final = 0.17
_HEAD: Final = 0.5
_LIMITS: Final = 0.24
_ROW_PADDING: Final = 0.1
_UNDER_AXIS: Final = 0.48
_BAND: Final = 0.065
_DOT: Final = 0.05
_DIAMOND: Final = 0.085

_BOLD: Final = Ink(weight="bold")
_HEADING: Final = Ink("dark", "bold")
_MUTE: Final = Ink("mute", points=SMALL_POINTS)


def draw_love(chart: LoveChart, catalogue: Catalogue) -> Sheet:
    """Draw every difference; one beyond its band is a diamond and printed bold."""
    pencil = _pencil(chart, catalogue)
    sheet = pencil.sheet
    for x, head in zip(pencil.numbers, _heads(chart, catalogue), strict=True):
        for line, text in enumerate(head):
            sheet.text(x, _HEAD / 2 + (line - (len(head) - 1) / 2) * LINE_INCHES, text, align="right", ink=_HEADING)
    sheet.line((0, CHART_INCHES), (_HEAD, _HEAD), tone="main", points=1.2)
    top = _HEAD + _LIMITS
    bottom = top + sum(map(_height, chart.rows))
    pencil.draw_limits(top, bottom)
    for row in chart.rows:
        pencil.draw_row(row, top + _height(row) / 2)
        top += _height(row)
    pencil.draw_axis(bottom)
    return sheet


@dataclass(frozen=True, slots=True)
class _Pencil:
    """Draws one figure: between ``left`` and ``right`` lies the axis, at ``numbers`` end the columns beside it."""

    sheet: Sheet
    chart: LoveChart
    axis: Axis
    left: float
    right: float
    numbers: tuple[float, float]
    catalogue: Catalogue

    def x(self, value: float) -> float:
        """Return where a value stands on the sheet."""
        return self.left + self.axis.place(value) * (self.right - self.left)

    def draw_limits(self, top: float, bottom: float) -> None:
        """Draw zero, and a dashed line at every limit, either way, with its number above it."""
        for limit in (each for size in self.chart.limits for each in (-size, size)):
            x = self.x(limit)
            self.sheet.line((x, x), (top, bottom), tone="control", points=0.9, dash=DASHED)
        for size in self.chart.limits[-1:]:
            for limit in (-size, size):
                label = self.catalogue.fmt.number(limit, 2, signed=True)
                self.sheet.text(self.x(limit), top - _LIMITS / 2, label, align="center", ink=_MUTE)
        self.sheet.line((self.x(0), self.x(0)), (top, bottom), tone="ink", points=0.9)

    def draw_row(self, row: LoveRow, y: float) -> None:
        """Draw one row: name, band, dot and numbers."""
        ink = _ink(row)
        lines = _lines(row)
        for number, text in enumerate(lines):
            place = y + (number - (len(lines) - 1) / 2) * LINE_INCHES
            self.sheet.text(_INDENT if row.indented else 0, place, text, ink=ink)
        if row.usual is not None:
            low, high = self.x(-row.usual), self.x(row.usual)
            corners = ((low, y - _BAND), (high, y - _BAND), (high, y + _BAND), (low, y + _BAND))
            self.sheet.shape(corners, fill="band")
            self.sheet.line((self.x(0), self.x(0)), (y - _BAND, y + _BAND), tone="ink", points=0.9)
            self.sheet.text(self.numbers[1], y, _usual(row.usual, self.catalogue.fmt), align="right", ink=ink)
        if row.difference is not None:
            self.draw_point(self.x(row.difference), y, unusual=row.unusual)
            shown = self.catalogue.fmt.number(row.difference, 2, signed=True)
            self.sheet.text(self.numbers[0], y, shown, align="right", ink=ink)

    def draw_point(self, x: float, y: float, *, unusual: bool) -> None:
        """Draw the difference: a dot, or a diamond beyond the band."""
        if unusual:
            corners = ((x - _DIAMOND, y), (x, y - _DIAMOND), (x + _DIAMOND, y), (x, y + _DIAMOND))
            self.sheet.shape(corners, fill="accent", edge="ink")
        else:
            self.sheet.dot(x, y, _DOT, tone="main")

    def draw_axis(self, y: float) -> None:
        """Draw the axis with its ticks and its name."""
        self.sheet.line((self.left, self.right), (y, y), tone="mute")
        for tick, label in zip(self.axis.ticks, self.axis.labels(self.catalogue.fmt), strict=True):
            self.sheet.line((self.x(tick), self.x(tick)), (y, y + 0.05), tone="mute")
            self.sheet.text(self.x(tick), y + 0.15, label, align="center", ink=_MUTE)
        name = self.catalogue.text("chart.std_difference")
        self.sheet.text((self.left + self.right) / 2, y + 0.35, name, align="center", ink=_MUTE)


def _pencil(chart: LoveChart, catalogue: Catalogue) -> _Pencil:
    """Give the numbers the room they need, and the axis what is left."""
    heads = _heads(chart, catalogue)
    widest = [max(text_width(line, _HEADING) for line in head) for head in heads]
    usual_end = CHART_INCHES
    difference_end = usual_end - widest[1] - _GAP
    left, right = _LABEL + _GAP, difference_end - widest[0] - _GAP
    height = _HEAD + _LIMITS + sum(map(_height, chart.rows)) + _UNDER_AXIS
    axis = _fit(chart, right - left, catalogue.fmt)
    return _Pencil(Sheet(height), chart, axis, left, right, (difference_end, usual_end), catalogue)


def _heads(chart: LoveChart, catalogue: Catalogue) -> tuple[tuple[str, ...], tuple[str, ...]]:
    usual = catalogue.text("chart.usual", share=catalogue.fmt.share(chart.share, 0))
    return wrap(catalogue.text("chart.difference"), 1.0, _HEADING), wrap(usual, 1.0, _HEADING)


def _fit(chart: LoveChart, width: float, fmt: Fmt) -> Axis:
    """Choose an axis, as long to either side of zero, on which labels stand clear of one another."""
    farthest = max((*(abs(number) for number in chart.numbers), *chart.limits))

    def room(axis: Axis) -> bool:
        widest = max(text_width(label, _MUTE) for label in axis.labels(fmt))
        return widest + 0.1 <= width / (len(axis.ticks) - 1)

    return fit_axis((-farthest, farthest), room)


def _usual(usual: float, fmt: Fmt) -> str:
    return f"±\u2009{fmt.number(usual, 2)}"


def _lines(row: LoveRow) -> tuple[str, ...]:
    return wrap(row.label, _LABEL - (_INDENT if row.indented else 0), _ink(row))


def _height(row: LoveRow) -> float:
    return len(_lines(row)) * LINE_INCHES + _ROW_PADDING


def _ink(row: LoveRow) -> Ink:
    return _BOLD if row.unusual else PLAIN
