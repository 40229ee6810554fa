from datetime import date

import pytest

from ctieval.registers.date_text import from_date_text, from_month_text, has_date_shape

DAY = date(2019, 12, 31)


@pytest.mark.parametrize(
    "text",
    [
        "31-12-2019",
        "31.12.2019",
        "31/12/2019",
        "2019-12-31",
        "2019-12-31T00:00:00",
        "2019-12-31 13:45",
        "31-12-2019 8:05:01.5",
    ],
)
def test_danish_and_iso_days_are_read(text):
    assert from_date_text(text) == DAY


def test_the_day_comes_before_the_month():
    assert from_date_text("01/02/2019") == from_date_text("1-2-2019") == date(2019, 2, 1)


@pytest.mark.parametrize(
    "text", ["31-02-2020", "29-02-2019", "12/31/2019", "2019-13-01", "31-12-1899", "01-01-2100", "00-01-2000"]
)
def test_impossible_days_have_the_shape_and_no_value(text):
    assert has_date_shape(text)
    assert from_date_text(text) is None


@pytest.mark.parametrize(
    "text", ["31-12-19", "31-12/2019", "2019", "20191231", "31 december 2019", "", "2019-1-1", "2019-12-31x"]
)
def test_other_texts_are_no_days(text):
    assert not has_date_shape(text)
    assert from_date_text(text) is None


def test_29_february_exists_in_leap_years():
    assert from_date_text("29-02-2020") == date(2020, 2, 29)


@pytest.mark.parametrize("text", ["2018-03", "2018M03", "01-03-2018", "2018-03-17"])
def test_a_month_is_read_from_itself_or_from_a_day_in_it(text):
    assert from_month_text(text) == date(2018, 3, 1)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("mar-18", date(2018, 3, 1)),
        ("maj-18", date(2018, 5, 1)),
        ("May-18", date(2018, 5, 1)),
        ("okt. 2018", date(2018, 10, 1)),
        ("december 2018", date(2018, 12, 1)),
        ("jan-95", date(1995, 1, 1)),
    ],
)
def test_a_month_is_read_as_excel_shows_it(text, month):
    assert from_month_text(text) == month


@pytest.mark.parametrize(
    "text", ["2018-13", "2018-00", "1899-12", "mrt-18", "mar-8", "mar-018", "2018", "31-02-2018", "2018-3"]
)
def test_other_texts_are_no_months(text):
    assert from_month_text(text) is None
