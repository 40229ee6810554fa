"""Yes/no outcomes on the absolute and the relative scale, and how many must be offered the intervention for one."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ctieval.domain.outcome import BetterWhen
from ctieval.domain.risk_table import Range, RiskMethod, RiskRow
from ctieval.inference.number_needed import NumberNeeded, number_needed
from ctieval.report.cells import ABSENT, HIDDEN, Cell, Col, Interval, Kind, Measured, Row
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.sources import data_source, drawn_note
from ctieval.report.chapters.values import decimals_of
from ctieval.report.model import Block, Para, Section, Table


def build_risks(context: Context) -> Iterator[Section]:
    """Build the section on yes/no outcomes; nothing where there are none."""
    if context.evaluation.risks:
        yield Section("risks", context.text("appendix.risks.title"), tuple(_blocks(context)))


def _blocks(context: Context) -> Iterator[Block]:
    rows = context.evaluation.risks
    level = context.fmt.level(rows[0].conf_level)
    yield Para(context.text("appendix.risks.lead"))
    yield Table(
        id="risks",
        caption=context.text("appendix.risks.caption"),
        columns=(
            Col("outcome", context.text("head.outcome")),
            Col("difference", context.text("appendix.risks.head.difference"), Kind.RATIO),
            Col("difference_interval", context.text("head.interval", level=level), Kind.CI),
            Col("ratio", context.text("appendix.risks.head.ratio"), Kind.RATIO),
            Col("ratio_interval", context.text("head.interval", level=level), Kind.CI),
        ),
        rows=tuple(_row(context, row) for row in rows),
        source=data_source(context),
        n_note=drawn_note(context),
        note=" ".join(_methods(context, rows)),
    )
    yield Para(context.text("appendix.risks.needed.lead"))
    yield _needed(context, rows, level)


def _needed(context: Context, rows: tuple[RiskRow, ...], level: str) -> Table:
    return Table(
        id="number-needed",
        caption=context.text("appendix.risks.needed.caption"),
        columns=(
            Col("outcome", context.text("head.outcome")),
            Col("needed", context.text("appendix.risks.head.needed"), Kind.RATIO),
            Col("benefit", context.text("appendix.risks.head.benefit", level=level), Kind.CI),
            Col("harm", context.text("appendix.risks.head.harm", level=level), Kind.CI),
        ),
        rows=tuple(_needed_row(context, row) for row in rows),
        source=data_source(context),
        n_note=drawn_note(context),
        note=context.text("appendix.risks.needed.note"),
    )


def _methods(context: Context, rows: tuple[RiskRow, ...]) -> Iterator[str]:
    yield context.text("appendix.risks.note")
    for method in RiskMethod:
        if any(row.method is method for row in rows):
            yield context.text(f"appendix.risks.method.{method.value}", unit=context.block_word)


def _row(context: Context, row: RiskRow) -> Row:
    decimals = _decimals(context, row)
    return Row(
        (
            context.outcome_label(row.outcome),
            _estimate(row.difference, Kind.PP, decimals, row, signed=True),
            _interval(row.difference, Kind.PP, decimals, row),
            _estimate(row.ratio, Kind.RATIO, 2, row),
            _interval(row.ratio, Kind.RATIO, 2, row),
        )
    )


def _decimals(context: Context, row: RiskRow) -> int | None:
    """As of the effect, or more where the interval would look as if it held nothing."""
    own, found = context.decimals(row.outcome), row.difference
    if math.isnan(found.low) or math.isnan(found.high):
        return own
    return decimals_of(Interval(found.low, found.high), Kind.PP, context.fmt, own)


def _estimate(found: Range, kind: Kind, decimals: int | None, row: RiskRow, *, signed: bool = False) -> Cell:
    return _nothing(row) if math.isnan(found.estimate) else Measured(found.estimate, kind, decimals, signed)


def _interval(found: Range, kind: Kind, decimals: int | None, row: RiskRow) -> Cell:
    if math.isnan(found.low) or math.isnan(found.high):
        return _nothing(row)
    return Measured(Interval(found.low, found.high, row.conf_level), kind, decimals)


def _nothing(row: RiskRow) -> Cell:
    """Hidden, where even the difference is; else there is none."""
    return HIDDEN if math.isnan(row.difference.estimate) else ABSENT


def _needed_row(context: Context, row: RiskRow) -> Row:
    name, difference = context.outcome_label(row.outcome), row.difference
    if math.isnan(difference.low) or math.isnan(difference.high):
        return Row((name, *(_nothing(row),) * 3))
    sign = 1 if context.better(row.outcome) is BetterWhen.HIGHER else -1
    ends = sorted((sign * difference.low, sign * difference.high))
    found = number_needed(sign * difference.estimate, *ends)
    return Row((name, _whole(found.estimate), *_ends(found, row.conf_level)))


def _ends(found: NumberNeeded, conf_level: float) -> Iterator[Cell]:
    for low, high in ((found.benefit, found.benefit_to), (found.harm, found.harm_to)):
        yield ABSENT if math.isnan(low) else Measured(Interval(_up(low), _up(high), conf_level), Kind.RATIO, 0)


def _whole(number: float) -> Cell:
    return Measured(math.copysign(_up(abs(number)), number), Kind.RATIO, 0)


def _up(number: float) -> float:
    """Whole persons, upwards, as nobody can be offered it in part."""
    return number if math.isinf(number) else float(math.ceil(round(number, 9)))
