"""The weeks from each person's own draw to the horizon, cut out of the calendar; nothing is priced here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import BoolArray, CodeArray, IntArray
from ctieval.domain.registers import NOT_OBSERVED, WeekPanel
from ctieval.errors import InputError, RateNotInForceError, RateUnverifiedError, UnknownRateError
from ctieval.registers.codes import CodeList

_Cell = TypeVar("_Cell", bound=np.generic)
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Horizon:
    """The weeks ``[0, H)`` after the draw of each person, in the order of the allocation.

    Attributes:
        row: Row of each person in the week panel, shape (n,).
        week: Number of each calendar week, shape (n, H).
        code: Register codes, shape (n, H).
        observed: True for a person all of whose weeks are observed, shape (n,). The dead are observed: they
            receive nothing. Whoever was abroad in a week is not, as in the outcomes.
    """

    row: IntArray
    week: IntArray
    code: CodeArray
    observed: BoolArray

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Horizon({self.week.shape[0]} persons, {self.week.shape[1]} weeks)"

    def cut(self, cells: npt.NDArray[_Cell], first_week: int, beyond: float) -> npt.NDArray[_Cell]:
        """Cut each person's weeks out of a calendar.

        Args:
            cells: One cell a person and calendar week, in the person order of this horizon, shape (n, weeks).
            first_week: Number of the first calendar week.
            beyond: What stands in a week outside the calendar.

        Returns:
            Cells of each person's own weeks, shape (n, H).
        """
        return _cut(cells, np.arange(len(self.row)), self.week - first_week, beyond)


def build_horizon(allocation: Allocation, panel: WeekPanel, horizon_weeks: int, codes: CodeList) -> Horizon:
    """Find each person's weeks from her own draw to the horizon; week 0 holds the day of the draw.

    Args:
        allocation: The allocation.
        panel: Benefit codes by week.
        horizon_weeks: Weeks from the draw.
        codes: The list of register codes.

    Raises:
        InputError: If the code list lacks ``emigrated``.
        InputError: If somebody drawn is not in the registers.
        InputError: If the day of a draw is not known.
    """
    row = pd.Index(panel.person_id).get_indexer(pd.Index(allocation.person_id)).astype(np.int64)
    _check_none(row < 0, "is not in the table of weeks", "add the missing persons to the register files")
    unknown = np.isnat(allocation.randomised_on)
    _check_none(unknown, "has no day of the draw", "give the day of the draw for every person")
    week_zero = (allocation.randomised_on.astype("datetime64[D]").astype(np.int64) + 3) // 7
    week = week_zero[:, None] + np.arange(horizon_weeks)
    code = _cut(panel.code, row, week - panel.first_week, NOT_OBSERVED)
    observed = (code != NOT_OBSERVED) & ~codes.lookup("emigrated")[code]
    return Horizon(row, week, code, observed.all(axis=1))


def day_of(week: int) -> date:
    """Return the Thursday of a numbered week, whose year and month are those of the ISO week.

    Examples:
        >>> day_of(2509)
        datetime.date(2018, 2, 1)
    """
    return date(1970, 1, 1) + timedelta(days=7 * week)


def look_up_weeks(
    week: IntArray, look_up: Callable[[date], _Found]
) -> tuple[tuple[_Found | None, ...], IntArray, BoolArray]:
    """Look something dated up for every calendar week that occurs.

    Args:
        week: Numbers of weeks, shape (m,).
        look_up: Gives what is in force on a day, or raises the error of a rate that nobody knows.

    Returns:
        What is in force in each distinct week, None where nobody knows; the place of each cell among them,
        shape (m,); and whether it is known there, shape (m,).
    """
    distinct, place = np.unique(week, return_inverse=True)
    found = tuple(_or_none(look_up, day_of(int(each))) for each in distinct)
    known = np.array([each is not None for each in found], dtype=np.bool_)
    return found, place, known[place]


def _or_none(look_up: Callable[[date], _Found], on: date) -> _Found | None:
    try:
        return look_up(on)
    except (UnknownRateError, RateNotInForceError, RateUnverifiedError):
        return None


def _cut(cells: npt.NDArray[_Cell], row: IntArray, column: IntArray, beyond: float) -> npt.NDArray[_Cell]:
    n_weeks = cells.shape[1]
    outside = (column < 0) | (column >= n_weeks)
    padded = np.pad(cells, ((0, 0), (0, 1)), constant_values=beyond)
    return padded[row[:, None], np.where(outside, n_weeks, column)]


def _check_none(wrong: BoolArray, what: str, do: str) -> None:
    if wrong.any():
        raise InputError(
            what=f"somebody who was drawn {what}",
            where="the allocation and the registers",
            found=f"{int(wrong.sum())} of {len(wrong)} persons",
            expected="no such person: nobody who was drawn may be left out",
            do=do,
        )
