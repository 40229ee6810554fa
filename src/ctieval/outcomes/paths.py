"""Everybody's states week by week around her own draw, and how the arms divide over them; nothing is compared."""

from __future__ import annotations

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import BoolArray, IntArray
from ctieval.domain.design import weeks_compared
from ctieval.domain.state_paths import PATH_CURVES, PATH_STATES, ArmStates
from ctieval.domain.weekly_states import WeeklyStates
from ctieval.domain.window import Window
from ctieval.inference.arm_level import average_by_arm
from ctieval.outcomes.counted import Executor, read_weeks
from ctieval.outcomes.drawn import Followed, find_drawn
from ctieval.outcomes.states import read_place, read_state
from ctieval.registers.codes import CodeList
from ctieval.registers.executors.serial import run_serial

WEEKS_BEFORE = 52
"""Weeks before the draw: a year, so that the seasons are in it once."""

FEWEST_KNOWN = 0.9
"""Share of each arm whose state must be known, so that a path never tells of the few who were followed longest."""

FEWEST_IN_CELL = 2
"""Persons that it takes in each arm of each block to tell how far they spread."""


def track_paths(
    allocation: Allocation, registers: Followed, codes: CodeList, *, run: Executor = run_serial
) -> WeeklyStates | None:
    """Follow everybody drawn from a year before her own draw to the last week in which nearly all are seen.

    A person stands in exactly one of ``PATH_STATES`` in a week, or her state is not known: the registers do
    not reach the week, she moved or emigrated, or the employment of its month is not known. Death and old-age
    pension are the state ``exit``. The weeks are those on both sides of the draw up to the first in which the state
    of less than ``FEWEST_KNOWN`` of an arm is known, or fewer than ``FEWEST_IN_CELL`` of an arm of a block are known
    in every respect; and never beyond the time that those on a waiting list wait.

    Args:
        allocation: The allocation.
        registers: The registers of the trial, or a ``Store``.
        codes: The list of register codes.
        run: How the kernel is run over the blocks.

    Returns:
        The states in the person order of the allocation, or None where too few are known in the week of the draw.

    Raises:
        InputError: If somebody drawn is not in the registers, or the day of a draw is not known.
    """
    drawn = find_drawn(allocation, registers)
    reach = max(drawn.blocks.span.end_week - int(drawn.week_zero.min(initial=0)), 1)
    most = Window(-WEEKS_BEFORE, min(reach, weeks_compared(allocation.design)))
    readings = (read_place(codes), *(read_state(codes, state, better) for state, better in PATH_CURVES))
    weeks = read_weeks(drawn, readings, most, run=run)
    known = weeks >= 0
    window = _followed(known[:, 0], np.logical_and.reduce(known[:, 1:], axis=1), allocation, most)
    if window is None:
        return None
    kept = weeks[:, :, window.start - most.start : window.end - most.start]
    return WeeklyStates(window, kept[:, 0], tuple(kept[:, number] for number in range(1, len(readings))))


def describe_paths(weekly: WeeklyStates, allocation: Allocation) -> tuple[ArmStates, ArmStates]:
    """Describe how the arms divide over the states in each week, as ``describe_arm`` weighs them.

    Persons whose state is not known in a week are left out of that week, and ``n`` counts the others.

    Args:
        weekly: The states, in the person order of the allocation.
        allocation: The allocation.

    Returns:
        Control and intervention.
    """
    found = [average_by_arm(weekly.shares_in(place), allocation) for place in range(len(PATH_STATES))]
    control, intervention = (
        ArmStates(
            n=tuple(int(n) for n in found[0].n[arm]),
            shares=tuple(tuple(float(share) for share in each.mean[arm]) for each in found),
        )
        for arm in (0, 1)
    )
    return control, intervention


def _followed(known: BoolArray, in_all: BoolArray, allocation: Allocation, most: Window) -> Window | None:
    """The unbroken stretch around the draw in which enough of each arm, and of each of its blocks, are known."""
    arm = allocation.arm[allocation.compared]
    block = np.unique(allocation.block[allocation.compared], return_inverse=True)[1]
    share = _count(known[allocation.compared], arm) / np.bincount(arm, minlength=2)[:, None]
    cells = _count(in_all[allocation.compared], len(share) * block + arm)
    enough = np.logical_and.reduce([*(share >= FEWEST_KNOWN), *(cells >= FEWEST_IN_CELL)])
    draw = -most.start
    if not enough[draw]:
        return None
    before, after = ~enough[draw::-1], ~enough[draw:]
    n_before = int(before.argmax()) if before.any() else len(before)
    n_after = int(after.argmax()) if after.any() else len(after)
    return Window(1 - n_before, n_after)


def _count(known: BoolArray, group: IntArray) -> IntArray:
    """Persons known in each group and week."""
    return np.array([known[group == each].sum(axis=0) for each in range(int(group.max()) + 1)], dtype=np.int64)
