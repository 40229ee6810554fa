"""A wide DREAM file streamed into a store, a few thousand persons at a time; nothing of the file is kept.

A CSV file or a Parquet file with one row a person and a column ``y_YYWW`` a week. Of each stretch of rows only the runs
stay until their block is written. What grows with the persons is 8 bytes for each, to find an identifier that stands
twice; with employment, 20 bytes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa

from ctieval.domain.arrays import CodeArray, DateArray, StrArray
from ctieval.domain.registers import BLANK
from ctieval.errors import SchemaError
from ctieval.registers.dream import week_columns
from ctieval.registers.kernels.block import NEVER, Block, Int32Array, Months, Span, Spells
from ctieval.registers.store.arrow import ArrowColumn, ArrowTable, distinct_cells, is_text, to_texts
from ctieval.registers.store.open import Store
from ctieval.registers.store.panels import PERSONS_A_BLOCK, to_days
from ctieval.registers.store.parted import Parted, part_employment
from ctieval.registers.store.runs import find_runs
from ctieval.registers.store.stream import column_error, cut, read_headings, stream
from ctieval.registers.store.write import write_store
from ctieval.registers.weeks import weeks_of

_TABLE = "dream"
_CELLS_AT_A_TIME = 3_000_000
_ROWS_AT_A_TIME = 1 << 17
_Stretch: TypeAlias = tuple[StrArray, Int32Array, Int32Array, Int32Array, Int32Array, Spells]


@dataclass(frozen=True, slots=True)
class WideColumns:
    """Headings of a wide file, beside those of its weeks.

    Attributes:
        person_id: Identifiers.
        birth_date: Birthdays, or None where the file has none: then nobody's age is known.
        entered_on: Days from whose week on each person is observed, or None: then from the first week on.
        left_on: Days in whose week each person left the register, or None: then nobody did.
    """

    person_id: str
    birth_date: str | None = None
    entered_on: str | None = None
    left_on: str | None = None


@dataclass(frozen=True, slots=True)
class Employment:
    """A long file of employment, one row a person, month and job, in any order.

    Attributes:
        path: The file, CSV or Parquet, with the columns ``person_id``, ``month`` (``2018-03``, or a day of the
            month), ``hours`` and ``earnings``.
        first_month: First month that it covers.
        end_month: Month after the last that it covers.
    """

    path: Path
    first_month: int
    end_month: int


def write_wide(
    path: Path,
    folder: Path,
    *,
    columns: WideColumns,
    known: Collection[int],
    employment: Employment | None = None,
    block_size: int = PERSONS_A_BLOCK,
) -> Store:
    """Stream a wide file into a new store.

    Persons keep the order of the file. Codes outside the weeks in which a person is observed are not used. Hours and
    earnings of the jobs of a month are added; rows about others, or other months, are counted in the manifest.

    Args:
        path: The wide file, ``.parquet`` or delimited text.
        folder: A folder that does not exist yet.
        columns: Headings.
        known: Codes of the code list.
        employment: The file of employment, or None.
        block_size: Persons a block.

    Returns:
        The store.

    Raises:
        InputError: If the folder exists, or a file cannot be read as what it should be.
        SchemaError: If a column is not there, a cell is no code or day, an identifier stands twice, or the weeks of
            the columns do not follow one another.
        CodeListError: If a code is not known.
    """
    weeks = week_columns(pd.DataFrame(columns=read_headings(path)))
    span = Span(min(weeks), max(weeks) + 1, *((employment.first_month, employment.end_month) if employment else (0, 0)))
    with _parted(path, columns, employment, block_size) as parted:
        unused = parted.unused_rows if parted else 0
        blocks = _blocks(path, columns, list(weeks.values()), span, parted, block_size)
        return write_store(blocks, folder, known=known, block_size=block_size, unused_rows=unused)


def _parted(
    path: Path, columns: WideColumns, employment: Employment | None, block_size: int
) -> AbstractContextManager[Parted | None]:
    """Employment parted into blocks, as a context; the identifiers of the wide file are read for it."""
    if employment is None:
        return nullcontext(None)
    identifiers = (
        to_texts(table.column(columns.person_id)) for table in stream(path, [columns.person_id], [], _ROWS_AT_A_TIME)
    )
    months = (employment.first_month, employment.end_month)
    fields = stream(employment.path, ["person_id", "month"], ["hours", "earnings"], _ROWS_AT_A_TIME)
    return part_employment(fields, identifiers, months, block_size)


def _blocks(
    path: Path, columns: WideColumns, weeks: list[str], span: Span, parted: Parted | None, block_size: int
) -> Iterator[tuple[StrArray, Block]]:
    """Stretches of the file put together into blocks."""
    texts = [columns.person_id, *(name for name in (columns.birth_date, columns.entered_on, columns.left_on) if name)]
    tables = cut(stream(path, texts, weeks, max(1, _CELLS_AT_A_TIME // len(weeks))), block_size)
    for number, part in groupby(tables, key=itemgetter(0)):
        stretches = [_stretch(table, columns, weeks, span) for _, table in part]
        person_id, *persons = (np.concatenate(each) for each in list(zip(*stretches, strict=True))[:-1])
        months = parted.load(number) if parted else Months(*(np.zeros(0, dtype=np.int32),) * 4)
        pidx = np.arange(len(person_id), dtype=np.int32) + np.int32(number * block_size)
        yield person_id, Block(pidx, *persons, codes=_stack(stretches), months=months, span=span)


def _stretch(table: ArrowTable, columns: WideColumns, weeks: list[str], span: Span) -> _Stretch:
    """Identifiers, entry, exit, day of the move, birthday and runs of the persons of a few rows."""
    born, entered, left = (_days(table, name) for name in (columns.birth_date, columns.entered_on, columns.left_on))
    entry = _week_or(entered, span.first_week).clip(span.first_week, span.end_week)
    leave = np.maximum(entry, np.minimum(_week_or(left, NEVER), span.end_week)).astype(np.int32)
    runs = find_runs((_codes(table.column(name), name) for name in weeks), span.first_week, table.num_rows)
    person_id = to_texts(table.column(columns.person_id))
    return person_id, entry, leave, to_days(left), to_days(born), _within(runs, entry, leave)


def _stack(stretches: list[_Stretch]) -> Spells:
    """The runs of stretches of persons, one after the other."""
    sizes = np.array([len(person_id) for person_id, *_ in stretches])
    first = (np.cumsum(sizes) - sizes).astype(np.int32)
    runs = [spells for *_, spells in stretches]
    row = np.concatenate([each.row + at for each, at in zip(runs, first, strict=True)])
    start, end, code = (np.concatenate([getattr(each, name) for each in runs]) for name in ("start", "end", "code"))
    return Spells(row, start, end, code)


def _within(runs: Spells, entry: Int32Array, leave: Int32Array) -> Spells:
    """The weeks of runs in which the person is observed."""
    start, end = np.maximum(runs.start, entry[runs.row]), np.minimum(runs.end, leave[runs.row])
    return Spells(runs.row, start, end, runs.code).where(start < end)


def _codes(column: ArrowColumn, name: str) -> CodeArray:
    """Codes of a week, shape (n,), ``BLANK`` where the cell is empty."""
    try:
        if is_text(column):
            cells, place = distinct_cells(column)
            numbers = np.array([int(cell or BLANK) for cell in [*cells.to_numpy(), None]], dtype=np.int16)
            codes = numbers[place]
        else:
            codes = column.cast(pa.int16()).fill_null(BLANK).to_numpy().astype(np.int16, copy=False)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError, OverflowError):
        raise _no_code(name) from None
    if codes.min(initial=BLANK) < BLANK:
        raise _no_code(name)
    return codes


def _no_code(name: str) -> SchemaError:
    return column_error(_TABLE, name, "pattern", "a register code of up to three digits, or an empty cell")


def _days(table: ArrowTable, name: str | None) -> DateArray:
    """Days of a column, NaT where the cell is empty or there is no column."""
    if name is None:
        return np.full(table.num_rows, "NaT", dtype="datetime64[D]")
    try:
        return table.column(name).cast(pa.date32()).to_numpy().astype("datetime64[D]")
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise column_error(_TABLE, name, "date", "days such as 2019-12-31, or empty cells") from None


def _week_or(days: DateArray, otherwise: int) -> Int32Array:
    """Week of each day, ``otherwise`` where there is none."""
    return np.where(np.isnat(days), otherwise, weeks_of(days)).astype(np.int32)
