"""Benefit codes of persons in stretches of weeks, whatever form they came in: checked, and painted on the calendar."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ctieval.domain.arrays import BoolArray, CodeArray, IntArray
from ctieval.domain.registers import BLANK, NOT_OBSERVED
from ctieval.errors import CodeListError
from ctieval.registers.cells import distinct
from ctieval.registers.lifetimes import Lifetimes
from ctieval.registers.rules import Rule, check_rule
from ctieval.registers.weeks import to_week_text


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CodedWeeks:
    """Stretches of weeks with one code each.

    Attributes:
        row: Position of the row in its table, shape (stretches,).
        person: Position of the person in the lifetimes, shape (stretches,).
        first: First week, shape (stretches,).
        last: Last week, inclusive, shape (stretches,).
        code: The code, shape (stretches,); ``NOT_OBSERVED`` where nobody knows. Where two stretches of a person share
            a week, the later in order holds.
    """

    row: IntArray
    person: IntArray
    first: IntArray
    last: IntArray
    code: CodeArray

    @property
    def n_weeks(self) -> IntArray:
        """Number of weeks of each stretch, shape (stretches,)."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class UnknownCode:
    """A code that stands in no code list, and where it stands; no person is named.

    Attributes:
        code: The code.
        n_weeks: Person-weeks that carry it.
        first_week: First week that carries it, such as ``2019-W07``.
        last_week: Last week that carries it.
    """

    code: int
    n_weeks: int
    first_week: str
    last_week: str


def to_codes(texts: pd.Series[str]) -> CodeArray:
    """Return codes written as up to three digits, shape (rows,).

    Examples:
        >>> to_codes(pd.Series(["730", "0"]))
        array([730,   0], dtype=int16)
    """
    found = distinct(texts)
    return found.spread(np.array([int(str(text)) for text in found.cells], dtype=np.int16), BLANK)


def check_codes(coded: CodedWeeks, known: Collection[int], *, file: str) -> None:
    """Refuse codes that are not in the code list.

    Raises:
        CodeListError: If a code is not known; the smallest such code is named, and how many more there are.
    """
    unknown = unknown_codes(coded, known)
    if unknown:
        raise code_error(unknown, file=file)


def code_error(unknown: Sequence[UnknownCode], *, file: str) -> CodeListError:
    """Return the error about codes in no list: the first of them with its weeks, and how many more there are."""
    first, n_more = unknown[0], len(unknown) - 1
    more = f"; {n_more} more {'code is' if n_more == 1 else 'codes are'} not known" if n_more else ""
    return CodeListError(
        code=str(first.code),
        n_weeks=first.n_weeks,
        first_week=first.first_week,
        where=file,
        do="correct the code, or add it with its source to a code list of the trial, named by codes in [data]"
        + (f"{more}: ctieval check TRIAL --unknown-codes report lists them all" if more else ""),
    )


def unknown_codes(coded: CodedWeeks, known: Collection[int]) -> tuple[UnknownCode, ...]:
    """Return the codes that are not in the code list, smallest first, each with its person-weeks.

    Examples:
        >>> one = np.array([0, 0])
        >>> weeks = CodedWeeks(one, one, np.array([2505, 2510]), np.array([2506, 2510]), np.array([777, 777]))
        >>> unknown_codes(weeks, {0, 730})
        (UnknownCode(code=777, n_weeks=3, first_week='2018-W01', last_week='2018-W06'),)
    """
    codes = sorted({*np.unique(coded.code).tolist()} - {*known, NOT_OBSERVED})
    of_code = {code: coded.code == code for code in codes}
    return tuple(
        UnknownCode(
            code=code,
            n_weeks=int(coded.n_weeks[rows].sum()),
            first_week=to_week_text(int(coded.first[rows].min())),
            last_week=to_week_text(int(coded.last[rows].max())),
        )
        for code, rows in of_code.items()
    )


def add_deaths(lifetimes: Lifetimes, coded: CodedWeeks, dead: int) -> Lifetimes:
    """Return the lifetimes with the deaths that a weekly code tells, where no earlier one is known.

    Examples:
        >>> one = np.array([0])
        >>> alive = Lifetimes(np.array(["a"]), one, np.array([9999]), np.array(["NaT"], dtype="datetime64[s]"))
        >>> weeks = CodedWeeks(one, one, np.array([2505]), np.array([2505]), np.array([999]))
        >>> add_deaths(alive, weeks, 999).died.tolist()
        [2505]
    """
    died, told = lifetimes.died.copy(), coded.code == dead
    np.minimum.at(died, coded.person[told], coded.first[told])
    return replace(lifetimes, died=died)


def check_lifetimes(coded: CodedWeeks, lifetimes: Lifetimes, *, dead: int, table: str) -> None:
    """Refuse codes before the week of birth and after the week of death.

    Raises:
        SchemaError: If a week before the person's week of birth has a code.
        SchemaError: If a week after the person's week of death has a code other than that of the dead.
    """
    coded_at_all = (coded.code != BLANK) & (coded.code != NOT_OBSERVED)
    too_early = coded_at_all & (coded.first < lifetimes.born[coded.person])
    rule = Rule(
        "no week before birth", "", "codes from the person's week of birth on", "correct the weeks or birth_date"
    )
    check_rule(_rows(coded, too_early), rule, table=table)
    too_late = coded_at_all & (coded.code != dead) & (coded.last > lifetimes.died[coded.person])
    do = f"end the benefit in the week of death, or correct died_on in persons or the code {dead} of the dead"
    check_rule(
        _rows(coded, too_late),
        Rule("no benefit after death", "", "no code after died_on or the code of the dead", do),
        table=table,
    )


def to_calendar(coded: CodedWeeks, span: tuple[int, int], n_persons: int) -> CodeArray:
    """Return the codes by person and week.

    Args:
        coded: The stretches.
        span: First week, and end week (exclusive), of the calendar.
        n_persons: Number of persons.

    Returns:
        Codes, shape (n_persons, weeks), ``BLANK`` where no stretch lies; weeks outside the span are left out.

    Examples:
        >>> one = np.array([0])
        >>> to_calendar(CodedWeeks(one, one, one + 9, one + 12, np.array([730], dtype=np.int16)), (10, 14), 1)
        array([[730, 730, 730,   0]], dtype=int16)
    """
    start, end = span
    first, last = np.maximum(coded.first, start), np.minimum(coded.last, end - 1)
    lengths = np.maximum(last - first + 1, 0)
    begins = np.cumsum(lengths) - lengths
    week = np.arange(lengths.sum()) + np.repeat(first - start - begins, lengths)
    code = np.full((n_persons, end - start), BLANK, dtype=np.int16)
    code[np.repeat(coded.person, lengths), week] = np.repeat(coded.code, lengths)
    return code


def count_outside(coded: CodedWeeks, span: tuple[int, int]) -> int:
    """Return how many weeks of the stretches lie outside a span of weeks."""
    inside = np.minimum(coded.last, span[1] - 1) - np.maximum(coded.first, span[0]) + 1
    return int(coded.n_weeks.sum() - np.maximum(inside, 0).sum())


def _rows(coded: CodedWeeks, broken: BoolArray) -> BoolArray:
    """Return True for the rows of the table that hold a broken stretch, shape (rows,)."""
    rows = np.zeros(int(coded.row.max(initial=-1)) + 1, dtype=np.bool_)
    rows[coded.row[broken]] = True
    return rows
