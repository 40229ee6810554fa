"""How many would be in the target group under other thresholds than the planned ones; holds no person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ctieval.domain.criterion import Criterion, GapRule, MinimumAge, MinimumUnemployment


class Varied(StrEnum):
    """What an alternative changes; all else is as planned."""

    AGE = "age"
    WEEKS = "weeks"
    GAP_RULE = "gap_rule"
    BENEFITS = "benefits"
    AGE_AND_WEEKS = "age_and_weeks"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The thresholds that a set of criteria holds; None where no criterion has one.

    Attributes:
        years: Least age in whole years.
        weeks: Least weeks of the unbroken spell.
        gap_rule: When a gap breaks the spell.
        benefits: Name of the set of benefits that the spell is made of.
    """

    years: int | None = None
    weeks: int | None = None
    gap_rule: GapRule | None = None
    benefits: str | None = None


def thresholds_of(criteria: tuple[Criterion, ...]) -> Thresholds:
    """Return the thresholds of some criteria; those of the first, where two are of one kind.

    Examples:
        >>> thresholds_of((MinimumAge(30),))
        Thresholds(years=30, weeks=None, gap_rule=None, benefits=None)
    """
    years = next((each.years for each in criteria if isinstance(each, MinimumAge)), None)
    spell = next((each for each in criteria if isinstance(each, MinimumUnemployment)), None)
    return Thresholds(years) if spell is None else Thresholds(years, spell.weeks, spell.gap_rule, spell.benefits)


@dataclass(frozen=True, slots=True)
class Alternative:
    """The target group under one set of thresholds, beside the planned one.

    Attributes:
        varied: What is changed.
        thresholds: All thresholds, the planned ones among them.
        eligible: Persons who would meet every criterion; None where hidden.
        gained: Of these, persons who are not in the planned target group; None where hidden.
        lost: Persons of the planned target group who would not meet every criterion; None where hidden.
        not_assessable: Persons who fail no criterion, and of whom one cannot be assessed; None where hidden.
        drawn_eligible: Persons drawn who would meet every criterion; None where nobody is drawn yet, or hidden.
    """

    varied: Varied
    thresholds: Thresholds
    eligible: int | None
    gained: int | None
    lost: int | None
    not_assessable: int | None
    drawn_eligible: int | None = None


@dataclass(frozen=True, slots=True)
class TargetSensitivity:
    """The target group under each of several sets of thresholds.

    Attributes:
        as_of: The day of the look-up.
        planned: The thresholds of the plan.
        one_way: One threshold changed at a time, the planned value among the others; empty for those that the
            plan does not have.
        grid: Age and weeks changed together, by age and then by weeks; empty unless the plan has both.
        rounded_to: Changes are rounded down to whole multiples of it; 1 where they are exact.
    """

    as_of: date
    planned: Thresholds
    one_way: tuple[Alternative, ...]
    grid: tuple[Alternative, ...]
    rounded_to: int = 1

    def of(self, varied: Varied) -> tuple[Alternative, ...]:
        """Return the alternatives that change one thing."""
        return tuple(row for row in (*self.one_way, *self.grid) if row.varied is varied)
