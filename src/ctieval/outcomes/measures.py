"""Each measure as what its kernel counts, the weeks that it needs, and its value; weeks are read elsewhere."""

from __future__ import annotations

from typing import assert_never

import numpy as np

from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.domain.outcome import (
    RETAINED_WEEKS,
    WAITS,
    Amount,
    AmountOutcome,
    FullTime,
    Measure,
    StateOutcome,
    TrackedOutcome,
)
from ctieval.domain.window import Window
from ctieval.registers.kernels.amounts import TWENTIETHS, Monthly, count_twentieths
from ctieval.registers.kernels.block import NEVER
from ctieval.registers.kernels.first_spell import FirstSpell, UnderWay
from ctieval.registers.kernels.measure import COUNTED, Count, CountChanges, CountWeeks, SumMonths, SumPayments

EXIT_PLACE = 99
"""Reading of a week after death or old-age pension, where changes are counted: nobody changes into it."""

_HUNDREDTHS = 100


def needed_weeks(outcome: TrackedOutcome) -> Window:
    """Return the weeks that must all be observed before a person's value is.

    Most measures need the window, the state at its end its last week. Retention, and the wait for it, also need
    the week before, which tells a spell that starts in the window from one that was under way, and as many weeks
    beyond as a spell that starts in the last week needs to be long enough.

    The same weeks are needed of everybody. Were a person observed as soon as her own value is decided, a
    success would be seen earlier than its absence, and the mean of those observed would be too high.

    Args:
        outcome: The declared outcome.

    Returns:
        The needed weeks, counted from the same randomisation.
    """
    window = outcome.window
    if isinstance(outcome, AmountOutcome):
        return window
    if outcome.measure is Measure.AT_END:
        return Window(window.end - 1, window.end)
    length = RETAINED_WEEKS.get(outcome.measure)
    return window if length is None else Window(window.start - 1, window.end + length - 1)


def to_count(outcome: TrackedOutcome) -> Count:
    """Return what the kernel counts for an outcome."""
    return _count_amount(outcome) if isinstance(outcome, AmountOutcome) else _count_state(outcome)


def _count_state(outcome: StateOutcome) -> Count:
    window, measure = outcome.window, outcome.measure
    if measure in RETAINED_WEEKS:
        return FirstSpell(COUNTED, (RETAINED_WEEKS[measure],), window, UnderWay.LEFT_OUT)
    if measure is Measure.WEEKS_UNTIL_FIRST:
        return FirstSpell(COUNTED, (1,), window, UnderWay.CUT)
    return CountWeeks(needed_weeks(outcome))


def _count_amount(outcome: AmountOutcome) -> Count:
    match outcome.amount:
        case Amount.ORDINARY_HOURS_SHARE:
            return SumMonths(outcome.window, Monthly.HOURS)
        case Amount.EARNINGS:
            return SumMonths(outcome.window, Monthly.EARNINGS)
        case Amount.BENEFIT_KRONER:
            return SumPayments(outcome.window)
        case Amount.STATE_CHANGES:
            return CountChanges(outcome.window, EXIT_PLACE)
        case _:
            assert_never(outcome.amount)


def to_value(counted: FloatArray, outcome: TrackedOutcome, week_zero: IntArray) -> FloatArray:
    r"""Return the value of an outcome from what the kernel counted.

    With :math:`s_{iw}` for person *i* in the state in week *w* and the window :math:`W = [a, b)`:

    * weeks :math:`\sum_{w \in W} s_{iw}`; ever, at the end and at a week :math:`\max_w s_{iw}` over the weeks needed;
    * weeks until the first :math:`\min(\{w - a : w \in W, s_{iw} = 1\} \cup \{b - a\})`. Its mean over an arm is the
      restricted mean time to entry: whoever never enters has waited the whole window, and nothing is said of
      what comes after it. Everybody is followed for the whole window, so nothing is left to be modelled;
    * retention of *L* weeks
      :math:`\max_{w \in W} \; (1 - s_{i,w-1}) \prod_{l=0}^{L-1} s_{i,w+l}`, and the weeks until the first such *w*;
    * earnings :math:`\sum_m x_{im} k_{im} / T_m`, where :math:`x_{im}` are the kroner of month *m*, :math:`T_m` its
      Thursdays and :math:`k_{im}` those of them in the weeks of the window before death or old-age pension;
    * share of ordinary hours: the same sum of paid hours, over :math:`\sum_m F k_m / T_m` with *F* hours a month of
      a full-time job and :math:`k_m` Thursdays in the window. It may exceed 1;
    * kroner of benefits, and changes of state, as they were counted.

    Args:
        counted: What the kernel counted, shape (n,).
        outcome: The declared outcome.
        week_zero: Week of each person's randomisation, shape (n,).

    Returns:
        Values in the unit of the outcome, shape (n,).

    References:
        Royston, P. & Parmar, M. K. B. (2013). Restricted mean survival time: an alternative to the hazard ratio for
        the design and analysis of randomized trials with a time-to-event outcome. BMC Medical Research
        Methodology 13, 152. https://doi.org/10.1186/1471-2288-13-152
    """
    if isinstance(outcome, AmountOutcome):
        return _to_amount(counted, outcome, week_zero)
    if outcome.measure is Measure.WEEKS:
        return counted
    if outcome.measure in WAITS:
        return np.where(counted == NEVER, outcome.window.weeks, counted - outcome.window.start)
    return (counted < NEVER if outcome.measure in RETAINED_WEEKS else counted > 0).astype(np.float64)


def _to_amount(counted: FloatArray, outcome: AmountOutcome, week_zero: IntArray) -> FloatArray:
    match outcome.amount:
        case Amount.ORDINARY_HOURS_SHARE:
            return counted / _full_time(outcome.full_time, outcome.window, week_zero)
        case Amount.EARNINGS:
            return counted / TWENTIETHS
        case Amount.BENEFIT_KRONER | Amount.STATE_CHANGES:
            return counted
        case _:
            assert_never(outcome.amount)


def _full_time(full_time: FullTime | None, window: Window, week_zero: IntArray) -> FloatArray:
    """Hours of a full-time job in the window, in twentieths of hundredths, shape (n,)."""
    if full_time is None:
        msg = "the plan was not checked: a share of ordinary hours without the hours of a full-time job"
        raise TypeError(msg)
    twentieths = count_twentieths(week_zero, window.start, window.end).astype(np.float64)
    return np.multiply(_HUNDREDTHS * full_time.hours_month, twentieths)
