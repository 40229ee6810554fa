import math

import pytest

from ctieval.report.cells import HIDDEN, Col, Interval, Kind, Measured, Row, RowRole, check_rows, numbers_in

COLUMNS = (Col("name", "Name"), Col("n", "N", Kind.COUNT))


@pytest.mark.parametrize(("low", "high"), [(2.0, 1.0), (math.nan, 1.0), (1.0, math.nan)])
def test_an_interval_has_its_ends_in_order(low, high):
    with pytest.raises(ValueError, match="in order"):
        Interval(low, high)


def test_an_interval_may_be_open_or_a_point():
    assert Interval(-math.inf, math.inf).low == -math.inf
    assert Interval(1.0, 1.0).high == 1.0


@pytest.mark.parametrize(("key", "head"), [("", "N"), (" ", "N"), ("n", ""), ("n", " ")])
def test_a_column_has_a_key_and_a_heading(key, head):
    with pytest.raises(ValueError, match="heading"):
        Col(key, head)


def test_nan_is_refused_wherever_a_value_stands():
    with pytest.raises(ValueError, match="never NaN"):
        Measured(math.nan, Kind.PP)
    with pytest.raises(ValueError, match="never NaN"):
        check_rows(COLUMNS, (Row(("a", math.nan)),))


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        ((), (Row(("a", 1)),)),
        (COLUMNS, ()),
        ((COLUMNS[0], COLUMNS[0]), (Row(("a", 1)),)),
        (COLUMNS, (Row(("a",)),)),
        (COLUMNS, (Row(("a", 1, 2)),)),
        (COLUMNS, (Row(("a", 1), RowRole.GROUP),)),
    ],
)
def test_rows_and_columns_that_make_no_table_are_refused(columns, rows):
    with pytest.raises(ValueError, match=r"table|cells"):
        check_rows(columns, rows)


def test_every_finite_number_of_some_cells_is_found():
    cells = (
        "text",
        3,
        HIDDEN,
        None,
        Interval(-math.inf, 2.5),
        Measured(Interval(0.1, 0.2), Kind.PP),
        Measured(7, Kind.KR),
    )
    assert numbers_in(cells) == {3, 2.5, 0.1, 0.2, 7}
