"""Schemas of the input tables as data, after the Frictionless Table Schema."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FieldType(StrEnum):
    """Type of a field."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    YEARMONTH = "yearmonth"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a table.

    Attributes:
        name: Name of the column.
        heading_da: Danish heading in templates, also accepted in files.
        type: Its type.
        description: What it holds, in English.
        required: False where a cell may be empty or the column absent.
        unique: True where no value may stand twice.
        minimum: Smallest number, or None.
        maximum: Largest number, or None.
        enum: The closed list of values, or empty.
        pattern: Regular expression that the whole value must match, or None.
        description_da: What it holds, in Danish, for templates.
        values_da: Danish ways to write the values of ``enum``, each with the value that it stands for.
    """

    name: str
    heading_da: str
    type: FieldType
    description: str
    required: bool = True
    unique: bool = False
    minimum: float | None = None
    maximum: float | None = None
    enum: tuple[str, ...] = ()
    pattern: str | None = None
    description_da: str = ""
    values_da: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One input table.

    Attributes:
        name: Name of the table, such as ``persons``.
        title_da: Danish title of its template.
        description: What a row is, in English.
        fields: The columns.
        primary_key: Columns that together are unique.
        description_da: What a row is, in Danish, for templates.
    """

    name: str
    title_da: str
    description: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    description_da: str = ""
