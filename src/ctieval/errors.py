"""Every error that a user can meet, with its stable exit code.

    CtievalError                  1
      InputError                 10   a file cannot be read as what it should be
        EmptyTableError          10   a table has no row
        SchemaError              11   a table breaks its schema
        CodeListError            12   a register code in no list, or in two
        ProtocolError            13   the plan contradicts itself
      RateError                  20
        UnknownRateError         21   no such name (nearest three offered)
        RateNotInForceError      22   before the first date, or abolished
        RateUnverifiedError      23   after valid_through: nobody has checked it
      DesignError                30   cannot be conducted: more arms than units in block 7
        RecordError              31   a draw that its record does not prove, or a second draw
      EstimationError            40   not estimable: one unit in an arm
      DisclosureError            50   a table would show fewer than N persons

A message has five parts: what failed, where, what was found, what was expected and what to do. The classes
take facts and compose the text, so that a test can assert on the facts. No part ever holds a person's value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


class CtievalError(Exception):
    """An error that says what failed, where, what was found, what was expected and what to do.

    Attributes:
        what: What failed, as a short clause.
        where: The file, table, column, row number or block.
        found: What stood there, as a count or a kind; never a person's value.
        expected: What should have stood there.
        do: The next thing to do.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, *, what: str, where: str, found: str, expected: str, do: str) -> None:
        self.what = what
        self.where = where
        self.found = found
        self.expected = expected
        self.do = do
        super().__init__(what, where, found, expected, do)

    def __str__(self) -> str:
        """Return the message in five lines."""
        return (
            f"{self.what}\n"
            f"  where:    {self.where}\n"
            f"  found:    {self.found}\n"
            f"  expected: {self.expected}\n"
            f"  do:       {self.do}"
        )


class InputError(CtievalError):
    """A file cannot be read as what it should be."""

    exit_code: ClassVar[int] = 10


class EmptyTableError(InputError):
    """A table has headings at most, and no row under them."""


class SchemaError(InputError):
    """A table breaks one rule of its schema.

    Attributes:
        table: Name of the table, such as ``persons``.
        column: Name of the column, or an empty string where the rule is about the whole table.
        heading: Danish heading of the column, or an empty string where it has none of its own.
        rule: Name of the rule, such as ``required`` or ``unique``.
        n_rows: Number of rows that break the rule.
        first_row: Number of the first such row as the user sees it (the heading is row 1), or None.
    """

    exit_code: ClassVar[int] = 11

    def __init__(
        self,
        *,
        table: str,
        column: str,
        rule: str,
        n_rows: int,
        first_row: int | None,
        expected: str,
        do: str,
        heading: str = "",
    ) -> None:
        self.table = table
        self.column = column
        self.heading = "" if heading == column else heading
        self.rule = rule
        self.n_rows = n_rows
        self.first_row = first_row
        named = f"{column} ({self.heading})" if self.heading else column
        place = f"table {table}" + (f", column {named}" if column else "")
        row = f", first in row {first_row}" if first_row is not None else ""
        breaking = f"{n_rows} {'row that breaks' if n_rows == 1 else 'rows that break'} the rule; "
        rows = "" if first_row is None else breaking
        super().__init__(
            what=f"the table {table} breaks a rule of its schema: {rule}",
            where=place + row,
            found=f"{rows}values are not shown, since they may be personal",
            expected=expected,
            do=do,
        )


class CodeListError(InputError):
    """A register code stands in no code list, or in two.

    Attributes:
        code: The register code (a public code, never a person's value).
        n_weeks: How many person-weeks carry it.
        first_week: The first week that carries it, such as ``2019-W07``.
    """

    exit_code: ClassVar[int] = 12

    def __init__(self, *, code: str, n_weeks: int, first_week: str, where: str, do: str) -> None:
        self.code = code
        self.n_weeks = n_weeks
        self.first_week = first_week
        super().__init__(
            what=f"the register code {code} is in no code list",
            where=where,
            found=f"{n_weeks} person-weeks with the code {code}, first in {first_week}",
            expected="every code in exactly one group of the code list",
            do=do,
        )


class ProtocolError(InputError):
    """The plan of the trial contradicts itself, or says what nobody understands.

    Attributes:
        file: Name of the plan's file.
        key: The key to mend, with its table: ``outcome[2].window_weeks``.
        line: Line of the file, counted from 1, or None where it cannot be told.
    """

    exit_code: ClassVar[int] = 13

    def __init__(self, *, file: str, key: str, line: int | None, what: str, found: str, expected: str, do: str) -> None:
        self.file = file
        self.key = key
        self.line = line
        at = f", line {line}" if line is not None else ""
        super().__init__(what=what, where=f"{file}{at}, {key}", found=found, expected=expected, do=do)


class RateError(CtievalError):
    """A rate cannot be had."""

    exit_code: ClassVar[int] = 20


class UnknownRateError(RateError):
    """No rate has this name.

    Attributes:
        name: The name asked for.
        nearest: Up to three names that look like it.
    """

    exit_code: ClassVar[int] = 21

    def __init__(self, *, name: str, nearest: Sequence[str], where: str) -> None:
        self.name = name
        self.nearest = tuple(nearest)
        offered = ", ".join(self.nearest) if self.nearest else "no name like it"
        super().__init__(
            what=f"no rate is called {name}",
            where=where,
            found=f"the name {name}",
            expected=f"a name in the rate book; nearest: {offered}",
            do=f"correct the name, or add a file {name}.toml to the trial's rates folder",
        )


class RateNotInForceError(RateError):
    """A rate is asked for on a day on which it is not in force.

    Attributes:
        name: The rate.
        on: The day asked for.
        file: The file to complete.
    """

    exit_code: ClassVar[int] = 22

    def __init__(self, *, name: str, on: date, in_force: str, file: str) -> None:
        self.name = name
        self.on = on
        self.file = file
        super().__init__(
            what=f"the rate {name} is not in force on {on.isoformat()}",
            where=file,
            found=f"values that cover {in_force}",
            expected=f"a value in force on {on.isoformat()}; a rate is never extended backwards or invented",
            do=f"add the value with its source to {file} in the trial's rates folder",
        )


class RateUnverifiedError(RateError):
    """A rate is asked for after the last day on which somebody verified it.

    Attributes:
        name: The rate.
        on: The day asked for.
        valid_through: The last verified day.
        file: The file to update.
    """

    exit_code: ClassVar[int] = 23

    def __init__(self, *, name: str, on: date, valid_through: date, file: str) -> None:
        self.name = name
        self.on = on
        self.valid_through = valid_through
        self.file = file
        super().__init__(
            what=f"nobody has verified the rate {name} for {on.isoformat()}",
            where=file,
            found=f"verified through {valid_through.isoformat()}",
            expected=f"verified through {on.isoformat()} or later",
            do=f"look the value up, and move valid_through in {file} of the trial's rates folder",
        )


class DesignError(CtievalError):
    """A design cannot be conducted on this cohort."""

    exit_code: ClassVar[int] = 30


class RecordError(DesignError):
    """A record does not prove its draw, or somebody would be drawn a second time."""

    exit_code: ClassVar[int] = 31


class EstimationError(CtievalError):
    """An effect cannot be estimated from these data under this design."""

    exit_code: ClassVar[int] = 40


class DisclosureError(CtievalError):
    """A table would show fewer persons than the smallest cell allows."""

    exit_code: ClassVar[int] = 50
