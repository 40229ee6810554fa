"""Descriptions of the arms: characteristics before the draw, outcome levels, and what one arm experienced."""

from __future__ import annotations

from dataclasses import dataclass

from ctieval.domain.wording import Label


@dataclass(frozen=True, slots=True)
class ArmLevel:
    """Level of a measurement in one arm.

    Attributes:
        n: Persons with a value; None where hidden.
        mean: Mean, or share for a yes/no measurement; NaN where hidden or nobody has a value.
        std: Standard deviation (n - 1); NaN where hidden, for a share, or below two persons.
        events: Persons with the value 1, for a yes/no measurement; None otherwise or where hidden.
    """

    n: int | None
    mean: float
    std: float
    events: int | None


@dataclass(frozen=True, slots=True)
class BaselineRow:
    """One characteristic, or one category of it, before the draw.

    Attributes:
        name: Short name of the characteristic.
        label: The name that a reader sees.
        level: The category, ``missing``, or an empty string for a number.
        unit: Value of ``Unit``; ``share`` for a category.
        control: Level in the control.
        intervention: Level in the intervention.
        std_difference: Standardised difference: the difference of means over the pooled standard deviation
            of both arms; NaN where hidden or undefined.
        arm: Number of the intervention that is described beside the control.
    """

    name: str
    label: Label
    level: str
    unit: str
    control: ArmLevel
    intervention: ArmLevel
    std_difference: float
    arm: int = 1


@dataclass(frozen=True, slots=True)
class OutcomeLevel:
    """Level of an outcome in both arms.

    Attributes:
        outcome: Short name of the outcome.
        control: Level in the control; None for an outcome measured in the intervention alone.
        intervention: Level in the intervention.
        arm: Number of the intervention that is described beside the control.
    """

    outcome: str
    control: ArmLevel | None
    intervention: ArmLevel
    arm: int = 1


@dataclass(frozen=True, slots=True)
class ExperiencedRow:
    """What the intervention arm experienced: a change over time in one arm, never an effect.

    Attributes:
        outcome: Short name of the outcome.
        n: Persons measured both times; None where hidden.
        before: Mean before; NaN where there is no measurement before.
        after: Mean after.
        change: Mean of the persons' changes; NaN where there is no measurement before.
        conf_low: Lower end of the interval of the change.
        conf_high: Upper end of the interval of the change.
        conf_level: Level of the interval.
        unit: Value of ``Unit``.
    """

    outcome: str
    n: int | None
    before: float
    after: float
    change: float
    conf_low: float
    conf_high: float
    conf_level: float
    unit: str
