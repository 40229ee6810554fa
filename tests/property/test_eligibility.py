"""Screening against a plain loop over persons, weeks and days, and the laws that it must keep."""

import calendar
from datetime import date, timedelta

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from ctieval.domain.criterion import ActivityReady, Eligibility, GapRule, MinimumAge, MinimumUnemployment
from ctieval.domain.registers import NOT_OBSERVED, EmploymentPanel, Registers, WeekPanel, week_of
from ctieval.eligibility.flow import screening_flow
from ctieval.eligibility.screen import screen
from ctieval.registers.codes import load_code_list

CODES = load_code_list()
DAYS = [date(2018, 1, 15), date(2018, 2, 28), date(2018, 3, 1), date(2016, 2, 29), date(2021, 3, 7), date(2018, 7, 1)]
BIRTHS = [date(1988, 1, 15), date(1988, 1, 16), date(1988, 2, 28), date(1988, 2, 29), date(1986, 2, 28), None]
HORIZON_WEEKS = 120

# --- the plain loop -------------------------------------------------------------------------------------------


def plain_age(born, as_of):
    years = 0
    while True:
        try:
            birthday = date(born.year + years + 1, born.month, born.day)
        except ValueError:
            birthday = date(born.year + years + 1, 3, 1)
        if birthday > as_of:
            return years
        years += 1


def plain_break(gap, rule, hours_in):
    months = {(day.year, day.month) for day in gap}
    if rule is GapRule.CALENDAR_MONTH:
        return any(
            all(date(year, month, day + 1) in gap for day in range(calendar.monthrange(year, month)[1]))
            for year, month in months
        )
    if rule is GapRule.DAYS_28:
        return len(gap) > 28 or sum(hours_in(month) for month in months) > 10
    return True


def plain_spell(code_of, hours_of, criterion, as_of, *, generous):
    def on_benefit(monday):
        code = code_of.get(monday)
        return generous if code is None else code in CODES.members(criterion.benefits)

    def hours_in(month):
        hours = hours_of.get(month)
        return (0 if generous else 1000) if hours is None else hours

    monday = as_of - timedelta(days=as_of.weekday())
    weeks, gap = 0, set()
    for _ in range(HORIZON_WEEKS):
        if on_benefit(monday):
            if gap and plain_break(gap, criterion.gap_rule, hours_in):
                return weeks
            weeks, gap = weeks + 1, set()
        elif weeks == 0:
            return 0
        else:
            gap |= {monday + timedelta(days=day) for day in range(7)}
        monday -= timedelta(days=7)
    return weeks


def plain_verdict(criterion, person, code_of, hours_of, as_of):
    if isinstance(criterion, MinimumAge):
        if person["birth_date"] is None or (person["died_on"] is not None and person["died_on"] <= as_of):
            return "not assessable"
        return "met" if plain_age(person["birth_date"], as_of) >= criterion.years else "failed"
    if isinstance(criterion, MinimumUnemployment):
        least = plain_spell(code_of, hours_of, criterion, as_of, generous=False)
        most = plain_spell(code_of, hours_of, criterion, as_of, generous=True)
        return "met" if least >= criterion.weeks else "not assessable" if most >= criterion.weeks else "failed"
    if person.get("visitation") is not None:
        stated = {"activity_ready": "met", "job_ready": "failed", "not_assessed": "not assessable"}
        return stated[person["visitation"]]
    code = code_of.get(as_of - timedelta(days=as_of.weekday()))
    return "not assessable" if code is None else "met" if 730 <= code <= 739 else "failed"


# --- random registers -----------------------------------------------------------------------------------------

HOURS = st.sampled_from([0.0, 0.0, 0.0, 0.0, 4.0, 5.0, 6.0, 10.0, 10.5, np.nan])
on = st.tuples(st.sampled_from([730, 730, 730, 738, 130, 890]), st.integers(1, 15))
off = st.tuples(st.sampled_from([0, 0, 0, 651, 890, NOT_OBSERVED]), st.sampled_from([1, 2, 3, 4, 4, 5, 5, 6, 8, 9]))
backwards = st.lists(st.tuples(on, off), min_size=1, max_size=6).map(
    lambda pairs: [run for pair in pairs for run in pair]
)
criteria = st.tuples(
    st.just(MinimumAge(30)),
    st.builds(
        MinimumUnemployment,
        weeks=st.integers(1, 30),
        gap_rule=st.sampled_from(GapRule),
        benefits=st.sampled_from(["kontanthjaelp", "connected_unemployment"]),
    ),
    st.just(ActivityReady()),
).flatmap(st.permutations)


@st.composite
def registers(draw, as_of):
    n, width = draw(st.integers(1, 5)), draw(st.integers(8, 60))
    after = draw(st.sampled_from([0, 0, 1, 3, -1]))
    first = week_of(np.datetime64(as_of)) + after + 1 - width
    code = np.full((n, width), NOT_OBSERVED, dtype=np.int16)
    for row in code:
        weeks = np.repeat(*np.array([(draw(st.sampled_from([0, 730])), max(after, 0)), *draw(backwards)]).T)[:width]
        row[width - len(weeks) :] = weeks[::-1]
    month = int((np.datetime64("1970-01-05") + 7 * (first - 1)).astype("datetime64[M]").astype(int))
    hours = np.array(draw(st.lists(HOURS, min_size=16 * n, max_size=16 * n))).reshape(n, 16)
    ids = np.array([f"P{i}" for i in range(n)], dtype=object)
    columns = {
        "person_id": ids,
        "birth_date": pd.to_datetime(pd.Series(draw(st.lists(st.sampled_from(BIRTHS), min_size=n, max_size=n)))),
        "sex": "female",
        "municipality": "153",
        "died_on": pd.to_datetime(
            pd.Series(draw(st.lists(st.sampled_from([None, None, None, *DAYS]), min_size=n, max_size=n)))
        ),
    }
    if draw(st.booleans()):
        visitation = st.sampled_from(["activity_ready", "job_ready", "not_assessed", None])
        columns["visitation"] = draw(st.lists(visitation, min_size=n, max_size=n))
    employment = EmploymentPanel(ids, month, hours, hours) if draw(st.booleans()) else None
    return Registers(pd.DataFrame(columns), WeekPanel(ids, first, code), employment, None, None, None, (), ())


@st.composite
def trials(draw):
    as_of = draw(st.sampled_from(DAYS))
    return Eligibility(as_of, tuple(draw(criteria))), draw(registers(as_of))


def look_up_by_day(registers, row):
    """Codes by Monday and hours by month of one person, only what is observed."""
    panel, employment = registers.weeks, registers.employment
    mondays = [date(1970, 1, 1) + timedelta(days=7 * (panel.first_week + i) - 3) for i in range(panel.code.shape[1])]
    code_of = {day: int(c) for day, c in zip(mondays, panel.code[row], strict=True) if c != NOT_OBSERVED}
    if employment is None:
        return code_of, {}
    months = [divmod(employment.first_month + i, 12) for i in range(employment.hours.shape[1])]
    values = zip(months, employment.hours[row], strict=True)
    return code_of, {(1970 + y, m + 1): float(h) for (y, m), h in values if not np.isnan(h)}


def person_of(registers, row):
    record = registers.persons.iloc[row].to_dict()
    for name in ("birth_date", "died_on"):
        record[name] = None if pd.isna(record[name]) else record[name].date()
    if "visitation" in record and pd.isna(record["visitation"]):
        record["visitation"] = None
    return record


def verdicts(cohort):
    words = np.where(cohort.failed, "failed", np.where(cohort.not_assessable, "not assessable", "met"))
    return dict(zip(cohort.person_id, words.tolist(), strict=True))


# --- the laws -------------------------------------------------------------------------------------------------


@settings(max_examples=400)
@given(trials())
def test_screening_agrees_with_the_plain_loop_person_by_person(trial):
    eligibility, extract = trial
    cohort = screen(eligibility, extract, CODES)
    expected = {
        person: [
            plain_verdict(each, person_of(extract, row), *look_up_by_day(extract, row), eligibility.as_of)
            for each in eligibility.criteria
        ]
        for row, person in enumerate(extract.persons["person_id"])
    }
    assert verdicts(cohort) == expected
    assert not (cohort.failed & cohort.not_assessable).any()
    admitted = [set(row) == {"met"} for row in expected.values()]
    assert cohort.eligible.tolist() == admitted


@given(trials())
def test_in_and_out_are_everybody_and_every_first_reason_is_the_first(trial):
    eligibility, extract = trial
    cohort = screen(eligibility, extract, CODES)
    flow = screening_flow(cohort)
    assert flow.screened == len(extract.persons)
    assert flow.eligible + sum(count.first for count in flow.exclusions) == flow.screened
    assert all(count.only <= count.first <= count.any for count in flow.exclusions)
    for row, words in zip(cohort.first_reason, verdicts(cohort).values(), strict=True):
        assert words[: row if row >= 0 else None] == ["met"] * (row if row >= 0 else len(words))
        assert row < 0 or words[row] != "met"


@given(trials(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(trial, random):
    eligibility, extract = trial
    order = list(range(len(extract.persons)))
    random.shuffle(order)
    weeks, employment = extract.weeks, extract.employment
    shuffled = Registers(
        extract.persons.iloc[order],
        WeekPanel(weeks.person_id[order[::-1]], weeks.first_week, weeks.code[order[::-1]]),
        employment
        and EmploymentPanel(
            employment.person_id[order], employment.first_month, employment.hours[order], employment.earnings[order]
        ),
        *(None, None, None, (), ()),
    )
    one, other = screen(eligibility, extract, CODES), screen(eligibility, shuffled, CODES)
    assert verdicts(one) == verdicts(other)
    assert list(one.person_id) == list(other.person_id)
    pd.testing.assert_frame_equal(one.characteristics, other.characteristics)


@given(trials())
def test_who_is_admitted_does_not_depend_on_the_order_of_the_criteria(trial):
    eligibility, extract = trial
    turned = Eligibility(eligibility.as_of, eligibility.criteria[::-1])
    one, other = screen(eligibility, extract, CODES), screen(turned, extract, CODES)
    assert one.eligible.tolist() == other.eligible.tolist()
    assert [count.any for count in screening_flow(one).exclusions[::2]] == [
        count.any for count in screening_flow(other).exclusions[::2][::-1]
    ]


@given(trials(), st.sampled_from([0, 730]), st.sampled_from([0.0, 100.0]))
def test_a_verdict_holds_whatever_the_unobserved_weeks_and_hours_turn_out_to_be(trial, code, hours):
    eligibility, extract = trial
    panel, work = extract.weeks, extract.employment
    ids = panel.person_id
    wide = np.full((len(ids), panel.code.shape[1] + 2 * HORIZON_WEEKS), code, dtype=np.int16)
    wide[:, HORIZON_WEEKS:-HORIZON_WEEKS] = np.where(panel.code == NOT_OBSERVED, code, panel.code)
    worked = np.full((len(ids), 16 + 120), hours)
    first_month = 40 * 12 if work is None else work.first_month - 60
    if work is not None:
        worked[:, 60:76] = np.where(np.isnan(work.hours), hours, work.hours)
    else:
        worked = np.full((len(ids), 20 * 12), hours)
    revealed = Registers(
        extract.persons,
        WeekPanel(ids, panel.first_week - HORIZON_WEEKS, wide),
        EmploymentPanel(ids, first_month, worked, worked),
        *(None, None, None, (), ()),
    )
    before, after = screen(eligibility, extract, CODES), screen(eligibility, revealed, CODES)
    decided = ~before.not_assessable
    assert (before.failed == after.failed)[decided].all()
    unemployment = [isinstance(each, MinimumUnemployment) for each in eligibility.criteria]
    assert not after.not_assessable[:, unemployment].any()


@given(trials(), st.sampled_from([0, 730, 999]))
def test_nothing_after_the_week_of_the_look_up_is_seen(trial, code):
    eligibility, extract = trial
    panel = extract.weeks
    later = np.arange(panel.first_week, panel.end_week) > week_of(np.datetime64(eligibility.as_of))
    changed = WeekPanel(panel.person_id, panel.first_week, np.where(later, np.int16(code), panel.code))
    future = Registers(extract.persons, changed, extract.employment, None, None, None, (), ())
    one, other = screen(eligibility, extract, CODES), screen(eligibility, future, CODES)
    assert verdicts(one) == verdicts(other)
    pd.testing.assert_frame_equal(one.characteristics, other.characteristics)


def test_the_random_registers_reach_every_verdict_under_every_rule():
    seen = set()

    @settings(max_examples=200)
    @given(trials())
    def collect(trial):
        eligibility, extract = trial
        column = next(i for i, each in enumerate(eligibility.criteria) if isinstance(each, MinimumUnemployment))
        rule = eligibility.criteria[column].gap_rule
        seen.update((rule, words[column]) for words in verdicts(screen(eligibility, extract, CODES)).values())

    collect()
    assert seen == {(rule, word) for rule in GapRule for word in ("met", "failed", "not assessable")}
