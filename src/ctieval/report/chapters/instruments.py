"""What was answered to questionnaires: before the intervention, and by band before and after. Never an effect."""

from __future__ import annotations

from collections.abc import Iterator

from ctieval.domain.instrument import Band, Instrument
from ctieval.domain.instrument_table import InstrumentTable, InstrumentWave
from ctieval.domain.outcome import InstrumentOutcome
from ctieval.report.cells import ABSENT, HIDDEN, Cell, Col, Kind, Measured, Row, RowRole
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.sources import data_source
from ctieval.report.chapters.values import to_count, to_number
from ctieval.report.model import Block, Para, Section, Table

_CONTROL, _INTERVENTION = 0, 1
_COARSE_POINTS = 10
"""Scales whose means reach two digits before the decimal mark are printed with one after it."""


def build_start(context: Context) -> tuple[Section, ...]:
    """Build what participants answered before the intervention; nothing where the plan asks nobody then."""
    table = context.evaluation.instruments
    asked = (each for each in context.evaluation.trial.outcomes if isinstance(each, InstrumentOutcome))
    if not any(each.baseline_wave for each in asked):
        return ()
    blocks: tuple[Block, ...] = (context.missing("answers", "survey.csv"),)
    if table is not None:
        blocks = (Para(context.text("instruments.start.lead")), _start(context, table))
    return (Section("answers", context.text("instruments.start.title"), blocks),)


def build_bands(context: Context) -> Iterator[Block]:
    """Build the bands before and after, of questionnaires that only the intervention answered."""
    yield from _bands(context, arms=(_INTERVENTION,), name="bands")


def build_bands_of_arms(context: Context) -> Iterator[Block]:
    """Build the bands before and after, of questionnaires that both arms answered."""
    yield from _bands(context, arms=(_INTERVENTION, _CONTROL), name="bands_arms")


def points(value: float, n: int | None) -> Cell:
    """Return a number of scale points that rests on n persons."""
    shown = to_number(value, n)
    if not isinstance(shown, float):
        return shown
    return Measured(shown, Kind.POINTS, 1 if abs(shown) >= _COARSE_POINTS else None)


def share_of(part: int | None, whole: int | None) -> Cell:
    """Return a part of some persons as a share; hidden where either number is, absent where there is nobody."""
    if part is None or whole is None:
        return HIDDEN
    return Measured(part / whole, Kind.SHARE) if whole else ABSENT


def band_name(context: Context, band: Band) -> str:
    """Name a band, with the scores that it holds and the unit of its share."""
    facts = {"low": band.low, "high": band.high, "unit": context.fmt.unit(Kind.SHARE)}
    return context.text("instruments.band", label=context.label(band.label), **facts)


def _start(context: Context, table: InstrumentTable) -> Table:
    arms = sorted({row.arm for row in table.waves if row.at_start}, reverse=True)
    note = context.text("instruments.start.note")
    alone = "" if _CONTROL in arms else " " + context.text("instruments.start.alone")
    return Table(
        id="answers-start",
        caption=context.text("instruments.start.caption"),
        columns=(
            Col("answer", context.text("head.answer")),
            *(Col(_arm_key(arm), context.text(f"head.{_arm_key(arm)}"), Kind.RATIO) for arm in arms),
        ),
        rows=tuple(row for each in table.instruments for row in _start_rows(context, table, each, arms)),
        source=data_source(context),
        n_note=context.text("persons.instrument"),
        note=note + alone,
    )


def _start_rows(context: Context, table: InstrumentTable, instrument: Instrument, arms: list[int]) -> Iterator[Row]:
    found = {row.arm: row for row in table.waves if row.at_start and row.instrument == instrument.name}
    if not found:
        return
    rows = [found.get(arm) for arm in arms]

    def line(name: str, cells: tuple[Cell, ...]) -> Row:
        return Row((name, *cells), RowRole.SUB)

    yield Row((context.label(instrument.title),), RowRole.GROUP)
    yield line(context.text("instruments.mean"), tuple(points(r.level.mean, r.level.n) if r else ABSENT for r in rows))
    yield line(context.text("instruments.std"), tuple(points(r.level.std, r.level.n) if r else ABSENT for r in rows))
    yield from _band_rows(context, instrument, rows)
    yield line(context.text("instruments.unscored"), tuple(_persons(r.unscored) if r else ABSENT for r in rows))


def _bands(context: Context, *, arms: tuple[int, ...], name: str) -> Iterator[Block]:
    table = context.evaluation.instruments
    shown = () if table is None else tuple(each for each in table.instruments if _is_shown(table, each, arms))
    if table is None or not shown:
        return
    yield Para(context.text(f"instruments.{name}.lead"))
    sources = dict.fromkeys(band.source.title for each in shown for band in each.bands if band.source)
    own = data_source(context)
    yield Table(
        id=name.replace("_", "-"),
        caption=context.text(f"instruments.{name}.caption"),
        columns=(Col("band", context.text("head.answer")), *_band_columns(context, arms)),
        rows=tuple(row for each in shown for row in _instrument_rows(context, table, each, arms)),
        source=context.text("instruments.bands.source", source=own, bands="; ".join(sources)) if sources else own,
        n_note=context.text("persons.instrument"),
        note=context.text("instruments.bands.note"),
    )


def _is_shown(table: InstrumentTable, instrument: Instrument, arms: tuple[int, ...]) -> bool:
    asked = {row.arm for row in table.waves if row.instrument == instrument.name}
    return bool(instrument.bands) and asked == set(arms)


def _band_columns(context: Context, arms: tuple[int, ...]) -> Iterator[Col]:
    for arm in arms:
        named = context.text(f"head.{_arm_key(arm)}")
        for time in ("before", "after"):
            head = f"head.{time}" if len(arms) == 1 else f"instruments.bands_arms.{time}"
            yield Col(f"{_arm_key(arm)}_{time}", context.text(head, arm=named), Kind.RATIO)


def _instrument_rows(
    context: Context, table: InstrumentTable, instrument: Instrument, arms: tuple[int, ...]
) -> Iterator[Row]:
    def last(arm: int, *, at_start: bool) -> InstrumentWave | None:
        key = (instrument.name, arm, at_start)
        return next((row for row in reversed(table.waves) if (row.instrument, row.arm, row.at_start) == key), None)

    yield Row((context.label(instrument.title),), RowRole.GROUP)
    yield from _band_rows(context, instrument, [last(arm, at_start=at) for arm in arms for at in (True, False)])


def _band_rows(context: Context, instrument: Instrument, rows: list[InstrumentWave | None]) -> Iterator[Row]:
    for number, band in enumerate(instrument.bands):
        cells = (share_of(row.bands[number], row.level.n) if row else ABSENT for row in rows)
        yield Row((band_name(context, band), *cells), RowRole.SUB)
    scored = (_persons(row.level.n) if row else ABSENT for row in rows)
    yield Row((context.text("instruments.scored"), *scored), RowRole.SUB)


def _persons(n: int | None) -> Cell:
    known = to_count(n)
    return Measured(float(known), Kind.COUNT) if isinstance(known, int) else known


def _arm_key(arm: int) -> str:
    return "intervention" if arm == _INTERVENTION else "control"
