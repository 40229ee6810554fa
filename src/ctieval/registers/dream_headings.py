"""Headings of the monthly, quarterly and yearly columns of a DREAM file; those of its weeks are in ``weeks``.

``branche_YYYY_MM`` holds the industry of a job and ``grad_YYYY_MM`` the degree of employment, both from 2008;
``visit__kvYYYY`` the assessment of a quarter and ``nykomYYYY`` the municipality of a year. In the source the two
characters after ``visit`` are written as an SQL pattern, in which each stands for any character: here one of them is
the number of the quarter and the other an underscore or a zero, and a heading that does not fit is not read.

References:
    Manual of the DREAM database, June 2015 (docplayer.dk/3576558); the loader
    https://github.com/LokeSonne/DREAM-CSV-til-JSON, ``functions/dream_to_json.sql``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date

from ctieval.errors import SchemaError

BRANCH, DEGREE = "branche", "grad"

_MONTH = re.compile(r"(branche|grad)_([0-9]{4})_([0-9]{2})", re.IGNORECASE)
_QUARTER = re.compile(r"visit(?:[_0]([1-4])|([1-4])_)kv([0-9]{4})", re.IGNORECASE)
_YEAR = re.compile(r"nykom([0-9]{4})", re.IGNORECASE)
_TABLE = "dream"


def month_columns(headings: Iterable[object], kind: str) -> dict[int, str]:
    """Return the heading of each month's column, by month number in calendar order.

    Args:
        headings: The headings of the table.
        kind: ``branche`` or ``grad``.

    Raises:
        SchemaError: If a column is for a month that the calendar does not have, or two are for one month.

    Examples:
        >>> month_columns(["grad_2008_02", "GRAD_2008_01", "branche_2008_01"], "grad")
        {456: 'GRAD_2008_01', 457: 'grad_2008_02'}
    """

    def month_of(heading: str) -> int | None:
        found = _MONTH.fullmatch(heading)
        if found is None or found[1].lower() != kind:
            return None
        if not 1 <= int(found[3]) <= 12:
            raise _column_error(heading, "month", "a month that the calendar has")
        return 12 * (int(found[2]) - 1970) + int(found[3]) - 1

    return _columns(headings, month_of)


def visit_columns(headings: Iterable[object]) -> dict[int, str]:
    """Return the heading of each quarter's column, by the number of the quarter counted from 1970.

    Raises:
        SchemaError: If two columns are for one quarter.

    Examples:
        >>> visit_columns(["visit_2kv2018", "VISIT01KV2018"])
        {192: 'VISIT01KV2018', 193: 'visit_2kv2018'}
    """

    def quarter_of(heading: str) -> int | None:
        found = _QUARTER.fullmatch(heading)
        return 4 * (int(found[3]) - 1970) + int(found[1] or found[2]) - 1 if found else None

    return _columns(headings, quarter_of)


def municipality_columns(headings: Iterable[object]) -> dict[int, str]:
    """Return the heading of each year's column.

    Raises:
        SchemaError: If two columns are for one year.

    Examples:
        >>> municipality_columns(["lobenr", "nykom2018"])
        {2018: 'nykom2018'}
    """

    def year_of(heading: str) -> int | None:
        found = _YEAR.fullmatch(heading)
        return int(found[1]) if found else None

    return _columns(headings, year_of)


def to_quarter(day: date) -> int:
    """Return the number of a day's quarter, 1970's first being 0.

    Examples:
        >>> to_quarter(date(2018, 3, 31))
        192
    """
    return 4 * (day.year - 1970) + (day.month - 1) // 3


def _columns(headings: Iterable[object], number_of: Callable[[str], int | None]) -> dict[int, str]:
    """Return the headings that have a number, by number."""
    columns: dict[int, str] = {}
    for heading in map(str, headings):
        number = number_of(heading)
        if number is None:
            continue
        if number in columns:
            raise _column_error(heading, "one column", f"one column for what {columns[number]} stands for")
        columns[number] = heading
    return dict(sorted(columns.items()))


def _column_error(column: str, rule: str, expected: str) -> SchemaError:
    """Return the error about a column as a whole."""
    do = "correct the heading, or leave one of the columns out"
    return SchemaError(table=_TABLE, column=column, rule=rule, n_rows=0, first_row=None, expected=expected, do=do)
