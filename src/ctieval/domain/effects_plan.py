"""What the plan fixes about the analysis of effects beyond what the draw implies."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Headline(StrEnum):
    """Which estimate the conclusion rests on; the other stands beside it.

    ``DIFFERENCE``: as the design implies. ``ADJUSTED``: adjusted for the characteristics that the plan names.
    """

    DIFFERENCE = "difference"
    ADJUSTED = "adjusted"


@dataclass(frozen=True, slots=True)
class LoggedTakeUp:
    """Somebody took part who has enough entries of one activity in the log, from her draw on.

    Attributes:
        activity: The activity, as the log names it.
        contacts: Fewest entries that count as taking part.
    """

    activity: str
    contacts: int = 1


@dataclass(frozen=True, slots=True)
class TakeUpColumn:
    """Somebody took part who has a 1 in a column of the analysis-ready table.

    Attributes:
        column: The column; 0 or 1 for each person, in both arms.
    """

    column: str


@dataclass(frozen=True, slots=True)
class EffectsPlan:
    """The analysis of effects.

    Attributes:
        adjust_for: Names of characteristics before the draw to adjust for; empty for none.
        headline: The estimate that the conclusion rests on.
        take_up: What counts as having taken part; None where the plan does not say, and then nothing is estimated
            for those who did.
    """

    adjust_for: tuple[str, ...] = ()
    headline: Headline = Headline.DIFFERENCE
    take_up: LoggedTakeUp | TakeUpColumn | None = None
