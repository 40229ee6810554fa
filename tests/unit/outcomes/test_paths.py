import numpy as np
import pytest

from ctieval.domain.outcome import State
from ctieval.domain.state_paths import PATH_CURVES, PATH_STATES
from ctieval.domain.window import Window
from ctieval.outcomes.paths import describe_paths, track_paths

DRAWN_IN_WEEK_2 = "2018-01-15"
ARM = [0, 0, 1, 1]


@pytest.fixture
def tracked(codes, drawn_on, make_registers):
    """Weekly states of persons with these codes; nobody works, unless hours say so."""

    def track(code, arm=None, day=DRAWN_IN_WEEK_2, hours=0.0):
        known = None if hours is None else np.full((len(code), 24), hours)
        return track_paths(drawn_on(ARM if arm is None else arm, day), make_registers(code, known), codes)

    return track


def states(weekly, person):
    return [PATH_STATES[place] if place >= 0 else None for place in weekly.place[person]]


def curve_of(weekly, state):
    return weekly.curves[[each for each, _ in PATH_CURVES].index(state)]


def test_everybody_is_in_one_state_in_each_week(tracked):
    weekly = tracked([[730, 771, 0, 999]] + [[730] * 4] * 5, arm=[0, 0, 0, 1, 1, 1])
    assert weekly.window == Window(-2, 2)
    assert states(weekly, 0) == [State.PASSIVE_BENEFIT, State.SUPPORTED_JOB, State.SELF_SUPPORT, State.EXIT]


def test_a_blank_week_with_hours_is_an_ordinary_job(tracked):
    weekly = tracked([[0, 0, 0, 730]] * 4, hours=20.0)
    assert states(weekly, 3)[:3] == [State.ORDINARY_JOB] * 3
    assert curve_of(weekly, State.ORDINARY_JOB)[3].tolist() == [1, 1, 1, 0]


def test_death_ends_a_job_and_never_lowers_the_benefit(tracked):
    weekly = tracked([[730, 730, 730, 999]] + [[730] * 4] * 5, arm=[0, 0, 0, 1, 1, 1])
    assert curve_of(weekly, State.ORDINARY_JOB)[0].tolist() == [0, 0, 0, 0]
    assert curve_of(weekly, State.BENEFIT)[0][3] < 0
    assert np.isnan(weekly.shares_on(3)[0, 3])


def test_who_is_abroad_is_not_known(tracked):
    code = np.full((40, 4), 730)
    code[0, 3] = 997
    weekly = tracked(code, arm=[0, 1] * 20)
    assert states(weekly, 0)[3] is None
    assert np.isnan(weekly.shares_in(0)[0, 3])


def test_the_weeks_end_where_too_few_of_one_arm_are_known(tracked):
    code = np.full((40, 6), 730)
    code[:4, 4:] = -1
    assert tracked(code, arm=[0, 1] * 20).window == Window(-2, 4)
    assert tracked(code, arm=[0] * 20 + [1] * 20).window == Window(-2, 2)


def test_the_weeks_before_the_draw_begin_after_the_last_gap(tracked):
    code = np.full((4, 70), 730)
    code[0, 3] = -1
    assert tracked(code, day="2018-02-05").window == Window(-1, 65)
    assert tracked(np.full((4, 70), 730), day="2019-03-04").window == Window(-52, 9)


def test_without_employment_nobody_is_known_to_work_or_not(tracked):
    assert tracked([[730, 730, 730, 0]] * 4, hours=None) is None


def test_where_the_draw_is_not_covered_there_is_no_path(tracked):
    assert tracked([[730, 730, -1, 730]] * 4) is None


def test_persons_who_are_not_known_are_left_out_and_counted(tracked, drawn_on):
    code = np.full((40, 4), 730)
    code[:20, 3] = 771
    code[0, 3] = -1
    arm = [0] * 20 + [1] * 20
    control, treated = describe_paths(tracked(code, arm=arm), drawn_on(arm))
    assert control.n == (20, 20, 20, 19)
    assert control.of(State.SUPPORTED_JOB) == (0.0, 0.0, 0.0, 1.0)
    assert treated.of(State.PASSIVE_BENEFIT) == (1.0,) * 4


def test_what_is_tracked_shows_no_person(tracked):
    assert "P000000" not in repr(tracked([[730] * 4] * 4))
