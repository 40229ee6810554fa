"""How long a spell of unemployment has lasted, and when a gap breaks it; which benefits count is declared.

The register holds one code a week, set if the person was on the benefit on one day of it. So a gap is a run of
weeks without the benefits, from a Monday to a Sunday:

* calendar month: the gap breaks the spell if it holds every day of a calendar month;
* 28 days: the gap breaks the spell if it is longer than 28 days, or if the months that it touches hold more than
  10 hours of ordinary work in all. Hours are known by the month alone, so a month that the gap touches counts in
  full; this reading is ours;
* strict: every gap breaks the spell.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import assert_never

import numpy as np

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.domain.criterion import GapRule
from ctieval.eligibility.past import Past, months_touched
from ctieval.registers.weeks import weeks_of


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SpellWeeks:
    """Weeks on benefit in the unbroken spell that holds the week of the look-up.

    Attributes:
        least: Weeks if no unobserved week was on benefit and every unobserved month held too many hours,
            shape (n,).
        most: Weeks if every unobserved week was on benefit and no unobserved month held an hour, shape (n,).
    """

    least: IntArray
    most: IntArray


def count_spell_weeks(past: Past, benefits: BoolArray, gap_rule: GapRule) -> SpellWeeks:
    r"""Count the weeks on benefit in the unbroken spell that holds the week of the look-up.

    With :math:`b_w` = 1 for a week on one of the benefits and :math:`a` the week of the look-up,

    .. math::
        N = b_a \sum_{w = s}^{a} b_w ,

    where :math:`s` is the first week after the latest gap that breaks the spell. Weeks in a gap that does not
    break it are not counted. Whoever is not on benefit in the week of the look-up has no spell, N = 0.

    :math:`N` never falls when a week turns to benefit or hours are taken away, so the two counts returned bound
    it whatever the unobserved weeks and months held.

    Args:
        past: What is known up to the day of the look-up.
        benefits: Membership of the declared set by code, as ``CodeList.lookup`` gives it.
        gap_rule: When a gap breaks the spell.

    Returns:
        The least and the most that the spell can hold; the same where everything that matters is observed.

    References:
        Statistics Denmark, documentation of statistics: Long-term unemployment (28 days, 10 hours).
        jobindsats.dk, new measures 2019 (a calendar month).
    """
    on_benefit = benefits[past.code]
    return SpellWeeks(
        least=_spell(on_benefit, past, np.nan_to_num(past.hours, nan=np.inf), gap_rule),
        most=_spell(on_benefit | ~past.observed, past, np.nan_to_num(past.hours, nan=0.0), gap_rule),
    )


def count_longest_run(benefit: BoolArray) -> IntArray:
    """Return the longest run of True in each row.

    Args:
        benefit: True for a week on benefit, shape (n, weeks).

    Returns:
        Weeks, shape (n,).

    Examples:
        >>> count_longest_run(np.array([[True, False, True, True], [False, False, False, False]])).tolist()
        [2, 0]
    """
    position = np.arange(benefit.shape[1])
    latest_without = np.maximum.accumulate(np.where(benefit, -1, position), axis=1)
    return np.where(benefit, position - latest_without, 0).max(axis=1, initial=0)


def _spell(benefit: BoolArray, past: Past, hours: FloatArray, gap_rule: GapRule) -> IntArray:
    """Weeks on benefit since the latest gap that breaks the spell."""
    match gap_rule:
        case GapRule.STRICT:
            start = _start_strict(benefit)
        case GapRule.CALENDAR_MONTH:
            start = _start_calendar_month(benefit, past)
        case GapRule.DAYS_28:
            start = _start_28_days(benefit, past, hours)
        case _:
            assert_never(gap_rule)
    since = np.arange(benefit.shape[1]) >= start[:, np.newaxis]
    return np.where(benefit[:, -1], (benefit & since).sum(axis=1), 0)


def _start_strict(benefit: BoolArray) -> IntArray:
    """Column after the latest week without benefit."""
    return np.where(benefit, 0, np.arange(1, benefit.shape[1] + 1)).max(axis=1)


def _start_calendar_month(benefit: BoolArray, past: Past) -> IntArray:
    """Column after the latest calendar month that no week on benefit touches."""
    first, last = _weeks_of_months(past)
    total = np.pad(benefit.cumsum(axis=1), ((0, 0), (1, 0)))
    free = total[:, last + 1] == total[:, first]
    return np.where(free, last + 1, 0).max(axis=1, initial=0)


def _weeks_of_months(past: Past) -> tuple[IntArray, IntArray]:
    """Columns of the first and the last week that each calendar month touches, for months wholly in sight."""
    months = np.arange(past.first_month, past.first_month + past.hours.shape[1] + 1)
    days = months.astype("datetime64[M]").astype("datetime64[D]")
    first, last = weeks_of(days[:-1]) - past.first_week, weeks_of(days[1:] - 1) - past.first_week
    whole = (first >= 0) & (last < past.code.shape[1])
    return first[whole], last[whole]


def _start_28_days(benefit: BoolArray, past: Past, hours: FloatArray) -> IntArray:
    """Column after the latest gap that is too long or holds too many hours."""
    position = np.arange(benefit.shape[1])
    latest_with = np.maximum.accumulate(np.where(benefit, position, -1), axis=1)
    row, last = np.nonzero(~benefit[:, :-1] & benefit[:, 1:])
    first = latest_with[row, last] + 1
    longest_days, most_hours = _limits()
    breaks = (7 * (last - first + 1) > longest_days) | (_hours_in(row, first, last, past, hours) > most_hours)
    start = np.zeros(len(benefit), dtype=np.int64)
    np.maximum.at(start, row[breaks], last[breaks] + 1)
    return start


def _hours_in(row: IntArray, first: IntArray, last: IntArray, past: Past, hours: FloatArray) -> FloatArray:
    """Hours in the months that each gap touches; a gap short enough to matter touches two at most."""
    first_month = months_touched(past.first_week + first)[0] - past.first_month
    last_month = months_touched(past.first_week + last)[1] - past.first_month
    return hours[row, first_month] + np.where(last_month > first_month, hours[row, last_month], 0.0)


@cache
def _limits() -> tuple[int, float]:
    """Days and hours of the 28-day rule, as ``gap_rules.toml`` states them with their source."""
    rules = tomllib.loads(resources.files("ctieval.eligibility").joinpath("gap_rules.toml").read_text("utf-8"))
    rule = rules[GapRule.DAYS_28.value]
    return int(rule["longest_gap_days"]), float(rule["most_hours"])
