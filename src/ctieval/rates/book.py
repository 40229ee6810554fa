"""The rate book: looks a rate up on a day, and refuses where nobody knows. No file is read here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import NoReturn, TypeVar

from ctieval.domain.source import Source
from ctieval.domain.units import RateUnit
from ctieval.errors import RateError, RateNotInForceError, RateUnverifiedError, UnknownRateError
from ctieval.rates.benefit import BenefitTable
from ctieval.rates.rate import Abolition, Amount, DatedValue, Rate, Schedule, Step

_Kind = TypeVar("_Kind", Amount, Schedule)


@dataclass(frozen=True, slots=True)
class RateValue:
    """An amount as it was looked up.

    Attributes:
        rate: Name of the rate.
        unit: Unit of the amount.
        in_force: First day of the value.
        amount: The amount.
        source: What proves it.
    """

    rate: str
    unit: RateUnit
    in_force: date
    amount: float
    source: Source


@dataclass(frozen=True, slots=True)
class RateSchedule:
    """A schedule as it was looked up.

    Attributes:
        rate: Name of the rate.
        unit: Unit of the amounts.
        in_force: First day of the value.
        steps: The steps, in rising order.
        source: What proves it.
    """

    rate: str
    unit: RateUnit
    in_force: date
    steps: tuple[Step, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class RateBook:
    """All rates, the trial's own in the place of the shipped ones of the same name.

    Attributes:
        rates: The rates, by name.
        benefits: Which rates pay the benefit of a register code, and who finances it.
    """

    rates: tuple[Rate, ...]
    benefits: BenefitTable

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the rates, sorted."""
        return tuple(rate.name for rate in self.rates)

    def rate(self, name: str) -> Rate:
        """Return a rate with all its values.

        Raises:
            UnknownRateError: If no rate has the name; the three nearest are offered.
        """
        for rate in self.rates:
            if rate.name == name:
                return rate
        nearest = get_close_matches(name, self.names, n=3, cutoff=0.0)
        raise UnknownRateError(name=name, nearest=nearest, where="the rate book")

    def find(self, name: str, on: date) -> Amount | Schedule:
        """Find what a rate is on a day, whether an amount or a schedule.

        Raises:
            UnknownRateError: If no rate has the name.
            RateNotInForceError: If the day is before the first value, or the rate is abolished on it.
            RateUnverifiedError: If the day is after the last on which somebody verified the rate.
        """
        rate = self.rate(name)
        _check_verified(rate, on)
        return _in_force(rate, on)

    def value(self, name: str, on: date) -> RateValue:
        """Look an amount up on a day.

        Args:
            name: Name of the rate.
            on: The day.

        Raises:
            UnknownRateError: If no rate has the name.
            RateNotInForceError: If the day is before the first value, or the rate is abolished on it.
            RateUnverifiedError: If the day is after the last on which somebody verified the rate.
            RateError: If the rate is a schedule.

        Examples:
            >>> from datetime import date
            >>> from ctieval.rates.load import load_rates
            >>> load_rates(None).value("cash_benefit_other", date(2018, 6, 1)).amount
            11282.0
        """
        rate = self.rate(name)
        return _to_value(rate, _of_kind(rate, self.find(name, on), Amount))

    def value_unverified(self, name: str, on: date) -> RateValue:
        """Look an amount up, also after the last day on which somebody verified it; say so wherever it is shown.

        Raises:
            UnknownRateError: If no rate has the name.
            RateNotInForceError: If the day is before the first value, or the rate is abolished on it.
            RateError: If the rate is a schedule.
        """
        rate = self.rate(name)
        return _to_value(rate, _of_kind(rate, _in_force(rate, on), Amount))

    def schedule(self, name: str, on: date) -> RateSchedule:
        """Look a schedule up on a day.

        Raises:
            UnknownRateError: If no rate has the name.
            RateNotInForceError: If the day is before the first value, or the rate is abolished on it.
            RateUnverifiedError: If the day is after the last on which somebody verified the rate.
            RateError: If the rate is no schedule.
        """
        rate = self.rate(name)
        return _to_schedule(rate, _of_kind(rate, self.find(name, on), Schedule))

    def newest_value(self, name: str) -> RateValue:
        """Return the newest amount, for a rate that a plan chooses by name and not by day.

        Raises:
            UnknownRateError: If no rate has the name.
            RateError: If the newest value is a schedule, or the rate is abolished.
        """
        rate = self.rate(name)
        return _to_value(rate, _of_kind(rate, rate.values[-1], Amount))

    def newest_schedule(self, name: str) -> RateSchedule:
        """Return the newest schedule, for a rate that a plan chooses by name and not by day.

        Raises:
            UnknownRateError: If no rate has the name.
            RateError: If the newest value is an amount, or the rate is abolished.
        """
        rate = self.rate(name)
        return _to_schedule(rate, _of_kind(rate, rate.values[-1], Schedule))


def _in_force(rate: Rate, on: date) -> Amount | Schedule:
    """Value in force on a day."""
    started = [value for value in rate.values if value.in_force <= on]
    if not started or isinstance(started[-1], Abolition):
        raise RateNotInForceError(name=rate.name, on=on, in_force=rate.covers, file=rate.file)
    return started[-1]


def _check_verified(rate: Rate, on: date) -> None:
    if on > rate.valid_through:
        raise RateUnverifiedError(name=rate.name, on=on, valid_through=rate.valid_through, file=rate.file)


def _of_kind(rate: Rate, value: DatedValue, kind: type[_Kind]) -> _Kind:
    if not isinstance(value, kind):
        _refuse_kind(rate, value, kind)
    return value


def _refuse_kind(rate: Rate, value: DatedValue, kind: type[Amount | Schedule]) -> NoReturn:
    raise RateError(
        what=f"the rate {rate.name} is of another kind",
        where=rate.file,
        found=type(value).__name__.lower(),
        expected=kind.__name__.lower(),
        do="ask for it by its own kind, or mend the trial's file of that name",
    )


def _to_value(rate: Rate, value: Amount) -> RateValue:
    return RateValue(rate.name, rate.unit, value.in_force, value.amount, value.source)


def _to_schedule(rate: Rate, value: Schedule) -> RateSchedule:
    return RateSchedule(rate.name, rate.unit, value.in_force, value.steps, value.source)
