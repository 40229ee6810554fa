"""Rates that an account asks for and nobody has sourced. What is known lives in the book."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import cast

from ctieval.domain.units import RateUnit
from ctieval.rates.book import RateBook
from ctieval.rates.rate import Payer


@dataclass(frozen=True, slots=True)
class WantedRate:
    """A rate that is asked for by name.

    Attributes:
        name: Its name, and the stem of the file to write.
        description: What it is, in English.
        description_da: What it is, in Danish, or an empty string where only the name of its benefit is known.
        unit: Unit of its amounts, or None where a week and a month will both do.
        payer: Who pays it, or None where that has no meaning.
    """

    name: str
    description: str
    description_da: str
    unit: RateUnit | None
    payer: Payer | None


def load_wanted(book: RateBook) -> tuple[WantedRate, ...]:
    """Load what accounts ask for and the book does not hold, sorted by name.

    Args:
        book: The rate book, with the trial's own rates laid over it where there are any.

    Examples:
        >>> from ctieval.rates.load import load_rates
        >>> [rate.name for rate in load_wanted(load_rates(None)) if "tax" in rate.name]
        ['average_municipal_tax', 'consumption_tax', 'municipal_tax', 'state_tax']
    """
    missing = {rate.name: rate for rate in (*_of_benefits(book), *_listed()) if rate.name not in book.names}
    return tuple(missing[name] for name in sorted(missing))


def _listed() -> tuple[WantedRate, ...]:
    text = resources.files("ctieval.rates").joinpath("wanted.toml").read_text(encoding="utf-8")
    entries = cast("list[dict[str, str]]", tomllib.loads(text)["wanted"])
    return tuple(
        WantedRate(
            name=entry["name"],
            description=entry["description"],
            description_da=entry["beskrivelse"],
            unit=RateUnit(entry["unit"]),
            payer=Payer(entry["payer"]) if "payer" in entry else None,
        )
        for entry in entries
    )


def _of_benefits(book: RateBook) -> tuple[WantedRate, ...]:
    """Rates by which benefits are paid."""
    return tuple(
        WantedRate(name, benefit.description, "", None, None)
        for benefit in book.benefits.benefits
        for name in (benefit.provider, benefit.other)
    )
