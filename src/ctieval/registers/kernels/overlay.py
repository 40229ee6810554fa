"""The state of each person and week as runs: codes above, paid months below; the hierarchy comes in as numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import BoolArray, CodeArray, IntArray
from ctieval.registers.kernels.block import UNKNOWN, Block, Int32Array, Result, Spells
from ctieval.registers.kernels.intervals import clip, join, lay, tile, together


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class StateRules:
    """Numbers of the states, and what puts a week into which.

    A code whose state is ``undecided`` is decided by the month of its week's Thursday, as the blank week is.

    Attributes:
        of_code: State by code, shape (1001,); that of a code in no list is ``not_observed``.
        working: State of such a week in a month with work.
        not_working: State in a month known to be without.
        undecided: State in a month of which that is not known.
        not_observed: Stands for weeks that are not observed; they are in no run.
        moved: State of a week not observed from the person's move on.
        undecided_moved: State of an undecided week from the person's move on.
        least_hours: Paid hours, in hundredths, that make a month one with work; None where hours do not count.
        least_earnings: Kroner that make a month one with work; None where earnings do not count.
    """

    of_code: CodeArray
    working: int
    not_working: int
    undecided: int
    not_observed: int
    moved: int
    undecided_moved: int
    least_hours: int | None
    least_earnings: int | None

    @property
    def n_states(self) -> int:
        """Return how many numbers the states take, from 0 on."""
        named = (self.working, self.not_working, self.undecided, self.not_observed, self.moved, self.undecided_moved)
        return max(int(self.of_code.max()), *named) + 1

    def __repr__(self) -> str:
        """Name the size."""
        return f"StateRules({self.n_states} states)"


def overlay(block: Block, rules: StateRules) -> Spells:
    """Lay the codes over the paid months.

    The first that holds: a week not observed is in no run, or *moved* from the week of the move on; a week with a
    code is in the state of that code; any other week is decided by the month of its Thursday. A month is with work
    if hours or earnings reach what is asked; if neither does and one is not known, the month is undecided, and the
    week is in a state of its own from the move on.

    Args:
        block: Persons, with spells of codes and paid months.
        rules: Numbers of the states and thresholds.

    Returns:
        Runs of states, as long as they can be; a week in no run is not observed.

    Examples:
        >>> from ctieval.registers.kernels.block import Months, Span
        >>> one, no = np.array([0], dtype=np.int32), np.array([], dtype=np.int32)
        >>> code = Spells(one, one + 3, one + 5, np.array([730], dtype=np.int16))
        >>> person = Block(one, one, one + 9, one + 99, one, code, Months(no, no, no, no), Span(0, 9, 0, 12))
        >>> of_code = np.zeros(1001, dtype=np.int16)
        >>> of_code[[0, 730]] = 5, 2
        >>> states = overlay(person, StateRules(of_code, 3, 4, 5, 0, 1, 6, least_hours=1, least_earnings=1))
        >>> list(zip(states.start.tolist(), states.end.tolist(), states.code.tolist()))
        [(0, 3, 4), (3, 5, 2), (5, 9, 4)]
    """
    hole = rules.n_states
    codes = tile(block.codes, block.entry, block.exit, fill=0)
    state = np.append(rules.of_code[:-1], hole).astype(np.int16)[codes.code]
    above = Spells(codes.row, codes.start, codes.end, state)
    runs = lay(above, _work(block, rules), seen=state == rules.undecided)
    gone = _move_weeks(block) < block.span.end_week
    if gone.any():
        runs = together(runs.where(~gone[runs.row]), _around_the_move(runs, block, rules, gone))
    return join(runs.where((runs.code != rules.not_observed) & (runs.code != hole)))


def states(block: Block, rules: StateRules) -> Result:
    """Return the runs of states of a block as a table (``pidx``, ``start``, ``end``, ``state``), without sums.

    Args:
        block: Persons.
        rules: Numbers of the states and thresholds.
    """
    runs = overlay(block, rules)
    return {"pidx": block.pidx[runs.row], "start": runs.start, "end": runs.end, "state": runs.code}, {}


def month_starts(months: IntArray) -> Int32Array:
    """Return the first week whose Thursday lies in each month.

    Examples:
        >>> month_starts(np.array([578])).tolist()
        [2513]
    """
    days = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return (-(-days // 7)).astype(np.int32)


def _work(block: Block, rules: StateRules) -> Spells:
    """Whether each week's month is one with work, for every week of the extract."""
    span, months = block.span, block.months
    yes, no = _reaches(months.hours, rules.least_hours), _reaches(months.earnings, rules.least_earnings)
    work = np.where(yes[0] | no[0], rules.working, np.where(yes[1] | no[1], rules.undecided, rules.not_working))
    kept = work != rules.not_working
    first_of = month_starts(np.arange(span.first_month, span.end_month + 1))
    place = months.month[kept] - np.int32(span.first_month)
    runs = join(Spells(months.row[kept], first_of[place], first_of[place + 1], work[kept].astype(np.int16)))
    n = len(block)
    low, high = np.clip(first_of[[0, -1]], span.first_week, span.end_week).tolist()
    known = tile(clip(runs, low, high), _all(n, low), _all(n, high), fill=rules.not_working)
    if (low, high) == (span.first_week, span.end_week):
        return known
    return tile(known, _all(n, span.first_week), _all(n, span.end_week), fill=rules.undecided)


def _reaches(amount: Int32Array, least: int | None) -> tuple[BoolArray, BoolArray]:
    """Whether an amount reaches the threshold, and whether it is not known."""
    if least is None:
        nowhere = np.zeros(len(amount), dtype=np.bool_)
        return nowhere, nowhere
    return amount >= least, amount == UNKNOWN


def _around_the_move(runs: Spells, block: Block, rules: StateRules, gone: BoolArray) -> Spells:
    """The runs of those who moved, holes filled, cut in two at the move; what is not known has a reason after it."""
    n, end, hole = len(block), block.span.end_week, rules.n_states
    low = np.where(gone, block.span.first_week, end).astype(np.int32)
    theirs = tile(runs.where(gone[runs.row]), low, _all(n, end), fill=hole)
    move = _move_weeks(block)[theirs.row]
    before = Spells(theirs.row, theirs.start, np.minimum(theirs.end, move), theirs.code)
    from_then_on = np.arange(hole + 1, dtype=np.int16)
    from_then_on[[hole, rules.undecided]] = rules.moved, rules.undecided_moved
    after = Spells(theirs.row, np.maximum(theirs.start, move), theirs.end, from_then_on[theirs.code])
    return together(*(part.where(part.start < part.end) for part in (before, after)))


def _move_weeks(block: Block) -> Int32Array:
    """Week of each person's move, far ahead for those who stayed."""
    return (block.moved_on // 7 + (block.moved_on % 7 > 3)).astype(np.int32)


def _all(n: int, week: int) -> Int32Array:
    return np.full(n, week, dtype=np.int32)
