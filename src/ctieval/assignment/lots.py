"""Who enters a draw, and the lots they get; the lots follow from persons, blocks, design and seed alone."""

from __future__ import annotations

import numpy as np

from ctieval.assignment.labels import to_text
from ctieval.assignment.order import order_persons
from ctieval.designs.draw import draw
from ctieval.domain.arrays import IntArray, StrArray
from ctieval.domain.cohort import Cohort
from ctieval.domain.design import Complete, Design
from ctieval.errors import DesignError, RecordError

BIT_GENERATOR = "PCG64"


def draw_lots(person_id: StrArray, block: StrArray, design: Design, seed: int) -> IntArray:
    """Draw the arms of persons, in whatever order they stand.

    Args:
        person_id: Identifiers, shape (n,), each once.
        block: Label of each person's block, shape (n,).
        design: The declared design.
        seed: Seed of the draw, 0 or greater.

    Returns:
        1 for the intervention and 0 for the control, shape (n,).

    Raises:
        DesignError: If the design cannot be conducted on these blocks.

    Examples:
        >>> persons = np.array(["p1", "p2", "p3", "p4"], dtype=object)
        >>> draw_lots(persons, np.full(4, "", dtype=object), Complete(2), seed=20180201)
        array([0, 1, 0, 1])
    """
    order = order_persons(person_id, seed)
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    arm = np.empty(len(order), dtype=np.int64)
    arm[order] = draw(design, block[order], rng)
    return arm


def to_entrants(cohort: Cohort, design: Design) -> tuple[StrArray, StrArray]:
    """Return the identifiers of the eligible, sorted, and the label of each one's block; both of shape (n,).

    Raises:
        DesignError: If the column of the blocks is not among the characteristics of the cohort.
        RecordError: If a person stands in the cohort more than once.
    """
    order = np.argsort(cohort.person_id, kind="stable")
    order = order[cohort.eligible[order]]
    person_id = cohort.person_id[order]
    if (repeated := int((person_id[1:] == person_id[:-1]).sum())) > 0:
        raise RecordError(
            what="a person would be drawn more than once",
            where="the cohort",
            found=f"{repeated} {'row' if repeated == 1 else 'rows'} of persons who stand in it already",
            expected="each person once",
            do="delete the repeated rows from the persons table",
        )
    if isinstance(design, Complete):
        return person_id, np.full(len(person_id), "", dtype=object)
    if design.block not in cohort.characteristics.columns:
        raise DesignError(
            what="the draw cannot be blocked",
            where=f"column {design.block}",
            found="no such column among the characteristics of the cohort",
            expected="one of " + ", ".join(map(str, cohort.characteristics.columns)),
            do="correct the name of the block in the plan",
        )
    return person_id, to_text(cohort.characteristics[design.block])[order]
