"""Files of SAS, SPSS and Stata through pyreadstat (extra ``stats-files``): cells, reasons for missing, and labels.

A cell keeps the value that the file holds; what a value is called is kept beside it (``labels``). A cell that SAS or
Stata marks ``.a`` to ``.z``, or SPSS declares to be user-missing, is missing for a stated reason: it is empty here,
and ``withheld`` says where. The reader of SAS transport files does not tell such cells from empty ones.

Days are counted from 1960 in SAS and Stata and from 14 October 1582 in SPSS; a number whose format is no date stays a
number, and is then refused where a day should stand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from ctieval.domain.arrays import BoolArray
from ctieval.errors import InputError

_Reader: TypeAlias = Callable[..., tuple[pd.DataFrame, Any]]

KINDS = {
    ".sas7bdat": "SAS",
    ".xpt": "SAS transport",
    ".sav": "SPSS",
    ".zsav": "SPSS, compressed",
    ".dta": "Stata",
}

_READERS = {
    ".sas7bdat": "read_sas7bdat",
    ".xpt": "read_xport",
    ".sav": "read_sav",
    ".zsav": "read_sav",
    ".dta": "read_dta",
}
_TRANSPORT = ".xpt"
_WINDOWS = "WINDOWS-1252"
_EUROPEAN_DAYS = ("EURDFDD", "EURDFDE", "EURDFWDX", "EURDFWKX")
_STATA_DAY, _STATA_TIME, _STATA_MONTH = "%td", "%tc", "%tm"
_STATA_EPOCH = "1960-01"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class StatsFile:
    """The cells of a file of SAS, SPSS or Stata.

    Attributes:
        cells: Its rows; numbers, texts and days.
        kind: Program and encoding, for people.
        withheld: Rows whose cell is missing for a stated reason, by heading, shape (rows,); columns without are left
            out.
        labels: What the values of a column are called, by heading.
    """

    cells: pd.DataFrame
    kind: str
    withheld: Mapping[str, BoolArray]
    labels: Mapping[str, Mapping[object, str]]


def read_stats_file(path: Path) -> StatsFile:
    """Read a file of SAS, SPSS or Stata.

    Args:
        path: A file that ends in ``.sas7bdat``, ``.xpt``, ``.sav``, ``.zsav`` or ``.dta``.

    Returns:
        Its cells; no rule of a table is checked here.

    Raises:
        InputError: If pyreadstat is not installed, or the file is damaged or of another kind.
    """
    read = _find_reader(path)
    try:
        cells, meta, encoding = _read(read, path)
        withheld = {} if path.suffix.lower() == _TRANSPORT else _find_withheld(read, path, cells)
    except Exception:  # noqa: BLE001 - a damaged file makes its reader raise anything
        raise InputError(
            what=f"the file cannot be read as {KINDS[path.suffix.lower()].split(',')[0]}",
            where=path.name,
            found="a file that is damaged, encrypted, of another kind, or with days outside the calendar",
            expected=f"a file of the kind that ends in {path.suffix.lower()}",
            do="write the file again from the program that made it, or save the table as CSV or Parquet",
        ) from None
    kind = f"{KINDS[path.suffix.lower()]}{f', {encoding}' if encoding else ''}"
    labels = {str(heading): dict(called) for heading, called in meta.variable_value_labels.items()}
    return StatsFile(_with_months(cells, meta), kind, withheld, labels)


def _find_reader(path: Path) -> _Reader:
    """Return the reader of a file's kind."""
    try:
        import pyreadstat  # noqa: PLC0415
    except ImportError:
        raise InputError(
            what="files of SAS, SPSS and Stata cannot be read here",
            where=path.name,
            found="pyreadstat is not installed",
            expected="ctieval with its extra stats-files",
            do='install it with: pip install "ctieval[stats-files]", or save the table as CSV or Parquet',
        ) from None
    return getattr(pyreadstat, _READERS[path.suffix.lower()])


def _read(read: _Reader, path: Path) -> tuple[pd.DataFrame, Any, str | None]:
    """Return cells, metadata and encoding; a transport file names none, so what is no UTF-8 there is Windows-1252."""
    try:
        cells, meta = _read_as(read, path)
    except UnicodeDecodeError:
        if path.suffix.lower() != _TRANSPORT:
            raise
        cells, meta = _read_as(read, path, encoding=_WINDOWS)
        return cells, meta, _WINDOWS
    return cells, meta, meta.file_encoding


def _read_as(read: _Reader, path: Path, **asked: object) -> tuple[pd.DataFrame, Any]:
    """Return cells and metadata; days also in the formats that pyreadstat has to be told of."""
    _, meta = read(path, metadataonly=True, **{key: asked[key] for key in asked if key == "encoding"})
    formats = {str(each) for each in meta.original_variable_types.values() if each}
    days = [*_EUROPEAN_DAYS, *sorted(each for each in formats if each.startswith(_STATA_DAY))]
    times = sorted(each for each in formats if each.startswith(_STATA_TIME))
    return read(path, extra_date_formats=days, extra_datetime_formats=times, **asked)


def _find_withheld(read: _Reader, path: Path, cells: pd.DataFrame) -> dict[str, BoolArray]:
    """Return where a cell is missing for a stated reason.

    The file is read a second time for it: asked for reasons, pyreadstat 1.3.7 gives numbers that the file does not hold
    for empty cells of whole-number columns, so no value is taken from this reading.
    """
    marked, meta = _read_as(read, path, user_missing=True)
    found: dict[str, BoolArray] = {}
    for heading, reasons in meta.missing_user_values.items():
        found[str(heading)] = marked[heading].isin(list(reasons)).to_numpy(np.bool_)
    for heading in meta.missing_ranges:
        found[str(heading)] = (cells[heading].isna() & marked[heading].notna()).to_numpy(np.bool_)
    return {heading: rows for heading, rows in found.items() if rows.any()}


def _with_months(cells: pd.DataFrame, meta: Any) -> pd.DataFrame:  # noqa: ANN401 - pyreadstat has no types
    """Return cells in which the months that Stata counts from 1960 are days."""
    formats: Mapping[str, str | None] = meta.original_variable_types
    months = [heading for heading in cells.columns if (formats.get(heading) or "").startswith(_STATA_MONTH)]
    days = {heading: _to_first_days(cells[heading]) for heading in months}
    return cells.assign(**days)


def _to_first_days(months: pd.Series[Any]) -> pd.Series[Any]:
    """Return the first day of each month counted from 1960."""
    known = months.notna()
    counted = np.where(known, months.to_numpy(np.float64, na_value=0), 0).astype(np.int64)
    days = (np.datetime64(_STATA_EPOCH, "M") + counted).astype("datetime64[s]")
    return pd.Series(np.where(known, days, np.datetime64("NaT")), index=months.index)
