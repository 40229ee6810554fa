"""Which price, refund step and set of taxes each krone of the account has; no krone is counted here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from ctieval.domain.arrays import CodeArray, FloatArray, IntArray, StrArray
from ctieval.domain.ledger_quantities import TaxCell, TaxPart
from ctieval.economics.benefits import BenefitWeeks, week_price
from ctieval.economics.horizon import Horizon, day_of
from ctieval.economics.ladder import SHARE, LadderWeeks
from ctieval.economics.tax_rules import OWN_TAX, RATES
from ctieval.errors import RateNotInForceError, RateUnverifiedError, UnknownRateError
from ctieval.rates.book import RateBook

NONE = -1
_DAYS_PER_WEEK = 7


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LedgerCells:
    """Prices, steps and taxes, and where each krone stands among them; the last of each is for kroner without one.

    Arrays have the shape (n, 1 + H) of the flows, the day of the draw and the weeks after it; the columns of the draw
    hold no benefit.

    Attributes:
        price_keys: Keys of the prices.
        prices: Kroner a week, shape (prices + 1,); the last is 1.
        ladder_price: Place of the price of each benefit on the refund ladder; -1 where it has none.
        state_price: Place of the price of each benefit of the state; -1 where it has none.
        step_keys: Keys of the steps of the refund ladder.
        steps: Shares of the steps, shape (steps + 1,); the last is 1.
        step: Place of the step; -1 where no share is asked for.
        taxes: Sets of taxes.
        tax: Place of the set.
    """

    price_keys: tuple[str, ...]
    prices: FloatArray
    ladder_price: IntArray
    state_price: IntArray
    step_keys: tuple[str, ...]
    steps: FloatArray
    step: IntArray
    taxes: tuple[TaxCell, ...]
    tax: IntArray

    def __repr__(self) -> str:
        """Name the sizes, never a person."""
        return f"LedgerCells({len(self.price_keys)} prices, {len(self.step_keys)} steps, {len(self.taxes)} taxes)"


def locate_cells(
    horizon: Horizon, benefits: BenefitWeeks, ladder: LadderWeeks, *, book: RateBook, municipality: StrArray
) -> LedgerCells:
    """Find the price, step and set of taxes of every krone of those who are wholly observed.

    Args:
        horizon: The weeks of everybody drawn.
        benefits: Benefits by person and week, shape (n, H).
        ladder: Weeks on the refund ladder, shape (n, H).
        book: The rate book.
        municipality: Number of the municipality of each person observed, shape (n observed,).
    """
    observed = horizon.observed
    step_keys, steps, step = _locate_steps(benefits, ladder, horizon.week)
    taxes, tax = _locate_taxes(book, horizon.week[observed], municipality)
    return LedgerCells(
        price_keys=tuple(to_key(value.rate, value.in_force.isoformat()) for value in benefits.rates),
        prices=np.array([*(week_price(value) for value in benefits.rates), 1.0]),
        ladder_price=_from_draw(benefits.ladder_rate[observed]),
        state_price=_from_draw(benefits.state_rate[observed]),
        step_keys=step_keys,
        steps=steps,
        step=_from_draw(step[observed]),
        taxes=taxes,
        tax=np.column_stack([tax[:, :1], tax]),
    )


def to_key(rate: str, in_force: str) -> str:
    """Name a dated value, as ``RateUse.key`` does.

    Examples:
        >>> to_key("state_tax", "2018-01-01")
        'state_tax@2018-01-01'
    """
    return f"{rate}@{in_force}"


def _from_draw(place: CodeArray | IntArray) -> IntArray:
    return np.column_stack([np.full(len(place), NONE), place.astype(np.int64)])


def _locate_steps(
    benefits: BenefitWeeks, ladder: LadderWeeks, week: IntArray
) -> tuple[tuple[str, ...], FloatArray, IntArray]:
    keys: list[str] = []
    shares: list[float] = []
    place = np.full(week.shape, NONE)
    days = week * _DAYS_PER_WEEK
    asked = benefits.ladder > 0
    for schedule in sorted(ladder.schedules, key=lambda each: each.in_force):
        starts = np.array([step.start for step in schedule.steps])
        reached = np.clip(np.searchsorted(starts, ladder.ladder_week, side="right") - 1, 0, None)
        under = asked & (days >= (schedule.in_force - date(1970, 1, 1)).days)
        place[under] = len(keys) + reached[under]
        keys += [to_key(f"{SHARE}[{step.start}]", schedule.in_force.isoformat()) for step in schedule.steps]
        shares += [step.amount for step in schedule.steps]
    return tuple(keys), np.array([*shares, 1.0]), place


def _locate_taxes(book: RateBook, week: IntArray, municipality: StrArray) -> tuple[tuple[TaxCell, ...], IntArray]:
    """Every set of taxes, and its place by person and week; municipalities without their own tax are one."""
    own = np.array([f"{OWN_TAX}_{each}" in book.names for each in municipality.tolist()], dtype=np.bool_)
    names, who = np.unique(np.where(own, municipality, "").astype(np.str_), return_inverse=True)
    weeks, when = np.unique(week, return_inverse=True)
    cells: dict[TaxCell, int] = {}
    table = np.array(
        [
            [cells.setdefault(_tax_cell(book, place, int(each)), len(cells)) for each in weeks]
            for place in names.tolist()
        ],
        dtype=np.int64,
    ).reshape(len(names), len(weeks))
    return tuple(cells), table[who[:, None], when.reshape(week.shape)]


def _tax_cell(book: RateBook, place: str, week: int) -> TaxCell:
    found: list[tuple[TaxPart, str]] = []
    for part in TaxPart:
        name = f"{OWN_TAX}_{place}" if part is TaxPart.MUNICIPAL and place else RATES[part.value]
        try:
            value = book.value(name, day_of(week))
        except (UnknownRateError, RateNotInForceError, RateUnverifiedError):
            continue
        found.append((part, to_key(value.rate, value.in_force.isoformat())))
    return TaxCell(place, tuple(found))
