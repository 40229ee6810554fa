import numpy as np
import pytest
from scipy import stats

from ctieval.domain.outcome import MeasuredIn
from ctieval.domain.outcome_table import OutcomeTable, Status
from ctieval.outcomes.experienced import describe_arm_changes, describe_experienced


@pytest.fixture
def experienced(make_allocation, make_outcome):
    """Rows of one outcome, from before and after of each person of the intervention; one control goes first."""

    def rows(before, after, measured_in=MeasuredIn.INTERVENTION, **options):
        values = np.array([[np.nan], *([value] for value in after)])
        status = np.where(np.isnan(values), Status.NO_ANSWER, Status.OBSERVED)
        outcome = make_outcome("instrument", measured_in=measured_in)
        allocation = make_allocation([0] + [1] * len(after))
        baseline = np.array([[90.0], *([value] for value in before)])
        table = OutcomeTable(allocation.person_id, (outcome,), values, status, baseline)
        return describe_experienced(table, allocation, **options)

    return rows


def test_the_change_is_that_of_the_paired_t_test(experienced):
    before, after = [20.0, 40.0, 36.0, 52.0], [44.0, 40.0, 60.0, 56.0]
    (row,) = experienced(before, after, conf_level=0.9)
    reference = stats.ttest_rel(after, before).confidence_interval(0.9)
    assert (row.outcome, row.n, row.before, row.after, row.change) == ("outcome", 4, 37.0, 50.0, 13.0)
    assert (row.conf_low, row.conf_high) == pytest.approx((reference.low, reference.high), rel=1e-12)
    assert (row.conf_level, row.unit) == (0.9, "points")


def test_before_and_after_are_of_the_same_persons(experienced):
    (row,) = experienced([20.0, np.nan, 40.0, 0.0], [40.0, 100.0, 50.0, np.nan])
    assert (row.n, row.before, row.after, row.change) == (2, 30.0, 45.0, 15.0)


def test_without_a_measurement_before_there_is_no_change(experienced):
    (row,) = experienced([np.nan] * 3, [40.0, 60.0, np.nan])
    assert (row.n, row.after) == (2, 50.0)
    assert np.isnan([row.before, row.change, row.conf_low, row.conf_high]).all()


@pytest.mark.parametrize(("before", "after"), [([20.0], [40.0]), ([20.0, 30.0], [40.0, 50.0])])
def test_one_person_or_one_change_gives_no_interval(before, after, experienced):
    (row,) = experienced(before, after)
    assert row.change == 20.0
    assert np.isnan([row.conf_low, row.conf_high]).all()


def test_nobody_measured_gives_an_empty_row(experienced):
    (row,) = experienced([20.0], [np.nan])
    assert row.n == 0
    assert np.isnan([row.before, row.after, row.change, row.conf_low]).all()


def test_what_both_arms_were_asked_belongs_to_the_effects(experienced):
    assert experienced([20.0], [40.0], measured_in=MeasuredIn.BOTH) == ()


def test_a_change_in_each_arm_is_described_where_both_were_asked(make_allocation, make_outcome):
    outcome = make_outcome("instrument", measured_in=MeasuredIn.BOTH)
    values = np.array([[40.0], [44.0], [60.0], [80.0], [np.nan]])
    baseline = np.array([[30.0], [38.0], [50.0], [40.0], [10.0]])
    status = np.where(np.isnan(values), Status.NO_ANSWER, Status.OBSERVED)
    allocation = make_allocation([0, 0, 1, 1, 1])
    table = OutcomeTable(allocation.person_id, (outcome,), values, status, baseline)
    treated, control = describe_arm_changes(table, allocation, 0.9)
    assert (treated.arm, treated.n, treated.before, treated.after, treated.change) == (1, 2, 45.0, 70.0, 25.0)
    assert (control.arm, control.n, control.change) == (0, 2, 8.0)
    reference = stats.ttest_rel([40.0, 44.0], [30.0, 38.0]).confidence_interval(0.9)
    assert (control.conf_low, control.conf_high) == pytest.approx((reference.low, reference.high), rel=1e-12)


def test_no_change_is_described_without_a_measurement_before_or_of_one_arm(make_allocation, make_outcome):
    allocation = make_allocation([0, 1])
    ones = np.ones((2, 1))
    for measured_in, before in ((MeasuredIn.BOTH, np.nan * ones), (MeasuredIn.INTERVENTION, ones)):
        outcome = make_outcome("instrument", measured_in=measured_in)
        table = OutcomeTable(allocation.person_id, (outcome,), ones, np.zeros((2, 1), dtype=np.int64), before)
        assert describe_arm_changes(table, allocation) == ()
