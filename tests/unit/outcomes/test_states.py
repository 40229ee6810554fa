import numpy as np
import pytest

from ctieval.domain.outcome import BetterWhen, State
from ctieval.domain.outcome_table import Status
from ctieval.outcomes.states import WeekState, build_states, weeks_in_state


def state_of(registers, codes):
    return build_states(registers, codes, registers.weeks.person_id).state


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
def test_a_week_has_the_first_state_of_the_hierarchy(code, hours, earnings, expected, make_registers, codes):
    assert state_of(make_registers([[code]], [[hours]], [[earnings]]), codes).tolist() == [[expected]]


def test_a_blank_week_without_an_employment_register_is_not_self_support(make_registers, codes):
    assert state_of(make_registers([[0]]), codes).tolist() == [[WeekState.BLANK]]


def test_a_blank_week_beyond_the_employment_register_is_not_self_support(make_registers, codes):
    weeks = state_of(make_registers([[0] * 6], [[0.0]]), codes)
    assert weeks.tolist() == [[WeekState.SELF_SUPPORT] * 4 + [WeekState.BLANK] * 2]


def test_every_code_of_the_list_comes_into_its_own_state(make_registers, codes):
    listed = [entry for entry in codes.codes if entry.state is not None]
    found = state_of(make_registers([[entry.code for entry in listed]]), codes)[0]
    expected = [WeekState.EMIGRATED if entry.code == 997 else WeekState[entry.state.name] for entry in listed]
    assert found.tolist() == expected


def test_a_code_in_no_list_is_not_observed_and_never_blank(make_registers, codes):
    assert 555 not in codes.known
    assert state_of(make_registers([[555]], [[20.0]]), codes).tolist() == [[WeekState.NOT_OBSERVED]]


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
def test_a_week_belongs_to_the_month_of_its_thursday(monday, months, expected, make_registers, codes):
    registers = make_registers([[0]], months, first_day=np.datetime64(monday))
    assert state_of(registers, codes).tolist() == [[expected]]


def test_weeks_after_a_move_are_told_from_weeks_that_nobody_delivered(make_registers, codes):
    moved = {"moved_on": np.array(["2018-01-17", "NaT"], dtype="datetime64[s]")}
    registers = make_registers([[730, -1, -1, -1], [730, -1, -1, -1]], persons=moved)
    lost, gone = WeekState.NOT_OBSERVED, WeekState.MOVED
    assert state_of(registers, codes)[:, 1:].tolist() == [[lost, gone, gone], [lost, lost, lost]]


def test_a_person_without_weeks_is_not_observed(make_registers, codes):
    registers = make_registers([[730], [730]])
    states = build_states(registers, codes, np.array(["P000001", "P9"], dtype=object)).state
    assert states.tolist() == [[WeekState.PASSIVE_BENEFIT], [WeekState.NOT_OBSERVED]]


def test_benefit_and_ordinary_hours_overlap_the_states(make_registers, codes):
    states = build_states(make_registers([[730, 737, 0, 651]], [[20.0]]), codes, np.array(["P000000"], dtype=object))
    benefit = weeks_in_state(states, State.BENEFIT, BetterWhen.LOWER)
    hours = weeks_in_state(states, State.ORDINARY_HOURS, BetterWhen.HIGHER)
    assert (benefit.tolist(), hours.tolist()) == ([[1, 1, 0, 0]], [[1, 1, 1, 1]])


ENDED, EXITED = -Status.FOLLOW_UP_ENDED, -Status.EXITED


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize(("code", "higher", "lower"), [(997, EXITED, EXITED), (998, 0, EXITED), (999, 0, EXITED)])
def test_no_exit_is_a_success_in_any_state(state, code, higher, lower, make_registers, codes):
    """Paid hours in the month of a death belong to the days before it."""
    states = build_states(make_registers([[code]], [[20.0]], [[900.0]]), codes, np.array(["P000000"], dtype=object))
    found = [weeks_in_state(states, state, better).item() for better in (BetterWhen.HIGHER, BetterWhen.LOWER)]
    assert found == ([1, 1] if state is State.EXIT else [higher, lower])


@pytest.mark.parametrize("state", State)
def test_a_blank_week_without_employment_is_unknown_only_where_work_decides(state, make_registers, codes):
    states = build_states(make_registers([[0]]), codes, np.array(["P000000"], dtype=object))
    from_work = {State.ORDINARY_JOB, State.SELF_SUPPORT, State.ORDINARY_HOURS}
    assert weeks_in_state(states, state, BetterWhen.HIGHER).item() == (ENDED if state in from_work else 0)


def test_a_panel_shows_no_person(make_registers, codes):
    registers = make_registers([[730]])
    assert "P000000" not in repr(build_states(registers, codes, registers.weeks.person_id))
