"""How long a spell of unemployment has lasted; what breaks it is judged in ``gaps``, which benefits count is declared.

Where the extract holds periods, spells and gaps are reckoned in days, up to the day of the look-up. Where it holds
weekly codes, they are reckoned in whole weeks, as the register has them: a week carries the code of a benefit received
on one day of it, and counts as seven. So a gap may in truth have been longer by up to 12 days, six at either end, and
the spell itself shorter by as much. This lets some in, and keeps nobody out but where another benefit took the code of
the week.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.domain.criterion import GapRule
from ctieval.eligibility.gaps import Gaps, breaks_spell
from ctieval.eligibility.past import Past
from ctieval.eligibility.timeline import Timeline, lay_timeline


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SpellWeeks:
    """Whole weeks of the unbroken spell that runs at the look-up.

    Attributes:
        least: Weeks if nothing unobserved was on benefit and every unobserved month held too many hours, shape (n,).
        most: Weeks if everything unobserved was on benefit and no unobserved month held an hour, shape (n,).
    """

    least: IntArray
    most: IntArray


def count_spell_weeks(past: Past, benefits: BoolArray, gap_rule: GapRule) -> SpellWeeks:
    r"""Count the weeks of the unbroken spell that runs at the look-up.

    With :math:`s` the first day on one of the benefits after the latest gap that breaks the spell, and :math:`a` the
    last day reckoned with,

    .. math::
        N = b_a \left\lfloor \frac{a - s + 1}{7} \right\rfloor ,

    where :math:`b_a` = 1 for whoever is on benefit then: on the day of the look-up itself where the extract holds
    periods, in its week, reckoned to its Sunday, where it holds weekly codes. A gap that does not break the spell is
    part of it: the rules borrowed here speak of weeks that follow one another with gaps allowed between, and of a spell
    that a gap ends, not of weeks on benefit added up.

    :math:`N` never falls when a day turns to benefit or hours are taken away, so the two counts returned bound
    it whatever the unobserved weeks and months held.

    Args:
        past: What is known up to the day of the look-up.
        benefits: Membership of the declared set by code, as ``CodeList.lookup`` gives it.
        gap_rule: When a gap breaks the spell.

    Returns:
        The least and the most that the spell can last; the same where everything that matters is observed.

    References:
        Statistics Denmark, documentation of statistics: Long-term unemployment (52 weeks that follow one another;
        who has been away for up to 28 days is included).
        jobindsats.dk, new measures 2019 (a spell ends after a calendar month's absence).
    """
    line = lay_timeline(past, benefits)
    return SpellWeeks(
        least=_weeks(line, past, gap_rule, hours=np.nan_to_num(past.hours, nan=np.inf)),
        most=_weeks(line.at_most(), past, gap_rule, hours=np.nan_to_num(past.hours, nan=0.0)),
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


def _weeks(line: Timeline, past: Past, gap_rule: GapRule, *, hours: FloatArray) -> IntArray:
    """Whole weeks since the first day after the latest gap that breaks the spell."""
    on = line.on_benefit
    row, first, end = _runs(on)
    follows = np.flatnonzero(row[1:] == row[:-1]) + 1
    gaps = Gaps(row[follows], start=line.day(end[follows - 1]), end=line.day(first[follows]))
    begins = np.ones(len(row), dtype=np.bool_)
    begins[follows] = breaks_spell(gaps, gap_rule, hours=hours, first_month=past.first_month)
    begin = np.zeros(len(on), dtype=np.int64)
    np.maximum.at(begin, row[begins], first[begins])
    return np.where(on[:, -1], (on.shape[1] - begin) * line.days // 7, 0)


def _runs(on: BoolArray) -> tuple[IntArray, IntArray, IntArray]:
    """Row, first cell and cell after the last of each run of True, by row and time."""
    edges = np.diff(np.pad(on, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    row, first = np.nonzero(edges == 1)
    return row, first, np.nonzero(edges == -1)[1]
