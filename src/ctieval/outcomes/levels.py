"""Outcomes described by arm, and who was followed up; the difference between the arms is estimated elsewhere."""

from __future__ import annotations

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import IntArray
from ctieval.domain.description import OutcomeLevel
from ctieval.domain.flow import FollowUp, LossCount
from ctieval.domain.outcome import MeasuredIn
from ctieval.domain.outcome_table import OutcomeTable, Status
from ctieval.inference.arm_level import describe_arm


def describe_levels(table: OutcomeTable, allocation: Allocation) -> tuple[OutcomeLevel, ...]:
    """Describe each outcome in each arm, over the persons who have a value, as ``describe_arm`` weighs them.

    Args:
        table: The outcomes.
        allocation: The allocation.

    Returns:
        One level an outcome: mean and standard deviation (n - 1), or share and number for yes and no.
    """
    return tuple(
        OutcomeLevel(
            outcome=outcome.name,
            control=describe_arm(table.values[:, k], allocation, 0, outcome.unit)
            if outcome.measured_in is MeasuredIn.BOTH
            else None,
            intervention=describe_arm(table.values[:, k], allocation, 1, outcome.unit),
        )
        for k, outcome in enumerate(table.outcomes)
    )


def follow_up(table: OutcomeTable, allocation: Allocation) -> tuple[FollowUp, ...]:
    """Count observed and lost by outcome and arm; together they are the arm.

    Args:
        table: The outcomes.
        allocation: The allocation.

    Returns:
        One count an outcome and arm, control first; a reason that nobody has is left out.
    """
    return tuple(
        _follow_up(outcome.name, arm, np.bincount(table.status[allocation.arm == arm, k], minlength=len(Status)))
        for k, outcome in enumerate(table.outcomes)
        for arm in (0, 1)
    )


def _follow_up(outcome: str, arm: int, count: IntArray) -> FollowUp:
    lost = tuple(
        LossCount(status.name.lower(), int(count[status]))
        for status in Status
        if status is not Status.OBSERVED and count[status]
    )
    return FollowUp(outcome, arm, observed=int(count[Status.OBSERVED]), lost=lost)
