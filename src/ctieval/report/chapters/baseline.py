"""Rows of the characteristics before the draw: a number in one row, a characteristic in categories under a heading."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from ctieval.domain.description import BaselineRow
from ctieval.report.cells import Cell, Row, RowRole
from ctieval.report.chapters.context import Context
from ctieval.report.fmt import level_kind


def baseline_rows(context: Context, cells: Callable[[BaselineRow], tuple[Cell, ...]]) -> tuple[Row, ...]:
    """Return a row for each characteristic and category, with cells after its name."""
    columns = {variable.name: variable.column for variable in context.evaluation.trial.baseline}
    rows: list[Row] = []
    for name, group in groupby(context.evaluation.baseline, key=lambda row: row.name):
        first, *others = group
        named = _with_unit(context, first)
        column = columns.get(name, name)
        if first.level:
            rows.append(Row((named,), RowRole.GROUP))
            rows += [
                Row((context.category_name(row.level, column), *cells(row)), RowRole.SUB) for row in (first, *others)
            ]
        else:
            rows.append(Row((named, *cells(first))))
            rows += [Row((_unknown(context, row, column), *cells(row)), RowRole.SUB) for row in others]
    return tuple(rows)


def _unknown(context: Context, row: BaselineRow, column: str) -> str:
    """Name those whose number is not known, whose share is in another unit than the number."""
    return with_unit(context, context.category_name(row.level, column), row.unit)


def _with_unit(context: Context, row: BaselineRow) -> str:
    return with_unit(context, context.label(row.label), row.unit)


def with_unit(context: Context, name: str, unit: str) -> str:
    """Return a name with the unit of its levels in brackets."""
    shown = context.fmt.unit(level_kind(unit))
    return f"{name} ({shown})" if shown else name
