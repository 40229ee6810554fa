from dataclasses import replace
from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ctieval.simulation.load_settings import load_settings
from ctieval.simulation.reveal import reveal
from ctieval.simulation.world import simulate_world

DECLARED = load_settings()
SMALL = replace(
    DECLARED,
    municipality=tuple(replace(place, eligible=30, drawn=10) for place in DECLARED.municipality[:2]),
)


@cache
def small_world(seed):
    return simulate_world(seed, SMALL)


seeds = st.integers(min_value=0, max_value=2**32)


@given(seed=seeds)
@settings(max_examples=15)
def test_the_target_group_has_its_size_whatever_the_seed(seed):
    world = simulate_world(seed, SMALL)
    found = world.control.persons.loc[world.eligible, "municipality"].value_counts()
    assert found.to_dict() == {"153": 30, "260": 30}


@given(seed=seeds)
@settings(max_examples=15)
def test_history_and_exits_do_not_depend_on_the_arm(seed):
    world = simulate_world(seed, SMALL)
    control, intervention = world.control.weeks.code, world.intervention.weeks.code
    history = world.draw_week - world.control.weeks.first_week
    assert np.array_equal(control[:, :history], intervention[:, :history])
    assert np.array_equal(np.isin(control, (-1, 997, 999)), np.isin(intervention, (-1, 997, 999)))


@given(seed=st.integers(min_value=0, max_value=2), rows=st.sets(st.integers(min_value=0, max_value=59)))
def test_a_persons_future_depends_on_her_own_arm_alone(seed, rows):
    world = small_world(seed)
    target = world.control.persons.loc[world.eligible, "person_id"].to_numpy()
    shown = reveal(world, [target[row] for row in rows])
    is_drawn = np.isin(np.flatnonzero(world.eligible), np.flatnonzero(world.eligible)[sorted(rows)])
    codes = shown.weeks.code[world.eligible]
    expected = np.where(
        is_drawn[:, None], world.intervention.weeks.code[world.eligible], world.control.weeks.code[world.eligible]
    )
    assert np.array_equal(codes, expected)


@given(
    ratio=st.floats(min_value=0.2, max_value=4.0),
    afterwards=st.floats(min_value=0.0, max_value=1.0),
)
@settings(max_examples=15)
def test_one_ratio_for_every_way_is_a_faster_clock_and_leaves_no_set(ratio, afterwards):
    ways = tuple(replace(way, ratio=ratio) for way in SMALL.chain.transition)
    changed = replace(
        SMALL,
        chain=replace(SMALL.chain, transition=ways),
        participation=replace(SMALL.participation, afterwards=afterwards),
    )
    world, declared = simulate_world(5, changed), small_world(5)
    assert np.array_equal(world.control.weeks.code, declared.control.weeks.code)
    assert set(np.unique(world.intervention.weeks.code)) <= {
        *(code for state in SMALL.states.state for code in state.codes),
        -1,
        997,
        999,
    }
