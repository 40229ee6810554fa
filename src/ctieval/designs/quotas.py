"""How many a design draws from each block into each arm, checked against who entered; ``deal`` says who they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import assert_never

import numpy as np
import pandas as pd

from ctieval.designs.check_blocks import (
    check_anybody,
    check_arms,
    check_blocks,
    check_clusters,
    check_names,
    check_places,
)
from ctieval.designs.matching import form_groups
from ctieval.designs.rounding import Target
from ctieval.designs.targets import TargetRule, fill_places, fix_target, leave_to_chance, to_mapping
from ctieval.domain.arrays import IntArray, StrArray
from ctieval.domain.design import (
    Blocked,
    BlockedClustered,
    Capacity,
    Clustered,
    Complete,
    Design,
    Drawn,
    Matched,
    Rerandomised,
    Simple,
    WaitingList,
)
from ctieval.domain.entrants import Entrants
from ctieval.errors import DesignError


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Quotas:
    """A design laid upon those who enter it.

    What is drawn is a unit: a person, or a cluster with all its persons.

    Attributes:
        labels: Labels of the blocks, sorted; one empty label where the design has none.
        block: Number of each person's block, shape (n,).
        cluster_labels: Labels of the clusters, sorted; one empty label where the design has none.
        unit: Number of the unit of each person, shape (n,).
        unit_block: Number of each unit's block, shape (units,).
        size: Units in each block.
        target: Expected number of units by block and arm, the control first; where it is no whole number, the number
            drawn is the whole number below or above it.
        alone: True where each unit is drawn alone, and the numbers are left to chance.
        whole: The numbers drawn, shape (blocks, arms), where every expected number is whole; None where they are drawn.
    """

    labels: tuple[str, ...]
    block: IntArray
    cluster_labels: tuple[str, ...]
    unit: IntArray
    unit_block: IntArray
    size: tuple[int, ...]
    target: tuple[tuple[Fraction, ...], ...]
    alone: bool = False
    whole: IntArray | None = None

    @property
    def probability(self) -> tuple[tuple[Fraction, ...], ...]:
        """Exact probability of each arm in each block."""
        return tuple(tuple(cell / size for cell in row) for row, size in zip(self.target, self.size, strict=True))

    @property
    def arms(self) -> int:
        """Number of arms."""
        return len(self.target[0])

    @property
    def cluster(self) -> IntArray:
        """Number of each person's cluster, shape (n,); all 0 where the design has none."""
        return self.unit if self.cluster_labels != ("",) else np.zeros_like(self.unit)

    def __repr__(self) -> str:
        """Name the size, never a person."""
        drawn = float(sum(sum(row[1:]) for row in self.target))
        return f"Quotas({drawn:g} of {len(self.unit_block)} in {len(self.labels)} blocks)"


def build_quotas(design: Design, entrants: Entrants) -> Quotas:
    """Lay a design upon those who enter it, and refuse what cannot be conducted.

    Args:
        design: The declared design.
        entrants: The persons, in the order in which lots are dealt.

    Returns:
        The expected number drawn from each block into each arm, such that no draw can leave an arm of a block empty;
        but for simple draws, and for blocks with places for everybody.

    Raises:
        DesignError: If nobody enters, if a person has no block or no cluster, if every unit is a block, if a cluster
            lies in two blocks, if a block has no quota, two quotas or a quota without persons, if a share is not
            between 0 and 1, if counts exceed their block, if an arm of a block could be empty, or if there are places
            for everybody. Matched designs raise what ``form_groups`` raises.

    Examples:
        >>> entrants = Entrants.in_blocks(np.array(["550"] * 4 + ["153"] * 7, dtype=object))
        >>> quotas = build_quotas(Blocked("municipality", (("153", Fraction(1, 2)), ("550", 1))), entrants)
        >>> quotas.labels, quotas.size
        (('153', '550'), (7, 4))
        >>> [[str(cell) for cell in row] for row in quotas.target]
        [['7/2', '7/2'], ['3', '1']]
    """
    check_anybody(len(entrants))
    match design:
        case WaitingList():
            quotas = build_quotas(design.draw, entrants)
        case Simple():
            quotas = replace(_lay(entrants.pooled(), {"": design.share}, leave_to_chance), alone=True)
        case Complete():
            quotas = _lay(entrants.pooled(), {"": design.drawn})
        case Clustered():
            quotas = _lay(entrants.pooled(), {"": design.drawn}, cluster=design.cluster)
        case Blocked():
            quotas = _lay(entrants, to_mapping(design.drawn), column=design.block)
        case BlockedClustered():
            quotas = _lay(entrants, to_mapping(design.drawn), column=design.block, cluster=design.cluster)
        case Matched():
            quotas = _lay(form_groups(design, entrants), {"": design.drawn})
        case Capacity():
            pool = entrants if design.block else entrants.pooled()
            quotas = _lay(pool, to_mapping(design.places), fill_places, column=design.block)
            check_places(quotas.labels, quotas.target)
        case Rerandomised():
            raise DesignError(
                what="a rerandomised design is not what its quotas allow, but the draws of them that are accepted",
                where="the design",
                found="draws that are repeated until the arms are close enough",
                expected="the design underneath, or the functions of designs.rerandomise",
                do="take fix_acceptance, count_accepted, enumerate_accepted or rerandomised_probabilities",
            )
        case _:
            assert_never(design)
    return quotas


def number_labels(labels: StrArray) -> tuple[IntArray, tuple[str, ...]]:
    """Return the number of each label in the sorted order of all, shape (n,), and the labels."""
    number, found = pd.factorize(labels, sort=True)
    return number.astype(np.int64), tuple(str(label) for label in found)


def _lay(
    entrants: Entrants,
    named: Mapping[str, Drawn],
    rule: TargetRule = fix_target,
    *,
    column: str = "",
    cluster: str = "",
) -> Quotas:
    """Give each block its quotas: those under its own label, or under the empty one."""
    block, labels = number_labels(entrants.block)
    unit, unit_block, cluster_labels = _units(entrants, block, cluster)
    size = tuple(np.bincount(unit_block, minlength=len(labels)).tolist())
    if cluster:
        check_clusters(cluster, cluster_labels, [labels[each] for each in np.unique(block[unit_block[unit] != block])])
    if column:
        check_blocks(column, dict(zip(labels, np.bincount(block).tolist(), strict=True)), len(unit_block))
        check_names(column, named, labels)
    what = "cluster" if cluster else "eligible person"
    target = tuple(rule(label, named.get(label, named.get("")), n, what) for label, n in zip(labels, size, strict=True))
    check_arms(labels, target)
    return Quotas(labels, block, cluster_labels, unit, unit_block, size, target, whole=_to_whole(target))


def _to_whole(target: Target) -> IntArray | None:
    """Return expected numbers that leave nothing to draw; None where one of them is no whole number."""
    if any(cell.denominator > 1 for row in target for cell in row):
        return None
    return np.array([[int(cell) for cell in row] for row in target], dtype=np.int64)


def _units(entrants: Entrants, block: IntArray, cluster: str) -> tuple[IntArray, IntArray, tuple[str, ...]]:
    """Return the unit of each person, the block of each unit, and the labels of the clusters."""
    if not cluster:
        return np.arange(len(block)), block, ("",)
    unit, labels = number_labels(entrants.cluster)
    unit_block = np.empty(len(labels), dtype=np.int64)
    unit_block[unit[::-1]] = block[::-1]
    return unit, unit_block, labels
