"""Sums by arm and week from randomisation: how many were in each state, and what they were paid.

A run adds one where it begins and takes one away where it ends; one running sum at the end gives the count of every
week. So the cost is that of the runs, not of the person-weeks, and the sums of two blocks may be added.
"""

from __future__ import annotations

import numpy as np

from ctieval.domain.arrays import IntArray
from ctieval.domain.window import Window
from ctieval.registers.kernels.block import Int32Array, Participants, Spells
from ctieval.registers.kernels.payments import WeeklyRates
from ctieval.registers.kernels.windows import own_weeks


def count_paths(states: Spells, drawn: Participants, window: Window, *, n_arms: int, n_states: int) -> IntArray:
    """Count the persons in every state, by arm and week.

    Args:
        states: Runs of states.
        drawn: The persons, row by row.
        window: Weeks from randomisation.
        n_arms: Number of arms.
        n_states: Number of states.

    Returns:
        Persons, shape (n_arms, n_states, weeks of the window). What an arm lacks of its persons was not observed.

    Examples:
        >>> two = np.array([0, 1], dtype=np.int32)
        >>> jobs = Spells(two, two + 100, two + 103, np.array([0, 0], dtype=np.int16))
        >>> drawn = Participants(two, np.zeros(2, np.int32), np.full(2, 100, np.int32))
        >>> count_paths(jobs, drawn, Window(-1, 5), n_arms=1, n_states=1).tolist()
        [[[0, 1, 2, 2, 1, 0]]]
    """
    start, end = own_weeks(states, drawn.week_zero)
    series = drawn.arm[states.row] * np.int64(n_states) + states.code
    counts = _running(series, start, end, window, n_arms * n_states)
    return counts.reshape(n_arms, n_states, window.weeks)


def sum_paths(
    codes: Spells, drawn: Participants, window: Window, rates: WeeklyRates, *, n_arms: int
) -> tuple[IntArray, IntArray]:
    """Sum what was paid, and its squares, by arm and week.

    Persons are counted by rate, and the counts multiplied by the rate and its square: every sum is a whole number.

    Args:
        codes: Runs of register codes.
        drawn: The persons, row by row.
        window: Weeks from randomisation.
        rates: Rates that cover every week of the extract.
        n_arms: Number of arms.

    Returns:
        Sum and sum of squares over the persons, each of shape (n_arms, weeks of the window).
    """
    own = own_weeks(codes, drawn.week_zero)
    near = (own[0] < window.end) & (own[1] > window.start)
    paying = codes.where(near & (rates.line_of_code[codes.code] > 0))
    number, start, end, step = _by_step(paying, rates)
    amount, rate_of = np.unique(rates.amounts, return_inverse=True)
    rate = rate_of.reshape(rates.amounts.shape)[rates.line_of_code[paying.code[number]], step]
    row = paying.row[number]
    zero = drawn.week_zero[row]
    series = drawn.arm[row] * np.int64(len(amount)) + rate
    counts = _running(series, start - zero, end - zero, window, n_arms * len(amount))
    counts = counts.reshape(n_arms, len(amount), window.weeks)
    return np.einsum("arw,r->aw", counts, amount), np.einsum("arw,r->aw", counts, amount**2)


def _by_step(runs: Spells, rates: WeeklyRates) -> tuple[IntArray, Int32Array, Int32Array, IntArray]:
    """Cut runs where a rate changes: number of the run, start, end and step of the rates of each piece."""
    changes = (rates.changes + rates.first_week).astype(np.int32)
    first = np.searchsorted(changes, runs.start, side="right") - 1
    pieces = np.searchsorted(changes, runs.end, side="left") - first
    number = np.repeat(np.arange(len(runs)), pieces)
    step = first[number] + np.arange(len(number)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    until = np.append(changes[1:], np.int32(rates.end_week))
    return number, np.maximum(runs.start[number], changes[step]), np.minimum(runs.end[number], until[step]), step


def _running(series: IntArray, start: Int32Array, end: Int32Array, window: Window, n_series: int) -> IntArray:
    """Persons by series and week, shape (n_series, weeks), from runs in weeks from randomisation."""
    since = np.maximum(start, np.int32(window.start)) - np.int32(window.start)
    until = np.minimum(end, np.int32(window.end)) - np.int32(window.start)
    hit = since < until
    cell, size = series[hit] * (window.weeks + 1), n_series * (window.weeks + 1)
    change = np.bincount(cell + since[hit], minlength=size) - np.bincount(cell + until[hit], minlength=size)
    return change.reshape(n_series, window.weeks + 1).cumsum(axis=1)[:, :-1]
