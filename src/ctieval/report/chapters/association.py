"""Section 4.3: how what participants experienced hangs together with a job; an association, never an effect."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ctieval.domain.association import AssociationRow
from ctieval.report.cells import ABSENT, HIDDEN, Cell, Col, Interval, Kind, Measured, Row
from ctieval.report.chapters.baseline import with_unit
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.sources import data_source
from ctieval.report.chapters.values import to_count
from ctieval.report.fmt import effect_kind, level_kind
from ctieval.report.model import Block, Box, BoxKind, Para, Section, Table

HEADS = ("with", "without")


def build_association(context: Context) -> Section:
    """Build the section."""
    return Section("association", context.text("effects.association.title"), tuple(_association(context)))


def _association(context: Context) -> Iterator[Block]:
    rows = context.evaluation.association
    if not rows:
        yield context.missing("association", "trial.toml")
        return
    level = context.fmt.level(rows[0].conf_level)
    yield Para(context.text("association.lead"))
    yield Table(
        id="association",
        caption=context.text("association.caption"),
        columns=(
            Col("outcome", context.text("head.measure")),
            Col("grouped_by", context.text("association.head.grouped_by")),
            *(Col(head, context.text(f"association.head.{head}"), Kind.RATIO) for head in HEADS),
            Col("difference", context.text("head.difference"), Kind.RATIO),
            Col("interval", context.text("head.interval", level=level), Kind.CI),
            *(Col(f"n_{head}", context.text(f"association.head.n_{head}"), Kind.COUNT) for head in HEADS),
        ),
        rows=tuple(_row(context, row) for row in rows),
        source=data_source(context),
        n_note=context.text("association.n"),
    )
    yield Box(BoxKind.NOTE, context.text("association.box"), (Para(context.text("association.caution")),))


def _row(context: Context, row: AssociationRow) -> Row:
    decimals = context.decimals(row.outcome)

    def cell(value: float, *, change: bool = False) -> Cell:
        if math.isnan(value):
            return HIDDEN
        return Measured(value, effect_kind(row.unit) if change else level_kind(row.unit), decimals, signed=change)

    interval: Cell = HIDDEN if row.n_with is None else ABSENT
    if row.conf_low <= row.conf_high:
        interval = Measured(Interval(row.conf_low, row.conf_high, row.conf_level), effect_kind(row.unit), decimals)
    return Row(
        (
            with_unit(context, context.outcome_label(row.outcome), row.unit),
            context.outcome_label(row.grouped_by),
            cell(row.mean_with),
            cell(row.mean_without),
            cell(row.difference, change=True),
            interval,
            to_count(row.n_with),
            to_count(row.n_without),
        )
    )
