"""What the charts of amounts share: how amounts are printed, and how their bars and intervals look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ctieval.report.amount_drawing import Amount, AmountGroup, AmountRole, Scale, to_interval
from ctieval.report.catalogue import Catalogue
from ctieval.report.charts.lane import shown
from ctieval.report.charts.marks import box, draw_hatched, draw_whisker
from ctieval.report.charts.rows import Line, Rows, lay_rows
from ctieval.report.charts.sheet import Sheet
from ctieval.report.fmt import Fmt

_HALF: Final = 0.08
_TONES: Final = {AmountRole.TOTAL: "dark", AmountRole.COMPARED: "control"}


def lay_amounts(
    groups: Sequence[AmountGroup], starts: Sequence[float], scale: Scale, catalogue: Catalogue, *, above: float = 0.0
) -> Rows:
    """Write amounts as rows, each group under its heading.

    Args:
        groups: The amounts.
        starts: Where each amount begins on the axis.
        scale: What they measure.
        catalogue: The words.
        above: Room to leave free over the rows.
    """
    lines = tuple(_lines(groups, scale, catalogue.fmt))
    values = [shown(end, scale.kind) for amount, start in _begun(groups, starts) for end in _ends(amount, start)]
    spread = any(amount.low < amount.high for group in groups for amount in group.amounts)
    heads = (scale.head, heading_of_intervals(scale, catalogue) if spread else "")
    return lay_rows(lines, heads, values, name=scale.name, catalogue=catalogue, inset=(0.0, 0.0, above))


def heading_of_intervals(scale: Scale, catalogue: Catalogue) -> str:
    """Return the heading of the column of intervals."""
    if scale.conf_level is None:
        return catalogue.text("chart.range")
    return catalogue.text("label.confidence", level=catalogue.fmt.level(scale.conf_level))


def draw_amount_bars(rows: Rows, groups: Iterable[AmountGroup], starts: Sequence[float], scale: Scale) -> None:
    """Draw the bars, each from where it begins, with its interval over its end on a pale ground, seen on dark bars."""
    for (amount, start), y in zip(_begun(groups, starts), rows.places, strict=True):
        begin, end = (rows.lane.x(shown(value, scale.kind)) for value in (start, start + amount.value))
        draw_bar(rows.sheet, (begin, end), y, amount.role)
        low, _, high = (rows.lane.x(shown(value, scale.kind)) for value in _ends(amount, start))
        rows.sheet.line((low, high), (y, y), tone="paper", points=2.5)
        draw_interval(rows, amount, start, y, scale, tone="ink")


def draw_interval(rows: Rows, amount: Amount, start: float, y: float, scale: Scale, *, tone: str = "main") -> None:
    """Draw the interval of an amount that begins somewhere; one point is none."""
    if amount.low == amount.high:
        return
    low, end, high = (rows.lane.x(shown(value, scale.kind)) for value in _ends(amount, start))
    for place, value in ((low, amount.low), (high, amount.high)):
        draw_whisker(rows.sheet, (end, place), y, value, tone=tone, points=1.3)


def draw_bar(sheet: Sheet, ends: tuple[float, float], y: float, role: AmountRole) -> None:
    """Draw the bar of an amount: hatched where it is a transfer or rests on an assumption, dark where a total."""
    left, right = sorted(ends)
    corners = box(left, right, y - _HALF, y + _HALF)
    if role in (AmountRole.TRANSFER, AmountRole.PROJECTED):
        draw_hatched(sheet, corners, tone="main")
    else:
        sheet.shape(corners, fill=_TONES.get(role, "main"))


def _begun(groups: Iterable[AmountGroup], starts: Sequence[float]) -> Iterator[tuple[Amount, float]]:
    return zip((amount for group in groups for amount in group.amounts), starts, strict=True)


def _ends(amount: Amount, start: float) -> tuple[float, float, float]:
    """Where the interval and the bar of an amount end; an open end lies at the end of the axis."""
    interval = to_interval(amount.low, amount.high)
    return start + interval.low, start + amount.value, start + interval.high


def _lines(groups: Iterable[AmountGroup], scale: Scale, fmt: Fmt) -> Iterator[Line]:
    for group in groups:
        if group.title:
            yield Line(group.title)
        for amount in group.amounts:
            interval = to_interval(amount.low, amount.high)
            value = fmt.value(amount.value, scale.kind, scale.decimals, signed=scale.signed)
            ends = "" if amount.low == amount.high else fmt.interval(interval, scale.kind, scale.decimals)
            numbers = value, ends
            yield Line(amount.label, numbers, amount.role is AmountRole.TOTAL)
