"""Lays out charts of rows: names to the left, an axis in the middle, columns of numbers to the right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from ctieval.report.catalogue import Catalogue
from ctieval.report.charts.lane import UNDER_LANE, Lane, fit_lane
from ctieval.report.charts.sheet import LINE_INCHES, PLAIN, Ink, Sheet, text_width, wrap
from ctieval.report.charts.weeks import MUTE
from ctieval.report.tokens import CHART_INCHES

BOLD: Final = Ink(weight="bold")
HEADING: Final = Ink("dark", "bold")
GAP: Final = 0.17

_LABEL: Final = 1.95
_LEAST_LABEL: Final = 1.1
_LEAST_LANE: Final = 1.7
_HEAD: Final = 1.15
_PADDING: Final = 0.13


@dataclass(frozen=True, slots=True)
class Line:
    """One row: what is written of it; its mark is drawn by the chart.

    Attributes:
        label: Its name.
        numbers: Its numbers, one a column; empty for a heading.
        bold: True where it leads.
        below: What stands small under its name, or an empty string.
    """

    label: str
    numbers: tuple[str, ...] = ()
    bold: bool = False
    below: str = ""

    @property
    def ink(self) -> Ink:
        """How it is written."""
        return BOLD if self.bold else PLAIN if self.numbers else HEADING


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of numbers end, and what stands over them.

    Attributes:
        edges: Right edge of each.
        left: Where the first begins.
        heads: Lines of the heading of each.
    """

    edges: tuple[float, ...]
    left: float
    heads: tuple[tuple[str, ...], ...]

    @property
    def height(self) -> float:
        """Room that the headings take."""
        return max(map(len, self.heads)) * LINE_INCHES + 0.12

    def draw(self, sheet: Sheet) -> None:
        """Draw the headings at the top of the sheet, with the line under them."""
        for x, lines in zip(self.edges, self.heads, strict=True):
            for number, text in enumerate(lines[::-1]):
                y = self.height - 0.06 - (number + 0.5) * LINE_INCHES
                sheet.text(x, y, text, align="right", ink=HEADING)
        sheet.line((0, CHART_INCHES), (self.height, self.height), tone="main", points=1.2)


def fit_columns(heads: Sequence[str], printed: Iterable[Sequence[str]]) -> Columns:
    """Give columns of numbers the room they need, at the right of the sheet."""
    lines = tuple(wrap(head, _HEAD, HEADING) for head in heads)
    rows = list(printed)
    widths = [
        max(*(text_width(line, HEADING) for line in head), *(text_width(row[number], BOLD) for row in rows))
        for number, head in enumerate(lines)
    ]
    ends = list(accumulate((width + GAP for width in widths[:0:-1]), initial=0.0))
    edges = tuple(CHART_INCHES - end for end in reversed(ends))
    return Columns(edges, edges[0] - widths[0], lines)


@dataclass(frozen=True, slots=True)
class Rows:
    """A sheet with its names and numbers written, ready for the marks.

    Attributes:
        sheet: The sheet.
        lane: The axis.
        places: Middle of each row that is no heading.
        top: Where the rows begin.
        bottom: Where they end.
        name: Name of the axis.
        catalogue: The words.
    """

    sheet: Sheet
    lane: Lane
    places: tuple[float, ...]
    top: float
    bottom: float
    name: str
    catalogue: Catalogue

    def finish(self) -> Sheet:
        """Draw zero over the marks, and the axis under them."""
        self.draw_zero()
        return self.finish_below()

    def draw_zero(self) -> None:
        """Draw the line of zero."""
        self.lane.draw_zero(self.sheet, self.top, self.bottom)

    def finish_below(self) -> Sheet:
        """Draw the axis under the marks, where zero is drawn already."""
        self.lane.draw_ticks(self.sheet, self.bottom, self.catalogue.fmt)
        half = text_width(self.name, MUTE) / 2
        middle = min(max((self.lane.left + self.lane.right) / 2, half), CHART_INCHES - half)
        self.sheet.text(middle, self.bottom + 0.34, self.name, align="center", ink=MUTE)
        return self.sheet


def lay_rows(
    lines: Sequence[Line],
    heads: Sequence[str],
    values: Iterable[float],
    *,
    name: str,
    catalogue: Catalogue,
    inset: tuple[float, float, float] = (0.0, 0.0, 0.0),
) -> Rows:
    """Write names, numbers and headings of a chart of rows.

    Args:
        lines: The rows, top to bottom.
        heads: Headings of the columns of numbers.
        values: What the axis must hold, as it is printed.
        name: Name of the axis.
        catalogue: The words.
        inset: Room to leave free to the left of the axis, to its right, and over the rows.
    """
    columns = fit_columns(heads, (line.numbers for line in lines if line.numbers))
    most = min(_LABEL, max(_LEAST_LABEL, columns.left - 2 * GAP - _LEAST_LANE - inset[0] - inset[1]))
    label = _widest(lines, most)
    heights = [_height(line, label) for line in lines]
    top = columns.height + 0.05 + inset[2]
    tops = list(accumulate(heights, initial=top))
    sheet = Sheet(tops[-1] + UNDER_LANE)
    columns.draw(sheet)
    middles = [above + height / 2 for above, height in zip(tops, heights, strict=False)]
    for line, y in zip(lines, middles, strict=True):
        _write(sheet, line, y, label, columns)
    lane = fit_lane(label + GAP + inset[0], columns.left - GAP - inset[1], values, catalogue.fmt)
    places = tuple(y for line, y in zip(lines, middles, strict=True) if line.numbers)
    return Rows(sheet, lane, places, top, tops[-1], name, catalogue)


def _widest(lines: Sequence[Line], most: float) -> float:
    """The room that names take when none is wider than it may be."""
    texts = [(text, line.ink) for line in lines for text in (*_wrapped(line, most), *_below(line, most))]
    return max(text_width(text, ink) for text, ink in texts)


def _write(sheet: Sheet, line: Line, y: float, width: float, columns: Columns) -> None:
    texts = [*((text, line.ink) for text in _wrapped(line, width)), *((text, MUTE) for text in _below(line, width))]
    for number, (text, ink) in enumerate(texts):
        sheet.text(0, y + (number - (len(texts) - 1) / 2) * LINE_INCHES, text, ink=ink)
    for x, text in zip(columns.edges, line.numbers, strict=False):
        sheet.text(x, y, text, align="right", ink=line.ink)


def _height(line: Line, width: float) -> float:
    return (len(_wrapped(line, width)) + len(_below(line, width))) * LINE_INCHES + _PADDING


def _wrapped(line: Line, width: float) -> tuple[str, ...]:
    return wrap(line.label, width, line.ink)


def _below(line: Line, width: float) -> tuple[str, ...]:
    return wrap(line.below, width, MUTE) if line.below else ()
