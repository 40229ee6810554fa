from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.compliance_table import TakeUpStep
from ctieval.domain.effects_plan import LoggedTakeUp, TakeUpColumn
from ctieval.domain.registers import Registers, WeekPanel
from ctieval.errors import InputError, SchemaError
from ctieval.implementation.take_up import read_take_up, track_take_up

DRAWN_ON = np.datetime64("2018-02-05")


@pytest.fixture
def allocation(make_allocation):
    """One control, P000000 and P000001, and three of the intervention."""
    return replace(make_allocation([0, 0, 1, 1, 1]), randomised_on=np.full(5, DRAWN_ON))


@pytest.fixture
def track(allocation):
    def tracked(rows, counted=None):
        log = None
        if rows is not None:
            log = pd.DataFrame([(*row, 30.0) for row in rows], columns=["person_id", "date", "activity", "minutes"])
            log = log.astype({"date": "datetime64[s]"})
        weeks = WeekPanel(allocation.person_id, 2504, np.zeros((5, 1), dtype=np.int16))
        registers = Registers(pd.DataFrame(), weeks, None, None, log, None, (), ())
        return track_take_up(allocation, registers, counted)

    return tracked


def test_steps_count_entries_of_anything_and_of_what_counts(track):
    log = [("P000002", "2018-03-01", "start")] + [("P000003", "2018-03-01", "visit")] * 5
    found = track(log, LoggedTakeUp("start"))
    assert [(step, contacts, int(reached.sum())) for step, contacts, reached in found.steps] == [
        (TakeUpStep.LOGGED, 1, 2),
        (TakeUpStep.ACTIVITY, 1, 1),
        (TakeUpStep.LOGGED, 5, 1),
    ]
    assert found.took_part.tolist() == [0, 0, 1, 0, 0]


def test_so_many_contacts_as_the_plan_asks_for(track):
    log = [("P000002", f"2018-03-0{day}", "start") for day in (1, 2, 3)] + [("P000004", "2018-03-01", "start")]
    found = track(log, LoggedTakeUp("start", 3))
    assert found.took_part.tolist() == [0, 0, 1, 0, 0]
    assert [(contacts, int(n.sum())) for step, contacts, n in found.steps if step is TakeUpStep.ACTIVITY] == [
        (1, 2),
        (3, 1),
    ]


def test_entries_before_the_draw_and_of_others_count_nowhere(track):
    log = [("P000002", "2018-02-04", "start"), ("P000003", "2018-02-05", "start"), ("X", "2018-03-01", "start")]
    found = track(log, LoggedTakeUp("start"))
    assert found.took_part.tolist() == [0, 0, 0, 1, 0]


def test_the_log_tells_whether_it_holds_the_control(track):
    assert not track([("P000002", "2018-03-01", "start")]).in_control_known
    assert track([("P000000", "2018-03-01", "start")]).in_control_known


def test_without_a_definition_nobody_took_part_or_not(track):
    found = track([("P000002", "2018-03-01", "start")])
    assert found.counted is found.took_part is None
    assert [step for step, _, _ in found.steps] == [TakeUpStep.LOGGED]


def test_without_a_log_nothing_is_known(track):
    assert track(None, LoggedTakeUp("start")) is None


def test_an_activity_that_the_log_does_not_name(track):
    with pytest.raises(InputError, match="visit") as refused:
        track([("P000002", "2018-03-01", "visit")], LoggedTakeUp("start"))
    assert "P0" not in str(refused.value)
    with pytest.raises(InputError, match="nothing"):
        track([("P000002", "2018-01-01", "visit")], LoggedTakeUp("start"))


def test_a_column_is_read_as_it_stands(allocation):
    found = read_take_up(pd.DataFrame({"took": [0, 1, 1, None, 0]}), allocation, TakeUpColumn("took"))
    assert found.took_part[:3].tolist() == [0, 1, 1]
    assert np.isnan(found.took_part[3])
    assert found.in_control_known
    assert [(step, int(reached.sum())) for step, _, reached in found.steps] == [(TakeUpStep.TOOK_PART, 2)]


def test_a_column_that_is_empty_for_the_whole_control(allocation):
    found = read_take_up(pd.DataFrame({"took": [None, None, 1, 1, 0]}), allocation, TakeUpColumn("took"))
    assert not found.in_control_known
    assert found.took_part.tolist() == [0, 0, 1, 1, 0]


@pytest.mark.parametrize("values", [[0, 1, 2, 0, 0], [0, 1, "CANARY-1", 0, 0]])
def test_a_column_of_something_else_is_refused_without_its_values(allocation, values):
    with pytest.raises(SchemaError) as refused:
        read_take_up(pd.DataFrame({"took": values}), allocation, TakeUpColumn("took"))
    assert refused.value.n_rows == 1
    assert "CANARY" not in str(refused.value)


def test_a_column_that_is_not_there(allocation):
    with pytest.raises(SchemaError, match="column is there"):
        read_take_up(pd.DataFrame({"other": [0] * 5}), allocation, TakeUpColumn("took"))


def test_a_column_that_is_empty_for_the_intervention_is_refused(allocation):
    with pytest.raises(SchemaError) as caught:
        read_take_up(pd.DataFrame({"took": [None] * 5}), allocation, TakeUpColumn("took"))
    assert caught.value.rule == "filled in for the intervention"
