"""Means over simulated draws, with their Monte Carlo error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import FloatArray

EXACT = 0
"""Number of draws simulated where none had to be."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Simulated:
    """Means over simulated draws, with their Monte Carlo error.

    Attributes:
        mean: Means; the shape is that of what was simulated.
        std_error: Their Monte Carlo standard errors, of the same shape; 0 where the means are exact.
        replicates: Number of draws simulated; ``EXACT`` where the means are exact.
    """

    mean: FloatArray
    std_error: FloatArray
    replicates: int

    def __repr__(self) -> str:
        """Name the size, never a person."""
        how = "exact" if self.replicates == EXACT else f"{self.replicates} draws"
        return f"Simulated({self.mean.shape}, {how})"


def to_exact(mean: FloatArray) -> Simulated:
    """Return means that needed no simulation."""
    return Simulated(mean, np.zeros_like(mean), EXACT)


def summarise(total: FloatArray, squares: FloatArray, replicates: int) -> Simulated:
    r"""Summarise the sums of what was simulated and of its squares.

    .. math:: \bar x = \frac{1}{R} \sum_r x_r, \quad \mathrm{se} = \sqrt{\frac{\sum_r x_r^2 / R - \bar x^2}{R - 1}}

    Args:
        total: Sums, any shape.
        squares: Sums of squares, same shape.
        replicates: Number of draws R, 2 or more.

    Returns:
        The means.

    Examples:
        >>> summarise(np.array([2.0]), np.array([2.0]), 4).std_error
        array([0.28867513])
    """
    mean = total / replicates
    variance = np.maximum(squares / replicates - mean**2, 0) / (replicates - 1)
    return Simulated(mean, np.sqrt(variance), replicates)
