"""What the weeks around each person's randomisation are, one cell a week; for the few who were drawn, not for all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import CodeArray
from ctieval.domain.window import Window
from ctieval.registers.kernels.block import Block, Int32Array, Participants, Result, Spells
from ctieval.registers.kernels.evidence import find_evidence, read
from ctieval.registers.kernels.intervals import clip, tile
from ctieval.registers.kernels.measure import ANY_AMOUNT
from ctieval.registers.kernels.windows import weeks_of_window


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class WeekByWeek:
    """What is written out of whom.

    Attributes:
        drawn: The persons drawn.
        readings: Tables of readings (``evidence.SHAPE``), k of them.
        window: Weeks from randomisation.
        beyond: What stands in a week that the extract does not reach.
    """

    drawn: Participants
    readings: tuple[CodeArray, ...]
    window: Window
    beyond: int

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"WeekByWeek({self.drawn!r}, {self.window})"


def write_weeks(block: Block, asked: WeekByWeek) -> Result:
    """Write the weeks of the persons drawn of one block out.

    Args:
        block: Persons.
        asked: What is written out of whom.

    Returns:
        A table with a row a person: ``pidx``, and ``weeks``, shape (n, k, weeks of the window). There are no sums.
    """
    part, drawn = asked.drawn.within(block)
    low, high = weeks_of_window(drawn.week_zero, asked.window)
    span = part.span
    edges = (edge.clip(span.first_week, span.end_week) for edge in (low, high))
    evidence = find_evidence(part, ANY_AMOUNT, *edges)
    weeks = np.empty((len(part), len(asked.readings), asked.window.weeks), dtype=np.int8)
    for number, table in enumerate(asked.readings):
        weeks[:, number] = spread(read(evidence, table), low, asked.window.weeks, asked.beyond)
    return {"pidx": part.pidx, "weeks": weeks}, {}


def spread(runs: Spells, low: Int32Array, n_weeks: int, fill: int) -> CodeArray:
    """Write runs out week by week.

    Args:
        runs: Runs.
        low: First week of each row, shape (n,).
        n_weeks: Weeks of each row.
        fill: What stands in a week without a run.

    Returns:
        One code a person and week, shape (n, n_weeks).

    Examples:
        >>> one = np.array([0], dtype=np.int32)
        >>> spread(Spells(one, one + 101, one + 103, np.array([7], np.int16)), one + 100, 4, -1).tolist()
        [[-1, 7, 7, -1]]
    """
    high = (low + n_weeks).astype(np.int32)
    whole = tile(clip(runs, low, high), low, high, fill=fill)
    return np.repeat(whole.code, whole.end - whole.start).reshape(len(low), n_weeks)
