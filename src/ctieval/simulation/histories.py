"""What everybody did before the draw, so that the groups meet or fail the criteria by construction."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from ctieval.domain.arrays import BoolArray, IntArray, StrArray
from ctieval.simulation.chain import simulate_states, to_hazards
from ctieval.simulation.population import Population
from ctieval.simulation.settings import WorldSettings
from ctieval.simulation.week_grid import WeekGrid


def simulate_histories(population: Population, settings: WorldSettings, grid: WeekGrid, rng: Generator) -> IntArray:
    """Simulate the states before the draw.

    Everybody is on benefit at the look-up and stays so until the draw. A long spell holds at least 52 weeks
    at the look-up under both documented gap rules; a short or interrupted one holds fewer under either.

    Args:
        population: The persons, n of them.
        settings: Spells, states and the chain.
        grid: The weeks.
        rng: Source of randomness.

    Returns:
        States, shape (n, history weeks).
    """
    states = _benefit_weeks(population, settings, grid, rng)
    kind = np.array([group.spell for group in settings.groups], dtype=object)[population.group]
    _put_before(states, _spell_lengths(kind, settings, grid, rng), settings, grid, rng)
    _put_interruptions(states, kind == "interrupted", settings, grid, rng)
    _put_pauses(states, kind == "long", settings, grid, rng)
    return states


def _benefit_weeks(population: Population, settings: WorldSettings, grid: WeekGrid, rng: Generator) -> IntArray:
    """Walk everybody through the history without leaving the states of a spell."""
    in_spell = np.array([state.in_spell for state in settings.states.state])
    n = len(population.person_id)
    return simulate_states(
        np.full(n, settings.states.number("passive")),
        rng.random((n, grid.draw)),
        to_hazards(settings.states, settings.chain).within(in_spell),
        readiness=population.readiness,
        exposure=np.zeros((n, grid.draw)),
    )


def _spell_lengths(kind: StrArray, settings: WorldSettings, grid: WeekGrid, rng: Generator) -> IntArray:
    """Return the weeks from the start of each spell to the look-up."""
    long = rng.integers(*settings.spell.long_weeks, size=len(kind))
    whole = rng.random(len(kind)) < settings.spell.whole_history_share
    short = rng.integers(*settings.spell.short_weeks, size=len(kind))
    return np.where(kind == "short", short, np.where(whole | (kind == "interrupted"), grid.look_up, long))


def _put_before(states: IntArray, length: IntArray, settings: WorldSettings, grid: WeekGrid, rng: Generator) -> None:
    before = settings.spell.before
    numbers = np.array([settings.states.number(each.state) for each in before])
    prior = rng.choice(numbers, p=[each.share for each in before], size=len(length))
    _put(states, prior, start=np.zeros_like(length), end=grid.look_up - length)


def _put_interruptions(
    states: IntArray, who: BoolArray, settings: WorldSettings, grid: WeekGrid, rng: Generator
) -> None:
    end = grid.look_up - rng.integers(*settings.spell.weeks_since_interruption, size=len(who))
    start = end - rng.integers(*settings.spell.interruption_weeks, size=len(who))
    job = np.full(len(who), settings.states.number("job"))
    _put(states, job, start=start, end=np.where(who, end, start))


def _put_pauses(states: IntArray, who: BoolArray, settings: WorldSettings, grid: WeekGrid, rng: Generator) -> None:
    """Put a pause into some spells; those persons work no hours beside the benefit."""
    who = who & (rng.random(len(who)) < settings.spell.pause_share)
    end = grid.look_up - rng.integers(*settings.spell.weeks_since_pause, size=len(who))
    start = end - rng.integers(*settings.spell.pause_weeks, size=len(who))
    beside = states == settings.states.number("hours_beside")
    states[beside & who[:, None]] = settings.states.number("passive")
    pause = np.full(len(who), settings.states.number("self_support"))
    _put(states, pause, start=start, end=np.where(who, end, start))


def _put(states: IntArray, state: IntArray, *, start: IntArray, end: IntArray) -> None:
    """Write one state a person into the columns from ``start`` up to ``end``, exclusive."""
    columns = np.arange(states.shape[1])
    inside = (columns >= start[:, None]) & (columns < end[:, None])
    np.copyto(states, state[:, None], where=inside)
