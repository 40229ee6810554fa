"""Weeks that each person spends in each state, in windows of her own weeks."""

from __future__ import annotations

import numpy as np

from ctieval.domain.arrays import IntArray
from ctieval.domain.window import Window
from ctieval.registers.kernels.block import Int32Array, Spells


def count_weeks(states: Spells, week_zero: Int32Array, windows: IntArray, n_states: int) -> Int32Array:
    r"""Count the weeks in every state in every window.

    With :math:`r_i` the week of person *i*'s randomisation, window :math:`[a, b)` and her runs
    :math:`[s, e)` of a state,

    .. math::
        n_i = \sum_{[s, e)} \max(0, \min(e, r_i + b) - \max(s, r_i + a)).

    What a window lacks of its length was not observed: that is no zero.

    Args:
        states: Runs of states.
        week_zero: Week of each person's randomisation, shape (n,).
        windows: First week and week after the last of each window, from the randomisation, shape (k, 2).
        n_states: Number of states.

    Returns:
        Weeks, shape (n, k, n_states).

    Examples:
        >>> one = np.array([0], dtype=np.int32)
        >>> job = Spells(one, one + 100, one + 130, np.array([1], dtype=np.int16))
        >>> count_weeks(job, one + 110, np.array([[0, 13], [0, 52]]), 2).tolist()
        [[[0, 13], [0, 20]]]
    """
    n, k = len(week_zero), len(windows)
    weeks = np.zeros((n, k, n_states), dtype=np.int32)
    if k == 0:
        return weeks
    start, end = own_weeks(states, week_zero)
    near = (start < int(windows[:, 1].max())) & (end > int(windows[:, 0].min()))
    start, end = start[near], end[near]
    cell = states.row[near] * np.int64(n_states) + states.code[near]
    for number, (low, high) in enumerate(windows.tolist()):
        length = np.minimum(end, np.int32(high)) - np.maximum(start, np.int32(low))
        hit = length > 0
        counts = np.bincount(cell[hit], weights=length[hit], minlength=n * n_states)
        weeks[:, number, :] = counts.reshape(n, n_states)
    return weeks


def own_weeks(spells: Spells, week_zero: Int32Array) -> tuple[Int32Array, Int32Array]:
    """Return start and end of each run, counted from the randomisation of its person."""
    zero = week_zero[spells.row]
    return spells.start - zero, spells.end - zero


def weeks_of_window(week_zero: Int32Array, window: Window) -> tuple[Int32Array, Int32Array]:
    """Return the first week of each person's window and the week after its last, shape (n,) each."""
    return week_zero + np.int32(window.start), week_zero + np.int32(window.end)
