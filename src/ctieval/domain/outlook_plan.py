"""How the account looks beyond its net result: resamples, extrapolation and scenarios, fixed in the plan."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ScenarioName(StrEnum):
    """The scenarios, in the order in which they are shown; the first is the headline."""

    OBSERVED = "observed"
    DECAY = "decay"
    PERSISTENCE = "persistence"
    CAUTIOUS = "cautious"


@dataclass(frozen=True, slots=True)
class Scenario:
    """What one scenario takes for granted; everything else is as observed.

    Attributes:
        name: Which scenario it is.
        months: Months after the horizon in which the effect is taken to go on.
        yearly_decay: Part of the monthly effect that is gone after a year, 0 to 1.
        displacement: Displaced jobs per job gained, 0 to 1.
        cautious_level: Level of the interval at whose worse ends effect and cost are taken; None for the estimates.
    """

    name: ScenarioName
    months: int = 0
    yearly_decay: float = 0.0
    displacement: float = 0.0
    cautious_level: float | None = None


@dataclass(frozen=True, slots=True)
class OutlookPlan:
    """What the outlook reckons with.

    Attributes:
        names: Scenarios to show; what was observed always is.
        extrapolated_months: Months after the horizon of the scenarios with an extrapolation, and of the break-even
            decay.
        yearly_decay: Part of the monthly effect that is gone after a year, in the scenario ``decay`` and in the
            required persistence.
        last_months: Last observed months whose mean effect is carried on.
        displacement: Displaced jobs per job gained in the scenario ``cautious``.
        cautious_level: Level of the interval at whose worse ends the scenario ``cautious`` takes effect and cost.
        replicates: Resamples.
        seed: Seed of the resamples.
    """

    names: tuple[ScenarioName, ...] = tuple(ScenarioName)
    extrapolated_months: int = 24
    yearly_decay: float = 0.5
    last_months: int = 6
    displacement: float = 0.25
    cautious_level: float = 0.8
    replicates: int = 2000
    seed: int = 1

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios to show, each with what it takes for granted.

        Examples:
            >>> observed, decay = OutlookPlan(names=(ScenarioName.DECAY,), extrapolated_months=12).scenarios
            >>> observed.months, decay.months
            (0, 12)
        """
        months = self.extrapolated_months
        known = (
            Scenario(ScenarioName.OBSERVED),
            Scenario(ScenarioName.DECAY, months=months, yearly_decay=self.yearly_decay),
            Scenario(ScenarioName.PERSISTENCE, months=months),
            Scenario(ScenarioName.CAUTIOUS, displacement=self.displacement, cautious_level=self.cautious_level),
        )
        return tuple(each for each in known if each.name in (ScenarioName.OBSERVED, *self.names))
