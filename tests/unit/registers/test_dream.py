from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.registers import BLANK, NOT_OBSERVED
from ctieval.errors import SchemaError
from ctieval.registers.dream import absent_weeks, find_week_columns, observed_span, week_columns
from ctieval.registers.weeks import (
    from_dream_column,
    from_week_text,
    months_of_weeks,
    to_iso_weeks,
    to_month_text,
    to_week_number,
)

FIRST, LAST = date.fromisocalendar(1991, 32, 1), date.fromisocalendar(2035, 52, 1)
MONDAYS = [FIRST + timedelta(days=days) for days in range(0, (LAST - FIRST).days + 1, 7)]
A = 0


def heading(monday):
    year, week, _ = monday.isocalendar()
    return f"y_{year % 100:02d}{week:02d}"


def test_every_week_from_1991_to_2035_is_that_of_the_standard_library():
    for monday in MONDAYS:
        year, week, _ = monday.isocalendar()
        number = from_dream_column(heading(monday))
        assert number == to_week_number(year, week) == (monday - date(1970, 1, 1)).days // 7 + 1
        assert date.fromisocalendar(year, week, 4) == date(1970, 1, 1) + timedelta(days=7 * number)


def test_every_week_belongs_to_the_month_of_its_thursday():
    numbers = find_week_columns(map(heading, MONDAYS))
    months = [to_month_text(int(month)) for month in months_of_weeks(np.array(list(numbers)))]
    assert months == [(monday + timedelta(days=3)).strftime("%Y-%m") for monday in MONDAYS]


def test_the_columns_of_the_whole_register_follow_one_another_in_any_order_and_case():
    headings = [heading(monday).upper() if at % 2 else heading(monday) for at, monday in enumerate(MONDAYS)]
    columns = find_week_columns(headings[::-1])
    assert list(columns) == list(range(1127, 1127 + len(MONDAYS)))
    assert list(columns.values()) == headings
    long_years = to_iso_weeks(np.array([week for week, text in columns.items() if text.endswith("53")]))[0]
    assert long_years.tolist() == [1992, 1998, 2004, 2009, 2015, 2020, 2026, 2032]


def test_weeks_without_a_column_are_named_where_none_may_be_absent():
    assert absent_weeks([10, 12], (9, 13)) == [9, 11]
    with pytest.raises(SchemaError) as caught:
        week_columns(pd.DataFrame(columns=["y_1801", "y_1804"]))
    assert (caught.value.column, caught.value.rule) == ("y_1802", "a column for every week")
    assert "2 without, first 2018-W02" in caught.value.expected


def test_the_plan_says_which_weeks_must_be_there():
    weeks = [from_week_text(f"2018-W{number:02d}") for number in (1, 2, 4)]
    assert observed_span(weeks, None) == (weeks[0], weeks[-1] + 1)
    assert observed_span(weeks, (date(2018, 1, 1), date(2018, 1, 14))) == (weeks[0], weeks[1] + 1)
    with pytest.raises(SchemaError) as caught:
        observed_span(weeks, (date(2018, 1, 1), date(2018, 1, 28)))
    assert (caught.value.column, caught.value.rule) == ("y_1803", "inside covers")


def test_a_week_without_a_column_is_not_observed_and_told(read_folder):
    registers = read_folder(covers=None, dream=[{"lobenr": "a", "Y_1804": 651, "y_1801": 730, "y_1802": ""}])
    assert registers.weeks.code.tolist() == [[730, BLANK, NOT_OBSERVED, 651], [BLANK, BLANK, NOT_OBSERVED, BLANK]]
    told = next(line for line in registers.recognised if line.startswith("dream"))
    assert "2018-W01 to 2018-W04 observed" in told
    assert "weeks between them without a column (not observed): 1" in told


def test_the_dead_are_dead_also_in_a_week_without_a_column(read_folder):
    persons = [
        {"person_id": "a", "birth_date": "01-02-1970", "sex": "female", "municipality": "153", "died_on": "03-01-2018"},
        {"person_id": "b", "birth_date": "01-02-1970", "sex": "female", "municipality": "153", "died_on": ""},
    ]
    registers = read_folder(covers=None, persons=persons, dream=[{"lobenr": "a", "y_1801": 730, "y_1803": ""}])
    assert registers.weeks.code.tolist() == [[730, 999, 999], [BLANK, NOT_OBSERVED, BLANK]]


@pytest.mark.parametrize("year", [1992, 2015, 2020, 2026])
def test_a_year_of_53_weeks_has_its_last_week_before_the_first_of_the_next(read_folder, year):
    cells = {f"y_{(year + 1) % 100:02d}01": 111, f"y_{year % 100:02d}53": 651, f"y_{year % 100:02d}52": 730}
    registers = read_folder(covers=None, dream=[{"lobenr": "a", **cells}])
    assert registers.weeks.first_week == to_week_number(year, 52)
    assert registers.weeks.code[A].tolist() == [730, 651, 111]
