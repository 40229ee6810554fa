"""What every sheet of the workbook of the account is written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ctieval.domain.cost_benefit import Account, CostBenefit
from ctieval.domain.ledger_quantities import LedgerQuantities
from ctieval.domain.posting import PUBLIC, Entry, Party
from ctieval.domain.provenance import Provenance
from ctieval.domain.units import RateUnit
from ctieval.domain.wording import Fact
from ctieval.report.catalogue import Catalogue
from ctieval.report.economy_book.assumptions import Assumption
from ctieval.report.economy_book.page import Page, Shown
from ctieval.report.model import Meta
from ctieval.report.municipalities import municipality_names
from ctieval.report.rate_names import name_rate

SHEETS: Final = (
    "readme",
    "assumptions",
    "rates",
    "refund",
    "tax",
    "prices",
    "ingredients",
    "quantities",
    "ledger",
    "results",
    "scenarios",
    "budget",
    "checks",
)
"""Sheets in their order."""

PURSES: Final[Mapping[Account, tuple[Party, ...]]] = {
    **dict.fromkeys((Account.M0, Account.M1, Account.M2, Account.M3), (Party.MUNICIPALITY,)),
    **dict.fromkeys((Account.STATE_BEFORE_TAX, Account.STATE), (Party.STATE,)),
    Account.OTHER_MUNICIPALITIES: (Party.OTHER_MUNICIPALITIES,),
    Account.REGION: (Party.REGION,),
    **dict.fromkeys((Account.PUBLIC_BEFORE_TAX, Account.PUBLIC), PUBLIC),
    Account.CITIZEN: (Party.CITIZEN,),
    Account.EMPLOYERS: (Party.EMPLOYERS,),
    **dict.fromkeys((Account.SOCIETY, Account.SOCIETY_CONSUMER_PRICES, Account.SOCIETY_PUBLIC_FUNDS), tuple(Party)),
}
"""Whose purses make up an account."""

_SHOWN: Final[Mapping[str, Shown]] = {RateUnit.SHARE: Shown.SHARE, RateUnit.FACTOR: Shown.FACTOR}


@dataclass(frozen=True, slots=True)
class Desk:
    """What a sheet is written from.

    Attributes:
        words: The text catalogue.
        meta: What stands on the cover.
        provenance: What everything was made from.
        account: The account.
        quantities: Its quantities.
        assumptions: What a reader may change.
        pages: The sheets by their keys.
    """

    words: Catalogue
    meta: Meta
    provenance: Provenance
    account: CostBenefit
    quantities: LedgerQuantities
    assumptions: tuple[Assumption, ...]
    pages: Mapping[str, Page]

    def text(self, key: str, **facts: Fact) -> str:
        """Return a text of this workbook."""
        return self.words.text(f"economy_book.{key}", **facts)

    def heads(self, *keys: str) -> tuple[str, ...]:
        """Return heads of columns."""
        return tuple(self.text(f"head.{key}") for key in keys)

    def open(
        self, sheet: str, heads: tuple[str, ...], *, numbers: range | None = None, widths: tuple[int, ...] = ()
    ) -> Page:
        """Open a sheet under its title, with its lead and heads."""
        page = self.pages[sheet]
        page.open(self.text(f"title.{sheet}"), self.text(f"lead.{sheet}"), heads, numbers=numbers, widths=widths)
        return page

    def key_name(self, key: str) -> str:
        """Name a dated value or a price level as a reader knows it; kroner without a price have a name too."""
        if not key:
            return self.text("kroner")
        if self.words.has(f"economy_book.rate.{key}"):
            return self.text(f"rate.{key}")
        rate, _, day = key.partition("@")
        return f"{self.rate_name(rate)} ({day})"

    def rate_name(self, rate: str) -> str:
        """Name a rate, a step of a schedule, or a tax of one municipality; one that nobody worded as it stands."""
        return name_rate(self.words, rate)

    def place_name(self, place: str) -> str:
        """Name a municipality; none has the name of all."""
        return municipality_names().get(place, place) if place else self.text("every_place")

    def account_name(self, account: Account) -> str:
        """Name an account as the report does."""
        return self.words.text(f"account.{account.value}")

    def entry_name(self, entry: Entry) -> str:
        """Name a line as the report does."""
        return self.words.text(f"line.{entry.value}")

    def has(self, *entries: Entry) -> bool:
        """Tell whether any of some lines is in the account."""
        return any(line.line in entries for line in self.account.lines)


def shown_as(unit: str) -> Shown:
    """Return how a value in a unit is shown."""
    return _SHOWN.get(unit, Shown.KR)
