"""Hours and earnings of months, shared out over the weeks of each month; what they are amounts to is decided elsewhere.

A month belongs to the weeks whose Thursday lies in it, four or five. Each has an equal share, so that amounts are whole
numbers of twentieths: five of them a week of a month with four weeks, four of them a week of a month with five.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from ctieval.domain.arrays import IntArray
from ctieval.registers.kernels.block import Int32Array, Months, Spells
from ctieval.registers.kernels.evidence import month_starts
from ctieval.registers.weeks import months_of_weeks

TWENTIETHS = 20


class Monthly(StrEnum):
    """Which amount of a month; each is a column of ``Months``."""

    HOURS = "hours"
    EARNINGS = "earnings"


def sum_months(counted: Spells, months: Months, amount: Monthly, n_persons: int) -> IntArray:
    r"""Sum the share of each month that falls into the weeks that count.

    With :math:`x_{im}` the amount of person *i* in month *m*, :math:`T_m` the Thursdays of the month and
    :math:`k_{im}` her counted weeks whose Thursday lies in it, in twentieths

    .. math:: 20 \sum_m x_{im} k_{im} / T_m.

    Args:
        counted: Runs of the weeks that count, whatever their code.
        months: Months of the same persons; what is not known counts nothing.
        amount: Which amount.
        n_persons: Number of persons.

    Returns:
        Twentieths of the unit of the amount, shape (n_persons,); exact.

    Examples:
        >>> one = np.array([0], dtype=np.int32)
        >>> january = Months(one, one + 576, one + 16000, one + 30_000)
        >>> weeks = Spells(one, one + 2505, one + 2507, one.astype(np.int16))
        >>> sum_months(weeks, january, Monthly.EARNINGS, 1).tolist(), 20 * 30_000 * 2 // 4
        ([300000], 300000)
    """
    value = getattr(months, amount.value)
    paid = np.flatnonzero(value > 0)
    row, month = months.row[paid], months.month[paid].astype(np.int64)
    first, end = month_starts(month), month_starts(month + 1)
    weeks = _count_before(counted, row, end) - _count_before(counted, row, first)
    parts = value[paid].astype(np.int64) * weeks * (TWENTIETHS // (end - first))
    total = np.zeros(n_persons, dtype=np.int64)
    np.add.at(total, row, parts)
    return total


def count_twentieths(week_zero: IntArray, start: int, end: int) -> IntArray:
    """Count the twentieths of months in the weeks ``[start, end)`` from each randomisation, shape (n,).

    Examples:
        >>> count_twentieths(np.array([2505]), 0, 52).tolist()
        [240]
    """
    if len(week_zero) == 0:
        return np.zeros(0, dtype=np.int64)
    first = int(week_zero.min()) + start
    weeks = np.arange(first, int(week_zero.max()) + end)
    month = months_of_weeks(weeks)
    share = TWENTIETHS // (month_starts(month + 1) - month_starts(month)).astype(np.int64)
    before = np.concatenate([[0], np.cumsum(share)])
    return before[week_zero + end - first] - before[week_zero + start - first]


def _count_before(counted: Spells, row: Int32Array, week: Int32Array) -> IntArray:
    """Weeks that count before a week, of its person and of all persons before her."""
    length = (counted.end - counted.start).astype(np.int64)
    before = np.concatenate([[0], np.cumsum(length)])
    keys = row.astype(np.int64) * (1 << 15) + week
    whole = np.searchsorted(counted.end_keys(), keys, side="right")
    begun = np.searchsorted(counted.start_keys(), keys, side="left") > whole
    part = np.flatnonzero(begun)
    found = before[whole]
    found[part] += week[part] - counted.start[whole[part]]
    return found
