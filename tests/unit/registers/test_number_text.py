import numpy as np
import pytest

from ctieval.registers.number_text import DecimalMark, read_numbers


@pytest.mark.parametrize(
    ("texts", "numbers", "mark"),
    [
        (["1,5", "2"], [1.5, 2], DecimalMark.COMMA),
        (["1.5", "2"], [1.5, 2], DecimalMark.POINT),
        (["1.234,50", "-7"], [1234.5, -7], DecimalMark.COMMA),
        (["1,234.50", "+7"], [1234.5, 7], DecimalMark.POINT),
        (["1.234", "0,5"], [1234, 0.5], DecimalMark.COMMA),
        (["1.234", "0.5"], [1.234, 0.5], DecimalMark.POINT),
        (["1.234.567,8"], [1234567.8], DecimalMark.COMMA),
        (["9930.046", "0"], [9930.046, 0], DecimalMark.POINT),
        (["0.123"], [0.123], DecimalMark.POINT),
        ([",5", "-0,25"], [0.5, -0.25], DecimalMark.COMMA),
        ([".5"], [0.5], DecimalMark.POINT),
        (["1e-05", "2,5E3"], [1e-05, 2500], DecimalMark.COMMA),
        (["12", "0", "007"], [12, 0, 7], DecimalMark.NONE),
        ([], [], DecimalMark.NONE),
    ],
)
def test_numbers_of_one_column_have_one_decimal_mark(texts, numbers, mark):
    found = read_numbers(texts)
    assert found.figures.tolist() == numbers
    assert found.mark is mark
    assert not found.broken.any()
    assert not found.ambiguous.any()


@pytest.mark.parametrize("texts", [["1.234", "10.849"], ["1,234"], ["12", "1.234"], ["999,999", "-1,000"]])
def test_one_mark_before_three_digits_is_ambiguous_in_the_whole_column(texts):
    found = read_numbers(texts)
    assert found.ambiguous.tolist() == ["." in text or "," in text for text in texts]
    assert found.mark is DecimalMark.NONE


def test_grouped_thousands_with_two_marks_are_not_ambiguous():
    assert read_numbers(["1.234.567", "12"]).figures.tolist() == [1234567, 12]


@pytest.mark.parametrize(
    "text", ["", "a", "1,2,3", "1 234", "5,", "1.2.3", "--1", "1e", "inf", "nan", "٣", "1,5 %", "0x1"]
)
def test_other_texts_are_no_numbers(text):
    found = read_numbers([text])
    assert found.broken.tolist() == [True]
    assert np.isnan(found.figures).tolist() == [True]


def test_the_minority_mark_is_the_broken_one():
    assert read_numbers(["1,5", "2,5", "3.5"]).broken.tolist() == [False, False, True]
    assert read_numbers(["1.5", "2.5", "3,5"]).broken.tolist() == [False, False, True]
