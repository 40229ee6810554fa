"""Types of the columns of an analysis-ready table, which has no schema; tables with a schema go through ``check``."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ctieval.domain.schema import FieldType
from ctieval.registers.cells import Reading, distinct, read_cells, to_code_texts
from ctieval.registers.date_text import has_date_shape
from ctieval.registers.identifiers import check_identifiers
from ctieval.registers.rules import ambiguity, check_rule, possible_day

_LONGEST_EXACT = 15


def typed_columns(frame: pd.DataFrame, *, table: str = "table", identifiers: Collection[str] = ()) -> pd.DataFrame:
    """Give each column of an analysis-ready table the one type that all its filled cells have.

    A column is numeric where every filled cell is a number under one decimal mark; a column in which a whole number
    begins with a zero, or has more than 15 digits, is a code and stays text. Otherwise it holds days where every
    filled cell is written as a day. Every other column, and every identifier, is text. A column without a filled
    cell is numeric. Columns of numbers, truth values and days that came typed keep their type.

    Args:
        frame: The table, as ``read_table`` or ``read_frame`` gave it.
        table: Name of the table, for errors.
        identifiers: Columns of identifiers, which become text; 1.0 is the same as 1.

    Returns:
        A new frame: ``int64``, ``float64``, ``datetime64[s]`` and ``str`` columns, besides those that came typed.

    Raises:
        SchemaError: If the table holds CPR numbers; if a column of days holds an impossible one; if the numbers of
            a column can be read in two ways.

    Examples:
        >>> typed_columns(pd.DataFrame({"a": ["1,5", "2"], "b": ["007", "12"]})).dtypes.astype(str).tolist()
        ['float64', 'str']
    """
    check_identifiers(frame, table=table, identifiers=identifiers)
    typed = {
        heading: to_code_texts(frame[heading]) if heading in identifiers else _typed(frame[heading], table)
        for heading in frame.columns
    }
    return pd.DataFrame(typed)


def _typed(cells: pd.Series[Any], table: str) -> pd.Series[Any]:
    """Return one column with the type of its filled cells."""
    if pd.api.types.is_numeric_dtype(cells) or pd.api.types.is_datetime64_any_dtype(cells):
        return cells.reset_index(drop=True)
    found = distinct(cells).cells
    numeric = read_cells(cells, FieldType.NUMBER)
    if not numeric.broken.any() and not any(map(_is_code, found)):
        check_rule(numeric.ambiguous, ambiguity(str(cells.name)), table=table)
        return _whole_if_whole(numeric)
    if all(map(_is_day, found)):
        days = read_cells(cells, FieldType.DATE)
        check_rule(days.broken, possible_day(str(cells.name)), table=table)
        return days.column
    return _as_text(cells)


def _as_text(cells: pd.Series[Any]) -> pd.Series[Any]:
    """Return one column as text."""
    return read_cells(cells, FieldType.STRING).column


def _is_code(cell: object) -> bool:
    """Return whether a text of digits would lose something as a number."""
    if not isinstance(cell, str) or not cell.isdigit():
        return False
    return len(cell) > _LONGEST_EXACT or (len(cell) > 1 and cell.startswith("0"))


def _is_day(cell: object) -> bool:
    """Return whether a cell is a day, or a text written as one."""
    return isinstance(cell, date) or (isinstance(cell, str) and has_date_shape(cell))


def _whole_if_whole(numeric: Reading) -> pd.Series[Any]:
    """Return a column of numbers, as integers where all are whole and none is missing."""
    numbers = numeric.column
    whole = numbers.notna().all() and (numbers == np.floor(numbers)).all()
    return numbers.astype(np.int64) if whole else numbers
