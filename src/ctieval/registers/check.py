"""Tables checked against their schema; how a file becomes a table, and what its rows mean together, is not known here.

Pandera does the checking. The messages are ours: they name table, column, rule, count and first row, never a value.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ctieval.domain.schema import Field, FieldType, TableSchema
from ctieval.errors import SchemaError
from ctieval.registers.cells import distinct, read_cells, to_code_texts
from ctieval.registers.identifiers import check_identifiers
from ctieval.registers.rules import Rule, ambiguity, check_rule, possible_day, row_number

if TYPE_CHECKING:
    from pandera.pandas import Check, DataFrameSchema

IDENTIFIER = "person_id"

_RULE_OF_CHECK = {"not_nullable": "required", "field_uniqueness": "unique", "multiple_fields_uniqueness": "primaryKey"}
_TYPES = {
    FieldType.INTEGER: ("integer", "a whole number"),
    FieldType.NUMBER: ("number", "a number without kr. or other words, with one decimal mark in the whole column"),
    FieldType.YEARMONTH: ("month", "a month such as 2018-03, or mar-18 as Excel writes it"),
    FieldType.BOOLEAN: ("boolean", "yes or no: true or false, 1 or 0, ja or nej"),
}


def check_table(frame: pd.DataFrame, schema: TableSchema, *, table: str | None = None) -> pd.DataFrame:
    """Check a table against its schema, and give its columns their types.

    A column is found by its English name or its Danish heading, in capitals or not. So are the values of a closed
    list, which come out in English. Columns that the schema does not know are left out; ``extra_columns`` names them,
    for the caller to tell.

    Args:
        frame: The table, one row a row of the file.
        schema: The schema.
        table: Name of the table in errors; by default that of the schema.

    Returns:
        A new frame with the columns of the schema that the table holds, in the order of the schema: ``str``,
        ``Int64``, ``float64``, ``datetime64[s]`` (a month as its first day) or ``boolean``.

    Raises:
        SchemaError: If a required column is missing, or two columns stand for one field.
        SchemaError: If the table holds CPR numbers.
        SchemaError: If a cell is not of its column's type, or a row breaks a constraint or the primary key.

    Examples:
        >>> from ctieval.registers.schemas import load_schema
        >>> frame = pd.DataFrame({"Borger-id": ["p1"], "month": ["2018-03"], "hours": ["37,5"], "earnings": ["5200"]})
        >>> check_table(frame, load_schema("employment"))["hours"].tolist()
        [37.5]
        >>> person = {"Borger-id": ["p1"], "Fødselsdato": ["31-12-1975"], "Køn": ["Kvinde"], "Kommune": ["153"]}
        >>> check_table(pd.DataFrame(person), load_schema("persons"))["sex"].tolist()
        ['female']
    """
    name = table or schema.name
    columns = _find_columns(frame, schema, name)
    check_identifiers(frame, table=name, identifiers=[columns[key] for key in (IDENTIFIER,) if key in columns])
    fields = [field for field in schema.fields if field.name in columns]
    typed = pd.DataFrame({field.name: _typed(frame[columns[field.name]], field, name) for field in fields})
    failures = _find_failures(typed, schema)
    if failures:
        raise _first_error(failures, schema, name)
    return typed


def extra_columns(frame: pd.DataFrame, schema: TableSchema) -> tuple[str, ...]:
    """Return the headings that the schema does not know, in the order of the table."""
    known = {heading for field in schema.fields for heading in _headings(field)}
    return tuple(str(heading) for heading in frame.columns if _folded(heading) not in known)


def find_column(headings: Iterable[object], field: Field, table: str) -> str | None:
    """Return the heading that stands for a field, or None.

    Raises:
        SchemaError: If two headings stand for it.
    """
    found = [str(heading) for heading in headings if _folded(heading) in _headings(field)]
    if len(found) > 1:
        raise _column_error(table, field, "one column", f"one column for {field.name}", "leave one of them out")
    return found[0] if found else None


def _find_columns(frame: pd.DataFrame, schema: TableSchema, table: str) -> dict[str, str]:
    """Return the heading in the table of each field that it holds."""
    columns: dict[str, str] = {}
    for field in schema.fields:
        found = find_column(frame.columns, field, table)
        if found is not None:
            columns[field.name] = found
        elif field.required:
            expected = f"a column with the heading {field.name}, or {field.heading_da} in Danish"
            raise _column_error(table, field, "required", expected, "add the column, or correct its heading")
    return columns


def _headings(field: Field) -> frozenset[str]:
    """Return the headings that stand for a field."""
    return frozenset({_folded(field.name), _folded(field.heading_da)})


def _folded(heading: object) -> str:
    """Return a heading without regard to capitals and surrounding blanks."""
    return str(heading).strip().casefold()


def _column_error(table: str, field: Field, rule: str, expected: str, do: str) -> SchemaError:
    """Return the error about a column as a whole."""
    return SchemaError(
        table=table,
        column=field.name,
        rule=rule,
        n_rows=0,
        first_row=None,
        expected=expected,
        do=do,
        heading=field.heading_da,
    )


def _typed(cells: pd.Series[Any], field: Field, table: str) -> pd.Series[Any]:
    """Return one column with the type of its field."""
    if field.name == IDENTIFIER or field.pattern is not None:
        return to_code_texts(cells)
    read = read_cells(cells, field.type)
    rule = possible_day(field.name) if field.type is FieldType.DATE else _type_rule(field)
    check_rule(read.broken, rule, table=table)
    check_rule(read.ambiguous, ambiguity(field.name), table=table)
    return _in_english(read.column, field) if field.enum else read.column


def _in_english(column: pd.Series[Any], field: Field) -> pd.Series[Any]:
    """Return a column of a closed list with the schema's own values; a value that is not in the list stays."""
    known = {value.casefold(): value for value in field.enum}
    known |= {danish.casefold(): value for danish, value in field.values_da}
    found = distinct(column)
    values = np.array([known.get(str(cell).casefold(), cell) for cell in found.cells], dtype=object)
    return pd.Series(found.spread(values, np.nan), dtype="str")


def _type_rule(field: Field) -> Rule:
    """Return the rule that the cells of a column are of its type."""
    name, expected = _TYPES.get(field.type, ("string", "text"))
    return Rule(name, field.name, expected)


def _find_failures(typed: pd.DataFrame, schema: TableSchema) -> dict[tuple[str, str], list[int]]:
    """Return the positions of the rows that break each rule, by column and rule."""
    from pandera.errors import SchemaErrors  # noqa: PLC0415

    try:
        _to_pandera(schema).validate(typed, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
    else:
        return {}
    keyed = cases["schema_context"] == "DataFrameSchema"
    columns = cases["column"].mask(keyed, "")
    rules = cases["check"].replace(_RULE_OF_CHECK)
    found = cases.groupby([columns.rename("at"), rules.rename("rule")], sort=False)["index"]
    return {(str(at), str(rule)): sorted({int(row) for row in rows}) for (at, rule), rows in found}


@cache
def _to_pandera(schema: TableSchema) -> DataFrameSchema:
    """Return the Pandera schema that checks the same constraints."""
    import pandera.pandas as pa  # noqa: PLC0415

    key = list(schema.primary_key)
    columns = {
        field.name: pa.Column(
            checks=_checks(field),
            nullable=not field.required,
            required=field.required,
            unique=field.unique or key == [field.name],
        )
        for field in schema.fields
    }
    return pa.DataFrameSchema(columns, unique=key if len(key) > 1 else None)


def _checks(field: Field) -> list[Check]:
    """Return the Pandera checks of one field, each named for its rule."""
    from pandera.pandas import Check  # noqa: PLC0415

    pattern = field.pattern
    return [
        *([Check.ge(field.minimum, error="minimum")] if field.minimum is not None else []),
        *([Check.le(field.maximum, error="maximum")] if field.maximum is not None else []),
        *([Check.isin(field.enum, error="enum")] if field.enum else []),
        *([Check(lambda cells: cells.str.fullmatch(pattern), error="pattern")] if pattern is not None else []),
    ]


def _first_error(failures: dict[tuple[str, str], list[int]], schema: TableSchema, table: str) -> SchemaError:
    """Return the error about the first rule that is broken: by column, then the primary key."""
    order = [field.name for field in schema.fields] + [""]
    column, name = min(failures, key=lambda failure: order.index(failure[0]))
    rows = failures[column, name]
    rule = _constraint_rule(column, name, schema)
    more = f"; {len(failures) - 1} more of its rules are broken too" if len(failures) > 1 else ""
    return SchemaError(
        table=table,
        column=column,
        rule=name,
        n_rows=len(rows),
        first_row=row_number(rows[0]),
        expected=rule.expected,
        do=rule.do + more,
        heading=next((field.heading_da for field in schema.fields if field.name == column), ""),
    )


def _constraint_rule(column: str, name: str, schema: TableSchema) -> Rule:
    """Return what a constraint of the schema expects, and what to do about it."""
    if name == "primaryKey":
        headings = {field.name: field.heading_da for field in schema.fields}
        expected = f"one row for each {' and '.join(f'{key} ({headings[key]})' for key in schema.primary_key)}"
        return Rule(name, column, expected, "delete rows that stand twice, or add their figures up in one row")
    field = next(field for field in schema.fields if field.name == column)
    if name == "unique":
        do = "keep one row for each, also where two municipalities hold the same person"
        return Rule(name, column, "each value in one row only", do)
    if name == "required":
        do = "fill in these cells, or delete rows that are no data, such as a total"
        return Rule(name, column, "a value in every row", do)
    danish = f"{', '.join(text for text, _ in field.values_da)}; or in English " if field.values_da else ""
    expected = {
        "minimum": f"{field.minimum} or more",
        "maximum": f"{field.maximum} or less",
        "enum": f"one of: {danish}{', '.join(field.enum)}",
        "pattern": field.description.rstrip("."),
    }
    return Rule(name, column, expected[name])
