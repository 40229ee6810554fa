"""A long file of employment in any order, parted into the blocks of a store on disk and summed there."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from ctieval.domain.arrays import IntArray, StrArray
from ctieval.errors import SchemaError
from ctieval.registers.kernels.block import UNKNOWN, Int32Array, Months
from ctieval.registers.store.arrow import ArrowColumn, ArrowTable, distinct_cells, is_text, to_numbers, to_texts
from ctieval.registers.store.panels import to_hundredths, to_whole
from ctieval.registers.weeks import months_of

_MONTHS_OF_A_ROW = 1 << 15
_COLUMNS = 4


@dataclass(frozen=True, slots=True)
class Parted:
    """Rows of employment, in one file a block.

    Attributes:
        folder: Where the files are.
        block_size: Persons a block.
        unused_rows: Rows about persons or months that no block holds.
    """

    folder: Path
    block_size: int
    unused_rows: int

    def load(self, number: int) -> Months:
        """Return the months of one block, sorted, the jobs of a month added."""
        path = _path(self.folder, number)
        cells = np.fromfile(path, dtype=np.int32) if path.exists() else np.zeros(0, dtype=np.int32)
        pidx, month, hours, earnings = cells.reshape(-1, _COLUMNS).T
        return _sum_jobs(pidx - np.int32(number * self.block_size), month, hours, earnings)


@contextmanager
def part_employment(
    tables: Iterable[ArrowTable], identifiers: Iterable[StrArray], months: tuple[int, int], block_size: int
) -> Generator[Parted]:
    """Part rows of employment into one temporary file a block, which live as long as the context.

    Args:
        tables: Arrow tables with ``person_id``, ``month``, ``hours`` and ``earnings``.
        identifiers: Identifiers of the persons, in the order of the store.
        months: First month, and month after the last, that the file covers.
        block_size: Persons a block.

    Yields:
        The rows by block.

    Raises:
        SchemaError: If a month is none.
    """
    hashes = np.concatenate([pd.util.hash_array(part) for part in identifiers])
    order = np.argsort(hashes)
    known = hashes[order]
    unused = 0
    with TemporaryDirectory() as folder:
        for table in tables:
            pidx = _find(table.column("person_id"), known, order)
            month = _months(table.column("month"))
            kept = (pidx >= 0) & (month >= months[0]) & (month < months[1])
            unused += int(np.count_nonzero(~kept))
            hours, earnings = (to_numbers(table.column(name))[kept] for name in ("hours", "earnings"))
            cells = np.stack([pidx[kept], month[kept], to_hundredths(hours), to_whole(earnings)], axis=1)
            _append(cells, block_size, Path(folder))
        yield Parted(Path(folder), block_size, unused)


def _append(cells: Int32Array, block_size: int, folder: Path) -> None:
    """Append rows to the files of their blocks, each opened for that alone: a register has more than may be open."""
    block = cells[:, 0] // block_size
    order = np.argsort(block, kind="stable")
    ends = np.flatnonzero(np.diff(block[order])) + 1
    for rows in np.split(order, ends) if len(order) else ():
        with _path(folder, int(block[rows[0]])).open("ab") as file:
            cells[rows].tofile(file)


def _path(folder: Path, number: int) -> Path:
    return folder / f"{number}.int32"


def _sum_jobs(row: Int32Array, month: Int32Array, hours: Int32Array, earnings: Int32Array) -> Months:
    """One row a person and month; what is not known of one job is not known of the month."""
    keys = row.astype(np.int64) * _MONTHS_OF_A_ROW + month
    if np.all(keys[1:] > keys[:-1]):
        return Months(row, month, hours, earnings)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    first = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    totals = (_total(amount[order], first) for amount in (hours, earnings))
    return Months(row[order][first], month[order][first], *totals)


def _total(amount: Int32Array, first: IntArray) -> Int32Array:
    known = np.minimum.reduceat(amount, first) > UNKNOWN
    return np.where(known, np.add.reduceat(amount, first, dtype=np.int64), UNKNOWN).astype(np.int32)


def _find(column: ArrowColumn, known: npt.NDArray[np.uint64], order: IntArray) -> Int32Array:
    """Number of each row's person, -1 where no block holds her."""
    cells, row = distinct_cells(column)
    hashes = pd.util.hash_array(to_texts(cells))
    place = np.searchsorted(known, hashes).clip(0, len(known) - 1)
    pidx = np.where(known[place] == hashes, order[place], -1).astype(np.int32)
    return np.append(pidx, np.int32(-1))[row]


def _months(column: ArrowColumn) -> Int32Array:
    """Month number of each row, from texts or days."""
    cells, row = distinct_cells(column)
    try:
        days = to_texts(cells).astype("U10") if is_text(cells) else cells.cast(pa.date32()).to_numpy()
        months = days.astype("datetime64[M]")
    except (ValueError, pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise _month_error() from None
    if np.isnat(months).any() or row.min(initial=0) < 0:
        raise _month_error()
    return months_of(months).astype(np.int32)[row]


def _month_error() -> SchemaError:
    return SchemaError(
        table="employment",
        column="month",
        rule="month",
        n_rows=0,
        first_row=None,
        expected="a month such as 2018-03, or a day of it, in every row",
        do="correct the column in the extract",
    )
