import math
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from ctieval.assignment.balance.describe import align, describe_baseline
from ctieval.domain.arms import Arms
from ctieval.domain.trial import BaselineVariable
from ctieval.domain.units import Unit
from ctieval.domain.wording import Label
from ctieval.errors import SchemaError


def variable(column, unit):
    return BaselineVariable(name=column, label=Label(column, column), column=column, unit=unit)


@pytest.fixture
def allocation(make_allocation):
    return make_allocation([0, 0, 0, 1, 1, 1])


def test_a_number_is_described_over_those_who_have_one(allocation):
    frame = pd.DataFrame({"age": [30.0, 40.0, None, 50.0, 60.0, 70.0]})
    row, _ = describe_baseline(frame, allocation, (variable("age", Unit.YEARS),))
    assert (row.name, row.level, row.unit) == ("age", "", "years")
    assert (row.control.n, row.control.mean, row.control.events) == (2, 35.0, None)
    assert row.control.std == pytest.approx(math.sqrt(50), rel=1e-12)
    assert (row.intervention.n, row.intervention.mean, row.intervention.std) == (3, 60.0, 10.0)
    assert row.std_difference == pytest.approx(25 / math.sqrt((50 + 100) / 2), rel=1e-12)


def test_a_share_carries_its_events(allocation):
    frame = pd.DataFrame({"provider": pd.array([True, False, None, True, True, False], dtype="boolean")})
    row, _ = describe_baseline(frame, allocation, (variable("provider", Unit.SHARE),))
    assert (row.unit, row.level) == ("share", "")
    assert (row.control.n, row.control.mean, row.control.events) == (2, 0.5, 1)
    assert (row.intervention.n, row.intervention.events) == (3, 2)
    assert math.isnan(row.control.std)
    expected = (2 / 3 - 1 / 2) / math.sqrt((1 / 4 + 2 / 9) / 2)
    assert row.std_difference == pytest.approx(expected, rel=1e-12)


def test_categories_are_shares_of_everybody_with_missing_last(allocation):
    frame = pd.DataFrame({"visitation": ["job_ready", None, "activity_ready", "job_ready", "job_ready", "zz"]})
    rows = describe_baseline(frame, allocation, (variable("visitation", None),))
    assert [row.level for row in rows] == ["activity_ready", "job_ready", "zz", "missing"]
    assert {row.unit for row in rows} == {"share"}
    assert [row.control.events for row in rows] == [1, 1, 0, 1]
    assert [row.intervention.events for row in rows] == [0, 2, 1, 0]
    assert sum(row.control.mean for row in rows) == pytest.approx(1, rel=1e-12)
    assert {row.control.n for row in rows} == {3}


def test_no_level_is_called_missing_where_none_is(allocation):
    rows = describe_baseline(pd.DataFrame({"sex": [1, 1, 2, 2, 1, 1]}), allocation, (variable("sex", None),))
    assert [row.level for row in rows] == ["1", "2"]


def test_what_does_not_vary_has_no_standardised_difference(allocation):
    frame = pd.DataFrame({"age": [40] * 6, "woman": [1] * 6, "born": [None] * 3 + [1.0, 2.0, 3.0]})
    rows = describe_baseline(
        frame,
        allocation,
        (variable("age", Unit.YEARS), variable("woman", Unit.SHARE), variable("born", Unit.YEARS)),
    )
    assert [row.level for row in rows] == ["", "", "", "missing"]
    assert all(math.isnan(row.std_difference) for row in rows)
    assert rows[2].control.n == 0
    assert math.isnan(rows[2].control.mean)


def test_a_number_that_is_not_known_has_a_row_of_its_own(allocation):
    frame = pd.DataFrame({"age": [30.0, 40.0, None, 50.0, 60.0, 70.0]})
    _, row = describe_baseline(frame, allocation, (variable("age", Unit.YEARS),))
    assert (row.name, row.level, row.unit) == ("age", "missing", "share")
    assert (row.control.n, row.control.events, row.intervention.n, row.intervention.events) == (3, 1, 3, 0)
    assert row.std_difference == pytest.approx(-1 / 3 / math.sqrt(1 / 9), rel=1e-12)


def test_each_of_several_interventions_is_held_against_the_control(allocation):
    three = replace(
        allocation,
        arm=np.array([0, 0, 1, 1, 2, 2]),
        probability=np.full((6, 3), 1 / 3),
        arms=Arms("first", "control", others=("second",)),
    )
    frame = pd.DataFrame({"age": [30.0, 32.0, 40.0, 44.0, 50.0, 56.0]})
    first, second = describe_baseline(frame, three, (variable("age", Unit.YEARS),))
    assert (first.arm, second.arm) == (1, 2)
    assert first.control == second.control
    assert (first.intervention.mean, second.intervention.mean) == (42.0, 53.0)


def test_swapping_the_arms_turns_the_sign(make_allocation):
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"age": rng.normal(size=20), "sex": rng.integers(0, 3, 20)})
    arm = np.arange(20) % 2
    wanted = (variable("age", Unit.YEARS), variable("sex", None))
    straight = describe_baseline(frame, make_allocation(arm), wanted)
    swapped = describe_baseline(frame, make_allocation(1 - arm), wanted)
    for one, other in zip(straight, swapped, strict=True):
        assert one.control == other.intervention
        assert one.std_difference == -other.std_difference


@pytest.mark.parametrize(
    ("values", "unit", "rule", "n_rows"),
    [
        (["30", "canary", "40", "x", "1", "2"], Unit.YEARS, "a number", 2),
        ([1.0, math.inf, 2.0, 3.0, 4.0, 5.0], Unit.YEARS, "a number", 1),
        (pd.to_datetime(["2018-01-01"] * 6), Unit.YEARS, "a number", 6),
        ([date(2018, 1, 1)] * 6, Unit.YEARS, "a number", 6),
        ([0, 1, 2, 1, 0, 3], Unit.SHARE, "a share is 0 or 1 for each person", 2),
    ],
)
def test_a_broken_characteristic_is_named_and_counted(allocation, values, unit, rule, n_rows):
    with pytest.raises(SchemaError) as refused:
        describe_baseline(pd.DataFrame({"age": values}), allocation, (variable("age", unit),))
    assert (refused.value.column, refused.value.rule, refused.value.n_rows) == ("age", rule, n_rows)
    assert "canary" not in str(refused.value)


def test_a_missing_column_is_named(allocation):
    with pytest.raises(SchemaError) as refused:
        describe_baseline(pd.DataFrame({"sex": [1] * 6}), allocation, (variable("age", Unit.YEARS),))
    assert refused.value.column == "age"


def test_rows_are_aligned_with_the_allocation(allocation):
    frame = pd.DataFrame({"id": [*allocation.person_id[::-1], "another"], "age": [5, 4, 3, 2, 1, 0, 99]})
    aligned = align(frame, "id", allocation)
    assert aligned["age"].tolist() == [0, 1, 2, 3, 4, 5]
    assert aligned.index.tolist() == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(("rows", "n_rows"), [([0, 1, 2, 3], 2), ([0, 1, 2, 3, 4, 5, 5], 1), ([0, 0, 1, 2, 3], 3)])
def test_a_person_with_no_row_or_two_is_counted(allocation, rows, n_rows):
    frame = pd.DataFrame({"id": allocation.person_id[rows]})
    with pytest.raises(SchemaError) as refused:
        align(frame, "id", allocation)
    assert refused.value.n_rows == n_rows
    assert "P0000" not in str(refused.value)
