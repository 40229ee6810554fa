import numpy as np
import pandas as pd
import pytest

from ctieval.simulation.load_settings import load_settings
from ctieval.simulation.participation import Course, simulate_course, to_activity, to_exposure
from ctieval.simulation.population import simulate_population
from ctieval.simulation.week_grid import to_week_grid

SETTINGS = load_settings()
GRID = to_week_grid(SETTINGS.calendar)
PLAN = SETTINGS.participation


@pytest.fixture(scope="module")
def population():
    return simulate_population(SETTINGS, np.random.default_rng(7))


@pytest.fixture(scope="module")
def course(population):
    return simulate_course(population, PLAN, np.random.default_rng(8))


def one_course(reached, weeks=(0, 0, 4, 13, 13, 13)):
    """A course that goes so far, with steps that start in the weeks 2, 4, 6, 10, 23 and 36."""
    return Course(
        reached=np.array([[step < reached for step in range(6)]]),
        start=np.array([[2, 4, 6, 10, 23, 36]]),
        weeks=np.array([weeks]),
        works_from=1,
    )


def test_nobody_outside_the_target_group_takes_part(course, population):
    assert not course.reached[~population.eligible].any()


def test_nobody_skips_a_step(course):
    assert (course.reached[:, 1:] <= course.reached[:, :-1]).all()


def test_steps_come_in_order(course):
    lasting = np.array([step.lasting_weeks for step in PLAN.step])
    assert (np.diff(course.start, axis=1) >= lasting[:-1]).all()


def test_some_drop_out_within_a_step(course):
    third = course.reached[:, 3] & ~course.reached[:, 4]
    assert third.any()
    assert course.weeks[third, 3].min() >= 1
    assert course.weeks[third, 3].max() <= 13
    assert (course.weeks[third, 3] < 13).any()
    assert (course.weeks[course.reached[:, 4], 3] == 13).all()


def test_shares_are_as_declared(course, population):
    eligible = population.eligible
    share = course.reached[eligible, 0].mean()
    # Readiness widens the share a little; four points hold that and the chance.
    assert abs(share - PLAN.step[0].share) < 0.04


@pytest.mark.parametrize(
    ("reached", "weeks", "expected"),
    [
        (0, (0, 0, 4, 13, 13, 13), [0.0] * 60),
        (1, (0, 0, 4, 13, 13, 13), [0.0] * 60),
        (2, (0, 0, 4, 13, 13, 13), [0.0] * 4 + [0.4] * 56),
        (4, (0, 0, 4, 5, 13, 13), [0.0] * 4 + [1.0] * 11 + [0.4] * 45),
        (6, (0, 0, 4, 13, 13, 13), [0.0] * 4 + [1.0] * 45 + [0.4] * 11),
    ],
)
def test_exposure_holds_from_the_meeting_to_the_end_of_the_course(reached, weeks, expected):
    assert to_exposure(one_course(reached, weeks), 0.4, 60)[0].tolist() == expected


def test_log_holds_one_entry_a_meeting_and_falling_contacts():
    log = to_activity(one_course(6), PLAN, GRID, np.random.default_rng(9))
    counts = log.groupby("activity").size()
    assert counts.to_dict() == {
        "Henvisning": 1,
        "Tværfagligt opstartsmøde": 1,
        "Individuelt virksomhedsmatch": 2,
        "CTI fase 1": 13,
        "CTI fase 2": 7,
        "CTI fase 3": 5,
    }


def test_log_ends_with_the_weeks_of_a_drop_out():
    log = to_activity(one_course(4, (0, 0, 4, 5, 13, 13)), PLAN, GRID, np.random.default_rng(10))
    assert (log["activity"] == "CTI fase 1").sum() == 5
    assert "CTI fase 2" not in set(log["activity"])


def test_entries_are_on_working_days_within_the_follow_up(course):
    log = to_activity(course, PLAN, GRID, np.random.default_rng(11))
    assert log["date"].dt.day_of_week.max() <= 4
    assert log["date"].min() >= pd.Timestamp(SETTINGS.calendar.randomised_on)
    assert log["date"].max() < pd.Timestamp(GRID.mondays[-1]) + pd.Timedelta(days=7)


def test_minutes_lie_in_their_range(course):
    log = to_activity(course, PLAN, GRID, np.random.default_rng(12))
    for step in PLAN.step:
        minutes = log.loc[log["activity"] == step.name, "minutes"]
        assert step.minutes[0] <= minutes.min()
        assert minutes.max() <= step.minutes[1]


def test_repr_tells_nobody(course):
    assert repr(course) == "Course(2067 persons, 6 steps)"
