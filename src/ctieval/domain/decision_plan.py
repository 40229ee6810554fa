"""What a plan says of the decision that the account serves: for how many persons it is made, and for how long."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CaseloadPlan:
    """Persons whom the decision is about.

    Attributes:
        persons_per_year: Persons a year.
        years: Years in which the decision stands.
    """

    persons_per_year: int
    years: int
