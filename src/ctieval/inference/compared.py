"""Whom a design compares: those of two arms who could have come into every arm, within the blocks of the draw."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arms import ArmPair
from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.domain.design import Matched, blocked_by, drawn_by
from ctieval.errors import EstimationError
from ctieval.inference.estimable import MOST_NAMED
from ctieval.inference.small_blocks import BlockWeight, block_share


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Compared:
    """Those who could have come into every arm.

    Attributes:
        arm: Number of the arm, shape (n,).
        block: Number of the block from 0, shape (n,); all 0 where nothing was drawn within blocks.
        labels: Label of each block; one empty label where there is one pool.
        cluster: Number of the cluster that was drawn whole, shape (n,); None where persons were drawn.
        matched: True where the design formed the blocks.
    """

    arm: IntArray
    block: IntArray
    labels: tuple[str, ...]
    cluster: IntArray | None
    matched: bool

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Compared({len(self.arm)} persons in {len(self.labels)} blocks)"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TwoArms:
    """One outcome of the persons of two arms.

    Attributes:
        rows: Which of those compared they are, shape (n,).
        values: The outcome, shape (n,); NaN where not observed.
        arm: 0 for the reference and 1 for the arm, shape (n,).
        block: Number of the block from 0, shape (n,).
        labels: Label of each block.
        cluster: Number of the cluster, shape (n,), or None.
        share: Weight of each block in the average, from the persons of all arms who have a value, shape (blocks,).
        left_out: Persons with a value in matched blocks that have none in one of the two arms.
    """

    rows: IntArray
    values: FloatArray
    arm: IntArray
    block: IntArray
    labels: tuple[str, ...]
    cluster: IntArray | None
    share: FloatArray
    left_out: int

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"TwoArms({len(self.arm)} persons in {len(self.labels)} blocks)"


def compare(allocation: Allocation) -> Compared:
    """Leave out the blocks in which there was nothing to draw.

    Args:
        allocation: The allocation, with its design.

    Returns:
        The persons of ``allocation.compared``, in that order, their blocks numbered anew.
    """
    kept = allocation.compared
    arm, matched = allocation.arm[kept], isinstance(drawn_by(allocation.design), Matched)
    cluster = allocation.cluster[kept] if allocation.cluster_labels != ("",) else None
    if not (blocked_by(allocation.design) or matched):
        return Compared(arm, np.zeros_like(arm), ("",), cluster, matched)
    number, block = np.unique(allocation.block[kept], return_inverse=True)
    return Compared(arm, block, tuple(allocation.block_labels[each] for each in number), cluster, matched)


def take_pair(values: FloatArray, compared: Compared, pair: ArmPair, weight: BlockWeight, where: str) -> TwoArms:
    """Take the persons of two arms, with the weights of the blocks that everybody gives.

    A matched block without a value in either arm says nothing of the effect; it is left out and its persons counted.

    Args:
        values: The outcome of all compared, shape (n,); NaN where not observed.
        compared: The persons.
        pair: The two arms.
        weight: What counts once in the average over blocks.
        where: Where the outcome stands, for the message.

    Returns:
        The persons of the two arms.

    Raises:
        EstimationError: If an arm of a block has nobody, or no cluster, with a value, or one block alone a single one.
    """
    rows, left_out = np.arange(len(values)), 0
    if compared.matched:
        rows, compared, left_out = _keep_whole_blocks(values, compared, pair)
        values = values[rows]
    _check_counts(_count_units(values, compared, pair), compared, where)
    among = (compared.arm == pair.arm) | (compared.arm == pair.reference)
    return TwoArms(
        rows[among],
        values[among],
        (compared.arm[among] == pair.arm).astype(np.int64),
        compared.block[among],
        compared.labels,
        None if compared.cluster is None else compared.cluster[among],
        block_share(values, compared.block, len(compared.labels), weight),
        left_out,
    )


def check_two_arms(allocation: Allocation) -> None:
    """Refuse several interventions, of which each needs an analysis of its own.

    Args:
        allocation: The allocation.

    Raises:
        EstimationError: If there are more arms than two.
    """
    arms = len(allocation.arms.labels)
    if arms != 2:
        raise EstimationError(
            what="this analysis compares one intervention with the control",
            where="the arms",
            found=f"{arms} arms",
            expected="two arms",
            do="take the persons of two arms, Allocation.between, or use the method difference",
        )


def _keep_whole_blocks(values: FloatArray, compared: Compared, pair: ArmPair) -> tuple[IntArray, Compared, int]:
    """The persons of matched blocks in which both arms have a value, and how many with one the others hold."""
    counts = _count_persons(values, compared, pair)
    whole: BoolArray = np.all(counts > 0, axis=1)
    kept = whole[compared.block]
    block = (np.cumsum(whole) - 1)[compared.block[kept]]
    labels = tuple(label for label, stays in zip(compared.labels, whole, strict=True) if stays)
    rest = replace(compared, arm=compared.arm[kept], block=block, labels=labels)
    return np.flatnonzero(kept), rest, int(counts[~whole].sum())


def _count_persons(values: FloatArray, compared: Compared, pair: ArmPair) -> IntArray:
    """Persons with a value in the two arms of each block, shape (blocks, 2)."""
    observed = ~np.isnan(values)
    numbers = [np.bincount(compared.block[observed & (compared.arm == each)], minlength=len(compared.labels))
               for each in (pair.reference, pair.arm)]  # fmt: skip
    return np.column_stack(numbers)


def _count_units(values: FloatArray, compared: Compared, pair: ArmPair) -> IntArray:
    """Persons, or clusters where those were drawn, with a value in the two arms of each block, shape (blocks, 2)."""
    if compared.cluster is None:
        return _count_persons(values, compared, pair)
    known = np.flatnonzero(~np.isnan(values))
    cell = compared.block * (compared.arm.max(initial=0) + 1) + compared.arm
    place = cell * (compared.cluster.max(initial=0) + 1) + compared.cluster
    _, first = np.unique(place[known], return_index=True)
    one = np.full(len(values), np.nan)
    one[known[first]] = 1.0
    return _count_persons(one, compared, pair)


def _check_counts(counts: IntArray, compared: Compared, where: str) -> None:
    """Refuse an arm without units, and one block alone with a single unit in an arm: nothing tells how it varies."""
    empty, single = counts == 0, (counts == 1).any(axis=1)
    if counts.size and not empty.any() and single.sum() != 1:
        return
    few, unit = counts < 2, "person" if compared.cluster is None else "cluster"
    short = f"{int(few.sum())} {'arm' if few.sum() == 1 else 'arms'} with fewer than two {unit}s with a value"
    named = [label for label, cells in zip(compared.labels, few, strict=True) if cells.any()]
    raise EstimationError(
        what="the uncertainty of the effect cannot be estimated",
        where=where + (f", block {', '.join(named[:MOST_NAMED])}" if any(named) else ""),
        found=short if counts.size else "no matched block with a value in both arms",
        expected=f"at least two {unit}s with a value in each arm of each block, or several blocks with a single one",
        do="merge the block with one that resembles it, both in the data and in the declared design",
    )
