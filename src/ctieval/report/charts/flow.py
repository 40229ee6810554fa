"""Draws the flow of participants after CONSORT: a trunk, those who leave it, and an arm to each side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from ctieval.report.catalogue import Catalogue
from ctieval.report.charts.sheet import LINE_INCHES, PLAIN, Ink, Sheet, text_width, wrap
from ctieval.report.drawing import FlowArm, FlowBox, FlowChart, FlowStage
from ctieval.report.tokens import CHART_INCHES

_MARGIN: Final = 0.02
_TRUNK: Final = 2.5
_SIDE: Final = 2.8
_BETWEEN_ARMS: Final = 0.3
_DOWN: Final = 0.3
_PADDING: Final = 0.1
_HANGING: Final = 0.1
_NAME_PADDING: Final = 0.06
_MIDDLE: Final = CHART_INCHES / 2

_BOLD: Final = Ink(weight="bold")
_NAME_INK: Final = Ink("paper", "bold")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line in a box: a text to the left, and perhaps a count to the right."""

    text: str
    count: str = ""
    ink: Ink = PLAIN
    indent: float = 0.0


@dataclass(frozen=True, slots=True)
class _Placed:
    """A box with its lines, and where it stands."""

    lines: tuple[_Line, ...]
    left: float
    top: float
    width: float
    height: float
    name: tuple[str, ...] = ()

    @property
    def middle(self) -> float:
        return self.left + self.width / 2

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def level(self) -> float:
        return self.top + self.height / 2


def draw_flow(chart: FlowChart, catalogue: Catalogue) -> Sheet:
    """Draw every box of the flow with its count, and the arrows between them."""
    trunk, leaving, bottom = _place_trunk(chart.trunk, catalogue)
    arms = _place_arms(chart.arms, bottom + 1.5 * _DOWN, catalogue)
    sheet = Sheet(max(box.bottom for column in arms for box in column) + _MARGIN)
    for above, below in pairwise(trunk):
        _draw_arrow(sheet, above, below)
    for side in leaving:
        sheet.line((_MIDDLE, side.left - 0.05), (side.level, side.level), tone="main", points=0.9)
        sheet.arrow_head(side.left, side.level, "right", tone="main")
    _draw_fork(sheet, trunk[-1], arms)
    for column in arms:
        for above, below in pairwise(column):
            _draw_arrow(sheet, above, below)
    for box in (*trunk, *leaving, *(box for column in arms for box in column)):
        _draw_box(sheet, box)
    return sheet


def _place_trunk(stages: tuple[FlowStage, ...], catalogue: Catalogue) -> tuple[list[_Placed], list[_Placed], float]:
    """Place the trunk in the middle and those who leave to its right; return them and where they end."""
    trunk: list[_Placed] = []
    leaving: list[_Placed] = []
    top = _MARGIN
    for stage in stages:
        box = _place(stage.box, (_MIDDLE - _TRUNK / 2, top, _TRUNK), catalogue)
        trunk.append(box)
        top = box.bottom
        if stage.leaving is not None:
            side = _place(stage.leaving, (CHART_INCHES - _MARGIN - _SIDE, top + _DOWN / 2, _SIDE), catalogue)
            leaving.append(side)
            top = side.bottom - _DOWN / 2
        top += _DOWN
    return trunk, leaving, top - _DOWN


def _place_arms(arms: tuple[FlowArm, ...], top: float, catalogue: Catalogue) -> list[list[_Placed]]:
    """Place the arms side by side, boxes of one row equally high."""
    width = (CHART_INCHES - 2 * _MARGIN - _BETWEEN_ARMS * (len(arms) - 1)) / len(arms)
    lefts = [_MARGIN + number * (width + _BETWEEN_ARMS) for number in range(len(arms))]
    columns: list[list[_Placed]] = [[] for _ in arms]
    for number, row in enumerate(zip(*(arm.boxes for arm in arms), strict=True)):
        placed = [_place(box, (left, top, width), catalogue) for box, left in zip(row, lefts, strict=True)]
        if number == 0:
            names = [wrap(arm.name, width - 2 * _PADDING, _NAME_INK) for arm in arms]
            lines = max(len(name) for name in names)
            placed = [
                replace(box, name=name + ("",) * (lines - len(name)), height=box.height + _name_height(lines))
                for box, name in zip(placed, names, strict=True)
            ]
        height = max(box.height for box in placed)
        for column, box in zip(columns, placed, strict=True):
            column.append(replace(box, height=height))
        top += height + _DOWN
    return columns


def _place(box: FlowBox, corner: tuple[float, float, float], catalogue: Catalogue) -> _Placed:
    left, top, width = corner
    lines = tuple(_lines(box, width - 2 * _PADDING, catalogue))
    return _Placed(lines, left, top, width, len(lines) * LINE_INCHES + 2 * _PADDING)


def _lines(box: FlowBox, width: float, catalogue: Catalogue) -> Iterator[_Line]:
    for text in wrap(box.label, width):
        yield _Line(text)
    if box.n is not None:
        yield _Line(catalogue.text("chart.counted", n=catalogue.fmt.count(box.n)), ink=_BOLD)
    for label, n in box.details:
        count = catalogue.fmt.count(n)
        first, *after = wrap(label, width - _HANGING - text_width(count) - 0.1)
        yield _Line(first, count)
        for text in after:
            yield _Line(text, indent=_HANGING)


def _draw_box(sheet: Sheet, box: _Placed) -> None:
    top = box.top
    sheet.shape(_corners(box.left, box.top, box.width, box.height), fill="paper", edge="main")
    if box.name:
        top += _name_height(len(box.name))
        sheet.shape(_corners(box.left, box.top, box.width, top - box.top), fill="dark", edge="dark")
        for number, text in enumerate(box.name):
            y = box.top + _NAME_PADDING + (number + 0.5) * LINE_INCHES
            sheet.text(box.middle, y, text, align="center", ink=_NAME_INK)
    for number, line in enumerate(box.lines):
        y = top + _PADDING + (number + 0.5) * LINE_INCHES
        sheet.text(box.left + _PADDING + line.indent, y, line.text, ink=line.ink)
        if line.count:
            sheet.text(box.left + box.width - _PADDING, y, line.count, align="right", ink=line.ink)


def _draw_arrow(sheet: Sheet, above: _Placed, below: _Placed) -> None:
    sheet.line((below.middle, below.middle), (above.bottom, below.top - 0.05), tone="main", points=0.9)
    sheet.arrow_head(below.middle, below.top, "down", tone="main")


def _draw_fork(sheet: Sheet, last: _Placed, arms: list[list[_Placed]]) -> None:
    """Lead the trunk to the head of every arm."""
    heads = [column[0] for column in arms]
    turn = heads[0].top - _DOWN
    sheet.line((_MIDDLE, _MIDDLE), (last.bottom, turn), tone="main", points=0.9)
    for head in heads:
        sheet.line((_MIDDLE, head.middle, head.middle), (turn, turn, head.top - 0.05), tone="main", points=0.9)
        sheet.arrow_head(head.middle, head.top, "down", tone="main")


def _name_height(lines: int) -> float:
    return lines * LINE_INCHES + 2 * _NAME_PADDING


def _corners(left: float, top: float, width: float, height: float) -> tuple[tuple[float, float], ...]:
    return ((left, top), (left + width, top), (left + width, top + height), (left, top + height))
