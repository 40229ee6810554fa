from dataclasses import replace

import numpy as np
import pytest

from ctieval.simulation.exits import simulate_exits
from ctieval.simulation.load_settings import load_settings
from ctieval.simulation.population import simulate_population
from ctieval.simulation.week_grid import to_week_grid
from ctieval.simulation.wellbeing import simulate_answers, to_survey

SETTINGS = load_settings()
GRID = to_week_grid(SETTINGS.calendar)


@pytest.fixture(scope="module")
def population():
    return simulate_population(SETTINGS, np.random.default_rng(13))


@pytest.fixture(scope="module")
def exits(population):
    return simulate_exits(SETTINGS.exit, len(population.person_id), GRID, np.random.default_rng(14))


@pytest.fixture(scope="module")
def simulate(population, exits):
    """Simulate answers with some settings changed."""

    def answers(takes_part, **changed):
        settings = replace(SETTINGS.wellbeing, **changed)
        rng = np.random.default_rng(15)
        return simulate_answers(population, takes_part, exits, settings=settings, grid=GRID, rng=rng)

    return answers


@pytest.fixture(scope="module")
def everybody(population):
    return np.ones(len(population.person_id), dtype=np.bool_)


def score(answers):
    return 4 * answers.sum(axis=1)


def test_answers_are_whole_numbers_from_0_to_5(simulate, everybody):
    answers = simulate(everybody)
    for wave in (answers.baseline, answers.control, answers.intervention):
        given = wave[np.isfinite(wave)]
        assert set(given) == {0.0, 1.0, 2.0, 3.0, 4.0, 5.0}


def test_only_the_target_group_answers(simulate, everybody, population):
    assert np.isnan(simulate(everybody).baseline[~population.eligible]).all()


def test_persons_begin_low_and_recover_in_either_arm(simulate, everybody):
    answers = simulate(everybody)
    before, control = np.nanmean(score(answers.baseline)), np.nanmean(score(answers.control))
    assert 35 < before < 41
    assert 3 < control - before < 9


def test_the_intervention_lifts_those_who_take_part_and_nobody_else(simulate, population):
    takes_part = population.eligible & (population.readiness > 0)
    answers = simulate(takes_part)
    gain = score(answers.intervention) - score(answers.control)
    assert np.nanmax(np.abs(gain[~takes_part])) == 0
    # Items round and end at 0 and 5, which takes a little of the five points.
    assert 4 < np.nanmean(gain[takes_part]) < 5.5


def test_without_gain_the_arms_answer_alike(simulate, everybody):
    answers = simulate(everybody, gain=0.0)
    assert np.array_equal(answers.control, answers.intervention, equal_nan=True)


def test_who_answers_does_not_depend_on_the_arm(simulate, everybody):
    answers = simulate(everybody)
    assert np.array_equal(np.isnan(answers.control), np.isnan(answers.intervention))


def test_nobody_answers_after_an_exit(simulate, everybody, exits):
    gone = exits.column <= GRID.draw + SETTINGS.wellbeing.asked_after_weeks
    assert gone.any()
    assert np.isnan(simulate(everybody).control[gone]).all()


def test_survey_holds_every_item_of_those_who_answer():
    answers = np.array([[1.0, 2.0, np.nan, 4.0, 5.0], [np.nan] * 5])
    survey = to_survey(np.array(["P1", "P2"], dtype=object), "who5", {"baseline": answers})
    assert survey["person_id"].tolist() == ["P1"] * 5
    assert survey["item"].tolist() == [1, 2, 3, 4, 5]
    assert survey["answer"].isna().tolist() == [False, False, True, False, False]


def test_repr_tells_nobody(simulate, everybody):
    assert repr(simulate(everybody)) == "Answers(2067 persons)"
