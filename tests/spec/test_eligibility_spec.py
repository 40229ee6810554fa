"""Who gets into the trial, case by case.

The weeks of a person are written in the order of time and end with the week of the look-up: ``k`` cash benefit,
``s`` sickness benefit, ``-`` no benefit, ``?`` a week that the extract does not cover. Hours are ordinary hours
by month; a month that is not named has none.
"""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.criterion import ActivityReady, Eligibility, GapRule, MinimumAge, MinimumUnemployment
from ctieval.domain.registers import EmploymentPanel, Registers, WeekPanel, week_of
from ctieval.eligibility.screen import screen
from ctieval.registers.codes import load_code_list

CODE = {"k": 730, "s": 890, "-": 0, "?": -1}
FIRST_MONTH, MONTHS = (2014 - 1970) * 12, 8 * 12
MONDAY = date(2018, 1, 15)

MET, FAILED, NOT_ASSESSABLE = "met", "failed", "not assessable"


def verdict(criterion, as_of=MONDAY, *, weeks="k1", hours=None, employment=True, **person):
    code = np.concatenate([np.full(int(run[1:]), CODE[run[0]], dtype=np.int16) for run in weeks.split()])
    persons = pd.DataFrame({"person_id": ["A"], "birth_date": [date(1980, 1, 1)], "sex": "male", "municipality": "550"})
    persons = persons.assign(**{name: [value] for name, value in person.items()})
    persons["birth_date"] = pd.to_datetime(persons["birth_date"])
    ids = np.array(["A"], dtype=object)
    worked = np.zeros((1, MONTHS))
    for month, value in (hours or {}).items():
        worked[0, int(np.datetime64(month, "M").astype(int)) - FIRST_MONTH] = value
    panel = WeekPanel(ids, week_of(np.datetime64(as_of)) - len(code) + 1, code[np.newaxis])
    months = EmploymentPanel(ids, FIRST_MONTH, worked, worked) if employment else None
    extract = Registers(persons, panel, months, None, None, None, (), ())
    cohort = screen(Eligibility(as_of, (criterion,)), extract, load_code_list())
    return FAILED if cohort.failed[0, 0] else NOT_ASSESSABLE if cohort.not_assessable[0, 0] else MET


@pytest.mark.parametrize(
    ("born", "as_of", "expected"),
    [
        ("1988-01-15", MONDAY, MET),  # the 30th birthday is the day itself
        ("1988-01-16", MONDAY, FAILED),  # one day short
        ("1987-12-31", MONDAY, MET),
        ("1988-02-29", date(2018, 2, 28), FAILED),  # born on the leap day: a year older on 1 March
        ("1988-02-29", date(2018, 3, 1), MET),
        ("1988-02-28", date(2018, 2, 28), MET),
        ("1988-03-01", date(2018, 3, 1), MET),
        ("1990-02-28", date(2020, 2, 28), MET),
        ("1990-03-01", date(2020, 2, 29), FAILED),  # looked up on the leap day
        ("1990-02-28", date(2020, 2, 29), MET),
        ("2018-06-01", MONDAY, FAILED),  # born after the day
        (None, MONDAY, NOT_ASSESSABLE),
    ],
)
def test_at_least_30_years_old(born, as_of, expected):
    assert verdict(MinimumAge(30), as_of, birth_date=born) == expected


def test_born_on_the_leap_day_and_looked_up_on_it():
    assert verdict(MinimumAge(28), date(2016, 2, 29), birth_date="1988-02-29") == MET
    assert verdict(MinimumAge(29), date(2016, 2, 29), birth_date="1988-02-29") == FAILED


@pytest.mark.parametrize(("died_on", "expected"), [("2018-01-15", NOT_ASSESSABLE), ("2018-01-16", MET), (None, MET)])
def test_the_dead_have_no_age_on_the_day(died_on, expected):
    assert verdict(MinimumAge(30), died_on=pd.Timestamp(died_on) if died_on else pd.NaT) == expected


def unemployed(rule, weeks=52, benefits="kontanthjaelp"):
    return MinimumUnemployment(weeks, rule, benefits)


@pytest.mark.parametrize("rule", GapRule)
@pytest.mark.parametrize(
    ("weeks", "expected"),
    [
        ("-9 k52", MET),  # exactly 52 weeks
        ("-9 k51", FAILED),  # one week short
        ("?9 k52", MET),  # what is not observed cannot matter
        ("?9 k51", NOT_ASSESSABLE),  # the week before might have been the 52nd
        ("k51", NOT_ASSESSABLE),  # the extract begins too late
        ("k80 -9 k51", FAILED),  # an older spell does not count
        ("k80 -1", FAILED),  # off benefit in the week of the look-up
        ("k80 ?1", NOT_ASSESSABLE),  # moved away before it
        ("k80 s9 k51", FAILED),  # sickness benefit is not in the declared set
        ("k26 ?1 k52", MET),  # decided by the observed weeks
        ("-9 k25 ?1 k25", FAILED),  # too short even if the hole was a week on benefit
    ],
)
def test_52_weeks_on_benefit_under_every_rule(rule, weeks, expected):
    assert verdict(unemployed(rule), weeks=weeks) == expected


@pytest.mark.parametrize(
    ("rule", "weeks", "expected"),
    [
        (GapRule.STRICT, "k26 ?1 k26", NOT_ASSESSABLE),  # a hole hides whether it is one spell
        (GapRule.DAYS_28, "k26 ?1 k26", MET),  # one week off would not break it
        (GapRule.CALENDAR_MONTH, "k26 ?1 k26", MET),
        (GapRule.DAYS_28, "k26 ?5 k26", NOT_ASSESSABLE),
        (GapRule.CALENDAR_MONTH, "k26 ?9 k26", NOT_ASSESSABLE),
    ],
)
def test_a_hole_in_the_extract_matters_only_where_it_could_break_the_spell(rule, weeks, expected):
    assert verdict(unemployed(rule), weeks=weeks) == expected


def test_the_declared_set_decides_which_weeks_count():
    assert verdict(unemployed(GapRule.STRICT, benefits="connected_unemployment"), weeks="-9 k1 s9 k42") == MET
    assert verdict(unemployed(GapRule.STRICT, benefits="kontanthjaelp"), weeks="-9 k1 s9 k42") == FAILED


@pytest.mark.parametrize(
    ("weeks", "hours", "expected"),
    [
        ("-9 k1 -4 k51", {}, MET),  # a gap of exactly 28 days
        ("-9 k1 -5 k51", {}, FAILED),  # 35 days
        ("-9 k26 -4 k1 -4 k25", {}, MET),  # two gaps of 28 days, each within the rule
        ("-9 k26 -4 k25", {}, FAILED),  # weeks in the gap are not on benefit: 51
        ("-9 k48 -2 k4", {"2017-12": 10}, MET),  # the gap, 11 to 24 December, with exactly 10 hours
        ("-9 k48 -2 k4", {"2017-12": 10.5}, FAILED),
        ("-9 k48 -2 k4", {"2017-11": 99, "2018-01": 99}, MET),  # hours in months that the gap does not touch
        ("-9 k45 -2 k7", {"2017-11": 6, "2017-12": 4}, MET),  # 20 November to 3 December touches two months
        ("-9 k45 -2 k7", {"2017-11": 6, "2017-12": 5}, FAILED),
        ("-9 k45 -2 k7", {"2017-11": np.nan}, NOT_ASSESSABLE),
        ("-9 k45 -2 k7", {"2017-11": np.nan, "2017-12": 11}, FAILED),  # the other month alone breaks it
        ("-9 k45 -2 k52", {"2017-11": np.nan}, MET),  # long enough without what lies before the gap
        ("-9 k1 -5 k51", {"2016-12": np.nan, "2017-01": np.nan}, FAILED),  # too long, whatever the hours
    ],
)
def test_a_gap_of_28_days_with_10_hours_work(weeks, hours, expected):
    assert verdict(unemployed(GapRule.DAYS_28), weeks=weeks, hours=hours) == expected


def test_a_gap_cannot_be_assessed_without_employment_and_a_spell_without_gaps_can():
    assert verdict(unemployed(GapRule.DAYS_28), weeks="-9 k26 -2 k26", employment=False) == NOT_ASSESSABLE
    assert verdict(unemployed(GapRule.DAYS_28), weeks="-9 k52", employment=False) == MET
    assert verdict(unemployed(GapRule.DAYS_28), weeks="-9 k26 -5 k26", employment=False) == FAILED


@pytest.mark.parametrize(
    ("as_of", "weeks", "expected"),
    [
        # February 2021 is four whole weeks, Monday the 1st to Sunday the 28th
        (date(2021, 3, 1), "-9 k51 -4 k1", FAILED),
        (date(2021, 3, 1), "-9 k51 -3 k1", MET),
        # eight weeks, Monday 5 June to Sunday 30 July 2017, hold neither the whole of June nor of July
        (MONDAY, "-9 k27 -8 k25", MET),
        # one week more, from 29 May, holds June
        (MONDAY, "-9 k27 -9 k25", FAILED),
    ],
)
def test_a_calendar_month_off(as_of, weeks, expected):
    assert verdict(unemployed(GapRule.CALENDAR_MONTH), as_of, weeks=weeks) == expected


def test_work_in_the_gap_does_not_matter_to_the_calendar_month():
    criterion = unemployed(GapRule.CALENDAR_MONTH)
    assert verdict(criterion, weeks="-9 k48 -2 k4", hours={"2017-12": 160}) == MET
    assert verdict(criterion, weeks="-9 k48 -2 k4", employment=False) == MET


def test_the_strict_rule_allows_no_gap():
    assert verdict(unemployed(GapRule.STRICT), weeks="-9 k51 -1 k1") == FAILED


@pytest.mark.parametrize(
    ("visitation", "weeks", "expected"),
    [
        ("activity_ready", "-1", MET),  # what the table states holds, whatever the code
        ("job_ready", "k1", FAILED),
        ("not_assessed", "k1", NOT_ASSESSABLE),  # a reason of its own
        (None, "k1", MET),  # the cell is empty: the code stands in
        (None, "s1", FAILED),
        (None, "?1", NOT_ASSESSABLE),
    ],
)
def test_activity_ready(visitation, weeks, expected):
    assert verdict(ActivityReady(), weeks=weeks, visitation=visitation) == expected


@pytest.mark.parametrize(
    ("weeks", "expected"), [("k1", MET), ("-1", FAILED), ("k9 -1", FAILED), ("?1", NOT_ASSESSABLE)]
)
def test_activity_ready_from_the_code_where_the_table_has_no_visitation(weeks, expected):
    assert verdict(ActivityReady(), weeks=weeks) == expected
