"""Declared outcomes followed through the registers, each person in her own weeks; no arm is compared here."""

from __future__ import annotations

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.outcome import BetterWhen, ColumnOutcome, InstrumentOutcome, Outcome, State, StateOutcome
from ctieval.domain.outcome_table import OutcomeTable, Status
from ctieval.domain.registers import Registers
from ctieval.domain.wording import Notice
from ctieval.errors import ProtocolError
from ctieval.outcomes.instruments import read_scores
from ctieval.outcomes.measures import count_measure, needed_weeks
from ctieval.outcomes.own_weeks import OwnWeeks, build_own_weeks
from ctieval.outcomes.states import FOLLOW_UP_ENDED, IN_STATE, WeekState, weeks_in_state
from ctieval.outcomes.table import OutcomeColumn, build_table
from ctieval.registers.codes import CodeList


def track(outcomes: tuple[Outcome, ...], allocation: Allocation, registers: Registers, codes: CodeList) -> OutcomeTable:
    """Follow everybody drawn through the registers and measure the declared outcomes.

    Week 0 is the ISO week of a person's randomisation. A value is observed where every week that the measure
    needs (``needed_weeks``) is known, whatever the value; else the first week that is not known says why. So
    nobody is kept because of a success, nor lost for want of one.

    Exits are read so that none can be a success (``weeks_in_state``): after death or old-age pension come weeks
    without a job, and no value where less is better; somebody who emigrated or moved has no value.

    Args:
        outcomes: The declared outcomes, of states and of instruments.
        allocation: The allocation.
        registers: The registers; where they hold no survey, nobody has answered.
        codes: The list of register codes.

    Returns:
        Values and statuses, in the person order of the allocation.

    Raises:
        InputError: If somebody drawn is not in the registers, or the day of a draw is not known.
        ProtocolError: If an outcome stands in a column, which registers do not have.
        ProtocolError: If an outcome counts exits as something good.
        ProtocolError: If no instrument has the name.
        SchemaError: If an answer or an item is not one of the instrument's.
    """
    weeks = build_own_weeks(allocation, registers, codes)
    columns: list[OutcomeColumn] = []
    for outcome in outcomes:
        match outcome:
            case StateOutcome():
                columns.append(_state_column(outcome, weeks))
            case InstrumentOutcome():
                columns.append(read_scores(outcome, registers.survey, allocation.person_id))
            case ColumnOutcome():
                raise _refused(
                    outcome,
                    found=f"the column {outcome.column} of an analysis-ready table, in a trial with registers",
                    expected="a state with a measure and a window, or an instrument with a wave",
                    do="declare state, measure and window_weeks, or give the trial an analysis-ready table",
                )
    return build_table(outcomes, allocation, tuple(columns))


def count_exits(
    outcomes: tuple[Outcome, ...], allocation: Allocation, registers: Registers, codes: CodeList
) -> tuple[Notice, ...]:
    """Count those whose value holds weeks after death or old-age pension, read as weeks out of the state.

    Args:
        outcomes: The declared outcomes.
        allocation: The allocation.
        registers: The registers.
        codes: The list of register codes.

    Returns:
        One ``W-EXIT-COUNTED`` an outcome that has such persons, with the number in each arm.

    Raises:
        InputError: If somebody drawn is not in the registers, or the day of a draw is not known.
    """
    weeks = build_own_weeks(allocation, registers, codes)
    notices: list[Notice] = []
    for outcome in outcomes:
        if isinstance(outcome, StateOutcome) and outcome.state is not State.EXIT:
            needed = needed_weeks(outcome.measure, outcome.window)
            path = weeks.cut(weeks.states.state, needed, WeekState.NOT_OBSERVED)
            observed = _state_column(outcome, weeks).status == Status.OBSERVED
            exits = np.bincount(allocation.arm, weights=observed & (path == WeekState.EXIT).any(axis=1), minlength=2)
            if exits.any():
                facts = (("n_control", int(exits[0])), ("n_intervention", int(exits[1])))
                notices.append(Notice("W-EXIT-COUNTED", outcome.name, facts))
    return tuple(notices)


def _state_column(outcome: StateOutcome, weeks: OwnWeeks) -> OutcomeColumn:
    if outcome.state is State.EXIT and outcome.better_when is BetterWhen.HIGHER:
        raise _refused(
            outcome,
            found="the state exit with better_when higher",
            expected="better_when lower: death, emigration and old-age pension are never a success",
            do='set better_when = "lower"',
        )
    cells = weeks_in_state(weeks.states, outcome.state, outcome.better_when)
    path = weeks.cut(cells, needed_weeks(outcome.measure, outcome.window), FOLLOW_UP_ENDED)
    unknown = path < 0
    first = path[np.arange(len(path)), unknown.argmax(axis=1)].astype(np.int64)
    return OutcomeColumn(
        values=count_measure(path == IN_STATE, outcome.measure),
        status=np.where(unknown.any(axis=1), -first, Status.OBSERVED),
        baseline=np.full(len(path), np.nan),
    )


def _refused(outcome: Outcome, *, found: str, expected: str, do: str) -> ProtocolError:
    return ProtocolError(
        file="trial.toml",
        key=f"outcome {outcome.name}",
        line=None,
        what="an outcome cannot be measured as it is declared",
        found=found,
        expected=expected,
        do=do,
    )
