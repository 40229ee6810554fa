"""Draws effects with their intervals; a panel and an axis for each unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ctieval.domain.outcome import BetterWhen
from ctieval.report.catalogue import Catalogue
from ctieval.report.charts.lane import UNDER_LANE, Lane, fit_lane, shown
from ctieval.report.charts.marks import draw_diamond, draw_dot, draw_whisker
from ctieval.report.charts.rows import BOLD, GAP, HEADING, Columns, fit_columns
from ctieval.report.charts.sheet import LINE_INCHES, PLAIN, Ink, Sheet, text_width, wrap
from ctieval.report.charts.weeks import MUTE
from ctieval.report.drawing import ForestChart, ForestPanel, ForestRow
from ctieval.report.tokens import CHART_INCHES

_LABEL: Final = 1.75
_HEAD: Final = 0.26
_UNDER_HEAD: Final = 0.05
_ROW_PADDING: Final = 0.14
_BETWEEN_PANELS: Final = 0.08
_ARROW: Final = 0.2


def draw_forest(chart: ForestChart, catalogue: Catalogue) -> Sheet:
    """Draw point, whiskers and numbers of every effect; units that differ never share an axis."""
    heads = (
        catalogue.text("chart.effect"),
        catalogue.text("label.confidence", level=catalogue.fmt.level(chart.conf_level)),
        catalogue.text("chart.persons"),
    )
    columns = fit_columns(heads, (_numbers(row, panel, catalogue) for panel in chart.panels for row in panel.rows))
    height = sum(_panel_height(panel) + _BETWEEN_PANELS for panel in chart.panels) - _BETWEEN_PANELS
    sheet = Sheet(columns.height + _UNDER_HEAD + height)
    columns.draw(sheet)
    top = columns.height + _UNDER_HEAD
    for number, panel in enumerate(chart.panels):
        if number:
            sheet.line((0, CHART_INCHES), (top - _BETWEEN_PANELS / 2,) * 2, tone="hairline", points=0.6)
        _Pencil(sheet, panel, columns, _lane(panel, columns, catalogue), catalogue).draw(top)
        top += _panel_height(panel) + _BETWEEN_PANELS
    return sheet


@dataclass(frozen=True, slots=True)
class _Pencil:
    """Draws one panel."""

    sheet: Sheet
    panel: ForestPanel
    columns: Columns
    lane: Lane
    catalogue: Catalogue

    def draw(self, top: float) -> None:
        """Draw the panel from the top down: its heading, the rows, the axis."""
        if self.panel.title:
            self.sheet.text(0, top + _HEAD / 2, self.panel.title, ink=HEADING)
            top += _HEAD
        bottom = top + sum(_row_height(row, self.panel) for row in self.panel.rows)
        self.lane.draw_zero(self.sheet, top, bottom)
        for row in self.panel.rows:
            height = _row_height(row, self.panel)
            self.row(row, top + height / 2)
            top += height
        self.lane.draw_ticks(self.sheet, bottom, self.catalogue.fmt)
        self.unit(bottom + 0.33)

    def x(self, value: float) -> float:
        """Return where a value stands on the sheet."""
        return self.lane.x(shown(value, self.panel.kind))

    def row(self, row: ForestRow, y: float) -> None:
        """Draw one effect with its name and its numbers."""
        lines = [(text, _ink(row)) for text in _label(row)]
        if _better(self.panel) is None:
            lines.append((self.catalogue.text(f"chart.better_{row.better_when.value}"), MUTE))
        for number, (text, ink) in enumerate(lines):
            self.sheet.text(0, y + (number - (len(lines) - 1) / 2) * LINE_INCHES, text, ink=ink)
        for x, text in zip(self.columns.edges, _numbers(row, self.panel, self.catalogue), strict=True):
            self.sheet.text(x, y, text, align="right", ink=_ink(row))
        x = self.x(row.estimate)
        for end in (row.interval.low, row.interval.high):
            draw_whisker(self.sheet, (x, self.x(end)), y, end, points=2.2 if row.leads else 1.5)
        (draw_diamond if row.leads else draw_dot)(self.sheet, x, y)

    def unit(self, y: float) -> None:
        """Write the unit under the axis and, where all rows agree, which side is better, with an arrow to it."""
        better = _better(self.panel)
        words = [self.catalogue.fmt.unit(self.panel.kind)]
        words += [self.catalogue.text(f"chart.better_{better.value}")] if better is not None else []
        caption = ", ".join(word for word in words if word)
        middle = (self.lane.left + self.lane.right) / 2
        self.sheet.text(middle, y, caption, align="center", ink=MUTE)
        if better is not None:
            side = 1 if better is BetterWhen.HIGHER else -1
            start = middle + side * (text_width(caption, MUTE) / 2 + 0.07)
            self.sheet.arrow(start, y, "right" if side > 0 else "left", length=_ARROW)


def _numbers(row: ForestRow, panel: ForestPanel, catalogue: Catalogue) -> tuple[str, str, str]:
    fmt = catalogue.fmt
    effect = fmt.value(row.estimate, panel.kind, panel.decimals, signed=True)
    return effect, fmt.interval(row.interval, panel.kind, panel.decimals), fmt.count(row.n)


def _lane(panel: ForestPanel, columns: Columns, catalogue: Catalogue) -> Lane:
    ends = (end for row in panel.rows for end in (row.interval.low, row.estimate, row.interval.high))
    values = [shown(end, panel.kind) for end in ends]
    return fit_lane(_LABEL + GAP, columns.left - GAP, values, catalogue.fmt)


def _panel_height(panel: ForestPanel) -> float:
    rows = sum(_row_height(row, panel) for row in panel.rows)
    return (_HEAD if panel.title else 0) + rows + UNDER_LANE


def _row_height(row: ForestRow, panel: ForestPanel) -> float:
    lines = len(_label(row)) + (1 if _better(panel) is None else 0)
    return lines * LINE_INCHES + _ROW_PADDING


def _label(row: ForestRow) -> tuple[str, ...]:
    return wrap(row.label, _LABEL, _ink(row))


def _ink(row: ForestRow) -> Ink:
    return BOLD if row.leads else PLAIN


def _better(panel: ForestPanel) -> BetterWhen | None:
    """Return the better direction where all rows of a panel agree."""
    directions = {row.better_when for row in panel.rows}
    return directions.pop() if len(directions) == 1 else None
