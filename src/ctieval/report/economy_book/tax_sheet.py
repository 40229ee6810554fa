"""The sheet of the taxes: one row a municipality and set of rates, from its bases to what each line is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from ctieval.domain.ledger_quantities import Quantity, TaxPart
from ctieval.domain.posting import Entry
from ctieval.report.economy_book.desk import Desk
from ctieval.report.economy_book.live import ZERO, Live, total_range
from ctieval.report.economy_book.page import FIRST_ROW, Page, Shown

_Put: TypeAlias = Callable[[str, Live], Live]

_DERIVED: Final = (
    "contribution",
    "taxed",
    "municipal_on_benefit",
    "state_on_benefit",
    "municipal_on_earnings",
    "state_on_earnings",
    "equalised",
    "consumed",
)


@dataclass(frozen=True, slots=True)
class Taxes:
    """What the taxes come to, over all rows, in kroner per person drawn; zero where they are not known.

    Attributes:
        wages: Gross earnings.
        produced: Earnings with what the employer pays on top.
        municipal_on_benefit: Municipal tax of benefits.
        state_on_benefit: State tax of benefits.
        municipal_on_earnings: Municipal tax of earnings.
        state_on_earnings: State tax and labour-market contribution of earnings.
        equalised: What equalisation takes.
        consumed: Consumption taxes.
    """

    wages: Live = ZERO
    produced: Live = ZERO
    municipal_on_benefit: Live = ZERO
    state_on_benefit: Live = ZERO
    municipal_on_earnings: Live = ZERO
    state_on_earnings: Live = ZERO
    equalised: Live = ZERO
    consumed: Live = ZERO


def write_taxes(
    desk: Desk, inputs: Mapping[str, Live], cells: Mapping[Quantity, Live], prices: Mapping[str, Live]
) -> Taxes:
    """Write bases, rates and taxes, and return the sums."""
    used = sorted({each.cell for each in desk.quantities.quantities if each.cell is not None})
    taxed = desk.has(Entry.TAX_ON_EARNINGS)
    parts = tuple(TaxPart) if taxed else (TaxPart.ON_COSTS,) if desk.has(Entry.OUTPUT) else ()
    columns = (
        "place",
        *(f"part.{part.value}" for part in parts),
        *(("taxable_benefit",) if taxed else ()),
        "earnings",
        *(("produced",) if parts else ()),
        *(_DERIVED if taxed else ()),
    )
    page = desk.open("tax", desk.heads(*columns))
    bases = _write_bases(desk, page, FIRST_ROW + len(used) + 3, cells, prices) if taxed else {}
    found: dict[str, list[Live]] = {}
    for row, number in enumerate(used, start=FIRST_ROW):
        page.text(row, 0, desk.place_name(desk.quantities.cells[number].place))
        given = {part: inputs[key] for part, key in desk.quantities.cells[number].taxes if key in inputs}
        rates = {part: page.formula(row, 1 + at, given[part], Shown.SHARE) for at, part in enumerate(parts)}
        base = bases.get(number, ZERO)
        wages = next((cells[each] for each in desk.quantities.of(Entry.WAGES) if each.cell == number), ZERO)
        kroner = _Row(page, row, 1 + len(parts))
        for name, live in kroner.write(rates, base, wages, taxed=taxed).items():
            found.setdefault(name, []).append(live)
    sums = _write_sums(desk, page, FIRST_ROW + len(used), columns, found)
    return Taxes(**{name: sums.get(name, ZERO) for name in Taxes.__slots__})


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of bases and taxes, from a column on."""

    page: Page
    row: int
    first: int

    def write(self, rates: Mapping[TaxPart, Live], base: Live, wages: Live, *, taxed: bool) -> dict[str, Live]:
        cells: dict[str, Live] = {}

        def put(name: str, live: Live) -> Live:
            cells[name] = self.page.formula(self.row, self.first + len(cells), live, Shown.KR)
            return cells[name]

        base = put("taxable_benefit", base) if taxed else base
        wages = put("wages", wages)
        if TaxPart.ON_COSTS in rates:
            put("produced", wages * (1 + rates[TaxPart.ON_COSTS]))
        if taxed:
            self._tax(rates, base, wages, put)
        return cells

    def _tax(self, rates: Mapping[TaxPart, Live], base: Live, wages: Live, put: _Put) -> None:
        contribution = put("contribution", rates[TaxPart.LABOUR_MARKET] * wages)
        taxed = put("taxed", wages - contribution)
        of_benefit = (
            put("municipal_on_benefit", rates[TaxPart.MUNICIPAL] * base),
            put("state_on_benefit", rates[TaxPart.STATE] * base),
        )
        of_earnings = (
            put("municipal_on_earnings", rates[TaxPart.MUNICIPAL] * taxed),
            put("state_on_earnings", contribution + rates[TaxPart.STATE] * taxed),
        )
        put("equalised", rates[TaxPart.EQUALISATION] * rates[TaxPart.MUNICIPAL_AVERAGE] * (base + taxed))
        disposable = base - of_benefit[0] - of_benefit[1] + wages - of_earnings[0] - of_earnings[1]
        put("consumed", rates[TaxPart.CONSUMPTION] * disposable)


def _write_bases(
    desk: Desk, page: Page, row: int, cells: Mapping[Quantity, Live], prices: Mapping[str, Live]
) -> Mapping[int, Live]:
    """Write the taxable benefits by municipality and rate, and return their sums by set of taxes."""
    page.text(row, 0, desk.text("bases"), "caption")
    page.heads(row + 1, desk.heads("place", "difference", "per_week", "kroner", "price"), numbers=range(1, 4))
    found: dict[int, list[Live]] = {}
    ordered = sorted(desk.quantities.of(Entry.TAX_ON_BENEFIT), key=lambda each: each.cell or 0)
    for place, each in enumerate(ordered, start=row + 2):
        number = each.cell or 0
        page.text(place, 0, desk.place_name(desk.quantities.cells[number].place))
        kroner = page.formula(place, 1, cells[each], Shown.QUANTITY)
        if each.price:
            kroner = kroner * page.formula(place, 2, prices[each.price], Shown.KR)
        page.text(place, 4, desk.key_name(each.price), "aside")
        found.setdefault(number, []).append(page.formula(place, 3, kroner, Shown.KR))
    return {number: total_range(rows) for number, rows in found.items()}


def _write_sums(
    desk: Desk, page: Page, row: int, columns: tuple[str, ...], found: Mapping[str, list[Live]]
) -> Mapping[str, Live]:
    page.text(row, 0, desk.text("sum"), "total")
    first = len(columns) - len(found)
    for column in range(1, first):
        page.text(row, column, "", "total")
    return {
        name: page.formula(row, first + at, total_range(cells), Shown.KR, "total")
        for at, (name, cells) in enumerate(found.items())
    }
