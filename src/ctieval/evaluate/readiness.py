"""What must hold before the arms are drawn, and before outcomes are measured; nothing is drawn or measured here."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from ctieval.assignment.lots import to_entrants
from ctieval.designs.quotas import build_quotas
from ctieval.domain.arrays import BoolArray
from ctieval.domain.outcome import InstrumentOutcome, State, StateOutcome
from ctieval.domain.registers import Registers, week_of
from ctieval.domain.trial import AllocationFile, PlannedDraw, Trial
from ctieval.errors import InputError, ProtocolError, UnknownRateError
from ctieval.evaluate.data import RegisterData, TrialData
from ctieval.outcomes.measures import needed_weeks
from ctieval.registers.weeks import months_of_weeks, to_month_text

PAID_WORK = frozenset({State.ORDINARY_JOB, State.ORDINARY_HOURS, State.SELF_SUPPORT})
"""States that the table employment tells; without it nobody knows which of them a week without a code is."""


@dataclass(frozen=True, slots=True)
class ReadyBlock:
    """A block that can be drawn.

    Attributes:
        label: Its label; empty where the design has no blocks.
        eligible: Number of eligible persons.
        target: How many come into the intervention; a fraction is rounded by lot.
    """

    label: str
    eligible: int
    target: Fraction


@dataclass(frozen=True, slots=True)
class Answers:
    """How many have answered a questionnaire in a wave that an outcome names.

    Attributes:
        outcome: Name of the outcome.
        wave: The wave.
        n: Persons with an answer.
    """

    outcome: str
    wave: str
    n: int


def check_readiness(trial: Trial, data: RegisterData) -> tuple[ReadyBlock, ...]:
    """Check that the draw can be made, and that what the plan names is known.

    Args:
        trial: The plan.
        data: The registers, with everybody screened.

    Returns:
        Every block with its eligible persons; none where the arms were drawn elsewhere.

    Raises:
        ProtocolError: If a characteristic before the draw is not known of the persons.
        ProtocolError: If the rate book has no discount schedule of the plan's name.
        DesignError: If the design cannot be conducted on this cohort.
    """
    _check_baseline(trial, data)
    _check_discount(trial, data)
    if not isinstance(trial.assignment, PlannedDraw):
        return ()
    design = trial.assignment.design
    quotas = build_quotas(design, to_entrants(data.cohort, design)[1])
    return tuple(ReadyBlock(*each) for each in zip(quotas.labels, quotas.size, quotas.target, strict=True))


def check_outcomes(trial: Trial, data: TrialData) -> None:
    """Check that the registers hold what the outcomes about paid work are measured from.

    A week without a code is told by employment; a week with one is not. Where employment is missing, or ends before
    the weekly codes do, only those on benefit to the end would have a value, and it would be low by construction.

    Raises:
        InputError: If an outcome is about paid work, and the registers hold no employment.
        InputError: If its weeks lie within the weekly codes, and in a month whose employment is not observed.
    """
    if isinstance(data, RegisterData):
        for outcome in trial.outcomes:
            if isinstance(outcome, StateOutcome) and outcome.state in PAID_WORK:
                _check_employment(outcome, _drawn_in(trial), data.registers)


def _check_employment(outcome: StateOutcome, drawn_in: int, registers: Registers) -> None:
    """Refuse an outcome whose weeks are known for those on benefit alone."""
    where = f"outcome {outcome.name}, state {outcome.state.value}"
    employment = registers.employment
    if employment is None:
        raise InputError(
            what="an outcome about paid work cannot be measured without the table employment",
            where=where,
            found="no table employment in the folder of registers",
            expected="employment.csv or employment.xlsx, one row for each person and month with paid work",
            do="add the table, or take the outcome out of the plan",
        )
    needed = needed_weeks(outcome.measure, outcome.window)
    weeks = drawn_in + np.array([needed.start, needed.end - 1])
    covered = registers.weeks.first_week <= weeks[0] and weeks[1] < registers.weeks.end_week
    first, end = employment.first_month, employment.first_month + employment.hours.shape[1]
    months = months_of_weeks(weeks)
    if covered and not first <= months[0] <= months[1] < end:
        raise InputError(
            what="employment reaches less far than the weekly codes, so paid work is known of those on benefit alone",
            where=where,
            found=f"employment from {to_month_text(first)} to {to_month_text(end - 1)}, in whole months",
            expected=f"employment from {to_month_text(int(months[0]))} to {to_month_text(int(months[1]))}",
            do="get employment for the whole of these months, with covers in [data] up to the last day of the last",
        )


def _drawn_in(trial: Trial) -> int:
    """Return the number of the week of the draw."""
    if isinstance(trial.assignment, PlannedDraw | AllocationFile):
        return week_of(np.datetime64(trial.assignment.randomised_on))
    msg = "the plan was not checked: registers, and arms without a day"
    raise TypeError(msg)


def count_answers(trial: Trial, data: RegisterData) -> tuple[Answers, ...]:
    """Count the persons who have answered in each wave that an outcome names; none without a survey."""
    survey = data.registers.survey
    if survey is None:
        return ()
    return tuple(
        Answers(outcome.name, wave, survey.loc[_is_of(survey, outcome, wave), "person_id"].nunique())
        for outcome, wave in _waves(trial)
    )


def count_unnamed_answers(trial: Trial, data: RegisterData) -> int:
    """Count the answers of an instrument or a wave that no outcome names, as where a name is misspelt."""
    survey = data.registers.survey
    if survey is None:
        return 0
    named = [_is_of(survey, outcome, wave) for outcome, wave in _waves(trial)]
    return int((~np.logical_or.reduce(named)).sum()) if named else len(survey)


def _waves(trial: Trial) -> list[tuple[InstrumentOutcome, str]]:
    """Every questionnaire of the plan with each of its waves."""
    asked = [each for each in trial.outcomes if isinstance(each, InstrumentOutcome)]
    return [(each, wave) for each in asked for wave in (each.baseline_wave, each.wave) if wave]


def _is_of(survey: pd.DataFrame, outcome: InstrumentOutcome, wave: str) -> BoolArray:
    """True for the answers to one questionnaire in one wave, shape (rows,)."""
    return (survey["instrument"].eq(outcome.instrument) & survey["wave"].eq(wave)).to_numpy(np.bool_)


def _check_baseline(trial: Trial, data: RegisterData) -> None:
    known = [str(column) for column in data.cohort.characteristics.columns]
    for number, variable in enumerate(trial.baseline, start=1):
        if variable.column not in known:
            raise ProtocolError(
                file="trial.toml",
                key=f"baseline[{number}].column",
                line=None,
                what="a characteristic before the draw is not known of the persons",
                found=f"{variable.name}, from the column {variable.column}",
                expected=f"one of: {', '.join(known)}",
                do="correct name or column under [[baseline]], or take the characteristic out",
            )


def _check_discount(trial: Trial, data: RegisterData) -> None:
    if trial.economics is None:
        return
    try:
        data.rates.newest_schedule(trial.economics.discount)
    except UnknownRateError as unknown:
        raise ProtocolError(
            file="trial.toml",
            key="economics.discount",
            line=None,
            what="no discount schedule has the name that the plan gives",
            found=f"the name {unknown.name}",
            expected=f"a schedule of the rate book; nearest: {unknown.nearest[0]}",
            do="correct the name, or add the schedule to the trial's rates folder",
        ) from None
