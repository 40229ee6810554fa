"""Everybody's states week by week around her own draw, and how the arms divide over them; nothing is compared."""

from __future__ import annotations

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import BoolArray, IntArray
from ctieval.domain.registers import Registers
from ctieval.domain.state_paths import PATH_CURVES, PATH_STATES, ArmStates
from ctieval.domain.weekly_states import CellArray, WeeklyStates
from ctieval.domain.window import Window
from ctieval.inference.arm_level import average_by_arm
from ctieval.outcomes.own_weeks import OwnWeeks, build_own_weeks
from ctieval.outcomes.states import FOLLOW_UP_ENDED, WeekState, weeks_in_state
from ctieval.registers.codes import CodeList

WEEKS_BEFORE = 52
"""Weeks before the draw: a year, so that the seasons are in it once."""

FEWEST_KNOWN = 0.9
"""Share of each arm whose state must be known, so that a path never tells of the few who were followed longest."""

FEWEST_IN_CELL = 2
"""Persons that it takes in each arm of each block to tell how far they spread."""


def track_paths(allocation: Allocation, registers: Registers, codes: CodeList) -> WeeklyStates | None:
    """Follow everybody drawn from a year before her own draw to the last week in which nearly all are seen.

    A person stands in exactly one of ``PATH_STATES`` in a week, or her state is not known: the registers do
    not reach the week, she moved or emigrated, or a blank week lies in a month whose employment is not known.
    Death and old-age pension are the state ``exit``. The weeks are those on both sides of the draw up to the
    first in which the state of less than ``FEWEST_KNOWN`` of an arm is known, or fewer than ``FEWEST_IN_CELL`` of
    an arm of a block are known in every respect.

    Args:
        allocation: The allocation.
        registers: The registers.
        codes: The list of register codes.

    Returns:
        The states in the person order of the allocation, or None where too few are known in the week of the draw.

    Raises:
        InputError: If somebody drawn is not in the registers, or the day of a draw is not known.
    """
    own = build_own_weeks(allocation, registers, codes)
    reach = own.states.first_week + own.states.state.shape[1] - int(own.week_zero.min(initial=0))
    most = Window(-WEEKS_BEFORE, max(reach, 1))
    place = _places(own, most)
    curves = [
        own.cut(weeks_in_state(own.states, state, better), most, FOLLOW_UP_ENDED) for state, better in PATH_CURVES
    ]
    window = _followed(place >= 0, np.logical_and.reduce([cells >= 0 for cells in curves]), allocation, most)
    if window is None:
        return None
    kept = slice(window.start - most.start, window.end - most.start)
    return WeeklyStates(window, place[:, kept], tuple(cells[:, kept] for cells in curves))


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


def _places(own: OwnWeeks, window: Window) -> CellArray:
    place: CellArray = np.full(len(WeekState), -1, dtype=np.int8)
    for number, state in enumerate(PATH_STATES):
        place[WeekState[state.name]] = number
    return place[own.cut(own.states.state, window, WeekState.NOT_OBSERVED)]


def _followed(known: BoolArray, in_all: BoolArray, allocation: Allocation, most: Window) -> Window | None:
    """The unbroken stretch around the draw in which enough of each arm, and of each of its blocks, are known."""
    share = _count(known, allocation.arm) / np.bincount(allocation.arm, minlength=2)[:, None]
    cells = _count(in_all, 2 * allocation.block + allocation.arm)
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
