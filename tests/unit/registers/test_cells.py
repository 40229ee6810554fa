from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.schema import FieldType
from ctieval.registers.cells import MISSING, clear_empty, distinct, read_cells, to_text

EVERY_KIND = list(FieldType)


def series(*cells):
    return pd.Series(list(cells), dtype=object)


@pytest.mark.parametrize("kind", EVERY_KIND)
@pytest.mark.parametrize("empty", [*MISSING, "  ", " NA ", None, np.nan, pd.NA, pd.NaT])
def test_documented_empty_cells_are_missing_in_every_type(kind, empty):
    read = read_cells(series(empty, empty), kind)
    assert read.column.isna().tolist() == [True, True]
    assert not read.broken.any()


@pytest.mark.parametrize("text", ["na", "NULL", "-", "n/a", "None", "nan", "?"])
def test_no_other_text_is_empty(text):
    assert read_cells(series(text), FieldType.NUMBER).broken.tolist() == [True]
    assert read_cells(series(text), FieldType.STRING).column.tolist() == [text]


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_a_column_of_no_rows_has_its_type(kind):
    expected = read_cells(series(None), kind).column.dtype
    assert read_cells(series(), kind).column.dtype == expected


def test_cells_of_every_source_become_the_same_text():
    cells = series(" 153 ", 153, 153.0, np.int64(153), np.float32(153), Decimal(153), Decimal("153.0"))
    assert set(read_cells(cells, FieldType.STRING).column) == {"153"}
    assert to_text(1.5) == "1.5"
    assert to_text(pd.Timestamp("2019-12-31 23:59")) == to_text(date(2019, 12, 31)) == "2019-12-31"
    assert to_text(np.True_) == "true"


def test_numbers_of_every_source_are_the_same_number():
    read = read_cells(series("2,5", 2.5, np.float64(2.5), Decimal("2.5"), "2,50"), FieldType.NUMBER)
    assert read.column.tolist() == [2.5] * 5


@pytest.mark.parametrize("cell", [True, "kr. 5", pd.Timestamp("2019-01-01"), np.inf, "1;2"])
def test_other_cells_are_broken_numbers(cell):
    assert read_cells(series(2, cell), FieldType.NUMBER).broken.tolist() == [False, True]


def test_infinite_numbers_are_broken_in_a_numeric_column():
    assert read_cells(pd.Series([1.0, np.inf]), FieldType.NUMBER).broken.tolist() == [False, True]


def test_integers_are_whole_and_may_be_missing():
    read = read_cells(series("3", "3,5", None, 4.0), FieldType.INTEGER)
    assert read.broken.tolist() == [False, True, False, False]
    assert str(read.column.dtype) == "Int64"
    assert read.column[3] == 4


def test_days_of_every_source_are_the_same_day():
    cells = series(
        "31-12-2019", date(2019, 12, 31), pd.Timestamp("2019-12-31 08:00").to_pydatetime(), pd.Timestamp("2019-12-31")
    )
    read = read_cells(cells, FieldType.DATE)
    assert read.column.tolist() == [pd.Timestamp("2019-12-31")] * 4
    assert read.column.dtype == np.dtype("datetime64[s]")


@pytest.mark.parametrize("unit", ["s", "us", "ns"])
def test_typed_days_may_be_missing_and_may_be_impossible(unit):
    cells = pd.Series(np.array(["2019-12-31", "NaT", "1850-01-01"], dtype=f"datetime64[{unit}]"))
    read = read_cells(cells, FieldType.DATE)
    assert read.broken.tolist() == [False, False, True]
    assert read.column.isna().tolist() == [False, True, True]


def test_a_number_is_no_day():
    assert read_cells(series(43830, 43830.0), FieldType.DATE).broken.all()


def test_a_month_is_its_first_day():
    read = read_cells(series("2018-03", pd.Timestamp("2018-03-17"), "mar"), FieldType.YEARMONTH)
    assert read.column.tolist()[:2] == [pd.Timestamp("2018-03-01")] * 2
    assert read.broken.tolist() == [False, False, True]


def test_yes_and_no_in_both_languages_and_of_every_source():
    read = read_cells(series("ja", "Nej", "TRUE", "false", 1, 0, "yes", "SAND", "no"), FieldType.BOOLEAN)
    assert read.column.tolist() == [True, False, True, False, True, False, True, True, False]
    assert read_cells(series("måske", 2), FieldType.BOOLEAN).broken.all()


def test_cleared_cells_are_new():
    cells = series(" x ", ".", 1)
    cleared = clear_empty(cells)
    assert cleared.isna().tolist() == [False, True, False]
    assert cells.tolist() == [" x ", ".", 1]
    assert clear_empty(pd.Series([1, 2])).tolist() == [1, 2]


def test_distinct_cells_of_a_category_are_found():
    found = distinct(pd.Series(["b", "a", None, "b"], dtype="category"))
    assert [found.cells[number] if number >= 0 else None for number in found.number] == ["b", "a", None, "b"]
