"""A world: the registers as they would read if nobody, and if everybody, were drawn. Nothing is estimated."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.random import SeedSequence

from ctieval.domain.arrays import BoolArray, CodeArray, FloatArray, IntArray
from ctieval.domain.registers import NOT_OBSERVED, Registers, WeekPanel
from ctieval.simulation.chain import simulate_states, to_hazards
from ctieval.simulation.costs import keep_on_benefit, simulate_usual_services, to_ingredients, to_worked
from ctieval.simulation.employment import Pay, simulate_pay, to_employment
from ctieval.simulation.exits import Exits, simulate_exits, to_exit_days
from ctieval.simulation.histories import simulate_histories
from ctieval.simulation.load_settings import load_settings
from ctieval.simulation.participation import simulate_course, to_activity, to_exposure
from ctieval.simulation.population import Population, simulate_population, to_persons
from ctieval.simulation.settings import WorldSettings
from ctieval.simulation.week_grid import WeekGrid, to_week_grid
from ctieval.simulation.wellbeing import Answers, simulate_answers, to_survey

LOG = ("person_id", "date", "activity", "minutes", "role", "minutes_indirect")
"""Columns of a log."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class World:
    """Everybody looked up, with both potential futures.

    Both registers hold the same persons in the same order and agree in every week before the draw. Deaths,
    emigrations and moves are the same under either arm.

    Attributes:
        seed: The seed.
        settings: What the world is made from.
        eligible: True for those in the target group by construction, shape (n,), in the order of ``persons``.
        draw_week: Number of the week of the draw, week 0 of every window.
        control: The registers if nobody were drawn; no activity log.
        intervention: The registers if the whole target group were drawn.
    """

    seed: int
    settings: WorldSettings
    eligible: BoolArray
    draw_week: int
    control: Registers
    intervention: Registers

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"World(seed {self.seed}, {int(self.eligible.sum())} eligible of {len(self.eligible)} persons)"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Lives:
    """What a person's two futures share."""

    settings: WorldSettings
    grid: WeekGrid
    population: Population
    exits: Exits
    pay: Pay
    history: IntArray
    chance: FloatArray


def simulate_world(seed: int, settings: WorldSettings | None = None) -> World:
    """Simulate a trial with known truth.

    The weekly chain runs twice from the same state with the same chances, without the intervention and under
    it, so that a person's two futures differ only by the intervention.

    Args:
        seed: Any number from 0 up; the same seed gives the same world.
        settings: What the world is made from, or None for the settings of the demo.

    Returns:
        The world.

    Examples:
        >>> simulate_world(1)
        World(seed 1, 1378 eligible of 2067 persons)
    """
    settings = load_settings() if settings is None else settings
    lives_seed, *seeds = SeedSequence(seed).spawn(5)
    course_source, log_source, answer_source, service_source = (np.random.default_rng(each) for each in seeds)
    lives = _simulate_lives(settings, lives_seed)
    population, grid, plan = lives.population, lives.grid, settings.participation
    course = simulate_course(population, plan, course_source)
    answers = simulate_answers(
        population,
        course.takes_part,
        lives.exits,
        settings=settings.wellbeing,
        grid=grid,
        rng=answer_source,
    )
    exposure = to_exposure(course, plan.afterwards, grid.follow_up)
    log = _to_log(to_worked(to_activity(course, plan, grid, log_source), settings.costs), lives)
    meetings = simulate_usual_services(population.eligible, settings.costs, grid, service_source)
    control, intervention = _to_registers(lives, np.zeros_like(exposure)), _to_registers(lives, exposure)
    return World(
        seed=seed,
        settings=settings,
        eligible=population.eligible,
        draw_week=grid.first_week + grid.draw,
        control=replace(
            control,
            survey=_to_survey(answers, answers.control, lives),
            usual_services=_to_services(meetings, control, lives),
        ),
        intervention=replace(
            intervention,
            activity=log,
            survey=_to_survey(answers, answers.intervention, lives),
            usual_services=_to_services(meetings, intervention, lives),
        ),
    )


def _simulate_lives(settings: WorldSettings, seed: SeedSequence) -> _Lives:
    """Simulate persons, exits, pay, histories and chances, each from its own stream."""
    streams = (np.random.default_rng(child) for child in seed.spawn(5))
    grid = to_week_grid(settings.calendar)
    population = simulate_population(settings, next(streams))
    n = len(population.person_id)
    return _Lives(
        settings=settings,
        grid=grid,
        population=population,
        exits=simulate_exits(settings.exit, n, grid, next(streams)),
        pay=simulate_pay(settings.person, n, next(streams)),
        history=simulate_histories(population, settings, grid, next(streams)),
        chance=next(streams).random((n, grid.follow_up)),
    )


def _to_registers(lives: _Lives, exposure: FloatArray) -> Registers:
    """Run the chain under one exposure and lay it out as registers, without activity log and survey."""
    settings, grid, population = lives.settings, lives.grid, lives.population
    future = simulate_states(
        lives.history[:, -1],
        lives.chance,
        to_hazards(settings.states, settings.chain),
        readiness=population.readiness,
        exposure=exposure,
    )
    states = np.concatenate([lives.history, future], axis=1)
    return Registers(
        persons=pd.concat([to_persons(population, settings), to_exit_days(lives.exits)], axis=1),
        weeks=WeekPanel(population.person_id, grid.first_week, _to_codes(states, lives)),
        employment=to_employment(
            states, lives.pay, lives.exits, person_id=population.person_id, declared=settings.states, grid=grid
        ),
        payments=None,
        activity=None,
        survey=None,
        recognised=(),
        digests=(),
        ingredients=to_ingredients(settings.costs),
    )


def _to_codes(states: IntArray, lives: _Lives) -> CodeArray:
    """Return the register code of every week, in each person's own series; exits overwrite."""
    declared = lives.settings.states
    series = np.array([declared.series.index(group.series) for group in lives.settings.groups])
    codes = np.array([state.codes for state in declared.state], dtype=np.int16)
    gone = np.arange(lives.grid.weeks) >= lives.exits.column[:, None]
    return np.where(gone, lives.exits.code[:, None], codes[states, series[lives.population.group][:, None]])


def _to_log(log: pd.DataFrame, lives: _Lives) -> pd.DataFrame:
    """Name the persons of a log, and drop what it would hold after an exit."""
    person = log["person"].to_numpy()
    gone = log["date"].to_numpy() > lives.exits.day[person]
    named = log.assign(person_id=lives.population.person_id[person])
    return named.loc[~gone, list(LOG)].reset_index(drop=True)


def _to_services(meetings: pd.DataFrame, future: Registers, lives: _Lives) -> pd.DataFrame:
    """Lay out the meetings of usual services under one future, and drop what is after an exit."""
    leaving = lives.settings.exit
    gone = frozenset({leaving.death_code, leaving.emigration_code, NOT_OBSERVED})
    return _to_log(keep_on_benefit(meetings, future.weeks.code, gone), lives)


def _to_survey(answers: Answers, later: FloatArray, lives: _Lives) -> pd.DataFrame:
    """Lay out the baseline, which is the same under either arm, and the answers after 12 months."""
    waves = {"baseline": answers.baseline, "12m": later}
    return to_survey(lives.population.person_id, lives.settings.wellbeing.instrument, waves)
