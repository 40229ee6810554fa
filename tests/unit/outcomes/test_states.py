from dataclasses import replace

import numpy as np
import pytest

from ctieval.domain.outcome import BetterWhen, State
from ctieval.domain.outcome_table import Status
from ctieval.domain.window import Window
from ctieval.outcomes.counted import read_weeks
from ctieval.outcomes.drawn import find_drawn
from ctieval.outcomes.states import WeekState, read_amount, read_state, state_rules
from ctieval.registers.executors.serial import run_serial
from ctieval.registers.kernels.amounts import Monthly


@pytest.fixture
def state_of(drawn_on, codes):
    """The state of each week of the registers of some persons."""

    def found(registers, persons=None):
        ids = registers.weeks.person_id if persons is None else np.array(persons, dtype=object)
        drawn = replace(drawn_on([1] * len(ids), "2018-01-01"), person_id=ids)
        monday = np.datetime64(7 * registers.weeks.first_week - 3, "D")
        drawn = find_drawn(replace(drawn, randomised_on=np.full(len(ids), monday)), registers)
        window = Window(0, registers.weeks.code.shape[1])
        return read_weeks(drawn, (state_rules(codes).table,), window, run=run_serial)[:, 0]

    return found


@pytest.fixture
def read(make_registers, codes, drawn_on):
    """The reading of the first week of one person: in the state or not, or the negative of why it is not known."""

    def found(code, state, better, *amounts):
        drawn = find_drawn(drawn_on([1], "2018-01-01"), make_registers([[code]], *amounts))
        return read_weeks(drawn, (read_state(codes, state, better),), Window(0, 1), run=run_serial).item()

    return found


@pytest.mark.parametrize(
    ("code", "hours", "earnings", "expected"),
    [
        (0, 20.0, 0.0, WeekState.ORDINARY_JOB),
        (0, 0.0, 900.0, WeekState.ORDINARY_JOB),
        (0, np.nan, 900.0, WeekState.ORDINARY_JOB),
        (0, 0.0, 0.0, WeekState.SELF_SUPPORT),
        (0, 0.0, np.nan, WeekState.BLANK),
        (0, np.nan, np.nan, WeekState.BLANK),
        (-1, 20.0, 900.0, WeekState.NOT_OBSERVED),
        (730, 20.0, 900.0, WeekState.PASSIVE_BENEFIT),
        (735, 0.0, 0.0, WeekState.SUPPORTED_JOB),
        (737, 0.0, 0.0, WeekState.COMPANY_MEASURE),
        (651, 0.0, 0.0, WeekState.EDUCATION),
        (783, 0.0, 0.0, WeekState.PENSION_OR_RESOURCE),
        (121, 0.0, 0.0, WeekState.ORDINARY_JOB),
        (997, 20.0, 0.0, WeekState.EMIGRATED),
        (998, 20.0, 0.0, WeekState.EXIT),
        (999, 20.0, 0.0, WeekState.EXIT),
    ],
)
def test_a_week_has_the_first_state_of_the_hierarchy(code, hours, earnings, expected, make_registers, state_of):
    assert state_of(make_registers([[code]], [[hours]], [[earnings]])).tolist() == [[expected]]


def test_a_blank_week_without_an_employment_register_is_not_self_support(make_registers, state_of):
    assert state_of(make_registers([[0]])).tolist() == [[WeekState.BLANK]]


def test_a_blank_week_beyond_the_employment_register_is_not_self_support(make_registers, state_of):
    weeks = state_of(make_registers([[0] * 6], [[0.0]]))
    assert weeks.tolist() == [[WeekState.SELF_SUPPORT] * 4 + [WeekState.BLANK] * 2]


def test_every_code_of_the_list_comes_into_its_own_state(make_registers, codes, state_of):
    listed = [entry for entry in codes.codes if entry.state is not None]
    found = state_of(make_registers([[entry.code for entry in listed]]))[0]
    expected = [WeekState.EMIGRATED if entry.code == 997 else WeekState[entry.state.name] for entry in listed]
    assert found.tolist() == expected


def test_a_code_in_no_list_is_not_observed_and_never_blank(make_registers, codes, state_of):
    assert 555 not in codes.known
    assert state_of(make_registers([[555]], [[20.0]])).tolist() == [[WeekState.NOT_OBSERVED]]


@pytest.mark.parametrize(
    ("monday", "months", "expected"),
    [
        ("2018-01-29", [[0.0, 20.0]], WeekState.ORDINARY_JOB),
        ("2018-02-26", [[0.0, 20.0]], WeekState.ORDINARY_JOB),
        ("2018-01-22", [[0.0, 20.0]], WeekState.SELF_SUPPORT),
        ("2020-12-28", [[20.0, 0.0]], WeekState.ORDINARY_JOB),
        ("2021-01-04", [[0.0, 20.0]], WeekState.SELF_SUPPORT),
    ],
)
def test_a_week_belongs_to_the_month_of_its_thursday(monday, months, expected, make_registers, state_of):
    registers = make_registers([[0]], months, first_day=np.datetime64(monday))
    assert state_of(registers).tolist() == [[expected]]


def test_weeks_after_a_move_are_told_from_weeks_that_nobody_delivered(make_registers, state_of):
    moved = {"moved_on": np.array(["2018-01-17", "NaT"], dtype="datetime64[s]")}
    registers = make_registers([[730, -1, -1, -1], [730, -1, -1, -1]], persons=moved)
    lost, gone = WeekState.NOT_OBSERVED, WeekState.MOVED
    assert state_of(registers)[:, 1:].tolist() == [[lost, gone, gone], [lost, lost, lost]]


def test_benefit_and_ordinary_hours_overlap_the_states(read):
    benefit = [read(code, State.BENEFIT, BetterWhen.LOWER, [[20.0]]) for code in (730, 737, 0, 651)]
    hours = [read(code, State.ORDINARY_HOURS, BetterWhen.HIGHER, [[20.0]]) for code in (730, 737, 0, 651)]
    assert (benefit, hours) == ([1, 1, 0, 0], [1, 1, 1, 1])


ENDED, EXITED = -Status.FOLLOW_UP_ENDED, -Status.EXITED
FROM_WORK = {State.ORDINARY_JOB, State.SELF_SUPPORT, State.ORDINARY_HOURS}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize(("code", "higher", "lower"), [(997, EXITED, EXITED), (998, 0, EXITED), (999, 0, EXITED)])
def test_no_exit_is_a_success_in_any_state(state, code, higher, lower, read):
    """Paid hours in the month of a death belong to the days before it."""
    found = [read(code, state, better, [[20.0]], [[900.0]]) for better in (BetterWhen.HIGHER, BetterWhen.LOWER)]
    assert found == ([1, 1] if state is State.EXIT else [higher, lower])


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("code", [0, 730, 771, 121])
@pytest.mark.parametrize("amounts", [(), ([[np.nan]], [[np.nan]])])
def test_where_employment_is_not_known_nobody_is_known_to_work_or_not(state, code, amounts, read):
    """Neither those whose week is blank nor those on benefit, who would else be all who are left."""
    known = read(code, state, BetterWhen.HIGHER, *amounts)
    assert known == ENDED if state in FROM_WORK else known >= 0


@pytest.mark.parametrize(("amounts", "found"), [((), ENDED), (([[np.nan]], [[np.nan]]), 0)])
def test_the_dead_are_known_not_to_work_where_the_month_is_held(amounts, found, read):
    assert {read(999, state, BetterWhen.HIGHER, *amounts) for state in FROM_WORK} == {found}


def test_months_of_dream_tell_work_without_hours(make_registers, codes, drawn_on):
    registers = make_registers([[0], [0], [0]], [[np.nan]] * 3, [[np.nan]] * 3)
    employed = np.array([[1.0], [0.0], [np.nan]])
    registers = replace(registers, employment=replace(registers.employment, employed=employed))
    drawn = find_drawn(drawn_on([1] * 3, "2018-01-01"), registers)
    states = (State.ORDINARY_JOB, State.ORDINARY_HOURS, State.SELF_SUPPORT)
    readings = (*(read_state(codes, state, BetterWhen.HIGHER) for state in states),)
    readings = (*readings, read_amount(codes, Monthly.HOURS, BetterWhen.HIGHER))
    found = read_weeks(drawn, readings, Window(0, 1), run=run_serial)[:, :, 0]
    assert found.tolist() == [[1, 1, 0, ENDED], [0, 0, 1, 1], [ENDED] * 4]


def test_who_was_found_shows_no_person(make_registers, drawn_on):
    assert "P000000" not in repr(find_drawn(drawn_on([1], "2018-01-01"), make_registers([[730]])))
