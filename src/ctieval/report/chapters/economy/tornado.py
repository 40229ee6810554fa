"""How far each measured quantity and each assumption moves the net result, alone."""

from __future__ import annotations

from collections.abc import Iterator

from ctieval.domain.cost_benefit import CostBenefit
from ctieval.domain.decision import Decision, TornadoBar
from ctieval.domain.parameter import DISPLACEMENT, FACTOR, Origin
from ctieval.report.amount_drawing import Swing, TornadoChart
from ctieval.report.cells import Cell, Col, Kind, Row, RowRole
from ctieval.report.chapters.account import results_of
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.economy.amounts import kroner_scale, observed_note
from ctieval.report.chapters.sources import account_source
from ctieval.report.model import Block, Figure, Para


def build_tornado(context: Context, account: CostBenefit) -> Iterator[Block]:
    """Build the figure of the payer whose net result decides; there is none where nothing can be moved."""
    decision = account.decision
    if decision is None or not decision.tornado:
        return
    yield Para(context.text("economy.tornado.lead"))
    yield _figure(context, account, decision)


def name_parameter(context: Context, key: str) -> str:
    """Return the name of a parameter: a part of the account, displacement, or the amount of a line."""
    if key.startswith(FACTOR):
        return context.text("parameter.factor", line=context.text(f"line.{key.removeprefix(FACTOR)}"))
    return context.text(f"parameter.{key}")


def _figure(context: Context, account: CostBenefit, decision: Decision) -> Figure:
    payer = context.text(f"payer.{decision.payer}")
    base = next(each.effect.estimate for (_, name), each in results_of(account).items() if name.value == decision.payer)
    bars = decision.tornado
    widest = bars[0]
    turning = [bar for bar in bars if (bar.net_at_low > 0) is not (bar.net_at_high > 0)]
    names = ", ".join(name_parameter(context, bar.key) for bar in turning)
    kroner = context.fmt.unit(Kind.KR)
    return Figure(
        id="tornado",
        caption=context.text("economy.tornado.caption", payer=payer),
        alt=" ".join(
            (
                context.text(
                    "economy.tornado.alt",
                    widest=name_parameter(context, widest.key),
                    swing=context.fmt.kr(widest.swing),
                ),
                context.text(f"economy.tornado.{'turns' if turning else 'holds'}", names=names),
            )
        ),
        draw=TornadoChart(base, tuple(_swing(context, bar) for bar in bars), kroner_scale(context, None)),
        columns=(
            Col("parameter", context.text("head.parameter")),
            Col("origin", context.text("head.origin")),
            Col("low", context.text("head.low_end")),
            Col("high", context.text("head.high_end")),
            Col("net_at_low", context.text("head.net_at_low"), Kind.KR, unit=kroner, signed=True),
            Col("net_at_high", context.text("head.net_at_high"), Kind.KR, unit=kroner, signed=True),
            Col("switching", context.text("head.switching")),
        ),
        rows=(
            *(Row(_cells(context, bar)) for bar in bars),
            Row((context.text("economy.tornado.base"), "", "", "", base, base, ""), RowRole.TOTAL),
        ),
        source=account_source(context),
        n_note=observed_note(context, account),
        note=" ".join((context.text("economy.tornado.note"), *_sources(context, bars))),
    )


def _sources(context: Context, bars: tuple[TornadoBar, ...]) -> Iterator[str]:
    """Who states the ranges that are drawn; the plan's own scenario is the plan's."""
    plan = context.evaluation.trial.economics
    stated = {each.key: each.source for each in (() if plan is None else plan.parameters)}
    for bar in bars:
        key = bar.key.removeprefix(FACTOR)
        if bar.origin is Origin.ASSUMED and key in stated:
            yield context.text("economy.tornado.source", name=name_parameter(context, bar.key), source=stated[key])


def _swing(context: Context, bar: TornadoBar) -> Swing:
    return Swing(
        label=name_parameter(context, bar.key),
        low=bar.net_at_low,
        high=bar.net_at_high,
        low_label=_end(context, bar, bar.low),
        high_label=_end(context, bar, bar.high),
        switching=_switching(context, bar),
        assumed=bar.origin is Origin.ASSUMED,
    )


def _cells(context: Context, bar: TornadoBar) -> tuple[Cell, ...]:
    swing = _swing(context, bar)
    return (
        swing.label,
        context.text(f"chart.{bar.origin.value}"),
        swing.low_label,
        swing.high_label,
        bar.net_at_low,
        bar.net_at_high,
        swing.switching or context.text("chart.never_switches"),
    )


def _switching(context: Context, bar: TornadoBar) -> str:
    """Where the result would be zero; empty where no value that there can be makes it so."""
    value = bar.switching_value
    possible = value is not None and (
        bar.origin is Origin.MEASURED or (value >= 0 and (bar.key != DISPLACEMENT or value <= 1))
    )
    return _end(context, bar, value) if possible and value is not None else ""


def _end(context: Context, bar: TornadoBar, value: float) -> str:
    """Print an end in its own unit: kroner where it was measured, else a part of the jobs or of the line."""
    return context.fmt.kr(value, signed=True) if bar.origin is Origin.MEASURED else context.fmt.share(value, 0)
