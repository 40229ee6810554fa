"""What the registers know of each person up to the day of the look-up; nothing after it can be seen from here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctieval.domain.arrays import BoolArray, CodeArray, DateArray, FloatArray, IntArray, StrArray
from ctieval.domain.registers import NOT_OBSERVED, Registers, week_of
from ctieval.registers.coded_weeks import to_codes
from ctieval.registers.weeks import months_of

Scalar = TypeVar("Scalar", np.int16, np.float64)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Periods:
    """Benefit by day. Days are counted from 1970-01-01.

    Attributes:
        row: Row of the person, shape (periods,).
        start: First day, shape (periods,).
        end: Day after the last, shape (periods,); the day after the look-up at the latest.
        code: Register code of the benefit, shape (periods,).
    """

    row: IntArray
    start: IntArray
    end: IntArray
    code: CodeArray

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Periods({len(self.row)} periods)"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Past:
    """Persons, weeks and months up to one day, on one row order.

    Attributes:
        as_of: The day of the look-up.
        persons: One row a person, sorted by ``person_id``.
        first_week: Number of the first week; weeks before the extract begins are there, not observed.
        code: Register codes, shape (n, weeks), the last column being the week of ``as_of``.
        first_month: Number of the month that holds the Monday of ``first_week``.
        hours: Ordinary paid hours, shape (n, months), the last month holding the Sunday of the last week;
            NaN where not observed.
        periods: Benefit by day up to ``as_of``, or None where the extract holds benefit by the week.
    """

    as_of: date
    persons: pd.DataFrame
    first_week: int
    code: CodeArray
    first_month: int
    hours: FloatArray
    periods: Periods | None

    @property
    def person_id(self) -> StrArray:
        """Identifiers, shape (n,), sorted."""
        return self.persons["person_id"].to_numpy(dtype=np.object_)

    @property
    def observed(self) -> BoolArray:
        """True in weeks that the extract covers, shape (n, weeks)."""
        return self.code != NOT_OBSERVED

    @property
    def first_day(self) -> int:
        """Monday of the first week, in days since 1970-01-01."""
        return 7 * self.first_week - 3

    def days(self, column: str) -> DateArray:
        """Return a date column of the persons, shape (n,); NaT where the column is absent or the cell empty."""
        if column not in self.persons:
            return np.full(len(self.persons), "NaT", dtype="datetime64[D]")
        return self.persons[column].to_numpy(dtype="datetime64[D]")

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Past({self.code.shape[0]} persons, {self.code.shape[1]} weeks)"


def build_past(registers: Registers, as_of: date, *, weeks_back: int) -> Past:
    """Lay persons, weeks, months and periods on one row order, and cut them off after the look-up.

    Weeks and months are cut off after the week of the look-up, periods after the day itself. A person without a row
    in the week panel or the employment panel is not observed there.

    Args:
        registers: The register extracts; rows in any order.
        as_of: The day of the look-up.
        weeks_back: Weeks to lay before the first week of the extract, all of them not observed.
    """
    persons = registers.persons.sort_values("person_id", ignore_index=True)
    day = np.datetime64(as_of, "D")
    last = week_of(day)
    first = min(registers.weeks.first_week, last + 1) - weeks_back
    first_month, last_month = months_of(np.array([7 * first - 3, 7 * last + 3]).astype("datetime64[D]")).tolist()
    past = Past(
        as_of=as_of,
        persons=persons,
        first_week=first,
        code=np.full((len(persons), last + 1 - first), NOT_OBSERVED, dtype=np.int16),
        first_month=first_month,
        hours=np.full((len(persons), last_month + 1 - first_month), np.nan),
        periods=None if registers.periods is None else _cut(registers.periods, persons, day),
    )
    weeks, employment = registers.weeks, registers.employment
    _lay(past.code, weeks.code, rows=_rows(weeks.person_id, persons), start=weeks.first_week - first)
    if employment is not None:
        start = employment.first_month - past.first_month
        _lay(past.hours, employment.known_hours, rows=_rows(employment.person_id, persons), start=start)
    return past


def _rows(ids: StrArray, persons: pd.DataFrame) -> IntArray:
    """Position of each person among the identifiers, -1 where there is none."""
    return pd.Index(ids, dtype=object).get_indexer(pd.Index(persons["person_id"], dtype=object)).astype(np.int64)


def _cut(periods: pd.DataFrame, persons: pd.DataFrame, as_of: np.datetime64) -> Periods:
    """The periods of these persons that have begun by the day."""
    row = pd.Index(persons["person_id"], dtype=object).get_indexer(pd.Index(periods["person_id"], dtype=object))
    start, last = (periods[name].to_numpy(dtype="datetime64[D]") for name in ("start", "end"))
    begun = (row >= 0) & (start <= as_of)
    return Periods(
        row=row[begun].astype(np.int64),
        start=start[begun].astype(np.int64),
        end=np.minimum(last, as_of)[begun].astype(np.int64) + 1,
        code=to_codes(periods["benefit"])[begun],
    )


def _lay(target: npt.NDArray[Scalar], panel: npt.NDArray[Scalar], *, rows: IntArray, start: int) -> None:
    """Write the columns of a panel into a target whose column ``start`` is the panel's first; the rest is cut off."""
    begin, end = max(start, 0), min(start + panel.shape[1], target.shape[1])
    if begin < end:
        has = rows >= 0
        target[has, begin:end] = panel[rows[has], begin - start : end - start]
