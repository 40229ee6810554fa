"""Draws what speaks for the intervention at each price of its outcome: the share, and under it what may be lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from ctieval.report.catalogue import Catalogue
from ctieval.report.charts.axis import Axis, fit_values
from ctieval.report.charts.ends import END_LABELS, LEADING, End, draw_ends
from ctieval.report.charts.lane import UNDER_LANE, Lane, fit_lane, shown
from ctieval.report.charts.rows import HEADING
from ctieval.report.charts.sheet import DASHED, SOLID, Ink, Sheet, text_width
from ctieval.report.charts.weeks import MUTE, Frame
from ctieval.report.time_drawing import AcceptabilityChart
from ctieval.report.tokens import CHART_INCHES

_TITLE: Final = 0.34
_SHARES: Final = 1.7
_LOSSES: Final = 1.7
_BETWEEN: Final = 0.2
_WITHOUT: Final = Ink("mute", "bold")
_ALL: Final = Axis((0.0, 25.0, 50.0, 75.0, 100.0), 0)

Drawn: TypeAlias = tuple[list[float], End]
"""The values of a line in the unit of its axis, and how it looks."""


def draw_acceptability(chart: AcceptabilityChart, catalogue: Catalogue) -> Sheet:
    """Draw the share over the losses of both choices, on one axis of prices."""
    losses = fit_values(shown(loss, chart.kind) for loss in (*chart.loss, *chart.loss_without))
    left = max(text_width(label, MUTE) for axis in (_ALL, losses) for label in axis.labels(catalogue.fmt)) + 0.1
    sheet = Sheet(2 * _TITLE + _SHARES + _BETWEEN + _LOSSES + UNDER_LANE)
    lane = fit_lane(left, CHART_INCHES - END_LABELS - 0.1, chart.prices, catalogue.fmt)
    above = _frame(lane, _TITLE, _SHARES, _ALL)
    below = _frame(lane, above.bottom + _BETWEEN + _TITLE, _LOSSES, losses)
    for frame, title in zip((above, below), chart.titles, strict=True):
        sheet.text(0, frame.top - _TITLE / 2, title, ink=HEADING)
        frame.draw_values(sheet, catalogue)
        sheet.line((lane.left, lane.right), (frame.y(0), frame.y(0)), tone="ink", points=0.9)
    _draw_lines(sheet, above, chart, _shares(chart, above, catalogue))
    _draw_lines(sheet, below, chart, _losses(chart, below, catalogue))
    lane.draw_ticks(sheet, below.bottom, catalogue.fmt)
    sheet.text((lane.left + lane.right) / 2, below.bottom + 0.34, chart.axis, align="center", ink=MUTE)
    return sheet


def _frame(lane: Lane, top: float, height: float, axis: Axis) -> Frame:
    return Frame(lane.left, lane.right, top, top + height, (lane.axis.ticks[0], lane.axis.ticks[-1]), axis)


def _shares(chart: AcceptabilityChart, frame: Frame, catalogue: Catalogue) -> Iterator[Drawn]:
    shares = [100 * share for share in chart.shares]
    yield shares, End(frame.y(shares[-1]), chart.names[0], catalogue.fmt.share(chart.shares[-1], 0), "main")


def _losses(chart: AcceptabilityChart, frame: Frame, catalogue: Catalogue) -> Iterator[Drawn]:
    looks = (("main", SOLID, LEADING), ("control", DASHED, _WITHOUT))
    for name, losses, (tone, dash, ink) in zip(chart.names, (chart.loss, chart.loss_without), looks, strict=True):
        value = catalogue.fmt.value(losses[-1], chart.kind)
        yield (
            [shown(loss, chart.kind) for loss in losses],
            End(frame.y(shown(losses[-1], chart.kind)), name, value, tone, dash, ink),
        )


def _draw_lines(sheet: Sheet, frame: Frame, chart: AcceptabilityChart, lines: Iterable[Drawn]) -> None:
    drawn = list(lines)
    for values, end in drawn:
        xs, ys = [frame.x(price) for price in chart.prices], [frame.y(value) for value in values]
        sheet.line(xs, ys, tone=end.tone, points=end.points, dash=end.dash)
    draw_ends(sheet, frame, [end for _, end in drawn])
