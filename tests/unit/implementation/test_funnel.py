import numpy as np
import pandas as pd
import pytest

from ctieval.domain.implementation_table import FunnelStep, ImplementationTable
from ctieval.domain.registers import Registers, WeekPanel
from ctieval.implementation.funnel import describe_implementation


@pytest.fixture
def describe(make_allocation):
    """Describe a log of (person, date, activity, minutes): one control, P000000, and three of the intervention."""

    def described(rows) -> ImplementationTable | None:
        allocation = make_allocation([0, 1, 1, 1])
        log = None
        if rows is not None:
            log = pd.DataFrame(rows, columns=["person_id", "date", "activity", "minutes"])
            log = log.astype({"date": "datetime64[s]", "minutes": "float64"})
        weeks = WeekPanel(allocation.person_id, 2504, np.zeros((4, 1), dtype=np.int16))
        return describe_implementation(allocation, Registers(pd.DataFrame(), weeks, None, None, log, None, (), ()))

    return described


def test_steps_stand_in_the_order_of_their_first_date_with_reach_and_dose(describe):
    table = describe(
        [
            ("P000001", "2018-03-01", "company visit", 60),
            ("P000001", "2018-02-10", "start meeting", 90),
            ("P000002", "2018-02-20", "start meeting", 30),
            ("P000002", "2018-02-21", "start meeting", 60),
        ]
    )
    assert table == ImplementationTable(
        drawn=3,
        steps=(
            FunnelStep("start meeting", reached=2, contacts_mean=1.5, hours_mean=1.5),
            FunnelStep("company visit", reached=1, contacts_mean=1.0, hours_mean=1.0),
        ),
    )


def test_steps_of_one_day_stand_in_alphabetical_order(describe):
    table = describe([("P000001", "2018-02-01", name, 10) for name in ("c", "a", "b")])
    assert [step.step for step in table.steps] == ["a", "b", "c"]


def test_entries_of_the_control_and_of_others_count_nowhere(describe):
    table = describe(
        [
            ("P000000", "2018-01-01", "start meeting", 600),
            ("P9", "2018-01-01", "workshop", 600),
            ("P000003", "2018-02-01", "start meeting", 60),
        ]
    )
    assert table.steps == (FunnelStep("start meeting", reached=1, contacts_mean=1.0, hours_mean=1.0),)


def test_minutes_that_are_not_known_are_not_zero(describe):
    table = describe(
        [
            ("P000001", "2018-02-01", "visit", 60),
            ("P000001", "2018-02-02", "visit", np.nan),
            ("P000002", "2018-02-03", "visit", 30),
            ("P000003", "2018-02-04", "call", np.nan),
        ]
    )
    visit, call = table.steps
    assert (visit.reached, visit.contacts_mean, visit.hours_mean) == (2, 1.5, 0.5)
    assert np.isnan(call.hours_mean)


def test_a_log_without_the_intervention_has_no_steps(describe):
    assert describe([("P000000", "2018-02-01", "visit", 60)]) == ImplementationTable(drawn=3, steps=())


def test_without_a_log_there_is_nothing_to_describe(describe):
    assert describe(None) is None
