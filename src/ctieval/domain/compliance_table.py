"""Who took part as drawn, and the effect on those who take part because they are drawn; holds no person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ctieval.domain.effect_table import Effect
from ctieval.domain.effects_plan import LoggedTakeUp, TakeUpColumn


class Sidedness(StrEnum):
    """Who did otherwise than drawn.

    ``NONE``: nobody. ``ONE_SIDED``: some of the intervention did not take part. ``TWO_SIDED``: some of the control
    took part, whether or not all of the intervention did.
    """

    NONE = "none"
    ONE_SIDED = "one_sided"
    TWO_SIDED = "two_sided"


class TakeUpStep(StrEnum):
    """``LOGGED``: so many entries in the log. ``ACTIVITY``: so many of the one that counts. ``TOOK_PART``: a 1."""

    LOGGED = "logged"
    ACTIVITY = "activity"
    TOOK_PART = "took_part"


@dataclass(frozen=True, slots=True)
class TakeUpRow:
    """How many of each arm came so far.

    Attributes:
        step: How far.
        contacts: Fewest entries; 0 where there is no log.
        control: Persons in the control; None where hidden.
        intervention: Persons in the intervention; None where hidden.
        is_taking_part: True for the row that the plan takes for having taken part.
    """

    step: TakeUpStep
    contacts: int
    control: int | None
    intervention: int | None
    is_taking_part: bool


class Shape(StrEnum):
    """What Anderson and Rubin's region looks like.

    ``BETWEEN``: an interval, maybe open. ``OUTSIDE``: all but what lies between two numbers. ``EVERYTHING``.
    """

    BETWEEN = "between"
    OUTSIDE = "outside"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class ComplierRow:
    """One outcome of those who take part because they are drawn.

    Attributes:
        effect: The effect on them, with an interval by the delta method.
        regions: Anderson and Rubin's region: one interval, or two rays.
        shape: What the region looks like.
        taking_part: Their mean if they take part, in the unit of the outcome; NaN where hidden.
        not_taking_part: Their mean if they do not; NaN where hidden.
        cells: Persons on whom the two means rest, and those whom each leaves over: disclosure control reads them and
            leaves none.
    """

    effect: Effect
    regions: tuple[Effect, ...]
    shape: Shape
    taking_part: float
    not_taking_part: float
    cells: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ComplianceTable:
    """Take-up in both arms, and what follows.

    Attributes:
        counted: What counts as taking part; None where the plan does not say.
        drawn: Persons drawn into control and intervention; None where hidden.
        steps: Take-up, step by step.
        in_control_known: True where the take-up of the control is known; else nobody of it is taken to have taken part.
        sidedness: Who did otherwise than drawn; None where the plan does not say what counts, or gaps leave it open.
        compliers: Share of those who take part because they are drawn; NaN where hidden or not known.
        rows: One row a primary outcome.
        not_known: Persons of control and intervention of whom it is not known whether they took part: disclosure
            control reads them and leaves none.
    """

    counted: LoggedTakeUp | TakeUpColumn | None
    drawn: tuple[int | None, int | None]
    steps: tuple[TakeUpRow, ...]
    in_control_known: bool
    sidedness: Sidedness | None
    compliers: float
    rows: tuple[ComplierRow, ...]
    not_known: tuple[int, int] = (0, 0)
