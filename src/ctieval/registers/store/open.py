"""A store opened: what it covers is known at once, and one block at a time is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import StrArray
from ctieval.errors import InputError
from ctieval.registers.kernels.block import NO_DAY, Block, Int32Array, Months, Participants, Span, Spells
from ctieval.registers.store.arrow import ArrowColumn
from ctieval.registers.store.invariants import check_block
from ctieval.registers.store.manifest import TABLES, Manifest, read_manifest, table_path
from ctieval.registers.weeks import weeks_of


@dataclass(frozen=True, slots=True, repr=False)
class Store:
    """A folder with a register extract, nothing of which is in memory.

    Attributes:
        folder: The folder.
        manifest: What it says of itself.
    """

    folder: Path
    manifest: Manifest

    def __len__(self) -> int:
        return len(self.manifest.blocks)

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Store({self.n_persons} persons in {len(self)} blocks)"

    @property
    def n_persons(self) -> int:
        """Return the number of persons."""
        return self.manifest.blocks[-1].end_pidx if self.manifest.blocks else 0

    @property
    def span(self) -> Span:
        """Return what the extract covers."""
        return self.manifest.span

    def load(self, number: int) -> Block:
        """Load one block, and check that it keeps the rules of a store.

        Args:
            number: Number of the block, from 0.

        Raises:
            InputError: If the block breaks a rule of the store (``check_block``).
        """
        entry = self.manifest.blocks[number]
        persons, spells, months = (self._columns(table, number) for table in TABLES)
        first = np.int32(entry.first_pidx)
        block = Block(
            pidx=persons["pidx"],
            entry=persons["entry"],
            exit=persons["exit"],
            moved_on=persons["moved_on"],
            birth=persons["birth"],
            codes=Spells(spells["pidx"] - first, spells["start"], spells["end"], spells["code"].astype(np.int16)),
            months=Months(months["pidx"] - first, months["month"], months["hours"], months["earnings"]),
            span=self.manifest.span,
        )
        check_block(block, where=f"{self.folder.name}, block {number}")
        return block

    def load_identifiers(self, number: int) -> StrArray:
        """Return the identifiers of one block, shape (n,), in the order of its persons."""
        path = table_path(self.folder, "persons", number)
        column = pq.read_table(path, columns=["person_id"]).column("person_id")
        return column.to_numpy().astype(np.object_)

    def find(self, person_id: StrArray) -> Int32Array:
        """Return the number of each person, -1 where the store does not hold her; shape as ``person_id``."""
        pidx = np.full(len(person_id), -1, dtype=np.int32)
        wanted = pd.Index(person_id, dtype=object)
        for number, entry in enumerate(self.manifest.blocks):
            place = pd.Index(self.load_identifiers(number), dtype=object).get_indexer(wanted)
            found = place >= 0
            pidx[found] = entry.first_pidx + place[found]
        return pidx

    def _columns(self, table: str, number: int) -> dict[str, Int32Array]:
        """Every column of a table of a block as 32-bit numbers."""
        path = table_path(self.folder, table, number)
        names = [name for name in pq.read_schema(path).names if name != "person_id"]
        frame: Any = pq.read_table(path, columns=names)
        return {name: _whole(frame.column(name)) for name in names}


def open_store(folder: Path) -> Store:
    """Open a store; its blocks are looked at, not read.

    Args:
        folder: The folder of the store.

    Returns:
        The store.

    Raises:
        InputError: If the folder holds no store, or one that is not whole: a file is absent, cannot be read, or has
            another number of rows than the manifest says.
    """
    manifest = read_manifest(folder)
    for number, entry in enumerate(manifest.blocks):
        for table, rows in zip(TABLES, entry.rows, strict=True):
            path = table_path(folder, table, number)
            found = _rows(path)
            if found != rows:
                raise _damaged(folder, path, f"{'no table' if found is None else f'{found} rows'}", f"{rows} rows")
    return Store(folder, manifest)


def verify_store(store: Store) -> None:
    """Read every file of a store, and compare its digest with the manifest.

    Raises:
        InputError: If a file is not the one that was written.
    """
    for number, entry in enumerate(store.manifest.blocks):
        for table, digest in zip(TABLES, entry.sha256, strict=True):
            path = table_path(store.folder, table, number)
            if to_digest(path) != digest:
                raise _damaged(store.folder, path, "another SHA-256 than in the manifest", "the file that was written")


def to_digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def find_participants(store: Store, allocation: Allocation) -> Participants:
    """Find everybody drawn in a store, sorted as the store is.

    Args:
        store: The store.
        allocation: The allocation.

    Raises:
        InputError: If somebody drawn is not in the store, or the day of a draw is not known.
    """
    pidx = store.find(allocation.person_id)
    _check_all(pidx >= 0, "somebody who was drawn is not in the store", "add the missing persons to the extract")
    known = ~np.isnat(allocation.randomised_on)
    _check_all(known, "weeks cannot be counted from a day that is not known", "give the day of the draw of everybody")
    order = np.argsort(pidx)
    week_zero = weeks_of(allocation.randomised_on).astype(np.int32)
    return Participants(pidx[order], allocation.arm.astype(np.int32)[order], week_zero[order])


def _check_all(good: np.ndarray[Any, np.dtype[np.bool_]], what: str, do: str) -> None:
    if not good.all():
        found = f"{int((~good).sum())} of {len(good)} persons without"
        raise InputError(what=what, where="the allocation", found=found, expected="every person with", do=do)


def _whole(column: ArrowColumn) -> Int32Array:
    """A column as 32-bit numbers; a day that is not known has its own number."""
    if pa.types.is_date32(column.type):
        column = column.cast(pa.int32()).fill_null(NO_DAY)
    return column.to_numpy().astype(np.int32, copy=False)


def _rows(path: Path) -> int | None:
    """Rows of a Parquet file, None where there is none that can be read."""
    try:
        return pq.read_metadata(path).num_rows
    except (OSError, ValueError):
        return None


def _damaged(folder: Path, path: Path, found: str, expected: str) -> InputError:
    return InputError(
        what="the store is not whole",
        where=f"{folder.name}/{path.parent.name}/{path.name}",
        found=found,
        expected=expected,
        do="write the store again from its extract",
    )
