import pytest

from ctieval.errors import InputError
from ctieval.protocol.lists import describe_codes, describe_headings
from ctieval.registers.codes import load_code_list
from ctieval.registers.schemas import load_schema, schema_names


@pytest.mark.parametrize("name", schema_names())
def test_every_column_stands_with_what_it_holds_and_whether_it_must_be_there(name):
    text = describe_headings([name])
    for field in load_schema(name).fields:
        need = "skal udfyldes" if field.required else "kan stå tom, og kolonnen kan undværes"
        assert f"\n{field.heading_da} ({need})\n    {field.description_da}\n    Skriv " in text


def test_the_values_of_a_closed_list_are_those_of_the_schema():
    text = describe_headings(["persons"])
    for field in load_schema("persons").fields:
        if field.enum:
            assert f"Skriv en af disse: {', '.join(danish for danish, _ in field.values_da)}." in text


def test_a_smallest_number_is_told_with_an_example():
    assert "Skriv et tal på mindst 0, fx 37,5." in describe_headings(["employment"])


def test_tables_stand_in_the_order_asked_for():
    text = describe_headings(["survey", "persons"])
    assert text.index("survey.csv") < text.index("persons.csv")


def test_every_code_but_the_blank_week_stands_on_a_line():
    codes = load_code_list()
    lines = describe_codes(codes).splitlines()
    assert [line for line in lines if line[:3].strip().isdigit()] == [
        f"{entry.code:3d}  {entry.name}" for entry in codes.codes if entry.code
    ]


def test_an_unknown_table_is_refused():
    with pytest.raises(InputError):
        describe_headings(["borgere"])
