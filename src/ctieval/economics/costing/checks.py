"""What a reader must know about the costs: hours that no ingredient prices, ingredients that nothing used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ctieval.domain.arrays import BoolArray
from ctieval.domain.wording import Notice
from ctieval.economics.costing.arm_costs import Priced
from ctieval.economics.costing.entries import matching_rows
from ctieval.economics.costing.ingredients import Driver, Ingredient, Scope
from ctieval.economics.costing.service_log import Logs, ServiceLog

_OF_CONTACT = frozenset({Driver.CONTACT, Driver.SESSION})
_OF_INDIRECT = frozenset({Driver.INDIRECT, Driver.SESSION})


def name_unpriced_hours(ingredients: Sequence[Ingredient], logs: Logs) -> Iterator[Notice]:
    """Name each log of which some hours are in no ingredient, and one of contact hours alone.

    ``W-COST-HOURS-UNPRICED`` tells their share of all hours of the log. ``W-COST-CONTACT-ONLY`` says that hours of
    contact are priced and no other hours are logged, though working time is more than contact.
    """
    for name, log in (("activity", logs.programme), ("usual_services", logs.usual)):
        own = [each for each in ingredients if (each.scope is Scope.INTERVENTION) == (name == "activity")]
        contact, indirect = (_counted(own, drivers, log, logs) for drivers in (_OF_CONTACT, _OF_INDIRECT))
        hours = float((log.contact + log.indirect).sum())
        left = float(log.contact[~contact].sum() + log.indirect[~indirect].sum())
        if left > 0:
            yield Notice("W-COST-HOURS-UNPRICED", name, (("percent", _percent(left / hours)),))
        if log.contact[contact].any() and not log.indirect.any():
            yield Notice("W-COST-CONTACT-ONLY", name)


def name_unused(priced: Sequence[Priced]) -> Iterator[Notice]:
    """Name each ingredient that no row of a log uses: its role or activity may be misspelt."""
    return (Notice("W-COST-INGREDIENT-UNUSED", each.ingredient.id) for each in priced if not len(each.entries.person))


def name_outside(whole: Sequence[Priced], inside: Sequence[Priced]) -> Iterator[Notice]:
    """Tell which share of the kroner lies before the draw or after the horizon, and is in no table."""
    every, kept = (sum(float(each.entries.kroner.sum()) for each in some) for some in (whole, inside))
    if kept < every:
        yield Notice("W-COST-OUTSIDE-HORIZON", "ingredients", (("percent", _percent(1 - kept / every)),))


def _counted(own: Sequence[Ingredient], drivers: frozenset[Driver], log: ServiceLog, logs: Logs) -> BoolArray:
    """Tell which rows of a log an ingredient of one of the drivers counts, shape (m,)."""
    counted = np.zeros(len(log.person), dtype=np.bool_)
    for each in own:
        if each.driver in drivers:
            rows = matching_rows(each, log)
            counted |= rows & logs.usual_in_control if each.scope is Scope.CONTROL else rows
    return counted


def _percent(share: float) -> float:
    return round(100 * share, 1)
