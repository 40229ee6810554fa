"""The folder of register extracts, read, checked and put on one calendar; each table's own rules are in its module."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from ctieval.domain.registers import EmploymentPanel, Registers
from ctieval.errors import InputError
from ctieval.registers.codes import CodeList
from ctieval.registers.employment import build_employment
from ctieval.registers.extract import Extract, read_extract
from ctieval.registers.folder import find_tables, unread_files, weekly_form
from ctieval.registers.lifetimes import Lifetimes, find_persons, read_lifetimes
from ctieval.registers.week_panel import build_weeks
from ctieval.registers.weeks import whole_months, whole_weeks


def read_registers(folder: Path, codes: CodeList, *, covers: tuple[date, date] | None = None) -> Registers:
    """Read the register extracts of a trial, check them, and put them on one calendar of weeks and months.

    The folder holds ``persons`` and exactly one of ``weeks``, ``periods`` and ``dream``; ``employment``,
    ``activity`` and ``survey`` may stand beside them (``data/schemas``). A week is observed where the extract covers
    all its days. A person without a row in the weekly table had no benefit; a person who moved away is
    ``NOT_OBSERVED`` from the week after, and one who died carries the code of the dead. What was left out is counted
    and named in ``recognised``.

    Args:
        folder: The folder of the extracts.
        codes: The list of register codes.
        covers: First and last day that the extracts cover, both inclusive. Needed for ``weeks`` and ``periods``;
            None where the weekly columns of ``dream`` and the months of ``employment`` tell.

    Returns:
        The registers: persons sorted by identifier, codes of shape (n, weeks), hours and earnings of shape
        (n, months).

    Raises:
        InputError: If a file is missing, stands twice or cannot be read, or ``covers`` is needed or impossible.
        SchemaError: If a table breaks its schema, or what its rows say of a person's life cannot all be true.
        CodeListError: If a code is not in the code list.
    """
    _check_covers(covers)
    files = find_tables(folder)
    extracts = {name: read_extract(name, path) for name, path in files.items()}
    lifetimes = read_lifetimes(extracts["persons"].rows)
    form = weekly_form(files)
    weeks, week_notes = build_weeks(form, extracts[form], lifetimes, codes, covers)
    employment, month_notes = _build_employment(extracts.get("employment"), lifetimes, covers)
    logs = {name: _rows_of_known(name, extracts, lifetimes) for name in ("activity", "survey")}
    notes = {form: week_notes, "employment": month_notes}
    unread = unread_files(folder, files)
    return Registers(
        persons=extracts["persons"].rows.sort_values("person_id", ignore_index=True),
        weeks=weeks,
        employment=employment,
        payments=_payments(extracts),
        activity=logs["activity"],
        survey=logs["survey"],
        recognised=(
            *("; ".join((extract.recognised, *notes.get(name, ()))) for name, extract in extracts.items()),
            *([f"not read as a table of the registers: {', '.join(unread)}"] if unread else []),
        ),
        digests=tuple((extract.file, extract.digest) for extract in extracts.values()),
        periods=extracts["periods"].rows if "periods" in extracts else None,
    )


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
    extract: Extract | None, lifetimes: Lifetimes, covers: tuple[date, date] | None
) -> tuple[EmploymentPanel | None, tuple[str, ...]]:
    """Return the panel of employment, if the folder holds the table, and what a reader should know about it."""
    return (None, ()) if extract is None else build_employment(extract.rows, lifetimes, covers)


def _rows_of_known(name: str, extracts: dict[str, Extract], lifetimes: Lifetimes) -> pd.DataFrame | None:
    """Return a table of the folder, if it is there, all its rows being about persons of the extract."""
    if name not in extracts:
        return None
    find_persons(extracts[name].rows["person_id"], lifetimes, table=name)
    return extracts[name].rows


def _payments(extracts: dict[str, Extract]) -> pd.DataFrame | None:
    """Return the kroner actually paid, if the extract holds periods with amounts."""
    rows = extracts["periods"].rows if "periods" in extracts else pd.DataFrame()
    return rows if "amount" in rows and rows["amount"].notna().all() else None
