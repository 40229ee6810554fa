from dataclasses import replace

import numpy as np
import pytest

from ctieval.domain.registers import NOT_OBSERVED, week_of
from ctieval.simulation.exits import DIED, EMIGRATED, MOVED, STAYED, simulate_exits, to_exit_days
from ctieval.simulation.load_settings import load_settings
from ctieval.simulation.week_grid import to_week_grid

SETTINGS = load_settings()
GRID = to_week_grid(SETTINGS.calendar)
N = 20_000


@pytest.fixture(scope="module")
def exits():
    return simulate_exits(SETTINGS.exit, N, GRID, np.random.default_rng(2))


def test_nobody_leaves_before_the_draw(exits):
    assert exits.column.min() > GRID.draw


def test_the_code_stands_from_the_week_after_the_day(exits):
    left = exits.kind != STAYED
    weeks = np.array([week_of(day) for day in exits.day[left]])
    assert (weeks - GRID.first_week + 1 == exits.column[left]).all()


def test_those_who_stay_have_neither_day_nor_column(exits):
    stayed = exits.kind == STAYED
    assert np.isnat(exits.day[stayed]).all()
    assert (exits.column[stayed] == GRID.weeks).all()


@pytest.mark.parametrize(("kind", "code"), [(DIED, 999), (EMIGRATED, 997), (MOVED, NOT_OBSERVED)])
def test_each_kind_has_its_code(exits, kind, code):
    assert (exits.code[exits.kind == kind] == code).all()


@pytest.mark.parametrize(
    ("kind", "rate"), [(DIED, "death_weekly"), (EMIGRATED, "emigration_weekly"), (MOVED, "move_weekly")]
)
def test_each_kind_is_as_frequent_as_declared(exits, kind, rate):
    weekly = getattr(SETTINGS.exit, rate)
    weeks = np.minimum(exits.column, GRID.weeks) - GRID.draw
    expected = weekly * weeks.sum()
    # Five standard deviations of a Poisson count.
    assert abs((exits.kind == kind).sum() - expected) < 5 * np.sqrt(expected)


def test_only_deaths_and_moves_have_days_in_persons(exits):
    days = to_exit_days(exits)
    assert (days["died_on"].notna() == (exits.kind == DIED)).all()
    assert (days["moved_on"].notna() == (exits.kind == MOVED)).all()


def test_sure_death_comes_at_once():
    sure = replace(SETTINGS.exit, death_weekly=1.0)
    exits = simulate_exits(sure, 5, GRID, np.random.default_rng(3))
    assert (exits.kind == DIED).all()
    assert (exits.column == GRID.draw + 1).all()


def test_repr_tells_nobody(exits):
    assert repr(exits) == f"Exits({int((exits.kind != STAYED).sum())} of 20000 persons)"
