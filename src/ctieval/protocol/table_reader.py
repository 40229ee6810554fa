"""A reader over one table of a plan: it takes typed values out, and refuses every key that nobody took."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from ctieval.domain.design import Drawn, Quota
from ctieval.domain.window import Window
from ctieval.domain.wording import Label
from ctieval.errors import ProtocolError
from ctieval.protocol.lines import KeyLines

Choice = TypeVar("Choice", bound=StrEnum)


class TableReader:
    """Takes values out of one table of a plan, by type.

    Attributes:
        name: Full name of the table, such as ``outcome[2]``; empty for the whole file.
        taken: Keys taken or asked for so far.
    """

    def __init__(self, values: Mapping[str, object], *, file: str, name: str, lines: KeyLines) -> None:
        self._values = values
        self._file = file
        self._lines = lines
        self.name = name
        self.taken: set[str] = set()

    def has(self, key: str) -> bool:
        """True where the table has the key."""
        self.taken.add(key)
        return key in self._values

    def error(self, key: str, *, what: str, found: str, expected: str, do: str) -> ProtocolError:
        """Return the error of one key, with its line."""
        full = f"{self.name}.{key}" if self.name and key else self.name or key
        return ProtocolError(
            file=self._file, key=full, line=self._lines.find(full), what=what, found=found, expected=expected, do=do
        )

    def text(self, key: str, default: str | None = None) -> str:
        """Return a non-empty text."""
        value = self._take(key, "a text", default)
        if not isinstance(value, str) or (not value.strip() and value != default):
            raise self._wrong_kind(key, value, "a text that is not empty")
        return value

    def optional_text(self, key: str) -> str | None:
        """Return a text, or None where the key is absent."""
        return self.text(key) if self.has(key) else None

    def cell_value(self, key: str) -> str:
        """Return a text or a whole number as the text that stands in a data cell."""
        value = self._take(key, "a text or a whole number", None)
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise self._wrong_kind(key, value, "a text or a whole number")
        return str(value)

    def integer(self, key: str, *, minimum: int, default: int | None = None) -> int:
        """Return a whole number of at least ``minimum``."""
        value = self._take(key, "a whole number", default)
        if isinstance(value, bool) or not isinstance(value, int) or value < minimum:
            raise self._wrong_kind(key, value, f"a whole number of at least {minimum}")
        return value

    def positive(self, key: str) -> float:
        """Return a number above zero."""
        value = self._take(key, "a number above zero", None)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
            raise self._wrong_kind(key, value, "a number above zero")
        return float(value)

    def cell_values(self, keys: Sequence[str]) -> dict[str, str]:
        """Return the texts of a table whose keys are all among these."""
        self.taken.update(keys)
        return {key: self.cell_value(key) for key in keys if key in self._values}

    def names(self) -> tuple[str, ...]:
        """Return every key of a table in which any key may stand, and take them all."""
        self.taken.update(self._values)
        return tuple(self._values)

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self._take(key, "true or false", default)
        if not isinstance(value, bool):
            raise self._wrong_kind(key, value, "true or false")
        return value

    def day(self, key: str) -> date:
        """Return a date."""
        value = self._take(key, "a date such as 2018-02-01", None)
        if isinstance(value, datetime) or not isinstance(value, date):
            raise self._wrong_kind(key, value, "a date without quotes, such as 2018-02-01")
        return value

    def optional_day(self, key: str) -> date | None:
        """Return a date, or None where the key is absent."""
        return self.day(key) if self.has(key) else None

    def choice(self, key: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        """Return one value of a closed list."""
        value = self._take(key, _one_of(kind), default)
        try:
            return kind(str(value))
        except ValueError:
            near = get_close_matches(str(value).lower(), [member.value for member in kind], n=1)
            do = f'write {key} = "{near[0]}", if that is what is meant' if near else ""
            raise self._wrong_kind(key, value, _one_of(kind), do) from None

    def label(self, key: str, default: str | None = None) -> Label:
        """Return a label: one text for both languages, or a table with ``da`` and ``en``."""
        value = self._take(key, "a text, or { da = ..., en = ... }", default)
        if isinstance(value, str) and value.strip():
            return Label(value, value)
        if isinstance(value, Mapping):
            inner = self._inner(key, value)
            label = Label(inner.text("da"), inner.text("en"))
            inner.finish()
            return label
        raise self._wrong_kind(key, value, "a text, or { da = ..., en = ... }")

    def texts(self, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self._take(key, "a list of texts", list(default))
        if not isinstance(value, list) or not value or not all(isinstance(each, str) for each in value):
            raise self._wrong_kind(key, value, "a list of texts")
        return tuple(str(each) for each in value)

    def integers(self, key: str, default: tuple[int, ...]) -> tuple[int, ...]:
        """Return a list of whole numbers."""
        value = self._take(key, "a list of whole numbers", list(default))
        if not isinstance(value, list) or not value or not all(type(each) is int for each in value):
            raise self._wrong_kind(key, value, "a list of whole numbers, such as [1, 2, 3]")
        return tuple(value)

    def share(self, key: str) -> Fraction:
        """Return a number as an exact fraction, written as a decimal or as a text such as ``'2/3'``."""
        return self._fraction(key, self._take(key, "a number such as 0.8, or '2/3'", None))

    def shares(self, key: str, default: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
        """Return a list of numbers as exact fractions."""
        value = self._take(key, "a list of numbers", list(default))
        if not isinstance(value, list):
            raise self._wrong_kind(key, value, "a list of numbers, such as [1, 1, 2]")
        return tuple(self._fraction(key, each) for each in value)

    def window(self, key: str) -> Window:
        """Return a window of weeks, ``[start, end]``, the end not included."""
        expected = "two whole numbers, the first smaller: [0, 52] is the first 52 weeks"
        value = self._take(key, expected, None)
        if not isinstance(value, list) or len(value) != 2:
            raise self._wrong_kind(key, value, expected)
        start, end = value
        if type(start) is not int or type(end) is not int or start >= end:
            raise self._wrong_kind(key, value, expected)
        return Window(start, end)

    def one_or_more(self, key: str) -> tuple[str, ...]:
        """Return a text, or a list of texts, as a list."""
        return self.texts(key, ()) if isinstance(self._values.get(key), list) else (self.text(key),)

    def quotas(self, key: str) -> tuple[tuple[str, Drawn], ...]:
        """Return how many are drawn: what is drawn under the empty label, or of each block under its own."""
        value = self._take(key, "a count, a share, a list of them, or these for each block", None)
        if isinstance(value, Mapping):
            return tuple((str(label), self._drawn(f"{key}.{label}", each)) for label, each in value.items())
        return (("", self._drawn(key, value)),)

    def table(self, key: str, *, expected: str = "a table") -> TableReader:
        """Return a reader over a table inside this one; an empty one where the key is absent."""
        value = self._take(key, expected, {})
        if not isinstance(value, Mapping):
            raise self._wrong_kind(key, value, expected)
        return self._inner(key, value)

    def tables(self, key: str) -> list[TableReader]:
        """Return readers over a list of tables, numbered from 1."""
        value = self._take(key, "a list of tables", [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise self._wrong_kind(key, value, f"tables that each begin with [[{key}]]")
        return [self._inner(f"{key}[{number}]", each) for number, each in enumerate(value, start=1)]

    def finish(self) -> None:
        """Refuse the first key that nobody took.

        Raises:
            ProtocolError: If the table has a key that nobody took.
        """
        for key in self._values:
            if key not in self.taken:
                near = get_close_matches(key, self.taken, n=1)
                raise self.error(
                    key,
                    what="the plan has a key that nobody reads",
                    found=f"the key {key}",
                    expected=f"perhaps {near[0]}" if near else "one of: " + ", ".join(sorted(self.taken)),
                    do="correct the key, or take it out",
                )

    def _take(self, key: str, expected: str, default: object) -> object:
        self.taken.add(key)
        value = self._values.get(key, default)
        if value is None:
            do = f"add a line that begins with {key} = to {self.name or 'the plan'}"
            raise self.error(key, what="the plan lacks a key", found="nothing", expected=expected, do=do)
        return value

    def _drawn(self, key: str, value: object) -> Drawn:
        """Return one quota, or one for each of several interventions."""
        if not isinstance(value, list) or len(value) < 2:
            return self._quota(key, value)
        return tuple(self._quota(key, each) for each in value)

    def _quota(self, key: str, value: object) -> Quota:
        expected = "a count such as 120, or a share such as 0.5 or '1/3'"
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        try:
            share = Fraction(str(value))
        except (ValueError, ZeroDivisionError):
            share = Fraction(0)
        if isinstance(value, int) or not 0 < share < 1:
            raise self._wrong_kind(key, value, expected)
        return share

    def _fraction(self, key: str, value: object) -> Fraction:
        if isinstance(value, bool) or not isinstance(value, str | int | float | Fraction) or "e" in str(value).lower():
            raise self._wrong_kind(key, value, "a number such as 0.8, or '2/3'")
        try:
            return Fraction(str(value))
        except (ValueError, ZeroDivisionError):
            raise self._wrong_kind(key, value, "a number such as 0.8, or '2/3'") from None

    def _inner(self, key: str, values: Mapping[object, object]) -> TableReader:
        name = f"{self.name}.{key}" if self.name else key
        plain = {str(inner): value for inner, value in values.items()}
        return type(self)(plain, file=self._file, name=name, lines=self._lines)

    def _wrong_kind(self, key: str, value: object, expected: str, do: str = "") -> ProtocolError:
        shown = f": {str(value)[:60]}" if isinstance(value, str | int | float | date) else ""
        return self.error(
            key,
            what="the plan has a value of the wrong kind",
            found=f"{_kind(value)}{shown}",
            expected=expected,
            do=do or f"write {key.rpartition('.')[2]} = {expected}",
        )


def _one_of(kind: type[StrEnum]) -> str:
    return "one of: " + ", ".join(f'"{member.value}"' for member in kind)


def _kind(value: object) -> str:
    kinds: dict[type, str] = {
        str: "a text",
        bool: "true or false",
        int: "a whole number",
        float: "a number",
        list: "a list",
    }
    return kinds.get(type(value), "a date" if isinstance(value, date) else "a table")
