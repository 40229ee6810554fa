"""Who dies, emigrates or moves after the draw, the same under either arm. Never before the draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator

from ctieval.domain.arrays import CodeArray, DateArray, IntArray
from ctieval.domain.registers import BLANK, NOT_OBSERVED
from ctieval.simulation.settings import ExitRates
from ctieval.simulation.week_grid import WeekGrid

STAYED, DIED, EMIGRATED, MOVED = range(4)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Exits:
    """First exit of each person.

    Attributes:
        column: First column after the week of the exit, shape (n,); the number of weeks where there is none.
        kind: ``STAYED``, ``DIED``, ``EMIGRATED`` or ``MOVED``, shape (n,).
        code: What stands in the weeks from then: a register code, or not observed; shape (n,).
        day: Day of the exit, shape (n,); NaT where there is none.
    """

    column: IntArray
    kind: IntArray
    code: CodeArray
    day: DateArray

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Exits({int((self.kind != STAYED).sum())} of {len(self.kind)} persons)"


def simulate_exits(rates: ExitRates, n: int, grid: WeekGrid, rng: Generator) -> Exits:
    """Simulate the first exit of each person.

    Args:
        rates: Weekly rates.
        n: Number of persons.
        grid: The weeks.
        rng: Source of randomness.

    Returns:
        The exits.
    """
    weekly = (rates.death_weekly, rates.emigration_weekly, rates.move_weekly)
    waits = np.stack([rng.geometric(rate, n) for rate in weekly])
    column = np.minimum(grid.draw + waits.min(axis=0), grid.weeks)
    days = grid.mondays[column - 1] + rng.integers(0, 7, n)
    kind = np.where(column < grid.weeks, 1 + waits.argmin(axis=0), STAYED)
    codes = np.array([BLANK, rates.death_code, rates.emigration_code, NOT_OBSERVED], dtype=np.int16)
    return Exits(
        column=column, kind=kind, code=codes[kind], day=np.where(kind == STAYED, np.datetime64("NaT", "D"), days)
    )


def to_exit_days(exits: Exits) -> pd.DataFrame:
    """Lay the exits out as the columns that ``persons`` holds of them.

    Args:
        exits: The exits.

    Returns:
        A new frame with ``died_on`` and ``moved_on``, in the person order of the exits.
    """
    never = np.datetime64("NaT", "D")
    return pd.DataFrame(
        {
            "died_on": np.where(exits.kind == DIED, exits.day, never),
            "moved_on": np.where(exits.kind == MOVED, exits.day, never),
        }
    )
