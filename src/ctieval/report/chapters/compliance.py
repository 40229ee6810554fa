"""Who took part, and the effect on those who did because they were drawn, with what it rests on."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ctieval.domain.compliance_table import ComplianceTable, ComplierRow, Shape, TakeUpRow, TakeUpStep
from ctieval.domain.effect_table import Effect
from ctieval.domain.effects_plan import LoggedTakeUp
from ctieval.domain.units import Unit
from ctieval.report.cells import ABSENT, HIDDEN, Cell, Col, Interval, Kind, Measured, Row
from ctieval.report.chapters.baseline import with_unit
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.sources import data_source, drawn_note
from ctieval.report.chapters.values import to_count, to_estimate, to_interval
from ctieval.report.fmt import effect_kind, level_kind
from ctieval.report.model import Block, Box, BoxKind, Bullets, Para, Section, Table


def build_compliance(context: Context) -> Iterator[Section]:
    """Build the section on those who took part; nothing where nothing is known of them."""
    table = context.evaluation.compliance
    if table is not None:
        yield Section("compliance", context.text("compliance.title"), tuple(_blocks(context, table)))


def _blocks(context: Context, table: ComplianceTable) -> Iterator[Block]:
    yield Para(context.text("compliance.lead"))
    yield _take_up(context, table)
    if table.counted is None:
        yield context.missing("compliance", "trial.toml")
        return
    if not table.in_control_known:
        yield Para(context.text("compliance.control_not_known"))
    if table.sidedness is not None:
        told = table.sidedness.value if table.in_control_known else "assumed"
        yield Para(context.text(f"compliance.sidedness.{told}"))
    if table.rows and not math.isnan(table.compliers):
        yield Para(_share(context, table.compliers))
    yield Box(
        BoxKind.NOTE,
        context.text("compliance.warning.box"),
        (Para(context.text("compliance.warning.exclusion")), Para(context.text("compliance.warning.instead"))),
    )
    if table.rows:
        yield from _effects(context, table.rows)
    else:
        yield Para(context.text("compliance.nothing"))


def _share(context: Context, compliers: float) -> str:
    """Whom the effect is about; nobody takes part because she was drawn where more of the others did."""
    if compliers <= 0:
        return context.text("compliance.reversed")
    return context.text("compliance.share", share=context.fmt.share(compliers))


def _take_up(context: Context, table: ComplianceTable) -> Table:
    return Table(
        id="take-up",
        caption=context.text("compliance.take_up.caption"),
        columns=(
            Col("step", context.text("head.step")),
            Col("n_treated", context.text("head.intervention"), Kind.COUNT),
            Col("share_treated", context.text("compliance.head.share"), Kind.SHARE, unit=context.fmt.unit(Kind.SHARE)),
            Col("n_control", context.text("head.control"), Kind.COUNT),
            Col("share_control", context.text("compliance.head.share"), Kind.SHARE, unit=context.fmt.unit(Kind.SHARE)),
        ),
        rows=(
            _step(context.text("compliance.step.drawn"), table.drawn, table.drawn, known=True),
            *(
                _step(
                    _name(context, row, table),
                    (row.control, row.intervention),
                    table.drawn,
                    known=table.in_control_known,
                )
                for row in table.steps
            ),
        ),
        source=data_source(context),
        n_note=drawn_note(context),
        note=context.text("compliance.take_up.note"),
    )


def _step(
    name: str, reached: tuple[int | None, int | None], drawn: tuple[int | None, int | None], *, known: bool
) -> Row:
    control, treated = (_cells(n, of) for n, of in zip(reached, drawn, strict=True))
    return Row((name, *treated, *(control if known else (ABSENT, ABSENT))))


def _cells(n: int | None, drawn: int | None) -> tuple[Cell, Cell]:
    return to_count(n), HIDDEN if n is None or not drawn else n / drawn


def _name(context: Context, row: TakeUpRow, table: ComplianceTable) -> str:
    activity = table.counted.activity if isinstance(table.counted, LoggedTakeUp) else ""
    if row.step is TakeUpStep.TOOK_PART:
        name = context.text("compliance.step.took_part")
    else:
        name = context.words.counted(f"compliance.step.{row.step.value}", row.contacts, activity=activity)
    return context.text("compliance.step.counts", name=name) if row.is_taking_part else name


def _effects(context: Context, rows: tuple[ComplierRow, ...]) -> Iterator[Block]:
    level = context.fmt.level(rows[0].effect.conf_level)
    yield Para(context.text("compliance.effects.lead"))
    yield Table(
        id="compliers",
        caption=context.text("compliance.effects.caption"),
        columns=(
            Col("outcome", context.text("head.outcome")),
            Col("taking_part", context.text("compliance.head.taking_part"), Kind.RATIO),
            Col("not_taking_part", context.text("compliance.head.not_taking_part"), Kind.RATIO),
            Col("effect", context.text("head.effect"), Kind.RATIO),
            Col("interval", context.text("head.interval", level=level), Kind.CI),
            Col("region", context.text("compliance.head.region", level=level), Kind.CI),
        ),
        rows=tuple(_row(context, row) for row in rows),
        source=data_source(context),
        n_note=drawn_note(context),
        note=" ".join(_notes(context, rows)),
    )
    odd = tuple(point for row in rows if (point := _region_sentence(context, row)))
    if odd:
        yield Bullets(odd)


def _notes(context: Context, rows: tuple[ComplierRow, ...]) -> Iterator[str]:
    yield context.text("compliance.effects.note")
    if any(row.effect.unit == Unit.SHARE for row in rows):
        yield context.text("effects.table.shares")


def _row(context: Context, row: ComplierRow) -> Row:
    effect, decimals = row.effect, context.decimals(row.effect.outcome)
    return Row(
        (
            with_unit(context, context.outcome_label(effect.outcome), effect.unit),
            *(_mean(context, mean, effect) for mean in (row.taking_part, row.not_taking_part)),
            to_estimate(effect, decimals),
            to_interval(effect, decimals),
            _region(row, decimals),
        )
    )


def _mean(context: Context, mean: float, effect: Effect) -> Cell:
    if math.isnan(mean):
        return HIDDEN
    decimals = 0 if effect.n is None and effect.unit == "share" else context.decimals(effect.outcome)
    return Measured(mean, level_kind(effect.unit), decimals)


def _region(row: ComplierRow, decimals: int | None) -> Cell:
    if row.shape is Shape.OUTSIDE or not row.regions:
        return ABSENT
    region = row.regions[0]
    if math.isnan(region.conf_low) or math.isnan(region.conf_high):
        return HIDDEN
    return Measured(Interval(region.conf_low, region.conf_high, region.conf_level), effect_kind(region.unit), decimals)


def _region_sentence(context: Context, row: ComplierRow) -> str:
    """Say what a region looks like that is no interval with two ends; empty for one that is."""
    ends = [end for each in row.regions for end in (each.conf_low, each.conf_high)]
    if not ends or any(math.isnan(end) for end in ends) or not any(math.isinf(end) for end in ends):
        return ""
    finite = sorted(end for end in ends if not math.isinf(end))
    key = {0: "everything", 1: "open", 2: "outside"}[len(finite)]
    kind, decimals = effect_kind(row.effect.unit), context.decimals(row.effect.outcome)
    printed = [context.fmt.quantity(Measured(end, kind, decimals)) for end in finite] or [ABSENT.value]
    label = context.outcome_label(row.effect.outcome)
    return context.text(f"compliance.region.{key}", label=label, low=printed[0], high=printed[-1])
