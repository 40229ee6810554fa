import json
import re
from pathlib import Path

import pandas as pd
import pytest

from ctieval.domain.schema import FieldType
from ctieval.errors import InputError
from ctieval.registers import schemas
from ctieval.registers.cells import MISSING
from ctieval.registers.check import check_table
from ctieval.registers.schemas import load_schema, read_schema, schema_names

FOLDER = Path(__file__).parents[2] / "data" / "schemas"
LOG = ("person_id", "date", "activity", "minutes", "role", "minutes_indirect", "n_participants", "site")
TABLES = {
    "accounts": ("site", "quarter", "amount"),
    "activity": LOG,
    "dream": ("person_id", "y_YYWW", "branche_YYYY_MM", "grad_YYYY_MM", "visit__kvYYYY", "nykomYYYY"),
    "employment": ("person_id", "month", "hours", "earnings"),
    "ingredients": (
        "id",
        "label_da",
        "label_en",
        "arm_scope",
        "payer",
        "driver",
        "unit_price",
        "overhead",
        "price_year",
        "index",
        "phase",
        "life_years",
        "category",
        "research_only",
        "donated",
        "price_basis",
        "role",
        "activity",
        "source",
        "grade",
    ),
    "periods": ("person_id", "start", "end", "benefit", "amount"),
    "persons": (
        "person_id",
        "birth_date",
        "sex",
        "municipality",
        "visitation",
        "provider",
        "died_on",
        "moved_on",
        "unit",
    ),
    "survey": ("person_id", "wave", "instrument", "item", "answer"),
    "usual_services": LOG,
    "weeks": ("person_id", "week", "code"),
}
CELLS = {
    FieldType.STRING: "p1",
    FieldType.INTEGER: "1",
    FieldType.NUMBER: "1,5",
    FieldType.DATE: "31-12-2019",
    FieldType.YEARMONTH: "2018-03",
    FieldType.BOOLEAN: "ja",
}
SAMPLES = {"[0-9]{4}-[QqKk][1-4]": "2018-K2", "[0-9]{3}": "153", "[0-9]{1,3}": "730", "[0-9]{4}-?W[0-9]{2}": "2018-W05"}


def example(field):
    """A cell that the field accepts."""
    if field.minimum is not None and field.minimum > 1:
        return str(field.minimum)
    return field.enum[0] if field.enum else SAMPLES.get(field.pattern, CELLS[field.type])


def test_every_input_table_has_a_schema():
    assert schema_names() == tuple(TABLES)
    assert {name: tuple(field.name for field in load_schema(name).fields) for name in TABLES} == TABLES


@pytest.mark.parametrize("name", TABLES)
def test_a_schema_is_a_table_schema_with_our_properties(name):
    entry = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    assert entry["name"] == name
    assert tuple(entry["missingValues"]) == MISSING
    assert entry["title_da"]
    assert entry["description"].endswith((".", ")"))
    for field in entry["fields"]:
        assert field["heading_da"]
        assert field["description"].endswith(".")
        assert field["description_da"].endswith(".")
        assert isinstance(field["constraints"]["required"], bool)


@pytest.mark.parametrize("name", TABLES)
def test_the_loaded_schema_says_what_the_file_says(name):
    entry = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    schema = load_schema(name)
    assert set(schema.primary_key) <= {field.name for field in schema.fields}
    for field, written in zip(schema.fields, entry["fields"], strict=True):
        assert (field.name, field.type.value, field.heading_da) == (
            written["name"],
            written["type"],
            written["heading_da"],
        )
        assert (field.description_da, dict(field.values_da)) == (
            written["description_da"],
            written.get("values_da", {}),
        )
        for constraint, value in written["constraints"].items():
            assert getattr(field, constraint) == (tuple(value) if constraint == "enum" else value)


@pytest.mark.parametrize("name", TABLES)
def test_no_heading_stands_for_two_fields(name):
    fields = load_schema(name).fields
    headings = [{field.name.casefold(), field.heading_da.casefold()} for field in fields]
    assert sum(map(len, headings)) == len(set().union(*headings))


@pytest.mark.parametrize("name", TABLES)
def test_every_value_of_a_closed_list_has_a_danish_word_that_stands_for_it_alone(name):
    for field in load_schema(name).fields:
        words = [danish.casefold() for danish, _ in field.values_da]
        assert {value for _, value in field.values_da} == set(field.enum)
        assert len({*words, *(value.casefold() for value in field.enum)}) == len(words) + len(field.enum)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_made_from_the_schema_passes_it(name):
    schema = load_schema(name)
    row = {field.heading_da: [example(field)] for field in schema.fields}
    assert check_table(pd.DataFrame(row), schema).columns.tolist() == [field.name for field in schema.fields]


@pytest.mark.parametrize("name", TABLES)
def test_patterns_accept_their_samples(name):
    for field in load_schema(name).fields:
        assert field.pattern is None or re.fullmatch(field.pattern, SAMPLES[field.pattern])


def test_an_unknown_table_offers_the_nearest():
    with pytest.raises(InputError) as caught:
        load_schema("person")
    assert "persons" in caught.value.expected
    assert caught.value.exit_code == 10


@pytest.fixture
def changed(tmp_path):
    def write(change):
        entry = json.loads((FOLDER / "persons.json").read_text(encoding="utf-8"))
        change(entry)
        path = tmp_path / "persons.json"
        path.write_text(json.dumps(entry), encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry.update(colour="red"),
        lambda entry: entry["fields"][0].update(colour="red"),
        lambda entry: entry["fields"][0]["constraints"].update(colour="red"),
        lambda entry: entry.pop("primaryKey"),
        lambda entry: entry["fields"][0].pop("heading_da"),
        lambda entry: entry.update(missingValues=[""]),
        lambda entry: entry["fields"][2].update(values_da={"pige": "girl"}),
    ],
)
def test_an_unknown_or_missing_property_is_an_error(changed, change):
    with pytest.raises(InputError, match=r"persons\.json"):
        read_schema(changed(change))


def test_schemas_are_found_in_an_installed_package(monkeypatch, tmp_path):
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "persons.json").write_bytes((FOLDER / "persons.json").read_bytes())
    monkeypatch.setattr(schemas.resources, "files", lambda _package: tmp_path)
    load_schema.cache_clear()
    try:
        assert schema_names() == ("persons",)
        assert load_schema("persons").name == "persons"
    finally:
        load_schema.cache_clear()
