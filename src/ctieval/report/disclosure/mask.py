"""Takes out of a level, an effect or a step what disclosure control hides.

A row is hidden where its persons or its yes/no events are too few. Where the persons are enough, and their
number is hidden only because it would give another count away, the values stay, so rounded that any number of
persons agrees with them.
"""

from __future__ import annotations

import math
from dataclasses import replace
from enum import IntEnum

from ctieval.domain.description import ArmLevel, ExperiencedRow
from ctieval.domain.effect_table import Effect
from ctieval.domain.implementation_table import FunnelStep
from ctieval.domain.units import Unit
from ctieval.report.disclosure.counts import Key, Verdict
from ctieval.report.disclosure.gather import BOTH, CONTROL, INTERVENTION, events_of, persons, reached

_NAN = math.nan
_LEVEL_DIGITS = {Unit.SHARE: 2, Unit.DKK: 0, Unit.USD: 0}
_EFFECT_DIGITS = {Unit.SHARE: 3, Unit.DKK: 0, Unit.USD: 0}


class Openness(IntEnum):
    """``OPEN``: as it stands. ``ROUNDED``: values rounded, counts hidden. ``HIDDEN``: nothing is shown."""

    OPEN = 0
    ROUNDED = 1
    HIDDEN = 2


def openness_of_level(level: ArmLevel, arm: int, key: Key, unit: str, verdict: Verdict) -> Openness:
    """Return how much of a level may be shown; ``key`` names those with the value 1."""
    n_hidden = verdict.hides(persons(arm, level.n))
    if verdict.is_small(level.n):
        return Openness.HIDDEN
    if events_of(level, unit) is not None and (key in verdict.primary or (verdict.hides(key) and not n_hidden)):
        return Openness.HIDDEN
    return Openness.ROUNDED if n_hidden else Openness.OPEN


def openness_of_effect(effect: Effect, verdict: Verdict) -> Openness:
    """Return how much of an effect may be shown, by its numbers of persons alone."""
    arms = ((CONTROL, effect.n_control), (INTERVENTION, effect.n_treated))
    if any(verdict.is_small(n) for _, n in arms):
        return Openness.HIDDEN
    keys = (*(persons(arm, n) for arm, n in arms), persons(BOTH, effect.n))
    return Openness.ROUNDED if any(verdict.hides(key) for key in keys) else Openness.OPEN


def openness_of_experienced(row: ExperiencedRow, verdict: Verdict) -> Openness:
    """Return how much of a change in one arm may be shown; shares are judged by their events."""
    if verdict.is_small(row.n):
        return Openness.HIDDEN
    for share in (row.before, row.after) if row.unit == Unit.SHARE and row.n else ():
        n_events = None if math.isnan(share) else round(share * row.n) if row.n else 0
        if n_events is not None and (verdict.is_small(n_events) or verdict.is_small((row.n or 0) - n_events)):
            return Openness.HIDDEN
    return Openness.ROUNDED if verdict.hides(persons(INTERVENTION, row.n)) else Openness.OPEN


def mask_level(level: ArmLevel, openness: Openness, unit: str) -> ArmLevel:
    """Return a level with what is hidden taken out."""
    if openness is Openness.OPEN:
        return level
    if openness is Openness.HIDDEN:
        return ArmLevel(None, _NAN, _NAN, None)
    digits = _digits(_LEVEL_DIGITS, unit)
    tells = level.n is not None and level.n < 10**digits
    mean, std = (_NAN, _NAN) if tells else (round(level.mean, digits), round(level.std, digits))
    return ArmLevel(None, mean, std, None)


def mask_effect(effect: Effect, openness: Openness, verdict: Verdict) -> Effect:
    """Return an effect with what is hidden taken out."""
    if openness is Openness.OPEN:
        return effect
    if openness is Openness.HIDDEN:
        values = dict.fromkeys(("estimate", "std_error", "statistic", "df", "p_value", "conf_low", "conf_high"), _NAN)
        return replace(effect, n=None, n_treated=None, n_control=None, **values)
    digits = _digits(_EFFECT_DIGITS, effect.unit)
    return replace(
        effect,
        estimate=round(effect.estimate, digits),
        std_error=round(effect.std_error, digits),
        statistic=round(effect.statistic, 2),
        df=_NAN,
        p_value=round(effect.p_value, 3),
        conf_low=round(effect.conf_low, digits),
        conf_high=round(effect.conf_high, digits),
        n=verdict.shown(persons(BOTH, effect.n), effect.n),
        n_treated=None,
        n_control=None,
    )


def mask_experienced(row: ExperiencedRow, openness: Openness) -> ExperiencedRow:
    """Return a change in one arm with what is hidden taken out."""
    if openness is Openness.OPEN:
        return row
    names = ("before", "after", "change", "conf_low", "conf_high")
    digits = _digits(_LEVEL_DIGITS, row.unit)
    shown = openness is Openness.ROUNDED
    values = {name: round(getattr(row, name), digits) if shown else _NAN for name in names}
    return replace(row, n=None, **values)


def mask_step(step: FunnelStep, verdict: Verdict) -> FunnelStep:
    """Return a step with what is hidden taken out; rounded means where only the count is hidden."""
    if verdict.is_small(step.reached):
        return FunnelStep(step.step, None, _NAN, _NAN)
    if not verdict.hides(reached(step.step)):
        return step
    return FunnelStep(step.step, None, round(step.contacts_mean, 1), round(step.hours_mean, 1))


def _digits(digits: dict[Unit, int], unit: str) -> int:
    return digits.get(Unit(unit), 1 if digits is _LEVEL_DIGITS else 2)
