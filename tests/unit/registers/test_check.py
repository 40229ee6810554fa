import pandas as pd
import pytest

from ctieval.domain.schema import Field, FieldType, TableSchema
from ctieval.errors import SchemaError
from ctieval.registers.check import check_table, extra_columns
from ctieval.registers.schemas import load_schema

CANARY = "Kanariefugl"
GOOD = {
    "persons": {
        "person_id": ["p1", "p2"],
        "birth_date": ["01-02-1970", "1980-12-31"],
        "sex": ["female", "male"],
        "municipality": ["153", "550"],
        "visitation": ["activity_ready", None],
        "provider": ["ja", None],
        "died_on": [None, "01.03.2019"],
        "moved_on": [None, None],
    },
    "weeks": {"person_id": ["p1", "p1"], "week": ["2018-W05", "2018-W06"], "code": ["730", "0"]},
    "periods": {
        "person_id": ["p1", "p1"],
        "start": ["01-01-2018", "01-02-2018"],
        "end": ["31-01-2018", "28-02-2018"],
        "benefit": ["730", "730"],
        "amount": ["10.849,00", "-5,5"],
    },
    "employment": {
        "person_id": ["p1", "p1"],
        "month": ["2018-03", "2018-04"],
        "hours": ["37,5", "0"],
        "earnings": ["5200", "0"],
    },
    "activity": {
        "person_id": ["p1", "p1"],
        "date": ["05-02-2018"] * 2,
        "activity": ["samtale"] * 2,
        "minutes": ["60", "30"],
    },
    "survey": {
        "person_id": ["p1", "p1"],
        "wave": ["12m"] * 2,
        "instrument": ["who5"] * 2,
        "item": ["1", "2"],
        "answer": ["5", None],
    },
    "dream": {"lobenr": ["p1", "p2"]},
}


def refused(name, **changed):
    frame = pd.DataFrame({**GOOD[name], **changed})
    with pytest.raises(SchemaError) as caught:
        check_table(frame, load_schema(name))
    error = caught.value
    assert (error.table, error.exit_code) == (name, 11)
    assert CANARY not in str(error) + repr(error)
    assert error.__cause__ is None
    assert error.__context__ is None or error.__suppress_context__
    return error


def facts(error):
    return (error.column, error.rule, error.n_rows, error.first_row)


@pytest.mark.parametrize("name", GOOD)
def test_a_sound_table_passes_and_is_not_changed(name):
    frame = pd.DataFrame(GOOD[name])
    checked = check_table(frame, load_schema(name))
    pd.testing.assert_frame_equal(frame, pd.DataFrame(GOOD[name]))
    assert len(checked) == 2
    assert set(checked.columns) <= {field.name for field in load_schema(name).fields}
    pd.testing.assert_frame_equal(check_table(checked, load_schema(name)), checked)


def test_columns_have_the_types_of_their_fields():
    persons = check_table(pd.DataFrame(GOOD["persons"]), load_schema("persons"))
    assert {name: str(kind) for name, kind in persons.dtypes.items()} == {
        "person_id": "str",
        "birth_date": "datetime64[s]",
        "sex": "str",
        "municipality": "str",
        "visitation": "str",
        "provider": "boolean",
        "died_on": "datetime64[s]",
        "moved_on": "datetime64[s]",
    }
    periods = check_table(pd.DataFrame(GOOD["periods"]), load_schema("periods"))
    assert periods["amount"].tolist() == [10849, -5.5]
    survey = check_table(pd.DataFrame(GOOD["survey"]), load_schema("survey"))
    assert [str(kind) for kind in survey.dtypes[["item", "answer"]]] == ["Int64", "Int64"]


@pytest.mark.parametrize("change", [str.upper, str.title, lambda heading: f" {heading} "])
def test_danish_headings_are_accepted_in_any_case(change):
    schema = load_schema("employment")
    danish = {field.name: change(field.heading_da) for field in schema.fields}
    frame = pd.DataFrame(GOOD["employment"]).rename(columns=danish)
    assert check_table(frame, schema).columns.tolist() == list(danish)


def test_optional_columns_may_be_absent_and_extra_ones_are_left_out_and_named():
    schema = load_schema("persons")
    frame = pd.DataFrame({**GOOD["persons"], "Note": CANARY, "alder": 50}).drop(columns=["provider", "died_on"])
    checked = check_table(frame, schema)
    assert extra_columns(frame, schema) == ("Note", "alder")
    assert not {"Note", "alder", "provider", "died_on"} & set(checked.columns)


def test_a_missing_column_offers_the_danish_heading():
    frame = pd.DataFrame(GOOD["persons"]).drop(columns="birth_date")
    with pytest.raises(SchemaError) as caught:
        check_table(frame, load_schema("persons"), table="borgere")
    assert (caught.value.table, *facts(caught.value)) == ("borgere", "birth_date", "required", 0, None)
    assert "Fødselsdato" in caught.value.expected


def test_two_columns_for_one_field_are_refused():
    assert facts(refused("persons", Fødselsdato=["01-02-1970"] * 2)) == ("birth_date", "one column", 0, None)


@pytest.mark.parametrize(
    ("name", "column", "cells", "rule", "first_row"),
    [
        ("persons", "birth_date", ["01-02-1970", "31-02-2020"], "date", 3),
        ("persons", "birth_date", [CANARY, "01-02-1970"], "date", 2),
        ("persons", "birth_date", ["31-12-1899", "01-02-1970"], "date", 2),
        ("persons", "died_on", [None, "01-01-2100"], "date", 3),
        ("persons", "birth_date", [None, "01-02-1970"], "required", 2),
        ("persons", "person_id", ["p1", " "], "required", 3),
        ("persons", "sex", ["female", CANARY], "enum", 3),
        ("persons", "municipality", ["153", CANARY], "pattern", 3),
        ("persons", "municipality", ["1530", "153"], "pattern", 2),
        ("persons", "visitation", [None, CANARY], "enum", 3),
        ("persons", "provider", [None, CANARY], "boolean", 3),
        ("weeks", "code", ["730", CANARY], "pattern", 3),
        ("weeks", "week", ["2018-W05", "2018-5"], "pattern", 3),
        ("periods", "amount", ["1,5", CANARY], "number", 3),
        ("periods", "amount", ["1,5", "2.5"], "number", 3),
        ("employment", "hours", ["-1", "5"], "minimum", 2),
        ("employment", "hours", ["1", CANARY], "number", 3),
        ("employment", "month", ["2018-13", "2018-04"], "month", 2),
        ("survey", "item", ["1", "1,5"], "integer", 3),
        ("survey", "item", ["0", "1"], "minimum", 2),
        ("survey", "answer", [None, CANARY], "integer", 3),
        ("activity", "minutes", [CANARY, "1"], "number", 2),
    ],
)
def test_a_broken_cell_is_told_by_column_rule_count_and_row(name, column, cells, rule, first_row):
    assert facts(refused(name, **{column: cells})) == (column, rule, 1, first_row)


def test_ambiguous_numbers_are_refused():
    error = refused("periods", amount=["10.849", "11.282"])
    assert facts(error) == ("amount", "numbers that can be read in one way", 2, 2)
    assert "10.849" not in str(error)


def test_a_person_stands_once():
    error = refused("persons", person_id=[CANARY, CANARY])
    assert facts(error) == ("person_id", "unique", 2, 2)
    assert "municipalities" in error.do


@pytest.mark.parametrize("name", ["weeks", "periods", "employment", "survey"])
def test_a_primary_key_stands_once(name):
    rows = pd.DataFrame(GOOD[name])
    frame = pd.concat([rows, rows.iloc[[1]]], ignore_index=True)
    with pytest.raises(SchemaError) as caught:
        check_table(frame, load_schema(name))
    assert facts(caught.value) == ("", "primaryKey", 2, 3)
    assert all(column in caught.value.expected for column in load_schema(name).primary_key)


def test_the_first_column_is_told_and_the_other_rules_are_counted():
    error = refused("persons", sex=["x", "y"], municipality=["1", "153"], person_id=["p1", "p1"])
    assert facts(error)[:2] == ("person_id", "unique")
    assert "2 more of its rules" in error.do


@pytest.mark.parametrize("cells", [["010190-1234", "p2"], ["0101901234", "0202901235"], [101901234, 202901235]])
def test_cpr_numbers_are_refused_in_every_register_table(cells):
    for name, column in (("persons", "person_id"), ("dream", "lobenr")):
        error = refused(name, **{column: cells})
        assert facts(error)[:2] == (column, "not a CPR number")
        assert str(cells[0]) not in str(error)


def test_cpr_numbers_are_refused_in_columns_that_are_not_used():
    assert facts(refused("persons", note=["x", "ring til 010190-1234"])) == ("note", "not a CPR number", 1, 3)


def test_a_maximum_is_checked():
    field = Field("x", "x", FieldType.NUMBER, "A share.", maximum=1.0)
    with pytest.raises(SchemaError) as caught:
        check_table(pd.DataFrame({"x": [0.5, 1.5]}), TableSchema("t", "t", "A row.", (field,), ()))
    assert facts(caught.value) == ("x", "maximum", 1, 3)


@pytest.mark.parametrize("change", [str, str.upper, str.title, lambda cell: f" {cell} "])
def test_values_of_a_closed_list_may_be_danish_or_english_in_any_case(change):
    sexes = ["kvinde", "k", "mand", "m", "female", "male"]
    visitations = ["aktivitetsparat", "jobparat", "ikke visiteret", "activity_ready", "job_ready", "not_assessed"]
    frame = pd.DataFrame(
        {
            "Borger-id": [f"p{number}" for number in range(6)],
            "Fødselsdato": ["01-02-1970"] * 6,
            "Køn": [change(cell) for cell in sexes],
            "Kommune": ["153"] * 6,
            "Visitation": [change(cell) for cell in visitations],
        }
    )
    checked = check_table(frame, load_schema("persons"))
    assert checked["sex"].tolist() == ["female", "female", "male", "male", "female", "male"]
    assert checked["visitation"].tolist() == ["activity_ready", "job_ready", "not_assessed"] * 2
    assert str(checked["sex"].dtype) == "str"


def test_an_empty_column_of_a_closed_list_stays_empty_text():
    checked = check_table(pd.DataFrame({**GOOD["persons"], "visitation": [None, None]}), load_schema("persons"))
    assert checked["visitation"].isna().all()
    assert str(checked["visitation"].dtype) == "str"


def test_an_unknown_value_is_told_with_the_danish_values_and_the_danish_heading():
    error = refused("persons", sex=["kvinde", CANARY])
    assert error.expected == "one of: kvinde, k, mand, m; or in English female, male"
    assert "column sex (Køn), first in row 3" in error.where


def test_a_broken_pattern_is_told_in_words():
    assert refused("persons", municipality=["153", "Tønder"]).expected == (
        "Three-digit code of the municipality, such as 153 for Brøndby"
    )
