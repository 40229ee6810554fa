"""Refusal of CPR numbers, and of rounded identifiers, at the door; pseudonymisation is not done here.

A CPR number is six digits of a date (DDMMYY) and four more. Two rules:

- ``DDMMYY-NNNN`` with a possible date, anywhere in a text column or a heading: one is enough to refuse the table.
- Ten digits without the hyphen, or nine where a spreadsheet dropped the leading zero, in a column of identifiers:
  refused where at least half of those values hold a possible date. All CPR numbers do; of random digits about
  4 in 100 (365.25 of the 10,000 four-digit beginnings), so one half tells them apart with room on both sides,
  and a column in which some persons were pseudonymised and others forgotten is refused too.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd

from ctieval.domain.arrays import BoolArray
from ctieval.errors import SchemaError
from ctieval.registers.cells import distinct, to_text
from ctieval.registers.rules import Rule, check_rule

REFUSED_SHARE = 0.5

_RULE = "not a CPR number"
_EXPECTED = "identifiers that are no CPR numbers; no CPR number anywhere in the table"
_DO = (
    "replace each CPR number by a keyed code of your own before the file is read, the same code in every file; "
    "where these are no CPR numbers, put a letter in front of each"
)
_EXACT = "identifiers written as text, or whole numbers of at most 15 digits: a longer number is rounded by the program"
_AS_TEXT = "write the column as text in the program that made the file"
_HYPHENATED = re.compile(r"(?<![0-9])([0-9]{6})[-\u2013][0-9]{4}(?![0-9])")
_BARE = re.compile(r"([0-9]{5,6}) ?[0-9]{4}")
_EXACT_BELOW = 10.0**15
_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LEAP_YEARS = 4


def check_identifiers(frame: pd.DataFrame, *, table: str, identifiers: Collection[str] = ()) -> None:
    """Refuse a table that holds CPR numbers.

    Args:
        frame: The table, one row a row of the file.
        table: Name of the table, for the error.
        identifiers: The columns of identifiers, in which digits without a hyphen count as well.

    Raises:
        SchemaError: If an identifier is held as a number with decimals of more than 15 digits, which is rounded.
        SchemaError: If a text or a heading holds a CPR number with its hyphen, or at least half of the nine- and
            ten-digit values of an identifier column begin with a possible date. No value is shown.

    Examples:
        >>> check_identifiers(pd.DataFrame({"id": ["p1", "p2"]}), table="persons", identifiers=["id"])
    """
    check_headings([str(heading) for heading in frame.columns], table=table)
    for heading in identifiers:
        found = distinct(frame[heading])
        rounded = found.spread_flags([_is_rounded(value) for value in found.cells])
        check_rule(rounded, Rule("exact identifier", heading, _EXACT, _AS_TEXT), table=table)
    for heading in frame.columns:
        held = _hold_cpr_numbers(frame[heading], is_identifier=heading in identifiers)
        check_rule(held, Rule(_RULE, str(heading), _EXPECTED, _DO), table=table)


def check_headings(headings: Collection[str], *, table: str) -> None:
    """Refuse headings that hold a CPR number, as the first row of a file without headings would.

    Raises:
        SchemaError: If a heading looks like a CPR number, with or without its hyphen.
    """
    held = sum(_is_hyphenated(heading) or _is_bare(heading.strip()) is True for heading in headings)
    if held:
        raise SchemaError(
            table=table, column="", rule=_RULE, n_rows=held, first_row=1, expected="headings in the first row", do=_DO
        )


def _hold_cpr_numbers(cells: pd.Series[Any], *, is_identifier: bool) -> BoolArray:
    """Return True for the rows that hold a CPR number, shape (rows,)."""
    if not is_identifier and not _may_hold_text(cells):
        return np.zeros(len(cells), dtype=np.bool_)
    found = distinct(cells)
    texts = [to_text(value) for value in found.cells]
    held = found.spread_flags([_is_hyphenated(text) for text in texts])
    return held | _bare_cpr_numbers(cells) if is_identifier else held


def _may_hold_text(cells: pd.Series[Any]) -> bool:
    """Return False for columns of numbers and of days."""
    return not (pd.api.types.is_numeric_dtype(cells) or pd.api.types.is_datetime64_any_dtype(cells))


def _bare_cpr_numbers(cells: pd.Series[Any]) -> BoolArray:
    """Return True for identifiers of nine or ten digits with a date, where such a date is the rule among them."""
    found = distinct(cells)
    shapes = [_is_bare(to_text(value)) for value in found.cells]
    dated = found.spread_flags([shape is True for shape in shapes])
    shaped = found.spread_flags([shape is not None for shape in shapes])
    return dated if dated.sum() >= REFUSED_SHARE * shaped.sum() else np.zeros(len(cells), dtype=np.bool_)


def _is_rounded(value: object) -> bool:
    """Return whether an identifier is held as a number with decimals that is too long to be exact."""
    return isinstance(value, float) and abs(value) >= _EXACT_BELOW


def _is_hyphenated(text: str) -> bool:
    """Return whether a text holds six digits of a possible date, a hyphen and four more digits."""
    return any(_is_date(match[1]) for match in _HYPHENATED.finditer(text))


def _is_bare(text: str) -> bool | None:
    """Return whether nine or ten digits begin with a possible date; None for every other text."""
    match = _BARE.fullmatch(text)
    return None if match is None else _is_date(match[1].zfill(6))


def _is_date(digits: str) -> bool:
    """Return whether six digits are a day, a month and a year of some century."""
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    if not 1 <= month <= len(_DAYS_IN_MONTH) or not 1 <= day <= _DAYS_IN_MONTH[month - 1]:
        return False
    return (day, month) != (29, 2) or year % _LEAP_YEARS == 0
