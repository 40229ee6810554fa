"""Takes what is hidden out of the effects of interventions that are not described, of several."""

from __future__ import annotations

import math
from dataclasses import replace

from ctieval.domain.description import ArmLevel, OutcomeLevel
from ctieval.domain.effect_table import Effect
from ctieval.domain.units import Unit
from ctieval.report.disclosure.counts import Verdict
from ctieval.report.disclosure.gather import CONTROL, persons
from ctieval.report.disclosure.mask import HIDDEN, Discretion, Openness, discretion_of, mask_effect


def openness_of_other_arm(effect: Effect, level: OutcomeLevel | None, verdict: Verdict) -> Openness:
    """Return how much may be shown of an effect by the events of its arm, which the control and the effect tell.

    Args:
        effect: The effect.
        level: The level of the outcome in the control and in the intervention that is described.
        verdict: Which counts are hidden.
    """
    told = _tell_level(effect, level)
    if told is None or effect.unit != Unit.SHARE or not told.n:
        return Openness.OPEN
    n_events = round(told.mean * told.n)
    few = verdict.is_small(n_events) or verdict.is_small(told.n - n_events)
    return Openness.HIDDEN if few else Openness.OPEN


def mask_other_arm(
    effect: Effect,
    arm: int,
    discretion: Discretion,
    level: OutcomeLevel | None,
    drawn: tuple[int, int],
    verdict: Verdict,
) -> Effect:
    """Return an effect with what is hidden taken out; rounded to steps no finer than those of the described arms.

    Args:
        effect: The effect.
        arm: Number of the intervention.
        discretion: How much may be said of the outcome.
        level: The level of the outcome in the control and in the intervention that is described.
        drawn: Persons drawn into the control and into this intervention.
        verdict: Which counts are hidden.
    """
    told = _tell_level(effect, level)
    if discretion.openness is Openness.OPEN:
        return effect
    if discretion.grid is None or told is None or level is None or level.control is None:
        return mask_effect(effect, HIDDEN)
    levels = (level.control, told)
    fewest = [
        verdict.fewest(persons(each, one.n), one.n or 0) for each, one in zip((CONTROL, arm), levels, strict=True)
    ]
    found = discretion_of(Openness.ROUNDED, levels, fewest, effect.unit, verdict)
    if found.grid is None:
        return mask_effect(effect, HIDDEN)
    grid = replace(found.grid, step=max(found.grid.step, discretion.grid.step))
    return mask_effect(effect, Discretion(Openness.ROUNDED, grid), levels, (drawn,))


def _tell_level(effect: Effect, level: OutcomeLevel | None) -> ArmLevel | None:
    """The level of an arm that the control and the effect tell, its spread by the standard error that is left."""
    if level is None or level.control is None or effect.n_treated is None:
        return None
    control = level.control
    of_control = control.std**2 / control.n if control.n and not math.isnan(control.std) else 0.0
    std = math.sqrt(max(effect.std_error**2 - of_control, 0.0) * effect.n_treated)
    return ArmLevel(effect.n_treated, control.mean + effect.estimate, std, None)
