"""The paper to a council: two pages from the same results as the report; what to do about them is not ours to say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from ctieval.domain.allocation import Masked
from ctieval.domain.cost_benefit import Account, View
from ctieval.domain.effect_table import Effect
from ctieval.domain.outcome import Role
from ctieval.report.cells import HIDDEN, Col, Kind, Row
from ctieval.report.chapters.account import net_results, net_sentence
from ctieval.report.chapters.baseline import with_unit
from ctieval.report.chapters.comments import RECOMMENDATION, build_comment
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.cover import build_cover, municipality_subtitle
from ctieval.report.chapters.municipality import build_municipality_note
from ctieval.report.chapters.sentences import headline
from ctieval.report.chapters.sources import data_source, drawn_note
from ctieval.report.chapters.values import to_count, to_estimate, to_interval
from ctieval.report.model import Block, Box, BoxKind, Bullets, Form, Meta, Para, Section, SectionKind, Table

MOST_ROWS: Final = 8
"""Outcomes in the table; this and the next three keep the paper to two pages, and the report has everything."""

MOST_HEADLINES: Final = 3
MOST_NAMES: Final = 12
MOST_GAPS: Final = 2


def build_council_meta(context: Context) -> Meta:
    """Build what stands above the paper."""
    return replace(
        build_cover(context),
        document_type=context.text("council.document_type"),
        subtitle=municipality_subtitle(context) or context.text("council.subtitle"),
        about="",
        form=Form.MEMO,
    )


def build_council(context: Context) -> tuple[Section, ...]:
    """Build the sections of the paper; their references lead into the report."""
    parts = (
        (RECOMMENDATION, "recommendation", _recommendation(context)),
        ("background", "background", _background(context)),
        ("findings", "results", _results(context)),
        ("costs-and-gains", "economy", _economy(context)),
        ("enclosures", "enclosures", _enclosures(context)),
    )
    return tuple(
        Section(name, context.text(f"council.{key}.title"), tuple(blocks), kind=SectionKind.UNNUMBERED)
        for name, key, blocks in parts
    )


def _recommendation(context: Context) -> Iterator[Block]:
    if isinstance(context.evaluation.proof, Masked):
        yield Box(BoxKind.NOTE, context.text("masked.title"), (Para(context.text("masked.box")),))
    yield Para(context.text("council.recommendation.text"))
    yield from build_municipality_note(context)
    own = build_comment(context, RECOMMENDATION, context.text("council.recommendation.box"))
    if own is not None:
        yield own


def _background(context: Context) -> Iterator[Block]:
    trial, flow = context.evaluation.trial, context.evaluation.flow
    title = context.label(trial.title)
    told = [context.text("council.background.undated", title=title)]
    if trial.start is not None and trial.end is not None:
        period = {"start": context.fmt.date(trial.start), "end": context.fmt.date(trial.end - timedelta(days=1))}
        told = [context.text("council.background.period", title=title, **period)]
    if context.blocked_by == "municipality" and flow.blocks:
        told.append(_municipalities(context))
    told.append(context.text("introduction.project.arms"))
    yield Para(" ".join(told))
    control, treated = (HIDDEN.value if n is None else n for n in flow.allocated)
    drawn = context.text("council.background.drawn", control=control, treated=treated)
    proof = context.text(f"proof.{type(context.evaluation.proof).__name__.lower()}")
    yield Para(f"{drawn} {proof}")


def _municipalities(context: Context) -> str:
    names = [context.block_name(block.block) for block in context.evaluation.flow.blocks]
    key = "municipalities" if len(names) <= MOST_NAMES else "many_municipalities"
    return context.text(f"council.background.{key}", n=len(names), names=", ".join(names))


def _results(context: Context) -> Iterator[Block]:
    primary, effects = context.effects(Role.PRIMARY), context.effects(Role.PRIMARY, Role.SECONDARY)
    if not primary:
        yield Para(context.text("summary.no_primary"))
    for effect in primary[:MOST_HEADLINES]:
        yield Para(headline(context, effect))
    if not effects:
        yield context.missing("effects", "trial.toml")
        return
    lead = context.text("council.results.table")
    left_out = len(context.effects()) - len(effects[:MOST_ROWS])
    more = context.words.counted("council.results.more", left_out) if left_out else ""
    yield Para(f"{lead} {more}".strip())
    yield _table(context, (*primary, *context.effects(Role.SECONDARY))[:MOST_ROWS])


def _table(context: Context, effects: tuple[Effect, ...]) -> Table:
    level = context.fmt.level(effects[0].conf_level)
    note = context.text("council.results.note")
    return Table(
        id="key-results",
        caption=context.text("council.results.caption"),
        columns=(
            Col("outcome", context.text("head.outcome")),
            Col("effect", context.text("head.effect"), Kind.RATIO),
            Col("interval", context.text("head.interval", level=level), Kind.CI),
            Col("n", context.text("head.n"), Kind.COUNT),
            Col("finding", context.text("council.results.head")),
        ),
        rows=tuple(_row(context, effect) for effect in effects),
        source=data_source(context),
        n_note=drawn_note(context),
        note=f"{note} {context.text('council.results.many')}" if len(effects) > 1 else note,
    )


def _row(context: Context, effect: Effect) -> Row:
    decimals = context.decimals(effect.outcome)
    return Row(
        (
            with_unit(context, context.effect_label(effect), effect.unit),
            to_estimate(effect, decimals),
            to_interval(effect, decimals),
            to_count(effect.n),
            context.text(f"council.finding.{context.finding(effect).value}"),
        )
    )


def _economy(context: Context) -> Iterator[Block]:
    results = net_results(context)
    lasting = tuple(each for each in results if each.view is View.ORDINARY_OPERATION)
    if lasting:
        lead, more = (context.text(f"council.economy.{key}") for key in ("lead", "funded"))
        yield Para(lead if len(lasting) == len(results) else f"{lead} {more}")
        yield Bullets(tuple(net_sentence(context, each) for each in lasting))
        if Account.M2 not in {each.account for each in lasting}:
            yield Para(context.text("economy.net.before_tax"))
        return
    account = context.evaluation.economics
    yield Para(context.text("council.economy.none"))
    gaps = (context.missing_account(),) if account is None else context.missing_inputs(account.missing)
    yield from gaps[:MOST_GAPS]


def _enclosures(context: Context) -> Iterator[Block]:
    yield Bullets((context.text("council.enclosures.report", title=context.label(context.evaluation.trial.title)),))
    yield Para(context.text("council.enclosures.more"))
