"""The units of an allocation with the joint probabilities of its design, exact or simulated; none is fitted to data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ctieval.designs.intake.probability import joint_intake_probabilities
from ctieval.designs.joint import joint_by_quotas
from ctieval.designs.joint_accepted import joint_accepted
from ctieval.designs.quotas import build_quotas
from ctieval.designs.simulated import EXACT, Simulated
from ctieval.domain.allocation import Allocation, Arrivals
from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.domain.design import (
    BiasedCoin,
    Blocked,
    Capacity,
    Design,
    Intake,
    Matched,
    Minimised,
    PermutedBlocks,
    Rerandomised,
    WaitingList,
)
from ctieval.errors import EstimationError
from ctieval.inference.drawn_in_pairs import DrawnInPairs
from ctieval.inference.horvitz_thompson import Drawn

MOST_IN_PAIRS = 3_000
"""Units times arms beyond which tables of all pairs would take hundreds of megabytes."""
_ROUNDING, _SIMULATED = 1e-9, 0.05
"""By how much two reckonings of a probability may differ, and two simulations, which agree to within that by far."""


def draw_units(allocation: Allocation, covariates: FloatArray | None = None) -> Drawn | DrawnInPairs:
    """Lay the design of an allocation upon those who could have come into every arm.

    Joint probabilities are exact for every draw of a whole cohort, for permuted blocks, and for accepted draws that can
    be listed; for other accepted draws, a biased coin and minimisation they are simulated from the declared mechanism.

    Args:
        allocation: The allocation, with its design.
        covariates: What a rerandomised design judged its draws by, shape (n, p); other designs read none.

    Returns:
        The units, of the persons of ``allocation.compared`` in that order.

    Raises:
        EstimationError: If persons left after the draw, so that its probabilities are not those of who is here.
        EstimationError: If the order of an intake, or the covariates of a rerandomised draw, are not given.
        EstimationError: If there are too many units for a table of all pairs.
        DesignError: If the design cannot be conducted with these persons.
    """
    match allocation.design:
        case PermutedBlocks() | BiasedCoin() | Minimised() as design:
            found = _units_of_intake(allocation, design)
        case Rerandomised() as design:
            found = _units_of_accepted(allocation, design, covariates)
        case WaitingList() as design:
            found = _units_of_draw(allocation, design.draw)
        case design:
            found = _units_of_draw(allocation, design)
    exact = isinstance(found, Drawn) or found.joint.replicates == EXACT
    _check_unchanged(found.chance[found.unit], allocation, _ROUNDING if exact else _SIMULATED)
    return found


def _units_of_draw(allocation: Allocation, design: Design) -> Drawn:
    kept = np.flatnonzero(allocation.compared)
    if isinstance(design, Matched | Capacity):
        design = _fix_numbers(allocation)
    quotas = build_quotas(design, allocation.entrants.take(kept))
    arm = np.zeros(len(quotas.unit_block), dtype=np.int64)
    arm[quotas.unit] = allocation.arm[kept]
    return Drawn(quotas.unit, quotas.unit_block, arm, joint_by_quotas(quotas))


def _fix_numbers(allocation: Allocation) -> Blocked:
    """A design that fixed the numbers of blocks that it formed or filled itself, by those numbers."""
    kept, arms = allocation.compared, len(allocation.arms.labels)
    cells = np.bincount(
        arms * allocation.block[kept] + allocation.arm[kept], minlength=arms * len(allocation.block_labels)
    ).reshape(-1, arms)
    rows = [(label, row[1:]) for label, row in zip(allocation.block_labels, cells.tolist(), strict=True) if sum(row)]
    return Blocked("", tuple((label, tuple(row) if len(row) > 1 else row[0]) for label, row in rows))


def _units_of_intake(allocation: Allocation, design: Intake) -> DrawnInPairs:
    arrivals = _check_order(allocation)
    _check_size(len(arrivals.row), allocation)
    came = np.flatnonzero(arrivals.row >= 0)
    place = came[np.argsort(arrivals.row[came])]
    joint = joint_intake_probabilities(design, arrivals.levels)
    return DrawnInPairs(np.arange(len(allocation.arm)), allocation.arm, _take(joint, place))


def _take(joint: Simulated, place: IntArray) -> Simulated:
    mean, error = (each[place][:, :, place] for each in (joint.mean, joint.std_error))
    return replace(joint, mean=mean, std_error=error)


def _units_of_accepted(allocation: Allocation, design: Rerandomised, covariates: FloatArray | None) -> DrawnInPairs:
    if covariates is None:
        raise EstimationError(
            what="the probabilities of the accepted draws cannot be found",
            where="design Rerandomised",
            found="no covariates to judge the draws by",
            expected="a column for each of: " + ", ".join(design.covariates),
            do="give the covariates of the persons, in the order of the allocation",
        )
    entrants = replace(allocation.entrants, covariates=covariates)
    quotas = build_quotas(design.draw, entrants)
    _check_size(len(quotas.unit_block), allocation)
    arm = np.zeros(len(quotas.unit_block), dtype=np.int64)
    arm[quotas.unit] = allocation.arm
    return DrawnInPairs(quotas.unit, arm, joint_accepted(design, entrants))


def _check_order(allocation: Allocation) -> Arrivals:
    if allocation.arrivals is None:
        raise EstimationError(
            what="the probabilities of an intake cannot be found",
            where=f"design {type(allocation.design).__name__}",
            found="persons who came one at a time, without their order",
            expected="the order in which they came, as the record of the intake holds it",
            do="read the allocation from the record of the intake",
        )
    return allocation.arrivals


def _check_size(units: int, allocation: Allocation) -> None:
    arms = len(allocation.arms.labels)
    if units * arms > MOST_IN_PAIRS:
        raise EstimationError(
            what="the joint probabilities are too many for one table",
            where=f"design {type(allocation.design).__name__}",
            found=f"{units} units in {arms} arms",
            expected=f"at most {MOST_IN_PAIRS} units times arms",
            do="take the difference that the design implies, by_design",
        )


def _check_unchanged(chance: FloatArray, allocation: Allocation, tolerance: float) -> None:
    """Refuse persons whose probabilities are no longer those with which they were drawn."""
    kept = allocation.probability[allocation.compared]
    if chance.shape != kept.shape or not np.allclose(chance, kept, rtol=0, atol=tolerance):
        raise EstimationError(
            what="the probabilities of the draw are not those of the persons who are here",
            where="the allocation",
            found="numbers in the arms that the design would not give these persons",
            expected="everybody who was drawn",
            do="take the difference that the design implies, by_design, which holds the numbers found as fixed",
        )
