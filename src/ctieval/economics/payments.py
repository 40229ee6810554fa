"""Kroner actually paid, spread by day over the weeks of each person; rates live elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray, StrArray
from ctieval.economics.horizon import Horizon
from ctieval.errors import InputError
from ctieval.rates.benefit import BenefitTable, Financing


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PaidWeeks:
    """Kroner paid in the observed weeks.

    Attributes:
        ladder: Benefits on the refund ladder, shape (n, H).
        state: Benefits that the state bears alone, shape (n, H).
        without_amount: Periods within the horizon that tell no amount.
    """

    ladder: FloatArray
    state: FloatArray
    without_amount: int

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"PaidWeeks({self.ladder.shape[0]} persons, {self.ladder.shape[1]} weeks)"


@dataclass(frozen=True, slots=True, eq=False)
class _Pieces:
    """Periods cut into weeks: which person, which own week, which period, and the share of its days there."""

    person: IntArray
    week: IntArray
    period: IntArray
    share: FloatArray


def spread_payments(
    payments: pd.DataFrame | None, person_id: StrArray, horizon: Horizon, benefits: BenefitTable
) -> PaidWeeks | None:
    """Spread each payment evenly over its days, and add the days up by week.

    Args:
        payments: Periods with kroner: ``person_id``, ``start``, ``end`` (inclusive), ``benefit``, ``amount``.
        person_id: Identifiers in the order of the horizon, shape (n,).
        horizon: The weeks of each person.
        benefits: Who finances the benefit of each code.

    Returns:
        Kroner by person and week, 0 for a person who is not wholly observed; None where there are no payments.

    Raises:
        InputError: If money was paid under a code that stands for no benefit.
    """
    if payments is None:
        return None
    pieces = _cut_periods(payments, person_id, horizon)
    amount = payments["amount"].to_numpy(dtype=np.float64, na_value=np.nan)
    code = payments["benefit"].to_numpy(dtype=np.str_).astype(np.int64)
    within = np.zeros(len(payments), dtype=np.bool_)
    within[pieces.period] = True
    ladder = _codes_of(benefits, Financing.REFUND_LADDER)
    state = _codes_of(benefits, Financing.STATE)
    _check_listed(code[within & (amount > 0)], ladder | state)
    paid = {
        codes: _add_up(pieces, np.where(np.isin(code, sorted(codes)), np.nan_to_num(amount), 0.0), horizon)
        for codes in (ladder, state)
    }
    without_amount = int((within & np.isnan(amount) & np.isin(code, sorted(ladder))).sum())
    return PaidWeeks(paid[ladder], paid[state], without_amount)


def _cut_periods(payments: pd.DataFrame, person_id: StrArray, horizon: Horizon) -> _Pieces:
    """Cut the periods of observed persons into the weeks of their horizon."""
    person = pd.Index(person_id).get_indexer(pd.Index(payments["person_id"])).astype(np.int64)
    start, end = (payments[name].to_numpy(dtype="datetime64[D]").astype(np.int64) for name in ("start", "end"))
    first = (start + 3) // 7
    n_weeks = (end + 3) // 7 - first + 1
    period = np.repeat(np.arange(len(payments)), n_weeks)
    calendar_week = first[period] + np.arange(len(period)) - np.repeat(np.cumsum(n_weeks) - n_weeks, n_weeks)
    monday = calendar_week * 7 - 3
    days = np.minimum(end[period], monday + 6) - np.maximum(start[period], monday) + 1
    own_week = calendar_week - horizon.week[person[period], 0]
    kept = _kept(person[period], own_week, horizon)
    share = days / (end - start + 1)[period]
    return _Pieces(person[period][kept], own_week[kept], period[kept], share[kept])


def _kept(person: IntArray, own_week: IntArray, horizon: Horizon) -> BoolArray:
    inside = (own_week >= 0) & (own_week < horizon.week.shape[1])
    return (person >= 0) & horizon.observed[person] & inside


def _add_up(pieces: _Pieces, amount: FloatArray, horizon: Horizon) -> FloatArray:
    kroner = np.zeros(horizon.week.shape)
    np.add.at(kroner, (pieces.person, pieces.week), pieces.share * amount[pieces.period])
    return kroner


def _codes_of(benefits: BenefitTable, financing: Financing) -> frozenset[int]:
    return frozenset().union(*(each.codes for each in benefits.benefits if each.financing is financing))


def _check_listed(code: IntArray, listed: frozenset[int]) -> None:
    unlisted = sorted(set(code.tolist()) - listed)
    if unlisted:
        raise InputError(
            what="money was paid under a code that stands for no benefit",
            where="table periods, columns benefit and amount",
            found=f"the codes {', '.join(str(each) for each in unlisted)}",
            expected="codes of a benefit in rates/benefits.toml",
            do="correct the codes, or add the benefit to rates/benefits.toml of the trial's own rates",
        )
