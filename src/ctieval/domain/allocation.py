"""Who was drawn into which arm, with what probability, and what proves it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from ctieval.domain.arms import ArmPair, Arms
from ctieval.domain.arrays import BoolArray, DateArray, FloatArray, IntArray, StrArray
from ctieval.domain.design import Design, Intake
from ctieval.domain.entrants import Entrants
from ctieval.domain.wording import Notice


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


@dataclass(frozen=True, slots=True)
class Masked:
    """The arms were dealt anew: the analysis is a rehearsal, and whatever it finds is chance."""


Proof: TypeAlias = Proven | Declared | Masked


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Arrivals:
    """The order in which persons came to a draw of one at a time.

    Attributes:
        row: Row of each person in the allocation, in the order in which they came, shape (came,); -1 for one whose
            data may no longer be used.
        levels: Levels of each person of the columns that the design reads, in the same order.
    """

    row: IntArray
    levels: tuple[tuple[str, ...], ...]

    def keep(self, kept: BoolArray) -> Arrivals:
        """Leave out the rows of persons whose data may no longer be used, shape (n,), and keep that they came."""
        rows = np.append(np.where(kept, np.cumsum(kept) - 1, -1), -1)
        return Arrivals(rows[self.row], self.levels)

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Arrivals({len(self.row)} persons)"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Allocation:
    """Arms of the persons who were drawn.

    Attributes:
        person_id: Identifiers, shape (n,), sorted.
        arm: 0 for the control, 1 for the intervention, 2 and more for others, shape (n,).
        probability: Probability of each arm under the design, shape (n, arms), in the order of the arms.
        block: Number of the block, shape (n,); all 0 where the design has none.
        block_labels: Label of each block number; one empty label where the design has none.
        cluster: Number of the cluster, shape (n,); all 0 where the design has none.
        cluster_labels: Label of each cluster number; one empty label where the design has none.
        randomised_on: Day of the draw, shape (n,); NaT where it is not known.
        arms: Names of the arms.
        design: The design.
        proof: What proves it.
        notices: Coded warnings about the draw itself.
        arrivals: The order in which persons came; None for a draw of a whole cohort.
    """

    person_id: StrArray
    arm: IntArray
    probability: FloatArray
    block: IntArray
    block_labels: tuple[str, ...]
    cluster: IntArray
    cluster_labels: tuple[str, ...]
    randomised_on: DateArray
    arms: Arms
    design: Design | Intake
    proof: Proof
    notices: tuple[Notice, ...] = ()
    arrivals: Arrivals | None = None

    def __post_init__(self) -> None:
        """Refuse probabilities that are not those of these arms."""
        shape = (len(self.person_id), len(self.arms.labels))
        if self.probability.shape != shape or not np.allclose(self.probability.sum(axis=1), 1, rtol=0, atol=1e-9):
            msg = f"probabilities of shape {self.probability.shape}; expected {shape}, adding up to 1 for each person"
            raise ValueError(msg)

    @property
    def compared(self) -> BoolArray:
        """True for those who could have come into every arm, shape (n,); the others are no part of a comparison."""
        return self.probability.min(axis=1) > 0

    @property
    def entrants(self) -> Entrants:
        """What the design may read of these persons, with the blocks that it formed."""
        block, cluster = (
            np.array(labels, dtype=object)[number]
            for labels, number in ((self.block_labels, self.block), (self.cluster_labels, self.cluster))
        )
        return Entrants(block, cluster, np.empty((len(self.arm), 0)))

    def between(self, pair: ArmPair) -> Allocation:
        """Return the persons of two arms alone, with the probabilities that they had of either of these.

        The order in which persons came is left out, since it is that of all.
        """
        two = [pair.reference, pair.arm]
        among = np.isin(self.arm, two)
        chance = self.probability[among][:, two]
        return replace(
            self,
            person_id=self.person_id[among],
            arm=(self.arm[among] == pair.arm).astype(np.int64),
            probability=chance / chance.sum(axis=1, keepdims=True),
            block=self.block[among],
            cluster=self.cluster[among],
            randomised_on=self.randomised_on[among],
            arms=Arms(self.arms.labels[pair.arm], self.arms.labels[pair.reference]),
            arrivals=None,
        )

    def __repr__(self) -> str:
        """Name the size and the design, never a person."""
        drawn = int((self.arm > 0).sum())
        return f"Allocation({drawn} of {len(self.arm)} drawn, {self.design!r}, {self.proof!r})"
