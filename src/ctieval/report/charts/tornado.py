"""Draws how far each assumption moves the result, alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final

from ctieval.report.amount_drawing import AmountRole, Swing, TornadoChart
from ctieval.report.catalogue import Catalogue
from ctieval.report.charts.amounts import draw_bar
from ctieval.report.charts.lane import shown
from ctieval.report.charts.marks import box
from ctieval.report.charts.rows import Line, Rows, lay_rows
from ctieval.report.charts.sheet import DASHED, LINE_INCHES, Align, Ink, Sheet, text_width, wrap
from ctieval.report.charts.weeks import MUTE
from ctieval.report.tokens import CHART_INCHES

_END: Final = 0.8
_BASE: Final = 0.24
_CLEAR: Final = 0.06
_SIDES: Final[tuple[Align, Align]] = ("right", "left")
_VALUE: Final = Ink("mute", "bold", MUTE.points)


def draw_tornado(chart: TornadoChart, catalogue: Catalogue) -> Sheet:
    """Draw a bar from the result at one end of each assumption to that at the other; hatched where assumed."""
    results = [chart.base, *chain.from_iterable((swing.low, swing.high) for swing in chart.swings)]
    room = max(text_width(line, MUTE) for swing in chart.swings for end in _labels(swing) for line in end) + _CLEAR
    rows = lay_rows(
        tuple(_lines(chart, catalogue)),
        (catalogue.text("chart.switching"),),
        [shown(result, chart.scale.kind) for result in results],
        name=chart.scale.name,
        catalogue=catalogue,
        inset=(room, room, _BASE),
    )
    for swing, y in zip(chart.swings, rows.places, strict=True):
        role = AmountRole.PROJECTED if swing.assumed else AmountRole.PLAIN
        draw_bar(rows.sheet, _reach(rows, chart, swing), y, role)
    rows.draw_zero()
    _draw_base(rows, chart)
    for swing, y in zip(chart.swings, rows.places, strict=True):
        _draw_labels(rows, swing, _reach(rows, chart, swing), y)
    return rows.finish_below()


def _lines(chart: TornadoChart, catalogue: Catalogue) -> Iterator[Line]:
    for swing in chart.swings:
        known = catalogue.text("chart.assumed" if swing.assumed else "chart.measured")
        yield Line(swing.label, (swing.switching or catalogue.text("chart.never_switches"),), below=known)


def _reach(rows: Rows, chart: TornadoChart, swing: Swing) -> tuple[float, float]:
    """Where the bar of an assumption begins and ends."""
    places = [rows.lane.x(shown(result, chart.scale.kind)) for result in (swing.low, swing.high, chart.base)]
    return min(places), max(places)


def _draw_labels(rows: Rows, swing: Swing, reach: tuple[float, float], y: float) -> None:
    """Write the ends of an assumption beside its bar, on a ground that lets no line through."""
    labels = _labels(swing) if swing.low <= swing.high else _labels(swing)[::-1]
    for lines, x, align in zip(labels, (reach[0] - _CLEAR, reach[1] + _CLEAR), _SIDES, strict=True):
        for number, text in enumerate(lines):
            width, place = text_width(text, MUTE), y + (number - (len(lines) - 1) / 2) * LINE_INCHES
            left, right = (x - width, x) if align == "right" else (x, x + width)
            half = LINE_INCHES / 2
            rows.sheet.shape(box(left - 0.02, right + 0.02, place - half, place + half), fill="paper")
            rows.sheet.text(x, place, text, align=align, ink=MUTE)


def _draw_base(rows: Rows, chart: TornadoChart) -> None:
    """Draw the result as reckoned through all bars, with its value over them."""
    x = rows.lane.x(shown(chart.base, chart.scale.kind))
    rows.sheet.line((x, x), (rows.top - 0.04, rows.bottom), tone="accent", points=1.2, dash=DASHED)
    value = rows.catalogue.fmt.value(chart.base, chart.scale.kind, chart.scale.decimals, signed=True)
    label = rows.catalogue.text("chart.base", value=value)
    half = text_width(label, _VALUE) / 2
    rows.sheet.text(min(max(x, half), CHART_INCHES - half), rows.top - _BASE / 2, label, align="center", ink=_VALUE)


def _labels(swing: Swing) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return wrap(swing.low_label, _END, MUTE), wrap(swing.high_label, _END, MUTE)
