"""Weekly codes from a table with a row a person and a column ``y_YYWW`` a week, as in the DREAM database.

An empty cell is a week without a code. A week without a column, and a cell that is missing for a stated reason (see
``stats_file``), is a week of which nobody knows: it is not observed, never blank.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date

import numpy as np
import pandas as pd

from ctieval.domain.arrays import BoolArray, CodeArray
from ctieval.domain.registers import BLANK, NOT_OBSERVED
from ctieval.domain.schema import TableSchema
from ctieval.errors import SchemaError
from ctieval.registers.cells import distinct, to_code_text
from ctieval.registers.coded_weeks import CodedWeeks
from ctieval.registers.lifetimes import Lifetimes, find_persons
from ctieval.registers.rules import Rule, check_rule
from ctieval.registers.weeks import from_dream_column, is_dream_column, to_iso_weeks, to_week_text, whole_weeks

WEEK_FIELD = "y_YYWW"

_TABLE = "dream"
_NO_CODE = np.int16(-1)


def find_week_columns(headings: Iterable[object]) -> dict[int, str]:
    """Return the heading of each week's column, by week number in calendar order; weeks may be absent.

    Raises:
        SchemaError: If there is no such column, or two for one week.
        SchemaError: If a column is for a week that the ISO calendar does not have.

    Examples:
        >>> find_week_columns(["lobenr", "Y_1803", "y_1801"])
        {2505: 'y_1801', 2507: 'Y_1803'}
    """
    columns: dict[int, str] = {}
    for heading in map(str, headings):
        if not is_dream_column(heading):
            continue
        week = from_dream_column(heading)
        if week is None:
            raise _column_error(heading, "ISO week", "a week that the ISO calendar has")
        if week in columns:
            raise _column_error(heading, "one column", f"one column for {to_week_text(week)}")
        columns[week] = heading
    if not columns:
        raise _column_error(WEEK_FIELD, "required", "one column for each week, such as y_1805 for 2018-W05")
    return dict(sorted(columns.items()))


def week_columns(frame: pd.DataFrame) -> dict[int, str]:
    """Return the heading of each week's column, by week number in calendar order; no week may be absent.

    Raises:
        SchemaError: If ``find_week_columns`` refuses the columns, or a week between first and last has none.

    Examples:
        >>> week_columns(pd.DataFrame(columns=["lobenr", "y_1802", "y_1801"]))
        {2505: 'y_1801', 2506: 'y_1802'}
    """
    columns = find_week_columns(frame.columns)
    absent = absent_weeks(columns, (min(columns), max(columns) + 1))
    if absent:
        expected = f"a column for every week from first to last; {len(absent)} without, first {to_week_text(absent[0])}"
        raise _column_error(_heading(absent[0]), "a column for every week", expected)
    return columns


def absent_weeks(columns: Collection[int], span: tuple[int, int]) -> list[int]:
    """Return the weeks of a span, the end exclusive, that have no column.

    Examples:
        >>> absent_weeks([2505, 2507], (2505, 2508))
        [2506]
    """
    return sorted(set(range(*span)) - set(columns))


def observed_span(columns: Collection[int], covers: tuple[date, date] | None) -> tuple[int, int]:
    """Return the first week and the end week (exclusive) of the panel: those of the columns, or of ``covers``.

    Raises:
        SchemaError: If ``covers`` holds a whole week that has no column.
    """
    if covers is None:
        return min(columns), max(columns) + 1
    declared = whole_weeks(covers)
    absent = absent_weeks(columns, declared)
    if absent:
        raise _column_error(_heading(absent[0]), "inside covers", "a column for every week that covers in [data] holds")
    return declared


def from_dream(
    frame: pd.DataFrame,
    ids: pd.Series[str],
    lifetimes: Lifetimes,
    schema: TableSchema,
    withheld: Mapping[str, BoolArray] | None = None,
) -> CodedWeeks:
    """Return the coded weeks of the table ``dream``; those of a cell missing for a stated reason are not observed.

    Args:
        frame: The table as it was read, with its week columns.
        ids: The checked identifiers of its rows.
        lifetimes: Lifetimes of all persons.
        schema: Schema of the table, with the pattern of a code.
        withheld: Rows whose cell is missing for a stated reason, by heading, shape (rows,).

    Raises:
        SchemaError: If a row is about somebody not in persons, if a cell is no code, or if ``find_week_columns``
            refuses the columns.
    """
    person = find_persons(ids, lifetimes, table=_TABLE)
    columns = find_week_columns(frame.columns)
    pattern = next(field.pattern for field in schema.fields if field.name == WEEK_FIELD) or ""
    code = _read_codes(frame[list(columns.values())], pattern)
    for place, heading in enumerate(columns.values()):
        if withheld and heading in withheld:
            code[withheld[heading], place] = NOT_OBSERVED
    row, column = np.nonzero(code != BLANK)
    week = np.array(list(columns), dtype=np.int64)[column]
    return CodedWeeks(row, person[row], week, week, code[row, column])


def _read_codes(cells: pd.DataFrame, pattern: str) -> CodeArray:
    """Return the codes of all cells, shape (rows, weeks); ``BLANK`` where empty."""
    found = distinct(pd.Series(cells.to_numpy().ravel()))
    texts = [to_code_text(cell) for cell in found.cells]
    numbers = [int(text) if re.fullmatch(pattern, text) else _NO_CODE for text in texts]
    codes = found.spread(np.array(numbers, dtype=np.int16), BLANK).reshape(cells.shape)
    broken = codes == _NO_CODE
    if broken.any():
        column = int(broken.any(axis=0).argmax())
        rule = Rule("pattern", str(cells.columns[column]), "a register code of up to three digits, or an empty cell")
        check_rule(broken[:, column], rule, table=_TABLE)
    return codes


def _heading(week: int) -> str:
    """Return the heading of a week's column."""
    year, number = to_iso_weeks(np.array([week]))
    return f"y_{year[0] % 100:02d}{number[0]:02d}"


def _column_error(column: str, rule: str, expected: str) -> SchemaError:
    """Return the error about a column as a whole."""
    do = "write the extract again with a column for every week"
    return SchemaError(table=_TABLE, column=column, rule=rule, n_rows=0, first_row=None, expected=expected, do=do)
