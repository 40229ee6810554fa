import math
from dataclasses import replace

import pytest

from ctieval.domain.outcome import State
from ctieval.domain.state_paths import PATH_STATES, ArmStates, Placebo, StateCurve, StatePaths
from ctieval.domain.window import Window

HALVES = tuple((0.5, 0.25) if number < 2 else (0.0, 0.5 if number == 2 else 0.0) for number in range(len(PATH_STATES)))
ARM = ArmStates((10, 9), HALVES)


def curve(weeks=2):
    ends = (0.0,) * weeks
    return StateCurve(State.BENEFIT, (9,) * weeks, (9,) * weeks, ends, ends, ends, ends, ends, Placebo(1, 0, 0.95))


def test_shares_of_a_week_add_up_to_one():
    assert ARM.of(State.ORDINARY_JOB) == (0.5, 0.25)
    short = (*HALVES[:-1], (0.0, 0.1))
    with pytest.raises(ValueError, match="add up to one"):
        ArmStates((10, 9), short)


def test_a_share_that_is_no_number_adds_up_to_nothing():
    with pytest.raises(ValueError, match="add up to one"):
        ArmStates((10, 9), ((math.nan, 0.25), *HALVES[1:]))


@pytest.mark.parametrize(("n", "shares"), [((10,), HALVES), ((10, 9), HALVES[:-1])])
def test_every_state_and_week_has_a_share(n, shares):
    with pytest.raises(ValueError, match="every state and week"):
        ArmStates(n, shares)


def test_all_series_run_over_the_same_weeks():
    paths = StatePaths(Window(-1, 1), 0.95, ARM, ARM, (curve(),))
    assert paths.weeks == (-1, 0)
    assert paths.curve(State.BENEFIT) is paths.curves[0]
    with pytest.raises(ValueError, match="2 weeks"):
        replace(paths, curves=(curve(3),))
    with pytest.raises(ValueError, match="3 weeks"):
        replace(paths, window=Window(-1, 2))


def test_one_week_in_twenty_is_expected_outside():
    assert Placebo(52, 15, 0.95).expected == pytest.approx(2.6)
