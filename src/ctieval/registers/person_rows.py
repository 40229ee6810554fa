"""The table of persons, from a file of its own or from the rows of the weekly codes; what they did is not read here.

Where a file of weekly codes holds the columns of ``persons``, or the plan declares which of its columns they are,
nothing else is needed. A DREAM file has a municipality for each year (``nykomYYYY``) and an assessment for each quarter
(``visit__kvYYYY``): those of the day of the look-up are taken, the assessment only where it is known what its values
stand for, from the plan or from labels in the file, since no source that we could read says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ctieval.domain.dream_columns import DreamColumns
from ctieval.domain.schema import Field, TableSchema
from ctieval.errors import InputError, SchemaError
from ctieval.registers.cells import distinct, to_code_text, to_code_texts
from ctieval.registers.check import IDENTIFIER, check_table, find_column
from ctieval.registers.dream_headings import municipality_columns, to_quarter, visit_columns
from ctieval.registers.extract import apply_labels, with_labels
from ctieval.registers.opened import OpenTables
from ctieval.registers.read_table import TableRead
from ctieval.registers.rules import Rule, check_rule
from ctieval.registers.schemas import load_schema

_MUNICIPALITY, _VISITATION = "municipality", "visitation"
_TABLE = "persons"
_TWO_ANSWERS = "correct these rows in the file; where two persons have one identifier, give each her own in every file"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PersonRows:
    """The persons, checked.

    Attributes:
        rows: One row a person, in the order of the file.
        taken: The columns of the weekly file that were read for it.
        notes: What a reader should know.
    """

    rows: pd.DataFrame
    taken: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"PersonRows({len(self.rows)} persons)"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Weekly:
    """The weekly codes, and what is declared about their columns.

    Attributes:
        read: The table as it was read.
        form: ``weeks``, ``periods`` or ``dream``.
        file: Name of its file.
        columns: What the plan declares about its columns.
        as_of: Day of the look-up, or None.
    """

    read: TableRead
    form: str
    file: str
    columns: DreamColumns
    as_of: date | None

    @property
    def headings(self) -> list[str]:
        """Headings of the table."""
        return [str(heading) for heading in self.read.frame.columns]


def read_persons(opened: OpenTables, columns: DreamColumns, as_of: date | None) -> PersonRows:
    """Read the persons.

    Args:
        opened: The tables as they were read.
        columns: What the plan declares about the columns of the weekly codes.
        as_of: Day of the look-up, for columns that hold a year or a quarter; None where there is none.

    Returns:
        The persons. A field that the table of persons lacks is taken from the weekly codes where they have it.

    Raises:
        InputError: If there is no table of persons, and the weekly codes hold none.
        SchemaError: If a declared column is not there, a cell stands for no declared value, a field breaks the schema,
            or two rows of one person disagree.
    """
    schema, persons = load_schema(_TABLE), opened.tables.get(_TABLE)
    weekly = _Weekly(opened.tables[opened.form], opened.form, opened.files[opened.form], columns, as_of)
    held = set() if persons is None else _fields_of(persons, schema)
    found = {field.name: _place(field, weekly) for field in schema.fields if field.name not in held}
    places = {name: heading for name, heading in found.items() if heading is not None}
    if persons is None and set(places) <= {IDENTIFIER, _MUNICIPALITY, _VISITATION}:
        raise _no_persons(weekly.file)
    cells = {name: _cells(weekly, heading, name) for name, heading in places.items()}
    if persons is None:
        rows = _one_row_each(pd.DataFrame(cells), schema, weekly.file)
    else:
        rows = check_table(_with_cells(with_labels(persons, schema), cells, weekly), schema)
    return PersonRows(rows, tuple(places.values()), _notes(places, weekly))


def _fields_of(read: TableRead, schema: TableSchema) -> set[str]:
    """Return the names of the fields that a table holds, the identifier always among them."""
    held = {field.name for field in schema.fields if find_column(read.frame.columns, field, schema.name) is not None}
    return {IDENTIFIER, *held}


def _place(field: Field, weekly: _Weekly) -> str | None:
    """Return the column of the weekly file that holds a field: as declared, by its heading, by its year or quarter."""
    if field.name == IDENTIFIER:
        return find_column(weekly.headings, load_schema(weekly.form).fields[0], weekly.form)
    declared = weekly.columns.headings.get(field.name)
    if declared is None:
        return find_column(weekly.headings, field, weekly.file) or _of_day(field.name, weekly)
    if declared not in weekly.headings:
        raise SchemaError(
            table=weekly.file,
            column=declared,
            rule="declared column",
            n_rows=0,
            first_row=None,
            expected=f"the column that [data.dream.headings] declares for {field.name}",
            do="correct the heading in [data.dream.headings] of the plan",
        )
    return declared


def _of_day(name: str, weekly: _Weekly) -> str | None:
    """Return the column of the year or quarter of the look-up; an assessment only where its values are known."""
    if weekly.as_of is None:
        return None
    if name == _MUNICIPALITY:
        return municipality_columns(weekly.headings).get(weekly.as_of.year)
    found = visit_columns(weekly.headings).get(to_quarter(weekly.as_of)) if name == _VISITATION else None
    return found if found in weekly.read.labels or _VISITATION in weekly.columns.meanings else None


def _notes(places: Mapping[str, str], weekly: _Weekly) -> tuple[str, ...]:
    """Return which columns hold the persons, and what was left aside."""
    of_day = {name: _of_day(name, weekly) for name in (_MUNICIPALITY, _VISITATION)}
    named = [f"{name} from {heading}" for name, heading in places.items() if heading == of_day.get(name)]
    aside = len(visit_columns(weekly.headings)) if _VISITATION not in places else 0
    told = f"assessments of {aside} quarters not used (a look-up, and what their values stand for, is not declared)"
    return (*([", ".join(named)] if named else []), *([told] if aside else []))


def _cells(weekly: _Weekly, heading: str, name: str) -> pd.Series[Any]:
    """Return the cells of a field, what they stand for in place of what they are."""
    cells, meanings = weekly.read.frame[heading], weekly.columns.meanings.get(name)
    if meanings is None:
        field = next(field for field in load_schema(_TABLE).fields if field.name == name)
        return apply_labels(cells, field, weekly.read.labels.get(heading, {}))
    found = distinct(cells)
    stands_for = [meanings.get(to_code_text(cell)) for cell in found.cells]
    expected = f"a value that [data.dream.meanings.{name}] of the plan declares, or an empty cell"
    rule = Rule("declared value", heading, expected, "declare what the value stands for in the plan")
    check_rule(found.spread_flags([value is None for value in stands_for]), rule, table=weekly.file)
    return pd.Series(found.spread(np.array(stands_for, dtype=object), np.nan), dtype="str")


def _with_cells(own: pd.DataFrame, cells: Mapping[str, pd.Series[Any]], weekly: _Weekly) -> pd.DataFrame:
    """Return the table of persons with cells of the weekly file; empty for those who are not in it."""
    place = find_column(own.columns, load_schema(_TABLE).fields[0], _TABLE)
    key = _place(load_schema(weekly.form).fields[0], weekly)
    if not cells or place is None or key is None:
        return own
    there = pd.Series(to_code_texts(weekly.read.frame[key])).drop_duplicates()
    row = pd.Index(there).get_indexer(pd.Index(to_code_texts(own[place])))
    known = {name: column.to_numpy(object)[there.index] for name, column in cells.items()}
    return own.assign(**{name: np.where(row < 0, np.nan, column[row]) for name, column in known.items()})


def _one_row_each(frame: pd.DataFrame, schema: TableSchema, file: str) -> pd.DataFrame:
    """Return the checked persons of a file in which a person may have many rows, one row each."""
    fields = tuple(replace(field, unique=False) for field in schema.fields)
    rows = check_table(frame, replace(schema, fields=fields, primary_key=()), table=f"{_TABLE} in {file}")
    first = rows.groupby("person_id", sort=False).transform("first")
    for name in first.columns:
        same = rows[name].eq(first[name]).fillna(False) | (rows[name].isna() & first[name].isna())
        rule = Rule("one answer a person", str(name), "the same in every row of a person", _TWO_ANSWERS)
        check_rule(~same.to_numpy(np.bool_), rule, table=f"{_TABLE} in {file}")
    return rows.drop_duplicates("person_id", ignore_index=True)


def _no_persons(weekly_file: str) -> InputError:
    """Return the error about registers without persons."""
    return InputError(
        what="the table persons is missing",
        where=weekly_file,
        found="weekly codes, and no column with the day of birth",
        expected="a table persons beside the weekly codes, or its columns in the same rows",
        do="save the table under the name persons.csv or persons.xlsx, or say in [data.dream.headings] of the plan "
        "which columns hold birth_date, sex and municipality",
    )
