"""The target group under other thresholds than the planned ones; disclosure control has rounded every number."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from ctieval.domain.sensitivity import Alternative, TargetSensitivity, Thresholds, Varied
from ctieval.domain.wording import Phrase
from ctieval.report.catalogue import Catalogue
from ctieval.report.cells import ABSENT, Col, Kind, Row, RowRole
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.sources import data_source
from ctieval.report.chapters.values import to_count
from ctieval.report.model import Block, Para, Section, Table


def build_sensitivity(context: Context) -> Iterator[Section]:
    """Build the section on other thresholds; nothing where nobody was screened."""
    if context.evaluation.sensitivity is not None:
        blocks = tuple(_blocks(context, context.evaluation.sensitivity))
        yield Section("sensitivity", context.text("appendix.sensitivity.title"), blocks)


def _blocks(context: Context, table: TargetSensitivity) -> Iterator[Block]:
    if not table.one_way:
        yield Para(context.text("appendix.sensitivity.nothing"))
        return
    yield Para(context.text("appendix.sensitivity.lead"))
    yield _one_way(context, table)


def _one_way(context: Context, table: TargetSensitivity) -> Table:
    screening = context.evaluation.flow.screening
    screened = to_count(None if screening is None else screening.screened)
    columns = ("eligible_about", "gained", "lost", "not_assessable")
    return Table(
        id="sensitivity",
        caption=context.text("appendix.sensitivity.caption"),
        columns=(
            Col("threshold", context.text("head.threshold")),
            *(Col(name, context.text(f"head.{name}"), Kind.COUNT) for name in columns),
        ),
        rows=tuple(_rows(context, table)),
        source=data_source(context),
        n_note=context.text("persons.screened", n=context.fmt.count(screened)),
        note=f"{context.text('appendix.sensitivity.note')} {_rounding(context, table)}".strip(),
    )


def _rows(context: Context, table: TargetSensitivity) -> Iterator[Row]:
    for varied, alternatives in groupby(table.one_way, key=lambda row: row.varied):
        yield Row((context.text(f"appendix.sensitivity.group.{varied.value}"),), RowRole.GROUP)
        for row in alternatives:
            name = name_alternative(context.words, row, planned=table.planned)
            planned = row.thresholds == table.planned
            changes = (ABSENT, ABSENT) if planned else (to_count(row.gained), to_count(row.lost))
            yield Row((name, to_count(row.eligible), *changes, to_count(row.not_assessable)), RowRole.SUB)


def name_alternative(words: Catalogue, row: Alternative, *, planned: Thresholds) -> str:
    """Name an alternative by what it changes, and say where that is the plan's own.

    Args:
        words: The text catalogue.
        row: The alternative.
        planned: The thresholds of the plan.
    """
    name = _name(words, row)
    return words.text("appendix.sensitivity.planned", name=name) if row.thresholds == planned else name


def _name(words: Catalogue, row: Alternative) -> str:
    changed = row.thresholds
    if row.varied is Varied.GAP_RULE and changed.gap_rule is not None:
        return words.text(f"appendix.sensitivity.gap_rule.{changed.gap_rule.value}")
    facts = (("years", changed.years or 0), ("weeks", changed.weeks or 0), ("benefits", changed.benefits or ""))
    return words.phrase(Phrase(f"appendix.sensitivity.{row.varied.value}", facts))


def _rounding(context: Context, table: TargetSensitivity) -> str:
    if table.rounded_to == 1:
        return ""
    return context.text("appendix.sensitivity.rounded", step=table.rounded_to, below=table.rounded_to - 1)
