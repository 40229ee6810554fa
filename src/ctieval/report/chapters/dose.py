"""How much the intervention group was given, as a picture; how far it came in the programme is the funnel's."""

from __future__ import annotations

from collections.abc import Iterator

from ctieval.domain.compliance_table import TakeUpRow, TakeUpStep
from ctieval.report.cells import HIDDEN, Col, Kind, Row
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.sources import data_source
from ctieval.report.chapters.values import to_count
from ctieval.report.count_drawing import CountChart, CountPanel, CountRow
from ctieval.report.model import Block, Figure, Para

_FEWEST = 2
"""Steps that it takes to compare."""


def build_dose(context: Context) -> Iterator[Block]:
    """Build the figure of contacts; there is none without a log, or where what it counts is hidden."""
    table = context.evaluation.compliance
    drawn = None if table is None else table.drawn[1]
    if table is None or not drawn:
        return
    steps = [each for each in table.steps if each.step is TakeUpStep.LOGGED]
    rows = tuple(_row(context, each, drawn) for each in steps)
    if len([row for row in rows if row.share is not None]) >= _FEWEST:
        yield Para(context.text("implementation.dose.lead"))
        yield _figure(context, rows, drawn)


def _row(context: Context, step: TakeUpRow, drawn: int) -> CountRow:
    label = context.words.counted("compliance.step.logged", step.contacts, activity="")
    share = None if step.intervention is None else step.intervention / drawn
    return CountRow(label, to_count(step.intervention), share)


def _figure(context: Context, rows: tuple[CountRow, ...], drawn: int) -> Figure:
    first, *_, last = (row for row in rows if row.share is not None)
    return Figure(
        id="dose",
        caption=context.text("implementation.dose.caption"),
        alt=context.text(
            "implementation.dose.alt",
            first=first.label,
            first_share=context.fmt.share(first.share or 0.0, 0),
            last=last.label,
            last_share=context.fmt.share(last.share or 0.0, 0),
        ),
        draw=CountChart((CountPanel(rows),), context.text("implementation.reach.axis")),
        columns=(
            Col("contacts", context.text("head.step")),
            Col("reached", context.text("head.reached"), Kind.COUNT),
            Col("share", context.text("head.share_of_drawn"), Kind.SHARE, unit=context.fmt.unit(Kind.SHARE)),
        ),
        rows=tuple(Row((row.label, row.n, HIDDEN if row.share is None else row.share)) for row in rows),
        source=data_source(context),
        n_note=context.text("persons.intervention", n=context.fmt.count(drawn)),
        note=context.text("implementation.dose.note"),
    )
