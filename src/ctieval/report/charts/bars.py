"""Draws amounts as bars from zero: who pays and who gains, or what each arm cost."""

from __future__ import annotations

from typing import Final

from ctieval.report.amount_drawing import BarChart
from ctieval.report.catalogue import Catalogue
from ctieval.report.charts.amounts import draw_amount_bars, lay_amounts
from ctieval.report.charts.rows import Rows
from ctieval.report.charts.sheet import Sheet, text_width
from ctieval.report.charts.weeks import MUTE
from ctieval.report.tokens import CHART_INCHES

_SIDES: Final = 0.22
_ARROW: Final = 0.2


def draw_bars(chart: BarChart, catalogue: Catalogue) -> Sheet:
    """Draw every amount as a bar with its interval, and over them what either side of zero means."""
    starts = [0.0] * len(chart.amounts)
    rows = lay_amounts(chart.groups, starts, chart.scale, catalogue, above=_SIDES if any(chart.sides) else 0.0)
    if any(chart.sides):
        _draw_sides(rows, chart.sides)
    draw_amount_bars(rows, chart.groups, starts, chart.scale)
    return rows.finish()


def _draw_sides(rows: Rows, sides: tuple[str, str]) -> None:
    """Write what either side means, pointing away from zero; moved where it would leave its side of the sheet."""
    zero, y = rows.lane.x(0), rows.top - _SIDES / 2
    left, right = (text_width(side, MUTE) + _ARROW + 0.14 for side in sides)
    middle = min(max(zero, left), CHART_INCHES - right)
    rows.sheet.text(middle - 0.07, y, sides[0], align="right", ink=MUTE)
    rows.sheet.text(middle + 0.07, y, sides[1], ink=MUTE)
    rows.sheet.arrow(middle - left + _ARROW, y, "left", length=_ARROW - 0.04)
    rows.sheet.arrow(middle + right - _ARROW, y, "right", length=_ARROW - 0.04)
