"""Arms dealt anew, so that a whole analysis can be run, read and mended before the true arms are opened."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np

from ctieval.domain.allocation import Allocation, Masked, Proven
from ctieval.domain.arrays import IntArray


def mask(allocation: Allocation) -> Allocation:
    """Deal the arms of an allocation anew within its blocks, as many of each as there are.

    Persons of a cluster stay together. The new arms follow from the record and say nothing of the true ones: whatever
    is found with them is chance. The same allocation is always masked alike, so that an analysis can be repeated.

    Args:
        allocation: The true arms.

    Returns:
        The same persons with other arms, marked as masked.

    Examples:
        >>> from ctieval.domain.allocation import Declared
        >>> from ctieval.domain.arms import Arms
        >>> from ctieval.domain.design import Complete
        >>> persons, zero = np.array(list("abcdef"), dtype=object), np.zeros(6, dtype=np.int64)
        >>> arm, half = np.array([0, 0, 0, 1, 1, 1]), np.full((6, 2), 0.5)
        >>> day = np.full(6, np.datetime64("2018-02-05"))
        >>> arms, label = Arms("new", "usual"), ("",)
        >>> true = Allocation(persons, arm, half, zero, label, zero, label, day, arms, Complete(3), Declared())
        >>> masked = mask(true)
        >>> int(masked.arm.sum()), masked.proof
        (3, Masked())
    """
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(_seed(allocation))))
    clustered = allocation.cluster_labels != ("",)
    unit = allocation.cluster if clustered else np.arange(len(allocation.arm))
    n_units = int(unit.max()) + 1 if len(unit) else 0
    unit_arm, unit_block = (np.zeros(n_units, dtype=np.int64) for _ in range(2))
    unit_arm[unit], unit_block[unit] = allocation.arm, allocation.block
    return replace(allocation, arm=_shuffle(unit_arm, unit_block, rng)[unit], proof=Masked())


def _shuffle(arm: IntArray, block: IntArray, rng: np.random.Generator) -> IntArray:
    """The arms of each block in another order."""
    dealt = np.empty_like(arm)
    dealt[np.lexsort((rng.random(len(arm)), block))] = arm[np.argsort(block, kind="stable")]
    return dealt


def _seed(allocation: Allocation) -> int:
    """A number that follows from the record, or, where there is none, from who was drawn."""
    proof = allocation.proof
    known = proof.record_digest if isinstance(proof, Proven) else "\n".join(allocation.person_id)
    digest = hashlib.sha256(f"masked arms of {known}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest, "big")
