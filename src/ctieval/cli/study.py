"""The commands of a whole trial: check, screen, assign, verify, evaluate, report."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

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
from ctieval.domain.evaluation import Evaluation
from ctieval.domain.trial import PlannedDraw
from ctieval.eligibility.flow import screening_flow
from ctieval.errors import RecordError
from ctieval.evaluate.data import ReadyTable, draw_allocation, load_allocation, open_data
from ctieval.evaluate.story import evaluate as evaluate_loaded
from ctieval.protocol.load import load_trial
from ctieval.report.publish import publish

TrialPath = Annotated[Path, typer.Argument(help="The trial.toml, or the folder that holds it.")]
DataPath = Annotated[
    Path | None, typer.Option("--data", help="The data table or folder, where it is not where the plan says.")
]
RowFormat = Annotated[Format, typer.Option("--format", help="How the rows are printed.")]
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
    rows += [{"what": "data", "found": line, "digest": ""} for line in opened.recognised]
    if not isinstance(opened, ReadyTable):
        rows.append({"what": "eligible", "found": repr(opened.cohort), "digest": ""})
    if isinstance(plan.assignment, PlannedDraw) and not plan.assignment.record.exists():
        rows.append({"what": "arms", "found": "not drawn yet", "digest": ""})
    else:
        evaluation = evaluate_loaded(plan, load_allocation(plan, opened), opened)
        rows.append({"what": "arms", "found": evaluation.effects.design, "digest": ""})
        rows += [{"what": "notice", "found": f"{n.code}: {n.subject}", "digest": ""} for n in evaluation.warnings]
    write_rows(rows, fmt)
    say("the trial can be evaluated as it stands" if rows[-1]["found"] != "not drawn yet" else "ready to draw")


def screen(trial: TrialPath, data: DataPath = None, fmt: RowFormat = Format.TABLE) -> None:
    """Count who is eligible, and who is not by first, any and only failing rule."""
    plan = load_trial(trial, data=data)
    opened = open_data(plan)
    if isinstance(opened, ReadyTable):
        say("the persons of a ready table came already screened")
        write_rows([], fmt)
        return
    write_rows(screening_rows(screening_flow(opened.cohort)), fmt)
    _say_not_for_publication()


def assign(trial: TrialPath, data: DataPath = None, fmt: RowFormat = Format.TABLE) -> None:
    """Draw the arms once, and write the record that proves it."""
    plan = load_trial(trial, data=data)
    allocation = draw_allocation(plan, open_data(plan))
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
        say(f"the record is {plan.assignment.record}; keep it with the data, it holds the identifiers")


def verify(
    record: Annotated[Path, typer.Argument(help="The record of a draw.")], fmt: RowFormat = Format.TABLE
) -> None:
    """Prove that a record follows from its cohort, design and seed."""
    verification = verify_record(record)
    write_rows([{"check": name, "holds": "yes" if holds else "no"} for name, holds in verification.checks], fmt)
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


def _evaluate(trial: Path, data: Path | None) -> Evaluation:
    plan = load_trial(trial, data=data)
    opened = open_data(plan)
    for line in opened.recognised:
        say(f"recognised: {line}")
    evaluation = evaluate_loaded(plan, load_allocation(plan, opened), opened)
    for notice in evaluation.warnings:
        say(f"notice {notice.code}: {notice.subject}")
    return evaluation


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
