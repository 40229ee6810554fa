"""The commands of a whole trial: check, screen, assign, verify, evaluate, report."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, TypedDict

import typer

from ctieval.assignment.record import verify as verify_record
from ctieval.cli.console import Format, Row, say, to_json, write_rows
from ctieval.cli.rows import (
    baseline_rows,
    effect_rows,
    follow_up_rows,
    ledger_rows,
    level_rows,
    screening_rows,
)
from ctieval.domain.arms import Arms
from ctieval.domain.cohort import Cohort
from ctieval.domain.evaluation import Evaluation
from ctieval.domain.trial import PlannedDraw, Trial
from ctieval.eligibility.flow import screening_flow
from ctieval.errors import InputError, RecordError
from ctieval.evaluate.data import RegisterData, draw_allocation, load_allocation, open_data
from ctieval.evaluate.readiness import check_outcomes, check_readiness, count_answers, count_unnamed_answers
from ctieval.evaluate.story import evaluate as evaluate_loaded
from ctieval.protocol.load import load_trial
from ctieval.report.publish import publish


class _Expected(TypedDict, total=False):
    cohort: Cohort
    plan: PlannedDraw
    arms: Arms


TrialPath = Annotated[Path, typer.Argument(help="The trial.toml, or the folder that holds it.")]
DataPath = Annotated[
    Path | None, typer.Option("--data", help="The data table or folder, where it is not where the plan says.")
]
RowFormat = Annotated[Format, typer.Option("--format", help="How the rows are printed.")]
NOTHING_YET = (
    "the arms are drawn; no effect can be estimated yet: the extracts do not reach far enough, or hold too few"
)
EFFECTS_SHOWN = ("outcome", "estimate", "conf_low", "conf_high", "p_value", "n_treated", "n_control", "unit", "window")


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    for command in (check, screen, assign, verify, evaluate, report):
        app.command()(command)


def check(trial: TrialPath, data: DataPath = None, fmt: RowFormat = Format.TABLE) -> None:
    """Check a trial: its plan, every table, who is eligible, and the arms if they are there."""
    plan = load_trial(trial, data=data)
    rows: list[Row] = [{"what": "plan", "found": f"{len(plan.outcomes)} outcomes", "digest": plan.digest}]
    opened = open_data(plan)
    rows += [_found("data", line) for line in opened.recognised]
    waiting = isinstance(plan.assignment, PlannedDraw) and not plan.assignment.record.exists()
    if isinstance(opened, RegisterData):
        screened = opened.cohort
        rows.append(_found("eligible", f"{int(screened.eligible.sum())} of {len(screened.person_id)} screened"))
        rows += _answers(plan, opened)
    if waiting and isinstance(opened, RegisterData):
        rows += [*_blocks(plan, opened), *_missing(plan, opened), _found("arms", "not drawn yet")]
        ready = f"ready to draw; the arms are drawn, once, with: ctieval assign {trial}"
    else:
        evaluation = evaluate_loaded(plan, load_allocation(plan, opened), opened)
        rows.append(_found("arms", evaluation.effects.design or _count_arms(evaluation)))
        rows += [_found("notice", f"{n.code}: {n.subject}") for n in evaluation.warnings]
        ready = "the trial can be evaluated as it stands" if evaluation.effects.rows else NOTHING_YET
    write_rows(rows, fmt, shown=("what", "found"))
    say(ready)


def screen(trial: TrialPath, data: DataPath = None, fmt: RowFormat = Format.TABLE) -> None:
    """Count who is eligible, and who is not by first, any and only failing rule."""
    plan = load_trial(trial, data=data)
    opened = open_data(plan)
    if not isinstance(opened, RegisterData):
        say("the persons of a ready table came already screened")
        write_rows([], fmt)
        return
    rows = screening_rows(screening_flow(opened.cohort), plan.report.languages[0])
    write_rows(rows, fmt, shown=("wording", "first", "any", "only"))
    _say_not_for_publication()


def assign(trial: TrialPath, data: DataPath = None, fmt: RowFormat = Format.TABLE) -> None:
    """Draw the arms once, and write the record that proves it."""
    plan = load_trial(trial, data=data)
    opened = open_data(plan)
    if isinstance(opened, RegisterData):
        check_readiness(plan, opened)
    allocation = draw_allocation(plan, opened)
    rows: list[Row] = [
        {
            "block": label,
            "control": int(((allocation.block == b) & (allocation.arm == 0)).sum()),
            "intervention": int(((allocation.block == b) & (allocation.arm == 1)).sum()),
        }
        for b, label in enumerate(allocation.block_labels)
    ]
    write_rows(rows, fmt)
    if isinstance(plan.assignment, PlannedDraw):
        say(f"the record is {plan.assignment.record}; keep it with the data, and a copy elsewhere; never send it on")


def verify(
    record: Annotated[Path, typer.Argument(help="The record of a draw.")],
    trial: Annotated[
        Path | None, typer.Option(help="The trial: also prove that its plan and its target group are the record's.")
    ] = None,
    fmt: RowFormat = Format.TABLE,
) -> None:
    """Prove that a record follows from its persons, design and seed; with --trial, from its plan and cohort too."""
    verification = verify_record(record, **_expected(trial))
    write_rows([{"check": name, "holds": "yes" if holds else "no"} for name, holds in verification.checks], fmt)
    if verification.holds:
        say(f"the record proves its draw; its digest is {verification.record_digest}")
    if not verification.holds:
        raise RecordError(
            what="the record does not prove its draw",
            where=record.name,
            found="checks that do not hold: " + ", ".join(verification.failing),
            expected="a record as ctieval assign wrote it",
            do="find the record as it was written; nothing that follows from this one can be trusted",
        )


def evaluate(
    trial: TrialPath,
    data: DataPath = None,
    table: Annotated[
        str, typer.Option(help="effects, levels, baseline, follow_up, economics or, with JSON, all.")
    ] = "effects",
    fmt: RowFormat = Format.TABLE,
) -> None:
    """Evaluate a trial and print its results."""
    tables = _to_tables(_evaluate(trial, data))
    if table == "all" and fmt is Format.JSON:
        sys.stdout.write(to_json({name: [dict(row) for row in rows] for name, rows in tables.items()}) + "\n")
    elif table in tables:
        write_rows(tables[table], fmt, shown=EFFECTS_SHOWN if table == "effects" else ())
    else:
        raise typer.BadParameter(f"one of: {', '.join(tables)}; all needs --format json", param_hint="--table")
    _say_not_for_publication()


def report(
    trial: TrialPath,
    data: DataPath = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the report; default: rapport, beside the plan.")] = None,
) -> None:
    """Write the report in each language of the plan, under disclosure control."""
    evaluation = _evaluate(trial, data)
    folder = out or (trial if trial.is_dir() else trial.parent) / "rapport"
    for path in publish(evaluation, folder, progress=lambda name: say(f"writing {name}")):
        sys.stdout.write(f"{path}\n")


def _expected(trial: Path | None) -> _Expected:
    if trial is None:
        return {}
    plan = load_trial(trial)
    opened = open_data(plan)
    if isinstance(plan.assignment, PlannedDraw) and isinstance(opened, RegisterData):
        return {"cohort": opened.cohort, "plan": plan.assignment, "arms": plan.arms}
    return {"arms": plan.arms}


def _evaluate(trial: Path, data: Path | None) -> Evaluation:
    plan = load_trial(trial, data=data)
    opened = open_data(plan)
    for line in opened.recognised:
        say(f"recognised: {line}")
    evaluation = evaluate_loaded(plan, load_allocation(plan, opened), opened)
    for notice in evaluation.warnings:
        say(f"notice {notice.code}: {notice.subject}")
    if evaluation.warnings:
        say("what each notice means stands in the appendix of the report")
    return evaluation


def _blocks(plan: Trial, opened: RegisterData) -> Sequence[Row]:
    """One row a block that can be drawn."""
    return [
        _found(f"block {block.label}".strip(), f"{block.eligible} eligible, {float(block.target):g} to be drawn")
        for block in check_readiness(plan, opened)
    ]


def _missing(plan: Trial, opened: RegisterData) -> Sequence[Row]:
    """A row on what may still come before the outcomes are measured."""
    try:
        check_outcomes(plan, opened)
    except InputError as lacking:
        return [_found("missing", f"{lacking.what}: {lacking.where}")]
    return []


def _answers(plan: Trial, opened: RegisterData) -> Sequence[Row]:
    """One row a wave that an outcome names, and one for answers that none does."""
    rows = [
        _found(f"outcome {each.outcome}", f"{each.n} persons have answered in the wave {each.wave}")
        for each in count_answers(plan, opened)
    ]
    unnamed = count_unnamed_answers(plan, opened)
    told = _found("survey", f"{unnamed} answers are of an instrument or a wave that no outcome names")
    return [*rows, told] if unnamed else rows


def _count_arms(evaluation: Evaluation) -> str:
    """How many were drawn into each arm, where no effect says so."""
    control, intervention = evaluation.flow.allocated
    return f"{intervention} drawn into the intervention, {control} into the control"


def _found(what: str, found: str) -> Row:
    """One row of a check."""
    return {"what": what, "found": found, "digest": ""}


def _to_tables(evaluation: Evaluation) -> Mapping[str, Sequence[Row]]:
    return {
        "effects": effect_rows(evaluation.effects),
        "levels": level_rows(evaluation.levels),
        "baseline": baseline_rows(evaluation.baseline),
        "follow_up": follow_up_rows(evaluation.flow),
        "experienced": [asdict(row) for row in evaluation.experienced],
        "economics": ledger_rows(evaluation.economics),
    }


def _say_not_for_publication() -> None:
    say("for the analyst: not under disclosure control; ctieval report writes what may be published")
