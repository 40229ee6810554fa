"""Each person's own weeks: cut from her own draw, observed or not."""

from datetime import date

import numpy as np
import pytest

from ctieval.economics.horizon import build_horizon, day_of, look_up_weeks
from ctieval.errors import InputError, UnknownRateError


def test_weeks_are_counted_from_each_persons_own_draw(make_trial, codes):
    trial = make_trial([0, 1], [[(730, 1), (731, 1), (0, 2)]] * 2)
    trial.allocation.randomised_on[1] = np.datetime64("2018-01-14")
    horizon = build_horizon(trial.allocation, trial.registers.weeks, 2, codes)
    assert horizon.code.tolist() == [[730, 731], [731, 0]]
    assert horizon.week.tolist() == [[2505, 2506], [2506, 2507]]
    assert horizon.observed.all()


def test_somebody_whose_weeks_do_not_reach_the_horizon_is_not_observed(make_trial, codes):
    trial = make_trial([0, 1, 1, 0], [[(730, 4)], [(730, 3), (-1, 1)], [(999, 4)], [(730, 4)]])
    trial.allocation.randomised_on[3] = np.datetime64("2018-01-08")
    horizon = build_horizon(trial.allocation, trial.registers.weeks, 4, codes)
    assert horizon.observed.tolist() == [True, False, True, False]


def test_somebody_who_was_abroad_is_not_observed_although_she_came_back_and_the_dead_are(make_trial, codes):
    trial = make_trial([0, 1, 1], [[(730, 1), (997, 1), (730, 2)], [(730, 1), (999, 3)], [(730, 3), (997, 1)]])
    observed = [build_horizon(trial.allocation, trial.registers.weeks, weeks, codes).observed for weeks in (1, 3, 4)]
    assert [each.tolist() for each in observed] == [[True] * 3, [False, True, True], [False, True, False]]


def test_a_draw_before_the_registers_begin_is_not_observed(make_trial, codes):
    trial = make_trial([0, 1], [[(730, 4)]] * 2, drawn_on="2017-12-25")
    assert not build_horizon(trial.allocation, trial.registers.weeks, 2, codes).observed.any()


def test_somebody_who_is_not_in_the_registers_is_an_error(make_trial, codes):
    trial = make_trial([0, 1], [[(730, 4)]] * 2)
    trial.allocation.person_id[1] = "P9"
    with pytest.raises(InputError) as refused:
        build_horizon(trial.allocation, trial.registers.weeks, 2, codes)
    assert refused.value.found == "1 of 2 persons"
    assert "P9" not in str(refused.value)


def test_a_draw_without_a_day_is_an_error(make_trial, codes):
    trial = make_trial([0, 1], [[(730, 4)]] * 2)
    trial.allocation.randomised_on[:] = np.datetime64("NaT")
    with pytest.raises(InputError, match="no day of the draw"):
        build_horizon(trial.allocation, trial.registers.weeks, 2, codes)


def test_a_week_has_the_year_of_its_thursday():
    assert day_of(2504) == date(2017, 12, 28)
    assert day_of(2505) == date(2018, 1, 4)


def test_each_week_is_looked_up_once_and_what_nobody_knows_is_none():
    asked = []

    def look_up(on: date) -> int:
        asked.append(on)
        if on.year == 2018:
            return 18
        raise UnknownRateError(name="x", nearest=(), where="")

    found, place, known = look_up_weeks(np.array([2505, 2504, 2505]), look_up)
    assert found == (None, 18)
    assert (place.tolist(), known.tolist()) == ([1, 0, 1], [True, False, True])
    assert len(asked) == 2


def test_nothing_shows_a_person(make_trial, codes):
    trial = make_trial([0, 1], [[(730, 4)]] * 2)
    assert repr(build_horizon(trial.allocation, trial.registers.weeks, 4, codes)) == "Horizon(2 persons, 4 weeks)"
