"""Rules that rows of a table must keep, and the error for the rows that do not; which rules hold is said elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from ctieval.domain.arrays import BoolArray
from ctieval.errors import SchemaError
from ctieval.registers.schemas import find_heading

HEADING_ROWS = 1


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule about the rows of a table.

    Attributes:
        name: Name of the rule as an error states it, such as ``minimum``.
        column: The column that it is about, or an empty string for the whole row.
        expected: What should have stood there.
        do: The next thing to do.
    """

    name: str
    column: str
    expected: str
    do: str = "correct these rows in the file"


def row_number(position: int) -> int:
    """Return the number of a row as the user sees it: the heading is row 1.

    Examples:
        >>> row_number(0)
        2
    """
    return position + HEADING_ROWS + 1


def check_rule(broken: BoolArray, rule: Rule, *, table: str) -> None:
    """Refuse a table in which a row breaks the rule.

    Args:
        broken: True for each row that breaks it, shape (rows,), in the order of the file.
        rule: The rule.
        table: Name of the table.

    Raises:
        SchemaError: If at least one row breaks the rule.
    """
    if broken.any():
        raise SchemaError(
            table=table,
            column=rule.column,
            rule=rule.name,
            n_rows=int(np.count_nonzero(broken)),
            first_row=row_number(int(broken.argmax())),
            expected=rule.expected,
            do=rule.do,
            heading=find_heading(table, rule.column),
        ) from None


def ambiguity(column: str) -> Rule:
    """Return the rule that the numbers of a column can be read in one way only."""
    return Rule(
        "numbers that can be read in one way",
        column,
        "numbers of which it is plain whether a mark before three digits (1.234) groups thousands or begins decimals",
        "write whole numbers without marks (1234), or at least one number of the column with two decimals (1234,00)",
    )


def possible_day(column: str) -> Rule:
    """Return the rule that a column of days holds possible ones."""
    return Rule(
        "date",
        column,
        "a possible day from 1900 to 2099 with four digits of the year, such as 31-12-2019 or 2019-12-31",
        "correct these rows in the file; in Excel, give the column the format of dates",
    )


def inside_covers(column: str, covers: tuple[date, date]) -> Rule:
    """Return the rule that the rows of an extract lie inside the days that it is said to cover."""
    return Rule(
        "inside covers",
        column,
        f"days from {covers[0].isoformat()} to {covers[1].isoformat()}, which the extract covers",
        "correct covers in [data] of the plan, or end the periods on the last day that the extract covers",
    )
