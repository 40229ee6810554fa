"""The panel of weekly codes, from whichever of the three forms the extract has; no outcome is counted here.

An extract observes the weeks that lie wholly within the days it covers: of a week that it covers in part, nobody can
say that it was without benefit. Nor can anybody of a week of which a DREAM file has no column.
"""

from __future__ import annotations

from datetime import date

from ctieval.domain.arrays import CodeArray
from ctieval.domain.registers import BLANK, NOT_OBSERVED, WeekPanel
from ctieval.errors import InputError
from ctieval.registers.coded_weeks import (
    CodedWeeks,
    add_deaths,
    check_codes,
    check_lifetimes,
    count_outside,
    to_calendar,
)
from ctieval.registers.codes import CodeList
from ctieval.registers.dream import absent_weeks, find_week_columns, from_dream, observed_span
from ctieval.registers.extract import Extract
from ctieval.registers.lifetimes import Lifetimes, censor_weeks
from ctieval.registers.schemas import load_schema
from ctieval.registers.weekly_rows import from_periods, from_weeks
from ctieval.registers.weeks import to_week_text, whole_weeks

_DEATH_GROUP = "Død"


def build_weeks(
    form: str, extract: Extract, lifetimes: Lifetimes, codes: CodeList, covers: tuple[date, date] | None
) -> tuple[WeekPanel, tuple[str, ...]]:
    """Put the weekly codes of an extract on the calendar.

    Args:
        form: ``weeks``, ``periods`` or ``dream``.
        extract: The table of that form.
        lifetimes: Lifetimes of all persons.
        codes: The list of register codes.
        covers: First and last day that the extract covers, both inclusive, or None.

    Returns:
        The panel, and notes on what a reader should know.

    Raises:
        InputError: If a form other than ``dream`` comes without ``covers``.
        SchemaError: If what the rows say cannot all be true.
        CodeListError: If a code is not in the code list.
    """
    dead = next(entry.code for entry in codes.codes if entry.group == _DEATH_GROUP)
    coded, span = read_coded_weeks(form, extract, lifetimes, covers)
    check_codes(coded, codes.known, file=extract.file)
    lifetimes = add_deaths(lifetimes, coded, dead)
    check_lifetimes(coded, lifetimes, dead=dead, table=form)
    found = to_calendar(coded, span, len(lifetimes.person_id))
    absent = absent_weeks(find_week_columns(extract.read.frame.columns), span) if form == "dream" else []
    found[:, [week - span[0] for week in absent]] = NOT_OBSERVED
    code, n_censored = censor_weeks(found, span[0], lifetimes, dead)
    without = len(lifetimes.person_id) - extract.rows["person_id"].nunique()
    counts = {
        "persons without a row (read as weeks without a code)": without,
        "weeks between them without a column (not observed)": len(absent),
        "person-weeks missing for a stated reason (not observed)": int((coded.code == NOT_OBSERVED).sum()),
        "weeks at the beginning without a code of anybody": _silent_weeks(found[:, ::-1]),
        "weeks at the end without a code of anybody": _silent_weeks(found),
        "person-weeks outside these weeks (not used)": count_outside(coded, span),
        "person-weeks with a code after a move (not used)": n_censored,
    }
    observed = f"{to_week_text(span[0])} to {to_week_text(span[1] - 1)} observed"
    notes = (observed, *(f"{label}: {number}" for label, number in counts.items() if number))
    return WeekPanel(lifetimes.person_id, span[0], code), notes


def read_coded_weeks(
    form: str, extract: Extract, lifetimes: Lifetimes, covers: tuple[date, date] | None
) -> tuple[CodedWeeks, tuple[int, int]]:
    """Return the coded weeks of an extract in any form, and the weeks that it observes.

    Raises:
        InputError: If a form other than ``dream`` comes without ``covers``.
        SchemaError: If what the rows say cannot all be true.
    """
    if form == "dream":
        raw, ids = extract.read.frame, extract.rows["person_id"]
        coded = from_dream(raw, ids, lifetimes, load_schema(form), extract.read.withheld)
        return coded, observed_span(find_week_columns(raw.columns), covers)
    if covers is None:
        raise InputError(
            what="nobody has said which days the extract covers",
            where=f"{extract.file}, covers in [data] of the plan",
            found="rows for weeks or periods with a benefit; they do not tell where the extract begins and ends",
            expected="such as covers = { start = 2018-01-01, end = 2019-12-31 }, both days inclusive",
            do="add covers to [data] of the plan: a week without benefit is told from a week not covered by it alone",
        )
    from_rows = from_weeks if form == "weeks" else from_periods
    return from_rows(extract.rows, lifetimes, covers), whole_weeks(covers)


def _silent_weeks(code: CodeArray) -> int:
    """Return how many weeks at the end hold no code of anybody."""
    return int((code != BLANK).any(axis=0)[::-1].argmax()) if (code != BLANK).any() else code.shape[1]
