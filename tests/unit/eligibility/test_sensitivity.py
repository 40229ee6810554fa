from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.criterion import ActivityReady, Eligibility, GapRule, MinimumAge, MinimumUnemployment
from ctieval.domain.sensitivity import Varied
from ctieval.eligibility import assess
from ctieval.eligibility.alternatives import Ranges
from ctieval.eligibility.screen import screen
from ctieval.eligibility.sensitivity import screen_alternatives
from ctieval.errors import InputError

AS_OF = date(2018, 1, 15)
PLAN = Eligibility(AS_OF, (MinimumAge(30), MinimumUnemployment(52, GapRule.STRICT, "kontanthjaelp"), ActivityReady()))


def weeks(*runs):
    """Codes of 120 weeks, the last of which is that of the look-up."""
    code = np.concatenate([np.full(n, what, dtype=np.int16) for what, n in runs])
    return np.concatenate([np.zeros(120 - len(code), dtype=np.int16), code])


@pytest.fixture
def five(extract):
    """52 weeks at 40; 51 at 40; 110 at 29; 60 at 31; 52 at 40, half of them on sickness benefit."""
    code = [weeks((730, n)) for n in (52, 51, 110, 60)] + [weeks((890, 26), (730, 26))]
    born = pd.to_datetime(["1978-01-01", "1978-01-01", "1989-01-01", "1987-01-01", "1978-01-01"])
    return extract(code, birth_date=born)


def rows_of(table, varied, name):
    return {getattr(row.thresholds, name): row for row in table.of(varied)}


def test_each_alternative_counts_whom_it_lets_in_and_keeps_out(five, codes):
    table = screen_alternatives(PLAN, five, codes)
    by_age = rows_of(table, Varied.AGE, "years")
    assert {years: (row.eligible, row.gained, row.lost) for years, row in by_age.items()} == {
        28: (3, 1, 0),
        29: (3, 1, 0),
        30: (2, 0, 0),
        31: (2, 0, 0),
        32: (1, 0, 1),
    }
    by_weeks = rows_of(table, Varied.WEEKS, "weeks")
    assert {each: (row.eligible, row.gained, row.lost) for each, row in by_weeks.items()} == {
        26: (4, 2, 0),
        39: (3, 1, 0),
        52: (2, 0, 0),
        78: (0, 0, 2),
        104: (0, 0, 2),
    }
    by_benefits = rows_of(table, Varied.BENEFITS, "benefits")
    assert (by_benefits["connected_unemployment"].eligible, by_benefits["connected_unemployment"].gained) == (3, 1)


def test_the_planned_thresholds_are_the_screening(five, codes):
    table = screen_alternatives(PLAN, five, codes)
    planned = [row for row in (*table.one_way, *table.grid) if row.thresholds == table.planned]
    assert len(planned) == 5
    assert {row.eligible for row in planned} == {int(screen(PLAN, five, codes).eligible.sum())}
    assert {(row.gained, row.lost) for row in planned} == {(0, 0)}


def test_age_and_weeks_are_changed_together(five, codes):
    grid = {(row.thresholds.years, row.thresholds.weeks): row for row in screen_alternatives(PLAN, five, codes).grid}
    assert len(grid) == 25
    both = grid[28, 104]
    assert (both.eligible, both.gained, both.lost) == (1, 1, 2)


def test_a_history_that_is_too_short_cannot_be_assessed_and_is_no_failure(extract, codes):
    """60 weeks of history: whoever is on benefit in all of them may have been so for 78, or not."""
    short = extract([np.full(60, 730), weeks((730, 55))[-60:]])
    by_weeks = rows_of(screen_alternatives(PLAN, short, codes), Varied.WEEKS, "weeks")
    found = {each: (row.eligible, row.lost, row.not_assessable) for each, row in by_weeks.items()}
    assert found == {26: (2, 0, 0), 39: (2, 0, 0), 52: (2, 0, 0), 78: (0, 2, 1), 104: (0, 2, 1)}


def test_the_drawn_who_would_remain_are_counted(five, codes):
    drawn = np.array(["P0", "P3", "somebody who is not in the registers"], dtype=object)
    by_age = rows_of(screen_alternatives(PLAN, five, codes, drawn=drawn), Varied.AGE, "years")
    assert {years: row.drawn_eligible for years, row in by_age.items()} == {28: 2, 29: 2, 30: 2, 31: 2, 32: 1}
    assert {row.drawn_eligible for row in screen_alternatives(PLAN, five, codes).one_way} == {None}


def test_a_plan_without_thresholds_has_no_alternatives(five, codes):
    table = screen_alternatives(replace(PLAN, criteria=(ActivityReady(),)), five, codes)
    assert (table.one_way, table.grid) == ((), ())


def test_the_thresholds_to_try_may_be_named(five, codes):
    table = screen_alternatives(PLAN, five, codes, ranges=Ranges(years=(18,), gap_rules=()))
    assert [row.thresholds.years for row in table.of(Varied.AGE)] == [18, 30]
    assert [row.thresholds.gap_rule for row in table.of(Varied.GAP_RULE)] == [GapRule.STRICT]


def test_an_unknown_set_of_benefits_is_refused(five, codes):
    with pytest.raises(InputError, match="no set called mad_money"):
        screen_alternatives(PLAN, five, codes, ranges=Ranges(benefits=("mad_money",)))


def test_spells_are_measured_once_for_each_rule_and_set(five, codes, monkeypatch):
    measured = []
    count = assess.count_spell_weeks

    def counting(past, benefits, gap_rule):
        measured.append((gap_rule, int(benefits.sum())))
        return count(past, benefits, gap_rule)

    monkeypatch.setattr(assess, "count_spell_weeks", counting)
    table = screen_alternatives(PLAN, five, codes)
    assert len(table.one_way) + len(table.grid) > 40
    assert len(measured) == len(set(measured)) == 6


def test_nothing_shows_a_person(five, codes):
    assert "P0" not in repr(screen_alternatives(PLAN, five, codes, drawn=np.array(["P0"], dtype=object)))
