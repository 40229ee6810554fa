import numpy as np
import pandas as pd
import pytest

from ctieval.errors import SchemaError
from ctieval.registers.typed_columns import typed_columns


def typed(*cells, **settings):
    return typed_columns(pd.DataFrame({"x": list(cells)}), **settings)["x"]


@pytest.mark.parametrize(
    ("cells", "kind", "values"),
    [
        (["1", "2"], "int64", [1, 2]),
        (["1", "2,5"], "float64", [1, 2.5]),
        (["1", "2.5"], "float64", [1, 2.5]),
        (["1.000,5", "0"], "float64", [1000.5, 0]),
        (["31-12-2019", "01-01-2020"], "datetime64[s]", [pd.Timestamp("2019-12-31"), pd.Timestamp("2020-01-01")]),
        (["a", "1"], "str", ["a", "1"]),
        (["007", "12"], "str", ["007", "12"]),
        (["0", "1"], "int64", [0, 1]),
        (["1234567890123456", "1"], "str", ["1234567890123456", "1"]),
        (["1,5", "2.5"], "str", ["1,5", "2.5"]),
        (["31-12-2019", "5"], "str", ["31-12-2019", "5"]),
        (["TRUE", "FALSE"], "str", ["TRUE", "FALSE"]),
    ],
)
def test_a_column_has_the_one_type_of_all_its_cells(cells, kind, values):
    column = typed(*cells)
    assert str(column.dtype) == kind
    assert column.tolist() == values


def test_empty_cells_are_missing_and_decide_nothing():
    assert typed("1", None, "3").tolist()[::2] == [1, 3]
    assert str(typed("1", None).dtype) == "float64"
    assert str(typed(None, None).dtype) == "float64"


def test_typed_columns_keep_their_type():
    frame = pd.DataFrame({"n": [1.5], "t": [True], "d": np.array(["2019-01-01"], dtype="datetime64[ns]")}, index=[7])
    found = typed_columns(frame)
    assert found.dtypes.tolist() == frame.dtypes.tolist()
    assert found.index.tolist() == [0]


def test_identifiers_stay_text():
    assert typed("1", "2", identifiers=["x"]).tolist() == ["1", "2"]
    assert typed(1.0, 2.0, identifiers=["x"]).tolist() == ["1", "2"]


def test_identifiers_that_are_cpr_numbers_are_refused():
    with pytest.raises(SchemaError, match="not a CPR number"):
        typed("0101901234", "0202901234", identifiers=["x"])


def test_an_impossible_day_among_days_is_an_error():
    with pytest.raises(SchemaError) as caught:
        typed("31-01-2020", None, "31-02-2020", table="trial")
    error = caught.value
    assert (error.table, error.column, error.rule, error.n_rows, error.first_row) == ("trial", "x", "date", 1, 4)
    assert "31-02-2020" not in str(error)


def test_numbers_that_can_be_read_in_two_ways_are_an_error():
    with pytest.raises(SchemaError) as caught:
        typed("12", "10.849", "11.282")
    assert (caught.value.column, caught.value.n_rows, caught.value.first_row) == ("x", 2, 3)
    assert "10.849" not in str(caught.value)


def test_the_given_frame_is_not_changed():
    frame = pd.DataFrame({"x": ["1,5"]})
    typed_columns(frame)
    assert frame["x"].tolist() == ["1,5"]


def test_identifiers_are_the_same_with_and_without_decimals_of_zero():
    frame = pd.DataFrame({"id": ["1.0", "02", "3,00", "p4.0"], "code": ["1.5", "2", "3", "4"]})
    assert typed_columns(frame, identifiers=["id"])["id"].tolist() == ["1", "02", "3", "p4.0"]
    with pytest.raises(SchemaError, match="exact identifier"):
        typed_columns(pd.DataFrame({"id": [1.0, 1e16]}), identifiers=["id"])
