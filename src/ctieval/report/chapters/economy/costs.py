"""What the intervention cost: per person drawn and per person who got some of it, in both arms, and at scale."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ctieval.domain.cost_benefit import Account, CostBenefit, View
from ctieval.domain.costing import Costing, CostPart
from ctieval.domain.posting import Entry
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.economy.ingredients import cost_figure, ingredients_table
from ctieval.report.model import Block, Para, Section

COSTS = ("economics.programme_cost", "economics.project_grant")
"""What may be missing of the costs; everything else is missing of the net results."""


def build_costs(context: Context) -> Section:
    """Build the section on costs."""
    return Section("costs", context.text("economy.costs.title"), tuple(_costs(context)))


def _costs(context: Context) -> Iterator[Block]:
    account = context.evaluation.economics
    if account is None:
        yield context.missing("economics.programme_cost", "rates/programme_cost.toml")
        return
    amounts = {
        "cost": _per_person(context, account, "programme_cost"),
        "by_ingredients": _by_ingredients(context, account),
        "grant": _per_person(context, account, "project_grant"),
    }
    for key, amount in amounts.items():
        if amount:
            yield Para(context.text(f"economy.costs.{key}", amount=context.fmt.kr(amount)))
    yield from context.missing_inputs(tuple(each for each in account.missing if each.what in COSTS))
    yield from _resources(context)
    if account.rates:
        simulated = any(use.source.simulated for use in account.rates)
        yield Para(context.text("economy.costs.sources_simulated" if simulated else "economy.costs.sources"))


def _per_person(context: Context, account: CostBenefit, total: str) -> float | None:
    """Kroner per person drawn of a total of the trial, which is known also where no saving is."""
    part = context.evaluation.part
    drawn = (context.evaluation.flow if part is None else part).allocated[1]
    amount = next((use.amount for use in account.rates if use.rate == total), None)
    return amount / drawn if amount is not None and drawn else None


def _by_ingredients(context: Context, account: CostBenefit) -> float | None:
    """What the municipality's line of the programme says, where it was reckoned from ingredients and is shown."""
    if context.evaluation.costing is None:
        return None
    own = (View.ORDINARY_OPERATION, Account.M0, Entry.PROGRAMME)
    shown = (each for each in account.lines if (each.view, each.account, each.line) == own)
    return next((-each.effect.estimate for each in shown if not math.isnan(each.effect.estimate)), None)


def _resources(context: Context) -> Iterator[Block]:
    costing = context.evaluation.costing
    if costing is None:
        yield context.missing("economics.ingredients", "ingredients.csv")
        return
    if not costing.ingredients:
        return
    yield Para(" ".join(_told(context, costing)) or context.text("economy.costs.hidden"))
    figure = cost_figure(context, costing)
    if figure is not None:
        yield Para(context.text("economy.costs.figure_lead"))
        yield figure
    yield Para(context.text("economy.costs.table_lead"))
    yield ingredients_table(context, costing)
    yield from _reconciled(context, costing)


def _reconciled(context: Context, costing: Costing) -> Iterator[Block]:
    """How much of the accounts the ingredients explain, in all."""
    if not costing.reconciled:
        yield context.missing("economics.accounts", "accounts.csv")
    for whole in (each for each in costing.reconciled if not each.site and math.isfinite(each.ratio)):
        facts = {
            "bottom_up": context.fmt.kr(whole.bottom_up),
            "top_down": context.fmt.kr(whole.top_down),
            "ratio": context.fmt.share(whole.ratio, 0),
        }
        yield Para(context.text("economy.costs.reconciled", **facts))


def _told(context: Context, costing: Costing) -> Iterator[str]:
    """What the resources come to; a number that is hidden is not told."""
    whole = {each.part: each for each in costing.sums if each.category is None}
    programme, usual = whole.get(CostPart.PROGRAMME), whole.get(CostPart.USUAL_SERVICES)
    if programme is not None:
        yield from _say(
            context,
            "programme",
            drawn=programme.intervention.per_person_drawn,
            participant=programme.intervention.per_participant,
        )
    if costing.gross:
        yield context.text("economy.costs.gross")
    elif usual is not None:
        yield from _say(
            context,
            "usual",
            treated=usual.intervention.per_person_drawn,
            control=usual.control.per_person_drawn,
            net=costing.net_per_person_drawn,
        )
    scale = costing.at_scale
    yield from _say(context, "at_scale", drawn=scale.per_person_drawn, participant=scale.per_participant)
    ratio = costing.hours[0].ratio
    if math.isfinite(ratio):
        yield context.text("economy.costs.hours", ratio=context.fmt.number(ratio, 1))


def _say(context: Context, key: str, **kroner: float) -> Iterator[str]:
    if all(map(math.isfinite, kroner.values())):
        printed = {name: context.fmt.kr(amount) for name, amount in kroner.items()}
        yield context.text(f"economy.costs.{key}", **printed)
