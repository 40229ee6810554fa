"""From values of the evaluation to cells: hidden, absent, or a number with its kind."""

from __future__ import annotations

import math

from ctieval.domain.description import ArmLevel
from ctieval.domain.effect_table import Effect
from ctieval.report.cells import ABSENT, HIDDEN, Cell, Count, Interval, Kind, Mark, Measured
from ctieval.report.fmt import Fmt, effect_kind, level_kind


def to_count(n: int | None) -> Count:
    """Return a number of persons; disclosure control left None where it is hidden."""
    return HIDDEN if n is None else n


def to_mean(level: ArmLevel | None, unit: str, decimals: int | None = None) -> Measured | Mark:
    """Return the mean of a level; a share whose number of persons is hidden was rounded to whole per cent."""
    if level is None:
        return ABSENT
    if math.isnan(level.mean):
        return HIDDEN if level.n is None else ABSENT
    kind = level_kind(unit)
    return Measured(level.mean, kind, 0 if level.n is None and kind is Kind.SHARE else decimals)


def to_number(value: float, n: int | None, decimals: int | None = None) -> float | Mark:
    """Return a number that rests on n persons."""
    if math.isnan(value):
        return HIDDEN if n is None else ABSENT
    return value if decimals is None else round(value, decimals)


def to_estimate(effect: Effect, decimals: int | None = None) -> Measured | Mark:
    """Return an effect with its sign."""
    if math.isnan(effect.estimate):
        return HIDDEN
    return Measured(effect.estimate, effect_kind(effect.unit), decimals, signed=True)


def interval_of(effect: Effect) -> Interval | None:
    """Return the interval of an effect, or None where there is none to show."""
    if math.isnan(effect.estimate) or math.isnan(effect.conf_low) or math.isnan(effect.conf_high):
        return None
    return Interval(effect.conf_low, effect.conf_high, effect.conf_level)


def to_interval(effect: Effect, decimals: int | None = None) -> Cell:
    """Return the interval of an effect as a cell."""
    interval = interval_of(effect)
    if interval is None:
        return to_estimate(effect) if math.isnan(effect.estimate) else ABSENT
    return Measured(interval, effect_kind(effect.unit), decimals)


def to_p(effect: Effect) -> Cell:
    """Return the p-value of an effect; it is hidden with the number of persons, which it would tell."""
    return to_number(effect.p_value, effect.n)


def effect_text(effect: Effect, fmt: Fmt, decimals: int | None = None) -> str:
    """Print an effect with sign and unit, or the mark in its place."""
    estimate = to_estimate(effect, decimals)
    return estimate.value if isinstance(estimate, Mark) else fmt.quantity(estimate)


def interval_text(effect: Effect, fmt: Fmt, decimals: int | None = None) -> str:
    """Print the interval of an effect without its unit, or the mark in its place."""
    interval = interval_of(effect)
    if interval is None:
        return ABSENT.value
    return fmt.interval(interval, effect_kind(effect.unit), decimals)


def telling_decimals(effect: Effect, fmt: Fmt, decimals: int | None = None) -> int | None:
    """Return digits with which an interval that leaves out 0 does not look as if it held it.

    Args:
        effect: The effect.
        fmt: Prints numbers.
        decimals: The digits to begin with; None for those usual for the unit.
    """
    interval = interval_of(effect)
    return decimals if interval is None else decimals_of(interval, effect_kind(effect.unit), fmt, decimals)


def decimals_of(interval: Interval, kind: Kind, fmt: Fmt, decimals: int | None = None) -> int | None:
    """Return the same digits of an interval of a kind."""
    if interval.low <= 0 <= interval.high:
        return decimals
    for digits in (decimals, 2, 3):
        printed = (fmt.value(end, kind, digits) for end in (interval.low, interval.high))
        if all(any(sign in "123456789" for sign in end) for end in printed):
            return digits
    return decimals
