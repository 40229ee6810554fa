"""The cells of one column read as one type, whatever the file held them as; no rule of a table is checked here.

A cell is empty where it holds nothing, blanks only, ``NA`` (R), ``NaN`` (pandas) or ``.`` (SAS, Stata); no other
text is. Blanks around a text are never part of it. Each distinct cell is read once, so long tables cost little.
"""

from __future__ import annotations

import numbers
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeGuard

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctieval.domain.arrays import BoolArray, IntArray
from ctieval.domain.schema import FieldType
from ctieval.registers.date_text import EARLIEST, LATEST, from_date_text, from_month_text
from ctieval.registers.number_text import read_numbers

MISSING = ("", "NA", "NaN", ".")

_WHOLE = re.compile(r"([0-9]+)[.,]0+")
_BOOLEAN_TEXTS = {
    **dict.fromkeys(("1", "true", "yes", "ja", "sand"), True),
    **dict.fromkeys(("0", "false", "no", "nej", "falsk"), False),
}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Reading:
    """A column read as one type.

    Attributes:
        column: The typed column, shape (rows,); missing where the cell is empty or broken.
        broken: True where a cell is not of the type, shape (rows,).
        ambiguous: True where a cell can be read in two ways, shape (rows,).
    """

    column: pd.Series[Any]
    broken: BoolArray
    ambiguous: BoolArray


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Distinct:
    """The distinct cells of a column, without the empty ones.

    Attributes:
        number: Index into ``cells`` for each row, shape (rows,); -1 where the cell is empty.
        cells: The distinct cells; texts without surrounding blanks.
    """

    number: IntArray
    cells: tuple[object, ...]

    def spread(self, of_cells: npt.NDArray[Any], missing: object) -> npt.NDArray[Any]:
        """Return one entry a row from one entry a distinct cell; ``missing`` for the empty ones."""
        return np.append(of_cells, np.array([missing], dtype=of_cells.dtype))[self.number]

    def spread_flags(self, of_cells: list[bool]) -> BoolArray:
        """Return one flag a row from one flag a distinct cell; False for the empty ones."""
        return self.spread(np.array(of_cells, dtype=np.bool_), missing=False)


def distinct(cells: pd.Series[Any]) -> Distinct:
    """Return the distinct cells of a column.

    Examples:
        >>> found = distinct(pd.Series(["b ", "NA", "a", "b "]))
        >>> found.number.tolist(), found.cells
        ([0, -1, 1, 0], ('b', 'a'))
    """
    codes, uniques = pd.factorize(cells)
    stripped = [value.strip() if isinstance(value, str) else value for value in uniques.tolist()]
    filled = np.array([not (isinstance(value, str) and value in MISSING) for value in stripped] + [False])
    renumbered = np.where(filled, np.cumsum(filled) - 1, -1).astype(np.int64)
    return Distinct(renumbered[codes], tuple(value for value, kept in zip(stripped, filled, strict=False) if kept))


def read_cells(cells: pd.Series[Any], kind: FieldType) -> Reading:
    """Read a column as one type.

    Args:
        cells: The column, of texts, typed cells or a mixture.
        kind: The type.

    Returns:
        The typed column: ``str``, ``Int64``, ``float64``, ``datetime64[s]`` (a month as its first day) or ``boolean``.

    Examples:
        >>> read_cells(pd.Series(["1,5", "", "kr. 2"]), FieldType.NUMBER).broken.tolist()
        [False, False, True]
    """
    return _READERS[kind](cells)


def clear_empty(cells: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column without blanks around its texts, and with every empty cell missing.

    Examples:
        >>> clear_empty(pd.Series([" a", ".", "NA"])).isna().tolist()
        [False, True, True]
    """
    if isinstance(cells.dtype, pd.StringDtype):
        stripped = cells.str.strip()
        return stripped.mask(stripped.isin(MISSING))
    if cells.dtype != np.dtype(object):
        return cells
    found = distinct(cells)
    kept = np.empty(len(found.cells), dtype=object)
    kept[:] = found.cells
    return pd.Series(found.spread(kept, np.nan), name=cells.name, dtype=object).infer_objects()


def to_text(value: object) -> str:
    """Return one cell as text: whole numbers without decimals, days in ISO form.

    Examples:
        >>> to_text(153.0), to_text(date(2019, 12, 31)), to_text(True)
        ('153', '2019-12-31', 'true')
    """
    if isinstance(value, (bool, np.bool_)):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.date().isoformat()
    if _is_number(value):
        return str(int(value)) if value == value // 1 else str(value)
    return str(value)


def to_code_text(value: object) -> str:
    """Return one identifier or code as text; a whole number is the same with and without decimals of zero.

    Programs of statistics hold identifiers and codes as numbers with decimals, and some write ``1.0`` for ``1``. Zeros
    in front are part of a code.

    Examples:
        >>> [to_code_text(value) for value in (1.0, "1.0", "1,00", "01", "p1.0")]
        ['1', '1', '1', '01', 'p1.0']
    """
    text = to_text(value)
    match = _WHOLE.fullmatch(text)
    return text if match is None else match[1]


def to_code_texts(cells: pd.Series[Any]) -> pd.Series[str]:
    """Return a column of identifiers or codes as text, missing where the cell is empty.

    Examples:
        >>> to_code_texts(pd.Series([730.0, None])).fillna("").tolist()
        ['730', '']
    """
    found = distinct(cells)
    texts = np.array([to_code_text(value) for value in found.cells], dtype=object)
    return pd.Series(found.spread(texts, np.nan), dtype="str")


def is_truth_text(text: str) -> bool:
    """Return whether a text says yes or no.

    Examples:
        >>> is_truth_text(" Ja"), is_truth_text("måske")
        (True, False)
    """
    return text.strip().lower() in _BOOLEAN_TEXTS


def _read_texts(cells: pd.Series[Any]) -> Reading:
    """Read every cell as text."""
    found = distinct(cells)
    texts = np.array([to_text(value) for value in found.cells], dtype=object)
    return _whole_reading(pd.Series(found.spread(texts, np.nan), dtype="str"))


def _read_numbers(cells: pd.Series[Any]) -> Reading:
    """Read every cell as a finite number."""
    if pd.api.types.is_numeric_dtype(cells) and not pd.api.types.is_bool_dtype(cells):
        plain = cells.to_numpy(np.float64, na_value=np.nan)
        return _reading(pd.Series(plain), np.isinf(plain))
    found = distinct(cells)
    is_text = np.array([isinstance(value, str) for value in found.cells], dtype=np.bool_)
    texts = read_numbers([value for value in found.cells if isinstance(value, str)])
    values = np.array([float(value) if _is_number(value) else np.nan for value in found.cells], dtype=np.float64)
    values[is_text] = texts.figures
    ambiguous = np.zeros(len(values), dtype=np.bool_)
    ambiguous[is_text] = texts.ambiguous
    broken = found.spread(~np.isfinite(values), missing=False)
    return Reading(pd.Series(found.spread(values, np.nan)), broken, found.spread(ambiguous, missing=False))


def _read_integers(cells: pd.Series[Any]) -> Reading:
    """Read every cell as a whole number."""
    read = _read_numbers(cells)
    values = read.column.to_numpy(np.float64)
    broken = read.broken | (np.isfinite(values) & (values != np.floor(values)))
    return Reading(pd.Series(np.where(broken, np.nan, values)).astype("Int64"), broken, read.ambiguous)


def _read_dates(cells: pd.Series[Any]) -> Reading:
    """Read every cell as a day."""
    return _read_days(cells, from_date_text)


def _read_months(cells: pd.Series[Any]) -> Reading:
    """Read every cell as a month."""
    read = _read_days(cells, from_month_text)
    months = read.column.to_numpy().astype("datetime64[M]").astype("datetime64[s]")
    return Reading(pd.Series(months), read.broken, read.ambiguous)


def _read_days(cells: pd.Series[Any], from_text: Callable[[str], date | None]) -> Reading:
    """Read every cell as a day, the texts by the given reader."""
    found = distinct(cells)
    days = [_to_day(value, from_text) for value in found.cells]
    values = np.array([np.datetime64("NaT") if day is None else day for day in days], dtype="datetime64[s]")
    broken = found.spread_flags([day is None for day in days])
    return _reading(pd.Series(found.spread(values, np.datetime64("NaT"))), broken)


def _to_day(value: object, from_text: Callable[[str], date | None]) -> date | None:
    """Return the day of one cell, or None."""
    if isinstance(value, str):
        return from_text(value)
    day = value.date() if isinstance(value, datetime) else value
    return day if isinstance(day, date) and EARLIEST <= day <= LATEST else None


def _read_booleans(cells: pd.Series[Any]) -> Reading:
    """Read every cell as yes or no."""
    found = distinct(cells)
    answers = [_BOOLEAN_TEXTS.get(to_text(value).lower()) for value in found.cells]
    values = np.array([pd.NA if answer is None else answer for answer in answers], dtype=object)
    broken = found.spread_flags([answer is None for answer in answers])
    return _reading(pd.Series(found.spread(values, pd.NA), dtype="boolean"), broken)


def _whole_reading(column: pd.Series[Any]) -> Reading:
    """Return a reading in which nothing is broken."""
    return _reading(column, np.zeros(len(column), dtype=np.bool_))


def _reading(column: pd.Series[Any], broken: BoolArray) -> Reading:
    """Return a reading in which nothing is ambiguous."""
    return Reading(column, broken, np.zeros(len(column), dtype=np.bool_))


def _is_number(value: object) -> TypeGuard[float]:
    """Return whether a cell is a number that is no truth value."""
    return isinstance(value, (numbers.Real, Decimal)) and not isinstance(value, (bool, np.bool_))


_READERS: dict[FieldType, Callable[[pd.Series[Any]], Reading]] = {
    FieldType.STRING: _read_texts,
    FieldType.INTEGER: _read_integers,
    FieldType.NUMBER: _read_numbers,
    FieldType.DATE: _read_dates,
    FieldType.YEARMONTH: _read_months,
    FieldType.BOOLEAN: _read_booleans,
}
