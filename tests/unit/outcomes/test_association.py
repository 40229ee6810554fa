import math

import numpy as np
import pytest
from scipy import stats

from ctieval.domain.outcome import (
    BetterWhen,
    InstrumentOutcome,
    Measure,
    MeasuredIn,
    Role,
    State,
    StateOutcome,
)
from ctieval.domain.outcome_table import OutcomeTable
from ctieval.domain.window import Window
from ctieval.domain.wording import Label
from ctieval.outcomes.association import describe_association

RNG = np.random.default_rng(5)
N = 40


def who5(name="who5"):
    return InstrumentOutcome(
        name=name,
        label=Label(name, name),
        role=Role.SECONDARY,
        better_when=BetterWhen.HIGHER,
        measured_in=MeasuredIn.INTERVENTION,
        instrument="who5",
        wave="12m",
        baseline_wave="start",
    )


def job(name, measure, state=State.ORDINARY_JOB):
    return StateOutcome(
        name=name,
        label=Label(name, name),
        role=Role.SECONDARY,
        better_when=BetterWhen.HIGHER,
        state=state,
        measure=measure,
        window=Window(0, 52),
    )


def table_of(outcomes, values):
    values = np.asarray(values, dtype=np.float64)
    ids = np.array([f"{number:03d}" for number in range(len(values))], dtype=object)
    status = np.where(np.isnan(values), 1, 0)
    return OutcomeTable(ids, tuple(outcomes), values, status, np.full(values.shape, np.nan))


def test_the_difference_is_welchs_over_the_intervention_alone(make_allocation):
    arm = np.repeat([1, 0], N // 2)
    score, weeks = RNG.normal(50, 10, N), RNG.integers(0, 3, N).astype(float)
    score[3] = weeks[5] = np.nan
    (row,) = describe_association(
        table_of([who5(), job("weeks", Measure.WEEKS)], np.column_stack([score, weeks])), make_allocation(arm)
    )
    mine = (arm == 1) & ~np.isnan(score) & ~np.isnan(weeks)
    some, none = score[mine & (weeks > 0)], score[mine & (weeks == 0)]
    interval = stats.ttest_ind(some, none, equal_var=False).confidence_interval()
    assert (row.n_with, row.n_without) == (len(some), len(none))
    assert row.difference == pytest.approx(some.mean() - none.mean(), abs=1e-12)
    assert (row.conf_low, row.conf_high) == pytest.approx((interval.low, interval.high), abs=1e-9)


def test_whether_there_was_a_job_is_asked_before_how_many_weeks_and_each_kind_of_job_apart(make_allocation):
    outcomes = [
        job("weeks", Measure.WEEKS),
        who5(),
        job("ever", Measure.EVER),
        job("retained", Measure.RETAINED_26),
        job("supported", Measure.WEEKS, State.SUPPORTED_JOB),
        job("school", Measure.EVER, State.EDUCATION),
    ]
    values = RNG.integers(0, 2, size=(N, len(outcomes))).astype(float)
    rows = describe_association(
        table_of(outcomes, values), make_allocation(np.ones(N, dtype=np.int64) * (np.arange(N) < 30))
    )
    assert [(row.outcome, row.grouped_by) for row in rows] == [("who5", "ever"), ("who5", "supported")]


def test_nobody_with_a_job_gives_no_row_and_one_alone_no_interval(make_allocation):
    arm = np.repeat([1, 0], [6, 4])
    score, had = np.arange(10.0), np.zeros(10)
    outcomes = [who5(), job("ever", Measure.EVER)]
    assert describe_association(table_of(outcomes, np.column_stack([score, had])), make_allocation(arm)) == ()
    had[0] = 1
    (row,) = describe_association(table_of(outcomes, np.column_stack([score, had])), make_allocation(arm))
    assert (row.n_with, row.n_without, row.difference) == (1, 5, -3.0)
    assert math.isnan(row.conf_low)
    assert math.isnan(row.conf_high)


def test_without_a_questionnaire_or_a_job_there_is_nothing_to_say(make_allocation):
    arm = np.repeat([1, 0], 5)
    for outcomes in ([who5()], [job("ever", Measure.EVER)]):
        assert describe_association(table_of(outcomes, np.ones((10, 1))), make_allocation(arm)) == ()
