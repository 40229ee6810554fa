"""The check of the draw of a trial, as soon as its arms are known; outcomes need not be there yet."""

from __future__ import annotations

from fractions import Fraction
from typing import assert_never

import pandas as pd

from ctieval.assignment.balance.check import check_balance
from ctieval.assignment.balance.describe import align
from ctieval.domain.allocation import Allocation
from ctieval.domain.balance_table import BalanceTable
from ctieval.domain.trial import AllocationFile, ImportedAllocation, Trial
from ctieval.evaluate.data import ReadyTable, RegisterData, TrialData


def check_draw(trial: Trial, allocation: Allocation, data: TrialData) -> BalanceTable | None:
    """Check that the draw of a trial came out as its design says.

    Args:
        trial: The plan.
        allocation: The arms.
        data: The ready table, or the registers.

    Returns:
        The check, or None where the plan declares no characteristic.

    Raises:
        SchemaError: If a person of the allocation has no row, or a characteristic cannot be read.
        EstimationError: If the design could not have given these arms.
    """
    if not trial.baseline:
        return None
    return check_balance(to_baseline(allocation, data), allocation, trial.baseline, share=_declared_share(trial))


def to_baseline(allocation: Allocation, data: TrialData) -> pd.DataFrame:
    """Return what is known of the persons before the draw, one row a person in the order of the allocation.

    Raises:
        SchemaError: If a person of the allocation has no row, or more than one.
    """
    match data:
        case ReadyTable():
            return align(data.frame, data.source.id, allocation)
        case RegisterData():
            known = data.cohort.characteristics.assign(person_id=data.cohort.person_id)
            return align(known, "person_id", allocation)
        case _:
            assert_never(data)


def _declared_share(trial: Trial) -> dict[str, Fraction]:
    """The share that was to be drawn elsewhere, where the plan tells it."""
    match trial.assignment:
        case ImportedAllocation() as declared:
            return dict(declared.share)
        case AllocationFile():
            return dict(trial.assignment.declared.share)
        case _:
            return {}
