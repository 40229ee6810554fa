"""A rate file to fill in, with its explanation in Danish; what is filled in is read elsewhere."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from difflib import get_close_matches
from importlib import resources
from string import Template

from ctieval.domain.units import RateUnit
from ctieval.errors import UnknownRateError
from ctieval.rates.book import RateBook
from ctieval.rates.rate import Rate, Schedule
from ctieval.rates.read import TO_FILL_IN
from ctieval.rates.wanted import WantedRate, load_wanted

_OF_PLACE = re.compile(r"(municipal_tax)_\d{3}")
"""The rate of one municipality, which bears its number."""


def build_form(name: str, book: RateBook) -> str:
    """Build the file of a rate, with a ``?`` in every place that only a source can fill.

    The form is refused by the reader until every ``?`` has been filled in, so that no number of ours stands in for
    one that nobody knows.

    Args:
        name: A rate of the book, which the file will replace, or one that an account asks for; a municipality's own
            tax may bear its number, such as ``municipal_tax_153``.
        book: The rate book.

    Returns:
        TOML with comments in Danish.

    Raises:
        UnknownRateError: If nobody asks for a rate of that name; the three nearest are offered.

    Examples:
        >>> from ctieval.rates.load import load_rates
        >>> print(build_form("municipal_tax", load_rates(None)).splitlines()[0])
        # Kommunens egen udskrivningsprocent, skrevet som andel.
    """
    stepped = name in book.names and isinstance(book.rate(name).values[-1], Schedule)
    rate = _find(name, book)
    lines = _load_lines()
    return Template(_shipped("sats.txt")).substitute(
        beskrivelse=rate.description_da or Template(lines["benefit"]).substitute(name=rate.name),
        name=rate.name,
        description=rate.description,
        unit=rate.unit or TO_FILL_IN,
        unit_note="" if rate.unit else lines["either"],
        payer=f'payer = "{rate.payer}"\n' if rate.payer else "",
        value=lines["steps" if stepped else "share" if rate.unit is RateUnit.SHARE else "amount"],
    )


def _load_lines() -> dict[str, str]:
    return tomllib.loads(_shipped("linjer.toml"))


def _shipped(file: str) -> str:
    return resources.files("ctieval.rates").joinpath("forms", file).read_text(encoding="utf-8")


def _find(name: str, book: RateBook) -> WantedRate:
    """Find a rate among those that are wanted and those of the book."""
    wanted = {rate.name: rate for rate in load_wanted(book)}
    known = {rate.name: _replacing(rate) for rate in book.rates}
    of_place = _OF_PLACE.fullmatch(name)
    found = {**wanted, **known}.get(of_place[1] if of_place else name)
    if found is not None and of_place:
        return replace(found, name=name)
    if found is None:
        nearest = get_close_matches(name, [*wanted, *known], n=3, cutoff=0.0)
        raise UnknownRateError(name=name, nearest=nearest, where="the rate book and what accounts ask for")
    return found


def _replacing(rate: Rate) -> WantedRate:
    description = Template(_load_lines()["replacing"]).substitute(name=rate.name)
    return WantedRate(rate.name, rate.description, description, rate.unit, rate.payer)
