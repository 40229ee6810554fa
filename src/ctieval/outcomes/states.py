"""The state of each person in each week, from benefit codes and ordinary work; what is counted lives elsewhere.

The declared hierarchy, the first that holds:

1. a week that the extract does not cover is not observed, or *moved* from the week in which the person left
   the municipality's register;
2. a week with a code is in the state of that code, as the code list has it; emigration is kept apart from the
   other exits (death, old-age pension), because a person abroad goes on and is not seen;
3. a blank week in a month with ordinary hours or earnings is an ordinary job;
4. a blank week in a month without either is self-support;
5. a blank week in a month whose employment is not known is *blank*, either of the two; where a move is why, such
   as in the week of a move at the turn of a month, it is *blank at a move*.

An ISO week belongs to the month of its Thursday. Weeks on benefit (the set ``public_payment``, which the account
counts too) and weeks with ordinary hours overlap these states and are kept beside them. A week after an exit is in
no other state, whatever its month was paid.

A week holds one code, so a benefit that meets a job takes its place: a week of sickness or maternity benefit in a
job that goes on is a week on benefit, and breaks a spell of retention.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctieval.domain.arrays import FloatArray, IntArray, StrArray
from ctieval.domain.outcome import BetterWhen, State
from ctieval.domain.outcome_table import Status
from ctieval.domain.registers import BLANK, NOT_OBSERVED, EmploymentPanel, Registers
from ctieval.registers.codes import CodeList
from ctieval.registers.weeks import months_of_weeks, weeks_of

StateArray: TypeAlias = npt.NDArray[np.int8]
_Cell = TypeVar("_Cell", bound=np.generic)

IN_STATE = 1
NOT_IN_STATE = 0
FOLLOW_UP_ENDED = -int(Status.FOLLOW_UP_ENDED)
EXITED = -int(Status.EXITED)


class WeekState(IntEnum):
    """What is known of a person in a week: a state, or why there is none."""

    NOT_OBSERVED = 0
    MOVED = 1
    EMIGRATED = 2
    EXIT = 3
    SUPPORTED_JOB = 4
    COMPANY_MEASURE = 5
    EDUCATION = 6
    PENSION_OR_RESOURCE = 7
    OTHER_ACTIVATION = 8
    PASSIVE_BENEFIT = 9
    ORDINARY_JOB = 10
    SELF_SUPPORT = 11
    BLANK = 12
    BLANK_AT_MOVE = 13


_OF_CODES = tuple(state for state in State if state not in {State.SELF_SUPPORT, State.BENEFIT, State.ORDINARY_HOURS})
_FROM_WORK = (State.ORDINARY_JOB, State.SELF_SUPPORT)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class StatePanel:
    """States by person and week.

    Attributes:
        first_week: Number of the first week.
        state: ``WeekState`` of each week, shape (n, weeks).
        benefit: 1 in a week of public payment, else 0, shape (n, weeks); read only where ``state`` is known.
        ordinary_hours: 1 in a week whose month has ordinary hours, 0 where it has none or after an exit,
            ``FOLLOW_UP_ENDED`` where hours are not known, ``EXITED`` where they are not known for a move,
            shape (n, weeks).
    """

    first_week: int
    state: StateArray
    benefit: StateArray
    ordinary_hours: StateArray

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"StatePanel({self.state.shape[0]} persons, {self.state.shape[1]} weeks)"


def build_states(registers: Registers, codes: CodeList, person_id: StrArray) -> StatePanel:
    """Give each person and week its state, by the hierarchy of this module.

    Args:
        registers: The registers.
        codes: The list of register codes. A code that stands in no state is not observed, never blank.
        person_id: The persons wanted, shape (n,), each in the registers. One without weeks or without months
            is not observed in them.

    Returns:
        The states, in the order of ``person_id``.

    Raises:
        InputError: If the code list lacks one of the states, ``emigrated`` or ``public_payment``.
    """
    panel = registers.weeks
    code = _rows_of(panel.code, panel.person_id, person_id, NOT_OBSERVED)
    week = np.arange(panel.first_week, panel.end_week)
    moved = week >= _moved_in(registers.persons, person_id)[:, None]
    state = _states_of_codes(codes)[code]
    work, hours = _work_by_week(registers.employment, week, person_id)
    blank = code == BLANK
    state[blank & (work == IN_STATE)] = WeekState.ORDINARY_JOB
    state[blank & (work == NOT_IN_STATE)] = WeekState.SELF_SUPPORT
    state[moved & (state == WeekState.BLANK)] = WeekState.BLANK_AT_MOVE
    state[moved & (code == NOT_OBSERVED)] = WeekState.MOVED
    hours[moved & (hours == FOLLOW_UP_ENDED)] = EXITED
    hours[state == WeekState.EXIT] = NOT_IN_STATE
    benefit = codes.lookup("public_payment")[code].astype(np.int8)
    return StatePanel(panel.first_week, state, benefit, hours)


def weeks_in_state(panel: StatePanel, state: State, better_when: BetterWhen) -> StateArray:
    """Tell for each week whether a person is in a state, and if that is not known, why.

    Death and old-age pension end every other state. They are never read as a success: where more of the state
    is better, a week after them is a week without it; where less is better, it is not a week at all, and the
    person is lost to the outcome as ``EXITED``. A week abroad, and a week after a move, is ``EXITED`` for every
    state but the exit itself.

    Args:
        panel: The states.
        state: The state.
        better_when: The direction in which a person fares better.

    Returns:
        ``IN_STATE``, ``NOT_IN_STATE``, or the negative of the ``Status`` that says why it is not known, shape
        (n, weeks).
    """
    known = _reading(state, better_when)[panel.state]
    match state:
        case State.BENEFIT:
            return np.where(known == NOT_IN_STATE, panel.benefit, known)
        case State.ORDINARY_HOURS:
            return np.where(known == NOT_IN_STATE, panel.ordinary_hours, known)
        case _:
            return known


def _reading(state: State, better_when: BetterWhen) -> StateArray:
    """What each ``WeekState`` says about one state."""
    reading: StateArray = np.full(len(WeekState), NOT_IN_STATE, dtype=np.int8)
    reading[WeekState.NOT_OBSERVED] = FOLLOW_UP_ENDED
    reading[[WeekState.MOVED, WeekState.EMIGRATED]] = EXITED
    if better_when is BetterWhen.LOWER:
        reading[WeekState.EXIT] = EXITED
    if state in _FROM_WORK:
        reading[WeekState.BLANK] = FOLLOW_UP_ENDED
        reading[WeekState.BLANK_AT_MOVE] = EXITED
    if state is State.EXIT:
        reading[WeekState.EMIGRATED] = IN_STATE
    if state.name in WeekState.__members__:
        reading[WeekState[state.name]] = IN_STATE
    return reading


def _states_of_codes(codes: CodeList) -> StateArray:
    """``WeekState`` by code; the last place, which ``NOT_OBSERVED`` also reaches, is not observed."""
    table: StateArray = np.full(len(codes.lookup(State.EXIT)), WeekState.NOT_OBSERVED, dtype=np.int8)
    for state in _OF_CODES:
        table[codes.lookup(state)] = WeekState[state.name]
    table[codes.lookup("emigrated")] = WeekState.EMIGRATED
    table[BLANK] = WeekState.BLANK
    return table


def _rows_of(cells: npt.NDArray[_Cell], table_id: StrArray, person_id: StrArray, beyond: int) -> npt.NDArray[_Cell]:
    """Rows of the persons wanted, shape (n, columns); filled with ``beyond`` for one whom the table lacks."""
    row = pd.Index(table_id).get_indexer(pd.Index(person_id))
    return np.pad(cells, ((0, 1), (0, 0)), constant_values=beyond)[row]


def _moved_in(persons: pd.DataFrame, person_id: StrArray) -> IntArray:
    """Week in which each person left the municipality's register, shape (n,); the last of all weeks for never."""
    never = np.iinfo(np.int64).max
    if "moved_on" not in persons.columns:
        return np.full(len(person_id), never)
    moved_on = persons.set_index("person_id")["moved_on"].reindex(person_id).to_numpy(dtype="datetime64[D]")
    return np.where(np.isnat(moved_on), never, weeks_of(moved_on))


def _work_by_week(
    employment: EmploymentPanel | None, week: IntArray, person_id: StrArray
) -> tuple[StateArray, StateArray]:
    """Whether the month of each week has hours or earnings, and whether it has hours, shape (n, weeks) each."""
    if employment is None:
        unknown: StateArray = np.full((len(person_id), len(week)), FOLLOW_UP_ENDED, dtype=np.int8)
        return unknown, unknown.copy()
    hours, earnings = _positive(employment.hours), _positive(employment.earnings)
    either = np.where(np.maximum(hours, earnings) == IN_STATE, np.int8(IN_STATE), np.minimum(hours, earnings))
    month = months_of_weeks(week) - employment.first_month
    month[(month < 0) | (month >= hours.shape[1])] = hours.shape[1]
    by_month = (_rows_of(cells, employment.person_id, person_id, FOLLOW_UP_ENDED) for cells in (either, hours))
    work, paid = (np.pad(cells, ((0, 0), (0, 1)), constant_values=FOLLOW_UP_ENDED)[:, month] for cells in by_month)
    return work, paid


def _positive(amount: FloatArray) -> StateArray:
    known = np.where(amount > 0, IN_STATE, NOT_IN_STATE)
    return np.where(np.isnan(amount), FOLLOW_UP_ENDED, known).astype(np.int8)
