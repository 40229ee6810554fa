"""Who enters a draw, and the lots they get; the lots follow from the persons, the design and the seed alone."""

from __future__ import annotations

from typing import assert_never

import numpy as np
import pandas as pd

from ctieval.assignment.labels import to_text
from ctieval.assignment.order import order_persons
from ctieval.designs.draw import draw
from ctieval.designs.matching import form_blocks
from ctieval.domain.arrays import FloatArray, IntArray, StrArray
from ctieval.domain.cohort import Cohort
from ctieval.domain.design import (
    Blocked,
    BlockedClustered,
    Capacity,
    Clustered,
    Complete,
    Design,
    Matched,
    Rerandomised,
    Simple,
    WaitingList,
)
from ctieval.domain.entrants import Entrants
from ctieval.errors import DesignError, RecordError

BIT_GENERATOR = "PCG64"


def draw_lots(person_id: StrArray, entrants: Entrants, design: Design, seed: int) -> IntArray:
    """Draw the arms of persons, in whatever order they stand.

    Args:
        person_id: Identifiers, shape (n,), each once.
        entrants: What the design may read of the persons, in the same order.
        design: The declared design.
        seed: Seed of the draw, 0 or greater.

    Returns:
        0 for the control and 1 for the intervention, 2 and more for others, shape (n,).

    Raises:
        DesignError: If the design cannot be conducted with these persons.

    Examples:
        >>> persons = np.array(["p1", "p2", "p3", "p4"], dtype=object)
        >>> draw_lots(persons, Entrants.alike(4), Complete(2), seed=20180201)
        array([0, 1, 0, 1])
    """
    order = order_persons(person_id, seed)
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    arm = np.empty(len(order), dtype=np.int64)
    arm[order] = draw(design, entrants.take(order), rng)
    return arm


def settle_blocks(person_id: StrArray, entrants: Entrants, design: Design, seed: int) -> Entrants:
    """Let a design form its blocks, in whatever order the persons stand.

    Args:
        person_id: Identifiers, shape (n,), each once.
        entrants: What the design may read of the persons, in the same order.
        design: The declared design.
        seed: Seed of the draw, 0 or greater.

    Returns:
        The persons in the same order, with the blocks that the design formed, if it does so.

    Raises:
        DesignError: If persons cannot be matched.
    """
    order = order_persons(person_id, seed)
    return form_blocks(design, entrants.take(order)).take(np.argsort(order))


def to_entrants(cohort: Cohort, design: Design) -> tuple[StrArray, Entrants]:
    """Return the identifiers of the eligible, sorted, and what the design may read of them.

    Raises:
        DesignError: If a column that the design names is not among the characteristics of the cohort, or is a
            covariate that holds words.
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
    block, cluster, covariates = _columns(design)
    blank = np.full(len(cohort.person_id), "", dtype=object)
    everybody = Entrants(
        to_text(_column(cohort, block, "block")) if block else blank,
        to_text(_column(cohort, cluster, "cluster")) if cluster else blank,
        _covariates(cohort, covariates),
    )
    return person_id, everybody.take(order)


def _columns(design: Design) -> tuple[str, str, tuple[str, ...]]:
    """Return the columns of blocks, clusters and covariates that a design reads; empty where it reads none."""
    match design:
        case Simple() | Complete():
            columns = "", "", ()
        case Blocked() | Capacity():
            columns = design.block, "", ()
        case Clustered():
            columns = "", design.cluster, ()
        case BlockedClustered():
            columns = design.block, design.cluster, ()
        case Matched():
            columns = "", "", design.covariates
        case WaitingList():
            columns = _columns(design.draw)
        case Rerandomised():
            columns = *_columns(design.draw)[:2], design.covariates
        case _:
            assert_never(design)
    return columns


def _covariates(cohort: Cohort, names: tuple[str, ...]) -> FloatArray:
    found = [_to_numbers(_column(cohort, name, "covariate"), name) for name in names]
    return np.column_stack(found) if found else np.empty((len(cohort.person_id), 0))


def _to_numbers(column: pd.Series, name: str) -> FloatArray:
    """Return numbers, NaN where there is none, and yes and no as 1 and 0."""
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    if words := int((np.isnan(numbers) & column.notna().to_numpy()).sum()):
        raise DesignError(
            what="the design reads a covariate that is no number",
            where=f"column {name}",
            found=f"words for {words} {'person' if words == 1 else 'persons'}",
            expected="a number, or yes and no",
            do="name other covariates, or block on this column",
        )
    return numbers


def _column(cohort: Cohort, name: str, role: str) -> pd.Series:
    if name not in cohort.characteristics.columns:
        raise DesignError(
            what=f"the design names a {role} that is not known of the persons",
            where=f"column {name}",
            found="no such column among the characteristics of the cohort",
            expected="one of " + ", ".join(map(str, cohort.characteristics.columns)),
            do=f"correct the name of the {role} in the plan",
        )
    return cohort.characteristics[name]
