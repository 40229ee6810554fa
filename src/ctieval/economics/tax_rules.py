"""Taxes of each week and municipality out of the rate book, or the names of what nobody knows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import FloatArray, IntArray, StrArray
from ctieval.domain.wording import MissingInput
from ctieval.economics.entries import TaxRules
from ctieval.economics.horizon import look_up_weeks
from ctieval.rates.book import RateBook, RateValue

RATES = {
    "municipal": "municipal_tax",
    "municipal_average": "average_municipal_tax",
    "state": "state_tax",
    "labour_market": "labour_market_contribution",
    "equalisation": "equalisation_share",
    "consumption": "consumption_tax",
    "on_costs": "employer_on_costs",
}
OWN_TAX = RATES["municipal"]
"""A municipality's own rate bears its number, such as ``municipal_tax_153``; without it this one holds."""


@dataclass(frozen=True, slots=True, eq=False)
class TaxLookUp:
    """What was found of the taxes.

    Attributes:
        rules: The taxes, each of shape (n, weeks); NaN where one is not known.
        rates: The dated values found.
        missing: The rates that nobody knows in a week that is asked for; each is a file of the trial's own rates.
    """

    rules: TaxRules
    rates: tuple[RateValue, ...]
    missing: tuple[MissingInput, ...]


def load_tax_rules(book: RateBook, week: IntArray, municipality: StrArray) -> TaxLookUp:
    """Look the taxes of every week up; a week has the rates of its Thursday.

    Args:
        book: The rate book, with the trial's own rates laid over it.
        week: Number of each calendar week, shape (n, weeks).
        municipality: Number of each person's municipality, shape (n,).

    Raises:
        RateError: If one of the taxes is a schedule.

    Examples:
        >>> from ctieval.rates.load import load_rates
        >>> found = load_tax_rules(load_rates(None), np.array([[2683]]), np.array(["153"], dtype=object))
        >>> [each.file for each in found.missing[:2]]
        ['rates/municipal_tax.toml', 'rates/average_municipal_tax.toml']
    """
    shares: dict[str, FloatArray] = {}
    rates: list[RateValue] = []
    missing: list[MissingInput] = []
    for part, name in RATES.items():
        share = np.empty(week.shape)
        for rate, rows in _by_rate(book, name, municipality):
            share[rows], found = _look_up(book, rate, week[rows])
            rates += found
            if np.isnan(share[rows]).any():
                missing.append(MissingInput("economics.tax", f"rates/{rate}.toml", (("tax", name),)))
        shares[part] = share
    return TaxLookUp(TaxRules(**shares), tuple(dict.fromkeys(rates)), tuple(missing))


def _by_rate(book: RateBook, name: str, municipality: StrArray) -> list[tuple[str, IntArray]]:
    """The rate that holds for each person, and whom it holds for."""
    if name != OWN_TAX:
        return [(name, np.arange(len(municipality)))]
    numbers, place = np.unique(municipality.astype(np.str_), return_inverse=True)
    own = [f"{name}_{number}" for number in numbers]
    rates = np.array([each if each in book.names else name for each in own], dtype=object)[place]
    return [(str(rate), np.flatnonzero(rates == rate)) for rate in dict.fromkeys(rates.tolist())]


def _look_up(book: RateBook, rate: str, week: IntArray) -> tuple[FloatArray, list[RateValue]]:
    found, place, _ = look_up_weeks(week, lambda on: book.value(rate, on))
    amounts = np.array([np.nan if value is None else value.amount for value in found])
    return amounts[place].reshape(week.shape), [value for value in found if value is not None]
