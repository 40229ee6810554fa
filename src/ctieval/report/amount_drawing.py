"""What the figures of amounts draw, as data already fit to publish; ``charts`` holds the pencils."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from ctieval.report.cells import Interval, Kind


class AmountRole(StrEnum):
    """What an amount is, which decides how it looks; colour is never the only cue.

    ``PLAIN``: an amount like any other. ``TRANSFER``: money that changes hands and is no saving to society.
    ``TOTAL``: what the amounts come to. ``COMPARED``: the same in the other arm. ``PROJECTED``: rests on an
    assumption about the time after the data.
    """

    PLAIN = "plain"
    TRANSFER = "transfer"
    TOTAL = "total"
    COMPARED = "compared"
    PROJECTED = "projected"


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount with its interval.

    Attributes:
        label: Its name.
        value: The amount, in the unit of its figure.
        low: Lower end of its interval; open where it is not finite.
        high: Upper end; open where it is not finite.
        role: What it is.

    Raises:
        ValueError: If the label is empty, the amount is not finite, or the ends are not in order.
    """

    label: str
    value: float
    low: float
    high: float
    role: AmountRole = AmountRole.PLAIN

    def __post_init__(self) -> None:
        """Check that there is something to draw."""
        if not self.label.strip() or not math.isfinite(self.value) or self.low > self.high:
            msg = "an amount in a figure has a name, a finite value and an interval with its ends in order"
            raise ValueError(msg)

    @property
    def numbers(self) -> frozenset[float]:
        """Every finite number of it."""
        return finite((self.value, self.low, self.high))


@dataclass(frozen=True, slots=True)
class AmountGroup:
    """Amounts under one heading.

    Attributes:
        amounts: The amounts, top to bottom.
        title: Their heading, or an empty string.

    Raises:
        ValueError: If there is no amount.
    """

    amounts: tuple[Amount, ...]
    title: str = ""

    def __post_init__(self) -> None:
        """Check that there is something under the heading."""
        _require_rows(self.amounts)


@dataclass(frozen=True, slots=True)
class Scale:
    """What the amounts of a figure are measured in.

    Attributes:
        name: Name of the axis with its unit, such as kroner per person.
        head: Heading of the column of amounts.
        kind: How they are printed.
        conf_level: Level of the intervals; None where they are ranges without one.
        decimals: Digits of the printed amounts; None for those usual for the kind.
        signed: False for amounts that have no other side of zero, such as what was spent.
    """

    name: str
    head: str
    kind: Kind = Kind.KR
    conf_level: float | None = 0.95
    decimals: int | None = None
    signed: bool = True


@dataclass(frozen=True, slots=True)
class GroupedChart:
    """Amounts in groups, on one axis.

    Attributes:
        groups: The amounts, top to bottom.
        scale: What they measure.
    """

    groups: tuple[AmountGroup, ...]
    scale: Scale

    def __post_init__(self) -> None:
        """Check that there is an amount."""
        _require_rows(self.groups)

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """Every amount, top to bottom."""
        return tuple(amount for group in self.groups for amount in group.amounts)

    @property
    def numbers(self) -> frozenset[float]:
        """Every finite number that is drawn."""
        return _numbers(self.amounts)


@dataclass(frozen=True, slots=True)
class BarChart(GroupedChart):
    """Bars from zero: who pays and who gains, or what each arm cost.

    Attributes:
        sides: What stands to the left and to the right of zero; empty where bars go one way.
    """

    sides: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class ScenarioChart(GroupedChart):
    """Amounts as points with their intervals, such as scenarios by account."""


@dataclass(frozen=True, slots=True)
class WaterfallChart:
    """Amounts that lead from one to the next, each bar beginning where the one before it ended.

    Attributes:
        amounts: The steps; a ``TOTAL`` is drawn from zero to where the steps have come.
        scale: What they measure.
    """

    amounts: tuple[Amount, ...]
    scale: Scale

    def __post_init__(self) -> None:
        """Check that there is a step."""
        _require_rows(self.amounts)

    @property
    def starts(self) -> tuple[float, ...]:
        """Where each bar begins: zero for a total, else the sum of the steps before it."""
        reached, starts = 0.0, list[float]()
        for amount in self.amounts:
            start = 0.0 if amount.role is AmountRole.TOTAL else reached
            starts.append(start)
            reached = start + amount.value
        return tuple(starts)

    @property
    def numbers(self) -> frozenset[float]:
        """Every finite number that is drawn."""
        return _numbers(self.amounts)


@dataclass(frozen=True, slots=True)
class Swing:
    """What one assumption does to the result.

    Attributes:
        label: Name of the assumption.
        low: The result where it is at its lower end.
        high: The result where it is at its upper end.
        low_label: Its lower end, in its own unit.
        high_label: Its upper end.
        switching: Where the result would be zero, in its own unit; empty where it never is.
        assumed: True where the trial did not measure it.

    Raises:
        ValueError: If the label is empty or a result is not finite.
    """

    label: str
    low: float
    high: float
    low_label: str
    high_label: str
    switching: str = ""
    assumed: bool = False

    def __post_init__(self) -> None:
        """Check that there is something to draw."""
        if not self.label.strip() or not math.isfinite(self.low + self.high):
            msg = "an assumption in a figure has a name and finite results"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class TornadoChart:
    """How far each assumption moves the result, alone.

    Attributes:
        base: The result as reckoned.
        swings: The assumptions, the one that moves it farthest first.
        scale: What the result measures.
    """

    base: float
    swings: tuple[Swing, ...]
    scale: Scale

    def __post_init__(self) -> None:
        """Check that there is an assumption."""
        _require_rows(self.swings)

    @property
    def numbers(self) -> frozenset[float]:
        """Every number that is drawn; the ends of the assumptions are text."""
        return frozenset((self.base, *(end for swing in self.swings for end in (swing.low, swing.high))))


def finite(numbers: tuple[float, ...]) -> frozenset[float]:
    """Return those of some numbers that are finite."""
    return frozenset(number for number in numbers if math.isfinite(number))


def to_interval(low: float, high: float) -> Interval:
    """Return an interval whose ends are open where they are not known."""
    return Interval(-math.inf if math.isnan(low) else low, math.inf if math.isnan(high) else high)


def _numbers(amounts: tuple[Amount, ...]) -> frozenset[float]:
    return frozenset[float]().union(*(amount.numbers for amount in amounts))


def _require_rows(rows: tuple[object, ...]) -> None:
    if not rows:
        msg = "a figure of amounts has at least one"
        raise ValueError(msg)
