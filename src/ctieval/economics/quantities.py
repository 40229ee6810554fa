"""Adds each person's flows up by price, refund step and set of taxes; what may be told of them is decided elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.domain.ledger_quantities import PRICE_LEVELS, TaxCell
from ctieval.domain.posting import Entry, Party
from ctieval.economics.entries import Flows
from ctieval.economics.ledger_cells import NONE, LedgerCells, to_key
from ctieval.economics.trial_flows import Total


@dataclass(frozen=True, slots=True)
class QuantityKey:
    """What one quantity is of; see ``Quantity``."""

    entry: Entry
    party: Party
    price: str = ""
    share: str = ""
    cell: int | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PersonQuantities:
    """Discounted quantities of each person.

    Attributes:
        cells: Sets of taxes.
        factors: Amounts of the prices and steps of the refund ladder, by their keys.
        amounts: By what they are of, each of shape (n,); NaN for a person who is not wholly observed.
    """

    cells: tuple[TaxCell, ...]
    factors: Mapping[str, float]
    amounts: Mapping[QuantityKey, FloatArray]

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"PersonQuantities({len(self.amounts)} quantities)"


def build_person_quantities(
    flows: Flows,
    cells: LedgerCells,
    factor: FloatArray,
    *,
    totals: Mapping[Entry, Total],
    drawn: BoolArray,
    observed: BoolArray,
) -> PersonQuantities:
    r"""Add each person's flows up by what they are multiplied by.

    .. math:: q_{i c} = \sum_{w \in c} d(w) \, a_{i w} / p_c

    over the weeks :math:`w` of a cell :math:`c` with one price :math:`p` and one refund step or set of taxes, so that
    any other price or share gives the account that it would give. A line of which one amount is not known has no
    quantity.

    Args:
        flows: Nominal kroner of those who are observed, shape (n observed, 1 + H).
        cells: Price, step and taxes of each krone.
        factor: Discount factor of each column, shape (1 + H,).
        totals: Totals of the trial that stand for the programme, and the project grant.
        drawn: Whether a person was drawn into the intervention, shape (n,).
        observed: Whether a person is wholly observed, shape (n,).
    """
    share = drawn[observed] / drawn.sum()
    found = {
        **dict(_benefits(flows, cells, factor)),
        **dict(_refunds(flows, cells, factor)),
        **dict(_earnings(flows, cells, factor)),
        **dict(_services(flows, totals, factor, share)),
        **dict(_grant(totals.get(Entry.PROJECT_GRANT), share)),
    }
    amounts: dict[QuantityKey, FloatArray] = {}
    for key, amount in found.items():
        if amount.any():
            amounts[key] = np.full(len(observed), np.nan)
            amounts[key][observed] = amount
    keys, values = (*cells.price_keys, *cells.step_keys), (*cells.prices[:-1].tolist(), *cells.steps[:-1].tolist())
    return PersonQuantities(cells.taxes, dict(zip(keys, values, strict=True)), amounts)


_Found = Iterator[tuple[QuantityKey, FloatArray]]


def _benefits(flows: Flows, cells: LedgerCells, factor: FloatArray) -> _Found:
    """Benefits by price, and once more by price and set of taxes."""
    taxed: dict[QuantityKey, FloatArray] = {}
    for entry, party, kroner, price in (
        (Entry.BENEFIT, Party.MUNICIPALITY, flows.benefit, cells.ladder_price),
        (Entry.STATE_BENEFIT, Party.STATE, flows.state_benefit, cells.state_price),
    ):
        if np.isnan(kroner).any():
            return
        weeks = _count(kroner * factor, cells.prices[price])
        for (first, _), amount in _add_up(weeks, price, np.zeros_like(price)):
            yield QuantityKey(entry, party, _key(cells.price_keys, first)), amount
        for (first, cell), amount in _add_up(weeks, price, cells.tax):
            key = QuantityKey(Entry.TAX_ON_BENEFIT, Party.CITIZEN, _key(cells.price_keys, first), cell=cell)
            taxed[key] = taxed[key] + amount if key in taxed else amount
    yield from taxed.items()


def _refunds(flows: Flows, cells: LedgerCells, factor: FloatArray) -> _Found:
    if np.isnan(flows.refund).any():
        return
    asked = cells.step != NONE
    price = np.where(asked, cells.ladder_price, NONE)
    weeks = np.where(asked, _count(flows.benefit, cells.prices[price]), flows.refund) * factor
    for (first, second), amount in _add_up(weeks, price, cells.step):
        of = _key(cells.price_keys, first), _key(cells.step_keys, second)
        yield QuantityKey(Entry.REFUND, Party.STATE, *of), amount


def _earnings(flows: Flows, cells: LedgerCells, factor: FloatArray) -> _Found:
    if not np.isnan(flows.earnings).any():
        for (_, cell), amount in _add_up(flows.earnings * factor, np.zeros_like(cells.tax), cells.tax):
            yield QuantityKey(Entry.WAGES, Party.EMPLOYERS, cell=cell), amount


def _count(kroner: FloatArray, price: FloatArray) -> FloatArray:
    """How many of a price there are in the kroner; none of a price of 0, of which any number is worth nothing."""
    return np.divide(kroner, price, out=np.zeros_like(kroner), where=price != 0)


def _add_up(present: FloatArray, first: IntArray, second: IntArray) -> Iterator[tuple[tuple[int, int], FloatArray]]:
    """Sums by person of the weeks with each pair of places."""
    person, column = np.nonzero(present)
    width = int(second.max(initial=NONE)) + 2
    pair = (first[person, column] + 1) * width + second[person, column] + 1
    numbers, place = np.unique(pair, return_inverse=True)
    shape = (len(present), len(numbers))
    sums = np.bincount(person * shape[1] + place, present[person, column], shape[0] * shape[1]).reshape(shape)
    for number, amount in zip(numbers.tolist(), sums.astype(np.float64).T, strict=True):
        yield (number // width - 1, number % width - 1), amount


def _key(keys: tuple[str, ...], place: int) -> str:
    return "" if place == NONE else keys[place]


def _services(flows: Flows, totals: Mapping[Entry, Total], factor: FloatArray, share: FloatArray) -> _Found:
    """Kroner of services by payer; of a total of the trial the share that is a person's, whatever the total is."""
    for entry, own, of_others in (
        (Entry.PROGRAMME, flows.programme, flows.programme_of_others),
        (Entry.USUAL_SERVICES, flows.usual_services, flows.usual_services_of_others),
    ):
        total = totals.get(entry)
        for party, kroner in {Party.MUNICIPALITY: own, **of_others}.items():
            if np.isnan(kroner).any():
                continue
            if total is None or not total.rates:
                yield QuantityKey(entry, party, PRICE_LEVELS[entry]), np.asarray(kroner @ factor, dtype=np.float64)
            else:
                yield QuantityKey(entry, party, _total_key(total)), share * factor[0]


def _grant(total: Total | None, share: FloatArray) -> _Found:
    if total is not None and total.per_person is not None:
        yield QuantityKey(Entry.PROJECT_GRANT, Party.STATE, _total_key(total)), share


def _total_key(total: Total) -> str:
    value = total.rates[0]
    return to_key(value.rate, value.in_force.isoformat())
