"""What the intervention arm was given: counts by step and dose; never a control variable."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """How many of the drawn reached one step.

    Attributes:
        step: The activity as the log names it.
        reached: Persons in the intervention who reached it; None where hidden.
        contacts_mean: Mean number of entries per person who reached it; NaN where hidden.
        hours_mean: Mean hours per person who reached it; NaN where hidden.
    """

    step: str
    reached: int | None
    contacts_mean: float
    hours_mean: float


@dataclass(frozen=True, slots=True)
class ImplementationTable:
    """Steps in the order of their first date.

    Attributes:
        drawn: Persons drawn into the intervention; None where hidden.
        steps: The steps.
    """

    drawn: int | None
    steps: tuple[FunnelStep, ...]
