"""The state of each person and week as runs: codes above, paid months below; the hierarchy comes in as numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import CodeArray
from ctieval.registers.kernels.block import Block, Int32Array, Result, Spells
from ctieval.registers.kernels.evidence import HAS_WORK, SHAPE, WITHOUT_WORK, Thresholds, find_evidence, read


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

    @property
    def table(self) -> CodeArray:
        """The state of a week with each evidence, of the shape ``evidence.SHAPE``.

        The first that holds: a week whose code is not known is not observed, or *moved* from the move on; a week
        with a code is in the state of that code; any other is decided by its month. A month is with work if hours
        or earnings reach what is asked; if neither does and one is not known, the week is undecided, and in a
        state of its own from the move on.
        """
        table = np.repeat(self.of_code, SHAPE[1] * SHAPE[2]).reshape(SHAPE)
        decided = np.where(HAS_WORK, self.working, np.where(WITHOUT_WORK, self.not_working, self.undecided))
        table[self.of_code == self.undecided] = decided[:, None]
        after = table[..., 1]
        after[after == self.undecided] = self.undecided_moved
        table[-1] = self.not_observed, self.moved
        return table

    def __repr__(self) -> str:
        """Name the size."""
        return f"StateRules({self.n_states} states)"


def overlay(block: Block, rules: StateRules, since: Int32Array | None = None) -> Spells:
    """Lay the codes over the paid months, by the hierarchy of ``StateRules.table``.

    Args:
        block: Persons, with spells of codes and paid months.
        rules: Numbers of the states and thresholds.
        since: First week asked for of each person, shape (n,); None for that of the extract.

    Returns:
        Runs of states from that week on, as long as they can be; a week in no run is not observed.

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
    least = Thresholds(rules.least_hours, rules.least_earnings)
    first, end = block.span.first_week, block.span.end_week
    low = np.full(len(block), first, dtype=np.int32) if since is None else np.clip(since, first, end)
    high = np.full(len(block), end, dtype=np.int32)
    return read(find_evidence(block, least, low, high), rules.table, left_out=rules.not_observed)


def states(block: Block, rules: StateRules) -> Result:
    """Return the runs of states of a block as a table (``pidx``, ``start``, ``end``, ``state``), without sums.

    Args:
        block: Persons.
        rules: Numbers of the states and thresholds.
    """
    runs = overlay(block, rules)
    return {"pidx": block.pidx[runs.row], "start": runs.start, "end": runs.end, "state": runs.code}, {}
