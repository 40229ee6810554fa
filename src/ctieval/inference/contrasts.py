"""All pairs of several arms, each compared by its own two arms."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.inference.small_blocks import BlockedEstimate, BlockWeight, block_share, hybrid_difference


@dataclass(frozen=True, slots=True, eq=False)
class Contrast:
    """The effect of one arm against another.

    Attributes:
        arm: Number of the arm.
        reference: Number of the arm that it is compared with, always the lower one.
        found: The effect.
    """

    arm: int
    reference: int
    found: BlockedEstimate


def pairwise_differences(
    values: FloatArray,
    arm: IntArray,
    block: IntArray,
    labels: tuple[str, ...],
    *,
    n_arms: int,
    weight: BlockWeight = BlockWeight.PERSONS,
) -> tuple[Contrast, ...]:
    r"""Difference in means for each pair of arms.

    .. math:: \hat\tau_{ac} = \sum_b w_b (\bar y_{ba} - \bar y_{bc})

    Means and variance rest on the persons of the two arms alone. The weights of the blocks come from everybody drawn,
    whichever arm they are in, so that all contrasts speak of the same persons and add up:
    :math:`\hat\tau_{ac} = \hat\tau_{ae} + \hat\tau_{ec}`.

    Args:
        values: Outcome, shape (n,), any unit; NaN where not observed.
        arm: Number of the arm, 0 for the control, shape (n,).
        block: Number of the block from 0, shape (n,).
        labels: Label of each block; one empty label where there is one pool.
        n_arms: Number of arms.
        weight: What counts once in the average over blocks.

    Returns:
        The contrasts, those with the control first.

    Raises:
        EstimationError: As ``hybrid_difference``, for the arms of any pair.

    References:
        Imbens, G. W. & Rubin, D. B. (2015). Causal Inference for Statistics, Social, and Biomedical Sciences, chs. 6
        and 9. Cambridge University Press.

    Examples:
        >>> y, arm = np.array([1.0, 3, 4, 6, 9, 9]), np.array([0, 0, 1, 1, 2, 2])
        >>> found = pairwise_differences(y, arm, np.zeros(6, int), ("",), n_arms=3)
        >>> [(each.arm, each.reference, each.found.total.estimate) for each in found]
        [(1, 0, 3.0), (2, 0, 7.0), (2, 1, 4.0)]
    """
    share = block_share(values, block, len(labels), weight)
    found: list[Contrast] = []
    for low, high in combinations(range(n_arms), 2):
        among = (arm == low) | (arm == high)
        one = hybrid_difference(values[among], (arm[among] == high).astype(np.int64), block[among], labels, share=share)
        found.append(Contrast(high, low, one))
    return tuple(found)
