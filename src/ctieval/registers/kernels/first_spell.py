"""Each person's first spell in a state that is long enough, counted from her own randomisation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ctieval.domain.arrays import CodeArray
from ctieval.domain.window import Window
from ctieval.registers.kernels.block import NEVER, Int32Array, Spells
from ctieval.registers.kernels.windows import own_weeks


class UnderWay(StrEnum):
    """What becomes of a spell that is under way when the window begins.

    ``CUT``: it begins with the window, and what lies before does not count. ``LEFT_OUT``: it does not count at all;
    only a spell that begins in the window does.
    """

    CUT = "cut"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class FirstSpell:
    """Which spell is looked for.

    Attributes:
        state: The state.
        lengths: Weeks that the spell must last, one search for each.
        window: Weeks from randomisation in which it must begin; it may end after them.
        under_way: What becomes of a spell under way when the window begins.
    """

    state: int
    lengths: tuple[int, ...]
    window: Window
    under_way: UnderWay


def find_first_spell(states: Spells, week_zero: Int32Array, wanted: FirstSpell) -> CodeArray:
    """Find the week in which each person's first spell that is long enough begins.

    A spell still under way where the extract ends counts with the weeks seen of it.

    Args:
        states: Runs of states, as long as they can be.
        week_zero: Week of each person's randomisation, shape (n,).
        wanted: The spell looked for.

    Returns:
        First week from randomisation for each length, ``NEVER`` where there is no such spell, shape (n, lengths).

    Examples:
        >>> two = np.array([0, 0], dtype=np.int32)
        >>> jobs = Spells(two, np.array([105, 120], np.int32), np.array([110, 160], np.int32), two.astype(np.int16))
        >>> wanted = FirstSpell(0, (1, 13, 52), Window(0, 156), UnderWay.CUT)
        >>> find_first_spell(jobs, two[:1] + 100, wanted).tolist()
        [[5, 20, 32767]]
    """
    runs = states.where(states.code == wanted.state)
    start, end = own_weeks(runs, week_zero)
    if wanted.under_way is UnderWay.CUT:
        start = np.maximum(start, np.int32(wanted.window.start))
    begins = (start >= wanted.window.start) & (start < wanted.window.end) & (end > start)
    row, start, length = runs.row[begins], start[begins], (end - start)[begins]
    first = np.full((len(week_zero), len(wanted.lengths)), NEVER, dtype=np.int16)
    for number, least in enumerate(wanted.lengths):
        enough = np.flatnonzero(length >= least)
        leads = np.ones(len(enough), dtype=np.bool_)
        leads[1:] = row[enough[1:]] != row[enough[:-1]]
        first[row[enough[leads]], number] = start[enough[leads]]
    return first
