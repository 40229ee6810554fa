"""What stands in the cells of a table: typed values, never formatted text; ``fmt`` says how each is printed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TypeAlias


class Kind(StrEnum):
    """What a value means, which decides how it is printed.

    ``SHARE`` is a share between 0 and 1, printed in per cent; ``RESAMPLES`` is a share of resamples, likewise, and
    never printed as none or all of them; ``PP`` is a difference of shares, printed in
    percentage points; ``RATIO`` is a number without a unit, such as a standardised difference; ``CI`` is the
    kind of a column whose cells are intervals.
    """

    TEXT = "text"
    COUNT = "count"
    SHARE = "share"
    RESAMPLES = "resamples"
    PP = "pp"
    KR = "kr"
    USD = "usd"
    WEEKS = "weeks"
    HOURS = "hours"
    YEARS = "years"
    POINTS = "points"
    RATIO = "ratio"
    P = "p"
    CI = "ci"


class Mark(Enum):
    """A cell that shows no value, and why.

    ``HIDDEN``: too few persons, printed as a bullet. ``ABSENT``: there is no value, printed as a dash.
    """

    HIDDEN = "\u2022"
    ABSENT = "\u2013"


HIDDEN = Mark.HIDDEN
ABSENT = Mark.ABSENT


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval in the unit of its estimate.

    Attributes:
        low: Lower end; ``-inf`` where it is open.
        high: Upper end; ``inf`` where it is open.
        conf_level: Level, such as 0.95.

    Raises:
        ValueError: If an end is NaN, or the lower end is above the upper.
    """

    low: float
    high: float
    conf_level: float = 0.95

    def __post_init__(self) -> None:
        """Check that the ends are in order, which NaN never is."""
        if not self.low <= self.high:
            msg = f"an interval has its ends in order, not {self.low} and {self.high}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Measured:
    """A value with a kind of its own, for columns in which the kind changes from row to row.

    In a table it is printed without its unit, which then stands in the row's name or in a column of its own;
    in a key figure with it.

    Attributes:
        value: A number, or an interval of numbers.
        kind: What it means.
        decimals: Digits after the decimal mark; None for those usual for the kind.
        signed: True to print a plus before a positive number.

    Raises:
        ValueError: If the number is NaN.
    """

    value: float | Interval
    kind: Kind
    decimals: int | None = None
    signed: bool = False

    def __post_init__(self) -> None:
        """Check that the value is one."""
        refuse_nan(self.value)


Count: TypeAlias = int | Mark
"""A number of persons, or the mark that stands in its place."""

Cell: TypeAlias = str | int | float | Interval | Measured | Mark | None
"""A typed value; None leaves the cell empty."""


@dataclass(frozen=True, slots=True)
class Col:
    """One column.

    Attributes:
        key: Short name, unique in its table; the workbook's column name.
        head: Heading that a reader sees.
        kind: What the values mean; cells that are ``Measured`` carry a kind of their own.
        decimals: Digits after the decimal mark; None for those usual for the kind.
        unit: Unit in the heading, printed in brackets after ``head``, or an empty string.
        of: For intervals, the kind of the ends.
        signed: True to print a plus before a positive number.

    Raises:
        ValueError: If the key or the heading is empty.
    """

    key: str
    head: str
    kind: Kind = Kind.TEXT
    decimals: int | None = None
    unit: str = ""
    of: Kind = Kind.RATIO
    signed: bool = False

    def __post_init__(self) -> None:
        """Check that the column has a name."""
        if not self.key.strip() or not self.head.strip():
            msg = "a column has a key and a heading"
            raise ValueError(msg)


class RowRole(StrEnum):
    """Part that a row plays: ``GROUP`` is a heading over the rows after it, ``SUB`` is indented under it."""

    BODY = "body"
    GROUP = "group"
    SUB = "sub"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Row:
    """One row; its first cell names it.

    Attributes:
        cells: One cell a column; a ``GROUP`` row has its heading alone.
        role: Part that it plays.
    """

    cells: tuple[Cell, ...]
    role: RowRole = RowRole.BODY


def check_rows(columns: tuple[Col, ...], rows: tuple[Row, ...]) -> None:
    """Check that rows and columns make a table.

    Raises:
        ValueError: If there is no column or no row, two columns share a key, a row has a cell too many or too
            few, a group row has more than its heading, or a number is NaN.
    """
    keys = [column.key for column in columns]
    if not columns or not rows or len(set(keys)) != len(keys):
        msg = "a table has rows, and columns with keys of their own"
        raise ValueError(msg)
    for row in rows:
        expected = 1 if row.role is RowRole.GROUP else len(columns)
        if len(row.cells) != expected:
            msg = f"a row of {len(columns)} columns has {expected} cells, not {len(row.cells)}"
            raise ValueError(msg)
        for cell in row.cells:
            refuse_nan(cell)


def refuse_nan(cell: Cell) -> None:
    """Refuse NaN, which does not say whether a value is hidden or absent.

    Raises:
        ValueError: If the cell is NaN.
    """
    if isinstance(cell, float) and math.isnan(cell):
        msg = "a cell is a number, HIDDEN or ABSENT, never NaN"
        raise ValueError(msg)


def numbers_in(cells: tuple[Cell, ...]) -> frozenset[float]:
    """Return every number that stands in some cells, the finite ends of intervals included."""
    found: set[float] = set()
    for cell in cells:
        value = cell.value if isinstance(cell, Measured) else cell
        ends = (value.low, value.high) if isinstance(value, Interval) else (value,)
        found |= {float(end) for end in ends if isinstance(end, int | float) and math.isfinite(end)}
    return frozenset(found)
