"""The account over time, under scenarios and as a decision sees it, as flat rows for the command line."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from ctieval.cli.console import Row
from ctieval.domain.cost_benefit import CostBenefit
from ctieval.domain.decision import Decision
from ctieval.domain.outlook import AccountOutlook, Outlook

_NAN = math.nan


def prospect_tables(economics: CostBenefit | None) -> Mapping[str, Sequence[Row]]:
    """Return the tables by name: scenarios, curve, budget_years and decision; empty without a net result."""
    outlook = None if economics is None else economics.outlook
    decision = None if economics is None else economics.decision
    return {
        "scenarios": [] if outlook is None else list(_scenario_rows(outlook)),
        "curve": [] if outlook is None else [row for each in outlook.accounts for row in _curve_rows(each)],
        "budget_years": [] if outlook is None else list(_budget_rows(outlook)),
        "decision": [] if decision is None else list(_decision_rows(decision)),
    }


def _scenario_rows(outlook: Outlook) -> Iterator[Row]:
    """One row an account and scenario, with what each takes for granted."""
    for account in outlook.accounts:
        for each in account.scenarios:
            yield {
                "account": account.account,
                "scenario": each.scenario.name.value,
                "months": each.scenario.months,
                "yearly_decay": each.scenario.yearly_decay,
                "displacement": each.scenario.displacement,
                "observed": each.observed,
                "extrapolated": each.extrapolated,
                "share_above_zero": each.share_above_zero,
                **asdict(each.effect),
            }


def _curve_rows(account: AccountOutlook) -> Iterator[Row]:
    """One row a month from 1, the months observed and then those extrapolated, with the share paid back by then."""
    curve, ahead, shares = account.curve, account.extrapolation.ahead, account.payback.shares
    band = curve.band
    for month, estimate in enumerate(curve.estimate):
        yield {
            "account": account.account,
            "month": month + 1,
            "kind": "observed",
            "estimate": estimate,
            "conf_low": curve.conf_low[month],
            "conf_high": curve.conf_high[month],
            "band_low": _NAN if band is None else band.low[month],
            "band_high": _NAN if band is None else band.high[month],
            "share_paid_back": _NAN if shares is None else shares.within[month],
        }
    for month, estimate in enumerate(ahead.estimate):
        yield {
            "account": account.account,
            "month": len(curve.estimate) + month + 1,
            "kind": "extrapolated",
            "estimate": estimate,
            "conf_low": ahead.conf_low[month],
            "conf_high": ahead.conf_high[month],
            "band_low": _NAN,
            "band_high": _NAN,
            "share_paid_back": _NAN,
        }


def _budget_rows(outlook: Outlook) -> Iterator[Row]:
    """One row an account and calendar year, in the kroner of the year."""
    for each in outlook.budget:
        yield {
            "account": each.account,
            "year": each.year,
            "per_person": each.per_person,
            "cohort": each.cohort,
            **asdict(each.effect),
        }


def _decision_rows(decision: Decision) -> Iterator[Row]:
    """One row a number: its part, what it is of, its value, and the ends of its interval or range."""
    ratio, known = decision.cost_ratio, decision.information
    if ratio is not None:
        yield _row("cost_ratio", ratio.payer, ratio.ratio, ratio.conf_low, ratio.conf_high)
        yield from (_row("cost_ratio.gain", each.line, each.amount) for each in ratio.gains)
        yield from (_row("cost_ratio.cost", each.line, each.amount) for each in ratio.costs)
    for funds in decision.public_funds:
        ends = (each.ratio for each in (funds.point, funds.low, funds.high))
        yield _row("public_funds", funds.willingness.value, *ends)
        yield from (_row(f"public_funds.{funds.willingness.value}", *each) for each in funds.shares)
    for curve in decision.acceptability:
        for worth, share in zip(curve.worth, curve.share_above_zero, strict=True):
            yield _row(f"acceptability.{curve.outcome}", f"{worth:g}", share)
    for bar in decision.tornado:
        yield _row(f"tornado.{bar.origin.value}", bar.key, bar.base, bar.low, bar.high)
        yield _row("tornado.net", bar.key, bar.switching_value, bar.net_at_low, bar.net_at_high)
    if known is not None:
        yield _row("information", "perfect", known.perfect)
        yield _row("information", "perfect_for_all", known.perfect_for_all)
        yield _row("information", "one_more_trial", known.one_more_trial)
        yield from (_row("information", each.key, each.per_person) for each in known.partial)
    if decision.variance is not None:
        yield _row("variance", "sampling", decision.variance.sampling)
        yield _row("variance", "parameters", decision.variance.parameters)
    for index in decision.indices:
        yield _row("variance.first_order", index.key, index.first_order)
        yield _row("variance.total", index.key, index.total)


def _row(part: str, of: str, value: float | None, low: float | None = None, high: float | None = None) -> Row:
    return {"part": part, "of": of, "value": value, "low": low, "high": high}
