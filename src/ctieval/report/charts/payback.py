"""Draws the share of resamples in which the money is back by each month, beside those in which it never is."""

from __future__ import annotations

from typing import Final

from ctieval.report.catalogue import Catalogue
from ctieval.report.cells import Kind
from ctieval.report.charts.at_risk import draw_time_axis, height_under
from ctieval.report.charts.axis import Axis
from ctieval.report.charts.bands import stairs
from ctieval.report.charts.ends import LEADING
from ctieval.report.charts.marks import box, draw_hatched
from ctieval.report.charts.rows import HEADING
from ctieval.report.charts.sheet import LINE_INCHES, Ink, Sheet, wrap
from ctieval.report.charts.weeks import MUTE, Frame
from ctieval.report.time_drawing import PaybackChart
from ctieval.report.tokens import CHART_INCHES

_LEFT: Final = 0.45
_TITLE: Final = 0.34
_HEIGHT: Final = 2.2
_SIDE: Final = 1.5
_BAR: Final = 0.5
_ALL: Final = Axis((0.0, 25.0, 50.0, 75.0, 100.0), 0)
_NEVER: Final = Ink("accent-text", "bold")


def draw_payback(chart: PaybackChart, catalogue: Catalogue) -> Sheet:
    """Draw the stairs of the share that is back, and on the same scale a hatched bar of the share that never is."""
    never = wrap(chart.never_label, _SIDE - 0.1, MUTE)
    under = max(height_under((), ()), 0.1 + len(never) * LINE_INCHES)
    sheet = Sheet(_TITLE + _HEIGHT + under)
    span = (chart.months[0], chart.months[-1])
    frame = Frame(_LEFT, CHART_INCHES - _SIDE - 0.65, _TITLE, _TITLE + _HEIGHT, span, _ALL)
    title = catalogue.text("chart.titled", title=chart.title, unit=catalogue.fmt.unit(Kind.SHARE))
    sheet.text(0, _TITLE / 2, title, ink=HEADING)
    xs, ys = zip(*((frame.x(x), frame.y(100 * y)) for x, y in stairs(chart.months, chart.shares)), strict=True)
    sheet.shape((*zip(xs, ys, strict=True), (xs[-1], frame.bottom), (xs[0], frame.bottom)), fill="band")
    frame.draw_values(sheet, catalogue)
    sheet.line(xs, ys, tone="main", points=1.9)
    sheet.text(frame.right + 0.08, ys[-1], catalogue.fmt.share(chart.shares[-1], 0), ink=LEADING)
    draw_time_axis(sheet, frame, chart.axis, (), (), catalogue)
    _draw_never(sheet, frame, chart.never, never, catalogue)
    return sheet


def _draw_never(sheet: Sheet, frame: Frame, share: float, label: tuple[str, ...], catalogue: Catalogue) -> None:
    middle, top = CHART_INCHES - _SIDE / 2, frame.y(100 * share)
    draw_hatched(sheet, box(middle - _BAR / 2, middle + _BAR / 2, top, frame.bottom), tone="accent-text")
    sheet.line((middle - _SIDE / 2, middle + _SIDE / 2), (frame.bottom, frame.bottom), tone="mute")
    sheet.text(middle, top - 0.1, catalogue.fmt.share(share, 0), align="center", ink=_NEVER)
    for number, text in enumerate(label):
        sheet.text(middle, frame.bottom + 0.15 + number * LINE_INCHES, text, align="center", ink=MUTE)
