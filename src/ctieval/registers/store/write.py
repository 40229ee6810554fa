"""Blocks written to a store, one file a table and block, and the panels of a trial cut into such blocks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ctieval.domain.arrays import DateArray, FloatArray, StrArray
from ctieval.domain.registers import EmploymentPanel, Registers
from ctieval.errors import InputError, SchemaError
from ctieval.registers.kernels.block import NO_DAY, UNKNOWN, Block, Int32Array, Months, Span
from ctieval.registers.store.arrow import ArrowColumn
from ctieval.registers.store.invariants import check_block, check_codes
from ctieval.registers.store.manifest import (
    SCHEMA_VERSION,
    TABLES,
    BlockEntry,
    Manifest,
    table_path,
    write_manifest,
)
from ctieval.registers.store.open import Store, open_store, to_digest
from ctieval.registers.store.runs import find_runs, observed_weeks

PERSONS_A_BLOCK = 50_000


def write_store(
    blocks: Iterable[tuple[StrArray, Block]], folder: Path, *, known: Collection[int], block_size: int, unused_rows: int
) -> Store:
    """Write blocks to a new store; the manifest comes last, so that a store broken off is none.

    Args:
        blocks: Identifiers and data of each block, all but the last with ``block_size`` persons; at least one.
        folder: A folder that does not exist yet.
        known: Codes of the code list.
        block_size: Persons a block.
        unused_rows: Rows of employment that are in no block.

    Returns:
        The store.

    Raises:
        InputError: If the folder exists, or a block breaks a rule of the store.
        CodeListError: If a code is not known.
        SchemaError: If an identifier stands twice.
    """
    make_folder(folder)
    entries: list[BlockEntry] = []
    hashes: list[np.ndarray[tuple[int], np.dtype[np.uint64]]] = []
    span = Span(0, 0, 0, 0)
    for number, (person_id, block) in enumerate(blocks):
        where, span = f"{folder.name}, block {number}", block.span
        check_block(block, where=where)
        check_codes(block, known, where=where)
        hashes.append(pd.util.hash_array(person_id))
        entries.append(_write_block(person_id, block, folder, number))
    _check_distinct(np.concatenate(hashes))
    write_manifest(Manifest(SCHEMA_VERSION, block_size, span, tuple(entries), unused_rows), folder)
    return open_store(folder)


def write_registers(
    registers: Registers, folder: Path, *, known: Collection[int], block_size: int = PERSONS_A_BLOCK
) -> Store:
    """Write the weeks and the employment of a trial's registers to a new store.

    Hours are kept in hundredths and earnings in whole kroner, rounded; what is positive stays positive.

    Args:
        registers: The registers.
        folder: A folder that does not exist yet.
        known: Codes of the code list.
        block_size: Persons a block.

    Returns:
        The store.

    Raises:
        InputError: If the folder exists.
        CodeListError: If a code is not known.
    """
    blocks = _cut(registers, block_size)
    return write_store(blocks, folder, known=known, block_size=block_size, unused_rows=0)


def make_folder(folder: Path) -> None:
    """Make the folder of a new store.

    Raises:
        InputError: If it exists.
    """
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise InputError(
            what="a store is never written over another",
            where=folder.name,
            found="a folder of that name",
            expected="no such folder",
            do="name a new folder",
        ) from None
    for table in TABLES:
        (folder / table).mkdir()


def _write_block(person_id: StrArray, block: Block, folder: Path, number: int) -> BlockEntry:
    """Write the three tables of a block."""
    codes, months, pidx = block.codes, block.months, block.pidx
    dates = {name: _dates(days) for name, days in (("moved_on", block.moved_on), ("birth", block.birth))}
    persons = {"pidx": pidx, "person_id": pa.array(person_id, pa.string()), **_short(block), **dates}
    spells = {"pidx": pidx[codes.row], "start": codes.start, "end": codes.end}
    spells = {name: column.astype(np.int16) if name != "pidx" else column for name, column in spells.items()}
    paid = {"pidx": pidx[months.row], "month": months.month.astype(np.int16)}
    tables = (persons, {**spells, "code": codes.code}, {**paid, "hours": months.hours, "earnings": months.earnings})
    paths = [table_path(folder, table, number) for table in TABLES]
    for path, columns in zip(paths, tables, strict=True):
        pq.write_table(pa.table(columns), path, compression="zstd")
    rows = (len(block), len(codes), len(months))
    first = int(pidx[0])
    return BlockEntry(first, first + len(block), rows, tuple(to_digest(path) for path in paths))


def _short(block: Block) -> dict[str, np.ndarray[tuple[int], np.dtype[np.int16]]]:
    return {name: getattr(block, name).astype(np.int16) for name in ("entry", "exit")}


def _dates(days: Int32Array) -> ArrowColumn:
    """Days as dates, empty where there is none."""
    return pa.array(days, mask=days == NO_DAY).cast(pa.date32())


def _check_distinct(hashes: np.ndarray[tuple[int], np.dtype[np.uint64]]) -> None:
    """Refuse an identifier that stands twice; 64 bits of each are kept, so 8 bytes a person."""
    twice = len(hashes) - len(np.unique(hashes))
    if twice:
        raise SchemaError(
            table="persons",
            column="person_id",
            rule="unique",
            n_rows=twice,
            first_row=None,
            expected="one row a person",
            do="put the weeks of each person into one row",
        )


def _cut(registers: Registers, block_size: int) -> Iterator[tuple[StrArray, Block]]:
    """The registers as blocks."""
    weeks, n = registers.weeks, len(registers.weeks.person_id)
    persons = registers.persons.set_index("person_id").reindex(weeks.person_id)
    birth, moved_on = (to_days(_days(persons, column)) for column in ("birth_date", "moved_on"))
    paid = registers.employment
    first_month = 0 if paid is None else paid.first_month
    end_month = first_month + (0 if paid is None else paid.hours.shape[1])
    span = Span(weeks.first_week, weeks.end_week, first_month, end_month)
    for first in range(0, n, block_size):
        part = slice(first, min(first + block_size, n))
        code = np.asfortranarray(weeks.code[part])
        size = len(code)
        runs = find_runs(code.T, weeks.first_week, size)
        codes, entry, leave = observed_weeks(runs, (weeks.first_week, weeks.end_week), size)
        pidx = np.arange(first, first + size, dtype=np.int32)
        months = _months(paid, weeks.person_id[part])
        yield weeks.person_id[part], Block(pidx, entry, leave, moved_on[part], birth[part], codes, months, span)


def _months(paid: EmploymentPanel | None, person_id: StrArray) -> Months:
    """Months of a block with hours or earnings, or of which that is not known."""
    if paid is None:
        none = np.zeros(0, dtype=np.int32)
        return Months(none, none, none, none)
    place = pd.Index(paid.person_id).get_indexer(pd.Index(person_id))
    hours, earnings = (
        np.pad(cells, ((0, 1), (0, 0)), constant_values=np.nan)[place] for cells in (paid.hours, paid.earnings)
    )
    row, column = np.nonzero((hours != 0) | (earnings != 0))
    amounts = to_hundredths(hours[row, column]), to_whole(earnings[row, column])
    return Months(row.astype(np.int32), (column + paid.first_month).astype(np.int32), *amounts)


def to_hundredths(hours: FloatArray) -> Int32Array:
    """Return hours in hundredths: rounded, but what is positive stays positive; -1 where not known.

    Examples:
        >>> to_hundredths(np.array([37.0, 0.001, 0.0, np.nan])).tolist()
        [3700, 1, 0, -1]
    """
    return to_whole(100 * hours)


def to_whole(amount: FloatArray) -> Int32Array:
    """Return whole amounts: rounded, but what is positive stays positive; -1 where not known.

    Examples:
        >>> to_whole(np.array([12.4, 0.2, np.nan])).tolist()
        [12, 1, -1]
    """
    rounded = np.maximum(np.rint(amount), amount > 0)
    return np.where(np.isnan(amount), UNKNOWN, rounded).astype(np.int32)


def _days(persons: pd.DataFrame, column: str) -> DateArray:
    if column not in persons:
        return np.full(len(persons), "NaT", dtype="datetime64[D]")
    return persons[column].to_numpy(dtype="datetime64[D]")


def to_days(days: DateArray) -> Int32Array:
    """Return days as numbers from 1970-01-01, ``NO_DAY`` where there is none.

    Examples:
        >>> to_days(np.array(["1970-01-03"], dtype="datetime64[D]")).tolist()
        [2]
    """
    return np.where(np.isnat(days), NO_DAY, days.astype("datetime64[D]").astype(np.int64)).astype(np.int32)
