"""What the blocks gave, put together: tables one after the other, sums added, or tables written out one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from ctieval.domain.arrays import IntArray
from ctieval.registers.kernels.block import Block, Result, Sums, Table
from ctieval.registers.store.write import make_folder

Kernel: TypeAlias = Callable[[Block, Any], Result]


class Blocks(Protocol):
    """Blocks that can be loaded one at a time, by number; a ``Store`` is such."""

    def __len__(self) -> int:
        """Return how many blocks there are."""
        ...

    def load(self, number: int) -> Block:
        """Return one block."""
        ...


def combine(results: Iterable[Result]) -> Result:
    """Put the tables one after the other, and add the sums; one table at a time is in memory beside the whole.

    Args:
        results: What each block gave, in the order of the blocks; at least one.

    Examples:
        >>> one = ({"pidx": np.array([0])}, {"n": np.array([1])})
        >>> two = ({"pidx": np.array([1])}, {"n": np.array([4])})
        >>> table, sums = combine([one, two])
        >>> table["pidx"].tolist(), sums["n"].tolist()
        ([0, 1], [5])
    """
    held: dict[str, npt.NDArray[np.generic]] = {}
    sums: dict[str, IntArray] = {}
    for table, part in results:
        for name, array in table.items():
            held[name] = _append(held[name], array) if name in held else array.copy()
        _add(sums, part)
    return held, sums


def write_tables(results: Iterable[Result], folder: Path) -> Sums:
    """Write each table to a Parquet file of its own and keep the sums alone, so that memory does not grow.

    Args:
        results: What each block gave.
        folder: A folder that does not exist yet; it gets ``block-00000.parquet`` and so on.

    Returns:
        The sums over all blocks.

    Raises:
        InputError: If the folder exists.
    """
    make_folder(folder, "tables are never written over others")
    sums: dict[str, IntArray] = {}
    for number, (table, part) in enumerate(results):
        pq.write_table(pa.table(to_columns(table)), folder / f"block-{number:05d}.parquet", compression="zstd")
        _add(sums, part)
    return sums


def to_columns(table: Table) -> dict[str, npt.NDArray[np.generic]]:
    """Return a table with one axis an array: a column a cell of those with more, such as ``weeks_0_3``.

    Examples:
        >>> list(to_columns({"weeks": np.zeros((5, 2, 2), dtype=np.int32)}))
        ['weeks_0_0', 'weeks_0_1', 'weeks_1_0', 'weeks_1_1']
    """
    return {
        "_".join([name, *map(str, cell)]): np.ascontiguousarray(array[(slice(None), *cell)])
        for name, array in table.items()
        for cell in np.ndindex(array.shape[1:])
    }


def _append(held: npt.NDArray[np.generic], array: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    """The rows held, which grow where they stand, and those of one array more: the whole is never there twice."""
    n = len(held)
    held.resize((n + len(array), *held.shape[1:]), refcheck=False)
    held[n:] = array
    return held


def _add(sums: dict[str, IntArray], part: Sums) -> None:
    for name, array in part.items():
        sums[name] = sums[name] + array if name in sums else array
