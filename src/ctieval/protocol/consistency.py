"""Contradictions between the statements of a plan."""

from __future__ import annotations

from collections import Counter

import numpy as np

from ctieval.domain.criterion import MinimumUnemployment
from ctieval.domain.outcome import ColumnOutcome, MeasuredIn, Role
from ctieval.domain.registers import week_of
from ctieval.domain.trial import (
    AllocationFile,
    AnalysisTable,
    ImportedDesign,
    PlannedDraw,
    PlannedIntake,
    RegisterFolder,
    Trial,
)
from ctieval.protocol.check_design import check_design
from ctieval.protocol.table_reader import TableReader
from ctieval.registers.weeks import to_week_text, whole_weeks


def check_consistency(trial: Trial, top: TableReader) -> None:
    """Refuse a plan whose statements contradict each other.

    Raises:
        ProtocolError: If the trial ends before it begins.
        ProtocolError: If two arms have one name, in the plan or in the data.
        ProtocolError: If there are more or fewer quotas than interventions.
        ProtocolError: If an outcome or the account reaches beyond the time that those on a waiting list wait.
        ProtocolError: If two outcomes, or two characteristics, have one name, or there is no outcome.
        ProtocolError: If a primary outcome is measured in one arm only.
        ProtocolError: If an outcome cannot come from the declared data.
        ProtocolError: If an imported allocation is blocked without a block, or the reverse.
        ProtocolError: If a ready table has a planned draw.
        ProtocolError: If the draw lies before the day of the look-up.
        ProtocolError: If the extracts do not cover the week in which unemployment is looked up.
        ProtocolError: If a register trial does not say when it began and ended.
    """
    _check_dates(trial, top)
    _check_covers(trial, top)
    _check_arms(trial, top)
    _check_names(trial, top)
    _check_outcomes(trial, top)
    _check_assignment(trial, top)
    if isinstance(trial.assignment, PlannedDraw):
        check_design(trial, trial.assignment.design, top)


def _check_dates(trial: Trial, top: TableReader) -> None:
    if trial.start and trial.end and trial.end <= trial.start:
        raise top.error(
            "trial.end",
            what="the trial ends before it begins",
            found=f"start {trial.start.isoformat()}, end {trial.end.isoformat()}",
            expected="an end after the start",
            do="correct one of the dates",
        )
    if isinstance(trial.data, RegisterFolder) and not (trial.start and trial.end):
        raise top.error(
            "trial",
            what="the plan does not say when the trial began and ended",
            found="no start, or no end",
            expected="start and end of a trial in register extracts",
            do="add start and end, such as start = 2018-02-01",
        )
    draw = trial.assignment
    if isinstance(draw, PlannedIntake) and trial.eligibility and draw.opens_on < trial.eligibility.as_of:
        raise top.error(
            "assignment.opens_on",
            what="the intake opens before the day on which eligibility is looked up",
            found=f"opens_on {draw.opens_on.isoformat()}, as_of {trial.eligibility.as_of.isoformat()}",
            expected="opens_on on as_of or later",
            do="correct one of the dates",
        )
    dated = isinstance(draw, PlannedDraw | AllocationFile)
    if dated and trial.eligibility and draw.randomised_on < trial.eligibility.as_of:
        raise top.error(
            "assignment.randomised_on",
            what="the draw lies before the day on which eligibility is looked up",
            found=f"randomised_on {draw.randomised_on.isoformat()}, as_of {trial.eligibility.as_of.isoformat()}",
            expected="randomised_on on as_of or later",
            do="correct one of the dates",
        )


def _check_covers(trial: Trial, top: TableReader) -> None:
    covers = trial.data.covers if isinstance(trial.data, RegisterFolder) else None
    if covers is None or trial.eligibility is None:
        return
    first, end = whole_weeks(covers)
    looked_up = week_of(np.datetime64(trial.eligibility.as_of))
    spells = any(isinstance(criterion, MinimumUnemployment) for criterion in trial.eligibility.criteria)
    if spells and first < end and not first <= looked_up < end:
        raise top.error(
            "eligibility.as_of",
            what="the extracts do not cover the week in which unemployment is looked up",
            found=f"as_of in {to_week_text(looked_up)}; covers holds {to_week_text(first)} to {to_week_text(end - 1)}",
            expected="as_of in a week of which covers in [data] holds every day, Monday to Sunday",
            do="correct as_of or covers, or get extracts that reach to the Sunday after as_of",
        )


def _check_arms(trial: Trial, top: TableReader) -> None:
    same = len(set(trial.arms.labels)) < len(trial.arms.labels)
    table, place = _imported_table(trial)
    if same or (table is not None and table.intervention == table.control):
        raise top.error(
            "trial.arms" if same else f"{place}.control",
            what="two arms have the same name",
            found="one name for two arms",
            expected="a name of its own for each",
            do="name the arms apart",
        )


def _check_names(trial: Trial, top: TableReader) -> None:
    if not trial.outcomes:
        raise top.error(
            "outcome",
            what="the plan declares no outcome",
            found="no table [[outcome]]",
            expected="at least one outcome",
            do="add a table [[outcome]] with name and column, state or instrument",
        )
    for kind, names in (("outcome", [o.name for o in trial.outcomes]), ("baseline", [b.name for b in trial.baseline])):
        name, count = Counter(names).most_common(1)[0] if names else ("", 1)
        if count > 1:
            last = len(names) - names[::-1].index(name)
            raise top.error(
                f"{kind}[{last}].name",
                what="two tables have the same name",
                found=f"the name {name} {count} times",
                expected="a name of its own for each",
                do="give one of them another name",
            )


def _check_outcomes(trial: Trial, top: TableReader) -> None:
    ready = isinstance(trial.data, AnalysisTable)
    for number, outcome in enumerate(trial.outcomes, start=1):
        if outcome.role is Role.PRIMARY and outcome.measured_in is MeasuredIn.INTERVENTION:
            raise top.error(
                f"outcome[{number}].measured_in",
                what="a primary outcome is measured in one arm only",
                found=f"{outcome.name}: measured in the intervention",
                expected="a primary outcome measured in both arms, since one arm alone never shows an effect",
                do="make it secondary, or measure it in both arms",
            )
        if isinstance(outcome, ColumnOutcome) != ready:
            raise top.error(
                f"outcome[{number}]",
                what="the outcome cannot come from the declared data",
                found=f"{outcome.name}: {'state or instrument' if ready else 'column'}",
                expected="column with a ready table; state or instrument with register extracts",
                do="change the outcome, or the table [data]",
            )


def _check_assignment(trial: Trial, top: TableReader) -> None:
    if isinstance(trial.data, AnalysisTable) and isinstance(trial.assignment, PlannedDraw | PlannedIntake):
        raise top.error(
            "assignment",
            what="the assignment does not fit the data",
            found="a ready table with a planned draw",
            expected="imported = true with a ready table, which holds the arms; a planned draw with register extracts",
            do="change the table [assignment], or the table [data]",
        )
    table, place = _imported_table(trial)
    if table is None or isinstance(trial.assignment, PlannedDraw | PlannedIntake):
        return
    if trial.arms.others:
        raise top.error(
            "trial.arms",
            what="arms that were drawn elsewhere are more than two",
            found=f"{len(trial.arms.labels)} names of arms",
            expected="one intervention and one control; only a draw made here can have several interventions",
            do="name one intervention, and leave out persons of other arms",
        )
    declared = trial.assignment.declared if isinstance(trial.assignment, AllocationFile) else trial.assignment
    blocked = declared.design is ImportedDesign.BLOCKED
    if blocked != (table.block is not None):
        raise top.error(
            "assignment.design",
            what="the declared design and the block column contradict each other",
            found=f"design {declared.design.value}, {'no block' if blocked else 'a block'} in [{place}]",
            expected=f'design = "blocked" with block in [{place}], or design = "complete" without',
            do="change one of them",
        )


def _imported_table(trial: Trial) -> tuple[AnalysisTable | None, str]:
    """Return the table that holds arms drawn elsewhere, and the table of the plan that describes it."""
    if isinstance(trial.assignment, AllocationFile):
        return trial.assignment.table, "assignment"
    return (trial.data if isinstance(trial.data, AnalysisTable) else None), "data"
