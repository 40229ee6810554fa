from datetime import date

import numpy as np

from ctieval.eligibility.past import build_past
from ctieval.eligibility.timeline import lay_timeline

MONDAY, WEDNESDAY = date(2018, 1, 15), date(2018, 1, 17)


def line(extract, codes, code, as_of=MONDAY, **known):
    return lay_timeline(build_past(extract(code, **known), as_of, weeks_back=1), codes.lookup("kontanthjaelp"))


def test_weekly_codes_make_cells_of_a_week(extract, codes):
    found = line(extract, codes, [730, 0, 890, -1])
    assert found.days == 7
    assert np.datetime64(found.first_day, "D") == np.datetime64("2017-12-18")
    assert found.on_benefit.tolist() == [[False, True, False, False, False]]
    assert found.observed.tolist() == [[False, True, True, True, False]]


def test_periods_make_cells_of_a_day_up_to_the_look_up(extract, codes, periods):
    table = periods(
        ("P0", "2018-01-01", "2018-01-09", "730"),
        ("P0", "2018-01-08", "2018-01-10", "738"),  # overlaps, and is the same benefit
        ("P0", "2018-01-12", "2018-01-14", "890"),
        ("P0", "2018-01-16", "2018-12-31", "130"),
    )
    found = line(extract, codes, [0, 0], WEDNESDAY, periods=table)
    assert found.days == 1
    assert np.datetime64(found.first_day, "D") == np.datetime64("2018-01-01")
    assert found.on_benefit[0].tolist() == [False] * 7 + [True] * 3 + [False] * 5 + [True] * 2
    assert found.observed[0].tolist() == [False] * 7 + [True] * 10
    assert found.at_most().on_benefit[0].tolist() == [True] * 10 + [False] * 5 + [True] * 2


def test_periods_that_begin_before_the_first_week_are_cut(extract, codes, periods):
    found = line(extract, codes, [0, 0], periods=periods(("P0", "1999-01-01", "2018-01-15", "730")))
    assert found.on_benefit[0].tolist() == [False] * 7 + [True] * 8


def test_a_timeline_names_no_person(extract, codes):
    assert repr(line(extract, codes, [730, 0])) == "Timeline(1 persons, 3 cells of 7 days)"
