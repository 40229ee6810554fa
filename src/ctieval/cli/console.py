"""What goes where: exact rows to standard output, messages to standard error."""

from __future__ import annotations

import csv
import io
import json
import math
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeAlias

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

_LARGE = 10_000

Cell: TypeAlias = str | int | float | None
Row: TypeAlias = Mapping[str, Cell]


class Format(StrEnum):
    """How rows are printed: for people, or exactly."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def say(message: str) -> None:
    """Print a message to standard error."""
    sys.stderr.write(message.rstrip("\n") + "\n")
    sys.stderr.flush()


def write_rows(rows: Sequence[Row], fmt: Format, *, shown: Sequence[str] = ()) -> None:
    """Print rows to standard output, and nothing else there.

    Args:
        rows: Rows with the same keys.
        fmt: JSON and CSV carry every key in full precision; the table only those in ``shown``, rounded.
        shown: Keys of the table for people; all where empty.
    """
    match fmt:
        case Format.JSON:
            sys.stdout.write(to_json([dict(row) for row in rows]) + "\n")
        case Format.CSV:
            sys.stdout.write(_to_csv(rows))
        case Format.TABLE:
            _print_table(rows, shown)


def to_json(value: object) -> str:
    """Return JSON in which an open or unknown number is null."""
    return json.dumps(_closed(value), ensure_ascii=False, indent=2, allow_nan=False)


def _closed(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {str(key): _closed(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_closed(each) for each in value]
    return value


def _to_csv(rows: Sequence[Row]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(list(rows[0]) if rows else [])
    writer.writerows([_closed_text(cell) for cell in row.values()] for row in rows)
    return out.getvalue()


def _closed_text(cell: Cell) -> str:
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return ""
    return repr(cell) if isinstance(cell, float) else str(cell)


def _print_table(rows: Sequence[Row], shown: Sequence[str]) -> None:
    keys = list(shown) or (list(rows[0]) if rows else [])
    table = Table(*(escape(key) for key in keys), header_style="bold")
    for column, key in zip(table.columns, keys, strict=True):
        numeric = all(not isinstance(row[key], str) for row in rows)
        column.justify = "right" if numeric else "left"
    for row in rows:
        table.add_row(*(Text(_rounded(row[key])) for key in keys))
    width = None if sys.stdout.isatty() else 160
    Console(file=sys.stdout, highlight=False, width=width).print(table)


def _rounded(cell: Cell) -> str:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return "-"
    if isinstance(cell, float):
        return f"{cell:.4g}" if abs(cell) < _LARGE or math.isinf(cell) else f"{cell:.0f}"
    return str(cell)
