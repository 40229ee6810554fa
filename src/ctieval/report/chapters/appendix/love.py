"""The figure of standardised differences, each beside what chance usually gives."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TypeAlias

from ctieval.domain.balance_table import BalanceRow, BalanceTable
from ctieval.domain.description import BaselineRow
from ctieval.report.cells import ABSENT, HIDDEN, Cell, Col, Kind, Row, RowRole
from ctieval.report.chapters.baseline import baseline_rows
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.sources import data_source, drawn_note
from ctieval.report.chapters.values import to_number
from ctieval.report.love_drawing import LoveChart, LoveRow
from ctieval.report.model import Figure

CheckedCells: TypeAlias = Callable[[BalanceRow, BaselineRow], tuple[Cell, ...]]


def build_love(context: Context, balance: BalanceTable) -> Figure:
    """Build the figure; hidden rows are left out of the picture and marked in the numbers behind it."""
    share = context.fmt.share(balance.thresholds.usual, 0)
    limits = (balance.thresholds.adjust, balance.thresholds.far)
    return Figure(
        id="love",
        caption=context.text("appendix.love.caption"),
        alt=_alt(context, balance),
        draw=LoveChart(tuple(_drawn_rows(context, balance)), balance.thresholds.usual, limits),
        columns=(
            Col("characteristic", context.text("head.characteristic")),
            Col("std_difference", context.text("head.std_difference"), Kind.RATIO, decimals=2, signed=True),
            Col("usual", context.text("head.usual", share=share), Kind.RATIO, decimals=2),
        ),
        rows=checked_rows(context, balance, _cells),
        source=data_source(context),
        n_note=drawn_note(context),
        note=_note(context, balance, share),
    )


def checked_rows(context: Context, balance: BalanceTable, cells: CheckedCells) -> tuple[Row, ...]:
    """Return the rows of the baseline table, with cells from the check of the draw after their names."""
    checked = {(row.name, row.level, row.arm): row for row in balance.rows}
    return baseline_rows(context, lambda row: cells(checked[row.name, row.level, row.arm], row))


def limit_facts(context: Context, balance: BalanceTable) -> dict[str, str]:
    """Return the limits of the advice as they are printed."""
    limits = balance.thresholds
    return {"adjust_limit": context.fmt.number(limits.adjust, 2), "far_limit": context.fmt.number(limits.far, 2)}


def _note(context: Context, balance: BalanceTable, share: str) -> str:
    note = context.text("appendix.love.note", share=share, **limit_facts(context, balance))
    alike = any(row.std_error == 0 for row in balance.rows)
    return f"{note} {context.text('appendix.love.alike')}" if alike else note


def _cells(row: BalanceRow, baseline: BaselineRow) -> tuple[Cell, ...]:
    if row.std_error == 0:
        return ABSENT, ABSENT
    usual: Cell = HIDDEN if math.isnan(row.usual) else row.usual
    return to_number(row.std_difference, baseline.intervention.n), usual


def _drawn_rows(context: Context, balance: BalanceTable) -> Iterator[LoveRow]:
    """Rows of the picture: those that a draw can make differ, and the headings that have such a row under them."""
    heading: list[LoveRow] = []
    for row in checked_rows(context, balance, _cells):
        label, *numbers = row.cells
        if row.role is RowRole.GROUP:
            heading = [LoveRow(str(label), None)]
            continue
        difference, usual = (each if isinstance(each, float) else None for each in numbers)
        if difference is not None:
            indented = row.role is RowRole.SUB
            yield from heading if indented else ()
            yield LoveRow(str(label), difference, usual, indented=indented)
            heading = []


def _alt(context: Context, balance: BalanceTable) -> str:
    named = zip(balance.rows, _names(context), strict=True)
    shown = [(row, name) for row, name in named if row.advice is not None and row.std_error != 0]
    largest, name = max(shown, key=lambda each: abs(each[0].std_difference))
    return context.text(
        "appendix.love.alt",
        n=len(shown),
        name=name,
        largest=context.fmt.number(largest.std_difference, 2, signed=True),
        unusual=sum(abs(row.std_difference) > row.usual for row, _ in shown),
        share=context.fmt.share(balance.thresholds.usual, 0),
    )


def _names(context: Context) -> Iterator[str]:
    """Names of the rows of the baseline table, a category after the name of its characteristic."""
    above = ""
    for row in baseline_rows(context, lambda _: ()):
        name = str(row.cells[0])
        if row.role is RowRole.SUB:
            yield f"{above}: {name}"
            continue
        above = name
        if row.role is not RowRole.GROUP:
            yield name
