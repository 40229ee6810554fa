"""What society's account is multiplied by, out of the rate book. Nothing is multiplied here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ctieval.domain.wording import MissingInput
from ctieval.economics.accounts import SocietyFactors
from ctieval.errors import RateNotInForceError, RateUnverifiedError, UnknownRateError
from ctieval.rates.book import RateBook, RateValue

NET_TAX_FACTOR = "net_tax_factor"
DISTORTION_FACTOR = "tax_distortion_factor"


@dataclass(frozen=True, slots=True)
class FactorLookUp:
    """What was found of the factors.

    Attributes:
        factors: The factors; None in the place of one that is not known.
        rates: The dated values found.
        missing: The files in which they are looked for.
    """

    factors: SocietyFactors
    rates: tuple[RateValue, ...]
    missing: tuple[MissingInput, ...]


def load_society_factors(book: RateBook, price_year: int) -> FactorLookUp:
    """Look up the newest net tax factor, and the distortion factor that was the rule when the price year began.

    Args:
        book: The rate book.
        price_year: Year of the prices.

    Raises:
        RateError: If one of them is a schedule.

    Examples:
        >>> from ctieval.rates.load import load_rates
        >>> load_society_factors(load_rates(None), 2020).factors
        SocietyFactors(net_tax=1.28, distortion=1.1)
    """
    found = {
        NET_TAX_FACTOR: _newest(book, NET_TAX_FACTOR),
        DISTORTION_FACTOR: _on(book, DISTORTION_FACTOR, date(price_year, 1, 1)),
    }
    amounts = [None if value is None else value.amount for value in found.values()]
    return FactorLookUp(
        factors=SocietyFactors(*amounts),
        rates=tuple(value for value in found.values() if value is not None),
        missing=tuple(
            MissingInput("economics.factor", f"rates/{name}.toml", (("factor", name),))
            for name, value in found.items()
            if value is None
        ),
    )


def _newest(book: RateBook, name: str) -> RateValue | None:
    return book.newest_value(name) if name in book.names else None


def _on(book: RateBook, name: str, on: date) -> RateValue | None:
    try:
        return book.value(name, on)
    except (UnknownRateError, RateNotInForceError, RateUnverifiedError):
        return None
