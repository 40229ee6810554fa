"""The sheets of the quantities, and of what they come to: benefits by rate, refund by step, services by price."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ctieval.domain.ledger_quantities import PRICE_LEVELS, Quantity
from ctieval.domain.posting import Entry, Party
from ctieval.domain.units import RateUnit
from ctieval.report.economy_book.desk import Desk, shown_as
from ctieval.report.economy_book.live import Live, total
from ctieval.report.economy_book.page import FIRST_ROW, Page, Shown

_BENEFITS: Final = (Entry.BENEFIT, Entry.STATE_BENEFIT)
_SERVICES: Final = (Entry.PROGRAMME, Entry.USUAL_SERVICES, Entry.PROJECT_GRANT)
_PER_WEEK: Final = "*12/52"
"""From a month to a week, as the account reckons."""


def write_quantities(desk: Desk) -> Mapping[Quantity, Live]:
    """Write every quantity in both arms, and return the cells of the differences."""
    heads = desk.heads("line", "price", "step", "place", "unit", "control", "intervention", "difference", "std_error")
    page = desk.open("quantities", heads, numbers=range(5, 9), widths=(26, 44, 34, 18, 22, 18, 18, 18, 18))
    cells: dict[Quantity, Live] = {}
    for row, each in enumerate(desk.quantities.quantities, start=FIRST_ROW):
        page.text(row, 0, desk.text(f"quantity.{each.entry.value}"))
        page.text(row, 1, "" if each.entry is Entry.WAGES else desk.key_name(each.price))
        page.text(row, 2, desk.key_name(each.share) if each.share else "")
        page.text(row, 3, "" if each.cell is None else desk.place_name(desk.quantities.cells[each.cell].place))
        page.text(row, 4, _unit(desk, each))
        control = page.number(row, 5, each.control, Shown.QUANTITY)
        intervention = page.number(row, 6, each.intervention, Shown.QUANTITY)
        cells[each] = page.formula(row, 7, intervention - control, Shown.QUANTITY)
        page.number(row, 8, each.std_error, Shown.QUANTITY)
    return cells


def _unit(desk: Desk, each: Quantity) -> str:
    if each.price in ("", *PRICE_LEVELS.values()):
        return desk.text("unit.kroner")
    if each.entry is Entry.REFUND and not each.share:
        return desk.text("unit.refunded_weeks")
    return desk.text("unit.part" if each.entry in _SERVICES else "unit.weeks")


def write_rates(
    desk: Desk, inputs: Mapping[str, Live], cells: Mapping[Quantity, Live]
) -> tuple[Mapping[str, Live], Mapping[Quantity, Live]]:
    """Write the benefits by rate, then the values that are locked; return the prices a week, and the kroner."""
    heads = desk.heads("price", "line", "amount", "per_week", "difference", "kroner")
    page = desk.open("rates", heads, numbers=range(2, 6), widths=(54, 30))
    prices: dict[str, Live] = {}
    kroner: dict[Quantity, Live] = {}
    row = FIRST_ROW
    for each in desk.quantities.of(*_BENEFITS):
        page.text(row, 0, desk.key_name(each.price))
        page.text(row, 1, desk.entry_name(each.entry))
        prices[each.price] = _write_price(page, row, each.price, desk, inputs)
        difference = page.formula(row, 4, cells[each], Shown.QUANTITY)
        kroner[each] = page.formula(row, 5, difference * prices[each.price], Shown.KR)
        row += 1
    _write_locked(page, row + 1, desk)
    return prices, kroner


def _write_price(page: Page, row: int, key: str, desk: Desk, inputs: Mapping[str, Live]) -> Live:
    if not key:
        return page.number(row, 3, 1.0, Shown.KR)
    unit = next(each.unit for each in desk.assumptions if each.key == key)
    amount = page.formula(row, 2, inputs[key], Shown.KR)
    weekly = Live(amount.formula + _PER_WEEK, amount.value * 12 / 52) if unit == RateUnit.DKK_PER_MONTH else amount
    return page.formula(row, 3, weekly, Shown.KR)


def _write_locked(page: Page, row: int, desk: Desk) -> None:
    """Write the values of the account that cannot be changed here."""
    page.text(row, 0, desk.text("locked"), "caption")
    page.heads(row + 1, desk.heads("what", "unit", "amount", "in_force", "source"), numbers=range(2, 3))
    free = {each.key for each in desk.assumptions}
    locked = [rate for rate in desk.account.rates if rate.key not in free]
    for place, rate in enumerate(locked, start=row + 2):
        page.text(place, 0, desk.rate_name(rate.rate))
        page.text(place, 1, desk.words.text(f"rate_unit.{RateUnit(rate.unit).name.lower()}"))
        shown = Shown.SHARE if rate.unit == RateUnit.SHARE_PER_YEAR else shown_as(rate.unit)
        page.number(place, 2, rate.amount, shown)
        page.text(place, 3, rate.in_force, "aside")
        page.text(place, 4, rate.source.title)


def write_refund(
    desk: Desk, inputs: Mapping[str, Live], cells: Mapping[Quantity, Live], prices: Mapping[str, Live]
) -> Mapping[Quantity, Live]:
    """Write the refund by rate and step, and return its kroner."""
    heads = desk.heads("price", "step", "difference", "per_week", "share", "kroner")
    page = desk.open("refund", heads, numbers=range(2, 6), widths=(40, 44))
    found: dict[Quantity, Live] = {}
    for row, each in enumerate(desk.quantities.of(Entry.REFUND), start=FIRST_ROW):
        page.text(row, 0, desk.key_name(each.price))
        page.text(row, 1, desk.key_name(each.share) if each.share else desk.text("every_step"), "text")
        kroner = page.formula(row, 2, cells[each], Shown.QUANTITY)
        if each.price:
            kroner = kroner * page.formula(row, 3, prices[each.price], Shown.KR)
        if each.share:
            kroner = kroner * page.formula(row, 4, inputs[each.share], Shown.SHARE)
        found[each] = page.formula(row, 5, kroner, Shown.KR)
    return found


def write_prices(desk: Desk, inputs: Mapping[str, Live], cells: Mapping[Quantity, Live]) -> Mapping[Quantity, Live]:
    """Write the services and the grant by price, and what the account takes for granted; return the kroner."""
    heads = desk.heads("what", "payer", "price", "difference", "amount", "kroner")
    page = desk.open("prices", heads, numbers=range(3, 6), widths=(34, 18, 50))
    kroner: dict[Quantity, Live] = {}
    row = FIRST_ROW
    for each in desk.quantities.of(*_SERVICES):
        unit = next(found.unit for found in desk.assumptions if found.key == each.price)
        page.text(row, 0, desk.entry_name(each.entry))
        page.text(row, 1, desk.text(f"party.{each.party.value}"))
        page.text(row, 2, desk.key_name(each.price), "text")
        difference = page.formula(row, 3, cells[each], Shown.QUANTITY)
        price = page.formula(row, 4, inputs[each.price], shown_as(unit) if unit == RateUnit.DKK else Shown.FACTOR)
        kroner[each] = page.formula(row, 5, difference * price, Shown.KR)
        row += 1
    page.text(row + 1, 0, desk.text("granted"), "caption")
    facts = (
        ("horizon", str(desk.account.horizon_weeks)),
        ("price_year", str(desk.account.price_year)),
        ("basis", desk.words.text(f"economy.basis.{desk.account.basis.value}")),
        ("discount", desk.account.discount),
    )
    for place, (key, value) in enumerate(facts, start=row + 2):
        page.text(place, 0, desk.text(f"fact.{key}"))
        page.text(place, 1, value)
    return kroner


def sum_up(kroner: Mapping[Quantity, Live]) -> Mapping[tuple[Entry, Party], Live]:
    """Add the kroner of the quantities up by line and by who pays."""
    found: dict[tuple[Entry, Party], list[Live]] = {}
    for each, cell in kroner.items():
        found.setdefault((each.entry, each.party), []).append(cell)
    return {key: total(cells) for key, cells in found.items()}
