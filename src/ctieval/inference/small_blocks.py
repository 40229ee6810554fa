"""Blocks with a single person in an arm: their variance is taken from how far their effects lie apart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.errors import EstimationError
from ctieval.inference.cells import count_cells
from ctieval.inference.estimable import check_finite, name_blocks
from ctieval.inference.estimate import Estimate, quadratic_form_df, satterthwaite


class BlockWeight(StrEnum):
    """What counts once in an average over blocks, and so what is estimated.

    ``PERSONS``: each person; a large block counts for more. ``BLOCKS``: each block; a person of a small block counts
    for more.
    """

    PERSONS = "ate_persons"
    BLOCKS = "ate_blocks"


@dataclass(frozen=True, slots=True, eq=False)
class BlockedEstimate:
    """An effect averaged over blocks.

    Attributes:
        total: The average effect, its variance and degrees of freedom.
        effect: Effect in each block, shape (blocks,), in the unit of the outcome.
        share: Weight of each block in the average, shape (blocks,); they add up to 1.
        n: Persons with a value in each block, shape (blocks, 2): control, intervention.
        pooled: True for a block whose variance was taken from the spread of effects, shape (blocks,).
    """

    total: Estimate
    effect: FloatArray
    share: FloatArray
    n: FloatArray
    pooled: BoolArray


def block_share(values: FloatArray, block: IntArray, n_blocks: int, weight: BlockWeight) -> FloatArray:
    """Return the weight of each block in the average effect.

    Args:
        values: Outcome of everybody drawn, in whichever arm, shape (n,); NaN where not observed.
        block: Number of the block from 0, shape (n,).
        n_blocks: Number of blocks.
        weight: What counts once.

    Returns:
        Shares that add up to 1, shape (blocks,).

    Examples:
        >>> block_share(np.array([1.0, 2.0, 3.0, np.nan]), np.array([0, 0, 1, 1]), 2, BlockWeight.PERSONS).round(3)
        array([0.667, 0.333])
    """
    n = np.bincount(block[~np.isnan(values)], minlength=n_blocks).astype(np.float64)
    counted = n if weight is BlockWeight.PERSONS else (n > 0).astype(np.float64)
    return counted / counted.sum()


def hybrid_difference(
    values: FloatArray, arm: IntArray, block: IntArray, labels: tuple[str, ...], *, share: FloatArray | None = None
) -> BlockedEstimate:
    r"""Difference in means within blocks, also where blocks have a single person in an arm.

    .. math::
        \hat\tau = \sum_b w_b (\bar y_{b1} - \bar y_{b0}), \qquad
        \widehat V = \sum_{b\ \text{large}} w_b^2 \Big(\frac{s_{b1}^2}{n_{b1}} + \frac{s_{b0}^2}{n_{b0}}\Big)
        + \widehat V_\text{small}

    A block is small where an arm of it has one person. The variance of the small blocks comes from ``pool_blocks``. The
    estimate is unbiased, and its variance never too small on average, in every design that draws within blocks; without
    small blocks both are those of ``blocked_difference``.

    Args:
        values: Outcome, shape (n,), any unit; NaN where not observed.
        arm: 0 or 1, shape (n,).
        block: Number of the block from 0, shape (n,).
        labels: Label of each block; one empty label where there is one pool.
        share: Weight of each block, shape (blocks,); its share of the persons with a value if None.

    Returns:
        The average effect, the effects of the blocks, and which were pooled.

    Raises:
        EstimationError: If a value is infinite.
        EstimationError: If nobody has a value in an arm of a block.
        EstimationError: If there is exactly one small block.

    References:
        Pashley, N. E. & Miratrix, L. W. (2021). Insights on variance estimation for blocked and matched pairs designs.
        Journal of Educational and Behavioral Statistics 46(3), 271-296, doi:10.3102/1076998620946272.

    Examples:
        Three pairs beside a block of four.

        >>> y = np.array([1.0, 2, 4, 3, 6, 7, 1, 2, 3, 6])
        >>> arm = np.array([0, 1, 0, 1, 0, 1, 0, 0, 1, 1])
        >>> block = np.array([0, 0, 1, 1, 2, 2, 3, 3, 3, 3])
        >>> found = hybrid_difference(y, arm, block, ("A", "B", "C", "D"))
        >>> round(found.total.estimate, 12), found.pooled
        (1.4, array([ True,  True,  True, False]))
    """
    check_finite(values)
    cells = count_cells(values, arm, block, len(labels))
    check_cells(cells.n, labels, "person")
    weight = cells.n.sum(axis=1) / cells.n.sum() if share is None else share
    effect = cells.mean[:, 1] - cells.mean[:, 0]
    small = (cells.n == 1).any(axis=1)
    large = ~small
    part = weight[large, None] ** 2 * cells.squares[large] / (cells.n[large] - 1) / cells.n[large]
    pooled = _pool(effect, weight, (1 / cells.n).sum(axis=1), small)
    total = Estimate(
        float(weight @ effect),
        float(part.sum()) + pooled.variance,
        satterthwaite(np.append(part, pooled.variance), np.append(cells.n[large] - 1, pooled.df)),
    )
    return BlockedEstimate(total, effect, weight, cells.n, small)


def check_cells(n: FloatArray, labels: tuple[str, ...], unit: str) -> None:
    """Refuse blocks that cannot be compared.

    Args:
        n: Units with a value, shape (blocks, 2).
        labels: Label of each block.
        unit: What is counted: person or cluster.

    Raises:
        EstimationError: If an arm of a block has no unit.
        EstimationError: If exactly one block has an arm of one unit.
    """
    empty, small = (n == 0).any(axis=1), (n == 1).any(axis=1)
    if empty.any():
        raise EstimationError(
            what="the effect cannot be estimated in a block",
            where=name_blocks(empty, labels),
            found=f"no {unit} with a value in an arm of {int(empty.sum())} of {len(n)} blocks",
            expected=f"a {unit} with a value in each arm of each block",
            do="merge the block with one that resembles it, both in the data and in the declared design",
        )
    if small.sum() == 1:
        raise EstimationError(
            what="the uncertainty of the effect cannot be estimated in a block",
            where=name_blocks(small, labels),
            found=f"one {unit} with a value in an arm, and no other block like it",
            expected=f"two {unit}s in each arm of each block, or two blocks or more that have an arm of one {unit}",
            do="merge the block with one that resembles it, both in the data and in the declared design",
        )


def pool_blocks(effect: FloatArray, weight: FloatArray, working: FloatArray) -> Estimate:
    r"""Weighted sum of the effects of small blocks, with its variance from their spread.

    With :math:`\omega_k = w_k / \sum_j w_j` and :math:`\bar\tau = \sum_k \omega_k \hat\tau_k`,

    .. math::
        \widehat V = \Big(\sum_j w_j\Big)^2 \sum_k a_k (\hat\tau_k - \bar\tau)^2, \quad
        a_k = \frac{\omega_k^2}{1 - 2 \omega_k} \Big/ \Big(1 + \sum_j \frac{\omega_j^2}{1 - 2 \omega_j}\Big)

    It is unbiased where the small blocks have the same effect, and otherwise too large on average. For pairs, and all
    blocks that weigh alike, it is the variance of the mean of their effects. Where one block weighs half or more there
    is no such form, and :math:`(\max_k \omega_k)^2 K / (K - 1) \sum_k (\hat\tau_k - \sum_j \hat\tau_j / K)^2` is taken,
    which is never too small on average either.

    Args:
        effect: Effects of the blocks, shape (K,), at least two.
        weight: Their weights, shape (K,).
        working: Variances of the effects up to a common factor, for the degrees of freedom, shape (K,).

    Returns:
        The weighted sum of the effects, its variance and degrees of freedom.

    References:
        Pashley, N. E. & Miratrix, L. W. (2021), eq. 8, the hybrid plug-in estimator.

    Examples:
        >>> found = pool_blocks(np.array([1.0, 2.0, 6.0]), np.full(3, 1 / 3), np.ones(3))
        >>> round(found.estimate, 12), round(found.variance, 12), round(found.df, 12)
        (3.0, 2.333333333333, 2.0)
    """
    whole = float(weight.sum())
    omega = weight / whole
    if omega.max() < 1 / 2:
        own = omega**2 / (1 - 2 * omega)
        coef, centre = own / (1 + own.sum()), omega
    else:
        blocks = len(effect)
        coef, centre = np.full(blocks, omega.max() ** 2 * blocks / (blocks - 1)), np.full(blocks, 1 / blocks)
    variance = whole**2 * float(coef @ (effect - centre @ effect) ** 2)
    return Estimate(float(weight @ effect), variance, quadratic_form_df(coef, centre, working))


def _pool(effect: FloatArray, weight: FloatArray, working: FloatArray, small: BoolArray) -> Estimate:
    if not small.any():
        return Estimate(0.0, 0.0, np.inf)
    return pool_blocks(effect[small], weight[small], working[small])
