"""Kernels on blocks of spells against the dense definitions of the stages, person by person, on random registers."""

import tempfile
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctieval.domain.allocation import Allocation, Declared
from ctieval.domain.arms import Arms
from ctieval.domain.criterion import ActivityReady, Eligibility, GapRule, MinimumAge, MinimumUnemployment
from ctieval.domain.design import Complete
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
from ctieval.domain.registers import EmploymentPanel, Registers, WeekPanel, week_of
from ctieval.domain.window import Window
from ctieval.domain.wording import Label
from ctieval.eligibility.screen import screen
from ctieval.outcomes.states import WeekState, state_rules
from ctieval.outcomes.track import track
from ctieval.registers.codes import load_code_list
from ctieval.registers.executors.results import combine
from ctieval.registers.executors.serial import run_serial
from ctieval.registers.kernels.block import NEVER, UNKNOWN
from ctieval.registers.kernels.first_spell import FirstSpell, UnderWay
from ctieval.registers.kernels.follow import FollowUp, follow
from ctieval.registers.kernels.look_up import LookUp, latest_birthday, look_up
from ctieval.registers.kernels.overlay import states
from ctieval.registers.kernels.payments import to_weekly_rates
from ctieval.registers.store.open import find_participants
from ctieval.registers.store.write import write_registers

CODES = load_code_list()
MONDAYS = [date(2019, 12, 30), date(2020, 11, 2), date(2015, 10, 26), date(2016, 2, 1)]
LIKELY, RARE = [0, 0, 0, 730, 731, 771, 737], [-1, -1, -1, 997, 998, 999, 783, 651, 121, 733]
AMOUNTS = [amount for amount in Amount if amount is not Amount.BENEFIT_KRONER]
PATH = Window(-20, 60)


@st.composite
def registers(draw):
    """Runs of codes, exits that last, holes, persons never seen, months that are not known, leap days."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, weeks = draw(st.integers(1, 7)), draw(st.sampled_from([3, 60, 160, 200]))
    months = max(0, weeks // 4 + draw(st.integers(-4, 4)))
    first = draw(st.sampled_from(MONDAYS))
    run = rng.choice([1, 4, 15, 30, 70, 110])
    code = np.repeat(rng.choice(LIKELY, (n, weeks)), run, axis=1)[:, :weeks].astype(np.int16)
    for person in np.flatnonzero(rng.random(n) < 0.6):
        begin = rng.integers(weeks)
        code[person, begin : begin + rng.choice([1, 3, weeks])] = rng.choice(RARE)
    for person in np.flatnonzero(rng.random(n) < 0.3):
        code[person, : rng.choice([1, 10, weeks])] = -1
    working = np.repeat(rng.random((2, n, months)) < 0.4, rng.choice([1, 2, 4, 8]), axis=2)[:, :, :months]
    amounts = working * np.stack([rng.choice([1.0, 4.25, 160.33], (n, months)), rng.integers(1, 40_000, (n, months))])
    hours, earnings = np.where(rng.random((2, n, months)) < 0.02, np.nan, amounts)
    ids = np.array([f"P{i:06d}" for i in range(n)], dtype=object)
    moved_on = [first + timedelta(days=int(day)) for day in rng.integers(0, 7 * weeks, n)]
    born = [
        rng.choice([first - timedelta(days=365 * 30 + int(d)), date(1992, 2, 29)]) for d in rng.integers(-60, 60, n)
    ]
    employment = EmploymentPanel(
        ids, (first.year - 1970) * 12 + first.month - 1 + int(rng.integers(0, 2)), hours, earnings
    )
    return Registers(
        persons=pd.DataFrame(
            {
                "person_id": ids,
                "birth_date": pd.to_datetime(pd.Series(born)).where(rng.random(n) < 0.9),
                "moved_on": pd.to_datetime(pd.Series(moved_on)).where(rng.random(n) < 0.4),
            }
        ),
        weeks=WeekPanel(ids, ((first - date(1970, 1, 1)).days + 3) // 7, code),
        employment=employment if draw(st.booleans()) else None,
        payments=None,
        activity=None,
        survey=None,
        recognised=(),
        digests=(),
    )


@st.composite
def trials(draw):
    """Registers, and a draw of their persons."""
    found = draw(registers())
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, weeks = found.weeks.code.shape
    drawn = rng.permutation(n)[: rng.integers(1, n + 1)]
    days = np.array([7 * found.weeks.first_week - 3], dtype="datetime64[D]") + rng.integers(-20, 7 * weeks, len(drawn))
    arm = rng.integers(0, 2, len(drawn))
    allocation = Allocation(
        person_id=found.weeks.person_id[drawn],
        arm=arm,
        probability=np.full((len(drawn), 2), 0.5),
        block=np.zeros(len(drawn), dtype=np.int64),
        block_labels=("",),
        cluster=np.zeros(len(drawn), dtype=np.int64),
        cluster_labels=("",),
        randomised_on=days,
        arms=Arms("intervention", "control"),
        design=Complete(int(arm.sum())),
        proof=Declared(),
    )
    return found, allocation


def stored(found, folder, block_size=3):
    return write_registers(found, Path(folder) / "store", known=CODES.known, block_size=block_size)


def asked(found, store, allocation, **changes):
    weeks = found.weeks
    amount = np.array([[100 + week // 20 for week in range(weeks.code.shape[1])], [70] * weeks.code.shape[1]])
    return FollowUp(
        **{
            "drawn": find_participants(store, allocation),
            "n_arms": 2,
            "rules": state_rules(CODES),
            "windows": np.array([[0, 13], [-20, 60], [12, 13]]),
            "first_spell": FirstSpell(WeekState.ORDINARY_JOB, (1, 13, 26), Window(0, 52), UnderWay.CUT),
            "path": PATH,
            "paid_windows": np.array([[0, 52], [-30, 30]]),
            "rates": to_weekly_rates([730, 771], amount, weeks.first_week),
            **changes,
        }
    )


def by_week(found, store):
    """The runs of states, week by week."""
    table, _ = combine(run_serial(states, store, state_rules(CODES)))
    dense = np.full(found.weeks.code.shape, WeekState.NOT_OBSERVED, dtype=np.int8)
    for pidx, start, end, state in zip(
        *(table[name].tolist() for name in ("pidx", "start", "end", "state")), strict=True
    ):
        part = dense[pidx, start - found.weeks.first_week : end - found.weeks.first_week]
        assert (part == WeekState.NOT_OBSERVED).all()
        part[:] = state
    same = np.diff(table["pidx"]) == 0
    touching = same & (table["start"][1:] == table["end"][:-1])
    assert not (touching & (table["state"][1:] == table["state"][:-1])).any()
    return dense


def own_cells(found, allocation, cells, window, beyond):
    """A slow cut of everybody's own weeks, one cell after the other."""
    cut = np.full((len(allocation.person_id), window.weeks), beyond)
    for i, (person, day) in enumerate(zip(allocation.person_id, allocation.randomised_on, strict=True)):
        row = found.weeks.person_id.tolist().index(person)
        for j, week in enumerate(range(week_of(day) + window.start, week_of(day) + window.end)):
            column = week - found.weeks.first_week
            if 0 <= column < cells.shape[1]:
                cut[i, j] = cells[row, column]
    return cut


@given(found=registers())
def test_states_are_those_of_the_dense_definition(found, dense):
    with tempfile.TemporaryDirectory() as folder:
        np.testing.assert_array_equal(by_week(found, stored(found, folder)), dense(found).states)


@given(trial=trials())
def test_windows_payments_and_paths_are_the_dense_sums(trial, dense):
    found, allocation = trial
    with tempfile.TemporaryDirectory() as folder:
        store = stored(found, folder)
        question = asked(found, store, allocation)
        table, sums = combine(run_serial(follow, store, question))
    order = np.argsort(allocation.person_id)
    state_of, arm = dense(found).states, allocation.arm[order]
    for number, (start, end) in enumerate(question.windows.tolist()):
        own = own_cells(found, allocation, state_of, Window(start, end), WeekState.NOT_OBSERVED)[order]
        for state in list(WeekState)[1:]:
            np.testing.assert_array_equal(table["weeks"][:, number, state], (own == state).sum(axis=1))
    path = own_cells(found, allocation, state_of, PATH, WeekState.NOT_OBSERVED)[order]
    for each in (0, 1):
        for state in list(WeekState)[1:]:
            np.testing.assert_array_equal(sums["in_state"][each, state], (path[arm == each] == state).sum(axis=0))
    np.testing.assert_array_equal(sums["persons"], np.bincount(arm, minlength=2))
    weeks = np.arange(found.weeks.code.shape[1])
    paid = np.where(found.weeks.code == 730, 100 + weeks // 20, np.where(found.weeks.code == 771, 70, 0))
    for number, (start, end) in enumerate(question.paid_windows.tolist()):
        own = own_cells(found, allocation, paid, Window(start, end), 0)[order]
        np.testing.assert_array_equal(table["paid"][:, number], own.sum(axis=1))
    own = own_cells(found, allocation, paid, PATH, 0)[order]
    for each in (0, 1):
        np.testing.assert_array_equal(sums["paid"][each], own[arm == each].sum(axis=0))
        np.testing.assert_array_equal(sums["paid_squared"][each], (own[arm == each] ** 2).sum(axis=0))


@given(trial=trials(), under_way=st.sampled_from(list(UnderWay)), begin=st.integers(-30, 20))
def test_the_first_spell_is_the_one_a_walk_through_the_weeks_meets(trial, under_way, begin, dense):
    found, allocation = trial
    wanted = FirstSpell(WeekState.ORDINARY_JOB, (1, 4, 13), Window(begin, begin + 30), under_way)
    with tempfile.TemporaryDirectory() as folder:
        store = stored(found, folder)
        table, _ = combine(run_serial(follow, store, asked(found, store, allocation, first_spell=wanted)))
    job = dense(found).states == WeekState.ORDINARY_JOB
    far = Window(-300, 300)
    own = own_cells(found, allocation, job, far, 0)[np.argsort(allocation.person_id)].astype(bool)
    for person, weeks in enumerate(own):
        for number, length in enumerate(wanted.lengths):
            first = NEVER
            for week in reversed(range(wanted.window.start, wanted.window.end)):
                at = week - far.start
                fresh = not weeks[at - 1] or (under_way is UnderWay.CUT and week == wanted.window.start)
                if fresh and weeks[at : at + length].all():
                    first = week
            assert table["first_spell"][person, number] == first


@st.composite
def outcomes(draw):
    """Any outcome that is counted from weeks and months."""
    start = draw(st.integers(-10, 20))
    common = {"name": "o", "label": Label("o", "o"), "role": Role.PRIMARY}
    window, better = Window(start, start + draw(st.integers(1, 40))), draw(st.sampled_from(BetterWhen))
    kind = draw(st.sampled_from([*Measure, *AMOUNTS]))
    if isinstance(kind, Amount):
        full_time = FullTime(160.33, "made up") if kind is Amount.ORDINARY_HOURS_SHARE else None
        return AmountOutcome(**common, better_when=better, amount=kind, window=window, full_time=full_time)
    state = draw(st.sampled_from(State))
    if state is State.EXIT:
        better = BetterWhen.HIGHER if kind in WAITS else BetterWhen.LOWER
    return StateOutcome(**common, better_when=better, state=state, measure=kind, window=window)


@settings(max_examples=150)
@given(trial=trials(), asked=st.lists(outcomes(), min_size=1, max_size=8), block_size=st.integers(1, 9))
def test_every_measure_is_that_of_the_dense_matrix_in_memory_and_in_a_store(trial, asked, block_size, dense):
    found, allocation = trial
    with tempfile.TemporaryDirectory() as folder:
        stored_table = track(tuple(asked), allocation, stored(found, folder, block_size), CODES)
    held = track(tuple(asked), allocation, found, CODES)
    np.testing.assert_array_equal(stored_table.status, held.status)
    np.testing.assert_array_equal(stored_table.values, held.values)
    matrix = dense(found)
    for number, outcome in enumerate(asked):
        values, status = matrix.measure(outcome, allocation)
        np.testing.assert_array_equal(held.status[:, number], status)
        # The matrix adds shares of months as floats, the kernel twentieths as whole numbers.
        np.testing.assert_allclose(held.values[:, number], values, rtol=1e-12, atol=1e-12)  # noqa: PD011


@pytest.mark.parametrize("rule", list(GapRule))
@given(found=registers(), at=st.integers(-10, 210), needed=st.sampled_from([1, 5, 26, 52]), years=st.integers(27, 31))
def test_the_look_up_is_the_screening_of_eligibility(rule, found, at, needed, years):
    as_of = date(1970, 1, 1) + timedelta(days=7 * found.weeks.first_week + at * 7 - at % 5)
    criteria = (MinimumAge(years), ActivityReady(), MinimumUnemployment(needed, rule, "kontanthjaelp"))
    expected = screen(Eligibility(as_of, criteria), found, CODES)
    gone = np.isin(np.arange(1001), [entry.code for entry in CODES.codes if entry.group in {"Død", "Udvandret"}])
    question = LookUp(
        day=(as_of - date(1970, 1, 1)).days,
        born_by=latest_birthday(as_of, years),
        benefits=CODES.lookup("kontanthjaelp"),
        ready=CODES.lookup("activity_ready"),
        gone=gone,
        least_weeks=needed,
        gap_rule=rule,
        longest_gap_weeks=4,
        most_hours=1000,
    )
    with tempfile.TemporaryDirectory() as folder:
        table, sums = combine(run_serial(look_up, stored(found, folder), question))
    enough = np.where(table["least"] >= needed, 1, np.where(table["most"] < needed, 0, UNKNOWN))
    met = np.column_stack([table["old_enough"], table["ready"], enough])
    here = table["here"] == 1
    standing = expected.failed.shape[1] == 4
    np.testing.assert_array_equal(~here, expected.failed[:, 0] if standing else np.zeros(len(here), dtype=bool))
    np.testing.assert_array_equal((met == 0)[here], expected.failed[here, standing:])
    np.testing.assert_array_equal((met == UNKNOWN)[here], expected.not_assessable[here, standing:])
    np.testing.assert_array_equal(table["eligible"] == 1, here & (met == 1).all(axis=1))
    np.testing.assert_array_equal(table["eligible"] == 0, ~here | (met == 0).any(axis=1))
    assert sums["eligible"].tolist() == [int((table["eligible"] == 1).sum())]
    assert sums["not_known"].tolist() == [int((table["eligible"] == UNKNOWN).sum())]
