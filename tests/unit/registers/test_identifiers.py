import pandas as pd
import pytest

from ctieval.errors import SchemaError
from ctieval.registers.identifiers import check_identifiers

CPR = "0101901234"


def refused(cells, identifiers=("id",), heading="id"):
    frame = pd.DataFrame({heading: cells, "x": 1})
    with pytest.raises(SchemaError) as caught:
        check_identifiers(frame, table="persons", identifiers=identifiers)
    assert caught.value.rule == "not a CPR number"
    assert caught.value.exit_code == 11
    assert "keyed code" in caught.value.do
    assert not any(
        str(cell) in str(caught.value) + repr(caught.value) for cell in cells if cell is not None and len(str(cell)) > 3
    )
    return caught.value


def accepted(cells, identifiers=("id",)):
    check_identifiers(pd.DataFrame({"id": cells}), table="persons", identifiers=identifiers)


@pytest.mark.parametrize(
    "cells",
    [
        ["010190-1234", "311285-4321"],
        ["0101901234", "3112854321"],
        ["010190 1234", None],
        [3112854321, 101901234],
        [101901234, 202901234],
        [3112854321.0, None],
        ["0101901234", "p2"],
        ["290200-1234"],
    ],
)
def test_cpr_numbers_are_refused_as_identifiers(cells):
    assert refused(cells).column == "id"


def test_count_and_first_row_are_told():
    error = refused(["p1", "p2", "0101901234", "3112854321"])
    assert (error.n_rows, error.first_row) == (2, 4)


def test_one_hyphenated_number_in_any_text_column_is_enough():
    error = refused(["x", "talte med 010190-1234 i går", "y"], identifiers=())
    assert (error.n_rows, error.first_row) == (1, 3)


def test_ten_digits_elsewhere_are_no_cpr_number():
    accepted([CPR, CPR], identifiers=())
    accepted([1003388394, 1003388395], identifiers=())


@pytest.mark.parametrize(
    "cells",
    [
        ["p1", "p2"],
        [1, 2, 3],
        ["1", "2"],
        ["320190-1234", "011390-1234", "290201-1234"],
        ["9999999999", "8888888888"],
        ["01019012345", "010190123"[:8]],
        [None, None],
        ["2001-10771", "2001-10776"],
    ],
)
def test_other_identifiers_are_accepted(cells):
    accepted(cells)


def test_half_of_the_ten_digit_values_is_enough_and_fewer_are_not():
    other = "9999999999"
    assert refused([CPR, other, "p3", "p4"]).n_rows == 1
    accepted([CPR, other, "8888888888"])


def test_random_digits_are_accepted():
    # 365.25 of 10,000 four-digit beginnings are a day of some month: about 4 %, far below one half.
    accepted([f"{(number * 7919 + 4321) % 10**10:010d}" for number in range(0, 10**9, 10**6 + 7)])


def test_a_heading_that_is_a_cpr_number_is_refused():
    frame = pd.DataFrame({CPR: ["p1"], "x": [1]})
    with pytest.raises(SchemaError) as caught:
        check_identifiers(frame, table="persons")
    assert caught.value.first_row == 1
    assert CPR not in str(caught.value)
