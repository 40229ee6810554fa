"""Uncertain inputs of the account, each with its range; what is drawn from them lives elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

DISPLACEMENT = "displacement"
"""Key of the part of the jobs gained that somebody else loses; the headline reckons with none."""
FACTOR = "factor:"
"""What stands before a line of the account in the key of a parameter that the line is multiplied by."""
ELICITED = 0.8
"""A range that somebody states is read as the 10th to the 90th percentile unless said otherwise."""


class Distribution(StrEnum):
    """How likely the values of a parameter are.

    Gamma for what costs, beta for shares, triangular for what has a most likely value and ends, and normal only
    for what is as likely to be as much too high as too low.
    """

    GAMMA = "gamma"
    BETA = "beta"
    TRIANGULAR = "triangular"
    NORMAL = "normal"


class Origin(StrEnum):
    """Whether the trial measured a parameter, or somebody assumed it."""

    MEASURED = "measured"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One uncertain input.

    Attributes:
        key: Name, such as ``cost_per_hour``.
        base: The value of the headline, in ``unit``.
        low: Low end of the range, at most ``base``.
        high: High end of the range, at least ``base``.
        distribution: How likely the values are.
        unit: Unit of the three values.
        coverage: Chance that the value lies within the range, half of the rest on either side; 1 where the ends are
            the least and the greatest value there can be, which only a triangular one has.
        origin: Measured or assumed.
        source: Who states the range, or what proves it; empty where the trial measured it.
    """

    key: str
    base: float
    low: float
    high: float
    distribution: Distribution
    unit: str = ""
    coverage: float = ELICITED
    origin: Origin = Origin.ASSUMED
    source: str = ""
