"""Declared outcomes read from the columns of an analysis-ready table; nothing is reckoned from registers here."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.domain.outcome import ColumnOutcome, Outcome
from ctieval.domain.outcome_table import OutcomeTable, Status
from ctieval.domain.schema import FieldType
from ctieval.domain.units import Unit
from ctieval.errors import InputError, ProtocolError, SchemaError
from ctieval.outcomes.table import OutcomeColumn, build_table
from ctieval.registers.cells import read_cells
from ctieval.registers.rules import Rule, check_rule

TABLE = "analysis"


def read_columns(
    outcomes: tuple[Outcome, ...], allocation: Allocation, frame: pd.DataFrame, id_column: str
) -> OutcomeTable:
    """Read the declared outcomes from an analysis-ready table.

    An empty cell is ``MISSING``, in an outcome as in its baseline; no value is filled in.

    Args:
        outcomes: The declared outcomes, each with its column.
        allocation: The allocation of the persons in the table.
        frame: The table, one row a person, in any order.
        id_column: The column of the person's identifier.

    Returns:
        Values and statuses, in the person order of the allocation.

    Raises:
        ProtocolError: If an outcome is of a state or an instrument, which such a table does not hold.
        SchemaError: If a column is missing, holds text, or holds an infinite value.
        SchemaError: If a column of a share holds other values than 0 and 1.
        SchemaError: If a person stands in two rows.
        InputError: If somebody in the allocation has no row, or a row has nobody in the allocation.
    """
    row = _rows_of(allocation, frame, id_column)
    return build_table(outcomes, allocation, tuple(_column(outcome, frame, row) for outcome in outcomes))


def _column(outcome: Outcome, frame: pd.DataFrame, row: IntArray) -> OutcomeColumn:
    if not isinstance(outcome, ColumnOutcome):
        raise ProtocolError(
            file="trial.toml",
            key=f"outcome {outcome.name}",
            line=None,
            what="an outcome cannot be read as it is declared",
            found="a state or an instrument, in a trial with an analysis-ready table",
            expected="a column of the table",
            do="declare column and unit, or give the trial a folder of registers",
        )
    values = _numbers(frame, outcome.column, outcome.unit)[row]
    before = None if outcome.baseline is None else _numbers(frame, outcome.baseline, outcome.unit)[row]
    return OutcomeColumn(
        values=values,
        status=np.where(np.isnan(values), int(Status.MISSING), int(Status.OBSERVED)),
        baseline=np.full(len(row), np.nan) if before is None else before,
    )


def _rows_of(allocation: Allocation, frame: pd.DataFrame, id_column: str) -> IntArray:
    """Row of each person of the allocation, shape (n,); the table and the allocation hold the same persons."""
    _check_present(frame, id_column)
    ids = pd.Index(read_cells(frame[id_column], FieldType.STRING).column, dtype=object)
    check_rule(ids.duplicated(), Rule("unique", id_column, "one row a person"), table=TABLE)
    row = ids.get_indexer(pd.Index(allocation.person_id))
    absent, unallocated = int((row < 0).sum()), len(ids) - int((row >= 0).sum())
    if absent or unallocated:
        raise InputError(
            what="the table and the allocation do not hold the same persons",
            where=f"table {TABLE}, column {id_column}",
            found=f"{absent} persons of the allocation without a row, {unallocated} rows outside the allocation",
            expected=f"one row for each of the {len(row)} persons of the allocation, and no other row",
            do="correct the identifiers, or add or remove the rows; nobody who was drawn may be left out",
        )
    return row.astype(np.int64)


def _numbers(frame: pd.DataFrame, column: str, unit: Unit) -> FloatArray:
    """The numbers of one column, shape (rows,), NaN where the cell is empty."""
    _check_present(frame, column)
    if unit is Unit.SHARE:
        kind, rule = FieldType.BOOLEAN, Rule("yes or no", column, "0 for no and 1 for yes, or an empty cell")
    else:
        kind, rule = FieldType.NUMBER, Rule("number", column, "finite numbers that read in one way, or an empty cell")
    read = read_cells(frame[column], kind)
    check_rule(read.broken | read.ambiguous, rule, table=TABLE)
    return read.column.to_numpy(dtype=np.float64, na_value=np.nan)


def _check_present(frame: pd.DataFrame, column: str) -> None:
    if column not in frame.columns:
        raise SchemaError(
            table=TABLE,
            column=column,
            rule="required",
            n_rows=0,
            first_row=None,
            expected=f"a column called {column}",
            do="correct the name of the column in the trial's plan, or add the column to the table",
        )
