"""Files of SAS, SPSS and Stata made by pyreadstat; it cannot write sas7bdat, so that kind is tested by its errors."""

import builtins
from datetime import date

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from ctieval.domain.registers import BLANK, NOT_OBSERVED
from ctieval.domain.schema import FieldType
from ctieval.errors import InputError, SchemaError
from ctieval.registers.cells import read_cells
from ctieval.registers.codes import load_code_list
from ctieval.registers.read import read_registers
from ctieval.registers.read_table import read_table

WRITERS = {
    "a.sav": pyreadstat.write_sav,
    "a.zsav": lambda frame, path, **more: pyreadstat.write_sav(frame, path, compress=True, **more),
    "a.dta": pyreadstat.write_dta,
    "a.xpt": lambda frame, path, **more: pyreadstat.write_xport(frame, path, file_format_version=8, **more),
}
KINDS = {"a.sav": "SPSS, UTF-8", "a.zsav": "SPSS, compressed, UTF-8", "a.dta": "Stata", "a.xpt": "SAS transport"}
LABELLED = ["a.sav", "a.zsav", "a.dta"]
SEX = {1: "Mand", 2: "Kvinde"}
TABLE = {
    "id": [1.0, 2.0, 3.0],
    "navn": ["Sø  ", " b", ""],
    "y_1801": [730.0, np.nan, 651.0],
    "day": [date(2018, 1, 5), None, date(1959, 12, 31)],
    "time": pd.to_datetime(["2018-01-05 03:00", None, "1970-02-01 00:00"]),
}
PERSONS = {
    "person_id": [2.0, 1.0],
    "birth_date": [date(1970, 2, 1), date(1980, 12, 31)],
    "sex": [2.0, 1.0],
    "municipality": [153.0, 550.0],
}


def texts(days):
    """Days as texts, empty where there is none."""
    return days.dt.strftime("%Y-%m-%d").fillna("").tolist()


@pytest.fixture
def write(tmp_path):
    """Write a table of the kind that its name says."""

    def to_file(name, table, **more):
        path = tmp_path / name
        WRITERS[f"a{path.suffix}"](pd.DataFrame(table), path, **more)
        return path

    return to_file


@pytest.mark.parametrize("name", WRITERS)
def test_every_kind_is_read_with_its_days_and_without_padding(write, name):
    read = read_table(write(name, TABLE))
    assert read.recognised == f"{name}: {KINDS[name]}, 3 rows"
    assert read.frame["navn"].fillna("").tolist() == ["Sø", "b", ""]
    assert read_cells(read.frame["id"], FieldType.STRING).column.tolist() == ["1", "2", "3"]
    assert read.frame["y_1801"].isna().tolist() == [False, True, False]
    for column, other in (("day", "1959-12-31"), ("time", "1970-02-01")):
        days = read_cells(read.frame[column], FieldType.DATE)
        assert not days.broken.any()
        assert texts(days.column) == ["2018-01-05", "", other]
    assert len(read.digest) == 64


@pytest.mark.parametrize("format_", ["%tdDD/NN/CCYY", "%td", "%tdCCYY.NN.DD"])
def test_days_of_stata_are_days_in_every_layout(write, format_):
    path = write("a.dta", {"id": ["x", "y"], "day": [21189.0, np.nan]}, variable_format={"day": format_})
    days = read_cells(read_table(path).frame["day"], FieldType.DATE).column
    assert texts(days) == ["2018-01-05", ""]


def test_months_of_stata_are_months(write):
    path = write("a.dta", {"id": ["x", "y"], "month": [698.0, np.nan]}, variable_format={"month": "%tm"})
    months = read_cells(read_table(path).frame["month"], FieldType.YEARMONTH).column
    assert texts(months) == ["2018-03-01", ""]


def test_a_number_without_a_format_of_days_is_no_day(write):
    path = write("a.dta", {"id": ["x"], "day": [21189.0]})
    assert read_cells(read_table(path).frame["day"], FieldType.DATE).broken.all()


@pytest.mark.parametrize("name", LABELLED)
def test_labelled_values_stay_values_and_their_labels_stand_beside(write, name):
    read = read_table(write(name, {"id": ["x", "y"], "sex": [1.0, 2.0]}, variable_value_labels={"sex": SEX}))
    assert read.frame["sex"].tolist() == [1, 2]
    assert read.labels == {"sex": SEX}
    assert read.recognised.endswith("columns with labelled values: 1")


def stata(**more):
    table = {"id": ["x", "y", "z"], "code": pd.Series([730, "a", 651], dtype=object)}
    return ("a.dta", table, {"missing_user_values": {"code": ["a"]}, **more})


def spss(lowest=999, **more):
    table = {"id": ["x", "y", "z"], "code": [730.0, 999.0, 651.0]}
    return ("a.sav", table, {"missing_ranges": {"code": [{"lo": lowest, "hi": 999}]}, **more})


@pytest.mark.parametrize("case", [stata(), spss(), spss(lowest=900)])
def test_cells_missing_for_a_stated_reason_are_empty_and_known(write, case):
    name, table, more = case
    read = read_table(write(name, table, **more))
    assert read.frame["code"].isna().tolist() == [False, True, False]
    assert {heading: rows.tolist() for heading, rows in read.withheld.items()} == {"code": [False, True, False]}
    assert read.recognised.endswith("cells missing for a stated reason: 1")


def test_empty_cells_beside_reasons_are_empty_and_no_reason(write):
    table = {"id": ["x", "y", "z", "w"], "code": pd.Series([730, "b", None, 5], dtype=object)}
    read = read_table(write("a.dta", table, missing_user_values={"code": ["b"]}))
    assert read.frame["code"].isna().tolist() == [False, True, True, False]
    assert read.frame["code"].dropna().tolist() == [730, 5]
    assert read.withheld["code"].tolist() == [False, True, False, False]


def test_texts_declared_missing_are_reasons_too(write):
    read = read_table(write("a.sav", {"id": ["x", "y"], "note": ["ukendt", "z"]}, missing_ranges={"note": ["ukendt"]}))
    assert read.frame["note"].isna().tolist() == [True, False]
    assert read.withheld["note"].tolist() == [True, False]


@pytest.mark.parametrize("name", WRITERS)
def test_registers_are_the_same_from_every_kind(write, tmp_path, read_folder, name):
    dream = {"LOBENR": [1.0, 2.0], "Y_1802": [651.0, np.nan], "Y_1801": [730.0, np.nan], "GRAD_2018_01": [np.nan, 0.5]}
    more = {"variable_value_labels": {"sex": SEX}} if name in LABELLED else {}
    persons = PERSONS if more else PERSONS | {"sex": ["kvinde", "mand"]}
    suffix = name[1:]
    write(f"dream{suffix}", dream)
    write(f"persons{suffix}", persons, **more)
    registers = read_registers(tmp_path, load_code_list())
    assert registers.persons.astype("str").to_dict("list") == {
        "person_id": ["1", "2"],
        "birth_date": ["1980-12-31", "1970-02-01"],
        "sex": ["male", "female"],
        "municipality": ["550", "153"],
    }
    assert registers.weeks.code.tolist() == [[730, 651], [BLANK, BLANK]]
    assert registers.employment.employed.tolist() == [[0], [1]]


@pytest.mark.parametrize("name", ["dream.sav", "dream.dta"])
def test_a_week_missing_for_a_stated_reason_is_never_blank(write, tmp_path, name):
    table = {"lobenr": ["a", "b"], "y_1802": [730.0, 651.0]}
    if name.endswith("sav"):
        table |= {"y_1801": [998.0, np.nan], "grad_2018_01": [9.0, np.nan]}
        more = {"missing_ranges": {"y_1801": [998], "grad_2018_01": [9]}}
    else:
        table |= {"y_1801": pd.Series(["a", None], dtype=object), "grad_2018_01": pd.Series(["b", None], dtype=object)}
        table = {
            heading: cells
            if heading in {"lobenr", "y_1802"}
            else pd.Series([cells[0], 5 if heading == "grad_2018_01" else 730], dtype=object)
            for heading, cells in table.items()
        }
        more = {"missing_user_values": {"y_1801": ["a"], "grad_2018_01": ["b"]}}
    write(name, table, **more)
    (tmp_path / "persons.csv").write_text(
        "person_id;birth_date;sex;municipality\na;01-02-1970;male;153\nb;01-02-1970;male;153\n", encoding="utf-8"
    )
    registers = read_registers(tmp_path, load_code_list())
    assert registers.weeks.code[0].tolist() == [NOT_OBSERVED, 730]
    assert registers.weeks.code[1, 1] == 651
    assert np.isnan(registers.employment.employed[0, 0])
    assert not np.isnan(registers.employment.employed[1, 0])
    assert "person-weeks missing for a stated reason (not observed): 1" in registers.recognised[0]


def in_windows_letters(path):
    path.write_bytes(path.read_bytes().replace("Søby".encode(), "Søby ".encode("cp1252")))
    return path


def test_letters_of_windows_are_read_in_a_transport_file(write):
    read = read_table(in_windows_letters(write("a.xpt", {"id": ["Søby", "bbbb"]})))
    assert read.frame["id"].tolist() == ["Søby", "bbbb"]
    assert read.recognised == "a.xpt: SAS transport, WINDOWS-1252, 2 rows"


@pytest.mark.parametrize("name", ["a.sav", "a.dta"])
def test_letters_of_windows_are_refused_where_the_file_says_utf_8(write, name):
    with pytest.raises(InputError, match="damaged"):
        read_table(in_windows_letters(write(name, {"id": ["Søby", "bbbb"]})))


@pytest.mark.parametrize("name", [*WRITERS, "a.sas7bdat"])
@pytest.mark.parametrize("content", [b"x", b"Kanariefugl" * 1000])
def test_a_file_of_another_kind_is_an_input_error(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_table(tmp_path / name)
    assert "damaged" in caught.value.found
    assert name[1:] in caught.value.expected
    assert "Kanariefugl" not in str(caught.value)


def test_without_the_extra_the_error_says_what_to_install(tmp_path, monkeypatch):
    (tmp_path / "a.sav").write_bytes(b"x")
    real = builtins.__import__

    def without(name, *args):
        if name == "pyreadstat":
            raise ImportError
        return real(name, *args)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError) as caught:
        read_table(tmp_path / "a.sav")
    assert "ctieval[stats-files]" in caught.value.do
    assert caught.value.found == "pyreadstat is not installed"


def test_identifiers_too_long_for_a_number_are_refused(write, tmp_path):
    write("persons.sav", PERSONS | {"person_id": [1.0, 12345678901234567.0], "sex": ["kvinde", "mand"]})
    write("dream.sav", {"lobenr": [1.0], "y_1801": [730.0]})
    with pytest.raises(SchemaError) as caught:
        read_registers(tmp_path, load_code_list())
    assert (caught.value.rule, caught.value.n_rows, caught.value.first_row) == ("exact identifier", 1, 3)


def test_cpr_numbers_are_refused_in_these_files_too(write, tmp_path):
    write("persons.sav", PERSONS | {"person_id": [101501234.0, 3112801234.0], "sex": ["kvinde", "mand"]})
    write("dream.sav", {"lobenr": [101501234.0], "y_1801": [730.0]})
    with pytest.raises(SchemaError, match="CPR"):
        read_registers(tmp_path, load_code_list())
