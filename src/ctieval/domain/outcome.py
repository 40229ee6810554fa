"""Declared outcomes: what is measured on each person, when, in which arm, and which direction is better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from ctieval.domain.units import Unit
from ctieval.domain.window import Window
from ctieval.domain.wording import Label


class Role(StrEnum):
    """Place of the outcome in the plan."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    EXPLORATORY = "exploratory"


class BetterWhen(StrEnum):
    """Direction in which a person fares better."""

    HIGHER = "higher"
    LOWER = "lower"


class MeasuredIn(StrEnum):
    """Arms in which it was measured; one arm alone can never give an effect."""

    BOTH = "both"
    INTERVENTION = "intervention"


class State(StrEnum):
    """What a person does in a week."""

    ORDINARY_JOB = "ordinary_job"
    SUPPORTED_JOB = "supported_job"
    COMPANY_MEASURE = "company_measure"
    EDUCATION = "education"
    SELF_SUPPORT = "self_support"
    PASSIVE_BENEFIT = "passive_benefit"
    OTHER_ACTIVATION = "other_activation"
    PENSION_OR_RESOURCE = "pension_or_resource"
    EXIT = "exit"
    BENEFIT = "benefit"
    ORDINARY_HOURS = "ordinary_hours"


class Measure(StrEnum):
    """What is counted of a state in the window.

    ``WEEKS``: number of weeks. ``EVER``: 1 if at least one week (transition). ``AT_END``: 1 if in the state
    in the last week of the window. ``AT_WEEK``: 1 if in the state in one week, which is the window.
    ``WEEKS_UNTIL_FIRST``: weeks before the first week in the state, the length of the window for who is never in
    it. ``RETAINED_13/26/52``: 1 if one unbroken spell that starts in the window lasts at least so many weeks
    (retention, which is another thing than transition). ``WEEKS_UNTIL_RETAINED_13/26/52``: weeks before the first
    such spell, the length of the window where there is none.
    """

    WEEKS = "weeks"
    EVER = "ever"
    AT_END = "at_end"
    AT_WEEK = "at_week"
    WEEKS_UNTIL_FIRST = "weeks_until_first"
    RETAINED_13 = "retained_13"
    RETAINED_26 = "retained_26"
    RETAINED_52 = "retained_52"
    WEEKS_UNTIL_RETAINED_13 = "weeks_until_retained_13"
    WEEKS_UNTIL_RETAINED_26 = "weeks_until_retained_26"
    WEEKS_UNTIL_RETAINED_52 = "weeks_until_retained_52"


class Amount(StrEnum):
    """What is summed over the window, whatever state a week is in.

    ``ORDINARY_HOURS_SHARE``: ordinary paid hours over those of a full-time job. ``EARNINGS``: kroner earned.
    ``BENEFIT_KRONER``: kroner of public benefits. ``STATE_CHANGES``: weeks in another state than the week before.
    """

    ORDINARY_HOURS_SHARE = "ordinary_hours_share"
    EARNINGS = "earnings"
    BENEFIT_KRONER = "benefit_kroner"
    STATE_CHANGES = "state_changes"


RETAINED_WEEKS: Mapping[Measure, int] = {
    Measure.RETAINED_13: 13,
    Measure.RETAINED_26: 26,
    Measure.RETAINED_52: 52,
    Measure.WEEKS_UNTIL_RETAINED_13: 13,
    Measure.WEEKS_UNTIL_RETAINED_26: 26,
    Measure.WEEKS_UNTIL_RETAINED_52: 52,
}
"""Weeks that a spell must last, of the measures about such a spell."""

WAITS = frozenset(
    {
        Measure.WEEKS_UNTIL_FIRST,
        Measure.WEEKS_UNTIL_RETAINED_13,
        Measure.WEEKS_UNTIL_RETAINED_26,
        Measure.WEEKS_UNTIL_RETAINED_52,
    }
)
"""Measures of weeks before something: the fewer there are, the more of the state."""

_UNIT_OF_AMOUNT: Mapping[Amount, Unit] = {
    Amount.ORDINARY_HOURS_SHARE: Unit.PROPORTION,
    Amount.EARNINGS: Unit.DKK,
    Amount.BENEFIT_KRONER: Unit.DKK,
    Amount.STATE_CHANGES: Unit.COUNT,
}


@dataclass(frozen=True, slots=True)
class FullTime:
    """What the plan takes for a full-time job.

    Attributes:
        hours_month: Paid hours a month.
        source: What proves the number.
    """

    hours_month: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Declared:
    """What every outcome declares.

    Attributes:
        name: Short name, the ``outcome`` column of an effect table.
        label: The name that a reader sees.
        role: Primary, secondary or exploratory.
        better_when: Direction in which a person fares better.
        measured_in: Both arms, or the intervention alone.
        smallest_relevant: Smallest effect that matters, without sign, in the unit of the outcome; None where the
            plan declares none, and then no effect can be called small.
    """

    name: str
    label: Label
    role: Role
    better_when: BetterWhen
    measured_in: MeasuredIn = MeasuredIn.BOTH
    smallest_relevant: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnOutcome(_Declared):
    """An outcome that stands ready in a column of the analysis-ready table.

    Attributes:
        column: The column.
        unit: Its unit.
        baseline: The column with the same measurement before the draw, or None.
    """

    column: str
    unit: Unit
    baseline: str | None = None

    @property
    def window_text(self) -> str:
        """The window as an effect table prints it; a column carries none."""
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateOutcome(_Declared):
    """An outcome counted from a person's weeks.

    Attributes:
        state: The state.
        measure: What is counted.
        window: Weeks from the person's own randomisation.
    """

    state: State
    measure: Measure
    window: Window

    @property
    def unit(self) -> Unit:
        """Weeks for a number of weeks, a share for yes or no."""
        return Unit.WEEKS if self.measure is Measure.WEEKS or self.measure in WAITS else Unit.SHARE

    @property
    def state_is_better(self) -> BetterWhen:
        """Whether a person fares better with more of the state, or with less; who waits less is sooner in it."""
        if self.measure not in WAITS:
            return self.better_when
        return BetterWhen.LOWER if self.better_when is BetterWhen.HIGHER else BetterWhen.HIGHER

    @property
    def window_text(self) -> str:
        """The window as an effect table prints it."""
        return str(self.window)


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountOutcome(_Declared):
    """An outcome summed over a person's weeks, whatever state they are in.

    Attributes:
        amount: What is summed.
        window: Weeks from the person's own randomisation.
        full_time: A full-time job; stated where hours are measured against it, and only there.
    """

    amount: Amount
    window: Window
    full_time: FullTime | None = None

    @property
    def unit(self) -> Unit:
        """Kroner, a proportion of full time, or a number of changes."""
        return _UNIT_OF_AMOUNT[self.amount]

    @property
    def window_text(self) -> str:
        """The window as an effect table prints it."""
        return str(self.window)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentOutcome(_Declared):
    """A score of a questionnaire in one wave.

    Attributes:
        instrument: Name of the instrument, such as ``who5``.
        wave: Name of the wave, such as ``12m``.
        baseline_wave: Name of the wave before the intervention, or None.
    """

    instrument: str
    wave: str
    baseline_wave: str | None = None

    @property
    def unit(self) -> Unit:
        """Scale points."""
        return Unit.POINTS

    @property
    def window_text(self) -> str:
        """The wave, which is its window."""
        return self.wave


TrackedOutcome: TypeAlias = StateOutcome | AmountOutcome
"""An outcome that is followed through the registers, week by week."""

Outcome: TypeAlias = ColumnOutcome | TrackedOutcome | InstrumentOutcome
