"""Outcomes against a plain loop over persons, weeks and dates, and laws that hold for any registers."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctieval.domain.outcome import BetterWhen, Measure, Role, State, StateOutcome
from ctieval.domain.outcome_table import OutcomeTable, Status
from ctieval.domain.registers import EmploymentPanel, Registers, WeekPanel
from ctieval.domain.window import Window
from ctieval.domain.wording import Label
from ctieval.outcomes.levels import follow_up
from ctieval.outcomes.track import track
from ctieval.registers.codes import load_code_list

CODES = load_code_list()
RETAINED = {Measure.RETAINED_13: 13, Measure.RETAINED_26: 26, Measure.RETAINED_52: 52}
MONDAYS = [date(2019, 12, 30), date(2020, 11, 2), date(2015, 10, 26), date(2016, 2, 1)]
LIKELY = [0, 0, 0, 730, 771, 737]
RARE = [-1, -1, 997, 997, 998, 999, 783, 651, 121, 733, 555]


def plain_code(registers, person, monday):
    """The code of one person in the week of one Monday, or the reason why there is none."""
    weeks = registers.weeks
    number = (monday - date(1969, 12, 29)).days // 7 - weeks.first_week
    code = int(weeks.code[person, number]) if 0 <= number < weeks.code.shape[1] else None
    if code in CODES.known:
        return code
    return plain_loss(registers, person, monday) if code == -1 else Status.FOLLOW_UP_ENDED


def plain_loss(registers, person, monday):
    """Why nothing is known of one person in the week of one Monday: she moved, or nobody delivered it."""
    moved_on = registers.persons["moved_on"][person]
    gone = not pd.isna(moved_on) and monday + timedelta(days=6) >= moved_on.date()
    return Status.EXITED if gone else Status.FOLLOW_UP_ENDED


def plain_state(registers, person, monday, outcome):
    """True, False, or the reason why it is not known, of one person in the week of one Monday."""
    code = plain_code(registers, person, monday)
    if isinstance(code, Status):
        return code
    if code in {997, 998, 999}:
        seen = code != 997 and outcome.better_when is BetterWhen.HIGHER
        return True if outcome.state is State.EXIT else False if seen else Status.EXITED
    if outcome.state is State.BENEFIT:
        return code in CODES.members("public_payment")
    if outcome.state is State.ORDINARY_HOURS:
        hours, _ = plain_work(registers.employment, person, monday)
        return plain_loss(registers, person, monday) if np.isnan(hours) else hours > 0
    if code != 0:
        return outcome.state is not State.SELF_SUPPORT and code in CODES.members(outcome.state)
    known = plain_blank(*plain_work(registers.employment, person, monday), outcome.state)
    return plain_loss(registers, person, monday) if known is None else known


def plain_work(employment, person, monday):
    """Hours and earnings in the month of the week's Thursday."""
    thursday = monday + timedelta(days=3)
    month = (thursday.year - 1970) * 12 + thursday.month - 1 - employment.first_month
    known = 0 <= month < employment.hours.shape[1]
    return (employment.hours[person, month], employment.earnings[person, month]) if known else (np.nan, np.nan)


def plain_blank(hours, earnings, state):
    """Whether a blank week is one of a state; None where work is not known."""
    if state not in {State.ORDINARY_JOB, State.SELF_SUPPORT}:
        return False
    if hours > 0 or earnings > 0:
        return state is State.ORDINARY_JOB
    return None if np.isnan(hours + earnings) else state is State.SELF_SUPPORT


def plain_outcome(registers, person, drawn_on, outcome):
    """Value and status of one person, by looking at one week after the other."""
    week_zero = drawn_on - timedelta(days=drawn_on.weekday())
    start, end, length = outcome.window.start, outcome.window.end, RETAINED.get(outcome.measure)
    needed = range(end - 1, end) if outcome.measure is Measure.AT_END else range(start, end)
    needed = range(start - 1, end + length - 1) if length else needed
    path = {w: plain_state(registers, person, week_zero + timedelta(weeks=w), outcome) for w in needed}
    for state in path.values():
        if isinstance(state, Status):
            return np.nan, state
    if length:
        spells = (not path[w - 1] and all(path[w + i] for i in range(length)) for w in range(start, end))
        return float(any(spells)), Status.OBSERVED
    total = sum(path.values())
    return float(total if outcome.measure is Measure.WEEKS else total > 0), Status.OBSERVED


@st.composite
def worlds(draw):
    """Registers with days of a draw: runs of codes, exits that last, gaps, months that are not known."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, weeks = draw(st.integers(1, 6)), draw(st.sampled_from([3, 60, 160, 200]))
    months = max(0, weeks // 4 + draw(st.integers(-2, 2)))
    first = draw(st.sampled_from(MONDAYS))
    code = np.repeat(rng.choice(LIKELY, (n, weeks)), rng.choice([1, 4, 15, 30, 70, 110]), axis=1)[:, :weeks].astype(
        np.int16
    )
    for person in np.flatnonzero(rng.random(n) < 0.6):
        begin = rng.integers(weeks)
        code[person, begin : begin + rng.choice([1, 3, weeks])] = rng.choice(RARE)
    working = np.repeat(rng.random((2, n, months)) < 0.4, rng.choice([1, 2, 4, 8, 15, 30]), axis=2)[:, :, :months]
    hours, earnings = np.where(rng.random((2, n, months)) < 0.01, np.nan, np.where(working, 37.0, 0.0))
    ids = np.array([f"P{i:06d}" for i in range(n)], dtype=object)
    moved_on = [first + timedelta(days=int(day)) for day in rng.integers(0, 7 * weeks, n)]
    first_week = ((first - date(1970, 1, 1)).days + 3) // 7
    first_month = (first.year - 1970) * 12 + first.month - 1 + int(rng.integers(0, 2))
    registers = Registers(
        persons=pd.DataFrame(
            {"person_id": ids, "moved_on": pd.to_datetime(pd.Series(moved_on).where(rng.random(n) < 0.4))}
        ),
        weeks=WeekPanel(ids, first_week, code),
        employment=EmploymentPanel(ids, first_month, hours, earnings),
        payments=None,
        activity=None,
        survey=None,
        recognised=(),
        digests=(),
    )
    drawn_on = np.datetime64(first) + rng.integers(0, 4 * weeks, n)
    return registers, drawn_on


@st.composite
def outcomes(draw):
    start = draw(st.integers(-10, 20))
    state = draw(st.sampled_from([*State, State.ORDINARY_JOB, State.SUPPORTED_JOB]))
    better = draw(st.sampled_from(BetterWhen))
    return StateOutcome(
        name="outcome",
        label=Label("Udfald", "Outcome"),
        role=Role.PRIMARY,
        better_when=BetterWhen.LOWER if state is State.EXIT else better,
        state=state,
        measure=draw(st.sampled_from(Measure)),
        window=Window(start, start + draw(st.integers(1, 40))),
    )


@pytest.fixture(scope="module")
def follow(make_allocation):
    """Values and statuses of outcomes in a world, shape (n, k) each."""

    def followed(world, *declared):
        registers, drawn_on = world
        allocation = make_allocation(np.arange(len(drawn_on)) % 2)
        table = track(declared, replace(allocation, randomised_on=drawn_on), registers, CODES)
        return table.values, table.status  # noqa: PD011

    return followed


@settings(max_examples=300)
@given(world=worlds(), declared=st.lists(outcomes(), min_size=1, max_size=6))
def test_every_person_has_what_the_plain_loop_finds(world, declared, follow):
    registers, drawn_on = world
    values, status = follow(world, *declared)
    for person, day in enumerate(drawn_on.tolist()):
        expected = [plain_outcome(registers, person, day, outcome) for outcome in declared]
        np.testing.assert_equal(values[person], [value for value, _ in expected])
        assert status[person].tolist() == [reason for _, reason in expected]


@given(world=worlds(), outcome=outcomes(), at=st.floats(0, 1))
def test_a_window_cut_in_two_sums_to_the_whole(world, outcome, at, follow):
    start, end = outcome.window.start, outcome.window.end
    cut = start + round(at * (end - start))
    windows = [Window(start, end), *(window for window in (Window(start, cut), Window(cut, end)) if window.weeks)]
    values, _ = follow(world, *(replace(outcome, measure=Measure.WEEKS, window=window) for window in windows))
    np.testing.assert_equal(values[:, 0], values[:, 1:].sum(axis=1))


@given(world=worlds(), outcome=outcomes())
def test_weeks_lie_within_the_window_and_agree_with_transition(world, outcome, follow):
    values, status = follow(world, replace(outcome, measure=Measure.WEEKS), replace(outcome, measure=Measure.EVER))
    np.testing.assert_array_equal(status[:, 0], status[:, 1])
    weeks, ever = values[status[:, 0] == Status.OBSERVED].T
    assert ((weeks >= 0) & (weeks <= outcome.window.weeks)).all()
    np.testing.assert_array_equal(weeks > 0, ever == 1)


@given(world=worlds(), outcome=outcomes())
def test_what_is_not_observed_is_never_a_number(world, outcome, follow):
    values, status = follow(world, outcome)
    np.testing.assert_array_equal(np.isnan(values), status != Status.OBSERVED)


@given(world=worlds(), outcome=outcomes())
def test_being_observed_says_nothing_about_the_value(world, outcome, follow):
    """Whoever is in the state all the time is lost as often as whoever never is."""
    registers, drawn_on = world
    supported = replace(outcome, state=State.SUPPORTED_JOB)
    lost = []
    for code in (771, 730):
        seen = (registers.weeks.code >= 0) & (registers.weeks.code < 997)
        weeks = replace(registers.weeks, code=np.where(seen, code, registers.weeks.code).astype(np.int16))
        lost.append(follow((replace(registers, weeks=weeks), drawn_on), supported)[1])
    np.testing.assert_array_equal(*lost)


@given(world=worlds(), outcome=outcomes())
def test_longer_retention_is_rarer_and_is_a_transition(world, outcome, follow):
    measures = [Measure.EVER, Measure.RETAINED_13, Measure.RETAINED_26, Measure.RETAINED_52]
    values, status = follow(world, *(replace(outcome, measure=measure) for measure in measures))
    observed = values[(status == Status.OBSERVED).all(axis=1)]
    assert (np.diff(observed, axis=1) <= 0).all()


@given(status=st.lists(st.sampled_from(Status), min_size=1, max_size=20), outcome=outcomes())
def test_observed_and_lost_add_up_to_the_arm(status, outcome, make_allocation):
    allocation = make_allocation(np.arange(len(status)) % 2)
    column = np.array(status, dtype=np.int64)[:, None]
    values = np.where(column == Status.OBSERVED, 1.0, np.nan)
    table = OutcomeTable(allocation.person_id, (outcome,), values, column, np.full(values.shape, np.nan))
    for row in follow_up(table, allocation):
        assert row.observed + sum(loss.n for loss in row.lost) == (allocation.arm == row.arm).sum()


@given(world=worlds(), outcome=outcomes())
def test_nothing_that_is_read_is_changed(world, outcome, follow):
    registers, _ = world
    before = (registers.weeks.code.copy(), registers.employment.hours.copy(), registers.persons.copy())
    follow(world, outcome)
    np.testing.assert_array_equal(registers.weeks.code, before[0])
    np.testing.assert_array_equal(registers.employment.hours, before[1])
    pd.testing.assert_frame_equal(registers.persons, before[2])
