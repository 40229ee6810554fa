"""Where each person stands on the refund ladder in her own weeks, from the registers; kroner live elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import BoolArray, FloatArray
from ctieval.domain.registers import BLANK, NOT_OBSERVED, WeekPanel, week_of
from ctieval.domain.wording import MissingInput, Notice
from ctieval.economics.horizon import Horizon, look_up_weeks
from ctieval.economics.refund import WeekCounts, count_ladder_weeks, state_shares
from ctieval.rates.benefit import Financing
from ctieval.rates.book import RateBook, RateSchedule, RateValue
from ctieval.registers.codes import CodeList

SHARE = "refund_share"
RESET_WEEKS = "refund_reset_weeks"
RESET_WINDOW = "refund_reset_window"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LadderWeeks:
    """The state's share of each person's weeks.

    Attributes:
        ladder_week: Week on the ladder, shape (n, H).
        share: The state's share of a krone of benefit, shape (n, H); NaN where it is not asked for or no law
            is known.
        schedules: The dated ladders used.
        rates: The dated rules of the count used.
        missing: What is not known.
        notices: Coded warnings.
    """

    ladder_week: WeekCounts
    share: FloatArray
    schedules: tuple[RateSchedule, ...]
    rates: tuple[RateValue, ...]
    missing: tuple[MissingInput, ...]
    notices: tuple[Notice, ...]

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"LadderWeeks({self.share.shape[0]} persons, {self.share.shape[1]} weeks)"


def track_ladder(
    horizon: Horizon, panel: WeekPanel, codes: CodeList, book: RateBook, *, needed: BoolArray
) -> LadderWeeks:
    """Count everybody's weeks on the ladder from her own history, and read the state's share off it.

    Counted is a week whose code the code list marks as public support, or whose benefit is financed by the
    ladder. Self-support is a blank week and a week whose code itself states employment. A week that is not
    observed is neither: it moves nobody, and it never helps to start the count again. The count begins with
    the week in which the reset rule came into force, or with the registers where they begin later.

    Args:
        horizon: The weeks of each person.
        panel: Benefit codes by week, with the history before the draw.
        codes: The list of register codes.
        book: The rate book.
        needed: True in a week whose share is asked for, shape (n, H).

    Raises:
        UnknownRateError: If the book lacks a rule of the count.
        InputError: If the code list lacks ``public_support`` or ``ordinary_job``.
    """
    rules = (book.newest_value(RESET_WEEKS), book.newest_value(RESET_WINDOW))
    law_begins = week_of(np.datetime64(book.rate(RESET_WEEKS).first_day))
    first_week = min(max(panel.first_week, law_begins), panel.end_week)
    history = panel.code[horizon.row][:, first_week - panel.first_week :]
    counted = (codes.lookup("public_support") | _financed_by_ladder(book))[history]
    self_support = (history == BLANK) | codes.lookup("ordinary_job")[history]
    count = count_ladder_weeks(
        counted,
        self_support & ~counted,
        reset_weeks=int(rules[0].amount),
        reset_window=int(rules[1].amount),
    )
    ladder_week = horizon.cut(count, first_week, beyond=0)
    share, schedules, missing = _read_shares(horizon, ladder_week, book, needed)
    return LadderWeeks(
        ladder_week=ladder_week,
        share=share,
        schedules=schedules,
        rates=rules,
        missing=missing,
        notices=_short_history(horizon, panel, law_begins, int(rules[1].amount)),
    )


def _financed_by_ladder(book: RateBook) -> BoolArray:
    table = np.zeros(1001, dtype=np.bool_)
    for benefit in book.benefits.benefits:
        if benefit.financing is Financing.REFUND_LADDER:
            table[sorted(benefit.codes)] = True
    return table


def _read_shares(
    horizon: Horizon, ladder_week: WeekCounts, book: RateBook, needed: BoolArray
) -> tuple[FloatArray, tuple[RateSchedule, ...], tuple[MissingInput, ...]]:
    """Shares of the weeks that are asked for, each under the ladder in force in it."""
    found, place, known = look_up_weeks(horizon.week[needed], lambda on: book.schedule(SHARE, on))
    reached = ladder_week[needed]
    shares = np.full(reached.shape, np.nan)
    schedules = tuple(dict.fromkeys(each for each in found if each is not None))
    for schedule in schedules:
        under = np.array([each == schedule for each in found], dtype=np.bool_)[place]
        shares[under] = state_shares(reached[under], schedule.steps)
    share = np.full(needed.shape, np.nan)
    share[needed] = shares
    missing = () if known.all() else (MissingInput("economics.refund", f"rates/{SHARE}.toml"),)
    return share, schedules, missing


def _short_history(horizon: Horizon, panel: WeekPanel, law_begins: int, window: int) -> tuple[Notice, ...]:
    """Count those whose history does not reach back over the whole window before the draw."""
    week_zero = horizon.week[:, 0]
    week = np.arange(min(panel.first_week, int(week_zero.min()) - window), panel.end_week)
    before = (week >= np.maximum(week_zero - window, law_begins)[:, None]) & (week < week_zero[:, None])
    gap = np.ones(before.shape, dtype=np.bool_)
    gap[:, panel.first_week - week[0] :] = panel.code[horizon.row] == NOT_OBSERVED
    short = int(((before & gap).any(axis=1) & horizon.observed).sum())
    return (Notice("W-REFUND-HISTORY-SHORT", "refund", (("persons", short), ("weeks", window))),) if short else ()
