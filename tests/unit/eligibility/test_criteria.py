from datetime import date

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.criterion import ActivityReady, GapRule, InRegister, MinimumAge, MinimumUnemployment
from ctieval.domain.wording import Notice
from ctieval.eligibility.criteria import Check, age_in_years, all_met, check_criterion
from ctieval.eligibility.past import build_past
from ctieval.errors import InputError

AS_OF = date(2018, 1, 15)


@pytest.fixture
def check(extract, codes):
    def run(criterion, code, **columns):
        return check_criterion(criterion, build_past(extract(code, **columns), AS_OF, weeks_back=8), codes)

    return run


@pytest.mark.parametrize(
    ("born", "as_of", "years"),
    [
        ("1988-01-15", "2018-01-15", 30.0),
        ("1988-01-16", "2018-01-15", 29 + 364 / 365),
        ("1988-01-14", "2018-01-15", 30 + 1 / 365),
        ("1988-02-29", "2018-02-28", 29 + 364 / 365),
        ("1988-02-29", "2018-03-01", 30.0),
        ("1988-02-29", "2016-02-29", 28.0),
        ("1988-02-29", "2015-12-31", 27 + 305 / 365),  # from 1 March 2015 to 29 February 2016
        ("2018-01-15", "2018-01-15", 0.0),
        ("1899-12-31", "2018-12-31", 119.0),
    ],
)
def test_age_is_whole_on_the_birthday(born, as_of, years):
    age = age_in_years(np.array([born], dtype="datetime64[D]"), np.datetime64(as_of))
    assert age[0] == pytest.approx(years, rel=1e-12)


def test_age_is_not_a_number_without_a_birth_date():
    assert np.isnan(age_in_years(np.array(["NaT"], dtype="datetime64[D]"), np.datetime64("2018-01-15"))).all()


def test_birth_dates_may_come_with_any_resolution(check):
    for unit in ("s", "us", "ns"):
        born = pd.Series(["1988-01-15", "1988-01-16", None]).astype(f"datetime64[{unit}]")
        result = check(MinimumAge(30), [[730]] * 3, birth_date=born)
        assert result.failed.tolist() == [False, True, False]
        assert result.not_assessable.tolist() == [False, False, True]


@pytest.mark.parametrize("column", ["died_on", "moved_on"])
def test_the_dead_and_those_who_moved_by_the_day_are_not_in_the_register(check, column):
    days = pd.to_datetime(pd.Series(["2018-01-14", "2018-01-15", "2018-01-16", None]))
    result = check(InRegister(), [[730]] * 4, **{column: days})
    assert result.failed.tolist() == [True, True, False, False]
    assert not result.not_assessable.any()


def test_the_code_of_the_week_tells_of_death_and_emigration_too(check):
    result = check(InRegister(), [[999], [997], [998], [730], [-1]])
    assert result.failed.tolist() == [True, True, False, False, False]


@pytest.mark.parametrize("rule", GapRule)
def test_borrowed_rules_are_applied_to_whole_weeks_where_the_codes_are_weekly_and_a_notice_says_so(
    check, periods, rule
):
    weekly = check(MinimumUnemployment(3, rule, "kontanthjaelp"), [730])
    expected = () if rule is GapRule.STRICT else (Notice("W-GAPS-IN-WHOLE-WEEKS", "weeks"),)
    assert weekly.warnings == expected
    table = periods(("P0", "2018-01-01", "2018-01-31", "730"))
    assert check(MinimumUnemployment(3, rule, "kontanthjaelp"), [730], periods=table).warnings == ()


def test_exactly_the_weeks_asked_for_are_enough(check):
    result = check(MinimumUnemployment(3, GapRule.STRICT, "kontanthjaelp"), [[0, 730, 730, 130], [0, 0, 730, 130]])
    assert result.failed.tolist() == [False, True]
    assert not result.not_assessable.any()


def test_an_unknown_set_of_benefits_is_refused(check):
    with pytest.raises(InputError, match="kontanthjelp"):
        check(MinimumUnemployment(52, GapRule.STRICT, "kontanthjelp"), [730])


@pytest.mark.parametrize("dtype", [object, "str", "category", "string[python]"])
def test_visitation_is_read_from_any_kind_of_column(check, dtype):
    stated = pd.Series(["activity_ready", "job_ready", "not_assessed", None]).astype(dtype)
    result = check(ActivityReady(), [[730], [730], [730], [130]], visitation=stated)
    assert result.failed.tolist() == [False, True, False, True]
    assert result.not_assessable.tolist() == [False, False, True, False]
    assert result.warnings == (Notice("W-ACTIVITY-READY-FROM-CODE", "visitation"),)


def test_nothing_is_said_of_the_code_where_the_table_states_every_visitation(check):
    assert check(ActivityReady(), [[0], [0]], visitation=["activity_ready", "job_ready"]).warnings == ()


def test_without_a_visitation_column_the_code_of_the_week_decides_and_a_notice_says_so(check):
    result = check(ActivityReady(), [[130, 730], [730, 130], [730, 0], [730, -1]])
    assert result.failed.tolist() == [False, True, True, False]
    assert result.not_assessable.tolist() == [False, False, False, True]
    assert [notice.code for notice in result.warnings] == ["W-ACTIVITY-READY-FROM-CODE"]


def test_of_several_checks_a_failed_one_decides_and_then_one_not_assessable():
    met, failed, unsure = (
        Check(np.array([f]), np.array([u])) for f, u in ((False, False), (True, False), (False, True))
    )
    assert all_met([met, met]).met.all()
    assert all_met([met, unsure, failed]).failed.all()
    assert all_met([unsure, met]).not_assessable.all()
    assert not all_met([unsure, failed]).not_assessable.any()
