"""What each payer is left with: the municipality after refund beside after equalisation, and who pays and gains."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ctieval.domain.cost_benefit import Account, CostBenefit
from ctieval.domain.effect_table import Effect
from ctieval.domain.posting import Entry
from ctieval.report.chapters.account import net_results, net_sentence
from ctieval.report.chapters.account_tables import lines_table, participants_table, results_table
from ctieval.report.chapters.appendix.records import notice_sentence
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.economy.costs import COSTS
from ctieval.report.chapters.economy.payers import build_payers
from ctieval.report.chapters.values import effect_text, interval_text, telling_decimals
from ctieval.report.model import Block, Box, BoxKind, Bullets, Para, Section

_DOUBTS = ("W-FOLLOW-UP-DIFFERS", "W-SKEWED")


def build_net(context: Context) -> Section:
    """Build the section on net results."""
    return Section("net-results", context.text("economy.net.title"), tuple(_net(context)))


def _net(context: Context) -> Iterator[Block]:
    account = context.evaluation.economics
    if account is None:
        yield context.missing_account()
        return
    prices = "own_prices" if any(each.what == "economics.price_index" for each in account.missing) else "one_year"
    facts = {"weeks": account.horizon_weeks, "year": str(account.price_year)}
    yield Para(f"{context.text('economy.net.lead', **facts)} {context.text(f'economy.net.{prices}', **facts)}")
    results = net_results(context)
    if results:
        yield Bullets(tuple(net_sentence(context, each) for each in results))
        yield from _doubts(context, account)
    yield Para(_weeks_saved(context, account.weeks_saved))
    yield from build_payers(context, account)
    if results:
        yield Para(context.text("economy.net.results_lead"))
        yield results_table(context, account)
    if account.lines:
        yield Para(context.text("economy.net.table_lead"))
        yield lines_table(context, account)
    yield Box(BoxKind.NOTE, context.text("economy.net.box"), (Bullets(_cautions(context, account)),))
    yield from _per_participant(context, account)
    yield from context.missing_inputs(tuple(each for each in account.missing if each.what not in COSTS))


def _doubts(context: Context, account: CostBenefit) -> Iterator[Block]:
    """What makes the net results themselves doubtful stands right under them."""
    said = dict.fromkeys(each for each in account.warnings if each.code in _DOUBTS)
    if said:
        yield Bullets(tuple(notice_sentence(context, each, (each.subject,)) for each in said))


def _weeks_saved(context: Context, weeks: Effect) -> str:
    decimals = telling_decimals(weeks, context.fmt)
    return context.text(
        "economy.net.weeks_saved",
        effect=effect_text(weeks, context.fmt, decimals),
        interval=interval_text(weeks, context.fmt, decimals),
        level=context.fmt.level(weeks.conf_level),
    )


def _cautions(context: Context, account: CostBenefit) -> tuple[str, ...]:
    shown = {(line.account, line.line) for line in account.lines}
    taxed = any(each is Account.M2 for each, _ in shown)
    keys = (
        f"economy.basis.{account.basis.value}",
        "economy.net.gross",
        *(
            ("economy.net.rungs", "economy.net.national", "economy.net.society")
            if taxed
            else ("economy.net.before_tax",)
        ),
        "economy.net.view",
        *(() if any(line is Entry.USUAL_SERVICES for _, line in shown) else ("economy.net.usual_services",)),
        "economy.net.left_out",
    )
    return tuple(context.text(key) for key in keys)


def _per_participant(context: Context, account: CostBenefit) -> Iterator[Block]:
    """The results per participant, in a table of their own."""
    if account.per_participant is None:
        return
    found = account.per_participant
    take_up = effect_text(found.take_up, context.fmt)
    hidden = math.isnan(found.take_up.estimate)
    yield Para(context.text("economy.participant.hidden" if hidden else "economy.participant.lead", take_up=take_up))
    if not hidden:
        yield participants_table(context, account, found)
