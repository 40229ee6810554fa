"""Horvitz-Thompson and Hájek: totals weighted by the probabilities of the design, and nothing fitted to data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ctieval.designs.joint import JointProbabilities
from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.errors import EstimationError
from ctieval.inference.estimable import check_finite
from ctieval.inference.estimate import Estimate


class Randomised(Protocol):
    """Units as they were drawn, with what the design says of every draw that it could have given."""

    @property
    def unit(self) -> IntArray:
        """Number of each person's unit from 0, shape (n,)."""
        ...

    @property
    def arm(self) -> IntArray:
        """Arm of each unit, shape (units,)."""
        ...

    @property
    def chance(self) -> FloatArray:
        """Probability of each arm of each unit, shape (units, arms)."""
        ...

    def variance_of_total(self, total: FloatArray, arm: int, reference: int) -> float:
        """Return Aronow and Middleton's variance estimate of the signed sum of totals over their probabilities."""
        ...


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Drawn:
    """The units of a design as they were drawn; a unit is a person, or a cluster where clusters are drawn.

    Attributes:
        unit: Number of each person's unit from 0, shape (n,).
        block: Number of each unit's block from 0, shape (units,).
        arm: Arm of each unit, shape (units,).
        joint: Marginal and joint probabilities of the design, by block.
    """

    unit: IntArray
    block: IntArray
    arm: IntArray
    joint: JointProbabilities

    @property
    def chance(self) -> FloatArray:
        """Probability of each arm of each unit, shape (units, arms)."""
        return self.joint.marginal[self.block]

    def variance_of_total(self, total: FloatArray, arm: int, reference: int) -> float:
        """Return Aronow and Middleton's variance estimate of the signed sum of totals over their probabilities."""
        return _variance_of_total(total, self, arm, reference)

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Drawn({len(self.arm)} units of {len(self.unit)} persons)"


def horvitz_thompson(values: FloatArray, drawn: Randomised, *, arm: int = 1, reference: int = 0) -> Estimate:
    r"""Difference of the totals that each arm stands for, divided by the persons drawn.

    .. math:: \hat\tau = \frac1n \Big( \sum_{i \in a} \frac{y_i}{\pi_{ia}} - \sum_{i \in c} \frac{y_i}{\pi_{ic}} \Big)

    Unbiased in every design whose probabilities are known and positive, also where sizes of clusters differ. With
    :math:`\pi_{ij}` the joint probability of two units and their arms, the variance

    .. math::
        \widehat V = \frac1{n^2} \Big( \sum_{i, j} \frac{\pi_{ij} - \pi_i \pi_j}{\pi_{ij}}
        \frac{\pm y_i}{\pi_i} \frac{\pm y_j}{\pi_j} + B \Big)

    has in B the bound by Young's inequality on every pair that can never be seen together, that of the two outcomes of
    one unit among them; it is never too small on average.

    Args:
        values: Outcome, shape (n,); every person has a value.
        drawn: The units and their probabilities.
        arm: The arm.
        reference: The arm that it is compared with.

    Returns:
        Estimate with a normal reference.

    Raises:
        EstimationError: If a value is infinite or missing.
        EstimationError: If a unit could not have come into one of the arms.

    References:
        Aronow, P. M. & Middleton, J. A. (2013). A class of unbiased estimators of the average treatment effect in
        randomized experiments. Journal of Causal Inference 1(1), 135-154, doi:10.1515/jci-2012-0009.

    Examples:
        >>> from ctieval.designs.joint import joint_probabilities
        >>> from ctieval.domain.design import Complete
        >>> from ctieval.domain.entrants import Entrants
        >>> joint = joint_probabilities(Complete(2), Entrants.alike(4))
        >>> drawn = Drawn(np.arange(4), np.zeros(4, int), np.array([0, 0, 1, 1]), joint)
        >>> horvitz_thompson(np.array([1.0, 2.0, 3.0, 6.0]), drawn).estimate
        3.0
    """
    check_finite(values)
    _check_probabilities(drawn, arm, reference)
    missing = int(np.isnan(values).sum())
    if missing:
        raise EstimationError(
            what="Horvitz-Thompson needs an outcome of everybody drawn",
            where="the outcome",
            found=f"{missing} persons without a value",
            expected="a value of every person",
            do="take the Hájek estimator, which compares weighted means of those who have a value",
        )
    n = len(values)
    total = _sum_by(drawn.unit, values, len(drawn.arm))
    weighted = expand(total, drawn, arm, reference)
    return Estimate(float(weighted.sum()) / n, drawn.variance_of_total(total, arm, reference) / n**2, np.inf)


def hajek(values: FloatArray, drawn: Randomised, *, arm: int = 1, reference: int = 0) -> Estimate:
    r"""Difference of the means of the arms, each person weighted by one over the probability of her arm.

    .. math::
        \hat\tau = \hat\mu_a - \hat\mu_c, \qquad
        \hat\mu_a = \frac{\sum_{i \in a} y_i / \pi_{ia}}{\sum_{i \in a} 1 / \pi_{ia}}

    Adding a constant to the outcome changes nothing, as it does in Horvitz-Thompson's estimate; in return it is
    consistent and not exactly unbiased. The variance is Horvitz-Thompson's of the residuals, each arm's divided by its
    estimated size, times m / (m - 1) over the m units compared, so that a complete draw gives Neyman's. Persons without
    a value are left out of both.

    Args:
        values: Outcome, shape (n,); NaN where not observed.
        drawn: The units and their probabilities.
        arm: The arm.
        reference: The arm that it is compared with.

    Returns:
        Estimate with a normal reference.

    Raises:
        EstimationError: If a value is infinite.
        EstimationError: If nobody has a value in one of the arms.
        EstimationError: If a unit could not have come into one of the arms.

    References:
        Särndal, C.-E., Swensson, B. & Wretman, J. (1992). Model Assisted Survey Sampling, 5.7. Springer.

    Examples:
        >>> from ctieval.designs.joint import joint_probabilities
        >>> from ctieval.domain.design import Complete
        >>> from ctieval.domain.entrants import Entrants
        >>> joint = joint_probabilities(Complete(2), Entrants.alike(4))
        >>> drawn = Drawn(np.arange(4), np.zeros(4, int), np.array([0, 0, 1, 1]), joint)
        >>> hajek(np.array([1.0, 2.0, 3.0, np.nan]), drawn).estimate
        1.5
    """
    check_finite(values)
    _check_probabilities(drawn, arm, reference)
    observed = ~np.isnan(values)
    residual, mean = np.zeros(len(values)), [0.0, 0.0]
    chance = chance_of_own(drawn)[drawn.unit]
    for place, each in enumerate((reference, arm)):
        mine = observed & (drawn.arm == each)[drawn.unit]
        if not mine.any():
            raise EstimationError(
                what="the effect cannot be estimated",
                where=f"arm {each}",
                found="nobody with a value",
                expected="persons with a value in both arms",
                do="include more persons, or leave the arm out of the comparison",
            )
        size = float((1 / chance[mine]).sum())
        mean[place] = float((values[mine] / chance[mine]).sum()) / size
        residual[mine] = (values[mine] - mean[place]) / size
    total = _sum_by(drawn.unit, residual, len(drawn.arm))
    units = len(np.unique(drawn.unit[observed & ((drawn.arm == arm) | (drawn.arm == reference))[drawn.unit]]))
    variance = drawn.variance_of_total(total, arm, reference) * units / (units - 1)
    return Estimate(mean[1] - mean[0], variance, np.inf)


def _sum_by(number: IntArray, values: FloatArray, size: int) -> FloatArray:
    return np.bincount(number, weights=values, minlength=size).astype(np.float64)


def _check_probabilities(drawn: Randomised, arm: int, reference: int) -> None:
    marginal = drawn.chance[:, [arm, reference]]
    impossible = int((marginal <= 0).any(axis=1).sum())
    if impossible:
        raise EstimationError(
            what="the effect cannot be estimated on those who could not be drawn",
            where=f"arms {reference} and {arm}",
            found=f"{impossible} units that could not have come into one of the arms",
            expected="a positive probability of both arms for every unit",
            do="leave out those whose arm was certain; they are no part of the comparison",
        )


def expand(total: FloatArray, drawn: Randomised, arm: int, reference: int) -> FloatArray:
    """Return signed totals over the probability of the arm, shape (units,); 0 for a unit of a third arm."""
    sign = (drawn.arm == arm).astype(np.float64) - (drawn.arm == reference)
    return sign * total / chance_of_own(drawn)


def chance_of_own(drawn: Randomised) -> FloatArray:
    """Return the probability of the arm that each unit came into, shape (units,)."""
    return drawn.chance[np.arange(len(drawn.arm)), drawn.arm]


def _variance_of_total(total: FloatArray, drawn: Drawn, arm: int, reference: int) -> float:
    """Aronow and Middleton's variance estimate of the sum of the expanded totals."""
    blocks, two = len(drawn.joint.size), (reference, arm)
    expanded = expand(total, drawn, arm, reference)
    chance = chance_of_own(drawn)
    cell = 2 * drawn.block + (drawn.arm == arm)
    among = (drawn.arm == arm) | (drawn.arm == reference)

    def by_cell(each: FloatArray) -> FloatArray:
        return _sum_by(cell[among], each[among], 2 * blocks).reshape(blocks, 2)

    sums, squares, raw = by_cell(expanded), by_cell(expanded**2), by_cell(total**2 / chance)
    own = float(((1 - chance) * expanded**2 + total**2 / chance)[among].sum())
    return own + _within_blocks(drawn.joint, two, sums, squares, raw) + _between_blocks(drawn.joint, two, sums)


def _within_blocks(
    joint: JointProbabilities, two: tuple[int, int], sums: FloatArray, squares: FloatArray, raw: FloatArray
) -> float:
    """Pairs of different units of one block; a pair that is never seen is bounded by Young's inequality."""
    found = 0.0
    for block in np.flatnonzero(joint.size > 1).tolist():
        together = joint.within(block)[np.ix_(two, two)]
        apart = np.outer(joint.marginal[block, two], joint.marginal[block, two])
        pairs = np.outer(sums[block], sums[block]) - np.diag(squares[block])
        seen = together > 0
        found += float((np.where(seen, 1 - apart / np.where(seen, together, 1.0), 0.0) * pairs).sum())
        bound = np.where(seen, 0.0, raw[block][:, None] + raw[block][None, :]).sum() / 2
        found += float(bound) * float(joint.size[block] - 1)
    return found


def _between_blocks(joint: JointProbabilities, two: tuple[int, int], sums: FloatArray) -> float:
    """Pairs of units of different blocks, which depend on each other only where shares leave remainders."""
    if len(joint.weight) < 2:
        return 0.0
    numbers = joint.numbers[:, :, two]
    share = numbers / joint.size[None, :, None]
    together = np.einsum("t,tba,tdc->badc", joint.weight, share, share)
    marginal = joint.marginal[:, two]
    ratio = 1 - np.einsum("ba,dc->badc", marginal, marginal) / np.where(together > 0, together, 1.0)
    own = np.arange(len(joint.size))
    ratio[own, :, own, :] = 0.0
    return float(np.einsum("badc,ba,dc->", np.where(together > 0, ratio, 0.0), sums, sums))
