"""Taxes of a day out of the rate book, or the names of what nobody knows; what they are levied on lives elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ctieval.economics.entries import TaxRules
from ctieval.errors import RateNotInForceError, RateUnverifiedError, UnknownRateError
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


@dataclass(frozen=True, slots=True)
class TaxLookUp:
    """What was found of the taxes.

    Attributes:
        rules: The taxes, or None where one of them is not known.
        rates: The dated values found.
        missing: Names of the rates that nobody knows on the day; each is a file to add to the trial's own rates.
    """

    rules: TaxRules | None
    rates: tuple[RateValue, ...]
    missing: tuple[str, ...]


def load_tax_rules(book: RateBook, on: date) -> TaxLookUp:
    """Look the taxes of a day up.

    Args:
        book: The rate book, with the trial's own rates laid over it.
        on: The day.

    Raises:
        RateError: If one of the taxes is a schedule.

    Examples:
        >>> from ctieval.rates.load import load_rates
        >>> load_tax_rules(load_rates(None), date(2021, 6, 1)).missing[:2]
        ('municipal_tax', 'average_municipal_tax')
    """
    found = {part: _value(book, name, on) for part, name in RATES.items()}
    known = {part: value for part, value in found.items() if value is not None}
    rules = TaxRules(**{part: value.amount for part, value in known.items()}) if len(known) == len(RATES) else None
    missing = tuple(RATES[part] for part in RATES if part not in known)
    return TaxLookUp(rules, tuple(known.values()), missing)


def _value(book: RateBook, name: str, on: date) -> RateValue | None:
    try:
        return book.value(name, on)
    except (UnknownRateError, RateNotInForceError, RateUnverifiedError):
        return None
