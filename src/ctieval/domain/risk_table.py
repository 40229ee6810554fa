"""Yes/no outcomes on more than one scale: absolute and relative, and how many must be offered the intervention."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RiskMethod(StrEnum):
    """How the two shares are compared.

    ``SCORE``: Newcombe's interval of the difference, and the logarithm of the ratio; persons drawn in one pool.
    ``MANTEL_HAENSZEL``: over the blocks of the draw. ``DESIGN``: the difference as the design implies, as with whole
    units; the ratio has no interval then.
    """

    SCORE = "score"
    MANTEL_HAENSZEL = "mantel_haenszel"
    DESIGN = "design"


@dataclass(frozen=True, slots=True)
class Range:
    """An estimate with its interval.

    Attributes:
        estimate: The estimate; NaN where hidden or there is none.
        low: Lower end; NaN where hidden or there is none, ``-inf`` where it is open.
        high: Upper end; NaN where hidden or there is none, ``inf`` where it is open.
    """

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One yes/no outcome.

    Attributes:
        outcome: Short name of the outcome.
        difference: Share in the intervention less that in the control.
        ratio: Share in the intervention over that in the control.
        method: How they are compared.
        conf_level: Level of the intervals.
        cells: Persons of each arm of each block with the event and without it, where there are blocks: disclosure
            control reads them and leaves none.
    """

    outcome: str
    difference: Range
    ratio: Range
    method: RiskMethod
    conf_level: float
    cells: tuple[int, ...] = ()
