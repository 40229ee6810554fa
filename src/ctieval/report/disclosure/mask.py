"""Takes out of a level, an effect or a step what disclosure control hides.

A row is hidden where its persons or its yes/no events are too few. Where the persons are enough, and their
number is hidden only because it would give another count away, the values stay, so rounded that any number of
persons agrees with them (``disclosure.grid``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TypeVar

from ctieval.domain.description import ArmLevel, ExperiencedRow
from ctieval.domain.effect_table import Effect
from ctieval.domain.implementation_table import FunnelStep
from ctieval.domain.instrument_table import ArmChange
from ctieval.domain.units import Unit
from ctieval.report.disclosure.counts import Key, Verdict
from ctieval.report.disclosure.gather import CONTROL, INTERVENTION, events_of, persons, reached
from ctieval.report.disclosure.grid import Grid, lay_grid

_Change = TypeVar("_Change", ExperiencedRow, ArmChange)

_NAN = math.nan


class Openness(IntEnum):
    """``OPEN``: as it stands. ``ROUNDED``: values rounded, counts hidden. ``HIDDEN``: nothing is shown."""

    OPEN = 0
    ROUNDED = 1
    HIDDEN = 2


@dataclass(frozen=True, slots=True)
class Discretion:
    """How much may be said, and how finely.

    Attributes:
        openness: How much.
        grid: The steps to which values are rounded; None unless they are.
    """

    openness: Openness
    grid: Grid | None = None


OPEN, HIDDEN = Discretion(Openness.OPEN), Discretion(Openness.HIDDEN)


def rounded(grid: Grid | None) -> Discretion:
    """Return the discretion of what is rounded; where the arms are too small for a grid, nothing is shown."""
    return HIDDEN if grid is None else Discretion(Openness.ROUNDED, grid)


def discretion_of(
    openness: Openness, levels: Sequence[ArmLevel], fewest: Sequence[int], unit: str, verdict: Verdict
) -> Discretion:
    """Return how much may be said of levels: nothing where even a rounded share would tell of a few persons."""
    if openness is not Openness.ROUNDED:
        return Discretion(openness)
    grid = lay_grid(levels, fewest, unit, verdict.smallest_cell)
    shares = [level.mean for level in levels if unit == Unit.SHARE]
    if grid is not None and any(grid.tells_few(share) for share in shares):
        return HIDDEN
    return rounded(grid)


def openness_of_level(level: ArmLevel, arm: int, key: Key, unit: str, verdict: Verdict) -> Openness:
    """Return how much of a level may be shown; ``key`` names those with the value 1."""
    if verdict.is_small(level.n) or (events_of(level, unit) is not None and verdict.hides(key)):
        return Openness.HIDDEN
    return Openness.ROUNDED if verdict.hides(persons(arm, level.n)) else Openness.OPEN


def openness_of_effect(effect: Effect, verdict: Verdict, arm: int = INTERVENTION) -> Openness:
    """Return how much of an effect may be shown, by its numbers of persons alone."""
    arms = ((CONTROL, effect.n_control), (arm, effect.n_treated))
    if any(verdict.is_small(n) for _, n in arms):
        return Openness.HIDDEN
    return Openness.ROUNDED if any(verdict.hides(persons(arm, n)) for arm, n in arms) else Openness.OPEN


def openness_of_experienced(row: ExperiencedRow, verdict: Verdict) -> Openness:
    """Return how much of a change in one arm may be shown; shares are judged by their events."""
    if verdict.is_small(row.n):
        return Openness.HIDDEN
    for share in (row.before, row.after) if row.unit == Unit.SHARE and row.n else ():
        n_events = None if math.isnan(share) else round(share * row.n) if row.n else 0
        if n_events is not None and (verdict.is_small(n_events) or verdict.is_small((row.n or 0) - n_events)):
            return Openness.HIDDEN
    return Openness.ROUNDED if verdict.hides(persons(INTERVENTION, row.n)) else Openness.OPEN


def mask_level(level: ArmLevel, discretion: Discretion) -> ArmLevel:
    """Return a level with what is hidden taken out."""
    if discretion.openness is Openness.OPEN:
        return level
    return ArmLevel(None, _NAN if discretion.grid is None else discretion.grid.round(level.mean), _NAN, None)


def mask_effect(
    effect: Effect,
    discretion: Discretion,
    levels: Sequence[ArmLevel] = (),
    blocks: Sequence[tuple[int, int]] = (),
) -> Effect:
    """Return an effect with what is hidden taken out.

    Args:
        effect: The effect.
        discretion: How much may be said.
        levels: The levels of control and intervention, where they are described.
        blocks: Persons drawn into control and intervention, by block; needed where there are levels of a share.
    """
    if discretion.openness is Openness.OPEN:
        return effect
    values = dict.fromkeys(("estimate", "std_error", "statistic", "df", "p_value", "conf_low", "conf_high"), _NAN)
    if discretion.grid is not None:
        means = [discretion.grid.round(level.mean) for level in levels]
        middle = discretion.grid.round(means[1] - means[0] if means else effect.estimate)
        half = (effect.conf_high - effect.conf_low) / 2
        if means and effect.unit == Unit.SHARE and not math.isnan(half):
            half = max(half, discretion.grid.half_of_shares(means, blocks, effect.conf_level))
        low, high = discretion.grid.ends(middle, half)
        values |= {"estimate": middle, "conf_low": low, "conf_high": high}
    return replace(effect, n=None, n_treated=None, n_control=None, **values)


def mask_experienced(row: _Change, discretion: Discretion) -> _Change:
    """Return a change in one arm with what is hidden taken out."""
    if discretion.openness is Openness.OPEN:
        return row
    values = dict.fromkeys(("before", "after", "change", "conf_low", "conf_high"), _NAN)
    if discretion.grid is not None:
        before, after = discretion.grid.round(row.before), discretion.grid.round(row.after)
        change = discretion.grid.round(after - before)
        low, high = discretion.grid.ends(change, (row.conf_high - row.conf_low) / 2)
        values = {"before": before, "after": after, "change": change, "conf_low": low, "conf_high": high}
    return replace(row, n=None, **values)


def mask_step(step: FunnelStep, verdict: Verdict) -> FunnelStep:
    """Return a step with what is hidden taken out; rounded means where only the count is hidden."""
    if verdict.is_small(step.reached):
        return FunnelStep(step.step, None, _NAN, _NAN)
    if not verdict.hides(reached(step.step)):
        return step
    return FunnelStep(step.step, None, round(step.contacts_mean, 1), round(step.hours_mean, 1))
