"""The register extracts, read, checked and put on one calendar; each table's own rules are in its module."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from ctieval.domain.dream_columns import DreamColumns
from ctieval.domain.registers import EmploymentPanel, Registers
from ctieval.errors import InputError
from ctieval.registers.coded_weeks import UnknownCode, unknown_codes
from ctieval.registers.codes import CodeList
from ctieval.registers.dream_headings import BRANCH, DEGREE, month_columns
from ctieval.registers.dream_months import build_dream_employment
from ctieval.registers.employment import build_employment
from ctieval.registers.extract import Extract, check_extract, describe_unused
from ctieval.registers.lifetimes import Lifetimes, find_persons, read_lifetimes
from ctieval.registers.opened import OpenTables, open_tables
from ctieval.registers.person_rows import PersonRows, read_persons
from ctieval.registers.read_table import TableRead
from ctieval.registers.recognise import describe_layout, tables_beside
from ctieval.registers.week_panel import build_weeks, read_coded_weeks
from ctieval.registers.weeks import is_dream_column, whole_months, whole_weeks

_DREAM, _EMPLOYMENT, _PERSONS = "dream", "employment", "persons"
_NOTHING_DECLARED = DreamColumns()


def read_registers(
    source: Path | Mapping[str, object],
    codes: CodeList,
    *,
    covers: tuple[date, date] | None = None,
    columns: DreamColumns = _NOTHING_DECLARED,
    as_of: date | None = None,
) -> Registers:
    """Read register extracts, check them, and put them on one calendar of weeks and months.

    There is exactly one table of weekly codes: ``dream`` (a row a person, a column a week), ``weeks`` (a row a person
    and week) or ``periods`` (a row a period). ``persons`` and ``employment`` stand beside it, or in the same rows;
    ``activity``, ``usual_services``, ``survey``, ``ingredients`` and ``accounts`` may stand beside it
    (``data/schemas``). A week is observed where the extract covers all its days. A person without a row in the weekly
    table had no benefit; a person who moved away is ``NOT_OBSERVED`` from the week after, and one who died carries the
    code of the dead. What was recognised, and what was left out, is counted and named in ``recognised``.

    Args:
        source: A folder of extracts; one file that holds everything; or frames (pandas, Polars, PyArrow, DuckDB) and
            files by name of the table.
        codes: The list of register codes.
        covers: First and last day that the extracts cover, both inclusive. Needed for ``weeks`` and ``periods``;
            None where the weekly columns of ``dream`` and the months of employment tell.
        columns: What the plan declares about the columns of the weekly codes.
        as_of: Day of the look-up, whose municipality and assessment are taken from the columns of a DREAM file; None
            where the persons have them.

    Returns:
        The registers: persons sorted by identifier, codes of shape (n, weeks), hours and earnings of shape
        (n, months).

    Raises:
        InputError: If a file is missing, stands twice or cannot be read, or ``covers`` is needed or impossible.
        SchemaError: If a table breaks its schema, or what its rows say of a person's life cannot all be true.
        CodeListError: If a code is not in the code list.

    Examples:
        >>> from ctieval.registers.codes import load_code_list
        >>> dream = {"lobenr": ["p1"], "y_1801": [730], "y_1802": [None], "grad_2018_01": [0.5]}
        >>> person = {"birth_date": ["01-02-1970"], "sex": ["female"], "nykom2018": [153]}
        >>> one = pd.DataFrame({**dream, **person})
        >>> registers = read_registers({"dream": one}, load_code_list(), as_of=date(2018, 1, 10))
        >>> registers.weeks.code.tolist(), registers.employment.employed.tolist()
        ([[730, 0]], [[1.0]])
    """
    _check_covers(covers)
    opened = open_tables(source, columns)
    form = opened.form
    persons, lifetimes, extracts = _check_tables(opened, columns, as_of)
    weeks, week_notes = build_weeks(form, extracts[form], lifetimes, codes, covers)
    employment, month_notes = _build_employment(extracts, lifetimes, covers, columns)
    logs = {name: _rows_of_known(name, extracts, lifetimes) for name in ("activity", "survey", "usual_services")}
    own_months = _EMPLOYMENT in extracts
    notes = {
        form: (*week_notes, *(() if own_months else month_notes), *persons.notes),
        _EMPLOYMENT: month_notes,
    }
    return Registers(
        persons=persons.rows.sort_values("person_id", ignore_index=True),
        weeks=weeks,
        employment=employment,
        payments=_payments(extracts),
        activity=logs["activity"],
        survey=logs["survey"],
        recognised=_recognised(opened, notes, persons),
        digests=tuple((opened.files[name], read.digest) for name, read in opened.tables.items() if read.digest),
        periods=_rows("periods", extracts),
        usual_services=logs["usual_services"],
        ingredients=_rows("ingredients", extracts),
        accounts=_rows("accounts", extracts),
    )


def find_unknown_codes(
    source: Path | Mapping[str, object],
    codes: CodeList,
    *,
    covers: tuple[date, date] | None = None,
    columns: DreamColumns = _NOTHING_DECLARED,
    as_of: date | None = None,
) -> tuple[UnknownCode, ...]:
    """Find every register code that stands in no code list, where ``read_registers`` stops at the first.

    Args:
        source: As for ``read_registers``.
        codes: The list of register codes.
        covers: As for ``read_registers``.
        columns: As for ``read_registers``.
        as_of: As for ``read_registers``.

    Returns:
        The codes, smallest first, each with its person-weeks, first and last week; empty where all are known.

    Raises:
        InputError: If a file is missing, stands twice or cannot be read, or ``covers`` is needed or impossible.
        SchemaError: If a table breaks its schema.

    Examples:
        >>> from ctieval.registers.codes import load_code_list
        >>> one = {"lobenr": ["p1"], "y_1801": [735], "y_1802": [777], "birth_date": ["01-02-1970"]}
        >>> one |= {"sex": ["female"], "municipality": ["153"]}
        >>> find_unknown_codes({"dream": pd.DataFrame(one)}, load_code_list())
        (UnknownCode(code=777, n_weeks=1, first_week='2018-W02', last_week='2018-W02'),)
    """
    _check_covers(covers)
    opened = open_tables(source, columns)
    _, lifetimes, extracts = _check_tables(opened, columns, as_of)
    coded, _ = read_coded_weeks(opened.form, extracts[opened.form], lifetimes, covers)
    return unknown_codes(coded, codes.known)


def _check_tables(
    opened: OpenTables, columns: DreamColumns, as_of: date | None
) -> tuple[PersonRows, Lifetimes, dict[str, Extract]]:
    """Check every table against its schema; the persons come first."""
    persons = read_persons(opened, columns, as_of)
    others = {name: read for name, read in opened.tables.items() if name != _PERSONS}
    extracts = {name: check_extract(name, opened.files[name], read) for name, read in others.items()}
    return persons, read_lifetimes(persons.rows), extracts


def _check_covers(covers: tuple[date, date] | None) -> None:
    """Refuse days between which no whole week and month lies."""
    if covers is None:
        return
    for first, end in (whole_weeks(covers), whole_months(covers)):
        if end <= first:
            raise InputError(
                what="the days that the extracts cover hold no whole week, or no whole month",
                where="covers in [data] of the plan",
                found=f"{covers[0].isoformat()} to {covers[1].isoformat()}",
                expected="the first day and the last day that the extracts cover, both inclusive",
                do="correct covers in [data] of the plan",
            )


def _build_employment(
    extracts: dict[str, Extract], lifetimes: Lifetimes, covers: tuple[date, date] | None, columns: DreamColumns
) -> tuple[EmploymentPanel | None, tuple[str, ...]]:
    """Return the panel of employment, from its own table or else from DREAM, and what a reader should know about it."""
    if _EMPLOYMENT in extracts:
        return build_employment(extracts[_EMPLOYMENT].rows, lifetimes, covers)
    if _DREAM not in extracts:
        return None, ()
    dream = extracts[_DREAM]
    return build_dream_employment(dream.read, dream.rows["person_id"], lifetimes, covers, columns.full_time)


def _recognised(opened: OpenTables, notes: Mapping[str, tuple[str, ...]], persons: PersonRows) -> tuple[str, ...]:
    """Return one line a file: what was recognised, what it says, and what was left out."""
    lines: list[str] = []
    for name, read in opened.tables.items():
        is_weekly = name == opened.form
        also = tables_beside(read.frame.columns, name) if is_weekly else ()
        beside = tuple(each for each in also if each not in opened.tables)
        layout = [describe_layout(name, beside)] if is_weekly else []
        unused = describe_unused(read, (name, *beside), _used(read, beside, persons) if is_weekly else ())
        lines.append("; ".join([read.recognised, *layout, *([unused] if unused else []), *notes.get(name, ())]))
    return (
        *lines,
        *([f"not read as a table of the registers: {', '.join(opened.unread)}"] if opened.unread else []),
        *([f"only headings, and taken as absent: {', '.join(opened.blank)}"] if opened.blank else []),
    )


def _used(read: TableRead, beside: tuple[str, ...], persons: PersonRows) -> tuple[str, ...]:
    """Return the columns of the weekly codes that no schema names and that were read all the same."""
    headings = [str(heading) for heading in read.frame.columns]
    kinds = (BRANCH, DEGREE) if _EMPLOYMENT in beside else ()
    months = (heading for kind in kinds for heading in month_columns(headings, kind).values())
    return (*persons.taken, *months, *filter(is_dream_column, headings))


def _rows_of_known(name: str, extracts: dict[str, Extract], lifetimes: Lifetimes) -> pd.DataFrame | None:
    """Return a table, if it is there, all its rows being about persons of the extract."""
    if name not in extracts:
        return None
    find_persons(extracts[name].rows["person_id"], lifetimes, table=name)
    return extracts[name].rows


def _rows(name: str, extracts: dict[str, Extract]) -> pd.DataFrame | None:
    """Return a table as it was checked, if it is there."""
    return extracts[name].rows if name in extracts else None


def _payments(extracts: dict[str, Extract]) -> pd.DataFrame | None:
    """Return the kroner actually paid, if the extract holds periods with amounts."""
    rows = extracts["periods"].rows if "periods" in extracts else pd.DataFrame()
    return rows if "amount" in rows and rows["amount"].notna().all() else None
