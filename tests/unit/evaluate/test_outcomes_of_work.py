"""What outcomes about paid work need of the registers: an error where nothing tells of it, a notice if too little."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.design import Complete
from ctieval.domain.outcome import Amount, AmountOutcome, BetterWhen, FullTime, Measure, Role, State, StateOutcome
from ctieval.domain.registers import EmploymentPanel, Registers, WeekPanel, week_of
from ctieval.domain.trial import PlannedDraw
from ctieval.domain.window import Window
from ctieval.domain.wording import Label
from ctieval.errors import InputError
from ctieval.evaluate.data import RegisterData
from ctieval.evaluate.readiness import check_outcomes, describe_employment, describe_silence
from ctieval.rates.load import load_rates
from ctieval.registers.codes import load_code_list

COMMON = {"name": "work", "label": Label("", ""), "role": Role.PRIMARY, "better_when": BetterWhen.HIGHER}
WINDOW, FULL_TIME = Window(0, 8), FullTime(160.0, "made up")
IDS = np.array(["P0"], dtype=object)


def state(which):
    return StateOutcome(**COMMON, state=which, measure=Measure.WEEKS, window=WINDOW)


def amount(which):
    full_time = FULL_TIME if which is Amount.ORDINARY_HOURS_SHARE else None
    return AmountOutcome(**COMMON, amount=which, window=WINDOW, full_time=full_time)


OF_WORK = [
    *(state(which) for which in (State.ORDINARY_JOB, State.SELF_SUPPORT, State.ORDINARY_HOURS)),
    *(amount(which) for which in (Amount.EARNINGS, Amount.ORDINARY_HOURS_SHARE, Amount.STATE_CHANGES)),
]
OTHERS = [state(State.BENEFIT), state(State.SUPPORTED_JOB), amount(Amount.BENEFIT_KRONER)]


def trial_of(outcome):
    draw = PlannedDraw(Complete(1), 1, None, date(2018, 1, 3))
    return SimpleNamespace(outcomes=(outcome,), assignment=draw)


def data_of(hours=None, earnings=None):
    paid = None
    if hours is not None:
        panels = (np.array([each], dtype=np.float64) for each in (hours, hours if earnings is None else earnings))
        paid = EmploymentPanel(IDS, 48 * 12, *panels)
    weeks = WeekPanel(IDS, week_of(np.datetime64("2018-01-01")), np.full((1, 12), 730, dtype=np.int16))
    registers = Registers(pd.DataFrame({"person_id": IDS}), weeks, paid, None, None, None, (), ())
    return RegisterData(registers, load_code_list(), load_rates(None), cohort=None)


@pytest.mark.parametrize("outcome", OF_WORK, ids=lambda each: each.__class__.__name__)
def test_without_employment_nothing_tells_of_work(outcome):
    with pytest.raises(InputError, match="without the table employment") as caught:
        check_outcomes(trial_of(outcome), data_of())
    assert "outcome work" in caught.value.where


@pytest.mark.parametrize("outcome", OTHERS, ids=lambda each: each.__class__.__name__)
def test_what_is_not_about_work_needs_no_employment(outcome):
    check_outcomes(trial_of(outcome), data_of())
    assert describe_employment(trial_of(outcome), data_of([0])) == ()


@pytest.mark.parametrize("which", [Amount.EARNINGS, Amount.ORDINARY_HOURS_SHARE])
def test_months_that_say_only_who_worked_hold_no_sums(which):
    nothing = [np.nan] * 3
    with pytest.raises(InputError, match="of which the registers hold none"):
        check_outcomes(trial_of(amount(which)), data_of(nothing))
    check_outcomes(trial_of(amount(Amount.STATE_CHANGES)), data_of(nothing))


@pytest.mark.parametrize("outcome", OF_WORK, ids=lambda each: each.__class__.__name__)
def test_employment_that_ends_within_the_window_is_told_with_its_months(outcome):
    """Eight weeks from 1 January end with the week of Thursday 22 February."""
    assert describe_employment(trial_of(outcome), data_of([0, 0])) == ()
    (notice,) = describe_employment(trial_of(outcome), data_of([0]))
    assert (notice.code, notice.subject) == ("W-EMPLOYMENT-SHORT", "work")
    assert dict(notice.facts) == {
        "first": "2018-01",
        "last": "2018-01",
        "needed_from": "2018-01",
        "needed_to": "2018-02",
    }


def silent(codes, hours, outcome):
    """Twelve weeks from 1 January 2018 of persons with these codes, and three months with these hours of everybody."""
    ids = np.array([f"P{number}" for number in range(len(codes))], dtype=object)
    paid = EmploymentPanel(ids, 48 * 12, *[np.tile(np.array(hours, dtype=np.float64), (len(ids), 1))] * 2)
    weeks = WeekPanel(ids, week_of(np.datetime64("2018-01-01")), np.array(codes, dtype=np.int16))
    registers = Registers(pd.DataFrame({"person_id": ids}), weeks, paid, None, None, None, (), ())
    data = RegisterData(registers, load_code_list(), load_rates(None), cohort=None)
    return [(each.code, dict(each.facts)) for each in describe_silence(trial_of(outcome), data)]


def test_months_in_which_nobody_works_and_weeks_in_which_nobody_has_a_code_are_told():
    """The window is eight weeks: what is silent after the week of 22 February is told of no outcome."""
    on, off, dead = [730] * 12, [730] * 5 + [0] * 7, [999] * 12
    job, benefit = state(State.ORDINARY_JOB), state(State.BENEFIT)
    assert silent([on, off], [5, 5, 0], job) == []
    assert silent([on, off], [5, 0, 0], job) == [("W-EMPLOYMENT-SILENT", {"first": "2018-02", "months": 1})]
    assert silent([on, off], [0, 0, 0], benefit) == []
    assert silent([off, dead], [5, 5, 5], benefit) == [("W-WEEKS-SILENT", {"first": "2018-W06", "weeks": 3})]


def test_what_is_not_observed_is_not_silent():
    ends = [730] * 5 + [-1] * 7
    assert silent([ends], [5, np.nan, np.nan], state(State.ORDINARY_JOB)) == []
