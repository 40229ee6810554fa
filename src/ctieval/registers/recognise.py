"""Which input table a file holds, told by its headings; its cells are not looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ctieval.domain.schema import Field, TableSchema
from ctieval.registers.dream_headings import BRANCH, DEGREE, month_columns
from ctieval.registers.folder import WEEKLY_FORMS
from ctieval.registers.read_table import read_table
from ctieval.registers.schemas import load_schema, schema_names
from ctieval.registers.weeks import is_dream_column

_DREAM, _PERSONS, _EMPLOYMENT = "dream", "persons", "employment"
_IDENTIFIER = "person_id"
_LAYOUTS = {
    _DREAM: "weekly codes, one row a person and one column a week (DREAM)",
    "weeks": "weekly codes, one row a person and week",
    "periods": "benefit periods, one row a period",
}


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file is, told by its headings.

    Attributes:
        file: Name of the file.
        recognised: Kind of file, dialect, encoding and rows, in one line; never a value.
        table: Name of the input table that it holds, such as ``dream``; None where it is none of them.
        also: Names of the input tables that stand in the same rows, such as ``persons``.
    """

    file: str
    recognised: str
    table: str | None
    also: tuple[str, ...]

    def __str__(self) -> str:
        """Return it in one line."""
        layout = "none of the input tables" if self.table is None else describe_layout(self.table, self.also)
        return f"{self.recognised}; {layout}"


def recognise_table(path: Path) -> Recognised:
    r"""Recognise what a file holds, whatever its name.

    Args:
        path: A file that ``read_table`` reads.

    Raises:
        InputError: If the file cannot be read as a table.
        SchemaError: If a heading looks like a CPR number, or two columns of DREAM are for one month.

    Examples:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "extract.csv"
        >>> _ = path.write_text("LOBENR;Y_1801;grad_2018_01\np1;730;0,5\n", encoding="utf-8")
        >>> found = recognise_table(path)
        >>> found.table, found.also
        ('dream', ('employment',))
        >>> str(found).split("; ")[1]
        'weekly codes, one row a person and one column a week (DREAM), with employment'
    """
    read = read_table(path)
    headings = read.frame.columns
    table = recognise_form(headings)
    return Recognised(path.name, read.recognised, table, () if table is None else tables_beside(headings, table))


def recognise_form(headings: Iterable[object]) -> str | None:
    """Return the name of the input table to which headings belong; weekly codes come first.

    Examples:
        >>> recognise_form(["Borger-id", "Fra", "Til", "Ydelseskode"]), recognise_form(["id", "arm"])
        ('periods', None)
    """
    known = [str(heading) for heading in headings]
    if any(is_dream_column(heading) for heading in known):
        return _DREAM
    others = [name for name in schema_names() if name not in WEEKLY_FORMS]
    return next((name for name in (*WEEKLY_FORMS[1:], *others) if _holds(known, load_schema(name))), None)


def tables_beside(headings: Iterable[object], table: str) -> tuple[str, ...]:
    """Return the names of the tables that a table of weekly codes holds beside its own.

    Examples:
        >>> tables_beside(["lobenr", "y_1801", "birth_date", "sex", "municipality", "branche_2018_01"], "dream")
        ('persons', 'employment')
    """
    known = [str(heading) for heading in headings]
    if table not in WEEKLY_FORMS:
        return ()
    has_persons = _holds(known, load_schema(_PERSONS), without=_IDENTIFIER)
    has_months = table == _DREAM and any(month_columns(known, kind) for kind in (BRANCH, DEGREE))
    return (*([_PERSONS] if has_persons else []), *([_EMPLOYMENT] if has_months else []))


def describe_layout(table: str, also: tuple[str, ...] = ()) -> str:
    """Return in words how a table is laid out, and what stands in the same rows.

    Examples:
        >>> describe_layout("weeks", ("persons",))
        'weekly codes, one row a person and week, with persons'
    """
    layout = _LAYOUTS.get(table, f"the table {table}")
    return f"{layout}, with {' and '.join(also)}" if also else layout


def _holds(headings: Iterable[str], schema: TableSchema, *, without: str = "") -> bool:
    """Return whether headings hold every column that a schema requires."""
    found = {heading.strip().casefold() for heading in headings}
    required = (field for field in schema.fields if field.required and field.name != without)
    return all(_names(field) & found for field in required)


def _names(field: Field) -> frozenset[str]:
    """Return the headings that stand for a field."""
    return frozenset({field.name.casefold(), field.heading_da.casefold()})
