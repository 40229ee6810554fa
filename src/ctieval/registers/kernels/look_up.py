"""Who meets the criteria on one day: age, unbroken benefit and activity-ready, from spells alone.

The definitions are those of ``eligibility`` for weekly codes: the week of the look-up must be on benefit, and the weeks
since the latest gap that breaks the spell must be enough, gaps that do not break it included. What is not observed
bounds the count from both sides. Somebody dead is known by her code alone.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import assert_never

import numpy as np

from ctieval.domain.arrays import BoolArray, IntArray
from ctieval.domain.criterion import GapRule
from ctieval.domain.registers import NOT_OBSERVED
from ctieval.registers.kernels.block import NO_DAY, UNKNOWN, Block, Int32Array, Months, Result, Span, Spells
from ctieval.registers.kernels.intervals import tile
from ctieval.registers.weeks import months_of

_MONTHS_OF_A_ROW = 1 << 15
_ASSUMED_MUCH = 10**8
_ASSUMED_NONE = 0


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LookUp:
    """The criteria of one look-up.

    Attributes:
        day: Day of the look-up, in days since 1970-01-01; weeks after its own are never seen.
        born_by: Latest birthday of whoever is old enough, in days since 1970-01-01 (``latest_birthday``).
        benefits: Membership of the declared benefits by code, shape (1001,).
        ready: Membership of the codes that tell activity-ready, shape (1001,).
        gone: Membership of the codes of those dead or emigrated, shape (1001,).
        least_weeks: Weeks that the unbroken spell must last.
        gap_rule: When a gap breaks the spell.
        longest_gap_weeks: Weeks of the longest gap that the 28-day rule bears.
        most_hours: Hundredths of paid hours that it bears in the months that a gap touches.
    """

    day: int
    born_by: int
    benefits: BoolArray
    ready: BoolArray
    gone: BoolArray
    least_weeks: int
    gap_rule: GapRule
    longest_gap_weeks: int
    most_hours: int

    @property
    def week(self) -> int:
        """Return the week of the look-up."""
        return (self.day + 3) // 7


def latest_birthday(as_of: date, years: int) -> int:
    """Return the latest birthday, in days since 1970-01-01, of whoever is so many years old on a day.

    Whoever is born on 29 February grows a year older on 1 March in a year without that day.

    Examples:
        >>> np.datetime64(latest_birthday(date(2020, 2, 29), 30), "D")
        np.datetime64('1990-02-28')
    """
    year = as_of.year - years
    day = min(as_of.day, monthrange(year, as_of.month)[1])
    return (date(year, as_of.month, day) - date(1970, 1, 1)).days


def look_up(block: Block, asked: LookUp) -> Result:
    """Look everybody of a block up.

    Args:
        block: Persons.
        asked: The criteria.

    Returns:
        A table with a row a person: ``pidx``; ``here``, 1, or 0 for whoever is dead or moved; ``old_enough`` and
        ``ready``, 1, 0 or -1 where not known; ``least`` and ``most`` weeks of the unbroken spell, which bound it
        whatever the unobserved weeks and months held (the most is not sought where the least is enough);
        ``eligible``, 1, 0 or -1 where that hangs on what is not known. And the sums ``eligible`` and ``not_known``.
    """
    past = block.codes.start <= asked.week
    benefit = block.codes.where(past & asked.benefits[block.codes.code])
    least = _spell_weeks(_until(benefit, asked.week), block, asked, unknown_hours=_ASSUMED_MUCH)
    now = _code_now(block, asked.week)
    doubtful = (least < asked.least_weeks) & (asked.benefits[now] | (now == NOT_OBSERVED))
    most = least.copy()
    most[doubtful] = _most_weeks(block, np.flatnonzero(doubtful).astype(np.int32), asked)[doubtful]
    met = np.stack(
        [
            ~(asked.gone[now] | (block.moved_on <= asked.day)),
            np.where(block.birth == NO_DAY, UNKNOWN, block.birth <= asked.born_by),
            np.where(now == NOT_OBSERVED, UNKNOWN, asked.ready[now]),
            np.where(least >= asked.least_weeks, 1, np.where(most < asked.least_weeks, 0, UNKNOWN)),
        ]
    ).astype(np.int8)
    eligible = np.where((met == 0).any(axis=0), np.int8(0), met.min(axis=0))
    table = {"pidx": block.pidx, "here": met[0], "old_enough": met[1], "ready": met[2], "least": least, "most": most}
    counts = [np.array([np.count_nonzero(eligible == value)]) for value in (1, UNKNOWN)]
    return {**table, "eligible": eligible}, {"eligible": counts[0], "not_known": counts[1]}


def _until(spells: Spells, week: int) -> Spells:
    """Runs cut off after a week, before whose end they begin."""
    return Spells(spells.row, spells.start, np.minimum(spells.end, np.int32(week + 1)), spells.code)


def _code_now(block: Block, week: int) -> Int32Array:
    """Code of each person in the week, 0 where blank, -1 where not observed."""
    now = np.where((block.entry <= week) & (week < block.exit), 0, NOT_OBSERVED).astype(np.int32)
    holds = np.flatnonzero((block.codes.start <= week) & (block.codes.end > week))
    now[block.codes.row[holds]] = block.codes.code[holds]
    return now


def _most_weeks(block: Block, rows: Int32Array, asked: LookUp) -> Int32Array:
    """Weeks of some persons if every unobserved week was on benefit and no unobserved month held an hour."""
    end, codes = asked.week + 1, block.codes.of(rows)
    seen = _until(codes.where(codes.start < end), asked.week)
    first = np.full(len(rows), min(block.span.first_week, end) - asked.least_weeks, dtype=np.int32)
    observed = tile(seen, np.minimum(block.entry[rows], end), np.minimum(block.exit[rows], end), fill=0)
    weeks = tile(observed, first, np.full(len(rows), end, dtype=np.int32), fill=NOT_OBSERVED)
    possible = weeks.where(asked.benefits[weeks.code] | (weeks.code == NOT_OBSERVED))
    theirs = Spells(rows[possible.row], possible.start, possible.end, possible.code)
    return _spell_weeks(theirs, block, asked, unknown_hours=_ASSUMED_NONE)


def _spell_weeks(benefit: Spells, block: Block, asked: LookUp, *, unknown_hours: int) -> Int32Array:
    """Weeks since the latest gap that breaks the spell, 0 for whoever is not on benefit now."""
    on_now = np.zeros(len(block), dtype=np.bool_)
    on_now[benefit.row[benefit.end == asked.week + 1]] = True
    runs = benefit.where(on_now[benefit.row])
    begins = np.ones(len(runs), dtype=np.bool_)
    begins[1:] = runs.row[1:] != runs.row[:-1]
    gap = np.flatnonzero(~begins & (runs.start > np.roll(runs.end, 1)))
    gaps = Spells(runs.row[gap], runs.end[gap - 1], runs.start[gap], runs.code[gap])
    begins[gap] = _breaks(gaps, block, asked, unknown_hours)
    weeks = np.zeros(len(block), dtype=np.int32)
    weeks[runs.row[begins]] = np.int32(asked.week + 1) - runs.start[begins]
    return weeks


def _breaks(gaps: Spells, block: Block, asked: LookUp, unknown_hours: int) -> BoolArray:
    """Whether each gap breaks the spell."""
    match asked.gap_rule:
        case GapRule.STRICT:
            return np.ones(len(gaps), dtype=np.bool_)
        case GapRule.CALENDAR_MONTH:
            return _holds_a_month(gaps)
        case GapRule.DAYS_28:
            breaks = gaps.end - gaps.start > asked.longest_gap_weeks
            breaks[~breaks] = _hours_in(gaps.where(~breaks), block, unknown_hours) > asked.most_hours
            return breaks
        case _:
            assert_never(asked.gap_rule)


def _holds_a_month(gaps: Spells) -> BoolArray:
    """Whether a gap holds every day of a calendar month."""
    first, end = _mondays(gaps.start), _mondays(gaps.end)
    return _months(first - 1) + 1 < _months(end)


def _hours_in(gaps: Spells, block: Block, unknown_hours: int) -> IntArray:
    """Hundredths of hours in the months that each short gap touches, two at most."""
    first, last = _months(_mondays(gaps.start)), _months(_mondays(gaps.end) - 1)
    persons, row = np.unique(gaps.row, return_inverse=True)
    known = block.months.of(persons)
    in_first, in_last = (_hours_of(row, month, known, block.span) for month in (first, last))
    in_first, in_last = (np.where(hours < 0, unknown_hours, hours) for hours in (in_first, in_last))
    return in_first + np.where(last > first, in_last, 0)


def _hours_of(row: IntArray, month: IntArray, known: Months, span: Span) -> IntArray:
    """Hundredths of hours of persons in months, ``UNKNOWN`` where they are not known."""
    keys = known.row.astype(np.int64) * _MONTHS_OF_A_ROW + known.month
    wanted = row * _MONTHS_OF_A_ROW + month
    place = np.searchsorted(keys, wanted)
    found = np.append(keys, -1)[place] == wanted
    hours = np.where(found, np.append(known.hours, 0)[place], 0).astype(np.int64)
    outside = (month < span.first_month) | (month >= span.end_month)
    return np.where(outside, UNKNOWN, hours)


def _mondays(week: Int32Array) -> IntArray:
    """Day on which each week begins."""
    return 7 * week.astype(np.int64) - 3


def _months(days: IntArray) -> IntArray:
    """Month of each day."""
    return months_of(days.astype("datetime64[D]"))
