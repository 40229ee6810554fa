"""Draws effects with their intervals; a panel and an axis for each unit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from ctieval.domain.outcome import BetterWhen
from ctieval.report.catalogue import Catalogue
from ctieval.report.cells import Kind
from ctieval.report.charts.axis import Axis, fit_axis
from ctieval.report.charts.sheet import LINE_INCHES, PLAIN, Ink, Sheet, text_width, wrap
from ctieval.report.drawing import ForestChart, ForestPanel, ForestRow
from ctieval.report.tokens import CHART_INCHES, SMALL_POINTS

_LABEL: Final = 1.75
_GAP: Final = 0.17
_HEAD: Final = 0.3
_UNDER_HEAD: Final = 0.05
_ROW_PADDING: Final = 0.14
_UNDER_AXIS: Final = 0.45
_BETWEEN_PANELS: Final = 0.2
_DIAMOND: Final = 0.085
_DOT: Final = 0.05
_CAP: Final = 0.045
_ARROW: Final = 0.2

_BOLD: Final = Ink(weight="bold")
_HEADING: Final = Ink("dark", "bold")
_MUTE: Final = Ink("mute", points=SMALL_POINTS)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the columns stand: both ends of the axis, and the right edges of effect, interval and N."""

    axis_left: float
    axis_right: float
    numbers: tuple[float, float, float]


def draw_forest(chart: ForestChart, catalogue: Catalogue) -> Sheet:
    """Draw point, whiskers and numbers of every effect; units that differ never share an axis."""
    heads = (
        catalogue.text("chart.effect"),
        catalogue.text("label.confidence", level=catalogue.fmt.level(chart.conf_level)),
        catalogue.text("chart.persons"),
    )
    columns = _columns(chart, heads, catalogue)
    height = sum(_panel_height(panel) + _BETWEEN_PANELS for panel in chart.panels) - _BETWEEN_PANELS
    sheet = Sheet(_HEAD + _UNDER_HEAD + height)
    for x, head in zip(columns.numbers, heads, strict=True):
        sheet.text(x, _HEAD / 2, head, align="right", ink=_HEADING)
    sheet.line((0, CHART_INCHES), (_HEAD, _HEAD), tone="main", points=1.2)
    top = _HEAD + _UNDER_HEAD
    for panel in chart.panels:
        _Pencil(sheet, panel, columns, _fit(panel, columns, catalogue), catalogue).draw(top)
        top += _panel_height(panel) + _BETWEEN_PANELS
    return sheet


@dataclass(frozen=True, slots=True)
class _Pencil:
    """Draws one panel."""

    sheet: Sheet
    panel: ForestPanel
    columns: _Columns
    axis: Axis
    catalogue: Catalogue

    def draw(self, top: float) -> None:
        """Draw the panel from the top down: its heading, the rows, the axis."""
        if self.panel.title:
            self.sheet.text(0, top + _HEAD / 2, self.panel.title, ink=_HEADING)
            top += _HEAD
        zero, bottom = self.x(0), top + sum(_row_height(row, self.panel) for row in self.panel.rows)
        self.sheet.line((zero, zero), (top, bottom), tone="ink", points=0.9)
        for row in self.panel.rows:
            height = _row_height(row, self.panel)
            self.row(row, top + height / 2)
            top += height
        self.ticks(bottom)
        self.unit(bottom + 0.33)

    def x(self, value: float) -> float:
        """Return where a value stands on the sheet; what lies outside the axis stands at its end."""
        place = min(1.0, max(0.0, self.axis.place(_printed(value, self.panel.kind))))
        return self.columns.axis_left + place * (self.columns.axis_right - self.columns.axis_left)

    def row(self, row: ForestRow, y: float) -> None:
        """Draw one effect with its name and its numbers."""
        lines = [(text, _ink(row)) for text in _label(row)]
        if _better(self.panel) is None:
            lines.append((self.catalogue.text(f"chart.better_{row.better_when.value}"), _MUTE))
        for number, (text, ink) in enumerate(lines):
            self.sheet.text(0, y + (number - (len(lines) - 1) / 2) * LINE_INCHES, text, ink=ink)
        for x, text in zip(self.columns.numbers, _numbers(row, self.panel, self.catalogue), strict=True):
            self.sheet.text(x, y, text, align="right", ink=_ink(row))
        self.whisker(row, row.interval.low, "left", y)
        self.whisker(row, row.interval.high, "right", y)
        self.point(row, self.x(row.estimate), y)

    def point(self, row: ForestRow, x: float, y: float) -> None:
        """Draw the estimate: a diamond where it leads, else a dot."""
        if row.leads:
            corners = ((x - _DIAMOND, y), (x, y - _DIAMOND), (x + _DIAMOND, y), (x, y + _DIAMOND))
            self.sheet.shape(corners, fill="main")
        else:
            self.sheet.dot(x, y, _DOT, tone="main")

    def whisker(self, row: ForestRow, end: float, toward: Literal["left", "right"], y: float) -> None:
        """Draw the interval from the estimate to one end: a cap, or an arrow where it is open."""
        x = self.x(end)
        self.sheet.line((self.x(row.estimate), x), (y, y), tone="main", points=2.2 if row.leads else 1.5)
        if math.isinf(end):
            self.sheet.arrow_head(x, y, toward, tone="main")
        else:
            self.sheet.line((x, x), (y - _CAP, y + _CAP), tone="main", points=1.5)

    def ticks(self, y: float) -> None:
        """Draw the axis with its ticks."""
        self.sheet.line((self.columns.axis_left, self.columns.axis_right), (y, y), tone="mute")
        for tick, label in zip(self.axis.ticks, self.axis.labels(self.catalogue.fmt), strict=True):
            x = self.columns.axis_left + self.axis.place(tick) * (self.columns.axis_right - self.columns.axis_left)
            self.sheet.line((x, x), (y, y + 0.05), tone="mute")
            self.sheet.text(x, y + 0.15, label, align="center", ink=_MUTE)

    def unit(self, y: float) -> None:
        """Write the unit under the axis and, where all rows agree, which side is better, with an arrow to it."""
        better = _better(self.panel)
        words = [self.catalogue.fmt.unit(self.panel.kind)]
        words += [self.catalogue.text(f"chart.better_{better.value}")] if better is not None else []
        caption = ", ".join(word for word in words if word)
        middle = (self.columns.axis_left + self.columns.axis_right) / 2
        self.sheet.text(middle, y, caption, align="center", ink=_MUTE)
        if better is not None:
            side = 1 if better is BetterWhen.HIGHER else -1
            start = middle + side * (text_width(caption, _MUTE) / 2 + 0.07)
            self.sheet.line((start, start + side * (_ARROW - 0.03)), (y, y), tone="mute", points=0.9)
            self.sheet.arrow_head(start + side * _ARROW, y, "right" if side > 0 else "left", tone="mute")


def _columns(chart: ForestChart, heads: tuple[str, ...], catalogue: Catalogue) -> _Columns:
    """Give the numbers the room they need, and the axis what is left."""
    printed = [_numbers(row, panel, catalogue) for panel in chart.panels for row in panel.rows]
    widths = [max(text_width(text, _BOLD) for text in texts) for texts in zip(heads, *printed, strict=True)]
    n = CHART_INCHES
    interval = n - widths[2] - _GAP
    effect = interval - widths[1] - _GAP
    return _Columns(_LABEL + _GAP, effect - widths[0] - _GAP, (effect, interval, n))


def _numbers(row: ForestRow, panel: ForestPanel, catalogue: Catalogue) -> tuple[str, str, str]:
    fmt = catalogue.fmt
    effect = fmt.value(row.estimate, panel.kind, panel.decimals, signed=True)
    return effect, fmt.interval(row.interval, panel.kind, panel.decimals), fmt.count(row.n)


def _fit(panel: ForestPanel, columns: _Columns, catalogue: Catalogue) -> Axis:
    """Choose the axis of a panel so that its labels stand clear of one another."""
    ends = [end for row in panel.rows for end in (row.interval.low, row.estimate, row.interval.high)]
    width = columns.axis_right - columns.axis_left

    def room(axis: Axis) -> bool:
        widest = max(text_width(label, _MUTE) for label in axis.labels(catalogue.fmt))
        return widest + 0.1 <= width / (len(axis.ticks) - 1)

    return fit_axis([_printed(end, panel.kind) for end in ends if math.isfinite(end)], room)


def _panel_height(panel: ForestPanel) -> float:
    rows = sum(_row_height(row, panel) for row in panel.rows)
    return (_HEAD if panel.title else 0) + rows + _UNDER_AXIS


def _row_height(row: ForestRow, panel: ForestPanel) -> float:
    lines = len(_label(row)) + (1 if _better(panel) is None else 0)
    return lines * LINE_INCHES + _ROW_PADDING


def _label(row: ForestRow) -> tuple[str, ...]:
    return wrap(row.label, _LABEL, _ink(row))


def _ink(row: ForestRow) -> Ink:
    return _BOLD if row.leads else PLAIN


def _better(panel: ForestPanel) -> BetterWhen | None:
    """Return the better direction where all rows of a panel agree."""
    directions = {row.better_when for row in panel.rows}
    return directions.pop() if len(directions) == 1 else None


def _printed(value: float, kind: Kind) -> float:
    """Return a value as it is printed: shares in per cent."""
    return 100 * value if kind in (Kind.PP, Kind.SHARE) else value
