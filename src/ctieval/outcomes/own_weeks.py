"""Each person's weeks counted from her own randomisation; what is measured in them lives elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import BoolArray, IntArray
from ctieval.domain.registers import Registers
from ctieval.domain.window import Window
from ctieval.errors import InputError
from ctieval.outcomes.states import StateArray, StatePanel, build_states
from ctieval.registers.codes import CodeList
from ctieval.registers.weeks import weeks_of


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class OwnWeeks:
    """States of the persons drawn, with the week in which each was randomised.

    Attributes:
        states: Their states, n persons.
        week_zero: Number of the ISO week that holds the day of the draw, shape (n,).
    """

    states: StatePanel
    week_zero: IntArray

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"OwnWeeks({len(self.week_zero)} persons)"

    def cut(self, cells: StateArray, window: Window, beyond: int) -> StateArray:
        """Cut the same weeks after randomisation out of everybody's calendar.

        Args:
            cells: One cell a person and week of ``states``, shape (n, weeks).
            window: Weeks after randomisation.
            beyond: What stands in a week that the registers do not reach.

        Returns:
            Cells, shape (n, weeks of the window).
        """
        n_weeks = cells.shape[1]
        column = self.week_zero[:, None] + np.arange(window.start, window.end) - self.states.first_week
        column[(column < 0) | (column >= n_weeks)] = n_weeks
        return np.take_along_axis(np.pad(cells, ((0, 0), (0, 1)), constant_values=beyond), column, axis=1)


def build_own_weeks(allocation: Allocation, registers: Registers, codes: CodeList) -> OwnWeeks:
    """Find everybody drawn in the registers and number her weeks.

    Args:
        allocation: The allocation.
        registers: The registers.
        codes: The list of register codes.

    Returns:
        The weeks, in the person order of the allocation.

    Raises:
        InputError: If somebody drawn is not in the registers.
        InputError: If the day of a draw is not known.
    """
    known = pd.Index(registers.persons["person_id"])
    _check_none(
        known.get_indexer(pd.Index(allocation.person_id)) < 0,
        what="somebody who was drawn is not in the registers",
        where="table persons, column person_id",
        do="add the missing persons to the register files; nobody who was drawn may be left out",
    )
    _check_none(
        np.isnat(allocation.randomised_on),
        what="weeks cannot be counted from a day that is not known",
        where="the allocation, randomised_on",
        do="give the day of the draw for every person",
    )
    return OwnWeeks(build_states(registers, codes, allocation.person_id), weeks_of(allocation.randomised_on))


def _check_none(wrong: BoolArray, *, what: str, where: str, do: str) -> None:
    if wrong.any():
        found, expected = f"{int(wrong.sum())} of {len(wrong)} persons", f"{len(wrong)} of {len(wrong)} persons"
        raise InputError(what=what, where=where, found=f"{found} without", expected=f"{expected} with", do=do)
