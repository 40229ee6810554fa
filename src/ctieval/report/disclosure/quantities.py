"""Takes the quantities behind the account out where they would tell of a few persons, and their last digits always."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ctieval.domain.ledger_quantities import PRICE_LEVELS, LedgerQuantities, Quantity
from ctieval.domain.posting import Entry

_TOTALS: Final = (Entry.PROGRAMME, Entry.USUAL_SERVICES, Entry.PROJECT_GRANT)
_DIGITS_OF_KRONER: Final = 5
_DIGITS_OF_WEEKS: Final = 8
_DIGITS_OF_SHARES: Final = 14
"""Of a total of the trial, the share that falls on one person drawn."""


def mask_quantities(found: LedgerQuantities | None, smallest_cell: int, *, is_open: bool) -> LedgerQuantities | None:
    """Return the quantities fit to publish, without the numbers of persons behind them.

    They give the lines of the account exactly, so that they are told only where those are told as they are: where a few
    were lost to follow-up and the lines are rounded, exact quantities would tell how many. A quantity
    that is less than a whole line must rest on ``smallest_cell`` persons of each arm, or on nobody. It is rounded to
    what an amount within a hundredth of an øre needs, since the exact sum of a few discounted weeks would tell which
    weeks they were.

    Args:
        found: The quantities as the engine left them.
        smallest_cell: Fewest persons that may be shown.
        is_open: Whether the account is shown as it is.
    """
    if found is None or not is_open or any(_is_small(each, found, smallest_cell) for each in found.quantities):
        return None
    return replace(found, quantities=tuple(_round(each) for each in found.quantities))


def _is_small(each: Quantity, found: LedgerQuantities, smallest_cell: int) -> bool:
    if each.entry in _TOTALS or len(found.of(each.entry)) == 1:
        return False
    return any(n is None or 0 < n < smallest_cell for n in each.persons)


def _round(each: Quantity) -> Quantity:
    if each.price in ("", *PRICE_LEVELS.values()):
        digits = _DIGITS_OF_KRONER
    else:
        digits = _DIGITS_OF_SHARES if each.entry in _TOTALS else _DIGITS_OF_WEEKS
    amounts = (round(amount, digits) for amount in (each.control, each.intervention, each.std_error))
    control, intervention, std_error = amounts
    return replace(each, control=control, intervention=intervention, std_error=std_error, persons=(None, None))
