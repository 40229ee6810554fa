"""Register extracts of a trial, checked and put on one calendar of ISO weeks and months.

Weeks are numbered by ``(days since 1970-01-01 + 3) // 7``, so that week numbers are consecutive integers,
each week starts on a Monday, and 1991 week 32 is 1127. Months are numbered from 1970-01, which is 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ctieval.domain.arrays import CodeArray, FloatArray, StrArray

NOT_OBSERVED = -1
BLANK = 0


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class WeekPanel:
    """Benefit codes by person and week.

    Attributes:
        person_id: Identifiers, shape (n,), sorted.
        first_week: Number of the first week.
        code: Register codes, shape (n, weeks): ``BLANK`` (0) for a week without a code, ``NOT_OBSERVED``
            (-1) for a week that the extract does not cover.
    """

    person_id: StrArray
    first_week: int
    code: CodeArray

    @property
    def end_week(self) -> int:
        """Number of the week after the last, exclusive."""
        return self.first_week + self.code.shape[1]

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"WeekPanel({self.code.shape[0]} persons, {self.code.shape[1]} weeks)"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class EmploymentPanel:
    """Ordinary paid hours and earnings by person and month.

    Attributes:
        person_id: Identifiers, shape (n,), sorted, the same as in the week panel.
        first_month: Number of the first month.
        hours: Paid hours in the month, shape (n, months); 0 where none, NaN where not observed.
        earnings: Earnings in kroner, shape (n, months); 0 where none, NaN where not observed.
        employed: 1 in a month with ordinary work, 0 in one without, NaN where not observed, shape (n, months); None
            where hours and earnings say it. The months of DREAM say who had work: hours are known only where the
            plan declares what a degree of employment is worth (NaN throughout otherwise), earnings never.
    """

    person_id: StrArray
    first_month: int
    hours: FloatArray
    earnings: FloatArray
    employed: FloatArray | None = None

    @property
    def known_hours(self) -> FloatArray:
        """Paid hours, 0 also in a month of which no more is known than that it had no work, shape (n, months)."""
        return self.hours if self.employed is None else np.where(self.employed == 0, 0.0, self.hours)

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"EmploymentPanel({self.hours.shape[0]} persons, {self.hours.shape[1]} months)"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Registers:
    """Everything known about the persons of a trial, each table checked against its schema.

    Attributes:
        persons: One row a person, sorted by ``person_id``: ``birth_date``, ``sex``, ``municipality``,
            and, where the extract holds them, ``visitation``, ``provider``, ``died_on``, ``moved_on``.
        weeks: Benefit codes by week.
        employment: Employment by month, or None where the extract holds none.
        payments: Kroner actually paid (``person_id``, ``start``, ``end``, ``benefit``, ``amount``), or None.
        activity: Activity log (``person_id``, ``date``, ``activity``, ``minutes``, and, where it holds them, ``role``,
            ``minutes_indirect``, ``n_participants``, ``site``), or None.
        survey: Answers (``person_id``, ``wave``, ``instrument``, ``item``, ``answer``), or None.
        recognised: What the reader recognised, one line a file; never a person.
        digests: SHA-256 of each file read, by name.
        periods: Benefit by day (``person_id``, ``start``, ``end``, ``benefit``; both days inclusive), or None
            where the extract holds benefit by the week.
        usual_services: Log of usual services in both arms, with the columns of ``activity``, or None.
        ingredients: What the costs are made of, one row an ingredient, or None; nothing about persons.
        accounts: Kroner booked (``site``, ``quarter``, ``amount``), or None.
    """

    persons: pd.DataFrame
    weeks: WeekPanel
    employment: EmploymentPanel | None
    payments: pd.DataFrame | None
    activity: pd.DataFrame | None
    survey: pd.DataFrame | None
    recognised: tuple[str, ...]
    digests: tuple[tuple[str, str], ...]
    periods: pd.DataFrame | None = None
    usual_services: pd.DataFrame | None = None
    ingredients: pd.DataFrame | None = None
    accounts: pd.DataFrame | None = None

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Registers({len(self.persons)} persons, {self.weeks!r}, {self.employment!r})"


def week_of(day: np.datetime64) -> int:
    """Return the number of the ISO week that holds a day.

    Examples:
        >>> week_of(np.datetime64("1991-08-05"))
        1127
    """
    return int((day.astype("datetime64[D]").astype(np.int64) + 3) // 7)
