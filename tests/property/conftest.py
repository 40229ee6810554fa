"""The dense matrix, the second oracle of the register engine: a cell for every person and week, and no run."""

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.outcome import RETAINED_WEEKS, WAITS, Amount, BetterWhen, Measure, State, StateOutcome
from ctieval.domain.registers import week_of
from ctieval.outcomes.states import WeekState
from ctieval.registers.codes import load_code_list
from ctieval.registers.weeks import months_of_weeks

CODES = load_code_list()
OF_CODE = [state for state in State if state not in {State.SELF_SUPPORT, State.BENEFIT, State.ORDINARY_HOURS}]
LOST = [WeekState.NOT_OBSERVED, WeekState.MOVED, WeekState.EMIGRATED, WeekState.BLANK, WeekState.BLANK_AT_MOVE]
ENDED, EXITED = -1, -2


class Dense:
    """States, work and readings of the registers of a trial, shape (persons, weeks) each."""

    def __init__(self, registers):
        panel = registers.weeks
        self.person_id, self.first_week, self.code = panel.person_id.tolist(), panel.first_week, panel.code
        self.week = np.arange(panel.first_week, panel.end_week)
        moved_on = registers.persons["moved_on"].to_numpy("datetime64[D]")
        self.moved = self.week >= np.where(np.isnat(moved_on), 10**6, (moved_on.astype(np.int64) + 3) // 7)[:, None]
        self.hours, self.earnings, self.work, self.held = self._months(registers.employment)
        self.states = self._states()

    def _months(self, paid):
        """Hours, earnings and whether there was work (1, 0, NaN) of each week's month, and whether it is held."""
        if paid is None:
            unknown = np.full(self.code.shape, np.nan)
            return unknown, unknown, unknown, np.zeros(len(self.week), dtype=bool)
        hours, earnings = paid.hours, paid.earnings
        work = np.where((hours > 0) | (earnings > 0), 1.0, np.where(np.isnan(hours + earnings), np.nan, 0.0))
        place = months_of_weeks(self.week) - paid.first_month
        held = (place >= 0) & (place < hours.shape[1])
        place = np.where(held, place, hours.shape[1])
        cells = (np.pad(each, ((0, 0), (0, 1)), constant_values=np.nan)[:, place] for each in (hours, earnings, work))
        return (*cells, held)

    def _states(self):
        of_code = np.full(1001, WeekState.NOT_OBSERVED)
        for state in OF_CODE:
            of_code[CODES.lookup(state)] = WeekState[state.name]
        of_code[CODES.lookup("emigrated")] = WeekState.EMIGRATED
        state = of_code[self.code]
        state[self.code == 0] = WeekState.BLANK
        state[(self.code == 0) & (self.work == 1)] = WeekState.ORDINARY_JOB
        state[(self.code == 0) & (self.work == 0)] = WeekState.SELF_SUPPORT
        state[self.moved & (state == WeekState.BLANK)] = WeekState.BLANK_AT_MOVE
        state[self.moved & (self.code == -1)] = WeekState.MOVED
        return state

    def reading(self, outcome):
        """1 where a week counts, 0 where not, negative where not known; a place for changes of state."""
        amount = None if isinstance(outcome, StateOutcome) else outcome.amount
        if amount is not None:
            return self._amount_reading(outcome)
        good = (outcome.better_when is BetterWhen.HIGHER) != (outcome.measure in WAITS)
        state = outcome.state
        found = (self.states == WeekState.__members__.get(state.name, -1)).astype(int)
        if state is State.EXIT:
            found[self.states == WeekState.EMIGRATED] = 1
        if state is State.BENEFIT:
            found = CODES.lookup("public_payment")[self.code].astype(int)
        if state is State.ORDINARY_HOURS:
            found = np.where(
                (self.hours > 0) | (np.isnan(self.hours) & (self.work == 1) & np.isnan(self.earnings)), 1, 0
            )
        found = self._known(found, good, state)
        if state is State.ORDINARY_HOURS:
            return self._of_work(found, np.isnan(self.hours))
        return self._of_work(found, np.isnan(self.work)) if state in {State.ORDINARY_JOB, State.SELF_SUPPORT} else found

    def _amount_reading(self, outcome):
        good = outcome.better_when is BetterWhen.HIGHER
        if outcome.amount is Amount.STATE_CHANGES:
            found = np.where(self.states == WeekState.EXIT, 99, self.states)
            return self._of_work(self._known(found, good, None), np.isnan(self.work))
        unknown = np.isnan(self.hours if outcome.amount is Amount.ORDINARY_HOURS_SHARE else self.earnings)
        found = self._known(np.ones(self.code.shape, dtype=int), good, None)
        found[(found == 1) & (self.states == WeekState.EXIT)] = 0
        return self._of_work(found, unknown)

    def _known(self, found, good, state):
        found = found.copy()
        found[self.states == WeekState.NOT_OBSERVED] = ENDED
        found[self.states == WeekState.MOVED] = EXITED
        if state is not State.EXIT:
            found[self.states == WeekState.EMIGRATED] = EXITED
            found[self.states == WeekState.EXIT] = (99 if state is None else 0) if good else EXITED
        return found

    def _of_work(self, found, unknown):
        dead = self.states == WeekState.EXIT
        lost = (found >= 0) & ((unknown & ~dead) | ~self.held)
        return np.where(lost, np.where(self.moved, EXITED, ENDED), found)

    def cut(self, cells, allocation, start, end, beyond):
        """The own weeks of everybody drawn, shape (n, weeks)."""
        row = [self.person_id.index(person) for person in allocation.person_id]
        own = np.array([week_of(day) for day in allocation.randomised_on])
        column = own[:, None] + np.arange(start, end) - self.first_week
        column[(column < 0) | (column >= len(self.week))] = len(self.week)
        return np.take_along_axis(np.pad(cells[row], ((0, 0), (0, 1)), constant_values=beyond), column, axis=1)

    def measure(self, outcome, allocation):
        """Values and statuses of an outcome, shape (n,)."""
        start, end = outcome.window.start, outcome.window.end
        length = RETAINED_WEEKS.get(outcome.measure) if isinstance(outcome, StateOutcome) else None
        if isinstance(outcome, StateOutcome) and outcome.measure is Measure.AT_END:
            start = end - 1
        needed = (start - 1, end + length - 1) if length else (start, end)
        path = self.cut(self.reading(outcome), allocation, *needed, ENDED)
        unknown = path < 0
        first = path[np.arange(len(path)), unknown.argmax(axis=1)]
        value = self._amount(outcome, path, allocation) if not isinstance(outcome, StateOutcome) else None
        if value is None:
            value = self._count(outcome, path == 1, length)
        return np.where(unknown.any(axis=1), np.nan, value), np.where(unknown.any(axis=1), -first, 0)

    def _count(self, outcome, inside, length):
        if outcome.measure is Measure.WEEKS:
            return inside.sum(axis=1)
        if length:
            weeks = inside.shape[1] - length
            starts = [inside[:, 1 + w : 1 + w + length].all(axis=1) & ~inside[:, w] for w in range(weeks)]
            inside = np.column_stack(starts)
        hit = inside.any(axis=1)
        return np.where(hit, inside.argmax(axis=1), inside.shape[1]) if outcome.measure in WAITS else hit

    def _amount(self, outcome, path, allocation):
        if outcome.amount is Amount.STATE_CHANGES:
            return ((path[:, 1:] != path[:, :-1]) & (path[:, 1:] != 99)).sum(axis=1)
        month = months_of_weeks(np.arange(self.week[0] - 5, self.week[-1] + 6))
        thursdays = pd.Series(month).map(pd.Series(month).value_counts()).to_numpy()[5:-5]
        whole = self.hours if outcome.amount is Amount.ORDINARY_HOURS_SHARE else self.earnings
        start, end = outcome.window.start, outcome.window.end
        paid = np.nan_to_num(self.cut(np.nan_to_num(whole) / thursdays, allocation, start, end, 0.0)) * (path == 1)
        if outcome.amount is Amount.EARNINGS:
            return paid.sum(axis=1)
        full = self.cut(
            np.ones(self.code.shape) * outcome.full_time.hours_month / thursdays, allocation, start, end, 0.0
        )
        return paid.sum(axis=1) / np.maximum(full.sum(axis=1), 1e-9)


@pytest.fixture(scope="session")
def dense():
    """The dense matrix of registers."""
    return Dense
