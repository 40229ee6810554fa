"""The summary: the conclusion first, the key figures with their intervals, and what cannot be told."""

from __future__ import annotations

from collections.abc import Iterator

from ctieval.domain.allocation import Masked
from ctieval.domain.cost_benefit import Account, AccountResult, View
from ctieval.domain.effect_table import Effect
from ctieval.domain.outcome import Role
from ctieval.report.cells import HIDDEN
from ctieval.report.chapters.account import net_results, net_sentence
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.municipality import build_municipality_box
from ctieval.report.chapters.sentences import finding_list, headline
from ctieval.report.chapters.values import interval_of, to_estimate
from ctieval.report.model import Block, Box, BoxKind, Bullets, KeyFigure, KeyFigures, Para, Section, SectionKind

_MOST_FIGURES = 4
_NET = tuple((View.ORDINARY_OPERATION, account) for account in (Account.M0, Account.M2))
"""The municipality after refund, and beside it after tax and equalisation; never the one without the other."""


def build_summary(context: Context) -> Section:
    """Build the summary."""
    return Section("summary", context.text("summary.title"), tuple(_blocks(context)), kind=SectionKind.UNNUMBERED)


def _blocks(context: Context) -> Iterator[Block]:
    if isinstance(context.evaluation.proof, Masked):
        yield Box(BoxKind.NOTE, context.text("masked.title"), (Para(context.text("masked.box")),))
    if others := context.evaluation.flow.other_arms:
        named = ", ".join(other.name for other in others)
        yield Box(
            BoxKind.NOTE,
            context.text("several.title"),
            (Para(context.text("notice.W-SEVERAL-INTERVENTIONS", others=named)),),
        )
    yield from build_municipality_box(context)
    primary = context.effects(Role.PRIMARY)
    for effect in primary:
        yield Para(headline(context, effect))
    if not primary:
        yield Para(context.text("summary.no_primary"))
    figures = _key_figures(context)
    if figures:
        yield KeyFigures(figures)
    yield Para(_design(context))
    yield from _others(context)
    yield from _economy(context)
    yield Para(context.text("summary.more"))


def _key_figures(context: Context) -> tuple[KeyFigure, ...]:
    net = tuple(each for each in net_results(context) if (each.view, each.account) in _NET)
    effects = (*context.effects(Role.PRIMARY), *context.effects(Role.SECONDARY))[: _MOST_FIGURES - len(net)]
    own = [_key_figure(context, each, context.effect_label(each)) for each in effects]
    return (*own, *(_key_figure(context, each.effect, _net_label(context, each)) for each in net))


def _net_label(context: Context, result: AccountResult) -> str:
    return context.text(f"summary.key_net_{result.account.value}")


def _key_figure(context: Context, effect: Effect, label: str) -> KeyFigure:
    decimals = context.decimals(effect.outcome) if effect in context.effects() else None
    estimate, interval = to_estimate(effect, decimals), interval_of(effect)
    if interval is not None:
        return KeyFigure(estimate, label, interval)
    key = "hidden" if estimate is HIDDEN else "without_interval"
    return KeyFigure(estimate, label, note=context.text(f"summary.note.{key}"))


def _design(context: Context) -> str:
    proof = type(context.evaluation.proof).__name__.lower()
    control, treated = (HIDDEN.value if n is None else n for n in context.evaluation.flow.allocated)
    drawn = context.text("summary.design", control=control, treated=treated)
    return f"{drawn} {context.text(f'proof.{proof}')}"


def _others(context: Context) -> Iterator[Block]:
    secondary = context.effects(Role.SECONDARY)
    if secondary:
        yield Para(context.words.counted("summary.secondary", len(secondary)))
        yield Bullets(finding_list(context, secondary))


def _economy(context: Context) -> Iterator[Block]:
    lines = net_results(context)
    if lines:
        yield Para(context.text("summary.economy"))
        yield Bullets(tuple(net_sentence(context, line) for line in lines))
