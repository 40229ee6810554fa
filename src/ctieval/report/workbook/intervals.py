"""Splits intervals into two columns, one an end, so that a spreadsheet can count with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ctieval.report.catalogue import Catalogue
from ctieval.report.cells import Cell, Col, Interval, Kind, Measured, Row, RowRole


def split_intervals(
    columns: tuple[Col, ...], rows: tuple[Row, ...], words: Catalogue
) -> tuple[tuple[Col, ...], tuple[Row, ...]]:
    """Return columns and rows in which every column of intervals has become two of numbers.

    A mark or a text in place of an interval stands in both.

    Args:
        columns: Columns of a table.
        rows: Its rows.
        words: The catalogue that names the ends.
    """
    split = tuple(column.kind is Kind.CI for column in columns)
    heads = tuple(each for column in columns for each in _heads(column, words))
    return heads, tuple(row if row.role is RowRole.GROUP else _split_row(row, columns, split) for row in rows)


def _heads(column: Col, words: Catalogue) -> Iterator[Col]:
    if column.kind is not Kind.CI:
        yield column
        return
    for end in ("low", "high"):
        head = words.text(f"workbook.{end}", head=column.head)
        yield replace(column, key=f"{column.key}_{end}", head=head, kind=column.of)


def _split_row(row: Row, columns: tuple[Col, ...], split: tuple[bool, ...]) -> Row:
    cells: list[Cell] = []
    for cell, column, is_split in zip(row.cells, columns, split, strict=True):
        cells += _ends(cell, column) if is_split else [cell]
    return replace(row, cells=tuple(cells))


def _ends(cell: Cell, column: Col) -> tuple[Cell, Cell]:
    """Return the ends of an interval; of anything else, the same twice."""
    measured = Measured(cell, column.of, column.decimals) if isinstance(cell, Interval) else cell
    if not isinstance(measured, Measured) or not isinstance(measured.value, Interval):
        return cell, cell
    return replace(measured, value=measured.value.low), replace(measured, value=measured.value.high)
