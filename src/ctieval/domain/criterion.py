"""Criteria of eligibility as data: each carries what ``eligibility`` checks and the phrase that words it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from ctieval.domain.wording import Phrase


class GapRule(StrEnum):
    """When a gap breaks a spell of unemployment.

    ``CALENDAR_MONTH``: a whole calendar month without any of the benefits breaks it (jobindsats; the
    wage-subsidy rules). ``DAYS_28``: a gap of more than 28 days, or one in months with more than 10 hours'
    ordinary work, breaks it (Statistics Denmark, long-term unemployment). ``STRICT``: any week without, Monday
    to Sunday, breaks it; this rule is our own. A gap that does not break the spell is part of it.
    """

    CALENDAR_MONTH = "calendar_month"
    DAYS_28 = "28_days"
    STRICT = "strict"


@dataclass(frozen=True, slots=True)
class InRegister:
    """Neither dead nor moved away by the day of the look-up; it stands before every plan's own criteria."""

    @property
    def phrase(self) -> Phrase:
        """Key and facts of its sentence."""
        return Phrase("criterion.in_register")


@dataclass(frozen=True, slots=True)
class MinimumAge:
    """At least so many years old on the day of the look-up.

    Attributes:
        years: Age in whole years.
    """

    years: int

    @property
    def phrase(self) -> Phrase:
        """Key and facts of its sentence."""
        return Phrase("criterion.minimum_age", (("years", self.years),))


@dataclass(frozen=True, slots=True)
class MinimumUnemployment:
    """In an unbroken spell on the declared benefits of at least so many weeks up to the look-up.

    Attributes:
        weeks: Weeks from the beginning of the spell to the look-up, gaps that do not break it included.
        gap_rule: When a gap breaks the spell.
        benefits: Name of the declared set of benefits in the code list.
    """

    weeks: int
    gap_rule: GapRule
    benefits: str

    @property
    def phrase(self) -> Phrase:
        """Key and facts of its sentence."""
        return Phrase(
            f"criterion.minimum_unemployment.{self.gap_rule.value}",
            (("weeks", self.weeks), ("benefits", self.benefits)),
        )


@dataclass(frozen=True, slots=True)
class ActivityReady:
    """Assessed as activity-ready (aktivitetsparat) in the week of the look-up."""

    @property
    def phrase(self) -> Phrase:
        """Key and facts of its sentence."""
        return Phrase("criterion.activity_ready")


Criterion: TypeAlias = InRegister | MinimumAge | MinimumUnemployment | ActivityReady


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Who may be drawn, looked up on one day.

    Attributes:
        as_of: The day of the look-up.
        criteria: Criteria in the order in which a first reason is given.
    """

    as_of: date
    criteria: tuple[Criterion, ...]
