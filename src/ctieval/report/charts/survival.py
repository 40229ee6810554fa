"""Draws the share of each arm to whom something has happened, or not yet, with those still followed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ctieval.report.catalogue import Catalogue
from ctieval.report.cells import Kind
from ctieval.report.charts.at_risk import draw_time_axis, height_under
from ctieval.report.charts.axis import fit_values
from ctieval.report.charts.bands import Ends, draw_band, draw_rims, stairs
from ctieval.report.charts.ends import END_LABELS, LEADING, End, draw_ends
from ctieval.report.charts.rows import HEADING
from ctieval.report.charts.sheet import DASHED, SOLID, Ink, Sheet
from ctieval.report.charts.weeks import Frame
from ctieval.report.time_drawing import SurvivalChart, SurvivalLine
from ctieval.report.tokens import CHART_INCHES

_LEFT: Final = 0.45
_TITLE: Final = 0.34
_HEIGHT: Final = 2.4
_CONTROL: Final = Ink("mute", "bold")


def draw_survival(chart: SurvivalChart, catalogue: Catalogue) -> Sheet:
    """Draw both arms as stairs: the intervention whole over its band, the control dashed between its rims."""
    names = ((chart.intervention.name, LEADING), (chart.control.name, _CONTROL))
    sheet = Sheet(_TITLE + _HEIGHT + height_under(names, chart.at_risk))
    frame = _frame(chart)
    title = catalogue.text("chart.titled", title=chart.title, unit=catalogue.fmt.unit(Kind.SHARE))
    sheet.text(0, _TITLE / 2, title, ink=HEADING)
    draw_band(sheet, frame, _steps(chart, chart.intervention))
    frame.draw_values(sheet, catalogue)
    draw_rims(sheet, frame, _steps(chart, chart.control), tone="control")
    ends = (
        _end(frame, chart.control, catalogue, "control"),
        _end(frame, chart.intervention, catalogue, "main"),
    )
    for end, line in zip(ends, (chart.control, chart.intervention), strict=True):
        xs, ys = zip(*stairs(chart.times, line.shares), strict=True)
        sheet.line([frame.x(x) for x in xs], [frame.y(100 * y) for y in ys], tone=end.tone, points=1.9, dash=end.dash)
    draw_ends(sheet, frame, ends)
    draw_time_axis(sheet, frame, chart.axis, chart.at_risk, names, catalogue)
    return sheet


def _end(frame: Frame, line: SurvivalLine, catalogue: Catalogue, tone: str) -> End:
    """How an arm looks, and what is written at its end."""
    dash, ink = (SOLID, LEADING) if tone == "main" else (DASHED, _CONTROL)
    return End(frame.y(100 * line.shares[-1]), line.name, catalogue.fmt.share(line.shares[-1]), tone, dash, ink)


def _steps(chart: SurvivalChart, line: SurvivalLine) -> Iterator[Ends]:
    """The intervals of an arm as stairs, in per cent."""
    for time, low, high in stairs(chart.times, line.low, line.high):
        yield time, 100 * low, 100 * high


def _frame(chart: SurvivalChart) -> Frame:
    lines = (chart.intervention, chart.control)
    shares = [100 * share for line in lines for each in (line.shares, line.low, line.high) for share in each]
    axis = fit_values(shares)
    return Frame(
        _LEFT, CHART_INCHES - END_LABELS - 0.1, _TITLE, _TITLE + _HEIGHT, (chart.times[0], chart.times[-1]), axis
    )
