"""Who was in the target group on each of several days, such as the days of a monthly intake."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import BoolArray, DateArray, IntArray, StrArray


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class EligibleDays:
    """Everybody looked up, on each day.

    Attributes:
        person_id: Everybody in the registers, shape (n,), sorted.
        days: The days, shape (d,), ascending.
        eligible: True where every criterion is met on the day, shape (n, d).
        not_assessable: True where no criterion is failed on the day, and one cannot be assessed, shape (n, d).
    """

    person_id: StrArray
    days: DateArray
    eligible: BoolArray
    not_assessable: BoolArray

    @property
    def first_day(self) -> DateArray:
        """First of the days on which each person is eligible, shape (n,); NaT where she never is."""
        return np.where(self.eligible.any(axis=1), self.days[self.eligible.argmax(axis=1)], np.datetime64("NaT", "D"))

    @property
    def entering(self) -> IntArray:
        """Persons who are eligible on the day and were on none of those before, shape (d,)."""
        return (np.cumsum(self.eligible, axis=1) * self.eligible == 1).sum(axis=0)

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"EligibleDays({len(self.person_id)} persons, {len(self.days)} days)"
