from datetime import date

import numpy as np
import pytest

from ctieval.domain.criterion import GapRule
from ctieval.eligibility.past import build_past
from ctieval.eligibility.spells import count_longest_run, count_spell_weeks

AS_OF = date(2018, 1, 15)
CALM = {"hours": [[0.0] * 24], "first_month": (2016 - 1970) * 12 + 6}


def spell(extract, codes, rule, code, **hours):
    past = build_past(extract(code, **hours), AS_OF, weeks_back=10)
    weeks = count_spell_weeks(past, codes.lookup("kontanthjaelp"), rule)
    return int(weeks.least[0]), int(weeks.most[0])


@pytest.mark.parametrize(
    ("rule", "expected"),
    [(GapRule.STRICT, (3, 3)), (GapRule.DAYS_28, (12, 12)), (GapRule.CALENDAR_MONTH, (19, 29))],
)
def test_each_rule_reaches_back_as_far_as_it_allows(extract, codes, rule, expected):
    weeks = [730] * 2 + [0] * 5 + [730] * 5 + [0] * 4 + [730] * 3
    assert spell(extract, codes, rule, weeks, **CALM) == expected


@pytest.mark.parametrize("rule", GapRule)
def test_off_benefit_in_the_week_there_is_no_spell(extract, codes, rule):
    assert spell(extract, codes, rule, [730, 730, 0], **CALM) == (0, 0)


def test_the_bounds_meet_where_everything_is_observed(extract, codes):
    assert spell(extract, codes, GapRule.STRICT, [0, 730, 730]) == (2, 2)
    assert spell(extract, codes, GapRule.STRICT, [730, 730]) == (2, 12)
    assert spell(extract, codes, GapRule.STRICT, [0, 730, -1, 730]) == (1, 3)
    assert spell(extract, codes, GapRule.STRICT, [0, 730, -1]) == (0, 2)


def test_a_gap_whose_hours_are_not_known_may_or_may_not_break_the_spell(extract, codes):
    weeks = [0] * 5 + [730] * 3 + [0] + [730] * 2
    assert spell(extract, codes, GapRule.DAYS_28, weeks) == (2, 6)
    assert spell(extract, codes, GapRule.DAYS_28, weeks, **CALM) == (6, 6)


def test_periods_are_counted_in_days_up_to_the_look_up(extract, codes, periods):
    table = periods(("P0", "2017-12-20", "2017-12-27", "730"), ("P0", "2018-01-04", "2018-01-31", "730"))
    known = {"periods": table, **CALM}
    assert spell(extract, codes, GapRule.STRICT, [0] * 12, **known) == (3, 3)  # 27 days; no whole week off
    assert spell(extract, codes, GapRule.DAYS_28, [0] * 12, **known) == (3, 3)
    off = periods(("P0", "2017-12-01", "2018-01-14", "730"), ("P0", "2018-01-16", "2018-01-31", "730"))
    assert spell(extract, codes, GapRule.DAYS_28, [730] * 8, periods=off, **CALM) == (0, 0)


def test_days_of_a_week_that_is_not_observed_may_or_may_not_be_on_benefit(extract, codes, periods):
    table = periods(("P0", "2017-12-25", "2018-01-15", "730"))
    assert spell(extract, codes, GapRule.STRICT, [0, 0, -1, 0, 0], periods=table, **CALM) == (1, 3)
    assert spell(extract, codes, GapRule.STRICT, [0, 0, 0, 0, -1], periods=table, **CALM) == (0, 3)


def test_spells_are_counted_person_by_person(extract, codes):
    registers = extract([[0, 730, 730], [730, 0, 730], [730, 730, 0]])
    weeks = count_spell_weeks(build_past(registers, AS_OF, weeks_back=1), codes.lookup("kontanthjaelp"), GapRule.STRICT)
    assert weeks.most.tolist() == [2, 1, 0]


@pytest.mark.parametrize(
    ("row", "expected"), [([], 0), ([0, 0], 0), ([1, 1], 2), ([1, 0, 1, 1, 0], 2), ([1, 1, 1, 0, 1], 3)]
)
def test_the_longest_run(row, expected):
    assert count_longest_run(np.array([row], dtype=bool)).tolist() == [expected]
