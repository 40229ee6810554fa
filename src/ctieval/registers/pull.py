"""The rows of the participants, pulled out of a national file; what they say is read later.

The file is streamed: what is held in memory is the participants' rows and the blocks that are worked on, however many
persons the file has. Parquet is read by DuckDB (extra ``sql``), which skips what it does not need; text is read a block
at a time, as ``read_table`` reads it. The rows go to ``read_registers`` as any other table.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from ctieval.domain.schema import Field
from ctieval.errors import InputError, SchemaError
from ctieval.registers.cells import to_code_texts
from ctieval.registers.check import IDENTIFIER, find_column
from ctieval.registers.csv_table import DELIMITERS, recognise_dialect
from ctieval.registers.identifiers import check_identifiers
from ctieval.registers.read_table import TableRead, read_frame
from ctieval.registers.schemas import load_schema, schema_names

_PARQUET = ".parquet"
_TEXTS = (".csv", ".tsv", ".txt")
_HEAD_BYTES = 1 << 20
_BLOCK_BYTES = 1 << 20
"""PyArrow reads up to 32 blocks ahead of the one that is looked at."""
_ROW = "file_row_number"
_CODECS = {"UTF-8": "utf-8", "UTF-8 with byte order mark": "utf-8", "Windows-1252": "cp1252"}
_OF_TEXT = r"regexp_replace(regexp_replace(CAST({key} AS VARCHAR), '^\s+|\s+$', '', 'g'), '^([0-9]+)[.,]0+$', '\1')"
_OF_NUMBER = "CASE WHEN {key} = floor({key}) THEN CAST(CAST({key} AS BIGINT) AS VARCHAR) END"
_NUMBERS = ("DOUBLE", "FLOAT", "DECIMAL")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Pulled:
    """The rows of the participants.

    Attributes:
        table: Their rows, in the order of the file, as ``read_registers`` takes them.
        n_found: How many of the identifiers have a row.
        n_absent: How many have none.
    """

    table: TableRead
    n_found: int
    n_absent: int

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Pulled({self.n_found} of {self.n_found + self.n_absent} persons)"


def read_participants(path: Path, person_id: Collection[str], *, heading: str | None = None) -> Pulled:
    r"""Read the rows of the participants out of a national file, which is never held in memory as a whole.

    Args:
        path: A Parquet file (extra ``sql``), or separated text in UTF-8 or Windows-1252.
        person_id: Identifiers of the participants, any number; ``1`` and ``1.0`` are the same.
        heading: The column of identifiers; None where its heading is one that the input tables know.

    Returns:
        Every row of the participants, with all columns.

    Raises:
        InputError: If DuckDB is needed and not installed, the file cannot be read, or none of the participants is in
            it.
        SchemaError: If the column of identifiers is not there, or the rows hold CPR numbers.

    Examples:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "national.csv"
        >>> _ = path.write_text("lobenr;y_1801\n1;730\n2;\n3;651\n", encoding="utf-8")
        >>> pulled = read_participants(path, ["3", "1", "9"])
        >>> pulled, pulled.table.frame["y_1801"].tolist()
        (Pulled(2 of 3 persons), ['730', '651'])
    """
    wanted = to_code_texts(pd.Series(list(person_id), dtype=object)).dropna().unique().tolist()
    ending = path.suffix.lower()
    if ending not in (*_TEXTS, _PARQUET) or not path.is_file():
        found = f"the ending {ending or 'of no kind'}" if path.is_file() else "no file of that name"
        raise _error(path, found)
    rows, kind = _pull_parquet(path, wanted, heading) if ending == _PARQUET else _pull_text(path, wanted, heading)
    key = _find_key(rows.columns.tolist(), heading, path)
    n_found = to_code_texts(rows[key]).nunique()
    if n_found == 0:
        raise _error(path, "no row of any participant")
    frame = read_frame(rows)
    check_identifiers(frame, table=path.name, identifiers=[key.strip()])
    n_absent = len(wanted) - n_found
    told = f"{path.name}: {kind}, {len(frame)} rows of {n_found} participants pulled out, {n_absent} without a row"
    return Pulled(TableRead(frame, told, ""), n_found, n_absent)


def _pull_parquet(path: Path, wanted: list[str], heading: str | None) -> tuple[pd.DataFrame, str]:
    """Return the rows of the persons wanted out of a Parquet file."""
    try:
        import duckdb  # noqa: PLC0415
    except ImportError:
        raise InputError(
            what="participants cannot be pulled out of a Parquet file here",
            where=path.name,
            found="DuckDB is not installed",
            expected="ctieval with its extra sql",
            do='install it with: pip install "ctieval[sql]"',
        ) from None
    with duckdb.connect() as connection:
        try:
            national = connection.read_parquet(str(path), file_row_number=True)
            key = _find_key([name for name in national.columns if name != _ROW], heading, path)
            kind = str(national.types[national.columns.index(key)])
            column = '"' + key.replace('"', '""') + '"'
            text = (_OF_NUMBER if kind.startswith(_NUMBERS) else _OF_TEXT).format(key=column)
            connection.register("wanted", pa.table({"wanted": pa.array(wanted, pa.string())}))
            among = f"{text} IN (SELECT wanted FROM wanted)"  # noqa: S608 - what comes from the file is a quoted name
            found = national.filter(among).order(_ROW).to_arrow_table()
        except duckdb.Error:
            raise _error(path, "a file that is damaged, or of another kind") from None
    return found.drop_columns([_ROW]).to_pandas(ignore_metadata=True), "Parquet"


def _pull_text(path: Path, wanted: list[str], heading: str | None) -> tuple[pd.DataFrame, str]:
    """Return the rows of the persons wanted out of a text file; all cells are text."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    delimiter, encoding = recognise_dialect(head, path.name)
    later = ["Windows-1252"] if head.isascii() else []
    for told in (encoding, *later):
        try:
            rows = _filter_text(path, wanted, heading, (delimiter, _CODECS[told]))
        except (pa.ArrowInvalid, UnicodeDecodeError):
            continue
        return rows, f"CSV, {DELIMITERS[delimiter]}, {told}"
    raise _error(path, "rows of unequal length, an open quotation mark, or a second encoding")


def _filter_text(path: Path, wanted: list[str], heading: str | None, dialect: tuple[str, str]) -> pd.DataFrame:
    """Return the rows of the persons wanted, a block of the file at a time."""
    delimiter, codec = dialect
    with path.open(encoding="utf-8-sig" if codec == "utf-8" else codec, newline="") as file:
        headings = next(csv.reader(io.StringIO(file.readline(), newline=""), delimiter=delimiter))
    key = _find_key(headings, heading, path)
    reader = pa_csv.open_csv(
        path,
        read_options=pa_csv.ReadOptions(block_size=_BLOCK_BYTES, encoding=codec),
        parse_options=pa_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=pa_csv.ConvertOptions(column_types=dict.fromkeys(headings, pa.string())),
    )
    kept = [reader.schema.empty_table().to_pandas()]
    with reader:
        for batch in reader:
            rows = np.flatnonzero(to_code_texts(batch.column(key).to_pandas()).isin(wanted))
            if len(rows):
                kept.append(batch.take(pa.array(rows)).to_pandas())
    return pd.concat(kept, ignore_index=True)


def _find_key(headings: list[str], heading: str | None, path: Path) -> str:
    """Return the column of identifiers: the declared one, or the one that the input tables know."""
    if heading is not None and heading in headings:
        return heading
    schemas = [load_schema(name) for name in schema_names()] if heading is None else []
    known: list[Field] = [schema.fields[0] for schema in schemas if schema.fields[0].name == IDENTIFIER]
    found = [column for field in known if (column := find_column(headings, field, path.name))]
    if not found:
        raise SchemaError(
            table=path.name,
            column=heading or IDENTIFIER,
            rule="required",
            n_rows=0,
            first_row=None,
            expected="a column of identifiers: person_id, Borger-id, Lobenr or the heading that is declared",
            do="declare the heading of the identifiers",
        )
    return found[0]


def _error(path: Path, found: str) -> InputError:
    """Return the error about a file out of which nothing can be pulled."""
    return InputError(
        what="the participants cannot be pulled out of the file",
        where=path.name,
        found=found,
        expected=f"a file that ends in {', '.join((_PARQUET, *_TEXTS))}, with a row of at least one participant",
        do="look for the file, and whether its identifiers are those of the trial; save it again as Parquet or CSV",
    )
