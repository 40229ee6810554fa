"""Columns of a Parquet or delimited text file, streamed in tables of so many rows; what they mean is said elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from ctieval.errors import InputError, SchemaError
from ctieval.registers.store.arrow import ArrowTable

_CSV_BLOCK_BYTES = 1 << 23
_AMOUNTS = frozenset({"hours", "earnings"})


def stream(path: Path, texts: list[str], numbers: list[str], rows: int) -> Iterator[ArrowTable]:
    """Stream columns of a Parquet or text file as Arrow tables of a few rows each, so that one alone is in memory.

    Args:
        path: The file.
        texts: Headings of columns of texts or days.
        numbers: Headings of columns of numbers; in a text file an empty cell is none.
        rows: Most rows of a table of a Parquet file; a text file is cut by its bytes.

    Yields:
        Tables with these columns in this order.

    Raises:
        SchemaError: If a column is not there, or a cell of a text file is not of its kind.
        InputError: If the file cannot be read.
    """
    headings = set(read_headings(path))
    absent = [name for name in (*texts, *numbers) if name not in headings]
    if absent:
        raise column_error(path.name, absent[0], "required", f"a column {absent[0]}")
    try:
        yield from _batches(path, texts, numbers, rows)
    except pa.ArrowInvalid as cause:
        found = re.search(r"column #(\d+)", str(cause))
        place = f"column {found[1]}" if found else "a column"
        raise column_error(path.name, "", f"cells of their kind in {place}", "whole numbers, or empty cells") from None


def _batches(path: Path, texts: list[str], numbers: list[str], rows: int) -> Iterator[ArrowTable]:
    names = [*texts, *numbers]
    if _is_parquet(path):
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=rows, columns=names):
                yield pa.Table.from_batches([batch]).select(names)
        return
    kinds = {name: pa.string() for name in texts} | {
        name: pa.float64() if name in _AMOUNTS else pa.int16() for name in numbers
    }
    convert = pa_csv.ConvertOptions(
        column_types=kinds, include_columns=names, null_values=[""], strings_can_be_null=True
    )
    read = pa_csv.ReadOptions(block_size=_CSV_BLOCK_BYTES)
    parse = pa_csv.ParseOptions(delimiter=_delimiter(path))
    with pa_csv.open_csv(path, read_options=read, parse_options=parse, convert_options=convert) as reader:
        for batch in reader:
            yield pa.Table.from_batches([batch])


def cut(tables: Iterable[ArrowTable], rows: int) -> Iterator[tuple[int, ArrowTable]]:
    """Cut tables so that none goes beyond a block of so many rows, and number each by its block; none is copied."""
    done = 0
    for table in tables:
        end = done + table.num_rows
        edges = [done, *range((done // rows + 1) * rows, end, rows), end]
        for low, high in pairwise(edges):
            yield low // rows, table.slice(low - done, high - low)
        done = end


def read_headings(path: Path) -> list[str]:
    """Read the headings of a file.

    Raises:
        InputError: If the file cannot be read.
    """
    try:
        if _is_parquet(path):
            return list(pq.read_schema(path).names)
        with path.open(encoding="utf-8-sig") as file:
            return [heading.strip().strip('"') for heading in file.readline().split(_delimiter(path))]
    except (OSError, ValueError):
        raise InputError(
            what="the file cannot be read",
            where=path.name,
            found="no Parquet file and no text in UTF-8",
            expected="one row a person, with headings",
            do="write the extract again as Parquet, or as text in UTF-8",
        ) from None


def _delimiter(path: Path) -> str:
    """The mark between the headings of a text file."""
    with path.open(encoding="utf-8-sig") as file:
        first = file.readline()
    return max(";\t,", key=first.count)


def _is_parquet(path: Path) -> bool:
    return path.suffix == ".parquet"


def column_error(table: str, column: str, rule: str, expected: str) -> SchemaError:
    """Return the error about a column of a register file, which shows no cell."""
    return SchemaError(
        table=table,
        column=column,
        rule=rule,
        n_rows=0,
        first_row=None,
        expected=expected,
        do="correct the column in the extract",
    )
