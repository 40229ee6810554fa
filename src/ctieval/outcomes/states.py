"""The state of each person in each week, from benefit codes and ordinary work, as tables; weeks are counted elsewhere.

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
counts too) and weeks with ordinary hours overlap these states and are read beside them. A week after an exit is in
no other state, whatever its month was paid.

Where employment is not known, nobody is known to be in an ordinary job or out of it, in self-support or out of it, or
with ordinary hours or without: neither those whose week is blank nor those on benefit. Were the latter kept, whoever
is observed would be those without a job. In a month that the extract does not hold this goes for the dead too; in
one that it holds, the dead are known not to work.

A week holds one code, so a benefit that meets a job takes its place: a week of sickness or maternity benefit in a
job that goes on is a week on benefit, and breaks a spell of retention.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from ctieval.domain.arrays import BoolArray, CodeArray
from ctieval.domain.outcome import BetterWhen, State
from ctieval.domain.outcome_table import Status
from ctieval.domain.registers import BLANK
from ctieval.domain.state_paths import PATH_STATES
from ctieval.registers.codes import CodeList
from ctieval.registers.kernels.amounts import Monthly
from ctieval.registers.kernels.evidence import EARNINGS, HAS_WORK, HOURS, NOT_COVERED, WITHOUT_WORK, Paid
from ctieval.registers.kernels.overlay import StateRules

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
_HOURS_KNOWN = HOURS != Paid.NOT_KNOWN
_OF_AMOUNT = {Monthly.HOURS: HOURS, Monthly.EARNINGS: EARNINGS}


def state_rules(codes: CodeList) -> StateRules:
    """Return the hierarchy of this module as numbers.

    Args:
        codes: The list of register codes. A code that stands in no state is not observed, never blank.

    Raises:
        InputError: If the code list lacks one of the states, or ``emigrated``.
    """
    of_code = np.full(len(codes.lookup(State.EXIT)), WeekState.NOT_OBSERVED, dtype=np.int16)
    for state in _OF_CODES:
        of_code[codes.lookup(state)] = WeekState[state.name]
    of_code[codes.lookup("emigrated")] = WeekState.EMIGRATED
    of_code[BLANK] = WeekState.BLANK
    return StateRules(
        of_code=of_code,
        working=WeekState.ORDINARY_JOB,
        not_working=WeekState.SELF_SUPPORT,
        undecided=WeekState.BLANK,
        not_observed=WeekState.NOT_OBSERVED,
        moved=WeekState.MOVED,
        undecided_moved=WeekState.BLANK_AT_MOVE,
        least_hours=1,
        least_earnings=1,
    )


def read_state(codes: CodeList, state: State, better_when: BetterWhen) -> CodeArray:
    """Tell of a week with each evidence whether a person is in a state, and if that is not known, why.

    Death and old-age pension end every other state. They are never read as a success: where more of the state
    is better, a week after them is a week without it; where less is better, it is not a week at all, and the
    person is lost to the outcome as ``EXITED``. A week abroad, and a week after a move, is ``EXITED`` for every
    state but the exit itself.

    Args:
        codes: The list of register codes.
        state: The state.
        better_when: Whether more of the state is better, or less.

    Returns:
        ``IN_STATE``, ``NOT_IN_STATE``, or the negative of the ``Status`` that says why it is not known, of the
        shape ``evidence.SHAPE``.

    Raises:
        InputError: If the code list lacks one of the states, ``emigrated`` or ``public_payment``.
    """
    week = state_rules(codes).table
    known = _reading(state, better_when)[week]
    match state:
        case State.BENEFIT:
            benefit = codes.lookup("public_payment")[:, None, None]
            return np.where((known == NOT_IN_STATE) & benefit, np.int16(IN_STATE), known)
        case State.ORDINARY_HOURS:
            hours = np.isin(HOURS, [Paid.YES, Paid.SOME])[:, None] & (week != WeekState.EXIT)
            found = np.where((known == NOT_IN_STATE) & hours, np.int16(IN_STATE), known)
            return _where_known(found, week, _HOURS_KNOWN)
        case State.ORDINARY_JOB | State.SELF_SUPPORT:
            return _where_known(known, week, HAS_WORK | WITHOUT_WORK)
        case _:
            return known


def read_amount(codes: CodeList, amount: Monthly, better_when: BetterWhen) -> CodeArray:
    """Tell of a week with each evidence whether its share of the month's amount counts, and if not known, why.

    It counts in every week but those after death or old-age pension, which are weeks without, or not known where
    less is better.

    Args:
        codes: The list of register codes.
        amount: Hours or earnings.
        better_when: Whether more of it is better, or less.

    Returns:
        As of ``read_state``: 1 where the week counts.
    """
    week = state_rules(codes).table
    known = _reading(State.ORDINARY_HOURS, better_when)[week]
    counted = np.where((known == NOT_IN_STATE) & (week != WeekState.EXIT), np.int16(IN_STATE), known)
    return _where_known(counted, week, np.isin(_OF_AMOUNT[amount], [Paid.NO, Paid.YES]))


def read_place(codes: CodeList, exits: int | None = None) -> CodeArray:
    """Tell of a week with each evidence which of ``PATH_STATES`` it is in, and if that is not known, why.

    Args:
        codes: The list of register codes.
        exits: What stands for a week after death or old-age pension, or None for its place.

    Returns:
        Place in ``PATH_STATES``, or the negative of a ``Status``, of the shape ``evidence.SHAPE``.
    """
    week = state_rules(codes).table
    places = _reading(State.ORDINARY_JOB, BetterWhen.HIGHER)
    for place, state in enumerate(PATH_STATES):
        places[WeekState[state.name]] = place if state is not State.EXIT or exits is None else exits
    return _where_known(places[week], week, HAS_WORK | WITHOUT_WORK)


def read_exit(codes: CodeList) -> CodeArray:
    """Tell of a week with each evidence whether it lies after death or old-age pension: 1 or 0, never unknown."""
    return (state_rules(codes).table == WeekState.EXIT).astype(np.int16)


def _reading(state: State, better_when: BetterWhen) -> CodeArray:
    """What each ``WeekState`` says about one state."""
    reading = np.full(len(WeekState), NOT_IN_STATE, dtype=np.int16)
    reading[WeekState.NOT_OBSERVED] = FOLLOW_UP_ENDED
    reading[[WeekState.MOVED, WeekState.EMIGRATED]] = EXITED
    if better_when is BetterWhen.LOWER:
        reading[WeekState.EXIT] = EXITED
    if state in _FROM_WORK:
        reading[WeekState.BLANK] = FOLLOW_UP_ENDED
        reading[WeekState.BLANK_AT_MOVE] = EXITED
    if state is State.EXIT:
        reading[[WeekState.EXIT, WeekState.EMIGRATED]] = IN_STATE
    if state.name in WeekState.__members__:
        reading[WeekState[state.name]] = IN_STATE
    return reading


def _where_known(reading: CodeArray, week: CodeArray, work: BoolArray) -> CodeArray:
    """The reading where employment is known, whatever the code; the dead are known where the month is held."""
    held = np.arange(len(work)) != NOT_COVERED
    decided = work[:, None] | (held[:, None] & (week == WeekState.EXIT))
    why = np.array([FOLLOW_UP_ENDED, EXITED], dtype=np.int16)
    return np.where((reading >= 0) & ~decided, why, reading)
