"""Employment by month from the columns ``branche_YYYY_MM`` and ``grad_YYYY_MM`` of DREAM; no week is looked at here.

A month with an industry, or with a degree of employment above zero, is one with ordinary work; a month of which both
cells are empty, or the degree is zero, is one without. That is the rule of the loader and of ``DREAMtoolsR``. How many
hours a degree stands for is not documented in public, so hours come out only where the plan declares it, and earnings
never. Nobody knows of a month without a column, of a cell missing for a stated reason, of the months after a move, and
of a person who is not in the file.

References:
    https://github.com/LokeSonne/DREAM-CSV-til-JSON, ``functions/update_status.sql``;
    https://github.com/carstennielsen/DREAMtoolsR, ``u.spells``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.domain.dream_columns import FullTime
from ctieval.domain.registers import EmploymentPanel
from ctieval.domain.schema import FieldType
from ctieval.registers.cells import distinct, read_cells, to_text
from ctieval.registers.dream_headings import BRANCH, DEGREE, month_columns
from ctieval.registers.lifetimes import NEVER, Lifetimes, find_persons
from ctieval.registers.read_table import TableRead
from ctieval.registers.rules import Rule, ambiguity, check_rule
from ctieval.registers.schemas import load_schema
from ctieval.registers.weeks import months_of, to_month_text, whole_months

_TABLE = "dream"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Months:
    """What the file says of its persons, shape (rows, months); NaN and False where nobody knows."""

    employed: FloatArray
    degree: FloatArray
    only_branch: BoolArray


def build_dream_employment(
    read: TableRead,
    ids: pd.Series[str],
    lifetimes: Lifetimes,
    covers: tuple[date, date] | None,
    full_time: FullTime | None,
) -> tuple[EmploymentPanel | None, tuple[str, ...]]:
    """Put the months of DREAM on the calendar.

    Args:
        read: The table as it was read.
        ids: The checked identifiers of its rows.
        lifetimes: Lifetimes of all persons.
        covers: First and last day that the extract covers, or None.
        full_time: What full-time work is; None where hours are not to be had.

    Returns:
        The panel and notes for a reader; None where the file has no such column, or none within ``covers``.

    Raises:
        SchemaError: If a row is about somebody not in persons; if a column is for no month, or two are for one.
        SchemaError: If a degree is no number, is negative or can be read in two ways, or an industry is all zeros.
        SchemaError: If a degree stands for more hours than a month has.
    """
    columns = {kind: month_columns(read.frame.columns, kind) for kind in (BRANCH, DEGREE)}
    found = sorted({*columns[BRANCH], *columns[DEGREE]})
    if not found:
        return None, ()
    first, end = _span(found, covers)
    if end <= first:
        return None, ("months of employment outside covers (not used)",)
    person = find_persons(ids, lifetimes, table=_TABLE)
    months = _read_months(read, columns, np.arange(first, end))
    shape = (len(lifetimes.person_id), end - first)
    employed, hours = np.full(shape, np.nan), np.full(shape, np.nan)
    employed[person] = months.employed
    if full_time is not None:
        hours[person] = _hours(months, full_time)
    moved = np.where(np.isnat(lifetimes.moved_on), NEVER, months_of(lifetimes.moved_on))
    after_move = first + np.arange(end - first)[None, :] > moved[:, None]
    employed[after_move] = hours[after_move] = np.nan
    panel = EmploymentPanel(lifetimes.person_id, first, hours, np.full(shape, np.nan), employed)
    return panel, _notes(months, (first, end), found, full_time)


def _hours(months: _Months, full_time: FullTime) -> FloatArray:
    """Return the hours that the degrees stand for, shape (rows, months)."""
    hours = np.where(months.employed == 0, 0.0, months.degree * full_time.hours / full_time.degree)
    most = next(field.maximum for field in load_schema("employment").fields if field.name == "hours")
    expected = f"degrees that stand for {most} hours a month or less, by full_time in [data.dream] of the plan"
    do = "correct full_time: degree is what the column holds for a full-time job, and hours what that is in a month"
    rule = Rule("full time", "", expected, do)
    too_many = hours > (np.inf if most is None else most)
    check_rule(np.logical_or.reduce(too_many, axis=1), rule, table=_TABLE)
    return hours


def _span(found: list[int], covers: tuple[date, date] | None) -> tuple[int, int]:
    """Return the first month and the end month (exclusive) of the panel."""
    first, end = found[0], found[-1] + 1
    if covers is None:
        return first, end
    declared = whole_months(covers)
    return max(first, declared[0]), min(end, declared[1])


def _read_months(read: TableRead, columns: Mapping[str, Mapping[int, str]], months: IntArray) -> _Months:
    """Return who had work in which month, and the degree of it."""
    branch = {month: columns[BRANCH][month] for month in months.tolist() if month in columns[BRANCH]}
    degree = {month: columns[DEGREE][month] for month in months.tolist() if month in columns[DEGREE]}
    has_branch = _lay(_has_branch(read.frame, list(branch.values())), read, branch, months)
    degrees = _lay(_read_degrees(read.frame, list(degree.values())), read, degree, months, empty=0.0)
    stated = _lay(read.frame[list(degree.values())].notna().to_numpy(np.float64), read, degree, months)
    works = (has_branch == 1) | (degrees > 0)
    unknown = np.isnan(has_branch) & np.isnan(degrees) | ~works & _withheld(read, (branch, degree), months)
    return _Months(
        employed=np.where(unknown, np.nan, works.astype(np.float64)),
        degree=np.where(stated == 1, degrees, np.nan),
        only_branch=works & (stated == 0),
    )


def _lay(
    cells: FloatArray, read: TableRead, columns: Mapping[int, str], months: IntArray, *, empty: float = np.nan
) -> FloatArray:
    """Return cells by month; NaN in a month without a column and where a reason is stated, ``empty`` where empty."""
    laid = np.full((len(read.frame), len(months)), np.nan)
    for place, (month, heading) in enumerate(columns.items()):
        known = np.where(np.isnan(cells[:, place]), empty, cells[:, place])
        withheld = read.withheld.get(heading, np.zeros(len(known), dtype=np.bool_))
        laid[:, month - int(months[0])] = np.where(withheld, np.nan, known)
    return laid


def _withheld(read: TableRead, columns: tuple[Mapping[int, str], ...], months: IntArray) -> BoolArray:
    """Return True where a cell of the month is missing for a stated reason, shape (rows, months)."""
    held = np.zeros((len(read.frame), len(months)), dtype=np.bool_)
    for month, heading in (pair for of_kind in columns for pair in of_kind.items()):
        if heading in read.withheld:
            held[:, month - int(months[0])] |= read.withheld[heading]
    return held


def _has_branch(frame: pd.DataFrame, headings: list[str]) -> FloatArray:
    """Return 1 where a cell holds an industry and 0 where it is empty, shape (rows, months)."""
    cells = frame[headings]
    found = distinct(pd.Series(cells.to_numpy(object).ravel()))
    zeros = found.spread_flags([not to_text(cell).strip("0., ") for cell in found.cells]).reshape(cells.shape)
    if zeros.any():
        heading = headings[int(zeros.any(axis=0).argmax())]
        expected = "the code of an industry, or an empty cell where there was no job; zeros alone say neither"
        check_rule(zeros[:, headings.index(heading)], Rule("industry", heading, expected), table=_TABLE)
    return cells.notna().to_numpy(np.float64)


def _read_degrees(frame: pd.DataFrame, headings: list[str]) -> FloatArray:
    """Return the degrees of employment, shape (rows, months); NaN where empty."""
    cells = frame[headings]
    if all(pd.api.types.is_numeric_dtype(kind) for kind in cells.dtypes):
        read = read_cells(pd.Series(cells.to_numpy(np.float64, na_value=np.nan).ravel()), FieldType.NUMBER)
    else:
        read = read_cells(pd.Series(cells.to_numpy(object).ravel()), FieldType.NUMBER)
    degrees = read.column.to_numpy(np.float64).reshape(cells.shape)
    for broken, rule in (
        (read.broken, lambda heading: Rule("number", heading, "the degree of employment as a number")),
        (read.ambiguous, ambiguity),
        ((degrees < 0).ravel(), lambda heading: Rule("minimum", heading, "0 or more")),
    ):
        rows = np.asarray(broken, dtype=np.bool_).reshape(cells.shape)
        if rows.any():
            place = int(rows.any(axis=0).argmax())
            check_rule(rows[:, place], rule(headings[place]), table=_TABLE)
    return degrees


def _notes(months: _Months, span: tuple[int, int], found: list[int], full_time: FullTime | None) -> tuple[str, ...]:
    """Return which months are observed, and what in them should be looked at."""
    first, end = span
    n_absent = len(set(range(first, end)) - set(found))
    counts = {
        "months between them without a column (not observed)": n_absent,
        "person-months with an industry and no degree": int(np.count_nonzero(months.only_branch)),
    }
    hours = "hours as the plan declares full time" if full_time else "no hours (the plan declares no full time)"
    observed = f"employment by month {to_month_text(first)} to {to_month_text(end - 1)}, {hours}, no earnings"
    return (observed, *(f"{label}: {number}" for label, number in counts.items() if number))
