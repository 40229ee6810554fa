"""Kroner that each person is paid in windows of her own weeks: at dated rates a week, or in periods, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

import numpy as np

from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.domain.window import Window
from ctieval.errors import InputError
from ctieval.registers.kernels.block import Block, Int32Array, Participants, Span, Spells
from ctieval.registers.kernels.windows import own_weeks
from ctieval.registers.weeks import to_week_text

_CODES = 1001


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class WeeklyRates:
    """What a week with each code pays.

    Attributes:
        first_week: Week of the first column.
        line_of_code: Line of each code, shape (1001,); line 0 pays nothing.
        paid_before: Sum of all weeks before each, shape (lines, weeks + 1).
        changes: Columns in which a line changes, the first among them, shape (steps,).
        amounts: Amount a week from each of ``changes`` on, shape (lines, steps).
    """

    first_week: int
    line_of_code: IntArray
    paid_before: IntArray
    changes: Int32Array
    amounts: IntArray

    @property
    def end_week(self) -> int:
        """Week after the last."""
        return self.first_week + self.paid_before.shape[1] - 1

    def __repr__(self) -> str:
        """Name the size."""
        return f"WeeklyRates({len(self.paid_before) - 1} codes, {self.paid_before.shape[1] - 1} weeks)"


def to_weekly_rates(codes: Sequence[int], amount: IntArray, first_week: int) -> WeeklyRates:
    """Sum the rates up once, so that every run afterwards costs two look-ups.

    Args:
        codes: The codes that pay, shape (lines,).
        amount: Amount a week of each code in whole units (kroner or øre), shape (lines, weeks).
        first_week: Week of the first column.

    Returns:
        The rates.

    Examples:
        >>> rates = to_weekly_rates([730], np.array([[100, 100, 103]]), 2600)
        >>> rates.paid_before[rates.line_of_code[730]].tolist(), rates.changes.tolist()
        ([0, 100, 200, 303], [0, 2])
    """
    lines = np.zeros((len(codes) + 1, amount.shape[1]), dtype=np.int64)
    lines[1:] = amount
    line_of_code = np.zeros(_CODES, dtype=np.int64)
    line_of_code[list(codes)] = np.arange(1, len(codes) + 1)
    changed = np.any(lines[:, 1:] != lines[:, :-1], axis=0)
    changes = np.concatenate([[0], np.flatnonzero(changed) + 1]).astype(np.int32)
    paid_before = np.zeros((len(lines), lines.shape[1] + 1), dtype=np.int64)
    np.cumsum(lines, axis=1, out=paid_before[:, 1:])
    return WeeklyRates(first_week, line_of_code, paid_before, changes, lines[:, changes])


def sum_payments(codes: Spells, week_zero: Int32Array, windows: IntArray, rates: WeeklyRates) -> IntArray:
    r"""Sum what the codes of each person pay in every window.

    With :math:`C_c(w)` the sum of the rates of code *c* before week *w*, a run :math:`[s, e)` of it pays
    :math:`C_c(\min(e, r_i + b)) - C_c(\max(s, r_i + a))` in the window :math:`[a, b)`.

    Args:
        codes: Runs of register codes.
        week_zero: Week of each person's randomisation, shape (n,).
        windows: First week and week after the last of each window, shape (k, 2).
        rates: Rates that cover every week of the extract (``check_cover``).

    Returns:
        Whole units of the rates, shape (n, k); exact below 2 to the power of 53 a person.

    Examples:
        >>> one = np.array([0], dtype=np.int32)
        >>> cash = Spells(one, one + 2600, one + 2603, np.array([730], dtype=np.int16))
        >>> rates = to_weekly_rates([730], np.array([[100, 100, 103]]), 2600)
        >>> sum_payments(cash, one + 2601, np.array([[0, 52], [-1, 0]]), rates).tolist()
        [[203, 100]]
    """
    n_persons = len(week_zero)
    paid = np.zeros((n_persons, len(windows)), dtype=np.int64)
    start, end = own_weeks(codes, week_zero)
    paying = (start < windows[:, 1].max(initial=0)) & (end > windows[:, 0].min(initial=0))
    paying = np.flatnonzero(paying & (rates.line_of_code[codes.code] > 0))
    start, end, row = start[paying], end[paying], codes.row[paying]
    line = rates.line_of_code[codes.code[paying]]
    column = week_zero[row] - np.int32(rates.first_week)
    for number, (low, high) in enumerate(windows.tolist()):
        since, until = np.maximum(start, np.int32(low)), np.minimum(end, np.int32(high))
        hit = since < until
        to, by = (edge[hit] + column[hit] for edge in (until, since))
        amount = rates.paid_before[line[hit], to] - rates.paid_before[line[hit], by]
        paid[:, number] = np.bincount(row[hit], weights=amount, minlength=n_persons)
    return paid


def check_cover(rates: WeeklyRates, span: Span) -> None:
    """Refuse rates that leave a week of the extract without one.

    Raises:
        InputError: If a week of the extract has no rate.
    """
    if rates.first_week > span.first_week or rates.end_week < span.end_week:
        raise InputError(
            what="the weekly rates do not cover the extract",
            where="the weekly rates",
            found=f"{to_week_text(rates.first_week)} to {to_week_text(rates.end_week - 1)}",
            expected=f"{to_week_text(span.first_week)} to {to_week_text(span.end_week - 1)}",
            do="give a rate for every week of the extract; a code that paid nothing has the rate 0 there",
        )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PricedWeeks:
    """Weeks with a code that pays are priced at a rate in øre, which may differ between groups of persons.

    Attributes:
        pidx: Number of each person, ascending, shape (n,).
        group: Group of each person, shape (n,).
        rates: Øre a week, by group.
        unpriced: 1 a week with a code whose rate nobody knows, by group.
    """

    pidx: Int32Array
    group: IntArray
    rates: tuple[WeeklyRates, ...]
    unpriced: tuple[WeeklyRates, ...]

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"PricedWeeks({len(self.pidx)} persons in {len(self.rates)} groups)"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PaidPeriods:
    """Kroner actually paid, by period; in days since 1970-01-01.

    Attributes:
        pidx: Number of each person, ascending, shape (periods,).
        first_day: First day, shape (periods,).
        end_day: Day after the last, shape (periods,).
        kroner: Kroner of the whole period, shape (periods,).
    """

    pidx: Int32Array
    first_day: IntArray
    end_day: IntArray
    kroner: FloatArray

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"PaidPeriods({len(self.pidx)} periods)"


Payments: TypeAlias = PricedWeeks | PaidPeriods


def sum_paid(block: Block, drawn: Participants, window: Window, payments: Payments) -> FloatArray:
    """Sum what each person was paid in a window of her own weeks.

    Args:
        block: The persons drawn.
        drawn: The same persons, row by row.
        window: Weeks from randomisation.
        payments: What was paid, of these persons and others.

    Returns:
        Kroner, shape (n,); NaN for a person with a week whose rate nobody knows.
    """
    match payments:
        case PricedWeeks():
            return _sum_priced(block.codes, drawn, window, payments)
        case PaidPeriods():
            return _sum_periods(drawn, window, payments)
        case _:
            assert_never(payments)


def _sum_priced(codes: Spells, drawn: Participants, window: Window, priced: PricedWeeks) -> FloatArray:
    weeks = np.array([[window.start, window.end]])
    group = priced.group[np.searchsorted(priced.pidx, drawn.pidx)]
    total = np.zeros(len(group), dtype=np.float64)
    for number, (rates, unpriced) in enumerate(zip(priced.rates, priced.unpriced, strict=True)):
        own = group == number
        unknown = sum_payments(codes, drawn.week_zero, weeks, unpriced)[:, 0] > 0
        oere = sum_payments(codes, drawn.week_zero, weeks, rates)[:, 0]
        total[own] = np.where(unknown, np.nan, oere / 100)[own]
    return total


def _sum_periods(drawn: Participants, window: Window, paid: PaidPeriods) -> FloatArray:
    r"""Each payment is spread evenly over its days: of *d* days, *k* in the window, it counts :math:`k / d`."""
    n = len(drawn.pidx)
    row = np.searchsorted(drawn.pidx, paid.pidx)
    mine = np.flatnonzero(np.append(drawn.pidx, -1)[row] == paid.pidx)
    row, first, end = row[mine], paid.first_day[mine], paid.end_day[mine]
    monday = 7 * drawn.week_zero[row].astype(np.int64) - 3
    low, high = monday + 7 * window.start, monday + 7 * window.end
    days = np.maximum(np.minimum(end, high) - np.maximum(first, low), 0)
    return np.bincount(row, weights=paid.kroner[mine] * days / (end - first), minlength=n).astype(np.float64)
