"""What the baseline columns would have looked like in every draw, or in many, that the design could have given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from ctieval.assignment.balance.means import Panel, compare_arms
from ctieval.domain.arrays import FloatArray, IntArray

Batch: TypeAlias = tuple[IntArray, FloatArray]
"""Assignments, shape (r, n), and the probability of each, shape (r,)."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Reference:
    """Differences of the arms over the draws of the design.

    Attributes:
        weight: Probabilities of the draws, shape (m,), that add up to 1.
        mean: Differences of the means, in spreads of each column, shape (m, interventions, k).
        std: Standardised differences, same shape; NaN where there is none.
        std_error: Standard deviations of ``mean`` over the draws, shape (interventions, k).
    """

    weight: FloatArray
    mean: FloatArray
    std: FloatArray
    std_error: FloatArray

    def __repr__(self) -> str:
        """Name the size."""
        return f"Reference({self.mean.shape[0]} draws, {self.mean.shape[2]} columns)"


def gather(panel: Panel, batches: Iterable[Batch]) -> Reference:
    """Compare the arms in every draw; what is kept of one is two numbers a column, and nobody's arm."""
    weights, means, stds = [np.empty(0)], [], []
    for arms, weight in batches:
        found = compare_arms(panel, arms)
        weights.append(weight)
        means.append(found.mean)
        stds.append(found.std)
    weight, mean = np.concatenate(weights), np.concatenate(means)
    variance = np.tensordot(weight, (mean - np.tensordot(weight, mean, 1)) ** 2, 1)
    return Reference(weight, mean, np.concatenate(stds), np.sqrt(variance))
