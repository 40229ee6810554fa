"""Weekly columns of codes as runs, found by comparing each column with the one before."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ctieval.domain.arrays import CodeArray
from ctieval.domain.registers import BLANK, NOT_OBSERVED
from ctieval.registers.kernels.block import Int32Array, Spells


def find_runs(columns: Iterable[CodeArray], first_week: int, n_persons: int) -> Spells:
    """Find the runs of codes of a block of persons; only the changes are kept and sorted.

    Args:
        columns: Codes of each week, shape (n_persons,) each.
        first_week: Week of the first column.
        n_persons: Number of persons.

    Returns:
        The runs of every code other than ``BLANK``, as long as they can be.

    Examples:
        >>> weeks = np.array([[730, 730, 0], [0, 651, 652]], dtype=np.int16)
        >>> runs = find_runs(weeks.T, 2505, 2)
        >>> list(zip(runs.row.tolist(), runs.start.tolist(), runs.end.tolist(), runs.code.tolist()))
        [(0, 2505, 2507, 730), (1, 2506, 2507, 651), (1, 2507, 2508, 652)]
    """
    before = np.full(n_persons, BLANK, dtype=np.int16)
    rows, starts, codes = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)], [np.zeros(0, np.int16)]
    week = first_week
    for column in columns:
        changed = np.flatnonzero(column != before).astype(np.int32)
        rows.append(changed)
        starts.append(np.full(len(changed), week, dtype=np.int32))
        codes.append(column[changed])
        before, week = column, week + 1
    row, start, code = np.concatenate(rows), np.concatenate(starts), np.concatenate(codes)
    order = np.argsort(row.astype(np.min_scalar_type(max(n_persons, 1))), kind="stable")
    row, start, code = row[order], start[order], code[order]
    end = np.full(len(row), week, dtype=np.int32)
    end[:-1][row[1:] == row[:-1]] = start[1:][row[1:] == row[:-1]]
    return Spells(row, start, end, code).where(code != BLANK)


def observed_weeks(runs: Spells, weeks: tuple[int, int], n_persons: int) -> tuple[Spells, Int32Array, Int32Array]:
    """Read entry and exit off the runs that are not observed.

    Args:
        runs: Runs of codes, ``NOT_OBSERVED`` among them.
        weeks: First week and week after the last.
        n_persons: Number of persons.

    Returns:
        The runs between entry and exit, in which ``NOT_OBSERVED`` marks a hole; entry and exit, shape (n_persons,).
    """
    first, end = weeks
    unseen = runs.code == NOT_OBSERVED
    before, after = unseen & (runs.start == first), unseen & (runs.end == end)
    entry, leave = np.full(n_persons, first, dtype=np.int32), np.full(n_persons, end, dtype=np.int32)
    entry[runs.row[before]] = runs.end[before]
    leave[runs.row[after]] = runs.start[after]
    return runs.where(~before & ~after), entry, np.maximum(entry, leave)
