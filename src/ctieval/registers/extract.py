"""One table of a folder of registers, read from its file and checked against its schema."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ctieval.registers.check import check_table, extra_columns
from ctieval.registers.read_table import read_table
from ctieval.registers.schemas import load_schema
from ctieval.registers.weeks import is_dream_column

_NAMED_COLUMNS = 5


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Extract:
    """One table of the folder.

    Attributes:
        file: Name of its file.
        raw: The table as it was read.
        rows: The table checked against its schema, in the same order.
        recognised: What the reader recognised.
        digest: SHA-256 of the file.
    """

    file: str
    raw: pd.DataFrame
    rows: pd.DataFrame
    recognised: str
    digest: str

    def __repr__(self) -> str:
        """Say what was recognised, never a value."""
        return f"Extract({self.recognised})"


def read_extract(name: str, path: Path) -> Extract:
    """Read one table and check it against its schema; columns that the schema does not know are named, not used.

    Raises:
        InputError: If the file cannot be read as a table.
        SchemaError: If the table breaks its schema.
    """
    schema = load_schema(name)
    read = read_table(path)
    rows = check_table(read.frame, schema)
    extra = [
        heading for heading in extra_columns(read.frame, schema) if name != "dream" or not is_dream_column(heading)
    ]
    more = f" and {len(extra) - _NAMED_COLUMNS} more" if len(extra) > _NAMED_COLUMNS else ""
    unused = f"; columns not used: {', '.join(extra[:_NAMED_COLUMNS])}{more}" if extra else ""
    return Extract(path.name, read.frame, rows, read.recognised + unused, read.digest)
