"""The arms before the draw, side by side, and the check of the draw; a difference here is chance."""

from __future__ import annotations

from collections.abc import Iterator

from ctieval.domain.description import BaselineRow
from ctieval.report.cells import Cell, Col, Kind, Row
from ctieval.report.chapters.appendix.draw_check import build_draw_check
from ctieval.report.chapters.baseline import baseline_rows
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.paths import build_placebo
from ctieval.report.chapters.sources import data_source, drawn_note
from ctieval.report.chapters.values import to_count, to_mean, to_number
from ctieval.report.model import Block, Para, Section, Table


def build_balance(context: Context) -> Section:
    """Build the section on balance."""
    return Section("balance", context.text("appendix.balance.title"), (*_blocks(context), *build_placebo(context)))


def _blocks(context: Context) -> Iterator[Block]:
    if not context.evaluation.baseline:
        yield context.missing("baseline", "trial.toml")
        return
    key = "lead_blocked" if context.blocked_by else "lead"
    yield Para(context.text(f"appendix.balance.{key}", unit=context.block_word))
    yield Table(
        id="balance",
        caption=context.text("appendix.balance.caption"),
        columns=(
            Col("characteristic", context.text("head.characteristic")),
            Col("intervention", context.text("head.intervention"), Kind.RATIO),
            Col("n_treated", context.text("head.n"), Kind.COUNT),
            Col("control", context.text("head.control"), Kind.RATIO),
            Col("n_control", context.text("head.n"), Kind.COUNT),
            Col("std_difference", context.text("head.std_difference"), Kind.RATIO, decimals=2),
        ),
        rows=_rows(context),
        source=data_source(context),
        n_note=drawn_note(context),
        note=context.text("appendix.balance.note"),
    )
    if context.evaluation.balance is not None:
        yield from build_draw_check(context, context.evaluation.balance)


def _rows(context: Context) -> tuple[Row, ...]:
    return baseline_rows(context, _cells)


def _cells(row: BaselineRow) -> tuple[Cell, ...]:
    treated, control = row.intervention, row.control
    return (
        to_mean(treated, row.unit),
        to_count(treated.n),
        to_mean(control, row.unit),
        to_count(control.n),
        to_number(row.std_difference, treated.n),
    )
