"""Screening against a plain loop over persons, weeks and days, and the laws that it must keep."""

import calendar
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from ctieval.domain.criterion import ActivityReady, Eligibility, GapRule, InRegister, MinimumAge, MinimumUnemployment
from ctieval.domain.registers import NOT_OBSERVED, EmploymentPanel, Registers, WeekPanel, week_of
from ctieval.domain.sensitivity import thresholds_of
from ctieval.eligibility.alternatives import Ranges, change_thresholds
from ctieval.eligibility.dates import screen_dates
from ctieval.eligibility.flow import screening_flow
from ctieval.eligibility.screen import screen
from ctieval.eligibility.sensitivity import screen_alternatives
from ctieval.registers.codes import load_code_list

CODES = load_code_list()
DAYS = [date(2018, 1, 15), date(2018, 2, 28), date(2018, 3, 1), date(2016, 2, 29), date(2021, 3, 7), date(2018, 7, 1)]
BIRTHS = [date(1988, 1, 15), date(1988, 1, 16), date(1988, 2, 28), date(1988, 2, 29), date(1986, 2, 28), None]
HORIZON_WEEKS = 100
LOOK_BACK_WEEKS = 40  # more than any spell asked for

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
    return any(day.weekday() == 0 and all(day + timedelta(days=d) in gap for d in range(7)) for day in gap)


def monday_of(day):
    return day - timedelta(days=day.weekday())


def plain_spell(known, criterion, as_of, *, generous):
    """Weeks from the first day of the spell to the look-up, one day after another, backwards."""
    benefits = CODES.members(criterion.benefits)

    def on_benefit(day):
        code = known.code_of.get(monday_of(day))
        if code is None:
            return generous
        return code in benefits if known.periods is None else bool(known.periods.get(day, set()) & benefits)

    def hours_in(month):
        hours = known.hours_of.get(month)
        return (0 if generous else 1000) if hours is None else hours

    last = as_of if known.periods is not None else monday_of(as_of) + timedelta(days=6)
    if not on_benefit(last):
        return 0
    first, gap = last, set()
    for back in range(7 * LOOK_BACK_WEEKS):
        day = last - timedelta(days=back)
        if not on_benefit(day):
            gap.add(day)
            continue
        if gap and plain_break(gap, criterion.gap_rule, hours_in):
            break
        first, gap = day, set()
    return ((last - first).days + 1) // 7


def plain_gone(person, known, as_of):
    left = [person[name] for name in ("died_on", "moved_on") if person[name] is not None]
    return any(day <= as_of for day in left) or known.code_of.get(monday_of(as_of)) in (997, 999)


def plain_verdict(criterion, person, known, as_of):
    if isinstance(criterion, MinimumAge):
        if person["birth_date"] is None:
            return "not assessable"
        return "met" if plain_age(person["birth_date"], as_of) >= criterion.years else "failed"
    if isinstance(criterion, MinimumUnemployment):
        least = plain_spell(known, criterion, as_of, generous=False)
        most = plain_spell(known, criterion, as_of, generous=True)
        return "met" if least >= criterion.weeks else "not assessable" if most >= criterion.weeks else "failed"
    if person.get("visitation") is not None:
        stated = {"activity_ready": "met", "job_ready": "failed", "not_assessed": "not assessable"}
        return stated[person["visitation"]]
    code = known.code_of.get(monday_of(as_of))
    return "not assessable" if code is None else "met" if 730 <= code <= 739 else "failed"


def plain_verdicts(eligibility, extract):
    """Verdicts by person, that on being in the register first where anybody is not."""
    people = [(person_of(extract, row), look_up_by_day(extract, row)) for row in range(len(extract.persons))]
    gone = [plain_gone(person, known, eligibility.as_of) for person, known in people]
    found = {}
    for (person, known), left in zip(people, gone, strict=True):
        words = ["failed" if left else "met"] if any(gone) else []
        for each in eligibility.criteria:
            words.append("met" if left else plain_verdict(each, person, known, eligibility.as_of))
        found[person["person_id"]] = words
    return found


# --- random registers -----------------------------------------------------------------------------------------

HOURS = st.sampled_from([0.0, 0.0, 0.0, 0.0, 4.0, 5.0, 6.0, 10.0, 10.5, np.nan])
EXITS = st.sampled_from([None, None, None, None, None, None, *DAYS])
on = st.tuples(st.sampled_from([730, 730, 730, 738, 130, 890]), st.integers(1, 15))
off = st.tuples(st.sampled_from([0, 0, 0, 651, 890, NOT_OBSERVED]), st.sampled_from([1, 2, 3, 4, 4, 5, 5, 6, 8, 9]))
backwards = st.lists(st.tuples(on, off), min_size=1, max_size=6).map(
    lambda pairs: [run for pair in pairs for run in pair]
)
by_day = st.lists(
    st.tuples(
        st.sampled_from([730, 730, 730, 738, 130, 890]),
        st.integers(1, 300),
        st.sampled_from([0, 1, 6, 7, 12, 13, 27, 28, 29, 30, 31, 32, 58, 61]),
    ),
    max_size=5,
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
        last = draw(st.sampled_from([0, 730])), max(after, 0)
        this = draw(st.sampled_from([730, 730, 730, 730, 730, 997, 998, 999])), draw(st.integers(0, 1))
        weeks = np.repeat(*np.array([last, this, *draw(backwards)]).T)[:width]
        row[width - len(weeks) :] = weeks[::-1]
    month = int((np.datetime64("1970-01-05") + 7 * (first - 1)).astype("datetime64[M]").astype(int))
    hours = np.array(draw(st.lists(HOURS, min_size=16 * n, max_size=16 * n))).reshape(n, 16)
    ids = np.array([f"P{i}" for i in range(n)], dtype=object)
    columns = {
        "person_id": ids,
        "birth_date": pd.to_datetime(pd.Series(draw(st.lists(st.sampled_from(BIRTHS), min_size=n, max_size=n)))),
        "sex": "female",
        "municipality": "153",
        "died_on": pd.to_datetime(pd.Series(draw(st.lists(EXITS, min_size=n, max_size=n)))),
        "moved_on": pd.to_datetime(pd.Series(draw(st.lists(EXITS, min_size=n, max_size=n)))),
    }
    if draw(st.booleans()):
        visitation = st.sampled_from(["activity_ready", "job_ready", "not_assessed", None])
        columns["visitation"] = draw(st.lists(visitation, min_size=n, max_size=n))
    employment = EmploymentPanel(ids, month, hours, hours) if draw(st.booleans()) else None
    periods = draw(st.none() | period_tables(ids, as_of))
    panel = WeekPanel(ids, first, code)
    return Registers(pd.DataFrame(columns), panel, employment, None, None, None, (), (), periods)


@st.composite
def period_tables(draw, ids, as_of):
    rows = []
    for person in ids:
        last = as_of + timedelta(days=draw(st.sampled_from([-1, 0, 0, 0, 1, 40])))
        for code, days, off in draw(by_day):
            start = last - timedelta(days=days - 1)
            rows.append((person, start, last, str(code)))
            last = start - timedelta(days=off + 1)
    return to_period_table(rows)


def to_period_table(rows):
    table = pd.DataFrame(rows, columns=["person_id", "start", "end", "benefit"])
    return table.astype({"start": "datetime64[s]", "end": "datetime64[s]", "benefit": "str"})


@st.composite
def trials(draw):
    as_of = draw(st.sampled_from(DAYS))
    return Eligibility(as_of, tuple(draw(criteria))), draw(registers(as_of))


class Known(NamedTuple):
    """What is observed of one person: codes by Monday, hours by month, and benefits by day where there are periods."""

    code_of: dict
    hours_of: dict
    periods: dict | None


def benefits_by_day(registers, row):
    if registers.periods is None:
        return None
    found = {}
    for person, start, end, benefit in registers.periods.itertuples(index=False):
        if person == registers.weeks.person_id[row]:
            for day in pd.date_range(start, end):
                found.setdefault(day.date(), set()).add(int(benefit))
    return found


def look_up_by_day(registers, row):
    panel, employment = registers.weeks, registers.employment
    mondays = [date(1970, 1, 1) + timedelta(days=7 * (panel.first_week + i) - 3) for i in range(panel.code.shape[1])]
    code_of = {day: int(c) for day, c in zip(mondays, panel.code[row], strict=True) if c != NOT_OBSERVED}
    by_day = benefits_by_day(registers, row)
    if employment is None:
        return Known(code_of, {}, by_day)
    months = [divmod(employment.first_month + i, 12) for i in range(employment.hours.shape[1])]
    values = zip(months, employment.hours[row], strict=True)
    return Known(code_of, {(1970 + y, m + 1): float(h) for (y, m), h in values if not np.isnan(h)}, by_day)


def person_of(registers, row):
    record = registers.persons.iloc[row].to_dict()
    for name in ("birth_date", "died_on", "moved_on"):
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
    expected = plain_verdicts(eligibility, extract)
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
    shuffled = replace(
        extract,
        persons=extract.persons.iloc[order],
        weeks=WeekPanel(weeks.person_id[order[::-1]], weeks.first_week, weeks.code[order[::-1]]),
        employment=employment
        and EmploymentPanel(
            employment.person_id[order], employment.first_month, employment.hours[order], employment.earnings[order]
        ),
        periods=None if extract.periods is None else extract.periods.iloc[::-1],
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
    assert keeps_out(one) == keeps_out(other)


def keeps_out(cohort):
    """Persons by reason, whatever the order."""
    return {count.reason: count.any for count in screening_flow(cohort).exclusions}


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
    revealed = replace(
        extract,
        weeks=WeekPanel(ids, panel.first_week - HORIZON_WEEKS, wide),
        employment=EmploymentPanel(ids, first_month, worked, worked),
        periods=reveal_periods(extract, code),
    )
    before, after = screen(eligibility, extract, CODES), screen(eligibility, revealed, CODES)
    decided = ~before.not_assessable
    assert (before.failed == after.failed)[decided].all()
    unemployment = [isinstance(each, MinimumUnemployment) for each in after.criteria]
    assert not after.not_assessable[:, unemployment].any()


def reveal_periods(extract, code):
    """The periods, with all that was not observed on benefit if the code is one."""
    if extract.periods is None or code == 0:
        return extract.periods
    panel, rows = extract.weeks, []
    wide = np.pad(panel.code, ((0, 0), (HORIZON_WEEKS, HORIZON_WEEKS)), constant_values=NOT_OBSERVED)
    for row, week in zip(*np.nonzero(wide == NOT_OBSERVED), strict=True):
        monday = date(1970, 1, 1) + timedelta(days=7 * (panel.first_week - HORIZON_WEEKS + int(week)) - 3)
        rows.append((panel.person_id[row], monday, monday + timedelta(days=6), str(code)))
    return pd.concat([extract.periods, to_period_table(rows)], ignore_index=True)


@given(trials(), st.sampled_from([0, 730, 999]))
def test_nothing_after_the_week_of_the_look_up_is_seen(trial, code):
    eligibility, extract = trial
    panel = extract.weeks
    later = np.arange(panel.first_week, panel.end_week) > week_of(np.datetime64(eligibility.as_of))
    changed = WeekPanel(panel.person_id, panel.first_week, np.where(later, np.int16(code), panel.code))
    periods = extract.periods
    if periods is not None:
        kept = periods.assign(end=periods["end"].clip(upper=pd.Timestamp(eligibility.as_of)))
        tomorrow = eligibility.as_of + timedelta(days=1)
        more = to_period_table([(person, tomorrow, tomorrow, str(code)) for person in panel.person_id])
        periods = pd.concat([kept[kept["start"] <= kept["end"]], more], ignore_index=True)
    future = replace(extract, weeks=changed, periods=periods)
    one, other = screen(eligibility, extract, CODES), screen(eligibility, future, CODES)
    assert verdicts(one) == verdicts(other)
    pd.testing.assert_frame_equal(one.characteristics, other.characteristics)


def test_the_random_registers_reach_every_verdict_under_every_rule():
    seen, gone = set(), set()

    @settings(max_examples=400)
    @given(trials())
    def collect(trial):
        eligibility, extract = trial
        cohort = screen(eligibility, extract, CODES)
        column = next(i for i, each in enumerate(cohort.criteria) if isinstance(each, MinimumUnemployment))
        key = (cohort.criteria[column].gap_rule, extract.periods is None)
        seen.update((*key, words[column]) for words in verdicts(cohort).values())
        gone.update([cohort.criteria[0] == InRegister()])

    collect()
    words = ("met", "failed", "not assessable")
    assert seen == {(rule, weekly, word) for rule in GapRule for weekly in (True, False) for word in words}
    assert gone == {True, False}


# --- other thresholds and other days ---------------------------------------------------------------------------

ranges = st.builds(
    Ranges,
    years=st.lists(st.integers(26, 34), max_size=3).map(tuple),
    weeks=st.lists(st.sampled_from([1, 2, 5, 8, 13, 26, 30, 52, 104, 160]), max_size=4).map(tuple),
    benefits=st.sampled_from([(), ("connected_unemployment",), ("activity_ready", "public_support")]),
)


def counts_of(eligibility, extract, planned, drawn):
    """An alternative by screening everybody anew: eligible, gained, lost, not assessable, drawn and eligible."""
    cohort = screen(eligibility, extract, CODES)
    found = {person for person, each in verdicts(cohort).items() if set(each) <= {"met"}}
    unsure = [each for each in verdicts(cohort).values() if "failed" not in each and "not assessable" in each]
    return len(found), len(found - planned), len(planned - found), len(unsure), len(found & drawn)


@settings(max_examples=60)
@given(trials(), ranges, st.data())
def test_every_alternative_is_what_a_screening_with_that_criterion_finds(trial, tried, data):
    eligibility, extract = trial
    plan = screen(eligibility, extract, CODES)
    planned = set(plan.person_id[plan.eligible])
    drawn = np.array(data.draw(st.lists(st.sampled_from([*plan.person_id, "gone"]), unique=True)), dtype=object)
    table = screen_alternatives(eligibility, extract, CODES, ranges=tried, drawn=drawn)
    assert table.planned == thresholds_of(eligibility.criteria)
    for row in (*table.one_way, *table.grid):
        criteria = change_thresholds(eligibility.criteria, row.thresholds)
        expected = counts_of(replace(eligibility, criteria=criteria), extract, planned, set(drawn))
        assert (row.eligible, row.gained, row.lost, row.not_assessable, row.drawn_eligible) == expected
        if row.thresholds == table.planned:
            assert (row.eligible, row.gained, row.lost) == (len(planned), 0, 0)


@given(trials(), ranges)
def test_a_stricter_threshold_never_lets_anybody_in(trial, tried):
    table = screen_alternatives(*trial, CODES, ranges=tried)
    for row in table.one_way:
        assert row.eligible == next(r.eligible for r in table.one_way if r.thresholds == table.planned) + (
            row.gained - row.lost
        )
        for name in ("years", "weeks"):
            if getattr(row.thresholds, name) > getattr(table.planned, name):
                assert row.gained == 0
            if getattr(row.thresholds, name) < getattr(table.planned, name):
                assert row.lost == 0


@settings(max_examples=60)
@given(trials(), st.lists(st.integers(-300, 300), min_size=1, max_size=4))
def test_each_of_several_days_is_what_a_screening_on_that_day_finds(trial, offsets):
    eligibility, extract = trial
    days = [eligibility.as_of + timedelta(days=by) for by in offsets]
    found = screen_dates(eligibility, extract, CODES, days)
    assert found.days.tolist() == sorted(set(days))
    before = np.zeros(len(extract.persons), dtype=bool)
    for column, day in enumerate(found.days.tolist()):
        cohort = screen(replace(eligibility, as_of=day), extract, CODES)
        assert list(found.person_id) == list(cohort.person_id)
        assert found.eligible[:, column].tolist() == cohort.eligible.tolist()
        unsure = cohort.not_assessable.any(axis=1) & ~cohort.failed.any(axis=1)
        assert found.not_assessable[:, column].tolist() == unsure.tolist()
        assert found.entering[column] == (cohort.eligible & ~before).sum()
        assert (found.first_day == np.datetime64(day)).tolist() == (cohort.eligible & ~before).tolist()
        before |= cohort.eligible


@given(trials(), st.sampled_from([104, 160]), st.integers(1, 30))
def test_nobody_unobserved_fails_for_want_of_history(trial, weeks, after):
    """An extract that begins after the look-up says nothing of the spell that ran on the day."""
    eligibility, extract = trial
    later = replace(extract.weeks, first_week=week_of(np.datetime64(eligibility.as_of)) + after)
    asked = Eligibility(eligibility.as_of, (MinimumUnemployment(weeks, GapRule.STRICT, "kontanthjaelp"),))
    cohort = screen(asked, replace(extract, weeks=later), CODES)
    assert not cohort.failed[:, -1].any()
