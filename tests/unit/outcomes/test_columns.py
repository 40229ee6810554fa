from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.outcome import MeasuredIn
from ctieval.domain.outcome_table import OutcomeTable, Status
from ctieval.domain.units import Unit
from ctieval.errors import InputError, ProtocolError, SchemaError
from ctieval.outcomes.columns import read_columns


@pytest.fixture
def read(make_allocation):
    """Read one outcome of persons P000000 and on, all in the intervention, from a column of cells."""

    def reading(outcome, cells, **columns) -> OutcomeTable:
        allocation = make_allocation([1] * len(cells))
        frame = pd.DataFrame({"id": allocation.person_id, "weeks": cells, **columns})
        return read_columns((outcome,), allocation, frame, "id")

    return reading


def first(table: OutcomeTable):
    return table.values[:, 0].tolist()  # noqa: PD011


@pytest.mark.parametrize(
    "cells",
    [
        pd.Series([1.5, None, -3.0]),
        pd.Series(["1,5", "", "-3"]),
        pd.array([1.5, None, -3.0], dtype="Float64"),
        np.array([1.5, np.nan, -3.0]),
    ],
    ids=["float", "text", "nullable", "array"],
)
def test_an_empty_cell_is_missing_and_the_others_are_numbers(cells, read, make_outcome):
    table = read(make_outcome("column"), cells)
    assert table.status[:, 0].tolist() == [Status.OBSERVED, Status.MISSING, Status.OBSERVED]
    np.testing.assert_equal(first(table), [1.5, np.nan, -3.0])


@pytest.mark.parametrize("cells", [[1, 0], [True, False], [1.0, 0.0], ["1", "0"]])
def test_a_share_is_yes_or_no(cells, read, make_outcome):
    assert first(read(make_outcome("column", unit=Unit.SHARE), cells)) == [1.0, 0.0]


def test_an_empty_column_is_all_missing(read, make_outcome):
    assert read(make_outcome("column"), [None, None]).status[:, 0].tolist() == [Status.MISSING] * 2


@pytest.mark.parametrize(
    ("cells", "unit", "rule", "row"),
    [
        ([1.0, np.inf, 0.0], Unit.WEEKS, "number", 3),
        ([1.0, 2.0, "many"], Unit.WEEKS, "number", 4),
        ([0.0, 0.5, 1.0], Unit.SHARE, "yes or no", 3),
        ([0.0, 1.0, 2.0], Unit.SHARE, "yes or no", 4),
        ([0.0, 1.0, "canary-name"], Unit.SHARE, "yes or no", 4),
    ],
)
def test_a_cell_that_is_not_of_the_unit_is_an_error_without_its_value(cells, unit, rule, row, read, make_outcome):
    with pytest.raises(SchemaError) as caught:
        read(make_outcome("column", unit=unit), cells)
    error = caught.value
    assert (error.column, error.rule, error.n_rows, error.first_row) == ("weeks", rule, 1, row)
    assert "canary" not in str(error)
    assert "many" not in str(error)


def test_a_baseline_is_read_by_the_same_rules(read, make_outcome):
    outcome = make_outcome("column", baseline="before")
    table = read(outcome, [1.0, 2.0], before=[None, 5.0])
    np.testing.assert_equal(table.baseline[:, 0], [np.nan, 5.0])
    with pytest.raises(SchemaError) as caught:
        read(outcome, [1.0, 2.0], before=["x", 5.0])
    assert caught.value.column == "before"


def test_a_missing_baseline_loses_nobody(read, make_outcome):
    table = read(make_outcome("column", baseline="before"), [1.0, 2.0], before=[None, None])
    assert table.observed.all()


@pytest.mark.parametrize("changes", [{"column": "absent"}, {"baseline": "absent"}])
def test_a_missing_column_is_an_error(changes, read, make_outcome):
    with pytest.raises(SchemaError) as caught:
        read(make_outcome("column", **changes), [1.0, 2.0])
    assert (caught.value.column, caught.value.rule) == ("absent", "required")


def test_rows_come_in_the_order_of_the_allocation_and_numbers_name_persons(make_allocation, make_outcome):
    allocation = replace(make_allocation([0, 1, 1]), person_id=np.array(["1", "10", "2"], dtype=object))
    frame = pd.DataFrame({"id": [2.0, 10.0, 1.0], "weeks": [20, 100, 10]})
    assert first(read_columns((make_outcome("column"),), allocation, frame, "id")) == [10.0, 100.0, 20.0]
    assert frame["weeks"].tolist() == [20, 100, 10]


def test_what_the_intervention_alone_is_asked_is_not_measured_in_the_control(make_allocation, make_outcome):
    allocation = make_allocation([0, 1])
    frame = pd.DataFrame({"id": allocation.person_id, "weeks": [1.0, 2.0]})
    outcome = make_outcome("column", measured_in=MeasuredIn.INTERVENTION)
    table = read_columns((outcome,), allocation, frame, "id")
    assert table.status[:, 0].tolist() == [Status.NOT_MEASURED, Status.OBSERVED]
    np.testing.assert_equal(first(table), [np.nan, 2.0])


@pytest.mark.parametrize(
    ("ids", "found"),
    [
        (["P000000"], "1 persons of the allocation without a row, 0 rows outside"),
        (["P000000", "P000001", "canary"], "0 persons of the allocation without a row, 1 rows outside"),
    ],
)
def test_the_table_and_the_allocation_hold_the_same_persons(ids, found, make_allocation, make_outcome):
    frame = pd.DataFrame({"id": ids, "weeks": 1.0})
    with pytest.raises(InputError, match=found) as caught:
        read_columns((make_outcome("column"),), make_allocation([0, 1]), frame, "id")
    assert "canary" not in str(caught.value)


def test_a_person_in_two_rows_is_an_error(make_allocation, make_outcome):
    frame = pd.DataFrame({"id": ["P000000", "P000001", "P000000"], "weeks": 1.0})
    with pytest.raises(SchemaError) as caught:
        read_columns((make_outcome("column"),), make_allocation([0, 1]), frame, "id")
    assert (caught.value.rule, caught.value.first_row) == ("unique", 4)
    assert "P000000" not in str(caught.value)


@pytest.mark.parametrize("kind", ["state", "instrument"])
def test_only_columns_have_a_place_in_a_ready_table(kind, read, make_outcome):
    with pytest.raises(ProtocolError, match="a column of the table"):
        read(make_outcome(kind), [1.0])
