"""Chapter 4: what one arm experienced, the effects of the draw, and how they hang together."""

from __future__ import annotations

from collections.abc import Iterator

from ctieval.domain.description import ExperiencedRow
from ctieval.domain.effect_table import Effect
from ctieval.domain.outcome import AmountOutcome, Role, StateOutcome
from ctieval.domain.units import Unit
from ctieval.inference.adjusted_by_design import ADJUSTED_METHODS
from ctieval.report.cells import ABSENT, HIDDEN, Cell, Col, Interval, Kind, Measured, Row, RowRole
from ctieval.report.chapters.association import build_association
from ctieval.report.chapters.baseline import with_unit
from ctieval.report.chapters.compliance import build_compliance
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.forest import build_forest
from ctieval.report.chapters.instruments import build_bands, build_bands_of_arms
from ctieval.report.chapters.paths import build_paths
from ctieval.report.chapters.sentences import finding_sentence
from ctieval.report.chapters.sources import data_source, drawn_note
from ctieval.report.chapters.values import to_count, to_estimate, to_interval, to_mean, to_number, to_p
from ctieval.report.fmt import effect_kind, level_kind
from ctieval.report.model import Block, Box, BoxKind, Bullets, Para, Section, Table


def build_effects(context: Context) -> Section:
    """Build chapter 4."""
    kind = "employment" if all(_is_state(context, effect) for effect in context.effects()) else "all"
    return Section(
        "effects",
        context.text("effects.title"),
        sections=(
            Section("experienced", context.text("effects.experienced.title"), tuple(_experienced(context))),
            Section("outcomes-effects", context.text(f"effects.{kind}.title"), tuple(_effects(context))),
            *build_compliance(context),
            build_association(context),
        ),
    )


def _is_state(context: Context, effect: Effect) -> bool:
    return isinstance(context.outcome(effect.outcome), StateOutcome | AmountOutcome)


def _experienced(context: Context) -> Iterator[Block]:
    rows = context.evaluation.experienced
    if not rows:
        yield context.missing("experienced", "trial.toml")
        return
    level = context.fmt.level(rows[0].conf_level)
    yield Para(context.text("effects.experienced.lead"))
    yield Table(
        id="experienced",
        caption=context.text("effects.experienced.caption"),
        columns=(
            Col("outcome", context.text("head.measure")),
            Col("before", context.text("head.before"), Kind.RATIO),
            Col("after", context.text("head.after"), Kind.RATIO),
            Col("change", context.text("head.change"), Kind.RATIO),
            Col("interval", context.text("head.interval", level=level), Kind.CI),
            Col("n", context.text("head.n"), Kind.COUNT),
        ),
        rows=tuple(_experienced_row(context, row) for row in rows),
        source=data_source(context),
        n_note=context.text("persons.measured_twice"),
        note=context.text("effects.experienced.note"),
    )
    yield from build_bands(context)
    yield Box(
        BoxKind.NOTE,
        context.text("effects.experienced.box"),
        (Para(context.text("effects.experienced.caution")),),
    )


def _experienced_row(context: Context, row: ExperiencedRow) -> Row:
    decimals = context.decimals(row.outcome)

    def cell(value: float, *, change: bool = False) -> Cell:
        known = to_number(value, row.n)
        kind = effect_kind(row.unit) if change else level_kind(row.unit)
        return Measured(known, kind, decimals, signed=change) if isinstance(known, float) else known

    interval: Cell = HIDDEN if row.n is None else ABSENT
    if row.conf_low <= row.conf_high:
        interval = Measured(Interval(row.conf_low, row.conf_high, row.conf_level), effect_kind(row.unit), decimals)
    name = with_unit(context, context.outcome_label(row.outcome), row.unit)
    return Row((name, cell(row.before), cell(row.after), cell(row.change, change=True), interval, to_count(row.n)))


def _effects(context: Context) -> Iterator[Block]:
    effects = context.effects()
    if not effects:
        yield context.missing("effects", "trial.toml")
        return
    yield Para(context.text("effects.lead"))
    yield from _findings(context, Role.PRIMARY)
    figure = build_forest(context)
    if figure is not None:
        yield Para(context.text("effects.forest.lead"))
        yield figure
    yield Para(context.text("effects.table.lead"))
    yield _table(context, effects)
    for role in (Role.SECONDARY, Role.EXPLORATORY):
        yield from _findings(context, role)
    yield from build_bands_of_arms(context)
    if len(effects) > 1:
        yield Para(context.text("effects.many"))
    yield from build_paths(context)


def _findings(context: Context, role: Role) -> Iterator[Block]:
    found = context.effects(role)
    if found:
        yield Para(context.words.counted(f"effects.lead_{role.value}", len(found)))
        yield Bullets(tuple(finding_sentence(context, effect) for effect in found))


def _table(context: Context, effects: tuple[Effect, ...]) -> Table:
    level = context.fmt.level(effects[0].conf_level)
    rows: list[Row] = []
    for role in Role:
        found = context.effects(role)
        rows += [Row((context.text(f"roles.{role.value}"),), RowRole.GROUP)] if found else []
        rows += [_row(context, effect) for effect in found]
    return Table(
        id="effects",
        caption=context.text("effects.table.caption"),
        columns=(
            Col("outcome", context.text("head.outcome")),
            Col("intervention", context.text("head.intervention"), Kind.RATIO),
            Col("control", context.text("head.control"), Kind.RATIO),
            Col("effect", context.text("head.effect"), Kind.RATIO),
            Col("interval", context.text("head.interval", level=level), Kind.CI),
            Col("p", context.text("head.p"), Kind.P),
            Col("n", context.text("head.n"), Kind.COUNT),
        ),
        rows=tuple(rows),
        source=data_source(context),
        n_note=drawn_note(context),
        note=_note(context, effects),
    )


def _row(context: Context, effect: Effect) -> Row:
    decimals = context.decimals(effect.outcome)
    level = context.level(effect.outcome) if context.is_described(effect) else None
    arms = (None, None) if level is None else (level.intervention, level.control)
    return Row(
        (
            with_unit(context, context.effect_label(effect), effect.unit),
            *(to_mean(arm, effect.unit, decimals) for arm in arms),
            to_estimate(effect, decimals),
            to_interval(effect, decimals),
            to_p(effect),
            to_count(effect.n),
        )
    )


def _note(context: Context, effects: tuple[Effect, ...]) -> str:
    parts = [context.text("effects.table.note")]
    if any(effect.unit == Unit.SHARE for effect in effects):
        parts.append(context.text("effects.table.shares"))
    if any(effect.method in ADJUSTED_METHODS for effect in effects):
        parts.append(context.text("effects.table.adjusted"))
    elif context.blocked_by:
        parts.append(context.text("effects.table.blocks", unit=context.block_word))
    return " ".join(parts)
