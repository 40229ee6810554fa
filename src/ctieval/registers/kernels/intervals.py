"""Arithmetic of runs of weeks: fill the gaps, lay one set of runs over another, join those that touch."""

from __future__ import annotations

import numpy as np

from ctieval.domain.arrays import BoolArray
from ctieval.registers.kernels.block import Int32Array, Spells


def tile(spells: Spells, low: Int32Array, high: Int32Array, fill: int) -> Spells:
    """Fill the weeks between the runs, so that those of each row cover ``[low, high)`` without a gap.

    A row has one gap before each of its runs and one after the last; each has its place between the runs, so
    that nothing is sorted, and those without a week are dropped.

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
    n_rows, n_runs = len(low), len(spells)
    row = np.arange(n_rows, dtype=np.int32)
    last = np.cumsum(np.bincount(spells.row, minlength=n_rows))
    after = 2 * last + row
    at = 2 * np.arange(n_runs) + spells.row + 1
    size = 2 * n_runs + n_rows
    rows, start, end = (np.empty(size, dtype=np.int32) for _ in range(3))
    code = np.full(size, fill, dtype=np.int16)
    rows[at], start[at], end[at], code[at] = spells.row, spells.start, spells.end, spells.code
    rows[at - 1], end[at - 1] = spells.row, spells.start
    rows[after], end[after] = row, high
    gaps = np.ones(size, dtype=np.bool_)
    gaps[at] = False
    start[1:][gaps[1:]] = end[:-1][gaps[1:]]
    start[np.concatenate([[0], after[:-1] + 1]).astype(np.int64)[:n_rows]] = low
    return Spells(rows, start, end, code).where(start < end)


def lay(over: Spells, under: Spells, *, seen: BoolArray) -> Spells:
    """Let the runs below show through some of the runs above.

    Args:
        over: Runs above.
        under: Runs below, which cover every week of the runs above without a gap.
        seen: True for a run above that gives way to those below, shape (len(over),).

    Returns:
        Runs that cover the same weeks as those above.

    Examples:
        >>> one, two = np.array([0], dtype=np.int32), np.array([0, 0], dtype=np.int32)
        >>> above = Spells(one, one + 1, one + 5, np.array([7], dtype=np.int16))
        >>> below = Spells(two, np.array([0, 4], np.int32), np.array([4, 9], np.int32), np.array([1, 2], np.int16))
        >>> laid = lay(above, below, seen=np.array([True]))
        >>> list(zip(laid.start.tolist(), laid.end.tolist(), laid.code.tolist()))
        [(1, 4, 1), (4, 5, 2)]
    """
    asked = over.where(seen)
    first, pieces = np.zeros(len(over), dtype=np.int64), np.ones(len(over), dtype=np.int64)
    first[seen] = np.searchsorted(under.end_keys(), asked.start_keys(), side="right")
    pieces[seen] = np.searchsorted(under.start_keys(), asked.end_keys(), side="left") - first[seen]
    source = np.repeat(np.arange(len(over)), pieces)
    start, end, code = over.start[source], over.end[source], over.code[source]
    shown = np.flatnonzero(seen[source])
    nth = np.arange(len(source)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    below = (first[source] + nth)[shown]
    start[shown] = np.maximum(start[shown], under.start[below])
    end[shown] = np.minimum(end[shown], under.end[below])
    code[shown] = under.code[below]
    return Spells(over.row[source], start, end, code)


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


def clip(spells: Spells, low: int, high: int) -> Spells:
    """Cut runs down to the weeks ``[low, high)``; runs outside them are dropped."""
    start, end = np.maximum(spells.start, np.int32(low)), np.minimum(spells.end, np.int32(high))
    return Spells(spells.row, start, end, spells.code).where(start < end)


def in_order(spells: Spells) -> Spells:
    """Sort runs by row and start."""
    order = np.argsort(spells.start_keys(), kind="stable")
    return Spells(spells.row[order], spells.start[order], spells.end[order], spells.code[order])


def together(first: Spells, second: Spells) -> Spells:
    """Put two sets of runs, no week of which is in both, into one."""
    return in_order(
        Spells(
            np.concatenate([first.row, second.row]),
            np.concatenate([first.start, second.start]),
            np.concatenate([first.end, second.end]),
            np.concatenate([first.code, second.code]),
        )
    )
