"""The declared outcomes of a plan, each into its type."""

from __future__ import annotations

from typing import TypedDict

from ctieval.domain.outcome import (
    BetterWhen,
    ColumnOutcome,
    InstrumentOutcome,
    Measure,
    MeasuredIn,
    Outcome,
    Role,
    State,
    StateOutcome,
)
from ctieval.domain.units import Unit
from ctieval.domain.wording import Label
from ctieval.protocol.table_reader import TableReader


class _Common(TypedDict):
    name: str
    label: Label
    role: Role
    better_when: BetterWhen
    measured_in: MeasuredIn


def read_outcomes(top: TableReader) -> tuple[Outcome, ...]:
    """Read the outcomes: from a column, from a person's weeks, or from a questionnaire."""
    outcomes: list[Outcome] = []
    for table in top.tables("outcome"):
        outcomes.append(_read_outcome(table))
        table.finish()
    return tuple(outcomes)


def _read_outcome(table: TableReader) -> Outcome:
    common = _common(table)
    if table.has("column"):
        return ColumnOutcome(
            **common,
            column=table.text("column"),
            unit=table.choice("unit", Unit),
            baseline=table.optional_text("baseline"),
        )
    if table.has("state"):
        return StateOutcome(
            **common,
            state=table.choice("state", State),
            measure=table.choice("measure", Measure),
            window=table.window("window_weeks"),
        )
    if table.has("instrument"):
        return InstrumentOutcome(
            **common,
            instrument=table.text("instrument"),
            wave=table.text("wave"),
            baseline_wave=table.optional_text("baseline_wave"),
        )
    raise table.error(
        "",
        what="the outcome does not say what it is measured from",
        found="none of column, state and instrument",
        expected="column (a ready table), state (a person's weeks) or instrument (a questionnaire)",
        do="add one of them",
    )


def _common(table: TableReader) -> _Common:
    name = table.text("name")
    return _Common(
        name=name,
        label=table.label("label", name),
        role=table.choice("role", Role, Role.SECONDARY),
        better_when=table.choice("better_when", BetterWhen, BetterWhen.HIGHER),
        measured_in=table.choice("measured_in", MeasuredIn, MeasuredIn.BOTH),
    )
