"""The registers of a trial as blocks in memory, so that what runs on a store runs on them; nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctieval.domain.arrays import DateArray, FloatArray, StrArray
from ctieval.domain.registers import EmploymentPanel, Registers
from ctieval.registers.kernels.block import NO_DAY, SOME, UNKNOWN, Block, Int32Array, Months, Span
from ctieval.registers.store.runs import find_runs, observed_weeks

PERSONS_A_BLOCK = 50_000


class PersonBlocks(Protocol):
    """Blocks of persons who can be found by their identifiers: a ``Store``, or the registers of a trial in memory."""

    @property
    def span(self) -> Span:
        """What the extract covers."""
        ...

    def __len__(self) -> int:
        """Return how many blocks there are."""
        ...

    def load(self, number: int) -> Block:
        """Return one block."""
        ...

    def find(self, person_id: StrArray) -> Int32Array:
        """Return the number of each person, -1 where no block holds her."""
        ...


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class HeldBlocks:
    """Blocks in memory.

    Attributes:
        person_id: Identifiers, shape (n,); their places are the numbers of the persons.
        blocks: The blocks, in the order of the persons.
        span: What the extract covers.
    """

    person_id: StrArray
    blocks: tuple[Block, ...]
    span: Span

    def __len__(self) -> int:
        return len(self.blocks)

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"HeldBlocks({len(self.person_id)} persons in {len(self)} blocks)"

    def load(self, number: int) -> Block:
        """Return one block, by its number from 0."""
        return self.blocks[number]

    def find(self, person_id: StrArray) -> Int32Array:
        """Return the number of each person, -1 where there is none; shape as ``person_id``."""
        return pd.Index(self.person_id).get_indexer(pd.Index(person_id)).astype(np.int32)


def to_blocks(registers: Registers, block_size: int = PERSONS_A_BLOCK) -> HeldBlocks:
    """Return the weeks and the employment of a trial's registers as blocks in memory.

    Hours are kept in hundredths and earnings in whole kroner, as in a store.

    Args:
        registers: The registers.
        block_size: Persons a block.
    """
    blocks = tuple(block for _, block in cut_panels(registers, block_size))
    return HeldBlocks(registers.weeks.person_id, blocks, span_of(registers))


def span_of(registers: Registers) -> Span:
    """Return what the registers of a trial cover."""
    weeks, paid = registers.weeks, registers.employment
    first_month = 0 if paid is None else paid.first_month
    end_month = first_month + (0 if paid is None else paid.hours.shape[1])
    return Span(weeks.first_week, weeks.end_week, first_month, end_month)


def cut_panels(registers: Registers, block_size: int) -> Iterator[tuple[StrArray, Block]]:
    """Cut the panels of a trial into blocks.

    Args:
        registers: The registers.
        block_size: Persons a block.

    Yields:
        Identifiers and data of each block, all but the last with ``block_size`` persons.
    """
    weeks, span = registers.weeks, span_of(registers)
    persons = registers.persons.set_index("person_id").reindex(weeks.person_id)
    birth, moved_on = (to_days(_days(persons, column)) for column in ("birth_date", "moved_on"))
    for first in range(0, len(weeks.person_id), block_size):
        part = slice(first, first + block_size)
        code, person_id = np.asfortranarray(weeks.code[part]), weeks.person_id[part]
        size = len(code)
        runs = find_runs(code.T, weeks.first_week, size)
        codes, entry, leave = observed_weeks(runs, (weeks.first_week, weeks.end_week), size)
        pidx = np.arange(first, first + size, dtype=np.int32)
        months = _months(registers.employment, person_id)
        yield person_id, Block(pidx, entry, leave, moved_on[part], birth[part], codes, months, span)


def _months(paid: EmploymentPanel | None, person_id: StrArray) -> Months:
    """Months of a block with hours or earnings, or of which that is not known."""
    if paid is None:
        none = np.zeros(0, dtype=np.int32)
        return Months(none, none, none, none)
    place = pd.Index(paid.person_id).get_indexer(pd.Index(person_id))
    hours, earnings = (_rows_of(cells, place) for cells in (paid.hours, paid.earnings))
    employed = None if paid.employed is None else _rows_of(paid.employed, place)
    if employed is not None:
        hours, earnings = (np.where(employed == 0, 0.0, cells) for cells in (hours, earnings))
    row, column = np.nonzero((hours != 0) | (earnings != 0) | (False if employed is None else employed == 1))
    hundredths = to_hundredths(hours[row, column])
    if employed is not None:
        hundredths[(employed[row, column] == 1) & (hundredths <= 0)] = SOME
    month = (column + paid.first_month).astype(np.int32)
    return Months(row.astype(np.int32), month, hundredths, to_whole(earnings[row, column]))


def _rows_of(cells: FloatArray, place: npt.NDArray[np.intp]) -> FloatArray:
    """Rows at their places; not known for a place of -1."""
    if (place >= 0).all():
        return cells[place]
    return np.pad(cells, ((0, 1), (0, 0)), constant_values=np.nan)[place]


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


def to_days(days: DateArray) -> Int32Array:
    """Return days as numbers from 1970-01-01, ``NO_DAY`` where there is none.

    Examples:
        >>> to_days(np.array(["1970-01-03"], dtype="datetime64[D]")).tolist()
        [2]
    """
    return np.where(np.isnat(days), NO_DAY, days.astype("datetime64[D]").astype(np.int64)).astype(np.int32)


def _days(persons: pd.DataFrame, column: str) -> DateArray:
    if column not in persons:
        return np.full(len(persons), "NaT", dtype="datetime64[D]")
    return persons[column].to_numpy(dtype="datetime64[D]")
