"""What a design draws, persons or clusters, how many of each block, and whether it fixes their number."""

from __future__ import annotations

import numpy as np

from ctieval.designs.quotas import Quotas, build_quotas
from ctieval.domain.allocation import Allocation, Declared
from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.domain.balance_table import RatioBasis
from ctieval.domain.design import (
    BiasedCoin,
    Design,
    Minimised,
    PermutedBlocks,
    Rerandomised,
    Simple,
)
from ctieval.errors import DesignError


def count_units(allocation: Allocation) -> tuple[IntArray, FloatArray]:
    """Count what was drawn by block and arm.

    Args:
        allocation: The arms and their design.

    Returns:
        Persons, or clusters where those are drawn, and the probability of each arm, both of shape (blocks, arms).
    """
    units = np.arange(len(allocation.arm))
    if len(allocation.cluster_labels) > 1:
        _, units = np.unique(allocation.cluster, return_index=True)
    shape = (len(allocation.block_labels), len(allocation.arms.labels))
    drawn = np.zeros(shape, dtype=np.int64)
    np.add.at(drawn, (allocation.block[units], allocation.arm[units]), 1)
    probability = np.zeros(shape)
    np.add.at(probability, allocation.block[units], allocation.probability[units])
    return drawn, probability / np.maximum(drawn.sum(axis=1, keepdims=True), 1)


def lay_quotas(design: Design, allocation: Allocation) -> Quotas | None:
    """Lay a design upon the persons of an allocation, with the blocks that it formed.

    Args:
        design: The design.
        allocation: The arms, with their blocks and clusters.

    Returns:
        The quotas, or None where these persons are no longer as many as it draws, since somebody has left the data.
    """
    try:
        quotas = build_quotas(design, allocation.entrants)
    except DesignError:
        return None
    drawn, _ = count_units(allocation)
    target = np.array([[float(cell) for cell in row] for row in quotas.target])
    if quotas.alone or (drawn.shape == target.shape and np.abs(drawn - target).max() < 1):
        return quotas
    return None


def fixes_numbers(quotas: Quotas) -> bool:
    """Tell whether every way to draw the same numbers of persons of each block is equally likely, and no other can be.

    A remainder of a share leaves the numbers to chance, and a cluster holds its persons together.
    """
    whole = all(cell.denominator == 1 for row in quotas.target for cell in row)
    return whole and not quotas.alone and quotas.cluster_labels == ("",)


def ratio_basis(allocation: Allocation) -> RatioBasis:
    """Tell what the numbers drawn are held against."""
    design = allocation.design
    if isinstance(design, Simple | PermutedBlocks | BiasedCoin | Minimised):
        return RatioBasis.CHANCE
    if lay_quotas(design.draw if isinstance(design, Rerandomised) else design, allocation) is None:
        return RatioBasis.CHANCE
    return RatioBasis.AS_FOUND if isinstance(allocation.proof, Declared) else RatioBasis.FIXED
