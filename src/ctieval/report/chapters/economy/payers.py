"""The municipality's net result step by step, and who pays and who gains: two figures that add up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from ctieval.domain.cost_benefit import Account, CostBenefit, View
from ctieval.domain.effect_table import Effect
from ctieval.domain.outcome import BetterWhen
from ctieval.domain.posting import Entry
from ctieval.domain.posting import Kind as Nature
from ctieval.report.amount_drawing import AmountGroup, AmountRole, BarChart, WaterfallChart
from ctieval.report.chapters.account import results_of
from ctieval.report.chapters.account_tables import municipal_kroner
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.economy.amounts import (
    amount_columns,
    amount_facts,
    amount_rows,
    is_shown,
    kroner_scale,
    observed_note,
    to_amount,
)
from ctieval.report.chapters.sources import account_source
from ctieval.report.findings import find_effect
from ctieval.report.model import Block, Figure, Para

PAYERS = (
    Account.M2,
    Account.OTHER_MUNICIPALITIES,
    Account.REGION,
    Account.STATE,
    Account.CITIZEN,
    Account.EMPLOYERS,
)
"""Whose results add up to society's."""
_RUNGS = (Account.M0, Account.M2)
_A_KRONE = 1.0
Named = tuple[str, Effect, AmountRole]


def build_payers(context: Context, account: CostBenefit) -> Iterator[Block]:
    """Build the figures of the payers; of one account alone where taxes are not known, none where all is hidden."""
    results = {key: each.effect for (view, key), each in results_of(account).items() if view is View.ORDINARY_OPERATION}
    if Account.M0 not in results or not is_shown(*results.values()):
        return
    steps = list(_steps(context, account, results))
    finding = find_effect(results[Account.M0], BetterWhen.HIGHER)
    leading = " ".join(_said(context, each, results[each]) for each in _RUNGS if each in results)
    yield Para(context.text("economy.waterfall.lead"))
    yield Figure(
        id="waterfall",
        caption=context.text("economy.waterfall.caption", weeks=account.horizon_weeks),
        alt=context.text(f"economy.waterfall.alt.{finding.value}", results=leading),
        draw=WaterfallChart(
            tuple(to_amount(*each) for each in steps), kroner_scale(context, account.weeks_saved.conf_level)
        ),
        columns=amount_columns(context, account.weeks_saved.conf_level),
        rows=tuple(amount_rows([(label, effect) for label, effect, _ in steps])),
        source=account_source(context),
        n_note=observed_note(context, account),
        note=context.text("economy.waterfall.note"),
    )
    if _adds_up(results):
        yield from _gains(context, account, results)


def _steps(context: Context, account: CostBenefit, results: dict[Account, Effect]) -> Iterator[Named]:
    """The lines of the municipality and its two sums; then the other payers, where they add up to society."""
    lines = {(each.account, each.line): each.effect for each in account.lines if each.view is View.ORDINARY_OPERATION}
    whole, told = municipal_kroner(account), set[Entry]()
    for rung in (each for each in _RUNGS if each in results):
        for entry in Entry:
            if entry not in told and (rung, entry) in lines:
                told.add(entry)
                role = AmountRole.TRANSFER if entry.kind is Nature.TRANSFER else AmountRole.PLAIN
                effect = lines[rung, entry]
                yield (
                    context.text(f"line.{entry.value}"),
                    replace(effect, estimate=whole.get(entry, effect.estimate)),
                    role,
                )
        yield context.text(f"payer.{rung.value}"), results[rung], AmountRole.TOTAL
    if _adds_up(results):
        for payer in _others(results):
            yield context.text(f"payer.{payer.value}"), results[payer], AmountRole.TRANSFER
        yield context.text("payer.society"), results[Account.SOCIETY], AmountRole.TOTAL


def _others(results: dict[Account, Effect]) -> list[Account]:
    """Payers beside the municipality, without those to whom nothing happens."""
    return [each for each in PAYERS[1:] if each in results and abs(results[each].estimate) >= _A_KRONE]


def _adds_up(results: dict[Account, Effect]) -> bool:
    """Tell whether the payers' results are known and add up to society's."""
    if not {Account.M2, Account.STATE, Account.CITIZEN, Account.SOCIETY} <= set(results):
        return False
    total = sum(results[each].estimate for each in PAYERS if each in results)
    return abs(total - results[Account.SOCIETY].estimate) < _A_KRONE


def _gains(context: Context, account: CostBenefit, results: dict[Account, Effect]) -> Iterator[Block]:
    shown = [Account.M2, *_others(results)]
    named = [(context.text(f"payer.{each.value}"), results[each]) for each in shown]
    society = (context.text("payer.society"), results[Account.SOCIETY])
    amounts = (
        *(to_amount(*each) for each in named),
        to_amount(*society, AmountRole.TOTAL),
    )
    sides = {
        side: [label for label, effect in named if (effect.estimate > 0) is (side == "gains")]
        for side in ("gains", "pays")
    }
    words = context.text("economy.gains.pays"), context.text("economy.gains.gains")
    yield Para(context.text("economy.gains.lead"))
    yield Figure(
        id="gains",
        caption=context.text("economy.gains.caption", weeks=account.horizon_weeks),
        alt=" ".join(
            chain(
                (context.text(f"economy.gains.alt_{side}", who=", ".join(who)) for side, who in sides.items() if who),
                (_said(context, Account.SOCIETY, results[Account.SOCIETY]),),
            )
        ),
        draw=BarChart((AmountGroup(amounts),), kroner_scale(context, account.weeks_saved.conf_level), words),
        columns=amount_columns(context, account.weeks_saved.conf_level),
        rows=tuple(amount_rows([*named, society])),
        source=account_source(context),
        n_note=observed_note(context, account),
        note=context.text("economy.gains.note"),
    )


def _said(context: Context, account: Account, effect: Effect) -> str:
    payer = context.text(f"payer.{account.value}")
    return context.text("economy.waterfall.said", payer=payer, **amount_facts(context, effect))
