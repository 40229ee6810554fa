"""Draws what one or two accounts come to, month by month: laid out first, and when it comes back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ctieval.report.amount_drawing import to_interval
from ctieval.report.catalogue import Catalogue
from ctieval.report.cells import Kind
from ctieval.report.charts.at_risk import draw_time_axis, height_under
from ctieval.report.charts.axis import Axis, fit_values
from ctieval.report.charts.bands import draw_band, draw_rims
from ctieval.report.charts.ends import END_LABELS, LEADING, End, draw_ends
from ctieval.report.charts.lane import shown
from ctieval.report.charts.marks import box, draw_diamond, draw_whisker
from ctieval.report.charts.rows import HEADING
from ctieval.report.charts.sheet import DASHED, LINE_INCHES, SOLID, Ink, Sheet, text_width
from ctieval.report.charts.weeks import MUTE, Frame
from ctieval.report.time_drawing import BenefitChart, BenefitLine, Payback
from ctieval.report.tokens import CHART_INCHES

_HEIGHT: Final = 2.2
_HEAD: Final = 0.34
_BETWEEN: Final = 0.3
_SIGN: Final = 0.28
_NO_NAMES: Final = (("", MUTE),)


def draw_benefit(chart: BenefitChart, catalogue: Catalogue) -> Sheet:
    """Draw each account in a panel of its own, on one scale; what is extrapolated is dashed on a shaded ground."""
    pencil = _pencil(chart, catalogue)
    last = len(chart.lines) - 1
    for number, line in enumerate(chart.lines):
        frame = pencil.frame(number)
        pencil.draw(line, frame)
        if number == last:
            draw_time_axis(pencil.sheet, frame, chart.axis, chart.at_risk, _NO_NAMES, catalogue)
        else:
            frame.draw_times(pencil.sheet, ())
    return pencil.sheet


def _pencil(chart: BenefitChart, catalogue: Catalogue) -> _Pencil:
    values = [shown(value, chart.kind) for line in chart.lines for each in line.series for value in each]
    axis = fit_values(values)
    left = max(text_width(label, MUTE) for label in axis.labels(catalogue.fmt)) + 0.1
    head = _HEAD + 2 * LINE_INCHES + 0.14
    height = len(chart.lines) * (head + _HEIGHT) + (len(chart.lines) - 1) * _BETWEEN
    sheet = Sheet(height + height_under(_NO_NAMES, chart.at_risk))
    return _Pencil(sheet, chart, axis, left, head, catalogue)


@dataclass(frozen=True, slots=True)
class _Pencil:
    """Draws the panels: each ``head`` under the one before, their frames at ``left``."""

    sheet: Sheet
    chart: BenefitChart
    axis: Axis
    left: float
    head: float
    catalogue: Catalogue

    def frame(self, number: int) -> Frame:
        """Return the frame of a panel."""
        top = number * (self.head + _HEIGHT + _BETWEEN) + self.head
        span = (self.chart.months[0], self.chart.months[-1])
        return Frame(self.left, CHART_INCHES - END_LABELS - 0.1, top, top + _HEIGHT, span, self.axis)

    def draw(self, line: BenefitLine, frame: Frame) -> None:
        """Draw one panel from the ground up: shading, bands, grid, zero, the line, its marks and its names."""
        title = self.catalogue.text("chart.titled", title=line.name, unit=self.chart.unit)
        self.sheet.text(0, frame.top - self.head + _HEAD / 2, title, ink=HEADING)
        self.shade(frame)
        draw_band(self.sheet, frame, self.ends(line.low, line.high))
        frame.draw_values(self.sheet, self.catalogue)
        draw_rims(self.sheet, frame, self.ends(line.all_low, line.all_high), tone="mute")
        self.sheet.line((frame.left, frame.right), (frame.y(0), frame.y(0)), tone="ink", points=0.9)
        self.curve(line, frame)
        self.trough(line, frame)
        if line.payback is not None:
            self.payback(line.payback, frame)
        draw_ends(self.sheet, frame, self.names(line, frame))

    def ends(self, low: Sequence[float], high: Sequence[float]) -> list[tuple[float, float, float]]:
        """Return the ends of a band, in the unit of the axis."""
        kind = self.chart.kind
        return [(m, shown(a, kind), shown(b, kind)) for m, a, b in zip(self.chart.months, low, high, strict=True)]

    def shade(self, frame: Frame) -> None:
        """Shade the months without data, and say which are which."""
        begins = frame.x(self.chart.observed)
        if self.chart.observed >= frame.span[1]:
            return
        self.sheet.shape(box(begins, frame.right, frame.top, frame.bottom), fill="warm")
        words = [self.catalogue.text(f"chart.{word}") for word in ("observed", "extrapolated")]
        y = frame.bottom - LINE_INCHES / 2
        if text_width(words[0], MUTE) + 0.12 < begins - frame.left:
            self.sheet.text(begins - 0.06, y, words[0], align="right", ink=MUTE)
        if text_width(words[1], MUTE) + 0.12 < frame.right - begins:
            self.sheet.text(begins + 0.06, y, words[1], ink=MUTE)

    def curve(self, line: BenefitLine, frame: Frame) -> None:
        """Draw the sum, dashed from the last month with data on."""
        points = [(m, shown(v, self.chart.kind)) for m, v in zip(self.chart.months, line.values, strict=True)]
        seen = [point for point in points if point[0] <= self.chart.observed]
        after = seen[-1:] + points[len(seen) :]
        for stretch, dash in ((seen, SOLID), (after, DASHED)):
            if len(stretch) > 1:
                xs, ys = [frame.x(month) for month, _ in stretch], [frame.y(value) for _, value in stretch]
                self.sheet.line(xs, ys, tone="main", points=1.9, dash=dash)

    def trough(self, line: BenefitLine, frame: Frame) -> None:
        """Mark the lowest sum, and say what it is over the frame."""
        lowest, fmt = line.values[line.trough], self.catalogue.fmt
        month = self.chart.months[line.trough]
        y = self.note(frame, 0, "chart.trough", value=fmt.value(lowest, self.chart.kind), month=fmt.fact(month))
        for x, place in ((0.14, y), (frame.x(month), frame.y(shown(lowest, self.chart.kind)))):
            draw_diamond(self.sheet, x, place, tone="accent", edge="ink")

    def payback(self, payback: Payback, frame: Frame) -> None:
        """Mark on the line of zero when the sum comes above it, with the interval, and say so over the frame."""
        fmt, last = self.catalogue.fmt, self.chart.observed
        if not math.isfinite(payback.month):
            y = self.note(frame, 1, "chart.payback_never", month=fmt.fact(last))
        else:
            interval = fmt.interval(to_interval(payback.low, payback.high), Kind.COUNT)
            y = self.note(frame, 1, "chart.payback_interval", month=fmt.fact(payback.month), interval=interval)
        ends = to_interval(payback.low, payback.high)
        months = [min(max(each, frame.span[0]), last) for each in (ends.low, payback.month, ends.high)]
        low, middle, high = (frame.x(month) for month in months)
        self.span((0.03, 0.14, 0.25), y, (ends.low, ends.high))
        self.span((low, middle, high), frame.y(0), (ends.low, ends.high))
        if math.isfinite(payback.month):
            self.sheet.dot(middle, frame.y(0), 0.05, tone="accent-text")
            self.sheet.dot(0.14, y, 0.05, tone="accent-text")

    def span(self, places: tuple[float, float, float], y: float, ends: tuple[float, float]) -> None:
        """Draw the interval of the payback."""
        for place, end in zip((places[0], places[2]), ends, strict=True):
            draw_whisker(self.sheet, (places[1], place), y, end, tone="accent-text", points=2.2)

    def note(self, frame: Frame, number: int, key: str, **facts: str) -> float:
        """Write a line between heading and frame; return its height for the sign before it."""
        y = frame.top - self.head + _HEAD + (number + 0.5) * LINE_INCHES
        self.sheet.text(_SIGN + 0.06, y, self.catalogue.text(key, **facts), ink=Ink(points=MUTE.points))
        return y

    def names(self, line: BenefitLine, frame: Frame) -> list[End]:
        """Name the line by its last sum, and each band at its end."""
        kind, fmt = self.chart.kind, self.catalogue.fmt
        level = fmt.level(self.chart.conf_level)
        dash = DASHED if self.chart.observed < frame.span[1] else SOLID
        last = frame.y(shown(line.values[-1], kind))
        found = [End(last, "", fmt.value(line.values[-1], kind, signed=True), "main", dash, LEADING)]
        if math.isfinite(line.low[-1]):
            name = self.catalogue.text("chart.pointwise", level=level)
            found.append(End(frame.y(shown(line.low[-1], kind)), name, "", "band", SOLID, MUTE, 6.0))
        if math.isfinite(line.all_high[-1]):
            name = self.catalogue.text("chart.simultaneous", level=level)
            found.append(End(frame.y(shown(line.all_high[-1], kind)), name, "", "mute", DASHED, MUTE, 0.7))
        return found
