"""Draws amounts that lead from one to the next, and what they come to."""

from __future__ import annotations

from itertools import pairwise

from ctieval.report.amount_drawing import AmountGroup, AmountRole, WaterfallChart
from ctieval.report.catalogue import Catalogue
from ctieval.report.charts.amounts import draw_amount_bars, lay_amounts
from ctieval.report.charts.lane import shown
from ctieval.report.charts.sheet import Sheet


def draw_waterfall(chart: WaterfallChart, catalogue: Catalogue) -> Sheet:
    """Draw each bar from where the one before it ended; a line leads from the one to the other."""
    groups, starts = (AmountGroup(chart.amounts),), chart.starts
    rows = lay_amounts(groups, starts, chart.scale, catalogue)
    for (amount, start, y), (after, _, below) in pairwise(zip(chart.amounts, starts, rows.places, strict=True)):
        x = rows.lane.x(shown(start + amount.value, chart.scale.kind))
        tone = "control" if after.role is AmountRole.TOTAL else "mute"
        rows.sheet.line((x, x), (y, below), tone=tone, points=0.6)
    draw_amount_bars(rows, groups, starts, chart.scale)
    return rows.finish()
