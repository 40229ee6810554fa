"""What a figure draws, as data already fit to publish; ``charts`` holds the pencils."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

from ctieval.domain.outcome import BetterWhen
from ctieval.report.amount_drawing import BarChart, ScenarioChart, TornadoChart, WaterfallChart
from ctieval.report.cells import Count, Interval, Kind
from ctieval.report.count_drawing import CountChart
from ctieval.report.love_drawing import LoveChart
from ctieval.report.path_drawing import AreaChart, CurveChart
from ctieval.report.time_drawing import AcceptabilityChart, BenefitChart, PaybackChart, SurvivalChart


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One effect in a forest figure; hidden effects are left out.

    Attributes:
        label: Name of the outcome or group.
        estimate: Effect, in the unit of its panel.
        interval: Its interval; open ends are drawn as arrows.
        n: Persons, or the mark in their place.
        better_when: Direction in which a person fares better.
        leads: True for the effect that is drawn as a bold diamond: the primary outcome, or the whole trial.

    Raises:
        ValueError: If the label is empty or the estimate is not a finite number.
    """

    label: str
    estimate: float
    interval: Interval
    n: Count
    better_when: BetterWhen
    leads: bool = False

    def __post_init__(self) -> None:
        """Check that there is something to draw."""
        if not self.label.strip() or not math.isfinite(self.estimate):
            msg = "an effect in a figure has a name and a finite estimate"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class ForestPanel:
    """Effects that share one axis, and so one unit.

    Attributes:
        kind: What the effects mean: ``PP`` for shares, ``WEEKS``, ``POINTS``, ``KR`` and so on.
        rows: The effects, top to bottom.
        title: Heading of the panel, or an empty string; the unit stands on the axis. Scales that differ, such
            as points from 1 to 5 and from 0 to 100, go into panels of their own.
        decimals: Digits of the printed effects; None for those usual for the kind.

    Raises:
        ValueError: If there is no row.
    """

    kind: Kind
    rows: tuple[ForestRow, ...]
    title: str = ""
    decimals: int | None = None

    def __post_init__(self) -> None:
        """Check that the panel is not empty."""
        if not self.rows:
            msg = "a panel of a forest figure has rows"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class ForestChart:
    """Effects with their intervals, a panel and an axis for each unit.

    Attributes:
        panels: The panels, top to bottom.

    Raises:
        ValueError: If there is no panel, or intervals of two levels would stand under one heading.
    """

    panels: tuple[ForestPanel, ...]

    def __post_init__(self) -> None:
        """Check that one heading can serve all intervals."""
        if len({row.interval.conf_level for row in self.rows}) != 1:
            msg = "a forest figure has effects, all with intervals of one level"
            raise ValueError(msg)

    @property
    def rows(self) -> tuple[ForestRow, ...]:
        """Every effect, top to bottom."""
        return tuple(row for panel in self.panels for row in panel.rows)

    @property
    def conf_level(self) -> float:
        """The level of all intervals."""
        return self.rows[0].interval.conf_level

    @property
    def numbers(self) -> frozenset[float]:
        """Every finite number that is drawn."""
        drawn = {row.estimate for row in self.rows}
        drawn |= {end for row in self.rows for end in (row.interval.low, row.interval.high)}
        drawn |= {float(row.n) for row in self.rows if isinstance(row.n, int)}
        return frozenset(number for number in drawn if math.isfinite(number))


@dataclass(frozen=True, slots=True)
class FlowBox:
    """One box of a flow diagram.

    Attributes:
        label: What the persons in it are or were.
        n: How many, or the mark in their place; None for a box that tells its details alone.
        details: Reasons or parts with their counts, one line each.

    Raises:
        ValueError: If the label is empty.
    """

    label: str
    n: Count | None
    details: tuple[tuple[str, Count], ...] = ()

    def __post_init__(self) -> None:
        """Check that the box says something."""
        if not self.label.strip():
            msg = "a box of a flow diagram has a label"
            raise ValueError(msg)

    @property
    def counts(self) -> frozenset[float]:
        """Every number that stands in the box."""
        stands = (self.n, *(count for _, count in self.details))
        return frozenset(float(count) for count in stands if isinstance(count, int))


@dataclass(frozen=True, slots=True)
class FlowStage:
    """A box of the common trunk, and those who leave the flow after it.

    Attributes:
        box: The box.
        leaving: The box to its side, such as those kept out with their first reasons; or None.
    """

    box: FlowBox
    leaving: FlowBox | None = None


@dataclass(frozen=True, slots=True)
class FlowArm:
    """One arm of a flow diagram.

    Attributes:
        name: Name of the arm.
        boxes: Its boxes from top to bottom, such as drawn, lost, analysed; the same number in every arm.
    """

    name: str
    boxes: tuple[FlowBox, ...]


@dataclass(frozen=True, slots=True)
class FlowChart:
    """The flow of participants after CONSORT: a common trunk, then an arm to each side.

    Attributes:
        trunk: Stages before the draw, top to bottom; at least one.
        arms: The arms, left to right.

    Raises:
        ValueError: If there is no trunk, no arm, or the arms have unequal numbers of boxes.
    """

    trunk: tuple[FlowStage, ...]
    arms: tuple[FlowArm, ...]

    def __post_init__(self) -> None:
        """Check that the arms stand side by side."""
        if not self.trunk or {len(arm.boxes) for arm in self.arms} in (set(), {0}) or self._uneven:
            msg = "a flow diagram has a trunk, and arms with equal numbers of boxes"
            raise ValueError(msg)

    @property
    def _uneven(self) -> bool:
        return len({len(arm.boxes) for arm in self.arms}) != 1

    @property
    def boxes(self) -> tuple[FlowBox, ...]:
        """Every box: the trunk with those leaving it, then arm by arm."""
        trunk = (box for stage in self.trunk for box in (stage.box, stage.leaving) if box is not None)
        return (*trunk, *(box for arm in self.arms for box in arm.boxes))

    @property
    def numbers(self) -> frozenset[float]:
        """Every number that is drawn."""
        return frozenset(count for box in self.boxes for count in box.counts)


Chart: TypeAlias = (
    ForestChart
    | FlowChart
    | CurveChart
    | AreaChart
    | LoveChart
    | BarChart
    | WaterfallChart
    | ScenarioChart
    | TornadoChart
    | CountChart
    | SurvivalChart
    | BenefitChart
    | PaybackChart
    | AcceptabilityChart
)
"""Everything that a figure can draw."""
