"""Chapter 1: the project, the municipalities, design and data, and how the report is read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ctieval.domain.outcome import AmountOutcome, Measure, MeasuredIn, Outcome, StateOutcome
from ctieval.report.cells import HIDDEN, Col, Kind, Row, RowRole
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.municipality import joint_sentence
from ctieval.report.chapters.sources import data_source, drawn_note, plan_source
from ctieval.report.chapters.values import to_count
from ctieval.report.inline import embolden
from ctieval.report.model import Block, Box, BoxKind, Bullets, Para, Section, Table

_READING = ("effect", "interval", "p_value", "persons", "marks", "missing")


def build_introduction(context: Context) -> Section:
    """Build chapter 1."""
    return Section(
        "introduction",
        context.text("introduction.title"),
        sections=(
            Section("project", context.text("introduction.project.title"), tuple(_project(context))),
            Section("municipalities", context.text(f"introduction.{_unit(context)}.title"), tuple(_blocks(context))),
            Section("design", context.text("introduction.design.title"), tuple(_design(context))),
            *_statements(context),
            Section("reading", context.text("introduction.reading.title"), (_reading_help(context),)),
        ),
    )


def _project(context: Context) -> Iterator[Block]:
    trial = context.evaluation.trial
    title = context.label(trial.title)
    if trial.start is not None and trial.end is not None:
        period = {"start": context.fmt.date(trial.start), "end": context.fmt.date(trial.end - timedelta(days=1))}
        yield Para(context.text("introduction.project.period", title=title, **period))
    else:
        yield Para(context.text("introduction.project.undated", title=title))
    yield Para(context.text("introduction.project.arms"))
    if trial.report.about:
        yield Para(context.text("introduction.project.about", about=trial.report.about))
    else:
        yield context.missing("description", "trial.toml")


def _unit(context: Context) -> str:
    return "blocks" if context.blocked_by not in ("", "municipality") else "municipalities"


def _blocks(context: Context) -> Iterator[Block]:
    blocks = context.evaluation.flow.blocks
    if context.evaluation.part is not None:
        yield Para(joint_sentence(context))
        return
    if not context.blocked_by or not blocks:
        yield context.missing("municipalities", "trial.toml")
        return
    unit = _unit(context)
    yield Para(context.text(f"introduction.{unit}.lead", n=len(blocks)))
    rows = [
        Row((context.block_name(each.block), to_count(each.intervention), to_count(each.control))) for each in blocks
    ]
    control, treated = (to_count(n) for n in context.evaluation.flow.allocated)
    yield Table(
        id="blocks",
        caption=context.text(f"introduction.{unit}.caption"),
        columns=(
            Col("block", context.text(f"introduction.{unit}.head")),
            Col("intervention", context.text("head.intervention"), Kind.COUNT),
            Col("control", context.text("head.control"), Kind.COUNT),
        ),
        rows=(*rows, Row((context.text("head.total"), treated, control), RowRole.TOTAL)),
        source=data_source(context),
        n_note=drawn_note(context),
    )


def _design(context: Context) -> Iterator[Block]:
    control, treated = (HIDDEN.value if n is None else n for n in context.evaluation.flow.allocated)
    kind = type(context.evaluation.design).__name__.lower()
    proof = type(context.evaluation.proof).__name__.lower()
    drawn = context.text(f"design.{kind}", control=control, treated=treated, unit=context.block_word)
    yield Para(f"{drawn} {context.text(f'proof.{proof}')}")
    yield Para(context.text("introduction.design.why"))
    yield Para(context.text("introduction.design.data", source=context.label(context.evaluation.trial.data.source)))
    outcomes = context.evaluation.trial.outcomes
    if outcomes:
        yield Para(context.text("introduction.design.outcomes"))
        yield _outcomes(context, outcomes)


def _outcomes(context: Context, outcomes: tuple[Outcome, ...]) -> Table:
    heads = ("outcome", "role", "window", "measured_in", "better_when")
    return Table(
        id="outcomes",
        caption=context.text("introduction.design.caption"),
        columns=tuple(Col(name, context.text(f"head.{name}")) for name in heads),
        rows=tuple(
            Row(
                (
                    context.label(each.label),
                    context.text(f"role.{each.role.value}"),
                    window_text(context, each),
                    context.text(f"measured_in.{each.measured_in.value}"),
                    context.text(f"better_when.{each.better_when.value}"),
                )
            )
            for each in outcomes
        ),
        source=plan_source(context),
        n_note=context.text("persons.none_plan"),
        note=context.text("introduction.design.note") if _has_one_arm(outcomes) else "",
    )


def window_text(context: Context, outcome: Outcome) -> str:
    """Say when an outcome is measured."""
    if isinstance(outcome, StateOutcome) and outcome.measure is Measure.AT_WEEK:
        return context.text("window.week", start=outcome.window.start)
    if isinstance(outcome, StateOutcome | AmountOutcome):
        key = "window.weeks" if outcome.window.start else "window.first"
        return context.text(key, start=outcome.window.start, end=outcome.window.end)
    wave = outcome.window_text
    return context.text("window.wave", wave=wave) if wave else context.text("window.unstated")


def _has_one_arm(outcomes: tuple[Outcome, ...]) -> bool:
    return any(each.measured_in is MeasuredIn.INTERVENTION for each in outcomes)


def _statements(context: Context) -> tuple[Section, ...]:
    """Print what only the evaluator can tell; what is not told stands in the checklists of the appendix."""
    stated = context.evaluation.trial.report.statements
    if not stated:
        return ()
    points = tuple(f"{embolden(context.text(f'statement.{each.kind}'))}: {context.label(each.text)}" for each in stated)
    return (Section("statements", context.text("statements.title"), (Bullets(points),)),)


def _reading_help(context: Context) -> Box:
    points = tuple(context.text(f"introduction.reading.{name}", smallest=_smallest_cell(context)) for name in _READING)
    return Box(BoxKind.READING_HELP, context.text("introduction.reading.box"), (Bullets(points),))


def _smallest_cell(context: Context) -> int:
    suppression = context.evaluation.suppression
    return context.evaluation.trial.report.smallest_cell if suppression is None else suppression.smallest_cell
