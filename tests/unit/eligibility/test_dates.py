from datetime import date, timedelta

import numpy as np
import pytest

from ctieval.domain.criterion import Eligibility, GapRule, MinimumAge, MinimumUnemployment
from ctieval.eligibility.dates import screen_dates

AS_OF = date(2018, 1, 15)
PLAN = Eligibility(AS_OF, (MinimumAge(30), MinimumUnemployment(4, GapRule.STRICT, "kontanthjaelp")))


def week(by):
    return AS_OF + timedelta(weeks=by)


@pytest.fixture
def three(extract):
    """On benefit for the last eight weeks; for the last two; and eight weeks ago, for six."""
    code = np.zeros((3, 20), dtype=np.int16)
    code[0, -8:] = code[1, -2:] = code[2, -14:-8] = 730
    return extract(code)


def test_each_day_is_looked_up_with_what_was_known_by_then(three, codes):
    found = screen_dates(PLAN, three, codes, [week(0), week(-4), week(-8)])
    assert found.days.tolist() == [week(-8), week(-4), week(0)]
    assert found.eligible.T.tolist() == [[False, False, True], [True, False, False], [True, False, False]]
    assert found.entering.tolist() == [1, 1, 0]


def test_the_first_day_of_each_person_is_told_and_that_there_is_none(three, codes):
    found = screen_dates(PLAN, three, codes, [week(-8), week(-4), week(0)])
    assert found.person_id.tolist() == ["P0", "P1", "P2"]
    assert found.first_day.tolist() == [week(-4), None, week(-8)]


def test_before_the_extract_begins_nobody_is_in_and_nobody_fails_for_it(three, codes):
    found = screen_dates(PLAN, three, codes, [week(-40)])
    assert not found.eligible.any()
    assert found.not_assessable.all()


def test_a_day_named_twice_is_looked_up_once(three, codes):
    assert screen_dates(PLAN, three, codes, [week(0), week(0)]).eligible.shape == (3, 1)


def test_a_look_up_needs_a_day(three, codes):
    with pytest.raises(ValueError, match="needs a day"):
        screen_dates(PLAN, three, codes, [])


def test_the_repr_names_the_size_alone(three, codes):
    assert repr(screen_dates(PLAN, three, codes, [AS_OF])) == "EligibleDays(3 persons, 1 days)"
