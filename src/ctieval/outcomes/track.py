"""Declared outcomes followed through the registers, each person in her own weeks; no arm is compared here."""

from __future__ import annotations

from typing import assert_never

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import CodeArray
from ctieval.domain.instrument import Instrument
from ctieval.domain.outcome import (
    Amount,
    AmountOutcome,
    BetterWhen,
    ColumnOutcome,
    InstrumentOutcome,
    Outcome,
    State,
    StateOutcome,
    TrackedOutcome,
)
from ctieval.domain.outcome_table import OutcomeTable, Status
from ctieval.domain.registers import Registers
from ctieval.domain.wording import Notice
from ctieval.errors import ProtocolError
from ctieval.outcomes.counted import Counted, Executor, count
from ctieval.outcomes.drawn import Drawn, Followed, find_drawn
from ctieval.outcomes.instruments import read_scores
from ctieval.outcomes.measures import EXIT_PLACE, needed_weeks, to_count, to_value
from ctieval.outcomes.states import EXITED, read_amount, read_exit, read_place, read_state
from ctieval.outcomes.table import OutcomeColumn, build_table
from ctieval.registers.codes import CodeList
from ctieval.registers.executors.serial import run_serial
from ctieval.registers.kernels.amounts import Monthly
from ctieval.registers.kernels.measure import CountWeeks
from ctieval.registers.kernels.payments import Payments


def track(
    outcomes: tuple[Outcome, ...],
    allocation: Allocation,
    registers: Followed,
    codes: CodeList,
    instruments: tuple[Instrument, ...] = (),
    *,
    payments: Payments | None = None,
    run: Executor = run_serial,
) -> OutcomeTable:
    """Follow everybody drawn through the registers and measure the declared outcomes.

    Week 0 is the ISO week of a person's randomisation. A value is observed where every week that the measure
    needs (``needed_weeks``) is known, whatever the value; else the first week that is not known says why. So
    nobody is kept because of a success, nor lost for want of one.

    Exits are read so that none can be a success (``states``): after death or old-age pension come weeks
    without a job, and no value where less is better; somebody who emigrated or moved has no value.

    The same kernel runs whether the registers are those of a trial in memory or a store of millions, of which one
    block at a time is.

    Args:
        outcomes: The declared outcomes, of states, of amounts and of instruments.
        allocation: The allocation.
        registers: The registers of the trial, where they hold no survey nobody has answered; or a ``Store``.
        codes: The list of register codes.
        instruments: The instruments of the trial; those of the library where there are none.
        payments: What benefits paid, needed where kroner of benefits are an outcome; persons are numbered as
            ``registers`` numbers them (``PersonBlocks.find``).
        run: How the kernel is run over the blocks.

    Returns:
        Values and statuses, in the person order of the allocation.

    Raises:
        InputError: If somebody drawn is not in the registers, or the day of a draw is not known.
        ProtocolError: If an outcome stands in a column, which registers do not have, or is asked of a store that
            holds no survey.
        ProtocolError: If an outcome counts exits as something good.
        ProtocolError: If an outcome is kroner of benefits, and nobody says what they paid.
        ProtocolError: If no instrument has the name.
        SchemaError: If an answer or an item is not one of the instrument's.
    """
    for outcome in outcomes:
        _check(outcome, registers, payments)
    drawn = find_drawn(allocation, registers)
    tracked = [each for each in outcomes if isinstance(each, StateOutcome | AmountOutcome)]
    asked = [(_reading(each, codes), needed_weeks(each), to_count(each)) for each in tracked]
    table = count(drawn, asked, run=run, payments=payments)
    followed = iter([_column(outcome, number, table, drawn) for number, outcome in enumerate(tracked)])
    survey = registers.survey if isinstance(registers, Registers) else None
    columns = tuple(
        read_scores(outcome, survey, allocation.person_id, instruments)
        if isinstance(outcome, InstrumentOutcome)
        else next(followed)
        for outcome in outcomes
    )
    return build_table(outcomes, allocation, columns)


def count_exits(
    outcomes: tuple[Outcome, ...],
    allocation: Allocation,
    registers: Followed,
    codes: CodeList,
    *,
    run: Executor = run_serial,
) -> tuple[Notice, ...]:
    """Count those whose value holds weeks after death or old-age pension, read as weeks out of the state.

    Args:
        outcomes: The declared outcomes.
        allocation: The allocation.
        registers: The registers of the trial, or a ``Store``.
        codes: The list of register codes.
        run: How the kernel is run over the blocks.

    Returns:
        One ``W-EXIT-COUNTED`` an outcome that has such persons, with the number in each arm.

    Raises:
        InputError: If somebody drawn is not in the registers, or the day of a draw is not known.
    """
    tracked = [each for each in outcomes if isinstance(each, StateOutcome | AmountOutcome) and not _is_exit(each)]
    drawn, needed = find_drawn(allocation, registers), [needed_weeks(each) for each in tracked]
    asked = [(_reading(each, codes), weeks, CountWeeks(weeks)) for each, weeks in zip(tracked, needed, strict=True)]
    after_exit = [(read_exit(codes), weeks, CountWeeks(weeks)) for weeks in needed]
    table = count(drawn, [*asked, *after_exit], run=run)
    known = table.unknown[:, : len(tracked)] == 0
    counted = known & (table.value[:, len(tracked) :] > 0)
    notices: list[Notice] = []
    for number, outcome in enumerate(tracked):
        exits = np.bincount(allocation.arm[counted[:, number]], minlength=2)
        if exits.any():
            facts = (("n_control", int(exits[0])), ("n_intervention", int(exits[1])))
            notices.append(Notice("W-EXIT-COUNTED", outcome.name, facts))
    return tuple(notices)


def _reading(outcome: TrackedOutcome, codes: CodeList) -> CodeArray:
    """What a week says of an outcome; the wait for a state is read as the state."""
    if isinstance(outcome, StateOutcome):
        return read_state(codes, outcome.state, outcome.state_is_better)
    match outcome.amount:
        case Amount.ORDINARY_HOURS_SHARE:
            return read_amount(codes, Monthly.HOURS, outcome.better_when)
        case Amount.EARNINGS:
            return read_amount(codes, Monthly.EARNINGS, outcome.better_when)
        case Amount.BENEFIT_KRONER:
            return read_state(codes, State.BENEFIT, outcome.better_when)
        case Amount.STATE_CHANGES:
            return read_place(codes, EXIT_PLACE if outcome.better_when is BetterWhen.HIGHER else EXITED)
        case _:
            assert_never(outcome.amount)


def _column(outcome: TrackedOutcome, number: int, counted: Counted, drawn: Drawn) -> OutcomeColumn:
    value, why = counted.value[:, number], -counted.unknown[:, number].astype(np.int64)
    if (np.isnan(value) & (why == Status.OBSERVED)).any():
        why = np.where(why == Status.OBSERVED, int(Status.NOT_PRICED), why)
    return OutcomeColumn(
        values=to_value(value, outcome, drawn.week_zero), status=why, baseline=np.full(len(value), np.nan)
    )


def _is_exit(outcome: TrackedOutcome) -> bool:
    return isinstance(outcome, StateOutcome) and outcome.state is State.EXIT


def _check(outcome: Outcome, registers: Followed, payments: Payments | None) -> None:
    """Refuse an outcome that cannot be measured as it is declared."""
    match outcome:
        case ColumnOutcome(column=column):
            raise _refused(
                outcome,
                found=f"the column {column} of an analysis-ready table, in a trial with registers",
                expected="a state with a measure and a window, or an instrument with a wave",
                do="declare state, measure and window_weeks, or give the trial an analysis-ready table",
            )
        case StateOutcome(state=State.EXIT) if outcome.state_is_better is BetterWhen.HIGHER:
            raise _refused(
                outcome,
                found=f"the state exit with better_when {outcome.better_when.value}",
                expected="the other direction: death, emigration and old-age pension are never a success",
                do="turn better_when round",
            )
        case AmountOutcome(amount=Amount.BENEFIT_KRONER) if payments is None:
            raise _refused(
                outcome,
                found="kroner of benefits, and nothing that says what they paid",
                expected="the rates of the benefits, or the kroner of each period",
                do="hand over what was paid, or count the weeks on benefit",
            )
        case InstrumentOutcome() if not isinstance(registers, Registers):
            raise _refused(
                outcome,
                found=f"the instrument {outcome.instrument}, asked of blocks of weeks and months",
                expected="the registers of a trial, which hold its survey",
                do="hand over the registers, or leave the instrument out",
            )
        case _:
            return


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
