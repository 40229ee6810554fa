"""What the figures of time to an event and of money over time draw, as data already fit to publish."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ctieval.report.amount_drawing import finite
from ctieval.report.cells import Count, Kind


@dataclass(frozen=True, slots=True)
class AtRisk:
    """Persons still followed at a time.

    Attributes:
        time: The time.
        counts: How many in each line of the figure, or the marks in their place.
    """

    time: int
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class SurvivalLine:
    """The share of an arm at each time, which holds until the next.

    Attributes:
        name: Name of the arm.
        shares: The shares.
        low: Lower ends of their intervals; NaN where there is none to show.
        high: Upper ends.
    """

    name: str
    shares: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SurvivalChart:
    """The share to whom something has happened, or not yet, in both arms.

    Attributes:
        title: What the shares are of.
        times: The times, in order, the draw first.
        intervention: The intervention arm.
        control: The control arm.
        at_risk: Persons still followed, the intervention first; their times are those named on the axis.
        axis: Name of the axis of time.
        conf_level: Level of the intervals.

    Raises:
        ValueError: If there are not two times in order, or a line is longer or shorter than them.
    """

    title: str
    times: tuple[float, ...]
    intervention: SurvivalLine
    control: SurvivalLine
    at_risk: tuple[AtRisk, ...]
    axis: str
    conf_level: float = 0.95

    def __post_init__(self) -> None:
        """Check that there are lines to draw."""
        lines = (self.intervention, self.control)
        _check_series(self.times, *(each for line in lines for each in (line.shares, line.low, line.high)))

    @property
    def numbers(self) -> frozenset[float]:
        """Every finite number that is drawn."""
        lines = (self.intervention, self.control)
        drawn = [
            *self.times,
            *(value for line in lines for each in (line.shares, line.low, line.high) for value in each),
        ]
        return finite(tuple(drawn)) | _counts(self.at_risk)


@dataclass(frozen=True, slots=True)
class Payback:
    """The month in which the sum comes above zero, and stays there.

    Attributes:
        month: The month; infinite where it does not within the figure.
        low: Lower end of its interval.
        high: Upper end; infinite where it is open.
    """

    month: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class BenefitLine:
    """What one account has come to, month by month.

    Attributes:
        name: Name of the account.
        values: Its sum since the draw.
        low: Lower ends of the pointwise intervals; NaN where there is none to show.
        high: Upper ends.
        all_low: Lower ends of the band that holds the whole curve; NaN where there is none.
        all_high: Upper ends.
        payback: When it comes above zero; None where that is not told.
    """

    name: str
    values: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    all_low: tuple[float, ...]
    all_high: tuple[float, ...]
    payback: Payback | None = None

    @property
    def trough(self) -> int:
        """Place of the lowest value: the most that is laid out."""
        return self.values.index(min(self.values))

    @property
    def series(self) -> tuple[tuple[float, ...], ...]:
        """All that is told month by month."""
        return (self.values, self.low, self.high, self.all_low, self.all_high)


@dataclass(frozen=True, slots=True)
class BenefitChart:
    """What one or two accounts come to, month by month, on one scale.

    Attributes:
        months: The months from the draw, in order.
        lines: The accounts, one panel each, top to bottom.
        observed: The last month with data; what comes after is extrapolated.
        at_risk: Persons followed; their times are those named on the axis.
        unit: Unit of the sums, such as kroner per person.
        axis: Name of the axis of time.
        kind: How the sums are printed.
        conf_level: Level of the intervals.

    Raises:
        ValueError: If there are not one or two accounts over at least two months in order.
    """

    months: tuple[float, ...]
    lines: tuple[BenefitLine, ...]
    observed: float
    at_risk: tuple[AtRisk, ...]
    unit: str
    axis: str
    kind: Kind = Kind.KR
    conf_level: float = 0.95

    def __post_init__(self) -> None:
        """Check that there are lines to draw."""
        _check_series(self.months, *(each for line in self.lines for each in line.series))
        if not 1 <= len(self.lines) <= 2:
            msg = f"one or two accounts stand over each other, not {len(self.lines)}"
            raise ValueError(msg)

    @property
    def numbers(self) -> frozenset[float]:
        """Every finite number that is drawn."""
        drawn = [*self.months, *(value for line in self.lines for each in line.series for value in each)]
        for payback in (line.payback for line in self.lines if line.payback is not None):
            drawn += [payback.month, payback.low, payback.high]
        return finite(tuple(drawn)) | _counts(self.at_risk)


@dataclass(frozen=True, slots=True)
class PaybackChart:
    """The share of resamples in which the sum is above zero by each month, and those in which it never is.

    Attributes:
        months: The months from the draw, in order.
        shares: Share of resamples by each month.
        never: Share of resamples in which it is not within the figure.
        never_label: What is said of them, such as not within 36 months.
        title: What the shares are of.
        axis: Name of the axis of time.

    Raises:
        ValueError: If there are not two months in order, or the shares do not add up to one or ever fall.
    """

    months: tuple[float, ...]
    shares: tuple[float, ...]
    never: float
    never_label: str
    title: str
    axis: str

    def __post_init__(self) -> None:
        """Check that it is a distribution."""
        _check_series(self.months, self.shares)
        if list(self.shares) != sorted(self.shares) or not math.isclose(self.shares[-1] + self.never, 1, abs_tol=1e-6):
            msg = "shares by month never fall, and with those who never get there they are everybody"
            raise ValueError(msg)

    @property
    def numbers(self) -> frozenset[float]:
        """Every number that is drawn."""
        return frozenset((*self.months, *self.shares, self.never))


@dataclass(frozen=True, slots=True)
class AcceptabilityChart:
    """What speaks for the intervention at each price of its outcome: never the share without the loss.

    Attributes:
        prices: What one more of the outcome is worth, in order.
        shares: Share of resamples in which the intervention is worth its price.
        loss: What is lost on average by giving it.
        loss_without: What is lost on average by not giving it.
        names: What the two choices are called: giving it, and not.
        titles: What the shares and what the losses are, with their units.
        axis: Name of the axis of prices.
        kind: How losses are printed.

    Raises:
        ValueError: If there are not two prices in order, or a series is longer or shorter than them.
    """

    prices: tuple[float, ...]
    shares: tuple[float, ...]
    loss: tuple[float, ...]
    loss_without: tuple[float, ...]
    names: tuple[str, str]
    titles: tuple[str, str]
    axis: str
    kind: Kind = Kind.KR

    def __post_init__(self) -> None:
        """Check that there are lines to draw."""
        _check_series(self.prices, self.shares, self.loss, self.loss_without)
        if not all(map(math.isfinite, (*self.shares, *self.loss, *self.loss_without))):
            msg = "shares and losses of a figure are finite"
            raise ValueError(msg)

    @property
    def numbers(self) -> frozenset[float]:
        """Every number that is drawn."""
        return frozenset((*self.prices, *self.shares, *self.loss, *self.loss_without))


def _counts(at_risk: tuple[AtRisk, ...]) -> frozenset[float]:
    counts = {float(count) for each in at_risk for count in each.counts if isinstance(count, int)}
    return frozenset(counts | {float(each.time) for each in at_risk})


def _check_series(times: tuple[float, ...], *series: tuple[float, ...]) -> None:
    if len(times) < 2 or list(times) != sorted(set(times)) or any(len(each) != len(times) for each in series):
        msg = "a line has at least two points in order, and a value at each"
        raise ValueError(msg)
