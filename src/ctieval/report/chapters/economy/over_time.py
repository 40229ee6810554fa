"""The net result month by month: what is laid out, when it comes back, and the council's budget years."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ctieval.domain.cost_benefit import Account, CostBenefit
from ctieval.domain.outlook import AccountOutlook, Outlook, Payback
from ctieval.report.cells import Interval, Kind
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.economy.budget import budget_table
from ctieval.report.chapters.economy.curve import curve_figure
from ctieval.report.chapters.economy.payback import payback_figure
from ctieval.report.model import Block, Bullets, Para, Section

LEADING = (Account.M0, Account.M2)
"""Accounts that are followed month by month: after refund beside after equalisation, where that is known."""


def build_over_time(context: Context) -> Section:
    """Build the section on time."""
    return Section("over-time", context.text("economy.over_time.title"), tuple(_over_time(context)))


def leading_outlooks(outlook: Outlook) -> tuple[AccountOutlook, ...]:
    """Return the outlooks of the accounts that lead."""
    found = (outlook.account(each.value) for each in LEADING)
    return tuple(each for each in found if each is not None)


def without_outlook(context: Context, account: CostBenefit) -> Block:
    """Return what stands where nothing can be told beyond the net result: hidden, or not known."""
    if account.weeks_saved.n is None:
        return Para(context.text("economy.over_time.hidden"))
    return context.missing("economics.outlook", "trial.toml")


def _over_time(context: Context) -> Iterator[Block]:
    account = context.evaluation.economics
    outlook = None if account is None else account.outlook
    if account is None:
        return
    if outlook is None:
        yield without_outlook(context, account)
        return
    shown = leading_outlooks(outlook)
    yield Para(context.text("economy.over_time.lead", months=outlook.months))
    yield Bullets(tuple(_told(context, outlook, each) for each in shown))
    if outlook.budget:
        yield Para(context.text("economy.budget.lead"))
        yield budget_table(context, account, outlook)
    yield curve_figure(context, account, outlook, shown)
    yield from _distribution(context, account, outlook, shown[-1])


def _told(context: Context, outlook: Outlook, each: AccountOutlook) -> str:
    trough = each.curve.trough
    laid_out = trough.kroner < 0
    return " ".join(
        (
            context.text("economy.over_time.account", account=context.text(f"payer.{each.account}")),
            context.text(
                f"economy.over_time.{'trough' if laid_out else 'no_trough'}",
                month=trough.month + 1,
                kroner=context.fmt.kr(trough.kroner, signed=True),
            ),
            payback_sentence(context, outlook, each.payback),
        )
    )


def payback_sentence(context: Context, outlook: Outlook, payback: Payback) -> str:
    """Say when everything is paid back, with the interval; where it is not, that it is not, and up to when."""
    interval = "" if payback.shares is None else payback_interval(context, payback)
    key = "never" if payback.month is None else "paid_back"
    suffix = "" if interval else "_without_interval"
    return context.text(
        f"economy.over_time.{key}{suffix}",
        month=0 if payback.month is None else payback.month + 1,
        months=outlook.months,
        interval=interval,
        level=context.fmt.level(outlook.conf_level),
    )


def payback_interval(context: Context, payback: Payback) -> str:
    """Print the interval of the month; an end that is not within the months observed is open."""
    shares = payback.shares
    ends = (None, None) if shares is None else (shares.low, shares.high)
    low, high = (math.inf if end is None else float(end + 1) for end in ends)
    return "" if math.isinf(low) else context.fmt.interval(Interval(low, high), Kind.COUNT)


def _distribution(context: Context, account: CostBenefit, outlook: Outlook, each: AccountOutlook) -> Iterator[Block]:
    """How the resamples are paid back: a figure where some of them are, else one sentence."""
    shares = each.payback.shares
    if shares is None:
        return
    facts = {
        "payer": context.text(f"payer.{each.account}"),
        "replicates": outlook.replicates,
        "months": outlook.months,
        "never": context.fmt.share(shares.never),
        "within": context.fmt.share(shares.within[-1]),
    }
    if shares.never >= 1:
        yield Para(context.text("economy.payback.none", **facts))
    else:
        yield Para(context.text("economy.payback.lead", **facts))
        yield payback_figure(context, account, outlook, each)
