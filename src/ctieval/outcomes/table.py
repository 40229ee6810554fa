"""The outcome table, put together from its columns; how a column is measured lives beside this file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.domain.outcome import MeasuredIn, Outcome
from ctieval.domain.outcome_table import OutcomeTable, Status


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class OutcomeColumn:
    """One outcome, measured on everybody whose data hold it.

    Attributes:
        values: Values in the unit of the outcome, shape (n,); NaN where not observed.
        status: ``Status`` of each value, shape (n,).
        baseline: The same measurement before the draw, shape (n,); NaN where there is none.
    """

    values: FloatArray
    status: IntArray
    baseline: FloatArray

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"OutcomeColumn({len(self.values)} persons)"


def build_table(
    outcomes: tuple[Outcome, ...], allocation: Allocation, columns: tuple[OutcomeColumn, ...]
) -> OutcomeTable:
    """Put columns together; an outcome of the intervention alone is not measured in the control.

    Args:
        outcomes: The declared outcomes, k of them.
        allocation: The allocation, n persons.
        columns: One column an outcome, in the person order of the allocation.

    Returns:
        The table, in the person order of the allocation.
    """
    n = len(allocation.person_id)
    status = np.array([column.status for column in columns], dtype=np.int64).reshape(len(columns), n).T.copy()
    alone = np.array([outcome.measured_in is MeasuredIn.INTERVENTION for outcome in outcomes], dtype=np.bool_)
    status[(allocation.arm == 0)[:, None] & alone] = Status.NOT_MEASURED
    values = np.array([column.values for column in columns], dtype=np.float64).reshape(len(columns), n).T
    baseline = np.array([column.baseline for column in columns], dtype=np.float64).reshape(len(columns), n).T.copy()
    return OutcomeTable(
        person_id=allocation.person_id,
        outcomes=outcomes,
        values=np.where(status == Status.OBSERVED, values, np.nan),
        status=status,
        baseline=baseline,
    )
