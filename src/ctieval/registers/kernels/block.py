"""A block of persons as run-length spells and months, in plain arrays; what is counted of them lives beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ctieval.domain.arrays import BoolArray, CodeArray, IntArray

Int32Array: TypeAlias = npt.NDArray[np.int32]
Table: TypeAlias = Mapping[str, npt.NDArray[np.generic]]
Sums: TypeAlias = Mapping[str, IntArray]
Result: TypeAlias = tuple[Table, Sums]

NEVER = int(np.iinfo(np.int16).max)
NO_DAY = int(np.iinfo(np.int32).max)
UNKNOWN = -1
SOME = -2
_WEEKS_OF_A_ROW = NEVER + 1


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Spells:
    """Runs of weeks, sorted by row and start; those of one row never overlap.

    Attributes:
        row: Row of the person, shape (spells,).
        start: First week, shape (spells,).
        end: Week after the last, shape (spells,).
        code: Register code or state of each run, shape (spells,).
    """

    row: Int32Array
    start: Int32Array
    end: Int32Array
    code: CodeArray

    def __len__(self) -> int:
        return len(self.row)

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Spells({len(self)} spells)"

    def where(self, kept: BoolArray) -> Spells:
        """Return the runs for which ``kept``, shape (spells,), is True."""
        place = np.flatnonzero(kept)
        return Spells(self.row[place], self.start[place], self.end[place], self.code[place])

    def of(self, rows: Int32Array) -> Spells:
        """Return the runs of some persons, found without looking at those of the others.

        Args:
            rows: Rows of the persons, ascending and distinct, shape (k,).

        Returns:
            Their runs, the rows numbered anew from 0 to k - 1.
        """
        place, row = _places(self.row, rows)
        return Spells(row, self.start[place], self.end[place], self.code[place])

    def start_keys(self) -> IntArray:
        """Return one number a run that sorts as row, then start; shape (spells,)."""
        return self.row.astype(np.int64) * _WEEKS_OF_A_ROW + self.start

    def end_keys(self) -> IntArray:
        """Return one number a run that sorts as row, then end; shape (spells,)."""
        return self.row.astype(np.int64) * _WEEKS_OF_A_ROW + self.end


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Months:
    """Paid months, sorted by row and month; a month without a row had neither hours nor earnings.

    Attributes:
        row: Row of the person, shape (rows,).
        month: Month number, shape (rows,).
        hours: Paid hours in hundredths, ``UNKNOWN`` (-1) where not known, ``SOME`` (-2) where there was paid work and
            nobody knows of how many hours, shape (rows,).
        earnings: Earnings in kroner, ``UNKNOWN`` (-1) where not known, shape (rows,).
    """

    row: Int32Array
    month: Int32Array
    hours: Int32Array
    earnings: Int32Array

    def __len__(self) -> int:
        return len(self.row)

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Months({len(self)} rows)"

    def of(self, rows: Int32Array) -> Months:
        """Return the months of some persons, found without looking at those of the others.

        Args:
            rows: Rows of the persons, ascending and distinct, shape (k,).

        Returns:
            Their months, the rows numbered anew from 0 to k - 1.
        """
        place, row = _places(self.row, rows)
        return Months(row, self.month[place], self.hours[place], self.earnings[place])


@dataclass(frozen=True, slots=True)
class Span:
    """What the extract covers as a whole.

    Attributes:
        first_week: First week.
        end_week: Week after the last.
        first_month: First month of employment.
        end_month: Month after the last; ``first_month`` where the extract holds no employment.
    """

    first_week: int
    end_week: int
    first_month: int
    end_month: int


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Block:
    """Persons with consecutive numbers, and everything known of their weeks and months.

    A person is observed in the weeks ``[entry, exit)``. A week of these without a spell is a week without a
    code; a spell with the code -1 is a hole in what is observed; every other week is not observed.

    Attributes:
        pidx: Number of each person, ascending, shape (n,).
        entry: First observed week, shape (n,).
        exit: Week after the last observed, shape (n,); equal to ``entry`` for a person never observed.
        moved_on: Day on which the person left the municipality's register, in days since 1970-01-01, ``NO_DAY`` for
            others, shape (n,).
        birth: Birthday in days since 1970-01-01, ``NO_DAY`` where not known, shape (n,).
        codes: Spells of register codes; rows count from 0 to n - 1.
        months: Months of employment; rows as in ``codes``.
        span: What the extract covers.
    """

    pidx: Int32Array
    entry: Int32Array
    exit: Int32Array
    moved_on: Int32Array
    birth: Int32Array
    codes: Spells
    months: Months
    span: Span

    def __len__(self) -> int:
        return len(self.pidx)

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Block({len(self)} persons, {self.codes!r}, {self.months!r})"

    def take(self, rows: Int32Array) -> Block:
        """Return the block of some of its persons.

        Args:
            rows: Their rows, ascending and distinct, shape (k,).
        """
        if len(rows) == len(self):
            return self
        return Block(
            pidx=self.pidx[rows],
            entry=self.entry[rows],
            exit=self.exit[rows],
            moved_on=self.moved_on[rows],
            birth=self.birth[rows],
            codes=self.codes.of(rows),
            months=self.months.of(rows),
            span=self.span,
        )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Participants:
    """The persons drawn.

    Attributes:
        pidx: Number of each, ascending and distinct, shape (n,).
        arm: Arm of each, from 0, shape (n,).
        week_zero: Week of each person's own randomisation, shape (n,).
    """

    pidx: Int32Array
    arm: Int32Array
    week_zero: Int32Array

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Participants({len(self.pidx)} persons)"

    def within(self, block: Block) -> tuple[Block, Participants]:
        """Return the part of a block that holds participants, and these participants, row by row the same.

        A person drawn whom no block holds is in no result; who was drawn but is not in the register is for the
        caller to find.
        """
        if len(block) == 0:
            return block, Participants(self.pidx[:0], self.arm[:0], self.week_zero[:0])
        ends = np.searchsorted(self.pidx, np.array([block.pidx[0], block.pidx[-1] + 1], dtype=np.int32))
        part = slice(int(ends[0]), int(ends[1]))
        rows = (self.pidx[part] - block.pidx[0]).astype(np.int32)
        return block.take(rows), Participants(self.pidx[part], self.arm[part], self.week_zero[part])


def _places(row: Int32Array, wanted: Int32Array) -> tuple[IntArray, Int32Array]:
    """Where the wanted rows stand in a sorted column of rows, and which of the wanted each is."""
    first, end = (np.searchsorted(row, wanted, side=side) for side in ("left", "right"))
    count = end - first
    place = np.arange(count.sum()) + np.repeat(first - np.cumsum(count) + count, count)
    return place, np.repeat(np.arange(len(wanted), dtype=np.int32), count)
