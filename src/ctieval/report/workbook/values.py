"""What stands in the cells of the workbook: numbers as they are printed, no digit more, or the text in their place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ctieval.report.cells import Cell, Col, Interval, Mark, Measured
from ctieval.report.fmt import Fmt, is_bound, round_as_printed

_WHOLE: Final = "#,##0"


@dataclass(frozen=True, slots=True)
class Value:
    """One cell of the workbook.

    Attributes:
        content: The number, or the text.
        number_format: How a spreadsheet shows the number; empty for text.
    """

    content: float | str
    number_format: str = ""


def to_value(cell: Cell, column: Col, fmt: Fmt) -> Value:
    """Return what stands in the workbook for a cell of a table.

    Of a number, that is the number as it is printed, shares in per cent: more digits would give away how many
    persons stand behind a share. What is printed as text, such as a mark, an open end or a p-value below the
    smallest one printed, stays text.

    Examples:
        >>> from ctieval.report.cells import Kind
        >>> to_value(0.0574, Col("effect", "Effect", Kind.PP, signed=True), Fmt("da"))
        Value(content=5.7, number_format='+#,##0.0;-#,##0.0;#,##0.0')
    """
    if cell is None or isinstance(cell, Mark | str):
        return Value(fmt.cell(cell, column))
    measured = cell if isinstance(cell, Measured) else Measured(cell, column.kind, column.decimals, column.signed)
    value = measured.value
    if isinstance(value, Interval) or math.isinf(value) or is_bound(value, measured.kind):
        return Value(fmt.bare(measured))
    rounded = round_as_printed(value, measured.kind, measured.decimals)
    return Value(float(rounded) + 0.0, _number_format(rounded, signed=measured.signed))


def _number_format(rounded: Decimal, *, signed: bool) -> str:
    decimals = -int(rounded.as_tuple().exponent)
    shown = f"{_WHOLE}.{'0' * decimals}" if decimals else _WHOLE
    return f"+{shown};-{shown};{shown}" if signed else shown
