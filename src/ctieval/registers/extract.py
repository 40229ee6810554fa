"""One table of the registers, as it was read and checked against its schema."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ctieval.domain.schema import Field, FieldType, TableSchema
from ctieval.registers.cells import is_truth_text, to_text
from ctieval.registers.check import check_table, extra_columns, find_column
from ctieval.registers.read_table import TableRead
from ctieval.registers.schemas import load_schema

_NAMED_COLUMNS = 5


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Extract:
    """One table.

    Attributes:
        file: Name of its file.
        read: The table as it was read.
        rows: The table checked against its schema, in the same order.
    """

    file: str
    read: TableRead
    rows: pd.DataFrame

    def __repr__(self) -> str:
        """Say what was recognised, never a value."""
        return f"Extract({self.read.recognised})"


def check_extract(name: str, file: str, read: TableRead) -> Extract:
    """Check one table against its schema.

    Raises:
        SchemaError: If the table breaks its schema.
    """
    schema = load_schema(name)
    return Extract(file, read, check_table(with_labels(read, schema), schema))


def describe_unused(read: TableRead, tables: Collection[str], taken: Collection[str] = ()) -> str:
    """Return the headings that no schema knows and nobody has read, the first of them by name; empty without any."""
    unknown = (extra_columns(read.frame, load_schema(name)) for name in tables)
    extra = [heading for heading in next(unknown) if heading not in taken]
    for other in unknown:
        extra = [heading for heading in extra if heading in other]
    more = f" and {len(extra) - _NAMED_COLUMNS} more" if len(extra) > _NAMED_COLUMNS else ""
    return f"columns not used: {', '.join(extra[:_NAMED_COLUMNS])}{more}" if extra else ""


def with_labels(read: TableRead, schema: TableSchema) -> pd.DataFrame:
    """Return a table in which labelled values of a closed list are their labels; every other value is what it is.

    Examples:
        >>> frame = pd.DataFrame({"sex": [1.0, 2.0], "municipality": [153.0, 550.0]})
        >>> labels = {"sex": {1.0: "Mand", 2.0: "Kvinde"}, "municipality": {153.0: "Brøndby"}}
        >>> with_labels(TableRead(frame, "", "", {}, labels), load_schema("persons"))["sex"].tolist()
        ['Mand', 'Kvinde']
    """
    labelled: dict[str, pd.Series[Any]] = {}
    for field in schema.fields:
        heading = find_column(read.frame.columns, field, schema.name)
        if heading is not None and heading in read.labels:
            labelled[heading] = apply_labels(read.frame[heading], field, read.labels[heading])
    return read.frame.assign(**labelled)


def apply_labels(cells: pd.Series[Any], field: Field, labels: Mapping[object, str]) -> pd.Series[Any]:
    """Return a column of a closed list with the labels that the list knows in place of the values that they name."""
    words = {word.casefold() for word in (*field.enum, *(danish for danish, _ in field.values_da))}
    names = {
        to_text(value): label.strip()
        for value, label in labels.items()
        if label.strip().casefold() in words or (field.type is FieldType.BOOLEAN and is_truth_text(label))
    }
    return cells.map(lambda cell: names.get(to_text(cell), cell), na_action="ignore") if names else cells
