"""Joint probabilities: how likely two persons are to come into two given arms together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.designs.quotas import Quotas, build_quotas
from ctieval.designs.rounding import enumerate_numbers
from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.domain.design import Design
from ctieval.domain.entrants import Entrants
from ctieval.errors import DesignError

LARGEST_MATRIX = 5_000
"""Persons times arms beyond which a matrix of all pairs would take hundreds of megabytes."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class JointProbabilities:
    """Probabilities of the arms of two units, which depend on their blocks alone.

    The numbers that come from two blocks depend on each other where shares leave remainders, since the arms balance
    over the blocks; every table of numbers that the rounding can give is kept here with its probability, so that
    nothing is approximated.

    Attributes:
        marginal: Probability of each arm of a unit, shape (blocks, arms).
        size: Units in each block, shape (blocks,).
        numbers: Tables that the rounding can give, shape (tables, blocks, arms); no table where each unit is drawn
            alone.
        weight: Probability of each table, shape (tables,).
    """

    marginal: FloatArray
    size: IntArray
    numbers: IntArray
    weight: FloatArray

    def within(self, block: int) -> FloatArray:
        r"""Return the probabilities of two different units of one block, shape (arms, arms).

        .. math:: \pi_{ac} = \frac{E[m_a m_c]}{n_b (n_b - 1)} \ (a \ne c), \quad
            \pi_{aa} = \frac{E[m_a (m_a - 1)]}{n_b (n_b - 1)}

        Args:
            block: Number of the block.

        Returns:
            Probability that one is in the arm of the row and the other in the arm of the column; NaN where the block
            has one unit.
        """
        if len(self.weight) == 0:
            return np.outer(self.marginal[block], self.marginal[block])
        m = self.numbers[:, block]
        pairs = np.einsum("t,ta,tc->ac", self.weight, m, m) - np.diag(self.weight @ m)
        n = self.size[block]
        return pairs / (n * (n - 1)) if n > 1 else np.full_like(pairs, np.nan)

    def between(self, one: int, other: int) -> FloatArray:
        r"""Return the probabilities of two units of different blocks, shape (arms, arms).

        .. math:: \pi_{ac} = \frac{E[m_{ba} m_{dc}]}{n_b n_d}

        Args:
            one: Number of the block of the first unit.
            other: Number of the block of the second.

        Returns:
            Probability that the first is in the arm of the row and the second in the arm of the column.
        """
        moments = np.einsum("t,ta,tc->ac", self.weight, self.numbers[:, one], self.numbers[:, other])
        return moments / (self.size[one] * self.size[other])

    def __repr__(self) -> str:
        """Name the size, never a person."""
        blocks, arms = self.marginal.shape
        return f"JointProbabilities({blocks} blocks, {arms} arms)"


def joint_probabilities(design: Design, entrants: Entrants) -> JointProbabilities:
    """Return the joint probabilities of a design by pair of blocks, exact for any number of blocks.

    Args:
        design: The declared design.
        entrants: The persons, in the order in which lots are dealt.

    Returns:
        Probabilities by block and by pair of blocks.

    Raises:
        DesignError: If the design cannot be conducted with these persons; see ``build_quotas``.

    Examples:
        >>> from ctieval.domain.design import Complete
        >>> joint_probabilities(Complete(2), Entrants.alike(6)).within(0)
        array([[0.4       , 0.26666667],
               [0.26666667, 0.06666667]])
    """
    return joint_by_quotas(build_quotas(design, entrants))


def joint_by_quotas(quotas: Quotas) -> JointProbabilities:
    """Return the joint probabilities of a design already laid upon those who enter it."""
    law = [] if quotas.alone else list(enumerate_numbers(quotas.target))
    shape = (len(law), len(quotas.size), quotas.arms)
    return JointProbabilities(
        marginal=np.array([[float(each) for each in row] for row in quotas.probability]),
        size=np.array(quotas.size),
        numbers=np.array([numbers for numbers, _ in law], dtype=np.int64).reshape(shape),
        weight=np.array([float(weight) for _, weight in law], dtype=np.float64),
    )


def joint_matrix(design: Design, entrants: Entrants) -> FloatArray:
    """Return the joint probabilities of all persons and arms as one matrix.

    Args:
        design: The declared design.
        entrants: The persons, n of them, in the order in which lots are dealt.

    Returns:
        Probability that the person and arm of the row come together with those of the column, shape (arms * n,
        arms * n): all persons in the control, then all in the intervention, and so on.

    Raises:
        DesignError: If the matrix would be too large, or if the design cannot be conducted with these persons; see
            ``build_quotas``.

    Examples:
        >>> from fractions import Fraction
        >>> from ctieval.domain.design import Simple
        >>> joint_matrix(Simple(Fraction(1, 4)), Entrants.alike(2))[2:, 2:]
        array([[0.25  , 0.0625],
               [0.0625, 0.25  ]])
    """
    quotas = build_quotas(design, entrants)
    if len(entrants) * quotas.arms > LARGEST_MATRIX:
        raise DesignError(
            what="the joint probabilities are too many for one matrix",
            where="the design",
            found=f"{len(entrants)} persons in {quotas.arms} arms",
            expected=f"at most {LARGEST_MATRIX} persons times arms",
            do="take joint_probabilities, which holds them by pair of blocks",
        )
    joint, members = joint_by_quotas(quotas), [np.flatnonzero(quotas.block == b) for b in range(len(quotas.size))]
    matrix = np.empty((quotas.arms, len(entrants), quotas.arms, len(entrants)))
    arms = np.arange(quotas.arms)
    for one, first in enumerate(members):
        for other, second in enumerate(members):
            found = joint.within(one) if one == other else joint.between(one, other)
            matrix[np.ix_(arms, first, arms, second)] = found[:, None, :, None]
    row, column = np.nonzero(quotas.unit[:, None] == quotas.unit)
    together = np.eye(quotas.arms)[None] * joint.marginal[quotas.block[row], :, None]
    matrix[:, row, :, column] = together
    return matrix.reshape(quotas.arms * len(entrants), -1)
