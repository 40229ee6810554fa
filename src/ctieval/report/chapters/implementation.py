"""Chapter 3: what the intervention is, and what was given; never whether it helped."""

from __future__ import annotations

from collections.abc import Iterator

from ctieval.domain.implementation_table import FunnelStep, ImplementationTable
from ctieval.report.cells import HIDDEN, Cell, Col, Kind, Row
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.dose import build_dose
from ctieval.report.chapters.sources import data_source
from ctieval.report.chapters.values import to_count, to_number
from ctieval.report.count_drawing import CountChart, CountPanel, CountRow
from ctieval.report.model import Block, Figure, Para, Section, Table


def build_implementation(context: Context) -> Section:
    """Build chapter 3."""
    return Section(
        "implementation",
        context.text("implementation.title"),
        sections=(
            Section("model", context.text("implementation.model.title"), (_model(context),)),
            Section("given", context.text("implementation.given.title"), tuple(_given(context))),
        ),
    )


def _model(context: Context) -> Block:
    about = context.evaluation.trial.report.about
    if about:
        return Para(context.text("implementation.model.about", about=about))
    return context.missing("intervention_model", "trial.toml")


def _given(context: Context) -> Iterator[Block]:
    table = context.evaluation.implementation
    if table is None or not table.steps:
        yield context.missing("implementation", "activity.csv")
        return
    yield Para(context.text("implementation.given.lead"))
    if table.drawn and any(step.reached is not None for step in table.steps):
        yield Para(context.text("implementation.reach.lead"))
        yield _picture(context, table, table.drawn)
    yield _funnel(context, table)
    first = table.steps[0]
    yield Para(
        context.text(
            "implementation.given.first",
            step=first.step,
            reached=context.fmt.count(to_count(first.reached)),
            drawn=context.fmt.count(to_count(table.drawn)),
        )
    )
    yield from build_dose(context)
    yield Para(context.text("implementation.given.caution"))


def _picture(context: Context, table: ImplementationTable, drawn: int) -> Figure:
    everybody = CountRow(context.text("implementation.reach.drawn"), drawn, 1.0)
    counts = (everybody, *(CountRow(step.step, to_count(step.reached), _share_of(step, drawn)) for step in table.steps))
    told = [row for row in counts if row.share is not None]
    last = told[-1]
    return Figure(
        id="reach",
        caption=context.text("implementation.reach.caption"),
        alt=context.text(
            "implementation.reach.alt",
            n=len(table.steps),
            drawn=context.fmt.count(drawn),
            step=last.label,
            share=context.fmt.share(last.share or 0.0, 0),
        ),
        draw=CountChart((CountPanel(counts),), context.text("implementation.reach.axis")),
        columns=(
            Col("step", context.text("head.step")),
            Col("reached", context.text("head.reached"), Kind.COUNT),
            Col("share", context.text("head.share_of_drawn"), Kind.SHARE, unit=context.fmt.unit(Kind.SHARE)),
        ),
        rows=tuple(Row((row.label, row.n, HIDDEN if row.share is None else row.share)) for row in counts),
        source=data_source(context),
        n_note=context.text("persons.intervention", n=context.fmt.count(drawn)),
        note=_note(context, hides=len(told) < len(counts)),
    )


def _note(context: Context, *, hides: bool) -> str:
    note = context.text("implementation.reach.note")
    return f"{note} {context.text('implementation.reach.hidden')}" if hides else note


def _share_of(step: FunnelStep, drawn: int) -> float | None:
    return None if step.reached is None or not drawn else step.reached / drawn


def _funnel(context: Context, table: ImplementationTable) -> Table:
    return Table(
        id="funnel",
        caption=context.text("implementation.given.caption"),
        columns=(
            Col("step", context.text("head.step")),
            Col("reached", context.text("head.reached"), Kind.COUNT),
            Col("share", context.text("head.share_of_drawn"), Kind.SHARE, unit=context.fmt.unit(Kind.SHARE)),
            Col("contacts", context.text("head.contacts"), Kind.RATIO, decimals=1),
            Col("hours", context.text("head.hours"), Kind.HOURS, decimals=1),
        ),
        rows=tuple(
            Row(
                (
                    step.step,
                    to_count(step.reached),
                    _share(step, table.drawn),
                    to_number(step.contacts_mean, step.reached),
                    to_number(step.hours_mean, step.reached),
                )
            )
            for step in table.steps
        ),
        source=data_source(context),
        n_note=context.text("persons.intervention", n=context.fmt.count(to_count(table.drawn))),
        note=context.text("implementation.given.note"),
    )


def _share(step: FunnelStep, drawn: int | None) -> Cell:
    share = None if drawn is None else _share_of(step, drawn)
    return HIDDEN if share is None else share
