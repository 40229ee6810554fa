"""Who was drawn into which arm, with what probability, and what proves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from ctieval.domain.arms import Arms
from ctieval.domain.arrays import DateArray, FloatArray, IntArray, StrArray
from ctieval.domain.design import Design


@dataclass(frozen=True, slots=True)
class Proven:
    """The record proves the draw.

    Attributes:
        record_digest: SHA-256 of the record.
        plan_digest: SHA-256 of what the plan had fixed when the draw was made.
    """

    record_digest: str
    plan_digest: str = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """The draw was made elsewhere: declared, not proven."""


Proof: TypeAlias = Proven | Declared


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Allocation:
    """Arms of the persons who were drawn.

    Attributes:
        person_id: Identifiers, shape (n,), sorted.
        arm: 0 for the control and 1 for the intervention, shape (n,).
        probability: Probability of the intervention under the design, shape (n,).
        block: Number of the block, shape (n,); all 0 where the design has none.
        block_labels: Label of each block number; one empty label where the design has none.
        randomised_on: Day of the draw, shape (n,); NaT where it is not known.
        arms: Names of the arms.
        design: The design.
        proof: What proves it.
    """

    person_id: StrArray
    arm: IntArray
    probability: FloatArray
    block: IntArray
    block_labels: tuple[str, ...]
    randomised_on: DateArray
    arms: Arms
    design: Design
    proof: Proof

    def __repr__(self) -> str:
        """Name the size and the design, never a person."""
        drawn = int(self.arm.sum())
        return f"Allocation({drawn} of {len(self.arm)} drawn, {self.design!r}, {self.proof!r})"
