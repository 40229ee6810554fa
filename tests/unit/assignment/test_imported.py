from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ctieval.assignment.imported import import_allocation
from ctieval.domain.allocation import Declared
from ctieval.domain.design import Blocked, Complete
from ctieval.domain.trial import AnalysisTable, ImportedAllocation, ImportedDesign
from ctieval.domain.wording import Label
from ctieval.errors import DesignError, SchemaError

COMPLETE = ImportedAllocation(ImportedDesign.COMPLETE)
BLOCKED = ImportedAllocation(ImportedDesign.BLOCKED)
SOURCE = AnalysisTable(
    path=Path("trial.csv"),
    id="id",
    arm="treat",
    intervention="1",
    control="0",
    block="site",
    source=Label("Forsøget", "The trial"),
)


@pytest.fixture
def frame():
    return pd.DataFrame(
        {
            "id": ["canary-5", "canary-3", "canary-1", "canary-2", "canary-4"],
            "treat": [1, 0, 0, 1, 0],
            "site": ["south", "north", "south", "north", "north"],
        }
    )


def test_a_blocked_allocation_is_sorted_and_declared(frame, arms):
    allocation = import_allocation(frame, SOURCE, BLOCKED, arms)
    assert allocation.person_id.tolist() == ["canary-1", "canary-2", "canary-3", "canary-4", "canary-5"]
    assert allocation.arm.tolist() == [0, 1, 0, 0, 1]
    assert allocation.block_labels == ("north", "south")
    assert allocation.block.tolist() == [1, 0, 0, 0, 1]
    assert allocation.probability[:, 1].tolist() == [1 / 2, 1 / 3, 1 / 3, 1 / 3, 1 / 2]
    assert allocation.design == Blocked("site", (("north", 1), ("south", 1)))
    assert allocation.proof == Declared()
    assert np.isnat(allocation.randomised_on).all()
    assert "canary" not in repr(allocation)


def test_a_complete_allocation_takes_no_notice_of_blocks(frame, arms):
    allocation = import_allocation(frame, SOURCE, COMPLETE, arms)
    assert allocation.design == Complete(2)
    assert allocation.block_labels == ("",)
    assert allocation.probability[:, 1].tolist() == [0.4] * 5


@pytest.mark.parametrize(
    "arm", [[1.0, 0.0, 0.0, 1.0, 0.0], ["1", "0", "0", "1", "0"], pd.array([1, 0, 0, 1, 0], dtype="Int64")]
)
@pytest.mark.parametrize("person", [[5, 3, 1, 2, 4], [5.0, 3.0, 1.0, 2.0, 4.0], ["5", "3", "1", "2", "4"]])
def test_arms_and_identifiers_are_compared_as_text(frame, arms, arm, person):
    allocation = import_allocation(frame.assign(treat=arm, id=person), SOURCE, COMPLETE, arms)
    assert allocation.person_id.tolist() == ["1", "2", "3", "4", "5"]
    assert allocation.arm.tolist() == [0, 1, 0, 0, 1]


@pytest.mark.parametrize(
    ("column", "values", "rule", "rows"),
    [
        ("treat", [1, 2, 0, 2, 0], "arm is one of the two declared", (2, 3)),
        ("treat", ["1", "0", "0", "canary", "0"], "arm is one of the two declared", (1, 5)),
        ("treat", [1, None, 0, 1, 0], "every person has an arm", (1, 3)),
        ("id", ["canary-1", "canary-2", "canary-2", "canary-3", "canary-1"], "one row a person", (2, 4)),
        ("id", ["canary-1", "canary-2", None, "canary-3", "canary-4"], "every person has an identifier", (1, 4)),
        ("site", ["north", None, "north", "", "north"], "every person has a block", (2, 3)),
    ],
)
def test_a_broken_column_is_named_with_its_first_row(frame, arms, column, values, rule, rows):
    with pytest.raises(SchemaError) as refused:
        import_allocation(frame.assign(**{column: values}), SOURCE, BLOCKED, arms)
    error = refused.value
    assert (error.table, error.column, error.rule) == ("trial.csv", column, rule)
    assert (error.n_rows, error.first_row) == rows
    assert "canary" not in str(error)


@pytest.mark.parametrize("column", ["id", "treat", "site"])
def test_a_missing_column_is_named(frame, arms, column):
    with pytest.raises(SchemaError) as refused:
        import_allocation(frame.drop(columns=column), SOURCE, BLOCKED, arms)
    assert refused.value.column == column
    assert refused.value.rule == "the column is there"


def test_an_empty_table_is_refused(frame, arms):
    with pytest.raises(SchemaError) as refused:
        import_allocation(frame.iloc[:0], SOURCE, BLOCKED, arms)
    assert refused.value.rule == "at least one person"


@pytest.mark.parametrize(
    ("site", "where", "found"),
    [
        (["south", "north", "south", "north", "east"], "block east", "1 person, all in one arm"),
        (["south", "north", "north", "south", "north"], "block north", "3 persons, all in one arm"),
    ],
)
def test_a_block_with_one_arm_is_named(frame, arms, site, where, found):
    with pytest.raises(DesignError) as refused:
        import_allocation(frame.assign(site=site), SOURCE, BLOCKED, arms)
    assert (refused.value.where, refused.value.found) == (where, found)


def test_a_column_of_identifiers_is_no_block_and_is_not_shown(frame, arms):
    with pytest.raises(DesignError) as refused:
        import_allocation(frame, replace(SOURCE, block="id"), BLOCKED, arms)
    assert "no two persons share a block" in refused.value.where
    assert "canary" not in str(refused.value)


def test_a_table_with_one_arm_is_refused(frame, arms):
    with pytest.raises(DesignError) as refused:
        import_allocation(frame.assign(treat=1), SOURCE, COMPLETE, arms)
    assert refused.value.where == "the table"


def test_a_blocked_design_needs_a_column(frame, arms):
    with pytest.raises(DesignError) as refused:
        import_allocation(frame, replace(SOURCE, block=None), BLOCKED, arms)
    assert refused.value.found == "a blocked design, and no column of blocks"


def test_the_frame_is_not_changed(frame, arms):
    before = frame.copy()
    import_allocation(frame, SOURCE, BLOCKED, arms)
    assert frame.equals(before)


def test_jobs2_comes_in_whole(reference, arms):
    table = pd.read_csv(reference / "data" / "jobs2.csv")
    allocation = import_allocation(table, replace(SOURCE, block=None), COMPLETE, arms)
    assert len(allocation.arm) == 899
    assert allocation.arm.sum() == table["treat"].sum() == 600
