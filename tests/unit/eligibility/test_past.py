from datetime import date

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.registers import week_of
from ctieval.eligibility.past import build_past

AS_OF = date(2018, 1, 15)
WEEK = week_of(np.datetime64(AS_OF))
JANUARY_2018 = 48 * 12


def test_the_past_ends_with_the_week_of_the_look_up_and_is_padded_before_the_extract(extract):
    past = build_past(extract([730, 0, 651], last_week=WEEK + 1), AS_OF, weeks_back=4)
    assert past.code.tolist() == [[-1, -1, -1, -1, 730, 0]]
    assert past.first_week == WEEK - 5
    assert past.observed.tolist() == [[False] * 4 + [True] * 2]


@pytest.mark.parametrize(
    ("last_week", "expected"),
    [(WEEK - 1, [-1, -1, 730, 738, -1]), (WEEK + 1, [-1, -1, 730]), (WEEK + 2, [-1, -1]), (WEEK + 9, [-1, -1])],
)
def test_an_extract_that_ends_too_early_or_begins_too_late_is_not_observed_in_the_week(extract, last_week, expected):
    past = build_past(extract([730, 738], last_week=last_week), AS_OF, weeks_back=2)
    assert past.code.tolist() == [expected]


def test_rows_of_the_panels_are_found_by_identifier(extract):
    registers = extract(
        [[130], [730], [738]], panel_id=["P2", "P9", "P0"], hours=[[1], [2], [3]], first_month=JANUARY_2018
    )
    past = build_past(registers, AS_OF, weeks_back=1)
    assert past.person_id.tolist() == ["P0", "P1", "P2"]
    assert past.code[:, -1].tolist() == [738, -1, 130]
    np.testing.assert_array_equal(past.hours[:, -1], [3, np.nan, 1])


def test_hours_lie_on_the_months_of_the_weeks(extract):
    registers = extract([0] * 6, hours=[7, 8, 9], first_month=JANUARY_2018 - 1)
    past = build_past(registers, AS_OF, weeks_back=1)
    assert past.first_month == JANUARY_2018 - 1
    assert past.hours.tolist() == [[7, 8]]


def test_without_employment_no_hour_is_observed(extract):
    assert np.isnan(build_past(extract([730]), AS_OF, weeks_back=1).hours).all()


def test_a_date_that_the_extract_does_not_hold_is_no_date(extract):
    past = build_past(extract([[730], [730]], died_on=pd.to_datetime(["2018-01-01", None])), AS_OF, weeks_back=1)
    assert np.isnat(past.days("moved_on")).all()
    assert np.isnat(past.days("died_on")).tolist() == [False, True]


def test_periods_are_cut_off_after_the_day_and_stand_on_the_rows_of_the_persons(extract, periods):
    table = periods(
        ("P1", "2017-12-30", "2018-02-28", "730"),
        ("P9", "2018-01-01", "2018-01-02", "730"),
        ("P0", "2018-01-15", "2018-01-15", "899"),
        ("P0", "2018-01-16", "2018-01-20", "130"),
    )
    found = build_past(extract([[730], [730]], periods=table), AS_OF, weeks_back=1).periods
    day_after = (AS_OF - date(1970, 1, 1)).days + 1
    assert found.row.tolist() == [1, 0]
    assert found.start.tolist() == [day_after - 17, day_after - 1]
    assert found.end.tolist() == [day_after, day_after]
    assert found.code.tolist() == [730, 899]


def test_weekly_codes_bring_no_periods(extract):
    assert build_past(extract([730]), AS_OF, weeks_back=1).periods is None


def test_the_past_names_no_person(extract, periods):
    table = periods(("P0", "2018-01-01", "2018-01-02", "730"))
    past = build_past(extract([730, 730], periods=table), AS_OF, weeks_back=1)
    assert repr(past) == "Past(1 persons, 3 weeks)"
    assert repr(past.periods) == "Periods(1 periods)"
