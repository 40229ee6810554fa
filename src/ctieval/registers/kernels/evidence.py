"""The evidence on each week as runs: its code, the paid work of its month, and whether the person had moved by then.

A table with one cell for every evidence says what such a week is (``read``). Whatever is counted of weeks, of the
hundred persons of a trial or of a whole register, rests on such a table and on nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from ctieval.domain.arrays import CodeArray, IntArray
from ctieval.registers.kernels.block import SOME, Block, Int32Array, Months, Spells
from ctieval.registers.kernels.intervals import clip, cross, cut_at, join, tile


class Paid(IntEnum):
    """Whether an amount of a month reaches what is asked; ``SOME`` where it does, though nobody knows by how much."""

    NO = 0
    YES = 1
    NOT_KNOWN = 2
    SOME = 3


CODES = 1001
NO_CODE_KNOWN = CODES - 1
NOT_COVERED = 12
SHAPE = (CODES, NOT_COVERED + 1, 2)
"""Axes of a table of readings: the code, -1 (the last place) where it is not known; the work of the month, a place of
``HOURS`` and ``EARNINGS``, the last of them where the extract does not hold the month; 1 from a move on."""

HOURS = np.array([*np.repeat(list(Paid), 3), Paid.NOT_KNOWN])
EARNINGS = np.array([*np.tile([Paid.NO, Paid.YES, Paid.NOT_KNOWN], 4), Paid.NOT_KNOWN])
HAS_WORK = np.isin(HOURS, [Paid.YES, Paid.SOME]) | (EARNINGS == Paid.YES)
WITHOUT_WORK = (HOURS == Paid.NO) & (EARNINGS == Paid.NO)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What makes a month one with paid work.

    Attributes:
        least_hours: Paid hours in hundredths; None where hours do not count.
        least_earnings: Kroner; None where earnings do not count.
    """

    least_hours: int | None
    least_earnings: int | None


def find_evidence(block: Block, least: Thresholds, low: Int32Array, high: Int32Array) -> Spells:
    """Find the evidence on the weeks ``[low, high)`` of each person.

    Args:
        block: Persons.
        least: What makes a month one with paid work.
        low: First week of each person, shape (n,), within the extract.
        high: Week after the last of each person, shape (n,), within the extract.

    Returns:
        Runs that cover these weeks without a gap; the code of each is its place in a table of readings.

    Examples:
        >>> from ctieval.registers.kernels.block import Months, Span
        >>> one, no = np.array([0], dtype=np.int32), np.array([], dtype=np.int32)
        >>> code = Spells(one, one + 3, one + 5, np.array([730], dtype=np.int16))
        >>> person = Block(one, one, one + 9, one + 99, one, code, Months(no, no, no, no), Span(0, 9, 0, 12))
        >>> found = find_evidence(person, Thresholds(1, 1), one, one + 9)
        >>> [tuple(int(place) for place in np.unravel_index(cell, SHAPE)) for cell in found.code]
        [(0, 0, 0), (730, 0, 0), (0, 0, 0)]
    """
    both = cross(_codes(block, low, high), _works(block, least, low, high), SHAPE[1])
    runs, moved = cut_at(both, _move_weeks(block))
    return Spells(runs.row, runs.start, runs.end, 2 * runs.code + moved)


def read(evidence: Spells, table: CodeArray, left_out: int | None = None) -> Spells:
    """Read the evidence by a table.

    Args:
        evidence: Runs of evidence.
        table: What a week with each evidence is, ``SHAPE``.
        left_out: A reading whose weeks are in no run, or None.

    Returns:
        Runs of readings, as long as they can be.
    """
    code = table.reshape(-1)[evidence.code]
    runs = Spells(evidence.row, evidence.start, evidence.end, code)
    return join(runs if left_out is None else runs.where(code != left_out))


def month_starts(months: IntArray) -> Int32Array:
    """Return the first week whose Thursday lies in each month.

    Examples:
        >>> month_starts(np.array([578])).tolist()
        [2513]
    """
    days = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return (-(-days // 7)).astype(np.int32)


def _codes(block: Block, low: Int32Array, high: Int32Array) -> Spells:
    """Runs of codes: 0 where blank, and a place of its own where not observed."""
    entry, leave = np.clip(block.entry, low, high), np.clip(block.exit, low, high)
    seen = tile(clip(block.codes, low, high), entry, leave, fill=0)
    if (entry > low).any() or (leave < high).any():
        seen = tile(seen, low, high, fill=NO_CODE_KNOWN)
    return Spells(seen.row, seen.start, seen.end, np.where(seen.code < 0, np.int16(NO_CODE_KNOWN), seen.code))


def _works(block: Block, least: Thresholds, low: Int32Array, high: Int32Array) -> Spells:
    """Runs of the work of each week's month."""
    span, months = block.span, block.months
    hours, earnings = _paid(months.hours, least.least_hours), _paid(months.earnings, least.least_earnings)
    work = 3 * hours + earnings
    first_of = month_starts(np.arange(span.first_month, span.end_month + 1))
    runs = _stretches(months, work, span.first_month, first_of)
    since, until = (np.clip(edge, low, high) for edge in first_of[[0, -1]])
    covered = tile(clip(runs, since, until), since, until, fill=0)
    if np.array_equal(since, low) and np.array_equal(until, high):
        return covered
    return tile(covered, low, high, fill=NOT_COVERED)


def _stretches(months: Months, work: CodeArray, first_month: int, first_of: Int32Array) -> Spells:
    """Runs of months that follow one another with the same work, none for those without."""
    goes_on = np.zeros(len(months) + 1, dtype=np.bool_)
    goes_on[1:-1] = (months.row[1:] == months.row[:-1]) & (np.diff(months.month) == 1) & (work[1:] == work[:-1])
    begins, ends = (np.flatnonzero((work > 0) & ~on) for on in (goes_on[:-1], goes_on[1:]))
    start, end = first_of[months.month[begins] - first_month], first_of[months.month[ends] - first_month + 1]
    return Spells(months.row[begins], start, end, work[begins])


def _paid(amount: Int32Array, least: int | None) -> npt.NDArray[np.int8]:
    """``Paid`` of each amount; where it does not count, it is never reached."""
    if least is None:
        return np.zeros(len(amount), dtype=np.int8)
    paid = (amount >= least).astype(np.int8)
    unknown = np.flatnonzero(amount < 0)
    some = np.int8(Paid.SOME if least == 1 else Paid.NOT_KNOWN)
    paid[unknown] = np.where(amount[unknown] == SOME, some, np.int8(Paid.NOT_KNOWN))
    return paid


def _move_weeks(block: Block) -> Int32Array:
    """Week of each person's move, far ahead for those who stayed."""
    return (block.moved_on // 7 + (block.moved_on % 7 > 3)).astype(np.int32)
