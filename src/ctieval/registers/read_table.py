"""Tables as they come: CSV, Excel, Parquet, SAS, SPSS, Stata, or a frame; their rules are checked elsewhere.

Each reader says in one line what it recognised, so that a person can see whether it was right. The first row of a
file holds the headings (see ``headings``). Cells of a CSV file are text, to which ``typed_columns`` or
``check_table`` gives types; see ``cells`` for empty cells, ``number_text`` for decimals and ``date_text`` for days.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

import narwhals as nw
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ctieval.domain.arrays import BoolArray
from ctieval.errors import InputError
from ctieval.registers.cells import clear_empty
from ctieval.registers.csv_table import read_csv
from ctieval.registers.headings import check_distinct, empty_error
from ctieval.registers.identifiers import check_headings
from ctieval.registers.stats_file import KINDS as STATS_KINDS
from ctieval.registers.stats_file import read_stats_file
from ctieval.registers.workbook import read_workbook

if TYPE_CHECKING:
    from narwhals.typing import IntoFrame

_Each = TypeVar("_Each")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TableRead:
    """A table as it was read from a file.

    Attributes:
        frame: Its rows, numbered from 0; texts from CSV, typed cells from the other kinds.
        recognised: What was recognised, in one line; never a value.
        digest: SHA-256 of the bytes of the file.
        withheld: Rows whose cell is empty for a stated reason (SAS, SPSS, Stata), by heading, shape (rows,).
        labels: What the values of a column are called (SPSS, Stata), by heading.
    """

    frame: pd.DataFrame
    recognised: str
    digest: str
    withheld: Mapping[str, BoolArray] = field(default_factory=dict[str, BoolArray])
    labels: Mapping[str, Mapping[object, str]] = field(default_factory=dict[str, Mapping[object, str]])

    def __repr__(self) -> str:
        """Say what was recognised, never a value."""
        return f"TableRead({self.recognised})"


def read_table(path: Path) -> TableRead:
    r"""Read a table from a file, and say what it was recognised as.

    Args:
        path: A CSV (``.csv``, ``.tsv``, ``.txt``), Excel (``.xlsx``, ``.xlsm``) or Parquet file, or one of SAS, SPSS
            or Stata (``.sas7bdat``, ``.xpt``, ``.sav``, ``.zsav``, ``.dta``; extra ``stats-files``).

    Returns:
        The table. Cells of a CSV file are text without surrounding blanks; empty cells are missing. A labelled value
        stays what it is, and its label is in ``labels``.

    Raises:
        InputError: If the file is missing, a folder, of another kind, damaged or empty; if it has headings only, one
            column, a heading twice, a column without a heading, an empty row between others, rows of unequal
            length, mixed encodings, or formulas without saved values; if pyreadstat is needed and not installed.
        SchemaError: If a heading looks like a CPR number, as in a file without headings.

    Examples:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "jobs.csv"
        >>> _ = path.write_text("id;hours\np1;12,5\np2;\n", encoding="cp1252")
        >>> read_table(path).recognised
        'jobs.csv: CSV, semicolon, decimal comma, UTF-8, 2 rows'
    """
    suffix = path.suffix.lower()
    if suffix not in (*_READERS, *STATS_KINDS):
        raise _file_error(path, f"the ending {path.suffix}" if path.suffix else "a name without an ending")
    content = _content(path)
    digest = hashlib.sha256(content).hexdigest()
    if suffix in STATS_KINDS:
        return _read_stats(path, digest)
    frame, kind = _READERS[suffix](content, path.name)
    return TableRead(frame, _recognised(path, kind, frame), digest)


def _read_stats(path: Path, digest: str) -> TableRead:
    """Read a file of SAS, SPSS or Stata."""
    read = read_stats_file(path)
    frame = _headed(read.cells, path.name)
    n_withheld = sum(int(np.count_nonzero(rows)) for rows in read.withheld.values())
    counts = {"cells missing for a stated reason": n_withheld, "columns with labelled values": len(read.labels)}
    more = [f"; {told}: {number}" for told, number in counts.items() if number]
    recognised = "".join([_recognised(path, read.kind, frame), *more])
    return TableRead(frame, recognised, digest, _stripped(read.withheld), _stripped(read.labels))


def _stripped(of_heading: Mapping[str, _Each]) -> dict[str, _Each]:
    """Return entries by heading without surrounding blanks."""
    return {heading.strip(): each for heading, each in of_heading.items()}


def _recognised(path: Path, kind: str, frame: pd.DataFrame) -> str:
    """Return what was recognised in one line."""
    return f"{path.name}: {kind}, {len(frame)} {'row' if len(frame) == 1 else 'rows'}"


def read_frame(frame: object) -> pd.DataFrame:
    """Return a data frame of another library as a pandas frame; the given frame is never changed.

    Args:
        frame: A frame or relation of pandas, Polars, PyArrow, DuckDB or another library that Narwhals knows.

    Returns:
        The same rows, numbered from 0; texts without surrounding blanks, and empty cells missing.

    Raises:
        InputError: If it is no such frame, has no rows, or has a heading twice.
        SchemaError: If a heading looks like a CPR number.

    Examples:
        >>> read_frame(pa.table({"id": ["p1"], "arm": [1]})).columns.tolist()
        ['id', 'arm']
    """
    name = "the given frame"
    try:
        found = nw.from_native(cast("IntoFrame", frame))
        eager = found.collect(backend="pandas") if isinstance(found, nw.LazyFrame) else found
    except (TypeError, ValueError, nw.exceptions.NarwhalsError):
        raise InputError(
            what="the frame cannot be read",
            where=name,
            found="an object that is no data frame, or a heading that stands twice",
            expected="a frame of pandas, Polars, PyArrow or DuckDB, each heading once",
            do="hand over a data frame, or the path of a file to read_table",
        ) from None
    return _headed(eager.to_pandas(), name)


def _content(path: Path) -> bytes:
    """Return the bytes of a file that is not empty."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise _file_error(path, "no file of that name") from None
    except IsADirectoryError:
        raise _file_error(path, "a folder") from None
    except OSError:
        raise _file_error(path, "a file that may not be read, or is open in another program") from None
    if not content.strip():
        raise empty_error(path.name, "an empty file")
    return content


def _file_error(path: Path, found: str) -> InputError:
    """Return the error about a file that cannot be read."""
    return InputError(
        what="the file cannot be read",
        where=path.name,
        found=found,
        expected=f"a file that ends in {', '.join((*_READERS, *STATS_KINDS))}",
        do="look for the file, close it in other programs, or save the table as CSV, Excel or Parquet",
    )


def _read_parquet(content: bytes, name: str) -> tuple[pd.DataFrame, str]:
    """Read a Parquet file."""
    try:
        table = pq.ParquetFile(pa.BufferReader(content)).read()
        table.validate(full=True)
        frame = table.to_pandas(ignore_metadata=True)
    except Exception:  # noqa: BLE001 - a damaged file makes its reader raise anything
        raise _parquet_error(name, "a file that is damaged, or of another kind") from None
    if any(pa.types.is_nested(field.type) for field in table.schema):
        raise _parquet_error(name, "a column of lists or structures")
    return _headed(frame, name), "Parquet"


def _parquet_error(name: str, found: str) -> InputError:
    """Return the error about a Parquet file."""
    return InputError(
        what="the file cannot be read as a Parquet table",
        where=name,
        found=found,
        expected="a Parquet file in which each cell holds one value",
        do="write the file again, with plain columns",
    )


def _headed(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return a table that came with headings, its rows numbered from 0 and its empty cells missing."""
    headings = [str(heading).strip() for heading in table.columns]
    check_distinct(headings, name)
    check_headings(headings, table=name)
    if table.empty:
        raise empty_error(name, "headings, and no row under them")
    columns = {position: clear_empty(table.iloc[:, position]) for position in range(len(headings))}
    return pd.DataFrame(columns).reset_index(drop=True).set_axis(headings, axis=1)


_READERS: dict[str, Callable[[bytes, str], tuple[pd.DataFrame, str]]] = {
    **dict.fromkeys((".csv", ".tsv", ".txt"), read_csv),
    **dict.fromkeys((".xlsx", ".xlsm"), read_workbook),
    ".parquet": _read_parquet,
}
