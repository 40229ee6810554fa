"""The commands of a whole trial: check, screen, assign, verify, evaluate, report."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypedDict

import typer

from ctieval.assignment.intake.chain import is_intake_record
from ctieval.assignment.record import Occasion
from ctieval.assignment.record import verify as verify_record
from ctieval.cli.console import Format, Row, say, to_json, write_rows
from ctieval.cli.cost_rows import cost_rows, reconciled_rows
from ctieval.cli.estimate_rows import estimate_tables
from ctieval.cli.intake import describe_open_intake, verify_intake_record
from ctieval.cli.lock import say_masked
from ctieval.cli.own_report import Municipality, evaluate_own_report
from ctieval.cli.prospect_rows import prospect_tables
from ctieval.cli.rates import unasked_rates
from ctieval.cli.report_files import (
    ALL_FORMATS,
    USUAL_AUDIENCES,
    Audiences,
    Formats,
    Open,
    list_files,
    read_audiences,
    read_formats,
    tell_steps,
)
from ctieval.cli.rows import (
    alternative_rows,
    balance_rows,
    band_rows,
    baseline_rows,
    day_rows,
    draw_check_rows,
    drawn_rows,
    effect_rows,
    follow_up_rows,
    instrument_rows,
    ledger_rows,
    level_rows,
    screening_rows,
)
from ctieval.domain.arms import Arms
from ctieval.domain.cohort import Cohort
from ctieval.domain.criterion import Eligibility
from ctieval.domain.evaluation import Evaluation
from ctieval.domain.trial import PlannedDraw, PlannedIntake, Trial
from ctieval.eligibility.dates import screen_dates
from ctieval.eligibility.flow import screening_flow
from ctieval.eligibility.screen import screen as screen_registers
from ctieval.errors import InputError, RecordError
from ctieval.evaluate.data import RegisterData, draw_allocation, list_unknown_codes, load_allocation, open_data
from ctieval.evaluate.draw_protocol import write_draw_protocol
from ctieval.evaluate.measure import count_alternatives
from ctieval.evaluate.readiness import (
    check_outcomes,
    check_readiness,
    count_answers,
    count_unnamed_answers,
    describe_draw,
)
from ctieval.evaluate.story import evaluate as evaluate_loaded
from ctieval.protocol.load import load_trial
from ctieval.registers.coded_weeks import code_error
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
ALTERNATIVES_SHOWN = ("wording", "eligible", "gained", "lost", "not_assessable", "drawn_eligible")
SHOWN = {
    **dict.fromkeys(
        ("adjusted", "compliers"),
        ("outcome", "method", "estimate", "conf_low", "conf_high", "p_value", "n_treated", "n_control", "unit"),
    ),
    "effects": ("outcome", "estimate", "conf_low", "conf_high", "p_value", "n_treated", "n_control", "unit", "window"),
    "costs": ("row", "part", "category", "ingredient", "unit_price", "intervention", "control", "difference", "grade"),
}


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    for command in (check, screen, assign, verify, evaluate, report):
        app.command()(command)


class UnknownCodes(StrEnum):
    """What becomes of register codes in no code list."""

    STOP = "stop"
    REPORT = "report"


def check(
    trial: TrialPath,
    data: DataPath = None,
    unknown_codes: Annotated[
        UnknownCodes,
        typer.Option(help="Stop at the first register code in no code list, or report them all and nothing else."),
    ] = UnknownCodes.STOP,
    fmt: RowFormat = Format.TABLE,
) -> None:
    """Check a trial: its plan, every table, who is eligible, and the arms if they are there."""
    plan = load_trial(trial, data=data)
    if unknown_codes is UnknownCodes.REPORT:
        _report_unknown_codes(plan, fmt)
        return
    rows: list[Row] = [{"what": "plan", "found": f"{len(plan.outcomes)} outcomes", "digest": plan.digest}]
    opened = open_data(plan)
    rows += [_found("data", line) for line in opened.recognised]
    rows += [_found("rates", line) for line in unasked_rates(plan)]
    waiting = isinstance(plan.assignment, PlannedDraw) and not plan.assignment.record.exists()
    if isinstance(opened, RegisterData):
        screened = opened.cohort
        rows.append(_found("eligible", f"{int(screened.eligible.sum())} of {len(screened.person_id)} screened"))
        rows += _answers(plan, opened)
    if isinstance(plan.assignment, PlannedIntake) and (found := describe_open_intake(plan.assignment)):
        rows.append(_found("arms", found))
        ready = f"persons are drawn one at a time, with: ctieval intake admit {trial}"
    elif waiting and isinstance(opened, RegisterData):
        rows += [*_blocks(plan, opened), *_missing(plan, opened), _found("arms", "not drawn yet")]
        ready = f"ready to draw; the arms are drawn, once, with: ctieval assign {trial}"
    else:
        evaluation = evaluate_loaded(plan, load_allocation(plan, opened), opened)
        rows.append(_found("arms", evaluation.effects.design or _count_arms(evaluation)))
        rows += [_found("notice", f"{n.code}: {n.subject}") for n in evaluation.warnings]
        ready = "the trial can be evaluated as it stands" if evaluation.effects.rows else NOTHING_YET
    write_rows(rows, fmt, shown=("what", "found"))
    say(ready)


def screen(
    trial: TrialPath,
    data: DataPath = None,
    sensitivity: Annotated[
        bool, typer.Option("--sensitivity", help="Count who would be eligible under other thresholds.")
    ] = False,
    as_of: Annotated[
        list[datetime] | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="Another day than the planned; given twice, a row a day."),
    ] = None,
    fmt: RowFormat = Format.TABLE,
) -> None:
    """Count who is eligible, and who is not by first, any and only failing rule."""
    plan = load_trial(trial, data=data)
    opened = open_data(plan)
    if not isinstance(opened, RegisterData):
        say("the persons of a ready table came already screened")
        write_rows([], fmt)
        return
    days = [day.date() for day in as_of or ()]
    if sensitivity and len(days) > 1:
        raise typer.BadParameter("one day at a time with --sensitivity", param_hint="--as-of")
    asked = plan.eligibility or Eligibility(opened.cohort.as_of, ())
    if len(days) > 1:
        write_rows(day_rows(screen_dates(asked, opened.registers, opened.codes, days)), fmt)
    else:
        asked = replace(asked, as_of=days[0] if days else asked.as_of)
        _write_screening(replace(plan, eligibility=asked), opened, sensitivity=sensitivity, fmt=fmt)
    _say_not_for_publication()


def assign(
    trial: TrialPath,
    data: DataPath = None,
    drawn_by: Annotated[str, typer.Option(help="Who draws, for the record.")] = "",
    fmt: RowFormat = Format.TABLE,
) -> None:
    """Draw the arms once, and write the record that proves it."""
    plan = load_trial(trial, data=data)
    opened = open_data(plan)
    if isinstance(opened, RegisterData):
        check_readiness(plan, opened)
    allocation = draw_allocation(plan, opened, occasion=Occasion(datetime.now(UTC), drawn_by))  # noqa: TID251
    write_rows(drawn_rows(allocation), fmt)
    for notice in allocation.notices:
        say(f"notice {notice.code}: {notice.subject}")
    if isinstance(plan.assignment, PlannedDraw):
        say(f"the record is {plan.assignment.record}; keep it with the data, and a copy elsewhere; never send it on")
        written = ", ".join(path.name for path in write_draw_protocol(trial))
        say(f"the draw protocol is {written}, beside the record; print it, let two sign it, and file it")


def verify(
    record: Annotated[Path, typer.Argument(help="The record of a draw.")],
    trial: Annotated[
        Path | None, typer.Option(help="The trial: also prove that its plan and its target group are the record's.")
    ] = None,
    fmt: RowFormat = Format.TABLE,
) -> None:
    """Prove that a record follows from its persons, design and seed; with --trial, from its plan and cohort too."""
    if is_intake_record(record):
        verify_intake_record(record, trial, fmt)
        return
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
        str,
        typer.Option(
            help="effects, levels, baseline, balance, draw, follow_up, experienced, instruments, bands, "
            "adjusted, risks, take_up, compliers, estimands, economics, scenarios, curve, budget_years, decision, "
            "costs, reconciliation or, with JSON, all."
        ),
    ] = "effects",
    fmt: RowFormat = Format.TABLE,
) -> None:
    """Evaluate a trial and print its results."""
    tables = _to_tables(_evaluate(trial, data))
    if table == "all" and fmt is Format.JSON:
        sys.stdout.write(to_json({name: [dict(row) for row in rows] for name, rows in tables.items()}) + "\n")
    elif table in tables:
        shown = SHOWN.get(table, ())
        several = table == "effects" and len({row["contrast"] for row in tables[table]}) > 1
        write_rows(tables[table], fmt, shown=(*shown[:1], "contrast", *shown[1:]) if several else shown)
    else:
        raise typer.BadParameter(f"one of: {', '.join(tables)}; all needs --format json", param_hint="--table")
    _say_not_for_publication()


def report(
    trial: TrialPath,
    data: DataPath = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the report; default: rapport, beside the plan.")] = None,
    audience: Audiences = USUAL_AUDIENCES,
    formats: Formats = ALL_FORMATS,
    *,
    municipality: Municipality = None,
    show: Open = False,
) -> None:
    """Write the report, and what else is asked for, in each language of the plan, under disclosure control."""
    asked = read_formats(formats)
    audiences = read_audiences(audience, asked)
    with tell_steps("evaluating the trial") as tell:
        usual = (trial if trial.is_dir() else trial.parent) / "rapport"
        if municipality is None:
            evaluation = _evaluate(trial, data)
        else:
            evaluation, own = evaluate_own_report(trial, data, municipality, tell=tell)
            usual /= own
        paths = publish(
            evaluation,
            out or usual,
            audiences=audiences,
            formats=asked,
            progress=lambda name: tell(f"writing {name}"),
        )
    list_files(paths, show_first=show)


def _report_unknown_codes(plan: Trial, fmt: Format) -> None:
    """Print every register code in no code list; where there is one, the command ends as it does without the option."""
    found = list_unknown_codes(plan)
    write_rows([asdict(each) for each in found], fmt, shown=("code", "n_weeks", "first_week", "last_week"))
    if found:
        raise code_error(found, file="the table of weekly codes")
    say("every register code stands in the code list")


def _write_screening(plan: Trial, opened: RegisterData, *, sensitivity: bool, fmt: Format) -> None:
    """Print the flow on the day that the plan looks people up, or the target group under other thresholds."""
    if plan.eligibility is None:
        return
    lang = plan.report.languages[0]
    if not sensitivity:
        cohort = screen_registers(plan.eligibility, opened.registers, opened.codes)
        write_rows(screening_rows(screening_flow(cohort), lang), fmt, shown=("wording", "first", "any", "only"))
        return
    waiting = isinstance(plan.assignment, PlannedDraw) and not plan.assignment.record.exists()
    found = count_alternatives(plan, opened, None if waiting else load_allocation(plan, opened))
    rows = [] if found is None else alternative_rows(found, lang)
    if not rows:
        say("the plan has neither a least age nor a least number of weeks, so there is no threshold to change")
    write_rows(rows, fmt, shown=ALTERNATIVES_SHOWN[: 5 if waiting else 6])


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
    allocation = load_allocation(plan, opened)
    evaluation = evaluate_loaded(plan, allocation, opened)
    notices = (*evaluation.warnings, *(evaluation.economics.warnings if evaluation.economics else ()))
    for notice in notices:
        say(f"notice {notice.code}: {notice.subject}")
    if notices:
        say("what each notice means stands in the appendix of the report")
    say_masked(allocation.proof)
    return evaluation


def _blocks(plan: Trial, opened: RegisterData) -> Sequence[Row]:
    """One row a block that can be drawn."""
    return [
        _found(f"block {block.label}".strip(), f"{block.eligible} eligible, {float(block.target):g} to be drawn")
        for block in check_readiness(plan, opened)
    ] + [_found("notice", f"{notice.code}: {notice.subject}") for notice in describe_draw(plan, opened)]


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
        "balance": balance_rows(evaluation.balance),
        "draw": draw_check_rows(evaluation.balance),
        "follow_up": follow_up_rows(evaluation.flow),
        "experienced": [asdict(row) for row in evaluation.experienced],
        "instruments": instrument_rows(evaluation.instruments),
        "bands": band_rows(evaluation.instruments),
        **estimate_tables(evaluation),
        "economics": ledger_rows(evaluation.economics),
        "costs": cost_rows(evaluation.costing),
        "reconciliation": reconciled_rows(evaluation.costing),
        **prospect_tables(evaluation.economics),
    }


def _say_not_for_publication() -> None:
    say("for the analyst: not under disclosure control; ctieval report writes what may be published")
