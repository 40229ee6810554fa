import numpy as np
import pytest

from ctieval.simulation.histories import simulate_histories
from ctieval.simulation.load_settings import load_settings
from ctieval.simulation.population import simulate_population
from ctieval.simulation.week_grid import to_week_grid

SETTINGS = load_settings()
GRID = to_week_grid(SETTINGS.calendar)
IN_SPELL = np.array([state.in_spell for state in SETTINGS.states.state])
JOB, SELF_SUPPORT = SETTINGS.states.number("job"), SETTINGS.states.number("self_support")


@pytest.fixture(scope="module")
def population():
    return simulate_population(SETTINGS, np.random.default_rng(17))


@pytest.fixture(scope="module")
def states(population):
    return simulate_histories(population, SETTINGS, GRID, np.random.default_rng(18))


@pytest.fixture(scope="module")
def spell(population):
    """Kind of spell of each person."""
    return np.array([group.spell for group in SETTINGS.groups])[population.group]


def test_everybody_is_on_benefit_from_the_look_up_to_the_draw(states):
    assert IN_SPELL[states[:, GRID.look_up :]].all()


def test_a_long_spell_holds_52_weeks_with_gaps_of_three_at_most(states, spell):
    year = IN_SPELL[states[spell == "long", GRID.look_up - 55 : GRID.look_up + 1]]
    assert year.sum(axis=1).min() >= 52
    assert (year[:, :-3] | year[:, 1:-2] | year[:, 2:-1] | year[:, 3:]).all()


def test_a_pause_holds_no_work_and_its_person_none_beside_the_benefit(states, spell):
    year = states[:, GRID.look_up - 52 : GRID.look_up]
    paused = (spell == "long") & (year == SELF_SUPPORT).any(axis=1)
    assert 0.05 < paused[spell == "long"].mean() < 0.2
    beside = SETTINGS.states.number("hours_beside")
    assert not (states[paused] == beside).any()
    assert not (year[spell == "long"] == JOB).any()


def test_a_short_spell_began_within_the_year(states, spell):
    weeks = IN_SPELL[states[spell == "short", : GRID.look_up + 1]].sum(axis=1)
    assert weeks.max() < 52
    assert weeks.min() >= SETTINGS.spell.short_weeks[0]


def test_an_interruption_is_a_job_of_nine_weeks_at_least(states, spell):
    jobs = (states[spell == "interrupted", GRID.look_up - 52 : GRID.look_up] == JOB).sum(axis=1)
    low, high = SETTINGS.spell.interruption_weeks
    assert low <= jobs.min()
    assert jobs.max() < high


def test_two_thirds_of_long_spells_fill_the_history(states, spell):
    whole = IN_SPELL[states[spell == "long", 0]].mean()
    # 1,378 persons: four points are three standard errors.
    assert abs(whole - SETTINGS.spell.whole_history_share) < 0.04
