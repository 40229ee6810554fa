"""Outcomes against a plain loop over persons, weeks and dates, and laws that hold for any registers."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctieval.domain.outcome import (
    WAITS,
    Amount,
    AmountOutcome,
    BetterWhen,
    FullTime,
    Measure,
    Role,
    State,
    StateOutcome,
)
from ctieval.domain.outcome_table import OutcomeTable, Status
from ctieval.domain.registers import EmploymentPanel, Registers, WeekPanel
from ctieval.domain.window import Window
from ctieval.domain.wording import Label
from ctieval.outcomes.levels import follow_up
from ctieval.outcomes.track import track
from ctieval.registers.codes import load_code_list

CODES = load_code_list()
MONDAYS = [date(2019, 12, 30), date(2020, 11, 2), date(2015, 10, 26), date(2016, 2, 1)]
LIKELY = [0, 0, 0, 730, 771, 737]
RARE = [-1, -1, 997, 997, 998, 999, 783, 651, 121, 733, 555]
FULL_TIME = FullTime(160.33, "made up")
OF_WORK = {State.ORDINARY_JOB, State.SELF_SUPPORT, State.ORDINARY_HOURS}
OF_AMOUNT = {Amount.ORDINARY_HOURS_SHARE: "hours", Amount.EARNINGS: "earnings"}
PARTITION = [state for state in State if state not in {State.BENEFIT, State.ORDINARY_HOURS}]

# The plain loop: one person, one week after the other, with dates. Nothing of it is in the library.


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


def plain_month(registers, person, monday):
    """Hours, earnings and work (True, False, None) in the month of the week's Thursday; None where none is held."""
    paid, thursday = registers.employment, monday + timedelta(days=3)
    month = (thursday.year - 1970) * 12 + thursday.month - 1 - paid.first_month
    if not 0 <= month < paid.hours.shape[1]:
        return None
    hours, earnings = paid.hours[person, month], paid.earnings[person, month]
    worked = True if hours > 0 or earnings > 0 else None if np.isnan(hours + earnings) else False
    if paid.employed is None:
        return hours, earnings, worked
    known = paid.employed[person, month]
    if known == 0:
        return 0.0, 0.0, False
    return hours if hours > 0 else np.nan, earnings, True if known == 1 else worked


def plain_state(registers, person, monday, state, good):  # noqa: PLR0911
    """True, False, or the reason why it is not known, of one person, state and week; ``good``: more is better."""
    code = plain_code(registers, person, monday)
    if isinstance(code, Status):
        return code
    if code == 997 or (code in {998, 999} and (state is State.EXIT or not good)):
        return True if state is State.EXIT else Status.EXITED
    month = plain_month(registers, person, monday)
    if code in {998, 999}:
        return plain_loss(registers, person, monday) if state in OF_WORK and month is None else False
    if state is State.BENEFIT:
        return code in CODES.members("public_payment")
    if state not in OF_WORK:
        return code in CODES.members(state)
    hours, _, worked = month or (np.nan, np.nan, None)
    if state is State.ORDINARY_HOURS:
        some = hours > 0 or (registers.employment.employed is not None and worked)
        return plain_loss(registers, person, monday) if np.isnan(hours) and not some else bool(some)
    if worked is None:
        return plain_loss(registers, person, monday)
    of_code = state is State.ORDINARY_JOB and code in CODES.members(state)
    return of_code or (code == 0 and worked is (state is State.ORDINARY_JOB))


def plain_outcome(registers, person, drawn_on, outcome):
    """Value and status of one person, by looking at one week after the other."""
    week_zero = drawn_on - timedelta(days=drawn_on.weekday())
    mondays = {w: week_zero + timedelta(weeks=w) for w in range(-20, 140)}
    window = range(outcome.window.start, outcome.window.end)
    if isinstance(outcome, AmountOutcome):
        return plain_amount(registers, person, [mondays[w] for w in window], outcome)
    waits, good = "until" in outcome.measure, outcome.better_when is BetterWhen.HIGHER
    length = int(outcome.measure.rpartition("_")[2]) if "retained" in outcome.measure else None
    needed = range(window[0] - 1, window[-1] + length) if length else window
    needed = window[-1:] if outcome.measure is Measure.AT_END else needed
    path = {w: plain_state(registers, person, mondays[w], outcome.state, good != waits) for w in needed}
    lost = [state for state in path.values() if isinstance(state, Status)]
    if lost:
        return np.nan, lost[0]
    if outcome.measure is Measure.WEEKS:
        return float(sum(path.values())), Status.OBSERVED
    hits = [w for w in needed if path[w]]
    if length:
        hits = [w for w in window if not path[w - 1] and all(path[w + i] for i in range(length))]
    waited = hits[0] - window[0] if hits else len(window)
    return float(waited if waits else bool(hits)), Status.OBSERVED


def plain_amount(registers, person, mondays, outcome):
    """Value and status of an amount over some weeks."""
    good = outcome.better_when is BetterWhen.HIGHER
    state = State.BENEFIT if outcome.amount is Amount.BENEFIT_KRONER else State.SUPPORTED_JOB
    lost = [plain_state(registers, person, monday, state, good) for monday in mondays]
    total, full_time, before, changes = Fraction(0), Fraction(0), None, 0
    for place, monday in enumerate(mondays):
        if isinstance(lost[place], Status):
            return np.nan, lost[place]
        dead = plain_code(registers, person, monday) in {998, 999}
        if outcome.amount is Amount.STATE_CHANGES:
            found = {each: plain_state(registers, person, monday, each, good) for each in PARTITION}
            unknown = [each for each in found.values() if isinstance(each, Status)]
            if unknown:
                return np.nan, unknown[0]
            now = next(each for each, here in found.items() if here)
            changes += before not in {None, now} and not dead
            before = now
            continue
        month = plain_month(registers, person, monday)
        amount = np.nan if month is None else {"hours": month[0], "earnings": month[1]}[OF_AMOUNT[outcome.amount]]
        if month is None or (np.isnan(amount) and not dead):
            return np.nan, plain_loss(registers, person, monday)
        thursday = monday + timedelta(days=3)
        thursdays = sum((thursday + timedelta(weeks=w)).month == thursday.month for w in range(-4, 5))
        total += 0 if dead else Fraction(str(amount)) / thursdays
        full_time += Fraction(str(FULL_TIME.hours_month)) / thursdays
    share = outcome.amount is Amount.ORDINARY_HOURS_SHARE
    value = changes if outcome.amount is Amount.STATE_CHANGES else total / full_time if share else total
    return float(value), Status.OBSERVED


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
    amounts = working * np.stack([rng.choice([1.0, 37.25, 160.33], (n, months)), rng.integers(1, 40_000, (n, months))])
    hours, earnings = np.where(rng.random((2, n, months)) < 0.01, np.nan, amounts)
    employed = None
    if draw(st.integers(0, 3)) == 0:
        employed = np.where(rng.random((n, months)) < 0.02, np.nan, working[0])
        hours, earnings = (
            np.where(np.isnan(employed) | (rng.random((n, months)) < 0.1), np.nan, hours),
            earnings * np.nan,
        )
    ids = np.array([f"P{i:06d}" for i in range(n)], dtype=object)
    moved_on = [first + timedelta(days=int(day)) for day in rng.integers(0, 7 * weeks, n)]
    first_week = ((first - date(1970, 1, 1)).days + 3) // 7
    first_month = (first.year - 1970) * 12 + first.month - 1 + int(rng.integers(0, 2))
    registers = Registers(
        persons=pd.DataFrame(
            {"person_id": ids, "moved_on": pd.to_datetime(pd.Series(moved_on).where(rng.random(n) < 0.4))}
        ),
        weeks=WeekPanel(ids, first_week, code),
        employment=EmploymentPanel(ids, first_month, hours, earnings, employed),
        payments=None,
        activity=None,
        survey=None,
        recognised=(),
        digests=(),
    )
    drawn_on = np.datetime64(first) + rng.integers(0, 4 * weeks, n)
    return registers, drawn_on


COMMON = {"name": "outcome", "label": Label("Udfald", "Outcome"), "role": Role.PRIMARY}
WINDOWS = st.builds(lambda start, weeks: Window(start, start + weeks), st.integers(-10, 20), st.integers(1, 40))


@st.composite
def outcomes(draw):
    state = draw(st.sampled_from([*State, State.ORDINARY_JOB, State.SUPPORTED_JOB]))
    measure, window = draw(st.sampled_from(Measure)), draw(WINDOWS)
    better = draw(st.sampled_from(BetterWhen))
    if state is State.EXIT:
        better = BetterWhen.HIGHER if measure in WAITS else BetterWhen.LOWER
    if measure is Measure.AT_WEEK:
        window = Window(window.start, window.start + 1)
    return StateOutcome(**COMMON, better_when=better, state=state, measure=measure, window=window)


@st.composite
def amounts(draw):
    amount = draw(st.sampled_from([each for each in Amount if each is not Amount.BENEFIT_KRONER]))
    better, full_time = draw(st.sampled_from(BetterWhen)), FULL_TIME if amount.endswith("share") else None
    return AmountOutcome(**COMMON, better_when=better, amount=amount, window=draw(WINDOWS), full_time=full_time)


@pytest.fixture(scope="module")
def follow(make_allocation):
    """Values and statuses of outcomes in a world, shape (n, k) each."""

    def followed(world, *declared):
        registers, drawn_on = world
        allocation = make_allocation(np.arange(len(drawn_on)) % 2)
        table = track(declared, replace(allocation, randomised_on=drawn_on), registers, CODES)
        return table.values, table.status  # noqa: PD011

    return followed


@pytest.mark.parametrize("kind", [outcomes, amounts])
@settings(max_examples=200)
@given(data=st.data(), world=worlds())
def test_every_person_has_what_the_plain_loop_finds(kind, data, world, follow):
    registers, drawn_on = world
    declared = data.draw(st.lists(kind(), min_size=3, max_size=6))
    values, status = follow(world, *declared)
    for person, day in enumerate(drawn_on.tolist()):
        expected = [plain_outcome(registers, person, day, outcome) for outcome in declared]
        assert status[person].tolist() == [reason for _, reason in expected]
        # A quotient of floats and that of whole numbers may differ in the last digit.
        np.testing.assert_allclose(values[person], [value for value, _ in expected], rtol=1e-14, atol=0)


@given(world=worlds(), outcome=outcomes(), at=st.floats(0, 1))
def test_a_window_cut_in_two_sums_to_the_whole(world, outcome, at, follow):
    start, end = outcome.window.start, outcome.window.end
    cut = start + round(at * (end - start))
    windows = [Window(start, end), *(window for window in (Window(start, cut), Window(cut, end)) if window.weeks)]
    outcome = replace(outcome, better_when=outcome.state_is_better, measure=Measure.WEEKS)
    values, _ = follow(world, *(replace(outcome, window=window) for window in windows))
    np.testing.assert_equal(values[:, 0], values[:, 1:].sum(axis=1))


@given(world=worlds(), outcome=outcomes())
def test_weeks_lie_within_the_window_and_agree_with_transition(world, outcome, follow):
    outcome = replace(outcome, better_when=outcome.state_is_better, measure=Measure.WEEKS)
    values, status = follow(world, outcome, replace(outcome, measure=Measure.EVER))
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


@given(world=worlds(), outcome=st.one_of(outcomes(), amounts()))
def test_who_is_on_benefit_is_observed_as_often_as_who_is_not(world, outcome, follow):
    """Whether employment is known decides, not whether a week has a code: else those without a job would be kept."""
    registers, drawn_on = world
    lost = []
    for code in (0, 730):
        seen = (registers.weeks.code >= 0) & (registers.weeks.code < 997)
        weeks = replace(registers.weeks, code=np.where(seen, code, registers.weeks.code).astype(np.int16))
        lost.append(follow((replace(registers, weeks=weeks), drawn_on), outcome)[1])
    np.testing.assert_array_equal(*lost)


@given(world=worlds(), outcome=outcomes())
def test_longer_retention_is_rarer_and_is_a_transition(world, outcome, follow):
    measures = [Measure.EVER, Measure.RETAINED_13, Measure.RETAINED_26, Measure.RETAINED_52]
    better = outcome.state_is_better
    values, status = follow(world, *(replace(outcome, better_when=better, measure=measure) for measure in measures))
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
