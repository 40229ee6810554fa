"""When a gap breaks a spell of unemployment; where the gaps lie is not known here.

* calendar month: the gap breaks the spell if it holds every day of a calendar month;
* 28 days: the gap breaks the spell if it is longer than 28 days, or if the months that it touches hold more than
  10 hours of ordinary work in all. Hours are known by the month alone, so a month that the gap touches counts in
  full; this reading is ours;
* strict: the gap breaks the spell if it holds a whole week, Monday to Sunday. This rule is ours.
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
from ctieval.registers.weeks import months_of


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Gaps:
    """Gaps between days on benefit. Days are counted from 1970-01-01.

    Attributes:
        row: Row of the person, shape (gaps,).
        start: First day, shape (gaps,).
        end: Day after the last, shape (gaps,).
    """

    row: IntArray
    start: IntArray
    end: IntArray

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Gaps({len(self.row)} gaps)"


def breaks_spell(gaps: Gaps, gap_rule: GapRule, *, hours: FloatArray, first_month: int) -> BoolArray:
    """Judge each gap by a rule.

    Args:
        gaps: The gaps.
        gap_rule: The rule.
        hours: Ordinary paid hours of everybody by month, shape (n, months).
        first_month: Number of the first of these months.

    Returns:
        True for a gap that breaks the spell, shape (gaps,).

    References:
        Statistics Denmark, documentation of statistics: Long-term unemployment (28 days, 10 hours).
        jobindsats.dk, new measures 2019 (a calendar month).

    Examples:
        >>> may = np.array(["2017-05-01", "2017-06-01"], dtype="datetime64[D]").astype(np.int64)
        >>> off = Gaps(np.array([0, 0]), start=may[:1].repeat(2), end=may[1:] - np.array([0, 1]))
        >>> breaks_spell(off, GapRule.CALENDAR_MONTH, hours=np.zeros((1, 1)), first_month=568).tolist()
        [True, False]
    """
    match gap_rule:
        case GapRule.STRICT:
            return _holds_a_week(gaps)
        case GapRule.CALENDAR_MONTH:
            return _holds_a_month(gaps)
        case GapRule.DAYS_28:
            longest_days, most_hours = _limits()
            too_long = gaps.end - gaps.start > longest_days
            return too_long | (_hours_in(gaps, hours, first_month) > most_hours)
        case _:
            assert_never(gap_rule)


def _holds_a_week(gaps: Gaps) -> BoolArray:
    """Whether a gap holds every day of a week."""
    first_whole, last_whole = (gaps.start + 9) // 7, (gaps.end + 3) // 7 - 1
    return first_whole <= last_whole


def _holds_a_month(gaps: Gaps) -> BoolArray:
    """Whether a gap holds every day of a calendar month."""
    first_whole, last_whole = _months(gaps.start - 1) + 1, _months(gaps.end) - 1
    return first_whole <= last_whole


def _hours_in(gaps: Gaps, hours: FloatArray, first_month: int) -> FloatArray:
    """Hours in the months that each gap touches; a gap short enough to matter touches two at most."""
    first, last = _months(gaps.start) - first_month, _months(gaps.end - 1) - first_month
    return hours[gaps.row, first] + np.where(last > first, hours[gaps.row, last], 0.0)


def _months(days: IntArray) -> IntArray:
    """Month of each day."""
    return months_of(days.astype("datetime64[D]"))


@cache
def _limits() -> tuple[int, float]:
    """Days and hours of the 28-day rule, as ``gap_rules.toml`` states them with their source."""
    rules = tomllib.loads(resources.files("ctieval.eligibility").joinpath("gap_rules.toml").read_text("utf-8"))
    rule = rules[GapRule.DAYS_28.value]
    return int(rule["longest_gap_days"]), float(rule["most_hours"])
