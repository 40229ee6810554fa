"""The kernels run over everybody drawn, and what they count put back in the order of the allocation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from ctieval.domain.arrays import CodeArray, FloatArray
from ctieval.domain.weekly_states import CellArray
from ctieval.domain.window import Window
from ctieval.outcomes.drawn import Drawn
from ctieval.outcomes.states import FOLLOW_UP_ENDED
from ctieval.registers.executors.results import Blocks, Kernel, combine
from ctieval.registers.kernels.block import Result
from ctieval.registers.kernels.measure import Asked, Count, Questions, measure
from ctieval.registers.kernels.payments import Payments
from ctieval.registers.kernels.weekly import WeekByWeek, write_weeks

Executor: TypeAlias = Callable[[Kernel, Blocks, object], Iterator[Result]]
"""A way of running a kernel over blocks, such as ``run_serial`` or ``partial(run_processes, workers=2)``."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Counted:
    """What was counted, in the order of the allocation.

    Attributes:
        value: What was counted, shape (n, k).
        unknown: 0 where every needed week is known, else the negative of the ``Status`` of the first that is not,
            shape (n, k).
    """

    value: FloatArray
    unknown: CellArray

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Counted({self.value.shape[1]} of {len(self.value)} persons)"


def count(
    drawn: Drawn, asked: Sequence[tuple[CodeArray, Window, Count]], *, run: Executor, payments: Payments | None = None
) -> Counted:
    """Count of everybody drawn; what two counts read alike is read once.

    Args:
        drawn: Everybody drawn.
        asked: For each count its table of readings, and the weeks that must be known.
        run: How the kernel is run over the blocks.
        payments: What was paid, or None.
    """
    readings = {reading.tobytes(): reading for reading, _, _ in asked}
    place = {key: number for number, key in enumerate(readings)}
    numbered = tuple(Asked(place[reading.tobytes()], needed, counted) for reading, needed, counted in asked)
    questions = Questions(drawn.persons, tuple(readings.values()), FOLLOW_UP_ENDED, numbered, payments)
    table, _ = combine(run(measure, drawn.blocks, questions))
    value, unknown = (table[name][drawn.back] for name in ("value", "unknown"))
    return Counted(value.astype(np.float64, copy=False), unknown.astype(np.int8, copy=False))


def read_weeks(drawn: Drawn, readings: tuple[CodeArray, ...], window: Window, *, run: Executor) -> CellArray:
    """Read the weeks around each randomisation, one cell a week.

    Args:
        drawn: Everybody drawn.
        readings: Tables of readings, k of them.
        window: Weeks from randomisation.
        run: How the kernel is run over the blocks.

    Returns:
        Readings, shape (n, k, weeks of the window), in the order of the allocation.
    """
    asked = WeekByWeek(drawn.persons, readings, window, FOLLOW_UP_ENDED)
    table, _ = combine(run(write_weeks, drawn.blocks, asked))
    return table["weeks"][drawn.back].astype(np.int8, copy=False)
