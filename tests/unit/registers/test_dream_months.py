from datetime import date

import numpy as np
import pytest

from ctieval.domain.dream_columns import DreamColumns, FullTime
from ctieval.errors import SchemaError
from ctieval.registers.codes import load_code_list
from ctieval.registers.dream_headings import municipality_columns, visit_columns
from ctieval.registers.read import read_registers

A, B = 0, 1
NAN = float("nan")


@pytest.fixture
def read(read_folder, tmp_path):
    """Read a DREAM file of one person, a, with a blank week in 2018-W01 and the given monthly columns."""

    def to_registers(covers=None, full_time=None, **cells):
        read_folder(covers=None, dream=[{"lobenr": "a", "y_1801": "", **cells}])
        columns = DreamColumns(full_time=full_time)
        return read_registers(tmp_path, load_code_list(), covers=covers, columns=columns)

    return to_registers


def broken(read, **cells):
    with pytest.raises(SchemaError) as caught:
        read(**cells)
    assert "Kanariefugl" not in str(caught.value)
    return (caught.value.table, caught.value.column, caught.value.rule, caught.value.n_rows, caught.value.first_row)


@pytest.mark.parametrize(
    ("cells", "employed"),
    [
        ({"branche_2018_01": "471110"}, 1),
        ({"branche_2018_01": ""}, 0),
        ({"grad_2018_01": "0,4"}, 1),
        ({"grad_2018_01": "0"}, 0),
        ({"grad_2018_01": ""}, 0),
        ({"branche_2018_01": "471110", "grad_2018_01": ""}, 1),
        ({"branche_2018_01": "471110", "grad_2018_01": "0"}, 1),
        ({"branche_2018_01": "", "grad_2018_01": "0,4"}, 1),
        ({"BRANCHE_2018_01": "x", "Grad_2018_01": "0,4"}, 1),
    ],
)
def test_a_month_with_an_industry_or_a_degree_is_one_with_work(read, cells, employed):
    panel = read(**cells).employment
    assert panel.employed[A].tolist() == [employed]
    assert panel.first_month == 48 * 12


def test_without_a_declared_full_time_nobody_has_hours_and_nobody_ever_has_earnings(read):
    panel = read(grad_2018_01="0,4", grad_2018_02="").employment
    assert panel.employed[A].tolist() == [1, 0]
    assert np.isnan(panel.hours).all()
    assert np.isnan(panel.earnings).all()
    np.testing.assert_array_equal(panel.known_hours, [[NAN, 0], [NAN, NAN]])


def test_a_declared_full_time_gives_hours(read):
    cells = {"grad_2018_01": "500", "grad_2018_02": "", "branche_2018_02": "x", "branche_2018_03": ""}
    panel = read(full_time=FullTime(degree=1000, hours=160), **cells).employment
    np.testing.assert_array_equal(panel.hours[A], [80, NAN, 0])
    np.testing.assert_array_equal(panel.known_hours, panel.hours)


def test_degrees_on_another_scale_than_the_declared_one_are_refused(read):
    """50 of a full-time job of 1 is 8,000 hours a month."""
    cells = {"grad_2018_01": "50", "grad_2018_02": "0"}
    assert broken(read, full_time=FullTime(degree=1, hours=160), **cells) == ("dream", "", "full time", 1, 2)
    assert read(full_time=FullTime(degree=100, hours=160), **cells).employment.hours[A].tolist() == [80, 0]


def test_of_a_person_who_is_not_in_the_file_no_month_is_known(read):
    panel = read(grad_2018_01="0,4").employment
    assert np.isnan(panel.employed[B]).all()


def test_a_month_without_a_column_is_not_observed_and_told(read):
    registers = read(grad_2018_03="0,4", grad_2018_01="")
    np.testing.assert_array_equal(registers.employment.employed[A], [0, NAN, 1])
    told = next(line for line in registers.recognised if line.startswith("dream"))
    assert "employment by month 2018-01 to 2018-03, no hours (the plan declares no full time), no earnings" in told
    assert "months between them without a column (not observed): 1" in told
    assert "with employment" in told
    assert "columns not used" not in told


def test_months_outside_covers_and_after_a_move_are_not_observed(read_folder):
    moved = {"birth_date": "01-02-1970", "sex": "female", "municipality": "153", "moved_on": "31-01-2018"}
    dream = {f"y_18{number:02d}": "" for number in range(1, 14)} | {
        f"grad_2018_{month:02d}": 1 for month in range(1, 6)
    }
    covers = (date(2018, 1, 1), date(2018, 4, 1))
    panel = read_folder(
        covers=covers, persons=[{"person_id": "a", **moved}], dream=[{"lobenr": "a", **dream}]
    ).employment
    np.testing.assert_array_equal(panel.employed, [[1, NAN, NAN]])


def test_months_that_covers_leaves_out_altogether_give_no_panel(read_folder):
    cells = {f"y_18{number:02d}": "" for number in range(1, 10)}
    registers = read_folder(
        covers=(date(2018, 1, 1), date(2018, 3, 4)), dream=[{"lobenr": "a", **cells, "grad_2019_01": 1}]
    )
    assert registers.employment is None
    assert "months of employment outside covers (not used)" in registers.recognised[0]


def test_an_industry_without_a_degree_is_counted(read):
    told = read(grad_2018_01="", branche_2018_01="x").recognised[0]
    assert "person-months with an industry and no degree: 1" in told
    assert "no degree:" not in read(branche_2018_01="x").recognised[0]


def test_a_table_of_employment_holds_more_than_the_columns_of_dream(read_folder):
    month = {"person_id": "a", "month": "2018-01", "hours": "37,5", "earnings": 5200}
    cells = {f"y_18{number:02d}": "" for number in range(1, 10)}
    registers = read_folder(
        covers=(date(2018, 1, 1), date(2018, 3, 4)),
        dream=[{"lobenr": "a", **cells, "grad_2018_01": 1}],
        employment=[month],
    )
    assert registers.employment.employed is None
    assert registers.employment.hours[A].tolist() == [37.5, 0]
    assert "columns not used: grad_2018_01" in registers.recognised[0]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"grad_2018_13": 1}, ("dream", "grad_2018_13", "month", 0, None)),
        ({"grad_2018_01": 1, "GRAD_2018_01": 1}, ("dream", "GRAD_2018_01", "one column", 0, None)),
        ({"grad_2018_01": "Kanariefugl"}, ("dream", "grad_2018_01", "number", 1, 2)),
        ({"grad_2018_01": "-1"}, ("dream", "grad_2018_01", "minimum", 1, 2)),
        ({"grad_2018_01": "1.000"}, ("dream", "grad_2018_01", "numbers that can be read in one way", 1, 2)),
        ({"branche_2018_01": "000000"}, ("dream", "branche_2018_01", "industry", 1, 2)),
        ({"branche_2018_01": "", "branche_2018_02": 0}, ("dream", "branche_2018_02", "industry", 1, 2)),
    ],
)
def test_broken_months_are_named(read, cells, expected):
    assert broken(read, **cells) == expected


def test_quarters_and_years_are_read_off_their_headings():
    headings = ["VISIT_4KV2017", "visit01kv2018", "visit2_kv2018", "visit_5kv2018", "visit__kv2018", "visit12kv2018"]
    assert list(visit_columns(headings)) == [191, 192, 193]
    assert municipality_columns(["nykom2018", "NYKOM1999", "nykom18", "kom2018"]) == {
        1999: "NYKOM1999",
        2018: "nykom2018",
    }
    with pytest.raises(SchemaError, match="visit01kv2018"):
        visit_columns(["visit_1kv2018", "visit01kv2018"])
