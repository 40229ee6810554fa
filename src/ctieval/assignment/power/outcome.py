"""What is taken for granted about an outcome: how much persons differ, and what an effect does to that."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

from ctieval.assignment.power.limits import check_number


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """A number, such as weeks in a job or kroner.

    Attributes:
        sd_control: Standard deviation between persons in the control.
        sd_intervention: Standard deviation in the intervention; programmes that help some more than others raise it.
    """

    sd_control: float
    sd_intervention: float

    def __post_init__(self) -> None:
        """Persons who differ."""
        for sd in (self.sd_control, self.sd_intervention):
            check_number("standard deviation", sd, holds=sd > 0 and math.isfinite(sd), expected="a number above 0")

    @property
    def greatest(self) -> float:
        """Greatest effect that can be."""
        return math.inf

    @property
    def widest(self) -> float:
        """Greatest effect that can be on those who take part, whatever they would be without it."""
        return math.inf

    def variances(self, effect: float) -> tuple[float, float]:
        """Return the variances in the control and in the intervention, the same under any effect."""
        del effect
        return self.sd_control**2, self.sd_intervention**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A yes or no, such as being in a job; its variance follows from its share.

    Attributes:
        control: Share in the control, between 0 and 1.
    """

    control: float

    def __post_init__(self) -> None:
        """A share of persons who differ."""
        check_number("share in the control", self.control, holds=0 < self.control < 1, expected="between 0 and 1")

    @property
    def greatest(self) -> float:
        """Greatest effect that can be: everybody."""
        return 1 - self.control

    @property
    def widest(self) -> float:
        """Greatest effect that can be on those who take part: from nobody to everybody."""
        return 1.0

    def variances(self, effect: float) -> tuple[float, float]:
        """Return the variances in the control and in the intervention, each by its own share."""
        intervention = self.control + effect
        within = 0 <= intervention <= 1
        check_number("effect on a share", effect, holds=within, expected="one that leaves the share between 0 and 1")
        return self.control * (1 - self.control), intervention * (1 - intervention)


Outcome: TypeAlias = Mean | Share
"""What is taken for granted about an outcome."""
