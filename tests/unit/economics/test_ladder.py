"""The state's share of each person's own weeks, counted from her history in the registers."""

import numpy as np
import pytest

from ctieval.domain.wording import MissingInput
from ctieval.economics.horizon import build_horizon
from ctieval.economics.ladder import track_ladder


def track(trial, book, codes, weeks):
    horizon = build_horizon(trial.allocation, trial.registers.weeks, weeks, codes)
    needed = np.ones(horizon.week.shape, dtype=bool)
    return track_ladder(horizon, trial.registers.weeks, codes, book, needed=needed)


def codes_of(ladder):
    return [notice.code for notice in ladder.notices]


def test_the_history_before_the_draw_counts(make_trial, book, codes):
    trial = make_trial(
        [0, 1], [[(0, 156), (730, 6)], [(730, 60), (0, 96), (730, 6)]], from_day="2015-01-05", drawn_on="2018-01-01"
    )
    ladder = track(trial, book, codes, 6)
    assert ladder.ladder_week.tolist() == [[1, 2, 3, 4, 5, 6]] * 2
    assert ladder.share == pytest.approx(np.array([[0.8] * 4 + [0.4] * 2] * 2))
    assert codes_of(ladder) == []


def test_weeks_count_from_july_2014_though_the_ladder_came_in_2016(make_trial, book, codes):
    # 2014-W27 holds 1 July 2014: 79 weeks on benefit lie between it and 2016-W01, whatever came before.
    trial = make_trial([0, 1], [[(730, 300)], [(0, 200), (730, 100)]], from_day="2012-01-02", drawn_on="2016-01-04")
    ladder = track(trial, book, codes, 2)
    assert ladder.ladder_week[0].tolist() == [80, 81]
    assert ladder.ladder_week[1].tolist() == [10, 11]


def test_before_the_ladder_no_share_is_known(make_trial, book, codes):
    trial = make_trial([0, 1], [[(730, 110)]] * 2, from_day="2014-01-06", drawn_on="2015-12-28")
    ladder = track(trial, book, codes, 2)
    assert np.isnan(ladder.share).tolist() == [[True, False]] * 2
    assert ladder.missing == (MissingInput("economics.refund", "rates/refund_share.toml"),)


def test_only_what_is_asked_for_is_looked_up(make_trial, book, codes):
    trial = make_trial([0, 1], [[(0, 110)]] * 2, from_day="2014-01-06", drawn_on="2015-12-28")
    horizon = build_horizon(trial.allocation, trial.registers.weeks, 2, codes)
    nothing = np.zeros(horizon.week.shape, dtype=bool)
    ladder = track_ladder(horizon, trial.registers.weeks, codes, book, needed=nothing)
    assert (ladder.missing, ladder.schedules) == ((), ())
    assert np.isnan(ladder.share).all()


@pytest.mark.parametrize(
    ("code", "week_on_return"),
    [
        pytest.param(0, 1, id="blank"),
        pytest.param(121, 1, id="holiday out of a job"),
        pytest.param(735, 107, id="wage subsidy counts as support"),
        pytest.param(771, 107, id="so does a flexjob"),
        pytest.param(783, 107, id="and a disability pension, which the ladder finances"),
        pytest.param(651, 55, id="a study grant neither counts nor starts again"),
        pytest.param(521, 55, id="nor an apprenticeship with subsidy"),
        pytest.param(997, 55, id="nor weeks abroad"),
        pytest.param(-1, 55, id="nor weeks not observed"),
    ],
)
def test_what_other_weeks_do_to_the_count(make_trial, book, codes, code, week_on_return):
    runs = [[(730, 54), (code, 52), (730, 1)]] * 2
    ladder = track(make_trial([0, 1], runs, from_day="2016-01-04", drawn_on="2018-01-15"), book, codes, 1)
    assert ladder.ladder_week.tolist() == [[week_on_return]] * 2


def test_a_history_that_does_not_reach_back_is_counted_and_said(make_trial, book, codes):
    trial = make_trial([0, 1], [[(730, 10)]] * 2, from_day="2018-01-01", drawn_on="2018-01-29")
    (notice,) = track(trial, book, codes, 2).notices
    assert notice.code == "W-REFUND-HISTORY-SHORT"
    assert dict(notice.facts) == {"persons": 2, "weeks": 156}


def test_a_gap_in_the_history_is_counted_person_by_person(make_trial, book, codes):
    runs = [[(730, 160)], [(730, 20), (-1, 1), (730, 139)]]
    trial = make_trial([0, 1], runs, from_day="2015-01-05", drawn_on="2018-01-01")
    (notice,) = track(trial, book, codes, 2).notices
    assert dict(notice.facts)["persons"] == 1


def test_a_history_from_july_2014_is_long_enough(make_trial, book, codes):
    trial = make_trial([0, 1], [[(730, 100)]] * 2, from_day="2014-06-30", drawn_on="2016-01-04")
    assert codes_of(track(trial, book, codes, 2)) == []


def test_registers_that_end_before_the_law_are_not_counted(make_trial, book, codes):
    trial = make_trial([0, 1], [[(730, 10)]] * 2, from_day="2013-01-07", drawn_on="2013-01-14")
    ladder = track(trial, book, codes, 2)
    assert not ladder.ladder_week.any()
    assert np.isnan(ladder.share).all()


def test_nothing_shows_a_person(make_trial, book, codes):
    assert repr(track(make_trial([0, 1], [[(730, 4)]] * 2), book, codes, 4)) == "LadderWeeks(2 persons, 4 weeks)"
