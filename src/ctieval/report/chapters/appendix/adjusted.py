"""Every effect beside the same effect adjusted for what the plan names: does the conclusion hold?"""

from __future__ import annotations

import math
from collections.abc import Iterator

from ctieval.domain.adjusted_effect import AdjustedEffect
from ctieval.domain.effects_plan import Headline
from ctieval.report.cells import ABSENT, HIDDEN, Cell, Col, Kind, Row
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.sources import data_source, drawn_note
from ctieval.report.chapters.values import to_estimate, to_interval
from ctieval.report.fmt import effect_kind
from ctieval.report.model import Block, Para, Section, Table


def build_adjusted(context: Context) -> Iterator[Section]:
    """Build the section on adjustment; nothing where the plan names nothing to adjust for."""
    if context.evaluation.trial.effects.adjust_for:
        yield Section("adjusted", context.text("appendix.adjusted.title"), tuple(_blocks(context)))


def _blocks(context: Context) -> Iterator[Block]:
    plan, rows = context.evaluation.trial.effects, context.evaluation.adjusted
    labels = {each.name: context.label(each.label) for each in context.evaluation.trial.baseline}
    named = ", ".join(labels[name] for name in plan.adjust_for)
    yield Para(context.text("appendix.adjusted.lead", characteristics=named))
    if not rows:
        yield Para(context.text("appendix.adjusted.nothing"))
        return
    leads = plan.headline is Headline.ADJUSTED
    yield Para(context.text("appendix.adjusted.adjusted_leads" if leads else "appendix.adjusted.difference_leads"))
    level = context.fmt.level(rows[0].adjusted.conf_level)
    yield Table(
        id="adjusted",
        caption=context.text("appendix.adjusted.caption"),
        columns=(
            Col("outcome", context.text("head.outcome")),
            Col("unadjusted", context.text("appendix.adjusted.head.unadjusted"), Kind.RATIO),
            Col("unadjusted_interval", context.text("head.interval", level=level), Kind.CI),
            Col("adjusted", context.text("appendix.adjusted.head.adjusted"), Kind.RATIO),
            Col("adjusted_interval", context.text("head.interval", level=level), Kind.CI),
            Col("error_ratio", context.text("appendix.adjusted.head.error_ratio"), Kind.RATIO, decimals=2),
        ),
        rows=tuple(_row(context, row) for row in rows),
        source=data_source(context),
        n_note=drawn_note(context),
        note=context.text("appendix.adjusted.note"),
    )


def _row(context: Context, row: AdjustedEffect) -> Row:
    decimals = context.decimals(row.adjusted.outcome)
    unit = context.fmt.unit(effect_kind(row.adjusted.unit))
    label = context.outcome_label(row.adjusted.outcome)
    name = f"{label} ({unit})" if unit else label
    return Row(
        (
            name,
            *(
                cell
                for effect in (row.unadjusted, row.adjusted)
                for cell in (to_estimate(effect, decimals), to_interval(effect, decimals))
            ),
            _ratio(row),
        )
    )


def _ratio(row: AdjustedEffect) -> Cell:
    if math.isnan(row.error_ratio):
        return HIDDEN if math.isnan(row.adjusted.estimate) else ABSENT
    return row.error_ratio
