"""The check of the draw: how far apart chance set the groups, and how far it usually does."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ctieval.domain.allocation import Declared, Proven
from ctieval.domain.balance_table import (
    Advice,
    BalanceRow,
    BalanceTable,
    Beyond,
    BlockRatio,
    Omnibus,
    RatioBasis,
    SampleRatio,
)
from ctieval.domain.description import BaselineRow
from ctieval.report.cells import ABSENT, HIDDEN, Cell, Col, Interval, Kind, Measured, Row
from ctieval.report.chapters.appendix.love import build_love, checked_rows, limit_facts
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.sources import data_source, drawn_note
from ctieval.report.chapters.values import to_count
from ctieval.report.fmt import effect_kind
from ctieval.report.model import Block, Para, Table


def build_draw_check(context: Context, balance: BalanceTable) -> Iterator[Block]:
    """Build what the draws that the design could have given tell of this one."""
    yield Para(_omnibus(context, balance))
    if balance.compared:
        yield Para(context.text("appendix.love.lead"))
        yield build_love(context, balance)
        yield Para(_advice(context, balance))
        yield _by_chance(context, balance)
    yield Para(context.text("appendix.check.lead"))
    yield _check(context, balance)
    yield from _ratio(context, balance.ratio)


def _omnibus(context: Context, balance: BalanceTable) -> str:
    """Say how far apart the groups are on everything together, and what follows."""
    omnibus, level = balance.omnibus, balance.thresholds.level
    far = omnibus.p_value < level
    share = _coarse(context, level if far else omnibus.p_value, far=far)
    exact = not math.isnan(omnibus.statistic)
    sentences = [
        context.text(
            f"appendix.omnibus.{'far' if far else 'usual'}",
            share=context.fmt.share(omnibus.p_value) if exact else share,
        ),
        context.text(f"appendix.omnibus.{balance.law.value}", assignments=balance.assignments),
    ]
    if exact:
        sentences.append(_numbers(context, omnibus))
    if far:
        sentences += _consequence(context)
    return " ".join(sentences)


def _consequence(context: Context) -> Iterator[str]:
    """Say what follows where the groups are far apart; nothing in a rehearsal with arms dealt anew."""
    match context.evaluation.proof:
        case Proven():
            yield context.text("appendix.omnibus.far_proven")
        case Declared():
            yield context.text("appendix.omnibus.far_declared")
        case _:
            return


def _coarse(context: Context, p_value: float, *, far: bool) -> str:
    """Print the share of the draws where it is known to one digit, since it rests on hidden rows too."""
    return context.text(f"appendix.omnibus.{'under' if far else 'about'}", share=context.fmt.share(p_value, 0))


def _numbers(context: Context, omnibus: Omnibus) -> str:
    facts = {
        "statistic": context.fmt.number(omnibus.statistic, 2),
        "rank": context.fmt.number(omnibus.rank),
        "p": context.fmt.p(omnibus.p_value),
    }
    if math.isnan(omnibus.p_low):
        return context.text("appendix.omnibus.numbers", **facts)
    interval = context.fmt.interval(Interval(omnibus.p_low, omnibus.p_high), Kind.RATIO, 3)
    return context.text("appendix.omnibus.numbers_sampled", **facts, interval=interval)


def _advice(context: Context, balance: BalanceTable) -> str:
    found = [row.advice for row in balance.rows]
    facts = limit_facts(context, balance)
    return context.text("appendix.advice.text", **facts, apart=found.count(Advice.ADJUST), far=found.count(Advice.FAR))


def _by_chance(context: Context, balance: BalanceTable) -> Table:
    thresholds = balance.thresholds
    limits = {Beyond.LEVEL: thresholds.level, Beyond.ADJUST: thresholds.adjust, Beyond.FAR: thresholds.far}
    names = {
        beyond: context.text(f"appendix.by_chance.{beyond.value}", limit=context.fmt.number(limit, 2))
        for beyond, limit in limits.items()
    }
    return Table(
        id="by-chance",
        caption=context.text("appendix.by_chance.caption"),
        columns=(
            Col("beyond", context.text("head.beyond")),
            Col("observed", context.text("head.rows_observed"), Kind.COUNT),
            Col("expected", context.text("head.rows_expected"), Kind.RATIO, decimals=1),
        ),
        rows=tuple(Row((names[each.beyond], each.observed, each.expected)) for each in balance.tallies),
        source=data_source(context),
        n_note=drawn_note(context),
        note=context.text("appendix.by_chance.note", n=len(balance.compared)),
    )


def _check(context: Context, balance: BalanceTable) -> Table:
    return Table(
        id="draw-check",
        caption=context.text("appendix.check.caption"),
        columns=(
            Col("characteristic", context.text("head.characteristic")),
            Col("difference", context.text("head.difference"), Kind.RATIO),
            Col("std_error", context.text("head.std_error"), Kind.RATIO),
            Col("p", context.text("head.p"), Kind.P),
        ),
        rows=checked_rows(context, balance, _check_cells),
        source=data_source(context),
        n_note=drawn_note(context),
        note=context.text("appendix.check.note"),
    )


def _check_cells(row: BalanceRow, baseline: BaselineRow) -> tuple[Cell, ...]:
    if math.isnan(row.p_value):
        return (HIDDEN, HIDDEN, HIDDEN)
    kind = effect_kind(baseline.unit)
    p_value = row.p_value if row.std_error > 0 else ABSENT
    return Measured(row.difference, kind, 2, signed=True), Measured(row.std_error, kind, 2), p_value


def _ratio(context: Context, ratio: SampleRatio) -> Iterator[Block]:
    yield Para(context.text(f"appendix.ratio.{ratio.basis.value}"))
    if ratio.basis is RatioBasis.CHANCE:
        arms = context.evaluation.trial.arms.labels
        order = (*range(1, len(arms)), 0)
        counts = [
            (
                Col(f"drawn_{arm}", context.text("head.drawn_of", arm=arms[arm]), Kind.COUNT),
                Col(f"expected_{arm}", context.text("head.expected_of", arm=arms[arm]), Kind.RATIO, decimals=1),
            )
            for arm in order
        ]
        yield Table(
            id="ratio",
            caption=context.text("appendix.ratio.caption"),
            columns=(
                Col("block", context.text("head.block")),
                *(column for pair in counts for column in pair),
                Col("p", context.text("head.p_adjusted"), Kind.P),
            ),
            rows=tuple(_ratio_row(context, block, order) for block in ratio.blocks),
            source=data_source(context),
            n_note=drawn_note(context),
            note=context.text("appendix.ratio.note"),
        )


def _ratio_row(context: Context, block: BlockRatio, order: tuple[int, ...]) -> Row:
    name = context.block_name(block.block) if block.block else context.text("head.total")
    cells: list[Cell] = []
    for arm in order:
        hidden = block.drawn[arm] is None
        cells += [to_count(block.drawn[arm]), HIDDEN if hidden else block.expected[arm]]
    return Row((name, *cells, HIDDEN if math.isnan(block.p_holm) else block.p_holm))
