"""What a design may read of the persons who enter a draw."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ctieval.domain.arrays import FloatArray, IntArray, StrArray


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Entrants:
    """The persons of a draw, in the order in which lots are dealt.

    Attributes:
        block: Label of each person's block, shape (n,); empty texts where the design has no blocks, or forms them
            itself from the covariates.
        cluster: Label of each person's cluster, shape (n,); empty texts where the design has no clusters.
        covariates: Numbers known before the draw that the design reads, shape (n, p); p is 0 where it reads none.
    """

    block: StrArray
    cluster: StrArray
    covariates: FloatArray

    @classmethod
    def alike(cls, n: int) -> Entrants:
        """So many persons of whom a design need know nothing."""
        return cls.in_blocks(np.full(n, "", dtype=object))

    @classmethod
    def in_blocks(cls, block: StrArray) -> Entrants:
        """Persons of whom a design need know their blocks alone."""
        return cls(block, np.full(len(block), "", dtype=object), np.empty((len(block), 0)))

    def pooled(self) -> Entrants:
        """The same persons, whatever their blocks."""
        return replace(self, block=np.full(len(self), "", dtype=object))

    def take(self, order: IntArray) -> Entrants:
        """The same persons in another order, or some of them."""
        return Entrants(self.block[order], self.cluster[order], self.covariates[order])

    def __len__(self) -> int:
        return len(self.block)

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Entrants({len(self)} persons)"
