"""The forest figure: effects with their intervals, a panel for each unit."""

from __future__ import annotations

from collections import Counter

from ctieval.domain.effect_table import Effect
from ctieval.domain.outcome import Role
from ctieval.report.cells import Col, Interval, Kind, Row
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.sources import data_source, drawn_note
from ctieval.report.chapters.values import effect_text, interval_of, interval_text, to_count, to_estimate, to_interval
from ctieval.report.drawing import ForestChart, ForestPanel, ForestRow
from ctieval.report.findings import Finding
from ctieval.report.fmt import effect_kind
from ctieval.report.model import Figure


def build_forest(context: Context) -> Figure | None:
    """Build the figure of the effects that have an interval to show; None where none has."""
    drawable = [(effect, interval) for effect in context.effects() if (interval := interval_of(effect)) is not None]
    if not drawable:
        return None
    effects = [effect for effect, _ in drawable]
    level = context.fmt.level(effects[0].conf_level)
    return Figure(
        id="effects",
        caption=context.text("effects.forest.caption", level=level),
        alt=_alt(context, effects),
        draw=ForestChart(_panels(context, drawable)),
        columns=(
            Col("outcome", context.text("head.outcome")),
            Col("effect", context.text("head.effect"), Kind.RATIO),
            Col("interval", context.text("head.interval", level=level), Kind.CI),
            Col("n", context.text("head.n"), Kind.COUNT),
        ),
        rows=tuple(_row(context, effect) for effect in effects),
        source=data_source(context),
        n_note=drawn_note(context),
        note=context.text("effects.forest.note", level=level),
    )


def _row(context: Context, effect: Effect) -> Row:
    decimals = context.decimals(effect.outcome)
    unit = context.fmt.unit(effect_kind(effect.unit))
    label = context.effect_label(effect)
    named = f"{label} ({unit})" if unit else label
    return Row((named, to_estimate(effect, decimals), to_interval(effect, decimals), to_count(effect.n)))


def _panels(context: Context, drawable: list[tuple[Effect, Interval]]) -> tuple[ForestPanel, ...]:
    panels: dict[tuple[Kind, int | None], list[ForestRow]] = {}
    for effect, interval in drawable:
        row = ForestRow(
            label=context.effect_label(effect),
            estimate=effect.estimate,
            interval=interval,
            n=to_count(effect.n),
            better_when=context.better(effect.outcome),
            leads=context.outcome(effect.outcome).role is Role.PRIMARY,
        )
        panels.setdefault((effect_kind(effect.unit), context.decimals(effect.outcome)), []).append(row)
    return tuple(ForestPanel(kind, tuple(rows), decimals=decimals) for (kind, decimals), rows in panels.items())


def _alt(context: Context, effects: list[Effect]) -> str:
    leading = next((e for e in effects if context.outcome(e.outcome).role is Role.PRIMARY), effects[0])
    found = Counter(context.finding(effect) for effect in effects)
    return context.text(
        "effects.forest.alt",
        n=len(effects),
        label=context.effect_label(leading),
        effect=effect_text(leading, context.fmt, context.decimals(leading.outcome)),
        interval=interval_text(leading, context.fmt, context.decimals(leading.outcome)),
        level=context.fmt.level(leading.conf_level),
        positive=found[Finding.POSITIVE],
        negative=found[Finding.NEGATIVE],
        inconclusive=found[Finding.INCONCLUSIVE] + found[Finding.PRECISELY_SMALL],
    )
