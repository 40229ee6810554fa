"""What the plan of a trial counts of the persons drawn, in one pass over a block; what it means is said elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, assert_never

import numpy as np

from ctieval.domain.arrays import CodeArray, FloatArray
from ctieval.domain.window import Window
from ctieval.registers.kernels.amounts import Monthly, sum_months
from ctieval.registers.kernels.block import Block, Int32Array, Participants, Result, Spells
from ctieval.registers.kernels.evidence import Thresholds, find_evidence, read
from ctieval.registers.kernels.first_spell import FirstSpell, find_first_spell
from ctieval.registers.kernels.intervals import clip, tile
from ctieval.registers.kernels.payments import Payments, sum_paid
from ctieval.registers.kernels.windows import weeks_of_window

COUNTED = 1


@dataclass(frozen=True, slots=True)
class CountWeeks:
    """Weeks with the reading ``COUNTED``."""

    window: Window


@dataclass(frozen=True, slots=True)
class CountChanges:
    """Weeks that read otherwise than the week before, both in the window.

    Attributes:
        window: The weeks.
        silent: A reading that nobody changes into.
    """

    window: Window
    silent: int


@dataclass(frozen=True, slots=True)
class SumMonths:
    """Share of the months that falls into the weeks with the reading ``COUNTED``, in twentieths."""

    window: Window
    amount: Monthly


@dataclass(frozen=True, slots=True)
class SumPayments:
    """Kroner paid."""

    window: Window


Count: TypeAlias = CountWeeks | FirstSpell | CountChanges | SumMonths | SumPayments


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing to count.

    Attributes:
        reading: Number of its table of readings.
        needed: Weeks that must all be known, from randomisation; they hold the window of the count.
        count: What is counted.
    """

    reading: int
    needed: Window
    count: Count


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Questions:
    """What is counted of whom.

    Attributes:
        drawn: The persons drawn.
        readings: Tables of readings (``evidence.SHAPE``): 0 or more where a week is known, else the negative of why
            it is not.
        beyond: Reading of a week that the extract does not reach.
        asked: What is counted.
        payments: What was paid, or None where nothing of that is asked.
    """

    drawn: Participants
    readings: tuple[CodeArray, ...]
    beyond: int
    asked: tuple[Asked, ...]
    payments: Payments | None = None

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Questions({len(self.asked)} about {self.drawn!r})"


ANY_AMOUNT = Thresholds(least_hours=1, least_earnings=1)
"""A month has paid work if it has any: whoever is paid for an hour has worked it."""


def measure(block: Block, questions: Questions) -> Result:
    """Count what is asked of the persons drawn of one block.

    Args:
        block: Persons.
        questions: What is counted of whom.

    Returns:
        A table with a row a person: ``pidx``; ``value``, shape (n, k), what was counted, or for a first spell its
        first week from randomisation, ``NEVER`` where there is none; ``unknown``, shape (n, k), the reading of the
        first needed week that is not known, 0 where all are. There are no sums.
    """
    part, drawn = questions.drawn.within(block)
    evidence = find_evidence(part, ANY_AMOUNT, *_weeks_asked(part, drawn.week_zero, questions.asked))
    runs = [read(evidence, table) for table in questions.readings]
    value = np.zeros((len(part), len(questions.asked)), dtype=np.float64)
    unknown = np.zeros(value.shape, dtype=np.int8)
    for number, asked in enumerate(questions.asked):
        near = clip(runs[asked.reading], *weeks_of_window(drawn.week_zero, asked.needed))
        unknown[:, number] = _first_unknown(near, drawn.week_zero, asked.needed, questions.beyond)
        value[:, number] = _count(near, part, drawn, asked.count, questions.payments)
    return {"pidx": part.pidx, "value": value, "unknown": unknown}, {}


def _weeks_asked(block: Block, week_zero: Int32Array, asked: tuple[Asked, ...]) -> tuple[Int32Array, Int32Array]:
    """The weeks of each person from the first to the last that anything needs, as far as the extract reaches."""
    start = min((each.needed.start for each in asked), default=0)
    end = max((each.needed.end for each in asked), default=0)
    low, high = weeks_of_window(week_zero, Window(start, end))
    return low.clip(block.span.first_week, block.span.end_week), high.clip(block.span.first_week, block.span.end_week)


def _first_unknown(near: Spells, week_zero: Int32Array, needed: Window, beyond: int) -> CodeArray:
    """Reading of the first week of each person that is not known, 0 where all are, shape (n,)."""
    whole = tile(near, *weeks_of_window(week_zero, needed), fill=beyond)
    lost = np.flatnonzero(whole.code < 0)[::-1]
    first = np.zeros(len(week_zero), dtype=np.int16)
    first[whole.row[lost]] = whole.code[lost]
    return first


def _count(near: Spells, block: Block, drawn: Participants, count: Count, payments: Payments | None) -> FloatArray:
    n, zero = len(block), drawn.week_zero
    match count:
        case CountWeeks(window):
            runs = clip(near.where(near.code == COUNTED), *weeks_of_window(zero, window))
            return np.bincount(runs.row, weights=runs.end - runs.start, minlength=n).astype(np.float64)
        case FirstSpell():
            return find_first_spell(near, zero, count)[:, 0].astype(np.float64)
        case CountChanges(window, silent):
            low, high = weeks_of_window(zero, window)
            begins = (near.start > low[near.row]) & (near.start < high[near.row])
            changes = near.where(begins & (near.code != silent))
            return np.bincount(changes.row, minlength=n).astype(np.float64)
        case SumMonths(window, amount):
            counted = clip(near.where(near.code == COUNTED), *weeks_of_window(zero, window))
            return sum_months(counted, block.months, amount, n).astype(np.float64)
        case SumPayments(window):
            return sum_paid(block, drawn, window, payments) if payments else np.full(n, np.nan)
        case _:
            assert_never(count)
