"""What the figures of weekly paths draw, as data already fit to publish; ``charts`` holds the pencils."""

from __future__ import annotations

from dataclasses import dataclass

from ctieval.report.cells import Interval


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One week of a curve.

    Attributes:
        week: The week, counted from the draw.
        intervention: Share in the intervention.
        control: Share in the control.
        effect: Their difference.
        interval: Interval of the effect, or None where there is none to show.
    """

    week: int
    intervention: float
    control: float
    effect: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class CurveChart:
    """A share in both arms week by week, and under it the effect with its interval.

    Attributes:
        title: What the share is of.
        points: The weeks, in order.
        intervention: Name of the intervention arm.
        control: Name of the control arm.
        conf_level: Level of the intervals.

    Raises:
        ValueError: If there are not two weeks in order.
    """

    title: str
    points: tuple[CurvePoint, ...]
    intervention: str
    control: str
    conf_level: float

    def __post_init__(self) -> None:
        """Check that there is a line to draw."""
        _check_weeks(tuple(point.week for point in self.points))

    @property
    def numbers(self) -> frozenset[float]:
        """Every number that is drawn."""
        drawn: set[float] = set()
        for point in self.points:
            drawn |= {float(point.week), point.intervention, point.control, point.effect}
            drawn |= set() if point.interval is None else {point.interval.low, point.interval.high}
        return frozenset(drawn)


@dataclass(frozen=True, slots=True)
class Area:
    """One state, or several told together.

    Attributes:
        label: Name of the state.
        shares: Its share of the arm in each week.
    """

    label: str
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class AreaPanel:
    """One arm, divided over the states.

    Attributes:
        title: Name of the arm.
        areas: The states from the bottom up; in every week their shares add up to one.
    """

    title: str
    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class AreaChart:
    """Both arms divided over the same states, on the same scale.

    Attributes:
        weeks: The weeks, counted from the draw, in order.
        panels: The arms, top to bottom.

    Raises:
        ValueError: If there are not two weeks in order, or the arms are not divided over the same states.
    """

    weeks: tuple[int, ...]
    panels: tuple[AreaPanel, ...]

    def __post_init__(self) -> None:
        """Check that the panels can be compared."""
        _check_weeks(self.weeks)
        labels = {tuple(area.label for area in panel.areas) for panel in self.panels}
        lengths = {len(area.shares) for panel in self.panels for area in panel.areas}
        if len(labels) != 1 or lengths != {len(self.weeks)}:
            msg = "the arms of a figure are divided over the same states in the same weeks"
            raise ValueError(msg)

    @property
    def numbers(self) -> frozenset[float]:
        """Every number that is drawn."""
        shares = {share for panel in self.panels for area in panel.areas for share in area.shares}
        return frozenset(shares | {float(week) for week in self.weeks})


def _check_weeks(weeks: tuple[int, ...]) -> None:
    if len(weeks) < 2 or list(weeks) != sorted(set(weeks)):
        msg = "a path has at least two weeks, in order"
        raise ValueError(msg)
