"""The design of an allocation in one line, as every result begins."""

from __future__ import annotations

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.design import (
    BiasedCoin,
    Blocked,
    BlockedClustered,
    Capacity,
    Clustered,
    Complete,
    Design,
    Intake,
    Matched,
    Minimised,
    PermutedBlocks,
    Rerandomised,
    Simple,
    WaitingList,
)


def learned_design(allocation: Allocation) -> str:
    """Return the design and the numbers that it gave.

    Args:
        allocation: The allocation, with its design.

    Returns:
        Such as ``blocked by municipality, 5 blocks; 480 drawn into the intervention, 898 into the control``.
    """
    control, first, *more = np.bincount(allocation.arm, minlength=len(allocation.arms.labels)).tolist()
    named = allocation.arms.intervention if more else "the intervention"
    others = "".join(f", {n} into {name}" for n, name in zip(more, allocation.arms.others, strict=True))
    sizes = f"{first} drawn into {named}{others}, {control} into the control"
    return f"{_kind(allocation.design, len(allocation.block_labels))}; {sizes}"


def _kind(design: Design | Intake, n_blocks: int) -> str:
    match design:
        case Simple() | Complete():
            said = type(design).__name__.lower()
        case Blocked():
            said = f"blocked by {design.block}, {n_blocks} blocks"
        case Capacity():
            said = f"places drawn by {design.block}, {n_blocks} blocks" if design.block else "places drawn"
        case Clustered():
            said = f"clusters of {design.cluster} drawn"
        case BlockedClustered():
            said = f"clusters of {design.cluster} drawn by {design.block}, {n_blocks} blocks"
        case Matched():
            said = f"drawn within {n_blocks} blocks of {design.size} matched on {', '.join(design.covariates)}"
        case WaitingList():
            said = f"waiting list of {design.weeks} weeks, {_kind(design.draw, n_blocks)}"
        case Rerandomised():
            said = f"{_kind(design.draw, n_blocks)}, repeated until alike on {', '.join(design.covariates)}"
        case PermutedBlocks() | BiasedCoin() | Minimised():
            said = f"one at a time, {_kind_of_intake(design, n_blocks)}"
    return said


def _kind_of_intake(design: Intake, n_blocks: int) -> str:
    if isinstance(design, Minimised):
        return f"minimising the imbalance of {', '.join(design.factors)}"
    dealt = "permuted blocks" if isinstance(design, PermutedBlocks) else "a biased coin"
    return f"by {dealt} within {design.stratum}, {n_blocks} strata" if design.stratum else f"by {dealt}"
