"""Counts, means and spread of outcomes in the cells of a design; a cell is one arm of one block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import FloatArray, IntArray


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
    return Cells(n.reshape(shape), mean.reshape(shape), squares.reshape(shape))
