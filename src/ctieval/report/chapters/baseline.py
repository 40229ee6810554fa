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
        members = tuple(group)
        named = _with_unit(context, members[0])
        if any(row.level for row in members):
            rows.append(Row((named,), RowRole.GROUP))
            column = columns.get(name, name)
            rows += [Row((context.category_name(row.level, column), *cells(row)), RowRole.SUB) for row in members]
        else:
            rows += [Row((named, *cells(row))) for row in members]
    return tuple(rows)


def _with_unit(context: Context, row: BaselineRow) -> str:
    return with_unit(context, context.label(row.label), row.unit)


def with_unit(context: Context, name: str, unit: str) -> str:
    """Return a name with the unit of its levels in brackets."""
    shown = context.fmt.unit(level_kind(unit))
    return f"{name} ({shown})" if shown else name
