"""What the arms do week by week around the draw: shares by state, and effects on a few of the states."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ctieval.domain.outcome import BetterWhen, State
from ctieval.domain.window import Window

PATH_STATES: tuple[State, ...] = (
    State.ORDINARY_JOB,
    State.SUPPORTED_JOB,
    State.EDUCATION,
    State.SELF_SUPPORT,
    State.COMPANY_MEASURE,
    State.OTHER_ACTIVATION,
    State.PASSIVE_BENEFIT,
    State.PENSION_OR_RESOURCE,
    State.EXIT,
)
"""States of which a person is in exactly one, in the order in which they are stacked."""

PATH_CURVES: tuple[tuple[State, BetterWhen], ...] = (
    (State.ORDINARY_JOB, BetterWhen.HIGHER),
    (State.SUPPORTED_JOB, BetterWhen.HIGHER),
    (State.COMPANY_MEASURE, BetterWhen.HIGHER),
    (State.BENEFIT, BetterWhen.LOWER),
)
"""States whose weekly effect is estimated, with the direction in which a person fares better."""

_ROUNDING = 1e-9
"""Shares of a week are sums of floats, so that their total is one but for the last digits."""


@dataclass(frozen=True, slots=True)
class ArmStates:
    """How one arm divides over the states, week by week.

    Attributes:
        n: Persons whose state is known, one number a week; None where hidden.
        shares: For each of ``PATH_STATES`` its share in each week, each block counting by its persons in both
            arms.

    Raises:
        ValueError: If the shares of a week do not add up to one.
    """

    n: tuple[int | None, ...]
    shares: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        """Check that everybody is somewhere."""
        totals = [math.fsum(week) for week in zip(*self.shares, strict=True)]
        if len(self.shares) != len(PATH_STATES) or len(totals) != len(self.n):
            msg = "an arm has a share for every state and week"
            raise ValueError(msg)
        if not all(abs(total - 1) <= _ROUNDING for total in totals):
            msg = "the shares of the states add up to one in every week"
            raise ValueError(msg)

    def of(self, state: State) -> tuple[float, ...]:
        """Return the weekly shares of a state."""
        return self.shares[PATH_STATES.index(state)]


@dataclass(frozen=True, slots=True)
class Placebo:
    """The weeks before the draw, in which the arms differ by chance alone.

    Neighbouring weeks hold much the same persons in the same states, so that weeks outside come in runs: their
    number varies far more around what is expected than it would if each week were drawn anew.

    Attributes:
        weeks: Weeks that have an interval.
        outside: Weeks whose interval leaves out zero.
        conf_level: Level of the intervals.
    """

    weeks: int
    outside: int
    conf_level: float

    @property
    def expected(self) -> float:
        """Weeks whose interval would leave out zero by chance, on average."""
        return self.weeks * (1 - self.conf_level)


@dataclass(frozen=True, slots=True)
class StateCurve:
    """One state week by week: its share in both arms and their difference, as the design estimates it.

    Attributes:
        state: The state.
        n_control: Persons of the control for whom it is known, one number a week; None where hidden.
        n_treated: Persons of the intervention for whom it is known.
        control: Share in the control.
        intervention: Share in the intervention.
        estimate: Effect, ``intervention - control``.
        conf_low: Lower end of its interval; NaN where nobody differs from anybody, or hidden.
        conf_high: Upper end of its interval.
        placebo: The weeks before the draw.
    """

    state: State
    n_control: tuple[int | None, ...]
    n_treated: tuple[int | None, ...]
    control: tuple[float, ...]
    intervention: tuple[float, ...]
    estimate: tuple[float, ...]
    conf_low: tuple[float, ...]
    conf_high: tuple[float, ...]
    placebo: Placebo


@dataclass(frozen=True, slots=True)
class StatePaths:
    """Both arms week by week, each person's weeks counted from her own draw; holds no person.

    Attributes:
        window: The weeks; negative before the draw.
        conf_level: Level of the intervals.
        control: States of the control.
        intervention: States of the intervention.
        curves: The states of ``PATH_CURVES``.

    Raises:
        ValueError: If a series has not one value a week.
    """

    window: Window
    conf_level: float
    control: ArmStates
    intervention: ArmStates
    curves: tuple[StateCurve, ...]

    def __post_init__(self) -> None:
        """Check that all series run over the same weeks."""
        series = [self.control.n, self.intervention.n]
        for curve in self.curves:
            series += [curve.n_control, curve.n_treated, curve.control, curve.intervention]
            series += [curve.estimate, curve.conf_low, curve.conf_high]
        if any(len(each) != self.window.weeks for each in series):
            msg = f"every series has {self.window.weeks} weeks"
            raise ValueError(msg)

    @property
    def weeks(self) -> tuple[int, ...]:
        """The weeks, counted from the draw."""
        return tuple(range(self.window.start, self.window.end))

    def curve(self, state: State) -> StateCurve:
        """Return the curve of a state."""
        return next(curve for curve in self.curves if curve.state is state)
