"""Draws amounts as points with their intervals, such as scenarios by account."""

from __future__ import annotations

from ctieval.report.amount_drawing import AmountRole, ScenarioChart
from ctieval.report.catalogue import Catalogue
from ctieval.report.charts.amounts import draw_interval, lay_amounts
from ctieval.report.charts.lane import shown
from ctieval.report.charts.marks import draw_diamond, draw_dot
from ctieval.report.charts.sheet import Sheet


def draw_scenarios(chart: ScenarioChart, catalogue: Catalogue) -> Sheet:
    """Draw every amount as a point: a diamond where it leads, a hollow dot where it rests on an assumption."""
    rows = lay_amounts(chart.groups, [0.0] * len(chart.amounts), chart.scale, catalogue)
    for amount, y in zip(chart.amounts, rows.places, strict=True):
        x = rows.lane.x(shown(amount.value, chart.scale.kind))
        draw_interval(rows, amount, 0.0, y, chart.scale)
        if amount.role is AmountRole.TOTAL:
            draw_diamond(rows.sheet, x, y)
        else:
            draw_dot(rows.sheet, x, y, hollow=amount.role is AmountRole.PROJECTED)
    return rows.finish()
