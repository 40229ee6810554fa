"""Gross earnings by person and week, spread by days from the months of the registers. Taxes live elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ctieval.domain.arrays import FloatArray, IntArray, StrArray
from ctieval.domain.registers import EmploymentPanel
from ctieval.domain.wording import MissingInput, Notice
from ctieval.economics.horizon import Horizon
from ctieval.registers.weeks import months_of

DAYS_PER_WEEK = 7


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class EarningWeeks:
    """What each person earned.

    Attributes:
        kroner: Gross earnings in nominal kroner, shape (n, H); NaN in a week of which no day lies in a month whose
            earnings are known.
        missing: The table that is lacking.
        notices: Coded warnings.
    """

    kroner: FloatArray
    missing: tuple[MissingInput, ...]
    notices: tuple[Notice, ...]

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"EarningWeeks({self.kroner.shape[0]} persons, {self.kroner.shape[1]} weeks)"


def spread_earnings(employment: EmploymentPanel | None, person_id: StrArray, horizon: Horizon) -> EarningWeeks:
    r"""Spread each month's earnings evenly over its days, and add the days up by week.

    .. math:: W_w = \sum_m \frac{\text{days of week } w \text{ in month } m}{\text{days of month } m} \, W_m

    Where a week touches one month that is known and one that is not, as the last week of somebody who moves away may
    do, the days of the former stand for the whole week.

    Args:
        employment: Earnings by month, or None where the registers hold none.
        person_id: Identifiers in the order of the horizon, shape (n,).
        horizon: The weeks of each person.

    Returns:
        The earnings. Where those of one week of somebody wholly observed are not known, nothing that rests on earnings
        is reckoned, and ``W-EARNINGS-NOT-KNOWN`` says so.
    """
    kroner = np.full(horizon.week.shape, np.nan) if employment is None else _spread(employment, person_id, horizon)
    if not np.isnan(kroner[horizon.observed]).any():
        return EarningWeeks(kroner, (), ())
    missing = MissingInput("economics.earnings", "employment.csv")
    return EarningWeeks(kroner, (missing,), (Notice("W-EARNINGS-NOT-KNOWN", "employment"),))


def _spread(employment: EmploymentPanel, person_id: StrArray, horizon: Horizon) -> FloatArray:
    row = pd.Index(employment.person_id).get_indexer(pd.Index(person_id)).astype(np.int64)
    monday = horizon.week * DAYS_PER_WEEK - 3
    month, last_month = (months_of(day.astype("datetime64[D]")) for day in (monday, monday + DAYS_PER_WEEK - 1))
    days = np.minimum(_first_day(month + 1) - monday, DAYS_PER_WEEK)
    before, after = (_per_day(employment, row, each) for each in (month, last_month))
    before, after = np.where(np.isnan(before), after, before), np.where(np.isnan(after), before, after)
    return days * before + (DAYS_PER_WEEK - days) * after


def _first_day(month: IntArray) -> IntArray:
    return month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def _per_day(employment: EmploymentPanel, row: IntArray, month: IntArray) -> FloatArray:
    """Kroner a day of each person in each month, shape (n, H); NaN where the month or the person is not known."""
    column, n_months = month - employment.first_month, employment.earnings.shape[1]
    known = (column >= 0) & (column < n_months) & (row >= 0)[:, None]
    earned = employment.earnings[row[:, None], np.clip(column, 0, n_months - 1)]
    return np.where(known, earned, np.nan) / (_first_day(month + 1) - _first_day(month))
