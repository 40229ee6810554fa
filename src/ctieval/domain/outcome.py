"""Declared outcomes: what is measured on each person, when, in which arm, and which direction is better."""

from __future__ import annotations

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
    in the last week of the window. ``RETAINED_13/26/52``: 1 if one unbroken spell that starts in the window
    lasts at least so many weeks (retention, which is another thing than transition).
    """

    WEEKS = "weeks"
    EVER = "ever"
    AT_END = "at_end"
    RETAINED_13 = "retained_13"
    RETAINED_26 = "retained_26"
    RETAINED_52 = "retained_52"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Declared:
    """What every outcome declares.

    Attributes:
        name: Short name, the ``outcome`` column of an effect table.
        label: The name that a reader sees.
        role: Primary, secondary or exploratory.
        better_when: Direction in which a person fares better.
        measured_in: Both arms, or the intervention alone.
    """

    name: str
    label: Label
    role: Role
    better_when: BetterWhen
    measured_in: MeasuredIn = MeasuredIn.BOTH


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
        return Unit.WEEKS if self.measure is Measure.WEEKS else Unit.SHARE

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


Outcome: TypeAlias = ColumnOutcome | StateOutcome | InstrumentOutcome
