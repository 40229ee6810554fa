"""Mean quantities behind the account: what, times prices and shares, gives every line again. No person is in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ctieval.domain.posting import Entry, Party


class TaxPart(StrEnum):
    """The shares by which income is taxed and taxes are shared, in the order of the table."""

    MUNICIPAL = "municipal"
    MUNICIPAL_AVERAGE = "municipal_average"
    STATE = "state"
    LABOUR_MARKET = "labour_market"
    EQUALISATION = "equalisation"
    CONSUMPTION = "consumption"
    ON_COSTS = "on_costs"


PROGRAMME_LEVEL = "programme_price_level"
USUAL_SERVICES_LEVEL = "usual_services_price_level"
"""What every price of an ingredient is multiplied by: 1 in the account."""
PRICE_LEVELS = {Entry.PROGRAMME: PROGRAMME_LEVEL, Entry.USUAL_SERVICES: USUAL_SERVICES_LEVEL}


WITHHELD = "W-ECONOMY-BOOK-WITHHELD"
"""Code of the notice that the quantities may not be told."""


@dataclass(frozen=True, slots=True)
class TaxCell:
    """Weeks and persons with one set of taxes.

    Attributes:
        place: Number of the municipality whose own tax it is, or an empty string.
        taxes: Key of the dated value of each share that is known (``RateUse.key``).
    """

    place: str
    taxes: tuple[tuple[TaxPart, str], ...]

    def key(self, part: TaxPart) -> str | None:
        """Return the key of a share, or None where it is not known."""
        return dict(self.taxes).get(part)


@dataclass(frozen=True, slots=True)
class Quantity:
    """One mean quantity, discounted, as the design weighs persons.

    Its kroner are the quantity times ``price`` times ``share``, each of them 1 where it has no key. ``BENEFIT`` and
    ``STATE_BENEFIT`` are gross benefits by price, ``REFUND`` those on the refund ladder by price and step,
    ``TAX_ON_BENEFIT`` all of them by price and set of taxes, ``WAGES`` gross earnings by set of taxes; services and the
    grant are what the party pays.

    Attributes:
        entry: The line that it goes into.
        party: Who pays it.
        price: Key of the price: weeks times a benefit rate, or an empty string where the quantity is in kroner.
        share: Key of the step of the refund ladder, or an empty string.
        cell: Place of the tax cell, or None.
        control: Mean of the control.
        intervention: Mean of the intervention.
        std_error: Standard error of the difference.
        persons: Persons of control and intervention with some of it; None where that is not told.
    """

    entry: Entry
    party: Party
    price: str
    share: str
    cell: int | None
    control: float
    intervention: float
    std_error: float
    persons: tuple[int | None, int | None] = (None, None)

    @property
    def difference(self) -> float:
        """Intervention less control."""
        return self.intervention - self.control


@dataclass(frozen=True, slots=True)
class LedgerQuantities:
    """Every quantity of the account.

    Attributes:
        cells: Sets of taxes.
        quantities: The quantities, in the order of the lines.
    """

    cells: tuple[TaxCell, ...]
    quantities: tuple[Quantity, ...]

    def of(self, *entries: Entry) -> tuple[Quantity, ...]:
        """Return the quantities of some lines."""
        return tuple(each for each in self.quantities if each.entry in entries)
