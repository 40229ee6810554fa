import numpy as np
import pytest

from ctieval.domain.description import ArmLevel
from ctieval.domain.flow import FollowUp, LossCount
from ctieval.domain.outcome import MeasuredIn
from ctieval.domain.outcome_table import OutcomeTable, Status
from ctieval.domain.units import Unit
from ctieval.outcomes.levels import describe_levels, follow_up

OBSERVED, ENDED, EXITED, NOT_MEASURED = (
    Status.OBSERVED,
    Status.FOLLOW_UP_ENDED,
    Status.EXITED,
    Status.NOT_MEASURED,
)


@pytest.fixture
def allocation(make_allocation):
    return make_allocation([0, 0, 0, 1, 1])


@pytest.fixture
def table_of(allocation):
    def table(outcome, cells) -> OutcomeTable:
        status = np.array([[OBSERVED if isinstance(cell, float) else cell] for cell in cells], dtype=np.int64)
        values = np.array([[cell if isinstance(cell, float) else np.nan] for cell in cells])
        return OutcomeTable(allocation.person_id, (outcome,), values, status, np.full(values.shape, np.nan))

    return table


def test_a_number_has_mean_and_standard_deviation(allocation, table_of, make_outcome):
    table = table_of(make_outcome("column"), [1.0, 3.0, ENDED, 2.0, ENDED])
    (level,) = describe_levels(table, allocation)
    assert level.control == ArmLevel(n=2, mean=2.0, std=pytest.approx(np.sqrt(2)), events=None)
    assert (level.intervention.n, level.intervention.mean, level.intervention.events) == (1, 2.0, None)
    assert np.isnan(level.intervention.std)


def test_a_share_has_events_and_no_standard_deviation(allocation, table_of, make_outcome):
    (level,) = describe_levels(table_of(make_outcome("column", unit=Unit.SHARE), [1.0, 0.0, 1.0, 0.0, 0.0]), allocation)
    assert (level.control.n, level.control.mean, level.control.events) == (3, pytest.approx(2 / 3), 2)
    assert (level.intervention.n, level.intervention.mean, level.intervention.events) == (2, 0.0, 0)
    assert np.isnan([level.control.std, level.intervention.std]).all()


def test_an_arm_without_a_value_has_no_level(allocation, table_of, make_outcome):
    (level,) = describe_levels(table_of(make_outcome("column"), [1.0, 2.0, 3.0, EXITED, ENDED]), allocation)
    assert level.intervention.n == 0
    assert np.isnan([level.intervention.mean, level.intervention.std]).all()


def test_the_control_has_no_level_of_what_it_was_not_asked(allocation, table_of, make_outcome):
    outcome = make_outcome("column", measured_in=MeasuredIn.INTERVENTION)
    (level,) = describe_levels(table_of(outcome, [NOT_MEASURED] * 3 + [1.0, 2.0]), allocation)
    assert level.control is None
    assert level.intervention.mean == 1.5


def test_observed_and_lost_are_the_arm(allocation, table_of, make_outcome):
    rows = follow_up(table_of(make_outcome("column"), [1.0, EXITED, ENDED, EXITED, EXITED]), allocation)
    assert rows == (
        FollowUp("outcome", 0, 1, (LossCount("follow_up_ended", 1), LossCount("exited", 1))),
        FollowUp("outcome", 1, 0, (LossCount("exited", 2),)),
    )
