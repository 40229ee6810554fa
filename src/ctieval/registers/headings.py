"""Headings of a table, and which rows and columns stand under them; what the cells hold is not looked at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ctieval.domain.arrays import BoolArray
from ctieval.errors import EmptyTableError, InputError
from ctieval.registers.cells import clear_empty
from ctieval.registers.identifiers import check_headings
from ctieval.registers.rules import row_number


def set_headings(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the rows under the headings of the first row.

    Empty rows at the end are left out, and columns that have neither a heading nor a filled cell.

    Args:
        rows: Every row of a file, the first of them the headings.
        name: Name of the file, for errors.

    Returns:
        The table, its rows numbered from 0, so that row 0 is row 2 of the file.

    Raises:
        InputError: If there is no row, or none under the headings; if a heading stands twice or is missing above
            filled cells; if an empty row stands between others.
        SchemaError: If a heading looks like a CPR number.

    Examples:
        >>> set_headings(pd.DataFrame([["id", "arm"], ["p1", "1"], ["", ""]]), "a.csv").shape
        (1, 2)
    """
    if rows.empty:
        raise empty_error(name, "no row at all")
    headings = ["" if pd.isna(cell) else str(cell).strip() for cell in rows.iloc[0]]
    columns = {position: clear_empty(rows.iloc[1:, position]) for position in range(len(headings))}
    table = pd.DataFrame(columns).reset_index(drop=True)
    filled = table.notna().to_numpy()
    n_rows = _last_filled_row(filled, name)
    kept = [position for position, heading in enumerate(headings) if heading or filled[:, position].any()]
    headings = [headings[position] for position in kept]
    check_distinct(headings, name)
    check_headings(headings, table=name)
    return table.iloc[:n_rows, kept].set_axis(headings, axis=1)


def check_distinct(headings: Sequence[str], name: str) -> None:
    """Refuse headings that stand twice or are empty; the headings are not shown, since they may be values.

    Raises:
        InputError: If a heading stands twice, or is empty.
    """
    columns = [position for position, heading in enumerate(headings) if not heading or heading in headings[:position]]
    if columns:
        raise InputError(
            what="a heading stands twice, or is missing",
            where=f"{name}, row 1, column {columns[0] + 1}",
            found=f"{len(columns)} such {'column' if len(columns) == 1 else 'columns'} of {len(headings)}",
            expected="headings in the first row, each of them once",
            do="give every column a heading of its own in the first row, and delete rows above the headings",
        )


def empty_error(name: str, found: str) -> EmptyTableError:
    """Return the error about a table without rows."""
    return EmptyTableError(
        what="the table is empty",
        where=name,
        found=found,
        expected="headings in the first row, and at least one row under them",
        do="look whether the right file, or the right sheet first, was saved; delete the file if it is not used",
    )


def _last_filled_row(filled: BoolArray, name: str) -> int:
    """Return how many rows stand before the empty ones at the end, none of them empty."""
    occupied = np.asarray(filled.any(axis=1), dtype=np.bool_)
    if not occupied.any():
        raise empty_error(name, "headings, and no row under them")
    n_rows = int(np.flatnonzero(occupied)[-1]) + 1
    if n_empty := int((~occupied[:n_rows]).sum()):
        raise InputError(
            what="an empty row stands between others",
            where=f"{name}, first in row {row_number(int(occupied.argmin()))}",
            found=f"{n_empty} empty {'row' if n_empty == 1 else 'rows'}",
            expected="rows without a break, empty ones at the end only",
            do="delete the empty rows, and look whether something is missing there",
        )
    return n_rows
