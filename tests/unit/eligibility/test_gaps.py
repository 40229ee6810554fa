import tomllib
from importlib import resources

import numpy as np
import pytest

from ctieval.domain.criterion import GapRule
from ctieval.eligibility.gaps import Gaps, breaks_spell

FIRST_MONTH = (2016 - 1970) * 12


def breaks(rule, first, last, **hours):
    """Whether one gap, from its first day to its last, breaks the spell; hours are by month, ``m05=11``."""
    start, end = (np.array([day], dtype="datetime64[D]").astype(np.int64) for day in (first, last))
    worked = np.zeros((1, 36))
    for month, value in hours.items():
        worked[0, 11 + int(month[1:])] = value
    gaps = Gaps(np.array([0]), start=start, end=end + 1)
    return bool(breaks_spell(gaps, rule, hours=worked, first_month=FIRST_MONTH)[0])


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2017-05-01", "2017-05-31", True),
        ("2017-08-01", "2017-08-31", True),
        ("2017-05-02", "2017-05-31", False),
        ("2017-05-01", "2017-05-30", False),
        ("2017-02-01", "2017-02-28", True),
        ("2016-02-01", "2016-02-28", False),  # the leap day is missing
        ("2017-05-02", "2017-06-29", False),  # 59 days, and no month
        ("2017-05-02", "2017-06-30", True),
        ("2016-12-01", "2016-12-31", True),
    ],
)
def test_a_calendar_month_is_off_when_every_day_of_it_is(first, last, expected):
    assert breaks(GapRule.CALENDAR_MONTH, first, last) == expected


@pytest.mark.parametrize(
    ("last", "expected"),
    [("2017-05-29", False), ("2017-05-30", True)],  # 28 days and 29, from a Tuesday
)
def test_28_days_are_28_days(last, expected):
    assert breaks(GapRule.DAYS_28, "2017-05-02", last) == expected


def test_hours_of_the_months_that_a_gap_touches_count_in_full():
    assert not breaks(GapRule.DAYS_28, "2017-05-30", "2017-05-31", m05=10, m06=99)
    assert not breaks(GapRule.DAYS_28, "2017-05-30", "2017-06-01", m05=6, m06=4)
    assert breaks(GapRule.DAYS_28, "2017-05-30", "2017-06-01", m05=6, m06=4.5)
    assert breaks(GapRule.DAYS_28, "2017-05-30", "2017-05-30", m05=10.5)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2017-05-01", "2017-05-07", True),  # Monday to Sunday
        ("2017-05-02", "2017-05-13", False),  # 12 days, Tuesday to Saturday of the week after
        ("2017-05-02", "2017-05-14", True),
        ("2017-05-07", "2017-05-07", False),
    ],
)
def test_the_strict_rule_asks_for_a_whole_week(first, last, expected):
    assert breaks(GapRule.STRICT, first, last) == expected


def test_gaps_are_judged_one_by_one():
    gaps = Gaps(np.array([1, 0]), start=np.array([0, 100]), end=np.array([29, 101]))
    assert breaks_spell(gaps, GapRule.DAYS_28, hours=np.zeros((2, 9)), first_month=0).tolist() == [True, False]
    assert repr(gaps) == "Gaps(2 gaps)"


def test_borrowed_rules_carry_their_source():
    text = resources.files("ctieval.eligibility").joinpath("gap_rules.toml").read_text(encoding="utf-8")
    rules = tomllib.loads(text)
    assert set(rules) == {rule.value for rule in GapRule} - {GapRule.STRICT.value}
    for rule in rules.values():
        assert set(rule["source"]) == {"title", "section", "href", "retrieved"}
        assert rule["source"]["href"].startswith("https://")
