"""Questionnaires described: who answered, how the scores lie, and how well the items measure one thing. No effect."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ctieval.domain.description import ArmLevel
from ctieval.domain.instrument import Instrument
from ctieval.domain.source import Source


class Absent(StrEnum):
    """Why there is no alpha, or no omega.

    ``FEW_PERSONS``: too few answered every item. ``FEW_ITEMS``: alpha needs two items, omega three.
    ``NO_VARIATION``: everybody gave the same answer to an item. ``HEYWOOD``: the factor would explain more than
    all of an item's variance, so that its loadings mean nothing.
    """

    FEW_PERSONS = "few_persons"
    FEW_ITEMS = "few_items"
    NO_VARIATION = "no_variation"
    HEYWOOD = "heywood"


@dataclass(frozen=True, slots=True)
class Reliability:
    """How well the items of an instrument measure one thing, over those who answered every item.

    Attributes:
        n: Persons who answered every item; None where hidden.
        alpha: Cronbach's alpha; NaN where absent or hidden.
        alpha_low: Lower end of its interval.
        alpha_high: Upper end of its interval.
        conf_level: Level of the interval.
        omega: McDonald's omega total of one factor; NaN where absent or hidden.
        alpha_absent: Why there is no alpha, or None.
        omega_absent: Why there is no omega, or None.
    """

    n: int | None
    alpha: float
    alpha_low: float
    alpha_high: float
    conf_level: float
    omega: float
    alpha_absent: Absent | None = None
    omega_absent: Absent | None = None


@dataclass(frozen=True, slots=True)
class InstrumentWave:
    """One instrument in one wave and arm.

    Attributes:
        instrument: Name of the instrument.
        wave: Name of the wave.
        at_start: True for a wave before the intervention.
        arm: 0 for the control and 1 for the intervention.
        level: Persons with a score, and the mean and standard deviation of their scores.
        unscored: Persons drawn who have no score; None where hidden.
        bands: Persons in each band of the instrument; None where hidden.
        floor: Persons with the lowest score that is possible; None where hidden.
        ceiling: Persons with the highest score that is possible; None where hidden.
        reliability: How well the items measure one thing.
    """

    instrument: str
    wave: str
    at_start: bool
    arm: int
    level: ArmLevel
    unscored: int | None
    bands: tuple[int | None, ...]
    floor: int | None
    ceiling: int | None
    reliability: Reliability


@dataclass(frozen=True, slots=True)
class ArmChange:
    """Change of a score in one arm of an outcome that was measured in both: a description, never an effect.

    Attributes:
        outcome: Short name of the outcome.
        arm: 0 for the control and 1 for the intervention.
        n: Persons with a score both times; None where hidden.
        before: Mean before.
        after: Mean after, over the same persons.
        change: Mean of the persons' changes.
        conf_low: Lower end of the interval of the change.
        conf_high: Upper end of the interval of the change.
        conf_level: Level of the interval.
        unit: Value of ``Unit``.
    """

    outcome: str
    arm: int
    n: int | None
    before: float
    after: float
    change: float
    conf_low: float
    conf_high: float
    conf_level: float
    unit: str


@dataclass(frozen=True, slots=True)
class Advice:
    """Conventions by which the description is read; no result depends on the first.

    Attributes:
        extreme_share: Share at the lowest or the highest score above which a scale is said to have a floor or ceiling.
        source: Where that convention is from.
        fewest_complete: Fewest complete answers from which alpha and omega are reckoned.
    """

    extreme_share: float
    source: Source
    fewest_complete: int


@dataclass(frozen=True, slots=True)
class InstrumentTable:
    """The instruments of a trial, described; holds no person.

    Attributes:
        instruments: The instruments that the plan names, in its order.
        waves: By instrument, wave and arm, the intervention first.
        changes: Changes in each arm, for outcomes measured in both.
        advice: Conventions by which they are read.
    """

    instruments: tuple[Instrument, ...]
    waves: tuple[InstrumentWave, ...]
    changes: tuple[ArmChange, ...]
    advice: Advice

    def instrument(self, name: str) -> Instrument:
        """Return an instrument by its name."""
        return next(each for each in self.instruments if each.name == name)
