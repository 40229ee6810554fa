"""The schemas of the input tables, read from their Table Schema files; no table is checked here.

References:
    Table Schema, Frictionless Data (https://specs.frictionlessdata.io/table-schema/). Our own properties are
    ``name``, ``title_da``, ``description`` and ``description_da`` of a schema, and ``heading_da``,
    ``description_da`` and ``values_da`` of a field: the Danish words for the values of its ``enum``.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, cast

from ctieval.domain.schema import Field, FieldType, TableSchema
from ctieval.errors import InputError
from ctieval.registers.cells import MISSING

_SCHEMA_KEYS = frozenset({"name", "title_da", "description", "description_da", "missingValues", "fields", "primaryKey"})
_FIELD_KEYS = frozenset({"name", "heading_da", "type", "description", "description_da", "constraints"})
_VALUES_DA = "values_da"
_CONSTRAINTS = frozenset({"required", "unique", "minimum", "maximum", "enum", "pattern"})


def schema_names() -> tuple[str, ...]:
    """Return the names of the input tables, sorted.

    Examples:
        >>> schema_names()[:4]
        ('accounts', 'activity', 'dream', 'employment')
    """
    return tuple(sorted(path.stem for path in _folder().glob("*.json")))


@cache
def load_schema(name: str) -> TableSchema:
    """Return the schema of an input table.

    Args:
        name: Name of the table, such as ``persons``.

    Raises:
        InputError: If no input table has that name.
        InputError: If the schema file lacks a property, or holds one that is not known.

    Examples:
        >>> load_schema("persons").primary_key
        ('person_id',)
    """
    if name not in schema_names():
        raise InputError(
            what=f"no input table is called {name}",
            where="the schemas of the input tables",
            found=f"the name {name}",
            expected=", ".join(get_close_matches(name, schema_names()) or schema_names()),
            do="correct the name",
        )
    return read_schema(_folder() / f"{name}.json")


def read_schema(path: Path) -> TableSchema:
    """Read one schema file.

    Raises:
        InputError: If the file lacks a property, or holds one that is not known.
    """
    entry = cast("Mapping[str, Any]", json.loads(path.read_text(encoding="utf-8")))
    _check_keys(entry, _SCHEMA_KEYS, path.name)
    if tuple(entry["missingValues"]) != MISSING:
        raise _schema_file_error(path.name, f"missingValues other than {list(MISSING)}")
    return TableSchema(
        name=entry["name"],
        title_da=entry["title_da"],
        description=entry["description"],
        fields=tuple(_field(field, path.name) for field in entry["fields"]),
        primary_key=tuple(entry["primaryKey"]),
        description_da=entry["description_da"],
    )


def find_heading(table: str, column: str) -> str:
    """Return the Danish heading of a column of an input table; empty for any other table or column.

    Examples:
        >>> find_heading("periods", "end"), find_heading("jobs.csv", "end")
        ('Til', '')
    """
    fields = load_schema(table).fields if table in schema_names() else ()
    return next((field.heading_da for field in fields if field.name == column), "")


def _field(entry: Mapping[str, Any], file: str) -> Field:
    """Return one field of a schema file."""
    _check_keys(entry, _FIELD_KEYS | (entry.keys() & {_VALUES_DA}), file)
    constraints = cast("Mapping[str, Any]", entry["constraints"])
    _check_keys(constraints, constraints.keys() & _CONSTRAINTS, file)
    values_da = cast("Mapping[str, str]", entry.get(_VALUES_DA, {}))
    if not set(values_da.values()) <= set(constraints.get("enum", ())):
        raise _schema_file_error(file, f"{_VALUES_DA} of {entry['name']} for a value that is not in its enum")
    return Field(
        name=entry["name"],
        heading_da=entry["heading_da"],
        type=FieldType(entry["type"]),
        description=entry["description"],
        required=constraints.get("required", False),
        unique=constraints.get("unique", False),
        minimum=constraints.get("minimum"),
        maximum=constraints.get("maximum"),
        enum=tuple(constraints.get("enum", ())),
        pattern=constraints.get("pattern"),
        description_da=entry["description_da"],
        values_da=tuple(values_da.items()),
    )


def _check_keys(entry: Mapping[str, Any], keys: Collection[str], file: str) -> None:
    """Refuse an entry that does not hold exactly these properties."""
    for found, problem in ((set(entry) - set(keys), "an unknown property"), (set(keys) - set(entry), "no property")):
        if found:
            raise _schema_file_error(file, f"{problem} {min(found)}")


def _schema_file_error(file: str, found: str) -> InputError:
    """Return the error about a schema file."""
    return InputError(
        what="a schema file cannot be used",
        where=file,
        found=found,
        expected=f"the properties {', '.join(sorted(_SCHEMA_KEYS))}; of a field {', '.join(sorted(_FIELD_KEYS))}",
        do="correct the schema file",
    )


def _folder() -> Path:
    """Return the folder of the schema files: in the installed package, or at the top of the checkout."""
    package = Path(str(resources.files("ctieval")))
    packaged = package / "schemas"
    return packaged if packaged.is_dir() else package.parents[1] / "data" / "schemas"
