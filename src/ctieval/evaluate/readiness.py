"""What must hold before the arms are drawn, and before outcomes are measured; nothing is drawn or measured here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from ctieval.assignment.lots import to_entrants
from ctieval.designs.matching import forms_blocks
from ctieval.designs.notices import describe_notices
from ctieval.designs.quotas import build_quotas
from ctieval.designs.rerandomise import fix_acceptance
from ctieval.domain.arrays import BoolArray, CodeArray, IntArray
from ctieval.domain.design import Rerandomised
from ctieval.domain.outcome import Amount, AmountOutcome, InstrumentOutcome, State, StateOutcome, TrackedOutcome
from ctieval.domain.registers import BLANK, NOT_OBSERVED, EmploymentPanel, week_of
from ctieval.domain.trial import AllocationFile, PlannedDraw, PlannedIntake, Trial
from ctieval.domain.wording import Notice
from ctieval.errors import InputError, ProtocolError, UnknownRateError
from ctieval.evaluate.data import RegisterData, TrialData
from ctieval.outcomes.instruments import find_instrument
from ctieval.outcomes.measures import needed_weeks
from ctieval.registers.codes import CodeList
from ctieval.registers.weeks import months_of_weeks, to_month_text, to_week_text

PAID_WORK = frozenset({State.ORDINARY_JOB, State.ORDINARY_HOURS, State.SELF_SUPPORT})
"""States that employment tells; in a month without it nobody is known to be in one of them, or out of it."""


@dataclass(frozen=True, slots=True)
class ReadyBlock:
    """A block that can be drawn.

    Attributes:
        label: Its label; empty where the design has no blocks, or forms them itself.
        eligible: Number of eligible persons.
        target: Expected number of persons in an intervention; a fraction is rounded by lot.
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
        ProtocolError: If no instrument has the name that an outcome gives, or it is better the other way.
        ProtocolError: If the rate book has no discount schedule of the plan's name.
        DesignError: If the design cannot be conducted on this cohort.
    """
    _check_baseline(trial, data)
    _check_instruments(trial, data)
    _check_discount(trial, data)
    if not isinstance(trial.assignment, PlannedDraw):
        return ()
    design = trial.assignment.design
    entrants = to_entrants(data.cohort, design)[1]
    if isinstance(design, Rerandomised):
        fix_acceptance(design, entrants)
    quotas = build_quotas(design.draw if isinstance(design, Rerandomised) else design, entrants)
    persons = np.bincount(quotas.block).tolist()
    drawn = [n * sum(row[1:]) for n, row in zip(persons, quotas.probability, strict=True)]
    if forms_blocks(design):
        return (ReadyBlock("", sum(persons), sum(drawn, Fraction(0))),)
    return tuple(ReadyBlock(*each) for each in zip(quotas.labels, persons, drawn, strict=True))


def describe_draw(trial: Trial, data: RegisterData) -> tuple[Notice, ...]:
    """Say what must be known of the draw before it is made; nothing where the arms were drawn elsewhere."""
    if not isinstance(trial.assignment, PlannedDraw):
        return ()
    design = trial.assignment.design
    return describe_notices(design, to_entrants(data.cohort, design)[1])


def check_outcomes(trial: Trial, data: TrialData) -> None:
    """Check that instruments are known, and that the registers hold what outcomes about paid work are measured from.

    What is measured from paid work is not known of anybody without it, whether her weeks hold a code or not.

    Raises:
        ProtocolError: If no instrument has the name that an outcome gives, or it is better the other way.
        InputError: If an outcome is about paid work, and the registers hold no employment.
        InputError: If an outcome sums hours or earnings, and the registers hold none.
    """
    if isinstance(data, RegisterData):
        _check_instruments(trial, data)
        for outcome in _about_work(trial):
            _check_employment(outcome, data.registers.employment)


def describe_employment(trial: Trial, data: RegisterData) -> tuple[Notice, ...]:
    """Tell of outcomes about paid work whose weeks are covered, and in months whose employment is not.

    Returns:
        One ``W-EMPLOYMENT-SHORT`` such an outcome, with the months that are covered and those that it needs.
    """
    employment, weeks = data.registers.employment, data.registers.weeks
    if employment is None:
        return ()
    first, end = employment.first_month, employment.first_month + employment.hours.shape[1]
    notices: list[Notice] = []
    for outcome in _about_work(trial):
        needed = needed_weeks(outcome)
        edges = _drawn_in(trial) + np.array([needed.start, needed.end - 1])
        covered = weeks.first_week <= edges[0] and edges[1] < weeks.end_week
        since, until = months_of_weeks(edges).tolist()
        if covered and not first <= since <= until < end:
            months = {"first": first, "last": end - 1, "needed_from": since, "needed_to": until}
            facts = tuple((name, to_month_text(month)) for name, month in months.items())
            notices.append(Notice("W-EMPLOYMENT-SHORT", outcome.name, facts))
    return tuple(notices)


def describe_silence(trial: Trial, data: RegisterData) -> tuple[Notice, ...]:
    """Tell of outcomes in whose weeks the registers say nothing of anybody, as where an extract was cut short.

    Such a stretch is read as nobody in work, or nobody on benefit. It may be so, but it is more often a file that ends
    before the days that the plan says it covers.

    Returns:
        One ``W-EMPLOYMENT-SILENT`` an outcome about paid work and one ``W-WEEKS-SILENT`` an outcome of weeks, each with
        the first silent month or week and their number.
    """
    registers = data.registers
    weeks = registers.weeks.first_week + np.flatnonzero(_silent_weeks(registers.weeks.code, data.codes))
    months = _silent_months(registers.employment)
    about_work, notices = set(_about_work(trial)), list[Notice]()
    for outcome in (each for each in trial.outcomes if isinstance(each, StateOutcome | AmountOutcome)):
        needed = _drawn_in(trial) + np.array([needed_weeks(outcome).start, needed_weeks(outcome).end - 1])
        since, until = months_of_weeks(needed).tolist()
        within = weeks[(weeks >= needed[0]) & (weeks <= needed[1])]
        if len(within):
            facts = (("first", to_week_text(int(within[0]))), ("weeks", len(within)))
            notices.append(Notice("W-WEEKS-SILENT", outcome.name, facts))
        within = months[(months >= since) & (months <= until)]
        if len(within) and outcome in about_work:
            facts = (("first", to_month_text(int(within[0]))), ("months", len(within)))
            notices.append(Notice("W-EMPLOYMENT-SILENT", outcome.name, facts))
    return tuple(notices)


def _silent_weeks(code: CodeArray, codes: CodeList) -> BoolArray:
    """True for an observed week in which nobody alive has a code, shape (weeks,)."""
    known = code != NOT_OBSERVED
    coded = known & (code != BLANK) & ~codes.lookup(State.EXIT)[np.where(known, code, BLANK)]
    return known.any(axis=0) & ~coded.any(axis=0)


def _silent_months(employment: EmploymentPanel | None) -> IntArray:
    """Numbers of the observed months in which nobody has paid work."""
    if employment is None:
        return np.zeros(0, dtype=np.int64)
    paid = [each for each in (employment.hours, employment.earnings, employment.employed) if each is not None]
    known = np.logical_or.reduce([~np.isnan(each) for each in paid]).any(axis=0)
    works = np.logical_or.reduce([np.nan_to_num(each) > 0 for each in paid]).any(axis=0)
    return employment.first_month + np.flatnonzero(known & ~works)


def _about_work(trial: Trial) -> Iterator[TrackedOutcome]:
    """The outcomes that paid work tells; every state hangs on it where changes of state are counted."""
    for outcome in trial.outcomes:
        of_state = isinstance(outcome, StateOutcome) and outcome.state in PAID_WORK
        of_amount = isinstance(outcome, AmountOutcome) and outcome.amount is not Amount.BENEFIT_KRONER
        if isinstance(outcome, StateOutcome | AmountOutcome) and (of_state or of_amount):
            yield outcome


def _check_employment(outcome: TrackedOutcome, employment: EmploymentPanel | None) -> None:
    """Refuse an outcome about paid work that nothing tells of."""
    if isinstance(outcome, StateOutcome):
        what, column = f"state {outcome.state.value}", None
    else:
        what = f"measure {outcome.amount.value}"
        column = {Amount.ORDINARY_HOURS_SHARE: "hours", Amount.EARNINGS: "earnings"}.get(outcome.amount)
    if employment is None:
        raise InputError(
            what="an outcome about paid work cannot be measured without the table employment",
            where=f"outcome {outcome.name}, {what}",
            found="no table employment in the folder of registers",
            expected="employment.csv or employment.xlsx, one row for each person and month with paid work",
            do="add the table, or take the outcome out of the plan",
        )
    if column is not None and np.isnan(getattr(employment, column)).all():
        raise InputError(
            what=f"an outcome sums {column}, of which the registers hold none",
            where=f"outcome {outcome.name}, {what}",
            found=f"months that say who was in work, and no {column}",
            expected=f"employment.csv or employment.xlsx with the column {column}",
            do="add the table, or take the outcome out of the plan",
        )


def _drawn_in(trial: Trial) -> int:
    """Return the number of the week of the draw."""
    if isinstance(trial.assignment, PlannedIntake):
        return week_of(np.datetime64(trial.assignment.opens_on))
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


def _check_instruments(trial: Trial, data: RegisterData) -> None:
    for number, outcome in enumerate(trial.outcomes, start=1):
        if not isinstance(outcome, InstrumentOutcome):
            continue
        instrument = find_instrument(outcome.instrument, data.instruments)
        if instrument.better_when is not outcome.better_when:
            raise ProtocolError(
                file="trial.toml",
                key=f"outcome[{number}].better_when",
                line=None,
                what="an outcome and its instrument disagree on what is better",
                found=f"{outcome.name}: {outcome.better_when.value}; {instrument.name}: {instrument.better_when.value}",
                expected="one direction in which a person fares better",
                do=f'write better_when = "{instrument.better_when.value}", or correct the instrument',
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
