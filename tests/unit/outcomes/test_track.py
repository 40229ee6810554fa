from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.outcome import BetterWhen, Measure, MeasuredIn, State
from ctieval.domain.outcome_table import OutcomeTable, Status
from ctieval.domain.window import Window
from ctieval.errors import InputError, ProtocolError
from ctieval.outcomes.track import count_exits, track

HIGHER, LOWER = BetterWhen.HIGHER, BetterWhen.LOWER


def expect(table: OutcomeTable, *cells):
    """The first outcome of each person: its value, or the status that says why there is none."""
    values = [cell if isinstance(cell, float) else np.nan for cell in cells]
    statuses = [Status.OBSERVED if isinstance(cell, float) else cell for cell in cells]
    assert table.status[:, 0].tolist() == statuses
    np.testing.assert_equal(table.values[:, 0], values)  # noqa: PD011


@pytest.mark.parametrize(
    ("tail", "better_when", "weeks"),
    [
        ([730, 730], HIGHER, 2.0),
        ([999, 999], HIGHER, 2.0),
        ([998, 998], HIGHER, 2.0),
        ([997, 997], HIGHER, Status.EXITED),
        ([997, 730], HIGHER, Status.EXITED),
        ([999, 999], LOWER, Status.EXITED),
        ([998, 998], LOWER, Status.EXITED),
        ([-1, 730], HIGHER, Status.FOLLOW_UP_ENDED),
        ([730], HIGHER, Status.FOLLOW_UP_ENDED),
        ([-1, 997], HIGHER, Status.FOLLOW_UP_ENDED),
        ([997], HIGHER, Status.EXITED),
        ([999], HIGHER, Status.FOLLOW_UP_ENDED),
    ],
)
def test_a_value_is_observed_or_says_why_not(tail, better_when, weeks, follow, make_outcome):
    """Transition is lost with the weeks, although it was reached in the first of them."""
    code = [[737, 737, *tail]]
    in_weeks = make_outcome(state=State.COMPANY_MEASURE, better_when=better_when)
    expect(follow([in_weeks], code), weeks)
    expect(follow([replace(in_weeks, measure=Measure.EVER)], code), 1.0 if isinstance(weeks, float) else weeks)


@pytest.mark.parametrize(
    ("last", "better_when", "at_end"),
    [
        (0, HIGHER, 1.0),
        (730, HIGHER, 0.0),
        (999, HIGHER, 0.0),
        (998, HIGHER, 0.0),
        (997, HIGHER, Status.EXITED),
        (999, LOWER, Status.EXITED),
        (-1, HIGHER, Status.FOLLOW_UP_ENDED),
    ],
)
def test_the_end_needs_its_own_week_and_no_exit_is_self_support(last, better_when, at_end, follow, make_outcome):
    outcome = make_outcome(state=State.SELF_SUPPORT, measure=Measure.AT_END, better_when=better_when)
    expect(follow([outcome], [[-1, 997, -1, last]]), at_end)


def test_a_move_is_an_exit_and_not_the_end_of_follow_up(follow, make_outcome):
    moved = {"moved_on": np.array(["2018-01-18", "NaT"], dtype="datetime64[s]")}
    table = follow([make_outcome(state=State.BENEFIT)], [[730, 730, -1, -1]] * 2, persons=moved)
    expect(table, Status.EXITED, Status.FOLLOW_UP_ENDED)


@pytest.mark.parametrize(
    ("state", "last", "value"),
    [
        (State.ORDINARY_JOB, 0, Status.EXITED),
        (State.SELF_SUPPORT, 0, Status.EXITED),
        (State.ORDINARY_HOURS, 0, Status.EXITED),
        (State.ORDINARY_HOURS, 730, Status.EXITED),
        (State.ORDINARY_JOB, 730, Status.EXITED),
        (State.SUPPORTED_JOB, 730, 0.0),
        (State.BENEFIT, 0, 3.0),
    ],
)
def test_hours_not_known_for_a_move_are_the_move_and_not_the_end_of_follow_up(state, last, value, follow, make_outcome):
    """The move is on Wednesday 28 February; the Thursday of that week lies in March, which nobody delivers."""
    moved = {"moved_on": np.array(["2018-02-28", "NaT"], dtype="datetime64[s]")}
    code = [[730, 730, 730, last, -1], [730, 730, 730, 0, 0]]
    outcome = make_outcome(state=state, window=Window(0, 4))
    hours = [0.0] + [np.nan] * 23
    stayed = {State.BENEFIT: 3.0, State.SUPPORTED_JOB: 0.0}.get(state, Status.FOLLOW_UP_ENDED)
    table = follow([outcome], code, hours=hours, persons=moved, first_day=np.datetime64("2018-02-05"), day="2018-02-05")
    expect(table, value, stayed)


def test_an_exit_is_itself_a_state_abroad_included(follow, make_outcome):
    outcome = make_outcome(state=State.EXIT, better_when=LOWER)
    expect(follow([outcome], [[730, 997, 998, 999], [730] * 4, [997, -1, 997, 997]]), 3.0, 0.0, Status.FOLLOW_UP_ENDED)


def test_an_exit_cannot_be_declared_a_success(follow, make_outcome):
    with pytest.raises(ProtocolError, match="never a success"):
        follow([make_outcome(state=State.EXIT)], [[730] * 4])


@pytest.mark.parametrize("weeks", [16, 17])
def test_retention_is_lost_by_follow_up_and_not_for_want_of_success(weeks, follow, make_outcome):
    """A window of 4 weeks and 13 weeks of retention need weeks -1 to 15, of the retained as of the others."""
    outcome = make_outcome(state=State.SUPPORTED_JOB, measure=Measure.RETAINED_13)
    code = [[730] + [771] * (weeks - 1), [730] * weeks]
    cells = (1.0, 0.0) if weeks == 17 else (Status.FOLLOW_UP_ENDED, Status.FOLLOW_UP_ENDED)
    expect(follow([outcome], code, day="2018-01-08"), *cells)


def test_death_ends_retention_and_decides_it(follow, make_outcome):
    outcome = make_outcome(state=State.SUPPORTED_JOB, measure=Measure.RETAINED_13)
    code = [[730] + [771] * 12 + [999] * 4, [730] + [771] * 13 + [999] * 3, [730] + [771] * 13 + [997] * 3]
    expect(follow([outcome], code, day="2018-01-08"), 0.0, 1.0, Status.EXITED)


def test_hours_in_the_month_of_a_death_are_not_work_after_it(follow, make_outcome):
    for state in (State.ORDINARY_HOURS, State.ORDINARY_JOB):
        expect(follow([make_outcome(state=state)], [[0, 999, 999, 999]], hours=20.0), 1.0)


def test_each_person_has_her_own_window(follow, make_outcome):
    outcome = make_outcome(state=State.SUPPORTED_JOB, window=Window(0, 2))
    expect(follow([outcome], [[771, 730, 730, 771]] * 2, day=["2018-01-07", "2018-01-08"]), 1.0, 0.0)


def test_weeks_before_the_draw_can_be_measured(follow, make_outcome):
    outcome = make_outcome(state=State.SUPPORTED_JOB, window=Window(-2, 0))
    expect(follow([outcome], [[771, 730, 771]], day="2018-01-15"), 1.0)


def test_the_order_is_that_of_the_allocation(codes, make_registers, drawn_on, make_outcome):
    registers = make_registers([[771] * 4, [730] * 4, [771, 771, 771, 730]])
    swapped = replace(drawn_on([0, 1]), person_id=np.array(["P000002", "P000000"], dtype=object))
    table = track((make_outcome(state=State.SUPPORTED_JOB),), swapped, registers, codes)
    expect(table, 3.0, 4.0)
    assert table.person_id.tolist() == ["P000002", "P000000"]


def test_what_the_intervention_alone_is_asked_is_not_measured_in_the_control(follow, make_outcome):
    outcome = make_outcome(state=State.BENEFIT, measured_in=MeasuredIn.INTERVENTION)
    expect(follow([outcome], [[730] * 4] * 2, arm=[0, 1]), Status.NOT_MEASURED, 4.0)


def test_without_employment_jobs_are_not_observed_and_benefits_are(follow, make_outcome):
    code = [[730, 730, 0, 0]]
    expect(follow([make_outcome()], code, hours=None), Status.FOLLOW_UP_ENDED)
    expect(follow([make_outcome(state=State.BENEFIT)], code, hours=None), 2.0)


def test_a_survey_is_scored_and_its_absence_is_no_answer(follow, make_outcome):
    outcome = make_outcome("instrument")
    answers = {"person_id": "P000000", "wave": "12m", "instrument": "who5", "item": range(1, 6), "answer": 3}
    expect(follow([outcome], [[730]] * 2, arm=[1, 0], survey=pd.DataFrame(answers)), 60.0, Status.NOT_MEASURED)
    expect(follow([outcome], [[730]]), Status.NO_ANSWER)


def test_a_column_has_no_place_in_registers(follow, make_outcome):
    with pytest.raises(ProtocolError) as caught:
        follow([make_outcome("column")], [[730]])
    assert caught.value.key == "outcome outcome"


def test_nobody_drawn_may_be_absent_and_the_message_names_no_person(codes, make_registers, drawn_on, make_outcome):
    canary = "0101011234"
    allocation = replace(drawn_on([0, 1]), person_id=np.array([canary, "P000000"], dtype=object))
    with pytest.raises(InputError, match="1 of 2 persons without") as caught:
        track((make_outcome(),), allocation, make_registers([[730]]), codes)
    assert canary not in str(caught.value)


def test_a_day_that_is_not_known_is_an_error(follow, make_outcome):
    with pytest.raises(InputError, match="1 of 2 persons without"):
        follow([make_outcome()], [[730]] * 2, day=["2018-01-01", "NaT"])


def test_exits_that_count_as_weeks_out_of_a_job_are_counted_by_arm(codes, make_registers, drawn_on, make_outcome):
    code = [[730, 730, 999, 999], [730, 998, 998, 998], [730, 997, 997, 997]]
    outcomes = (
        make_outcome(name="job"),
        make_outcome(name="benefit", state=State.BENEFIT, better_when=LOWER),
        make_outcome(name="first_week", window=Window(0, 1)),
        make_outcome("instrument"),
    )
    notices = count_exits(outcomes, drawn_on([0, 1, 1]), make_registers(code, [[0.0]] * 3), codes)
    assert [(notice.code, notice.subject) for notice in notices] == [("W-EXIT-COUNTED", "job")]
    assert notices[0].facts == (("n_control", 1), ("n_intervention", 1))


def test_a_table_shows_no_person(follow, make_outcome):
    assert "P000000" not in repr(follow([make_outcome()], [[730] * 4]))


def test_no_outcomes_give_an_empty_table(follow):
    assert follow([], [[730]] * 2).status.shape == (2, 0)
