"""Arithmetic of runs of weeks: fill the gaps, lay one set of runs over another, join those that touch."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

from ctieval.domain.arrays import BoolArray, IntArray
from ctieval.registers.kernels.block import Int32Array, Spells

_Cell = TypeVar("_Cell", bound=np.generic)


def tile(spells: Spells, low: Int32Array, high: Int32Array, fill: int) -> Spells:
    """Fill the weeks between the runs, so that those of each row cover ``[low, high)`` without a gap.

    The gaps before the runs and those after the last run of each row are found apart; the place of each among the runs
    is counted, so that nothing is sorted.

    Args:
        spells: Runs, each within the bounds of its row.
        low: First week of each row, shape (n,).
        high: Week after the last of each row, shape (n,).
        fill: Code of the weeks between the runs.

    Examples:
        >>> one = np.array([0], dtype=np.int32)
        >>> run = Spells(one, one + 3, one + 5, np.array([7], dtype=np.int16))
        >>> tiled = tile(run, one, one + 9, 0)
        >>> list(zip(tiled.start.tolist(), tiled.end.tolist(), tiled.code.tolist()))
        [(0, 3, 0), (3, 5, 7), (5, 9, 0)]
    """
    count = np.bincount(spells.row, minlength=len(low))
    last, some = np.cumsum(count), np.flatnonzero(count)
    since, until = np.empty(len(spells), dtype=np.int32), low.copy()
    since[1:] = spells.end[:-1]
    since[last[some] - count[some]] = low[some]
    until[some] = spells.end[last[some] - 1]
    preceded, open_ended = spells.start > since, until < high
    gap, tail = np.flatnonzero(preceded), np.flatnonzero(open_ended).astype(np.int32)
    gaps, tails = np.append(0, np.cumsum(preceded)), np.cumsum(open_ended)
    run_at = np.arange(len(spells)) + gaps[1:] + (tails - open_ended)[spells.row]
    places = (run_at, run_at[gap] - 1, (last + gaps[last] + tails - 1)[tail])
    return Spells(
        _weave(places, (spells.row, spells.row[gap], tail)),
        _weave(places, (spells.start, since[gap], until[tail])),
        _weave(places, (spells.end, spells.start[gap], high[tail])),
        _weave(places, (spells.code, fill, fill)),
    )


def _weave(
    places: tuple[IntArray, ...], parts: tuple[npt.NDArray[_Cell], npt.NDArray[_Cell] | int, npt.NDArray[_Cell] | int]
) -> npt.NDArray[_Cell]:
    """Several columns put into one, each at its places."""
    woven = np.empty(sum(len(place) for place in places), dtype=parts[0].dtype)
    for place, part in zip(places, parts, strict=True):
        woven[place] = part
    return woven


def cross(first: Spells, second: Spells, codes: int) -> Spells:
    """Cut two sets of runs, which cover the same weeks of each row without a gap, at each other's ends.

    Args:
        first: Runs.
        second: Runs over the same weeks, with codes from 0 to ``codes`` - 1.
        codes: What the codes of the first are multiplied by before those of the second are added.

    Examples:
        >>> one, two = np.array([0], dtype=np.int32), np.array([0, 0], dtype=np.int32)
        >>> above = Spells(one, one + 1, one + 5, np.array([7], dtype=np.int16))
        >>> below = Spells(two, np.array([1, 4], np.int32), np.array([4, 5], np.int32), np.array([1, 2], np.int16))
        >>> crossed = cross(above, below, 10)
        >>> list(zip(crossed.start.tolist(), crossed.end.tolist(), crossed.code.tolist()))
        [(1, 4, 71), (4, 5, 72)]
    """
    key = np.concatenate([first.start_keys(), second.start_keys()])
    order = np.argsort(key, kind="stable")
    key, of_second = key[order], order >= len(first)
    under = np.cumsum(of_second)
    last = np.append(key[1:] != key[:-1], np.ones(len(key[-1:]), dtype=np.bool_))
    place = np.flatnonzero(last)
    under = under[place] - 1
    over = place - under - 1
    start = np.maximum(first.start[over], second.start[under])
    end = np.minimum(first.end[over], second.end[under])
    return Spells(first.row[over], start, end, first.code[over] * np.int16(codes) + second.code[under])


def cut_at(spells: Spells, week: Int32Array) -> tuple[Spells, BoolArray]:
    """Cut the runs of each row in two at a week of its own.

    Args:
        spells: Runs.
        week: The week of each row, shape (n,).

    Returns:
        The runs, and True for those that begin in the week or after it.

    Examples:
        >>> one = np.array([0], dtype=np.int32)
        >>> runs, after = cut_at(Spells(one, one + 3, one + 9, np.array([7], dtype=np.int16)), one + 5)
        >>> list(zip(runs.start.tolist(), runs.end.tolist(), after.tolist()))
        [(3, 5, False), (5, 9, True)]
    """
    at = week[spells.row]
    holds = (spells.start < at) & (at < spells.end)
    if not holds.any():
        return spells, spells.start >= at
    source = np.repeat(np.arange(len(spells)), np.where(holds, 2, 1))
    second = np.zeros(len(source), dtype=np.bool_)
    second[1:] = source[1:] == source[:-1]
    first = np.append(second[1:], np.False_)
    start = np.where(second, at[source], spells.start[source])
    end = np.where(first, at[source], spells.end[source])
    return Spells(spells.row[source], start, end, spells.code[source]), start >= at[source]


def join(spells: Spells) -> Spells:
    """Make one run of those that touch and carry the same code.

    Examples:
        >>> two = np.array([0, 0], dtype=np.int32)
        >>> runs = Spells(two, np.array([1, 3], np.int32), np.array([3, 8], np.int32), np.array([7, 7], np.int16))
        >>> join(runs).end.tolist()
        [8]
    """
    begins = np.flatnonzero(~touches(spells, spells.code[1:] == spells.code[:-1]))
    ends = np.append(begins[1:], len(spells)) - 1
    ends = ends[: len(begins)]
    return Spells(spells.row[begins], spells.start[begins], spells.end[ends], spells.code[begins])


def touches(spells: Spells, alike: BoolArray) -> BoolArray:
    """Return True for each run that begins where the one before it ends, in the same row and ``alike``.

    Args:
        spells: Runs.
        alike: True where a run is like the one before it, shape (len(spells) - 1,).

    Returns:
        Shape (len(spells),); the first run touches none.
    """
    joined = np.zeros(len(spells), dtype=np.bool_)
    joined[1:] = alike & (spells.row[1:] == spells.row[:-1]) & (spells.start[1:] == spells.end[:-1])
    return joined


def clip(spells: Spells, low: Int32Array, high: Int32Array) -> Spells:
    """Cut the runs of each row down to its weeks ``[low, high)``; runs outside them are dropped.

    Args:
        spells: Runs.
        low: First week of each row, shape (n,).
        high: Week after the last of each row, shape (n,).
    """
    start, end = np.maximum(spells.start, low[spells.row]), np.minimum(spells.end, high[spells.row])
    return Spells(spells.row, start, end, spells.code).where(start < end)
