import tomllib
from datetime import date
from importlib import resources

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
    [(GapRule.STRICT, (3, 3)), (GapRule.DAYS_28, (8, 8)), (GapRule.CALENDAR_MONTH, (10, 20))],
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
    assert spell(extract, codes, GapRule.DAYS_28, weeks) == (2, 5)
    assert spell(extract, codes, GapRule.DAYS_28, weeks, **CALM) == (5, 5)


def test_spells_are_counted_person_by_person(extract, codes):
    registers = extract([[0, 730, 730], [730, 0, 730], [730, 730, 0]])
    weeks = count_spell_weeks(build_past(registers, AS_OF, weeks_back=1), codes.lookup("kontanthjaelp"), GapRule.STRICT)
    assert weeks.most.tolist() == [2, 1, 0]


@pytest.mark.parametrize(
    ("row", "expected"), [([], 0), ([0, 0], 0), ([1, 1], 2), ([1, 0, 1, 1, 0], 2), ([1, 1, 1, 0, 1], 3)]
)
def test_the_longest_run(row, expected):
    assert count_longest_run(np.array([row], dtype=bool)).tolist() == [expected]


def test_borrowed_rules_carry_their_source():
    text = resources.files("ctieval.eligibility").joinpath("gap_rules.toml").read_text(encoding="utf-8")
    rules = tomllib.loads(text)
    assert set(rules) == {rule.value for rule in GapRule} - {GapRule.STRICT.value}
    for rule in rules.values():
        assert set(rule["source"]) == {"title", "section", "href", "retrieved"}
        assert rule["source"]["href"].startswith("https://")
    assert rules["28_days"]["longest_gap_days"] % 7 == 0
