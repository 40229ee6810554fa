"""Merges quantities until enough persons stand behind each; a price is told in all its parts or in none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.domain.posting import Entry
from ctieval.economics.quantities import PersonQuantities, QuantityKey

_BENEFITS = (Entry.BENEFIT, Entry.STATE_BENEFIT, Entry.TAX_ON_BENEFIT, Entry.REFUND)
_BY_CELL = (Entry.TAX_ON_BENEFIT, Entry.WAGES)


def merge_quantities(persons: PersonQuantities, arm: IntArray, fewest: int) -> PersonQuantities | None:
    """Merge what too few persons have some of.

    A price is either told apart in all that it is multiplied by or in nothing: its weeks are then kroner, together with
    those of other such prices. The same holds for a step of the refund ladder, whose weeks are then refunded weeks. So
    every price and share that is left gives the account that it would give, exactly. First the steps with fewest
    persons give way, then the prices. What a whole line is, over everybody, is never merged: it is told as the line.

    Args:
        persons: The quantities of each person.
        arm: 0 control, 1 intervention, shape (n,).
        fewest: Fewest persons of an arm with some of a quantity, unless it is nobody.

    Returns:
        The merged quantities; None where even all prices and steps together leave too few in a set of taxes.
    """
    prices = {key.price for key in persons.amounts if key.entry in _BENEFITS} - {""}
    steps = {key.share for key in persons.amounts} - {""}
    hidden: frozenset[str] = frozenset()
    while True:
        merged = _merge(persons, hidden)
        small = [
            key for key in merged.amounts if _is_judged(key, merged) and _is_small(merged.amounts[key], arm, fewest)
        ]
        if not small:
            return merged
        chosen = _choose(small, prices - hidden, steps - hidden, persons)
        if chosen is None:
            return None
        hidden |= {chosen}


def _is_judged(key: QuantityKey, merged: PersonQuantities) -> bool:
    """Tell whether a quantity is less than a whole line."""
    return key.entry in _BENEFITS + _BY_CELL and sum(each.entry is key.entry for each in merged.amounts) > 1


def _is_small(amount: FloatArray, arm: IntArray, fewest: int) -> bool:
    has_some = np.bincount(arm[np.nan_to_num(amount) != 0], minlength=2)
    return bool(((has_some > 0) & (has_some < fewest)).any())


def _choose(
    small: list[QuantityKey], prices: Iterable[str], steps: Iterable[str], persons: PersonQuantities
) -> str | None:
    """The next price or step to hide: that of a small quantity if it has one, else the one that fewest have."""
    of_refund = [key for key in small if key.entry is Entry.REFUND]
    others = [key for key in small if key.entry in _BENEFITS and key.entry is not Entry.REFUND]
    if of_refund and steps:
        own = {key.share for key in of_refund} & set(steps)
        return _rarest(own or steps, persons)
    if (others or of_refund) and prices:
        own = {key.price for key in (*others, *of_refund)} & set(prices)
        return _rarest(own or prices, persons)
    return None


def _rarest(keys: Iterable[str], persons: PersonQuantities) -> str:
    def used(name: str) -> tuple[int, str]:
        own = (amount for key, amount in persons.amounts.items() if name in {key.price, key.share})
        return sum(int((np.nan_to_num(amount) != 0).sum()) for amount in own), name

    return min(keys, key=used)


def _merge(persons: PersonQuantities, hidden: frozenset[str]) -> PersonQuantities:
    amounts: dict[QuantityKey, FloatArray] = {}
    for key, amount in persons.amounts.items():
        left = replace(
            key, price="" if key.price in hidden else key.price, share="" if key.share in hidden else key.share
        )
        gone = [name for name in (key.price, key.share) if name in hidden]
        kroner = amount * float(np.prod([persons.factors[name] for name in gone]))
        amounts[left] = amounts[left] + kroner if left in amounts else kroner
    return replace(persons, amounts=amounts)
