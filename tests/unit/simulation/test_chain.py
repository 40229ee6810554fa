import numpy as np
import pytest

from ctieval.simulation.chain import Hazards, simulate_states, to_hazards
from ctieval.simulation.load_settings import load_settings

SETTINGS = load_settings()
HAZARDS = to_hazards(SETTINGS.states, SETTINGS.chain)


def naive_walk(start, chance, hazards, readiness, exposure):
    """The same chain, one person and one week at a time."""
    states = np.empty(chance.shape, dtype=np.int64)
    for i in range(chance.shape[0]):
        now = start[i]
        for w in range(chance.shape[1]):
            reached = 0.0
            for to in range(len(hazards.weekly)):
                shift = hazards.readiness[now, to] * readiness[i] + hazards.log_ratio[now, to] * exposure[i, w]
                reached += hazards.weekly[now, to] * np.exp(shift)
                if chance[i, w] < reached:
                    now = to
                    break
            states[i, w] = now
    return states


def test_agrees_with_a_plain_loop():
    rng = np.random.default_rng(4)
    shape = (40, 60)
    start = rng.integers(0, len(HAZARDS.weekly), shape[0])
    chance, readiness, exposure = rng.random(shape) ** 3, rng.standard_normal(shape[0]), rng.random(shape)
    found = simulate_states(start, chance, HAZARDS, readiness=readiness, exposure=exposure)
    assert np.array_equal(found, naive_walk(start, chance, HAZARDS, readiness, exposure))
    assert len(np.unique(found)) > 5


def test_hazards_stand_where_they_are_declared():
    way = SETTINGS.chain.transition[0]
    cell = SETTINGS.states.number(way.leaves), SETTINGS.states.number(way.enters)
    assert HAZARDS.weekly[cell] == way.weekly
    assert HAZARDS.log_ratio[cell] == pytest.approx(np.log(way.ratio), abs=1e-12)
    assert np.count_nonzero(HAZARDS.weekly) == len(SETTINGS.chain.transition)


def test_no_week_is_left_for_sure():
    assert HAZARDS.weekly.sum(axis=1).max() < 0.2
    assert (np.diag(HAZARDS.weekly) == 0).all()


def test_no_way_out_of_a_job_depends_on_the_intervention():
    assert (HAZARDS.log_ratio[SETTINGS.states.number("job")] == 0).all()


def test_nobody_leaves_a_closed_set():
    inside = np.array([state.in_spell for state in SETTINGS.states.state])
    closed = HAZARDS.within(inside)
    rng = np.random.default_rng(5)
    start = np.zeros(200, dtype=np.int64)
    nobody = np.zeros(200)
    found = simulate_states(start, rng.random((200, 150)), closed, readiness=nobody, exposure=np.zeros((200, 150)))
    assert inside[found].all()
    assert (HAZARDS.weekly[:, ~inside] > 0).any()


def test_moves_are_as_frequent_as_their_hazard():
    hazards = Hazards(np.array([[0.0, 0.1], [0.0, 0.0]]), np.zeros((2, 2)), np.array([[0.0, np.log(2)], [0.0, 0.0]]))
    n = 40_000
    chance = np.random.default_rng(6).random((n, 1))
    start, nobody = np.zeros(n, dtype=np.int64), np.zeros(n)
    for exposure, rate in ((0.0, 0.1), (1.0, 0.2)):
        found = simulate_states(start, chance, hazards, readiness=nobody, exposure=np.full((n, 1), exposure))
        # Five standard errors of a share.
        assert abs(found.mean() - rate) < 5 * np.sqrt(rate * (1 - rate) / n)
