"""The ingredients of the costs, read from their table and put in the prices of the account; nothing is counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import pandas as pd

from ctieval.domain.costing import CostCategory, CostPart, CostPhase
from ctieval.domain.posting import Party
from ctieval.domain.wording import Label, Notice
from ctieval.economics.costing.annuity import annuity
from ctieval.errors import RateNotInForceError, RateUnverifiedError, SchemaError, UnknownRateError
from ctieval.rates.book import RateBook
from ctieval.rates.reindex import adjust_price
from ctieval.registers.schemas import find_heading

TABLE = "ingredients"


class Driver(StrEnum):
    """What an ingredient is counted by."""

    CONTACT = "contact_min"
    INDIRECT = "indirect_min"
    SESSION = "session"
    PARTICIPANT = "participant"
    SITE_MONTH = "site_month"
    FIXED = "fixed"


class Scope(StrEnum):
    """Whose cost an ingredient is: the intervention's own, or usual services of the control or of both arms."""

    INTERVENTION = "T"
    CONTROL = "C"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One ingredient with its price.

    Attributes:
        id: Short name.
        label: The name that a reader sees.
        scope: Whose cost it is.
        payer: Who pays.
        driver: What it is counted by.
        price: Kroner a unit with overhead, in the prices of the account; an hour where minutes are counted, and a
            year's use where it is set-up.
        phase: Set-up or running.
        part: To which part of the account it belongs.
        category: One of the four categories.
        role: Occupation whose rows are counted; empty for all.
        activity: Activity whose rows are counted; empty for all.
        source: What proves the price.
        grade: How well it is known, A to F.
    """

    id: str
    label: Label
    scope: Scope
    payer: Party
    driver: Driver
    price: float
    phase: CostPhase
    part: CostPart
    category: CostCategory
    role: str
    activity: str
    source: str
    grade: str


@dataclass(frozen=True, slots=True)
class PriceLevel:
    """How prices become those of the account.

    Attributes:
        book: The rate book, with the indices.
        year: Year of the prices.
        rate: Yearly real discount rate by which set-up is spread over its life.
    """

    book: RateBook
    year: int
    rate: float


def read_ingredients(table: pd.DataFrame, level: PriceLevel) -> tuple[tuple[Ingredient, ...], tuple[Notice, ...]]:
    r"""Read the ingredients, each with its price in the account.

    .. math:: p = p_0 (1 + o) \, \frac{I(\text{price year of the account})}{I(\text{price year})}

    with overhead :math:`o`. What is bought in the set-up is then spread over its life (``annuity``).

    Args:
        table: The table, checked against its schema.
        level: How prices become those of the account.

    Returns:
        The ingredients in the order of the table, and ``W-COST-PRICES-NOT-INDEXED`` where the price of another year
        names no index, or one that nobody knows; it then stands as it is.

    Raises:
        SchemaError: If a set-up has no life.
        RateError: If an index is a schedule.
    """
    rows = [_Row({str(key): value for key, value in row.items()}) for row in table.to_dict("records")]
    _check_life(rows)
    prices = [_index(row, level) for row in rows]
    indexed = [row.number("unit_price") if price is None else price for row, price in zip(rows, prices, strict=True)]
    ingredients = tuple(_to_ingredient(row, price, level) for row, price in zip(rows, indexed, strict=True))
    years = [int(row.number("price_year")) for row, price in zip(rows, prices, strict=True) if price is None]
    facts = (("price_year", level.year), ("first_year", min(years)), ("last_year", max(years))) if years else ()
    return ingredients, (Notice("W-COST-PRICES-NOT-INDEXED", TABLE, facts),) if years else ()


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of the table; a column that is not there is an empty cell."""

    cells: dict[str, Any]

    def text(self, name: str) -> str:
        value = self.cells.get(name)
        return "" if pd.isna(value) else str(value)

    def number(self, name: str) -> float:
        value = self.cells.get(name)
        return 0.0 if pd.isna(value) else float(value)

    def holds(self, name: str) -> bool:
        value = self.cells.get(name)
        return not pd.isna(value) and bool(value)


def _check_life(rows: list[_Row]) -> None:
    lacking = [
        i for i, row in enumerate(rows) if row.text("phase") == CostPhase.SETUP and row.number("life_years") == 0
    ]
    if lacking:
        raise SchemaError(
            table=TABLE,
            column="life_years",
            rule="life of a set-up",
            n_rows=len(lacking),
            first_row=lacking[0] + 2,
            expected="the years over which what was bought in the set-up is used",
            do="fill in the years, such as 3, or call the phase running (drift)",
            heading=find_heading(TABLE, "life_years"),
        )


def _index(row: _Row, level: PriceLevel) -> float | None:
    """Unit price in the prices of the account, or None where nobody knows how to convert it."""
    price, year, index = row.number("unit_price"), int(row.number("price_year")), row.text("index")
    if year == level.year:
        return price
    if not index:
        return None
    days = {"from_day": date(year, 7, 1), "to_day": date(level.year, 7, 1)}
    try:
        return adjust_price(price, level.book, index, **days)
    except (UnknownRateError, RateNotInForceError, RateUnverifiedError):
        return None


def _to_ingredient(row: _Row, unit_price: float, level: PriceLevel) -> Ingredient:
    phase, scope = CostPhase(row.text("phase")), Scope(row.text("arm_scope"))
    price = unit_price * (1 + row.number("overhead"))
    return Ingredient(
        id=row.text("id"),
        label=Label(row.text("label_da"), row.text("label_en") or row.text("label_da")),
        scope=scope,
        payer=Party(row.text("payer")),
        driver=Driver(row.text("driver")),
        price=price if phase is CostPhase.RUN else annuity(price, row.number("life_years"), level.rate),
        phase=phase,
        part=_part(row, scope),
        category=CostCategory(row.text("category")),
        role=row.text("role"),
        activity=row.text("activity"),
        source=row.text("source"),
        grade=row.text("grade"),
    )


def _part(row: _Row, scope: Scope) -> CostPart:
    if row.holds("research_only"):
        return CostPart.RESEARCH
    if row.holds("donated"):
        return CostPart.DONATED
    return CostPart.PROGRAMME if scope is Scope.INTERVENTION else CostPart.USUAL_SERVICES
