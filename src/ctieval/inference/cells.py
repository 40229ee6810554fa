"""Counts, means and spread of outcomes in the cells of a design; a cell is one arm of one block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.inference.least_squares import rows_in_parts

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

    The deviations are taken from the cell's own mean in a second pass, so that a large common level costs
    no digits. Persons without a value (NaN) count in no cell.

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
    if n_blocks == 1 and arm.any() and not arm.all() and np.isfinite(values.sum()):
        return _count_two(values, arm)
    observed = ~np.isnan(values)
    y = values if observed.all() else values[observed]
    cell = block * 2 + arm
    cell = cell if observed.all() else cell[observed]
    size = 2 * n_blocks
    n = np.bincount(cell, minlength=size).astype(np.float64)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(cell, weights=y, minlength=size) / n
    squares = np.bincount(cell, weights=(y - mean[cell]) ** 2, minlength=size).astype(np.float64)
    shape = (n_blocks, 2)
    return Cells(n.reshape(shape), mean.reshape(shape), _without_rounding(squares, n, mean).reshape(shape))


def _count_two(values: FloatArray, arm: IntArray) -> Cells:
    """The same for two arms of one block, neither empty, without gaps: products with the arm, part by part."""
    drawn = int(arm.sum())
    size, total, squares = np.array([len(values) - drawn, drawn], dtype=np.float64), np.zeros(2), np.zeros(2)
    for part in rows_in_parts(len(values)):
        treated = arm[part].astype(np.float64)
        total += (1 - treated) @ values[part], treated @ values[part]
    mean = total / size
    for part in rows_in_parts(len(values)):
        treated = arm[part].astype(np.float64)
        away = values[part] - mean[0]
        away -= (mean[1] - mean[0]) * treated
        away *= away
        squares += (1 - treated) @ away, treated @ away
    return Cells(size[None], mean[None], _without_rounding(squares, size, mean)[None])


def _without_rounding(squares: FloatArray, n: FloatArray, mean: FloatArray) -> FloatArray:
    """Nought where a cell varies by no more than the rounding of its level."""
    return np.where(squares > n * (ROUNDING * mean) ** 2, squares, 0.0)
