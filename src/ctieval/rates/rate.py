"""A rate: what it is worth from which day, and what proves it. Files are read elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from ctieval.domain.source import Source
from ctieval.domain.units import RateUnit


class Payer(StrEnum):
    """Who pays the rate."""

    MUNICIPALITY = "municipality"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount, in force until the next value.

    Attributes:
        in_force: First day.
        valid_through: Last day for which somebody has verified it; the day before the next value, where there is one.
        amount: The amount, in the unit of its rate.
        source: What proves it.
    """

    in_force: date
    valid_through: date
    amount: float
    source: Source


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a schedule.

    Attributes:
        start: First week or year of the step, as the rate's description says; inclusive.
        amount: The amount from there to the next step.
    """

    start: int
    amount: float


@dataclass(frozen=True, slots=True)
class Schedule:
    """Amounts by step, such as by week on the ladder, in force until the next value.

    Attributes:
        in_force: First day.
        valid_through: Last day for which somebody has verified them, as of an amount.
        steps: The steps, in rising order.
        source: What proves it.
    """

    in_force: date
    valid_through: date
    steps: tuple[Step, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Abolition:
    """The rate is abolished until the next value.

    Attributes:
        in_force: First day without the rate.
        source: What proves it.
    """

    in_force: date
    source: Source


DatedValue: TypeAlias = Amount | Schedule | Abolition


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate with all its values.

    Attributes:
        name: Its name, which is also the stem of its file.
        description: What it is, in English.
        unit: Unit of its amounts.
        payer: Who pays it, or None where that has no meaning.
        values: The values, in the order of their first days, without a gap between them.
    """

    name: str
    description: str
    unit: RateUnit
    payer: Payer | None
    values: tuple[DatedValue, ...]

    @property
    def file(self) -> str:
        """The file to complete, as a message names it."""
        return f"rates/{self.name}.toml"

    @property
    def valid_through(self) -> date:
        """Last day of which somebody knows what the rate is; an abolished rate stays abolished."""
        newest = self.values[-1]
        return date.max if isinstance(newest, Abolition) else newest.valid_through

    @property
    def first_day(self) -> date:
        """First day of the first value."""
        return self.values[0].in_force

    @property
    def covers(self) -> str:
        """The days that the values cover, as a message names them."""
        known = [value for value in self.values if not isinstance(value, Abolition)]
        spans = [f"{value.in_force.isoformat()} to {value.valid_through.isoformat()}" for value in known]
        return "; ".join(spans) or "no day"
