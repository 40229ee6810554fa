"""Who gets into the trial, case by case.

The weeks of a person are written in the order of time and end with the week of the look-up: ``k`` cash benefit,
``s`` sickness benefit, ``-`` no benefit, ``?`` a week that the extract does not cover. Where the extract holds periods,
they are written as days, the last being on benefit too. Hours are ordinary hours by month; a month that is not named
has none.
"""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.criterion import ActivityReady, Eligibility, GapRule, InRegister, MinimumAge, MinimumUnemployment
from ctieval.domain.registers import EmploymentPanel, Registers, WeekPanel, week_of
from ctieval.domain.sensitivity import Varied
from ctieval.eligibility.screen import screen
from ctieval.eligibility.sensitivity import screen_alternatives
from ctieval.registers.codes import load_code_list

CODE = {"k": 730, "s": 890, "-": 0, "?": -1}
FIRST_MONTH, MONTHS = (2014 - 1970) * 12, 8 * 12
MONDAY = date(2018, 1, 15)

MET, FAILED, NOT_ASSESSABLE, GONE = "met", "failed", "not assessable", "not in the register"


def verdict(criterion, as_of=MONDAY, **known):
    cohort = screen(Eligibility(as_of, (criterion,)), extract_of(as_of, **known), load_code_list())
    if isinstance(cohort.criteria[0], InRegister):
        return GONE
    return FAILED if cohort.failed[0, 0] else NOT_ASSESSABLE if cohort.not_assessable[0, 0] else MET


def extract_of(as_of=MONDAY, *, weeks="k1", periods=None, hours=None, employment=True, **person):
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
    return Registers(persons, panel, months, None, None, None, (), (), periods=table_of(periods))


def table_of(periods):
    if periods is None:
        return None
    days = [period.split(" to ") for period in periods]
    table = pd.DataFrame(days, columns=["start", "end"]).astype("datetime64[s]")
    return table.assign(person_id="A", benefit="730")


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


@pytest.mark.parametrize("exit_day", ["died_on", "moved_on"])
@pytest.mark.parametrize("criterion", [MinimumAge(30), MinimumAge(99), ActivityReady()])
def test_whoever_is_dead_or_moved_away_by_the_day_is_out_for_that_reason(exit_day, criterion):
    alive = verdict(criterion)
    days = {"2018-01-14": GONE, "2018-01-15": GONE, "2018-01-16": alive, None: alive}
    for day, expected in days.items():
        assert verdict(criterion, **{exit_day: pd.Timestamp(day) if day else pd.NaT}) == expected


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
        ("-9 k1 -4 k47", {}, MET),  # weeks in such a gap are part of the spell: 52 in all
        ("-9 k1 -4 k46", {}, FAILED),  # 51
        ("-9 k1 -4 k2 -4 k41", {}, MET),  # two such gaps, 52 in all
        ("-9 k1 -5 k51", {}, FAILED),  # 35 days
        ("-9 k26 -4 k1 -4 k25", {}, MET),  # two gaps of 28 days, each within the rule
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
        # weeks in such a gap are part of the spell: 52 in all, and 51
        (MONDAY, "-9 k19 -8 k25", MET),
        (MONDAY, "-9 k18 -8 k25", FAILED),
        # one week more, from 29 May, holds June
        (MONDAY, "-9 k27 -9 k25", FAILED),
    ],
)
def test_a_calendar_month_off(as_of, weeks, expected):
    assert verdict(unemployed(GapRule.CALENDAR_MONTH), as_of, weeks=weeks) == expected


def since(start, end):
    """On benefit from 2015, but for a gap from one day to another, both of them off benefit."""
    before, after = np.datetime64(start) - 1, np.datetime64(end) + 1
    return [f"2015-01-01 to {before}", f"{after} to 2018-12-31"]


@pytest.mark.parametrize(
    ("rule", "off", "expected"),
    [
        (GapRule.CALENDAR_MONTH, ("2017-05-01", "2017-05-31"), FAILED),
        (GapRule.CALENDAR_MONTH, ("2017-08-01", "2017-08-31"), FAILED),
        (GapRule.CALENDAR_MONTH, ("2017-08-02", "2017-08-31"), MET),  # one day of August on benefit
        (GapRule.CALENDAR_MONTH, ("2017-08-01", "2017-08-30"), MET),
        (GapRule.CALENDAR_MONTH, ("2017-06-02", "2017-07-30"), MET),  # 59 days that hold no month
        (GapRule.DAYS_28, ("2017-05-02", "2017-05-29"), MET),  # 28 days, from a Tuesday
        (GapRule.DAYS_28, ("2017-05-02", "2017-05-30"), FAILED),  # 29
        (GapRule.DAYS_28, ("2017-05-02", "2017-06-10"), FAILED),  # 40
        (GapRule.STRICT, ("2017-05-02", "2017-05-13"), MET),  # 12 days, and a day on benefit in either week
        (GapRule.STRICT, ("2017-05-01", "2017-05-07"), FAILED),
        (GapRule.STRICT, ("2017-05-01", "2017-05-06"), MET),
    ],
)
def test_periods_are_judged_by_the_day(rule, off, expected):
    assert verdict(unemployed(rule), weeks="-160", periods=since(*off)) == expected


@pytest.mark.parametrize(
    ("rule", "off", "weeks"),
    [
        (GapRule.CALENDAR_MONTH, ("2017-05-01", "2017-05-31"), "k120 -4 k33"),
        (GapRule.CALENDAR_MONTH, ("2017-08-01", "2017-08-31"), "k133 -3 k21"),
        (GapRule.DAYS_28, ("2017-05-02", "2017-06-10"), "k121 -4 k32"),
    ],
)
def test_the_weekly_codes_of_the_same_lives_let_gaps_pass_that_are_up_to_12_days_longer(rule, off, weeks):
    assert verdict(unemployed(rule), weeks="-160", periods=since(*off)) == FAILED
    assert verdict(unemployed(rule), weeks=weeks) == MET


@pytest.mark.parametrize("rule", GapRule)
@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2017-01-17 to 2018-01-15", MET),  # 364 days, the day of the look-up being the last
        ("2017-01-18 to 2018-12-31", FAILED),  # one day short; by weekly codes there would be 53 weeks
        ("2015-01-01 to 2018-01-14", FAILED),  # off benefit on the day
        ("2018-01-16 to 2018-12-31", FAILED),  # on benefit from the day after only
    ],
)
def test_52_weeks_are_364_days_where_the_extract_holds_periods(rule, period, expected):
    assert verdict(unemployed(rule), weeks="-160", periods=[period]) == expected


def test_days_that_the_extract_does_not_cover_are_not_assumed():
    periods = ["2015-01-01 to 2018-12-31"]
    assert verdict(unemployed(GapRule.DAYS_28), weeks="-51 ?5 -1", periods=periods) == NOT_ASSESSABLE
    assert verdict(unemployed(GapRule.DAYS_28), weeks="-51 ?1 -1", periods=periods) == MET  # 7 days would not matter
    assert verdict(unemployed(GapRule.DAYS_28), weeks="-9 ?1 -53", periods=periods) == MET
    assert verdict(unemployed(GapRule.DAYS_28), weeks="-160 ?1", periods=periods) == NOT_ASSESSABLE


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


@pytest.mark.parametrize(
    ("weeks", "limits"),
    [
        ("k52", [26, 39, 52]),
        ("k51", [26, 39]),
        ("k110", [26, 39, 52, 78, 104]),
        ("k60 -3 k40", [26, 39, 52, 78]),  # three weeks off are part of the spell: 103 weeks
        ("k60 -5 k40", [26, 39]),  # five weeks off end it
        ("s60 k40", [26, 39]),
    ],
)
def test_a_person_is_in_the_target_group_up_to_the_weeks_of_her_spell(weeks, limits):
    assert met_at(Varied.WEEKS, "weeks", weeks=weeks) == limits


@pytest.mark.parametrize(
    ("born", "limits"),
    [
        (date(1988, 1, 15), [28, 29, 30]),
        (date(1988, 1, 16), [28, 29]),
        (date(1985, 1, 1), [28, 29, 30, 31, 32]),
        (date(1995, 1, 1), []),
    ],
)
def test_a_person_is_in_the_target_group_up_to_her_age(born, limits):
    assert met_at(Varied.AGE, "years", weeks="k52", birth_date=born) == limits


@pytest.mark.parametrize(
    ("weeks", "rules"),
    [
        ("k60 -3 k40", {GapRule.DAYS_28, GapRule.CALENDAR_MONTH}),
        ("k60 -5 k40", {GapRule.CALENDAR_MONTH}),  # from 13 March to 16 April, neither of them a whole month
        ("k60 -9 k40", set()),
        ("k100", set(GapRule)),
    ],
)
def test_a_spell_is_as_long_as_its_gap_rule_makes_it(weeks, rules):
    assert set(met_at(Varied.GAP_RULE, "gap_rule", weeks=weeks)) == rules


@pytest.mark.parametrize(
    ("weeks", "sets"),
    [
        ("s30 k30", ["connected_unemployment", "public_support"]),
        ("k60", ["kontanthjaelp", "cash_and_education_benefit", "connected_unemployment", "public_support"]),
    ],
)
def test_a_spell_is_made_of_the_benefits_that_count(weeks, sets):
    assert met_at(Varied.BENEFITS, "benefits", weeks=weeks) == sets


def met_at(varied, name, *, weeks, birth_date=date(1980, 1, 1)):
    """The thresholds under which one person is in the target group, all others being those of the trial."""
    trial = Eligibility(MONDAY, (MinimumAge(30), MinimumUnemployment(52, GapRule.DAYS_28, "kontanthjaelp")))
    table = screen_alternatives(trial, extract_of(weeks=f"-10 {weeks}", birth_date=birth_date), load_code_list())
    return [getattr(row.thresholds, name) for row in table.of(varied) if row.eligible]
