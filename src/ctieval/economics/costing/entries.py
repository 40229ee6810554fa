"""Quantities of one ingredient, by person and day of a log, and what they cost; arms and parts are not told apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ctieval.domain.arrays import BoolArray, DateArray, FloatArray, IntArray, StrArray
from ctieval.domain.costing import CostPhase
from ctieval.economics.costing.ingredients import Driver, Ingredient
from ctieval.economics.costing.service_log import ServiceLog

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Entries:
    """What persons used of one ingredient, shape (m,).

    Attributes:
        person: Place of the person in the allocation.
        day: The day.
        week: Week after the person's own draw.
        site: Place.
        quantity: Units: hours where minutes are counted.
        kroner: Quantity times price, and times the years of use where it is set-up.
    """

    person: IntArray
    day: DateArray
    week: IntArray
    site: StrArray
    quantity: FloatArray
    kroner: FloatArray

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Entries({len(self.person)} rows)"

    def keep(self, rows: BoolArray) -> Entries:
        """Keep some rows, shape (m,)."""
        return Entries(
            self.person[rows], self.day[rows], self.week[rows], self.site[rows], self.quantity[rows], self.kroner[rows]
        )


def price_log(ingredient: Ingredient, log: ServiceLog) -> Entries:
    r"""Count an ingredient in a log, and price it.

    Hours and contacts are counted row by row. A person reached counts once, on the day of the first row. A month in
    which a place is open, and a sum for the whole trial, count 1 together, shared by the persons whom they reached,
    each on her first day in it. Set-up costs its yearly use times the years from the first to the last day of the log:

    .. math:: k_i = q_i \, p \, (t_{last} - t_{first} + 1) / 365.25

    Args:
        ingredient: The ingredient with its price.
        log: The rows that may use it; those of other roles and activities do not count.
    """
    rows = matching_rows(ingredient, log)
    place = np.flatnonzero(rows)
    match ingredient.driver:
        case Driver.CONTACT:
            quantity = log.contact[place]
        case Driver.INDIRECT:
            quantity = log.indirect[place]
        case Driver.SESSION:
            quantity = log.session[place]
        case Driver.PARTICIPANT:
            place = _first_rows(log, place, np.zeros(len(place), dtype=np.int64))
            quantity = np.ones(len(place))
        case Driver.SITE_MONTH:
            place, quantity = _share(log, place, _site_months(log, place))
        case Driver.FIXED:
            place, quantity = _share(log, place, np.zeros(len(place), dtype=np.int64))
    years = years_of(log, rows) if ingredient.phase is CostPhase.SETUP else 1.0
    return Entries(
        person=log.person[place],
        day=log.day[place],
        week=log.week[place],
        site=log.site[place],
        quantity=quantity,
        kroner=quantity * ingredient.price * years,
    )


def matching_rows(ingredient: Ingredient, log: ServiceLog) -> BoolArray:
    """Tell which rows of a log are of the ingredient's role and activity, shape (m,)."""
    rows = np.ones(len(log.person), dtype=np.bool_)
    for wanted, found in ((ingredient.role, log.role), (ingredient.activity, log.activity)):
        if wanted:
            rows &= found == wanted
    return rows


def years_of(log: ServiceLog, rows: BoolArray) -> float:
    """Years from the first to the last day of some rows, both counted; 0 without a row."""
    days = log.day[rows].astype("datetime64[D]").astype(np.int64)
    return float(days.max() - days.min() + 1) / DAYS_PER_YEAR if len(days) else 0.0


def _site_months(log: ServiceLog, place: IntArray) -> IntArray:
    """Number each place and month of some rows."""
    sites = pd.factorize(log.site[place])[0].astype(np.int64)
    months = log.day[place].astype("datetime64[M]").astype(np.int64)
    return sites * (months.max(initial=0) + 1) + months


def _first_rows(log: ServiceLog, place: IntArray, group: IntArray) -> IntArray:
    """Row of each person's first day in each group."""
    rows = pd.DataFrame({"place": place, "person": log.person[place], "group": group, "day": log.day[place]})
    first = rows.sort_values(["day", "place"]).drop_duplicates(["person", "group"])
    return first["place"].sort_values().to_numpy(dtype=np.int64)


def _share(log: ServiceLog, place: IntArray, group: IntArray) -> tuple[IntArray, FloatArray]:
    """Share one unit of each group equally among its persons, each on her first day."""
    first = _first_rows(log, place, group)
    _, number, count = np.unique(group[np.isin(place, first)], return_inverse=True, return_counts=True)
    return first, 1.0 / count[number]
