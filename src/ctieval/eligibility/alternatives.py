"""Which other thresholds are tried, and a plan's criteria with a threshold changed. Nobody is counted here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product

from ctieval.domain.criterion import Criterion, GapRule, MinimumAge, MinimumUnemployment
from ctieval.domain.outcome import State
from ctieval.domain.sensitivity import Thresholds, Varied
from ctieval.registers.codes import CodeList

YEARS_AROUND = (-2, -1, 0, 1, 2)
"""Years beside the planned age: 28 to 32 around 30."""

QUARTERS_OF_WEEKS = (2, 3, 4, 6, 8)
"""Quarters of the planned weeks: 26, 39, 52, 78 and 104 around 52."""

COUNTING = "public_support"
"""The set of weeks that count toward a person's unemployment at all."""


@dataclass(frozen=True, slots=True)
class Ranges:
    """The thresholds to try; the planned ones are always tried with them.

    Attributes:
        years: Least ages.
        weeks: Least weeks of the spell.
        gap_rules: Gap rules.
        benefits: Names of sets of benefits.
    """

    years: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    gap_rules: tuple[GapRule, ...] = tuple(GapRule)
    benefits: tuple[str, ...] = ()


def usual_ranges(planned: Thresholds, codes: CodeList) -> Ranges:
    """Return the thresholds that lie around the planned ones.

    Ages two years to either side, spells from half the planned weeks to twice as many, every gap rule, and every named
    set of benefits that holds all the planned ones, and whose weeks all count toward unemployment. A narrower set, or
    another one, would be another target group and not the same one measured otherwise.

    Args:
        planned: The thresholds of the plan.
        codes: The code list.

    Raises:
        InputError: If the code list has no set of the planned name.

    Examples:
        >>> from ctieval.registers.codes import load_code_list
        >>> found = usual_ranges(Thresholds(30, 52, GapRule.DAYS_28, "kontanthjaelp"), load_code_list())
        >>> found.years, found.weeks
        ((28, 29, 30, 31, 32), (26, 39, 52, 78, 104))
        >>> found.benefits
        ('cash_and_education_benefit', 'connected_unemployment', 'public_support')
    """
    years = () if planned.years is None else tuple(max(planned.years + by, 0) for by in YEARS_AROUND)
    weeks = () if planned.weeks is None else tuple(max(planned.weeks * by // 4, 1) for by in QUARTERS_OF_WEEKS)
    benefits = () if planned.benefits is None else _wider(planned.benefits, codes)
    return Ranges(years, weeks, benefits=benefits)


def _wider(name: str, codes: CodeList) -> tuple[str, ...]:
    """Sets of benefits that hold all of another and count toward unemployment, the smallest first."""
    own, counting, states = codes.members(name), codes.members(COUNTING), frozenset[str](State)
    named = [each for each in codes.sets if each.name not in states and own < each.codes <= counting]
    return tuple(each.name for each in sorted(named, key=lambda each: len(each.codes)))


def list_one_way(planned: Thresholds, ranges: Ranges) -> Iterator[tuple[Varied, Thresholds]]:
    """List the thresholds with one of them changed at a time, the planned value in its place among the others."""
    if planned.years is not None:
        for years in _with(planned.years, ranges.years):
            yield Varied.AGE, replace(planned, years=years)
    if planned.weeks is None or planned.gap_rule is None or planned.benefits is None:
        return
    for weeks in _with(planned.weeks, ranges.weeks):
        yield Varied.WEEKS, replace(planned, weeks=weeks)
    for rule in dict.fromkeys((planned.gap_rule, *ranges.gap_rules)):
        yield Varied.GAP_RULE, replace(planned, gap_rule=rule)
    for benefits in dict.fromkeys((planned.benefits, *ranges.benefits)):
        yield Varied.BENEFITS, replace(planned, benefits=benefits)


def list_grid(planned: Thresholds, ranges: Ranges) -> Iterator[tuple[Varied, Thresholds]]:
    """List every age with every number of weeks; nothing where the plan does not have both."""
    if planned.years is None or planned.weeks is None:
        return
    for years, weeks in product(_with(planned.years, ranges.years), _with(planned.weeks, ranges.weeks)):
        yield Varied.AGE_AND_WEEKS, replace(planned, years=years, weeks=weeks)


def change_thresholds(criteria: tuple[Criterion, ...], thresholds: Thresholds) -> tuple[Criterion, ...]:
    """Return a plan's criteria under other thresholds; of two criteria of a kind the first is changed.

    Args:
        criteria: The criteria of the plan.
        thresholds: The thresholds; those of criteria that the plan does not have are not used.

    Examples:
        >>> change_thresholds((MinimumAge(30),), Thresholds(years=28))
        (MinimumAge(years=28),)
    """
    changed = list(criteria)
    age = _first(criteria, MinimumAge)
    if age is not None and thresholds.years is not None:
        changed[age] = MinimumAge(thresholds.years)
    spell = _first(criteria, MinimumUnemployment)
    if spell is not None and not (
        thresholds.weeks is None or thresholds.gap_rule is None or thresholds.benefits is None
    ):
        changed[spell] = MinimumUnemployment(thresholds.weeks, thresholds.gap_rule, thresholds.benefits)
    return tuple(changed)


def _with(planned: int, tried: Iterable[int]) -> list[int]:
    return sorted({planned, *tried})


def _first(criteria: tuple[Criterion, ...], kind: type[Criterion]) -> int | None:
    return next((number for number, each in enumerate(criteria) if isinstance(each, kind)), None)
