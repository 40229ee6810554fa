"""The weeks of a simulated world and the months that hold them. No person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import DateArray, IntArray
from ctieval.domain.registers import week_of
from ctieval.registers.weeks import months_of_weeks
from ctieval.simulation.settings import Calendar


@dataclass(frozen=True, slots=True)
class WeekGrid:
    """Columns of every weekly array, one a week.

    Attributes:
        first_week: Number of the first week, as ``domain.registers`` numbers weeks.
        look_up: Column of the week of the look-up.
        draw: Column of the week of the draw; the columns before it are the history.
        weeks: Number of columns.
    """

    first_week: int
    look_up: int
    draw: int
    weeks: int

    @property
    def follow_up(self) -> int:
        """Number of columns from the draw on."""
        return self.weeks - self.draw

    @property
    def mondays(self) -> DateArray:
        """First day of each week, shape (weeks,)."""
        return (np.arange(self.first_week, self.first_week + self.weeks) * 7 - 3).astype("datetime64[D]")

    @property
    def months(self) -> IntArray:
        """Number of the month that holds each week's Thursday, shape (weeks,)."""
        return months_of_weeks(np.arange(self.first_week, self.first_week + self.weeks))


def to_week_grid(calendar: Calendar) -> WeekGrid:
    """Lay the weeks of a calendar out.

    Args:
        calendar: Days and lengths.

    Returns:
        The weeks.

    Examples:
        >>> from datetime import date
        >>> grid = to_week_grid(Calendar(date(2018, 1, 15), date(2018, 2, 5), 161, 112, ""))
        >>> str(grid.mondays[0]), grid.draw - grid.look_up
        ('2015-01-05', 3)
    """
    draw_week = week_of(np.datetime64(calendar.randomised_on))
    first_week = draw_week - calendar.history_weeks
    return WeekGrid(
        first_week=first_week,
        look_up=week_of(np.datetime64(calendar.as_of)) - first_week,
        draw=calendar.history_weeks,
        weeks=calendar.history_weeks + calendar.follow_up_weeks,
    )
