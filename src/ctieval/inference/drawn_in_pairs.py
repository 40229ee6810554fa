"""Units of a design whose joint probabilities differ from pair to pair, exact or simulated."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ctieval.designs.simulated import EXACT, Simulated
from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.inference.horvitz_thompson import chance_of_own, expand


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DrawnInPairs:
    """The units of a design as they were drawn, each pair with probabilities of its own.

    Attributes:
        unit: Number of each person's unit from 0, shape (n,).
        arm: Arm of each unit, shape (units,).
        joint: Probability of each pair of arms of each pair of units, shape (units, arms, units, arms); a unit's with
            itself are its own on the diagonal, and 0 off it.
    """

    unit: IntArray
    arm: IntArray
    joint: Simulated

    @property
    def chance(self) -> FloatArray:
        """Probability of each arm of each unit, shape (units, arms)."""
        return _own(self.joint.mean)

    def variance_of_total(self, total: FloatArray, arm: int, reference: int) -> float:
        """Return Aronow and Middleton's variance estimate of the signed sum of totals over their probabilities.

        Pairs that can never be seen together, or that no simulated draw showed, are bounded by Young's inequality.
        """
        units = np.flatnonzero((self.arm == arm) | (self.arm == reference))
        own, chance = self.arm[units], chance_of_own(self)[units]
        expanded, squares = expand(total, self, arm, reference)[units], total[units] ** 2 / chance
        with_all = self.joint.mean[units, own][:, :, [reference, arm]]
        together = with_all[:, units, (own == arm).astype(np.int64)]
        seen = together > 0
        apart = np.outer(chance, chance) / np.where(seen, together, 1.0)
        never = (with_all == 0).sum(axis=(1, 2))
        return float(expanded @ np.where(seen, 1 - apart, 0.0) @ expanded + squares @ never)

    def monte_carlo_error(self, total: FloatArray, arm: int, reference: int) -> float:
        r"""Return the error of a signed sum of totals that comes from simulated probabilities.

        .. math:: \Big(\sum_i (y_i / \hat\pi_i^2)^2 \, \mathrm{se}(\hat\pi_i)^2\Big)^{1/2}

        to first order, the errors of the units taken as independent; 0 where the probabilities are exact.
        """
        if self.joint.replicates == EXACT:
            return 0.0
        moved = expand(total, self, arm, reference) / chance_of_own(self)
        error = _own(self.joint.std_error)[np.arange(len(self.arm)), self.arm]
        return math.sqrt(float(moved**2 @ error**2))

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"DrawnInPairs({len(self.arm)} units of {len(self.unit)} persons)"


def _own(pairs: FloatArray) -> FloatArray:
    """Each unit's own, shape (units, arms)."""
    return np.einsum("iaia->ia", pairs)
