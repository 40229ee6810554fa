"""How two things hang together in one arm, such as well-being and a job: an association, never an effect."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AssociationRow:
    """A score of those in the intervention who had a job, beside those who had none.

    Attributes:
        outcome: Short name of the score.
        grouped_by: Short name of the outcome that parts them.
        n_with: Persons with both measured who had any of it; None where hidden.
        n_without: Persons with both measured who had none; None where hidden.
        mean_with: Their mean score; NaN where hidden.
        mean_without: Mean score of the others.
        difference: ``mean_with - mean_without``.
        conf_low: Lower end of the interval of the difference; NaN where nothing tells of the spread.
        conf_high: Upper end of the interval.
        conf_level: Level of the interval.
        unit: Value of ``Unit``.
    """

    outcome: str
    grouped_by: str
    n_with: int | None
    n_without: int | None
    mean_with: float
    mean_without: float
    difference: float
    conf_low: float
    conf_high: float
    conf_level: float
    unit: str
