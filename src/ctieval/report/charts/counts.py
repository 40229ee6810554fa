"""Draws shares of persons as bars, with the counts beside them: a funnel, or how much was given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ctieval.report.catalogue import Catalogue
from ctieval.report.cells import HIDDEN, Kind
from ctieval.report.charts.lane import shown
from ctieval.report.charts.marks import box
from ctieval.report.charts.rows import Line, lay_rows
from ctieval.report.charts.sheet import Sheet
from ctieval.report.count_drawing import CountChart, CountRow

_HALF: Final = 0.085


def draw_counts(chart: CountChart, catalogue: Catalogue) -> Sheet:
    """Draw a bar for each count over a pale one for everybody; a count that is hidden has no bar."""
    counts = [row for panel in chart.panels for row in panel.rows]
    shares = [shown(row.share, Kind.SHARE) for row in counts if row.share is not None]
    heads = (catalogue.text("chart.persons"), catalogue.text("chart.share"))
    rows = lay_rows(tuple(_lines(chart, catalogue)), heads, [100.0, *shares], name=chart.axis, catalogue=catalogue)
    for row, y in zip(counts, rows.places, strict=True):
        rows.sheet.shape(box(rows.lane.x(0), rows.lane.x(100), y - _HALF, y + _HALF), fill="tint")
        if row.share is not None:
            end = rows.lane.x(shown(row.share, Kind.SHARE))
            rows.sheet.shape(box(rows.lane.x(0), end, y - _HALF, y + _HALF), fill="main")
    return rows.finish()


def _lines(chart: CountChart, catalogue: Catalogue) -> Iterator[Line]:
    for panel in chart.panels:
        if panel.title:
            yield Line(panel.title)
        for row in panel.rows:
            yield Line(row.label, (catalogue.fmt.count(row.n), _share(row, catalogue)))


def _share(row: CountRow, catalogue: Catalogue) -> str:
    return HIDDEN.value if row.share is None else catalogue.fmt.share(row.share, 0)
