"""The declared outcomes of a plan, each into its type."""

from __future__ import annotations

from typing import TypedDict

from ctieval.domain.outcome import (
    Amount,
    AmountOutcome,
    BetterWhen,
    ColumnOutcome,
    FullTime,
    InstrumentOutcome,
    Measure,
    MeasuredIn,
    Outcome,
    Role,
    State,
    StateOutcome,
)
from ctieval.domain.units import Unit
from ctieval.domain.window import Window
from ctieval.domain.wording import Label
from ctieval.protocol.table_reader import TableReader


class _Common(TypedDict):
    name: str
    label: Label
    role: Role
    better_when: BetterWhen
    measured_in: MeasuredIn
    smallest_relevant: float | None


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
        return _read_state(table, common)
    if table.has("instrument"):
        return InstrumentOutcome(
            **common,
            instrument=table.text("instrument"),
            wave=table.text("wave"),
            baseline_wave=table.optional_text("baseline_wave"),
        )
    if table.has("measure"):
        return _read_amount(table, common)
    raise table.error(
        "",
        what="the outcome does not say what it is measured from",
        found="none of column, state, instrument and measure",
        expected="column (a ready table), state (a person's weeks), instrument (a questionnaire), or a measure alone: "
        + ", ".join(Amount),
        do="add one of them",
    )


def _read_state(table: TableReader, common: _Common) -> StateOutcome:
    """An outcome of a state; that of one week has ``week`` in the place of a window."""
    state = table.choice("state", State)
    if table.has("measure") and table.text("measure") in set(Amount):
        raise table.error(
            "state",
            what="the outcome has a state and a measure that is of no state",
            found=f"state {state.value} with measure {table.text('measure')}",
            expected=f"one of {', '.join(Measure)} with a state, or the measure without one",
            do="take the state out, or choose another measure",
        )
    measure = table.choice("measure", Measure)
    if measure is Measure.AT_WEEK:
        week = table.integer("week", minimum=0)
        return StateOutcome(**common, state=state, measure=measure, window=Window(week, week + 1))
    return StateOutcome(**common, state=state, measure=measure, window=table.window("window_weeks"))


def _read_amount(table: TableReader, common: _Common) -> AmountOutcome:
    """An outcome of an amount; a share of hours says what full time is, and where that number comes from."""
    if table.text("measure") in set(Measure):
        raise table.error(
            "state",
            what="the outcome counts weeks and does not say in which state",
            found=f"measure {table.text('measure')} without a state",
            expected=f"state = one of {', '.join(State)}",
            do='add a line such as state = "ordinary_job"',
        )
    amount = table.choice("measure", Amount)
    full_time = None
    if amount is Amount.ORDINARY_HOURS_SHARE:
        expected = '{ hours_month = 160.33, source = "who says so" }, a full-time job and who says so'
        stated = table.table("full_time", expected=expected)
        full_time = FullTime(stated.positive("hours_month"), stated.text("source"))
        stated.finish()
    return AmountOutcome(**common, amount=amount, window=table.window("window_weeks"), full_time=full_time)


def _common(table: TableReader) -> _Common:
    name = table.text("name")
    return _Common(
        name=name,
        label=table.label("label", name),
        role=table.choice("role", Role, Role.SECONDARY),
        better_when=table.choice("better_when", BetterWhen, BetterWhen.HIGHER),
        measured_in=table.choice("measured_in", MeasuredIn, MeasuredIn.BOTH),
        smallest_relevant=table.positive("smallest_relevant") if table.has("smallest_relevant") else None,
    )
