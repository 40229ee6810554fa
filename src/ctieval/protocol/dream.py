"""What a plan declares about a DREAM file, in ``[data.dream]``; the file itself is not opened."""

from __future__ import annotations

from ctieval.domain.dream_columns import DreamColumns, FullTime
from ctieval.domain.schema import Field
from ctieval.protocol.table_reader import TableReader
from ctieval.registers.schemas import load_schema


def read_dream_columns(table: TableReader) -> DreamColumns:
    """Read the headings of the persons' columns, what their cells stand for, and what full-time work is.

    Args:
        table: The table ``[data.dream]``; nothing is declared where it is empty.

    Raises:
        ProtocolError: If a key is no field of the table ``persons``, or a cell stands for no value of it.
    """
    fields = load_schema("persons").fields
    headings = table.table("headings")
    meanings = table.table("meanings")
    full_time = table.table("full_time") if table.has("full_time") else None
    found = DreamColumns(
        headings=headings.cell_values([field.name for field in fields]),
        meanings={field.name: _read_meanings(meanings, field) for field in fields if meanings.has(field.name)},
        full_time=FullTime(full_time.positive("degree"), full_time.positive("hours")) if full_time else None,
    )
    for each in (headings, meanings, *([full_time] if full_time else []), table):
        each.finish()
    return found


def _read_meanings(meanings: TableReader, field: Field) -> dict[str, str]:
    """Read what the cells of one field stand for."""
    table = meanings.table(field.name)
    stands_for = table.cell_values(table.names())
    for cell, value in stands_for.items():
        if field.enum and value not in field.enum:
            raise table.error(
                cell,
                what="a cell stands for a value that the table persons does not have",
                found=f"the value {value}",
                expected=f"one of: {', '.join(field.enum)}",
                do="correct the value",
            )
    return stands_for
