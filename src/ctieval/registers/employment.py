"""Ordinary paid hours and earnings by month from the table ``employment``; what counts as a job is not decided here.

A month is observed where the extract covers the whole of it. In an observed month without a row a person had no paid
hours; in a month that is not observed her hours are NaN, as they are after she moved away.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.domain.registers import EmploymentPanel
from ctieval.registers.lifetimes import NEVER, Lifetimes, find_persons
from ctieval.registers.rules import check_rule, inside_covers
from ctieval.registers.weeks import months_of, to_month_text, whole_months

_TABLE = "employment"


def build_employment(
    rows: pd.DataFrame, lifetimes: Lifetimes, covers: tuple[date, date] | None
) -> tuple[EmploymentPanel, tuple[str, ...]]:
    """Put the table ``employment`` on the calendar of months.

    Args:
        rows: The checked table.
        lifetimes: Lifetimes of all persons.
        covers: First and last day that the extract covers; None where the first and the last month found tell.

    Returns:
        The panel, and notes on what a reader should know.

    Raises:
        SchemaError: If a row is about somebody not in persons, or its month lies outside ``covers``.
    """
    person = find_persons(rows["person_id"], lifetimes, table=_TABLE)
    month = months_of(rows["month"].to_numpy("datetime64[D]"))
    first, end = _observed_months(month, covers)
    column = np.clip(month - first, 0, end - first - 1)
    moved = np.where(np.isnat(lifetimes.moved_on), NEVER, months_of(lifetimes.moved_on))
    used = (month >= first) & (month < end) & (month <= moved[person])
    after_move = first + np.arange(end - first)[None, :] > moved[:, None]

    def to_panel(name: str) -> FloatArray:
        panel = np.where(after_move, np.nan, 0.0)
        panel[person[used], column[used]] = rows[name].to_numpy(np.float64)[used]
        return panel

    panel = EmploymentPanel(lifetimes.person_id, first, to_panel("hours"), to_panel("earnings"))
    return panel, _notes(month[used], (first, end), n_unused=int((~used).sum()))


def _observed_months(month: IntArray, covers: tuple[date, date] | None) -> tuple[int, int]:
    """Return the first month and the end month (exclusive) observed."""
    if covers is None:
        return int(month.min()), int(month.max()) + 1
    touched = months_of(np.array(covers, dtype="datetime64[D]"))
    check_rule((month < touched[0]) | (month > touched[1]), inside_covers("month", covers), table=_TABLE)
    return whole_months(covers)


def _notes(month: IntArray, span: tuple[int, int], *, n_unused: int) -> tuple[str, ...]:
    """Return which months are observed, and what in them should be looked at."""
    first, end = span
    counts = {
        "months without a row of anybody (read as no paid hours)": end - first - len(np.unique(month)),
        "of them at the end": end - 1 - int(month.max(initial=first - 1)),
        "rows outside these months or after a move (not used)": n_unused,
    }
    observed = f"{to_month_text(first)} to {to_month_text(end - 1)} observed"
    return (observed, *(f"{label}: {number}" for label, number in counts.items() if number))
