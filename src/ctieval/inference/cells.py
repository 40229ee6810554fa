"""Counts, means and spread of outcomes in the cells of a design; a cell is one arm of one block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.inference.least_squares import rows_in_parts

ROWS_OF_VALUES = 32_768
ROUNDING = 1e-14
"""A cell does not vary where its deviations are smaller than this share of its level."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Moments of one outcome in every block and arm.

    Attributes:
        n: Persons with a value, shape (blocks, 2): control, intervention.
        mean: Mean in the unit of the outcome, shape (blocks, 2); NaN where nobody has a value.
        squares: Sum of squared deviations from the cell's mean, shape (blocks, 2).
    """

    n: FloatArray
    mean: FloatArray
    squares: FloatArray


def count_cells(values: FloatArray, arm: IntArray, block: IntArray, n_blocks: int) -> Cells:
    """Take counts, means and squared deviations of one outcome in each cell.

    The deviations are taken from the cell's own mean in a second pass, or from one of its own values, so that a large
    common level costs no digits. Persons without a value (NaN) count in no cell.

    Args:
        values: Outcome, shape (n,), any unit; NaN where not observed.
        arm: 0 or 1, shape (n,).
        block: Number of the block from 0, shape (n,).
        n_blocks: Number of blocks.

    Returns:
        Moments of shape (blocks, 2).

    Examples:
        >>> cells = count_cells(np.array([1.0, 3.0, 2.0, np.nan]), np.array([0, 0, 1, 1]), np.zeros(4, int), 1)
        >>> cells.n.tolist(), cells.mean.tolist(), cells.squares.tolist()
        ([[2.0, 1.0]], [[2.0, 2.0]], [[2.0, 0.0]])
    """
    if n_blocks == 1 and (two := _count_two(values, arm)):
        return two
    observed = ~np.isnan(values)
    if not observed.all():
        return count_cells(values[observed], arm[observed], block[observed], n_blocks)
    y, cell = values, block * 2 + arm
    size = 2 * n_blocks
    n = np.bincount(cell, minlength=size).astype(np.float64)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(cell, weights=y, minlength=size) / n
    squares = np.bincount(cell, weights=(y - mean[cell]) ** 2, minlength=size).astype(np.float64)
    shape = (n_blocks, 2)
    return Cells(n.reshape(shape), mean.reshape(shape), _without_rounding(squares, n, mean).reshape(shape))


def _count_two(values: FloatArray, arm: IntArray) -> Cells | None:
    """The same for one block, by deviations from a person of each arm; None where an arm is empty or a value lacks."""
    persons = [arm.argmin(), arm.argmax()] if len(arm) else [0, 0]
    if persons[0] == persons[1]:
        return None
    level = values[persons]
    drawn, total, squares = 0.0, np.zeros(2), np.zeros(2)
    for part in rows_in_parts(len(values), ROWS_OF_VALUES):
        treated = arm[part].astype(np.float64)
        away = values[part] - level[0]
        away -= (level[1] - level[0]) * treated
        own = (1 - treated, treated)
        drawn += float(treated.sum())
        total += own[0] @ away, own[1] @ away
        away *= away
        squares += own[0] @ away, own[1] @ away
    n = np.array([len(values) - drawn, drawn])
    gap = total / n
    mean = level + gap
    if not np.isfinite(mean).all():
        return None
    return Cells(n[None], mean[None], _without_rounding(squares - gap * total, n, mean)[None])


def _without_rounding(squares: FloatArray, n: FloatArray, mean: FloatArray) -> FloatArray:
    """Nought where a cell varies by no more than the rounding of its level."""
    return np.where(squares > n * (ROUNDING * mean) ** 2, squares, 0.0)
