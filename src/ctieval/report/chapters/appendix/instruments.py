"""How questionnaires are scored, who has a score in which round, and how reliable the scores are."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ctieval.domain.instrument import Instrument
from ctieval.domain.instrument_table import ArmChange, InstrumentTable, InstrumentWave, Reliability
from ctieval.domain.source import Source
from ctieval.report.cells import ABSENT, HIDDEN, Cell, Col, Interval, Kind, Row, RowRole
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.instruments import points, share_of
from ctieval.report.chapters.sources import data_source
from ctieval.report.chapters.values import to_count, to_number
from ctieval.report.model import Block, Bullets, Para, Section, Table


def build_instruments(context: Context) -> tuple[Section, ...]:
    """Build the section on questionnaires; nothing where the plan has none."""
    table = context.evaluation.instruments
    if table is None:
        return ()
    blocks = tuple(_blocks(context, table))
    return (Section("instruments", context.text("instruments.appendix.title"), blocks),)


def _blocks(context: Context, table: InstrumentTable) -> Iterator[Block]:
    yield Para(context.text("instruments.appendix.lead"))
    yield Bullets(tuple(_card(context, each) for each in table.instruments))
    yield Para(context.text("instruments.appendix.answers_lead"))
    yield _answers(context, table)
    if table.changes:
        yield Para(context.text("instruments.appendix.changes_lead"))
        yield _changes(context, table)
    yield Para(context.text("instruments.appendix.reliability_lead"))
    yield _reliability(context, table)


def _card(context: Context, instrument: Instrument) -> str:
    """Say how an instrument is scored, and where that is from."""
    low, high = instrument.score_range
    every = instrument.minimum_answered == instrument.items
    reverse = "some" if instrument.reverse else "single" if instrument.items == 1 else "none"
    ends = {"lowest": instrument.lowest, "highest": instrument.highest}
    card = context.text(
        "instruments.appendix.card",
        title=context.label(instrument.title),
        items=context.words.counted("instruments.appendix.items", instrument.items, **ends),
        scoring=context.text(f"instruments.scoring.{instrument.scoring.value}", low=low, high=high),
        open=context.text(f"instruments.open.{'none' if every else 'some'}", minimum=instrument.minimum_answered),
        reverse=context.text(f"instruments.reverse.{reverse}", items=", ".join(map(str, instrument.reverse))),
        source=_source(instrument.source),
    )
    sources = dict.fromkeys(_source(band.source) for band in instrument.bands if band.source is not None)
    bands = context.text("instruments.appendix.source_bands", source="; ".join(sources))
    return f"{card} {bands}" if sources else card


def _source(source: Source) -> str:
    return ", ".join(part for part in (source.title, source.href) if part)


def _answers(context: Context, table: InstrumentTable) -> Table:
    return Table(
        id="answers",
        caption=context.text("instruments.appendix.answers_caption"),
        columns=(
            Col("round", context.text("head.round")),
            Col("scored", context.text("head.scored"), Kind.COUNT),
            Col("unscored", context.text("head.unscored"), Kind.COUNT),
            Col("mean", context.text("head.mean"), Kind.POINTS, unit=context.fmt.unit(Kind.POINTS)),
            Col("std", context.text("head.std"), Kind.POINTS, unit=context.fmt.unit(Kind.POINTS)),
        ),
        rows=_by_instrument(context, table, _answer_cells),
        source=data_source(context),
        n_note=context.text("persons.instrument"),
        note=context.text("instruments.appendix.answers_note"),
    )


def _answer_cells(row: InstrumentWave) -> tuple[Cell, ...]:
    level = row.level
    return to_count(level.n), to_count(row.unscored), points(level.mean, level.n), points(level.std, level.n)


def _changes(context: Context, table: InstrumentTable) -> Table:
    level = context.fmt.level(table.changes[0].conf_level)
    unit = context.fmt.unit(Kind.POINTS)
    return Table(
        id="answer-changes",
        caption=context.text("instruments.appendix.changes_caption"),
        columns=(
            Col("outcome", context.text("head.outcome_and_arm")),
            *(Col(name, context.text(f"head.{name}"), Kind.POINTS, unit=unit) for name in ("before", "after")),
            Col("change", context.text("head.change"), Kind.POINTS, unit=unit, signed=True),
            Col("interval", context.text("head.interval", level=level), Kind.CI, of=Kind.POINTS),
            Col("n", context.text("head.n"), Kind.COUNT),
        ),
        rows=tuple(_change(context, row) for row in table.changes),
        source=data_source(context),
        n_note=context.text("persons.instrument"),
        note=context.text("instruments.appendix.changes_note"),
    )


def _change(context: Context, row: ArmChange) -> Row:
    named = context.text("instruments.round", wave=context.outcome_label(row.outcome), arm=_arm(context, row.arm))
    interval: Cell = HIDDEN if row.n is None else ABSENT
    if row.conf_low <= row.conf_high:
        interval = Interval(row.conf_low, row.conf_high, row.conf_level)
    change = to_number(row.change, row.n)
    return Row((named, points(row.before, row.n), points(row.after, row.n), change, interval, to_count(row.n)))


def _reliability(context: Context, table: InstrumentTable) -> Table:
    level = context.fmt.level(table.waves[0].reliability.conf_level)
    share = context.fmt.unit(Kind.SHARE)
    return Table(
        id="reliability",
        caption=context.text("instruments.appendix.reliability_caption"),
        columns=(
            Col("round", context.text("head.round")),
            Col("complete", context.text("head.complete"), Kind.COUNT),
            Col("alpha", context.text("head.alpha"), Kind.RATIO),
            Col("interval", context.text("head.alpha_interval", level=level), Kind.CI),
            Col("omega", context.text("head.omega"), Kind.RATIO),
            Col("floor", context.text("head.floor"), Kind.SHARE, unit=share),
            Col("ceiling", context.text("head.ceiling"), Kind.SHARE, unit=share),
        ),
        rows=_by_instrument(context, table, _reliability_cells),
        source=data_source(context),
        n_note=context.text("persons.complete"),
        note=" ".join(_reliability_notes(context, table)),
    )


def _reliability_cells(row: InstrumentWave) -> tuple[Cell, ...]:
    found = row.reliability
    interval: Cell = HIDDEN if found.n is None else ABSENT
    if found.alpha_low <= found.alpha_high:
        interval = Interval(found.alpha_low, found.alpha_high, found.conf_level)
    return (
        to_count(found.n),
        _coefficient(found, found.alpha, absent=found.alpha_absent is not None),
        ABSENT if found.alpha_absent is not None else interval,
        _coefficient(found, found.omega, absent=found.omega_absent is not None),
        share_of(row.floor, row.level.n),
        share_of(row.ceiling, row.level.n),
    )


def _coefficient(found: Reliability, value: float, *, absent: bool) -> Cell:
    return ABSENT if absent else to_number(value, found.n)


def _reliability_notes(context: Context, table: InstrumentTable) -> Iterator[str]:
    advice = table.advice
    extreme = {"extreme": 100 * advice.extreme_share, "source": advice.source.title}
    yield context.text("instruments.appendix.reliability_note", **extreme)
    yield context.text("instruments.appendix.reliability_fewest", fewest=advice.fewest_complete)
    found = (row.reliability for row in table.waves)
    reasons = dict.fromkeys(reason for each in found for reason in (each.alpha_absent, each.omega_absent) if reason)
    yield from (context.text(f"instruments.absent.{reason.value}") for reason in reasons)


def _by_instrument(
    context: Context, table: InstrumentTable, cells: Callable[[InstrumentWave], tuple[Cell, ...]]
) -> tuple[Row, ...]:
    """A heading for each instrument, and under it a row for each round and arm."""
    rows: list[Row] = []
    for instrument in table.instruments:
        rows.append(Row((context.label(instrument.title),), RowRole.GROUP))
        mine = (row for row in table.waves if row.instrument == instrument.name)
        rows += [Row((_round(context, row), *cells(row)), RowRole.SUB) for row in mine]
    return tuple(rows)


def _round(context: Context, row: InstrumentWave) -> str:
    wave = context.text("window.wave", wave=row.wave)
    return context.text("instruments.round", wave=wave, arm=_arm(context, row.arm))


def _arm(context: Context, arm: int) -> str:
    return context.text("head.intervention" if arm else "head.control")
