"""Monthly earnings in weeks: by the days, and never 0 where nobody knows."""

import numpy as np
import pytest

from ctieval.domain.registers import EmploymentPanel, week_of
from ctieval.economics.earnings import spread_earnings
from ctieval.economics.horizon import Horizon

IDS = np.array(["A", "B"], dtype=object)
FIRST = (2018 - 1970) * 12
MONDAY = week_of(np.datetime64("2018-01-22"))


def horizon_of(weeks, observed=(True, True)):
    week = np.tile(np.arange(MONDAY, MONDAY + weeks), (2, 1))
    return Horizon(np.arange(2), week, np.zeros_like(week, dtype=np.int16), np.array(observed))


def panel_of(*earnings):
    earned = np.array(earnings, dtype=float)
    return EmploymentPanel(IDS, FIRST, earned / 100, earned)


def test_a_week_takes_each_of_its_days_from_the_month_of_the_day():
    """31 January 2018 is a Wednesday: the second week has three days of January and four of February."""
    found = spread_earnings(panel_of([3100, 5600, 0], [0, 2800, 0]), IDS, horizon_of(3))
    assert found.kroner == pytest.approx(np.array([[700, 3 * 100 + 4 * 200, 1400], [0, 4 * 100, 700]]))
    assert (found.missing, found.notices) == ((), ())


def test_the_weeks_of_a_year_hold_the_earnings_of_its_months():
    year = panel_of(*[np.arange(1, 16) * 1000.0] * 2)
    weeks = horizon_of(52)
    days = (weeks.week[0][:, None] * 7 - 3 + np.arange(7)).astype("datetime64[D]")
    by_day = dict.fromkeys(days.ravel().tolist(), 0.0)
    for month, earned in enumerate(year.earnings[0]):
        start = (np.datetime64("2018-01") + month).astype("datetime64[D]")
        end = (np.datetime64("2018-01") + month + 1).astype("datetime64[D]")
        for day in np.arange(start, end).tolist():
            if day in by_day:
                by_day[day] = earned / int((end - start).astype(int))
    found = spread_earnings(year, IDS, weeks).kroner[0]
    assert found == pytest.approx([sum(by_day[day] for day in week) for week in days.tolist()])


def test_known_days_stand_for_a_week_that_reaches_into_a_month_that_is_not_known():
    found = spread_earnings(panel_of([3100], [0]), IDS, horizon_of(2))
    assert found.kroner[0].tolist() == [700, 700]
    assert found.missing == ()


def test_a_week_of_which_nothing_is_known_takes_the_earnings_away():
    found = spread_earnings(panel_of([3100], [0]), IDS, horizon_of(3))
    assert np.isnan(found.kroner[:, 2]).all()
    assert [each.what for each in found.missing] == ["economics.earnings"]
    assert [each.code for each in found.notices] == ["W-EARNINGS-NOT-KNOWN"]


def test_somebody_who_is_not_in_the_account_takes_nothing_away():
    panel = panel_of([3100, 2800], [3100, np.nan])
    assert spread_earnings(panel, IDS, horizon_of(3, observed=(True, False))).missing == ()
    assert spread_earnings(panel, IDS, horizon_of(3)).missing


def test_without_a_table_nobody_earns_a_known_amount():
    found = spread_earnings(None, IDS, horizon_of(2))
    assert np.isnan(found.kroner).all()
    assert repr(found) == "EarningWeeks(2 persons, 2 weeks)"
