from datetime import date, timedelta

import numpy as np
import pytest

from ctieval.domain.registers import week_of
from ctieval.registers import weeks

DAYS = [date(1990, 1, 1) + timedelta(days=step) for step in range(366 * 50)]
ARRAY = np.array(DAYS, dtype="datetime64[D]")


def test_weeks_of_days_agree_with_the_standard_library():
    found = weeks.to_iso_weeks(weeks.weeks_of(ARRAY))
    expected = [day.isocalendar()[:2] for day in DAYS]
    assert list(zip(*(part.tolist() for part in found), strict=True)) == expected


def test_week_numbers_are_consecutive_and_begin_on_mondays():
    numbers = weeks.weeks_of(ARRAY)
    assert set(np.diff(numbers)) == {0, 1}
    assert {DAYS[position + 1].weekday() for position in np.flatnonzero(np.diff(numbers))} == {0}


def test_scalar_and_vector_agree():
    assert [week_of(day) for day in ARRAY[:800]] == weeks.weeks_of(ARRAY[:800]).tolist()


def test_dream_begins_in_week_1127():
    assert weeks.to_week_number(1991, 32) == 1127
    assert weeks.from_week_text("1991-W32") == weeks.from_dream_column("y_9132") == 1127


def test_every_week_goes_round_through_text_and_column():
    for number in range(weeks.to_week_number(1990, 1), weeks.to_week_number(2089, 52) + 1):
        text = weeks.to_week_text(number)
        assert weeks.from_week_text(text) == number
        assert weeks.from_week_text(text.replace("-", "")) == number
        assert weeks.from_dream_column(f"y_{text[2:4]}{text[-2:]}") == number


def test_years_of_53_weeks_are_those_of_the_standard_library():
    expected = [date(year, 12, 28).isocalendar().week for year in range(1990, 2090)]
    assert [weeks.weeks_in_year(year) for year in range(1990, 2090)] == expected
    assert {year for year in range(2000, 2030) if weeks.weeks_in_year(year) == 53} == {2004, 2009, 2015, 2020, 2026}


@pytest.mark.parametrize("text", ["2018-W53", "2018-W00", "2018-W5", "18-W05", "2018-05", "0000-W01", "9999-W52", ""])
def test_impossible_weeks_have_no_number(text):
    assert weeks.from_week_text(text) is None


def test_the_century_of_a_dream_column_turns_at_90():
    assert weeks.from_dream_column("y_8952") == weeks.to_week_number(2089, 52)
    assert weeks.from_dream_column("y_9001") == weeks.to_week_number(1990, 1)
    assert weeks.from_dream_column("Y_0001") == weeks.to_week_number(2000, 1)


@pytest.mark.parametrize("heading", ["y_1853", "y_1800", "y_180", "branche_2018_01", "y_18051"])
def test_other_columns_are_no_weeks(heading):
    assert weeks.from_dream_column(heading) is None


def test_a_week_belongs_to_the_month_of_its_thursday():
    thursdays = [day for day in DAYS if day.weekday() == 3]
    numbers = weeks.weeks_of(np.array(thursdays, dtype="datetime64[D]"))
    expected = [(day.year - 1970) * 12 + day.month - 1 for day in thursdays]
    assert weeks.months_of_weeks(numbers).tolist() == expected


def test_months_of_days_count_from_1970():
    assert weeks.months_of(ARRAY).tolist() == [(day.year - 1970) * 12 + day.month - 1 for day in DAYS]
    assert weeks.to_month_text(weeks.months_of(ARRAY)[0]) == "1990-01"


@pytest.mark.parametrize("length", range(1, 75))
@pytest.mark.parametrize("shift", range(8))
def test_whole_weeks_and_months_are_those_with_every_day_covered(shift, length):
    first = date(2019, 12, 28) + timedelta(days=shift)
    days = {first + timedelta(days=step) for step in range(length)}
    covers = (min(days), max(days))
    start, end = weeks.whole_weeks(covers)
    monday = date(2019, 12, 2)
    all_weeks = [[monday + timedelta(days=7 * week + day) for day in range(7)] for week in range(25)]
    assert [week_of(np.datetime64(week[0])) for week in all_weeks if days.issuperset(week)] == list(range(start, end))
    start, end = weeks.whole_months(covers)
    whole = [(2019, 12), (2020, 1), (2020, 2), (2020, 3), (2020, 4)]
    expected = [
        (year - 1970) * 12 + month - 1
        for year, month in whole
        if days.issuperset(day for day in DAYS if (day.year, day.month) == (year, month))
    ]
    assert expected == list(range(start, end))
