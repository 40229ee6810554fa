"""Who was on the declared benefits when: day by day where the extract has dates, else in whole weeks. No rule."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ctieval.domain.arrays import BoolArray, IntArray
from ctieval.eligibility.past import Past, Periods


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Timeline:
    """Cells of time up to the look-up, which lies in the last of them.

    Attributes:
        first_day: First day of the first cell, in days since 1970-01-01.
        days: Days of a cell: 1 where the extract holds periods, 7 where it holds weekly codes.
        on_benefit: True on one of the benefits, shape (n, cells); False where not observed.
        observed: True in cells that the extract covers, shape (n, cells).
    """

    first_day: int
    days: int
    on_benefit: BoolArray
    observed: BoolArray

    def at_most(self) -> Timeline:
        """Return the timeline if everything unobserved was on benefit."""
        return replace(self, on_benefit=self.on_benefit | ~self.observed)

    def day(self, cell: IntArray) -> IntArray:
        """Return the first day of cells, in days since 1970-01-01."""
        return self.first_day + self.days * cell

    def __repr__(self) -> str:
        """Name the size, never a person."""
        persons, cells = self.on_benefit.shape
        return f"Timeline({persons} persons, {cells} cells of {self.days} days)"


def lay_timeline(past: Past, benefits: BoolArray) -> Timeline:
    """Lay out who was on the benefits when.

    Weekly codes make cells of a week, from the first week to that of the look-up; a week with the code counts as
    seven days on benefit. Periods make cells of a day, from the Monday of the first week to the look-up itself;
    a day is observed where its week is.

    Args:
        past: What is known up to the day of the look-up.
        benefits: Membership of the declared set by code, as ``CodeList.lookup`` gives it.

    Returns:
        The timeline.
    """
    if past.periods is None:
        return Timeline(past.first_day, 7, benefits[past.code], past.observed)
    n_days = int(np.datetime64(past.as_of, "D").astype(np.int64)) + 1 - past.first_day
    observed = np.repeat(past.observed, 7, axis=1)[:, :n_days]
    on_benefit = _by_day(past.periods, benefits, past.first_day, observed.shape)
    return Timeline(past.first_day, 1, on_benefit & observed, observed)


def _by_day(periods: Periods, benefits: BoolArray, first_day: int, shape: tuple[int, ...]) -> BoolArray:
    """Days that a period with one of the benefits covers, shape (n, days)."""
    counts = benefits[periods.code]
    start, end = (np.clip(days[counts] - first_day, 0, shape[1]) for days in (periods.start, periods.end))
    change = np.zeros((shape[0], shape[1] + 1), dtype=np.int16)
    np.add.at(change, (periods.row[counts], start), 1)
    np.add.at(change, (periods.row[counts], end), -1)
    return change.cumsum(axis=1, dtype=np.int16)[:, :-1] > 0
