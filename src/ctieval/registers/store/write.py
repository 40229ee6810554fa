"""Blocks written to a store, one file a table and block, and the panels of a trial cut into such blocks."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ctieval.domain.arrays import StrArray
from ctieval.domain.registers import Registers
from ctieval.errors import InputError, SchemaError
from ctieval.registers.kernels.block import NO_DAY, Block, Int32Array, Span
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
from ctieval.registers.store.panels import PERSONS_A_BLOCK, cut_panels


def write_store(
    blocks: Iterable[tuple[StrArray, Block]], folder: Path, *, known: Collection[int], block_size: int, unused_rows: int
) -> Store:
    """Write blocks to a new store; the manifest comes last, so that a store broken off is none.

    What Arrow keeps of a block for later is given back before the next, so that memory does not grow.

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
    make_folder(folder, "a store is never written over another")
    for table in TABLES:
        (folder / table).mkdir()
    entries: list[BlockEntry] = []
    hashes: list[np.ndarray[tuple[int], np.dtype[np.uint64]]] = []
    span = Span(0, 0, 0, 0)
    for number, (person_id, block) in enumerate(blocks):
        where, span = f"{folder.name}, block {number}", block.span
        check_block(block, where=where)
        check_codes(block, known, where=where)
        hashes.append(pd.util.hash_array(person_id))
        entries.append(_write_block(person_id, block, folder, number))
        pa.default_memory_pool().release_unused()
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
    blocks = cut_panels(registers, block_size)
    return write_store(blocks, folder, known=known, block_size=block_size, unused_rows=0)


def make_folder(folder: Path, what: str) -> None:
    """Make a folder that does not exist yet.

    Args:
        folder: The folder.
        what: What is never written over, as the error says it.

    Raises:
        InputError: If it exists.
    """
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise InputError(
            what=what,
            where=folder.name,
            found="a folder of that name",
            expected="no such folder",
            do="name a new folder",
        ) from None


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
