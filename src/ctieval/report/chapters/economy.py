"""Chapter 5: what the intervention cost, and the net result of each payer; ordinary operation leads."""

from __future__ import annotations

from collections.abc import Iterator

from ctieval.domain.cost_benefit import Account, CostBenefit, LedgerLine, Line, View
from ctieval.domain.effect_table import Effect
from ctieval.report.cells import ABSENT, Cell, Col, Kind, Row, RowRole
from ctieval.report.chapters.account import net_results, net_sentence
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.sources import account_source
from ctieval.report.chapters.values import (
    effect_text,
    interval_text,
    telling_decimals,
    to_count,
    to_estimate,
    to_interval,
)
from ctieval.report.model import Block, Box, BoxKind, Bullets, Para, Section, Table

_COSTS = ("economics.programme_cost", "economics.project_grant")


def build_economy(context: Context) -> Section:
    """Build chapter 5."""
    return Section(
        "economy",
        context.text("economy.title"),
        sections=(
            Section("costs", context.text("economy.costs.title"), tuple(_costs(context))),
            Section("net-results", context.text("economy.net.title"), tuple(_net(context))),
        ),
    )


def _costs(context: Context) -> Iterator[Block]:
    account = context.evaluation.economics
    if account is None:
        yield context.missing("economics.programme_cost", "rates/programme_cost.toml")
        return
    for key, rate in (("cost", "programme_cost"), ("grant", "project_grant")):
        amount = _per_person(context, account, rate)
        if amount:
            yield Para(context.text(f"economy.costs.{key}", amount=context.fmt.kr(amount)))
    if account.rates:
        simulated = any(use.source.simulated for use in account.rates)
        yield Para(context.text("economy.costs.sources_simulated" if simulated else "economy.costs.sources"))
    yield from context.missing_inputs(tuple(each for each in account.missing if each.what in _COSTS))


def _per_person(context: Context, account: CostBenefit, total: str) -> float | None:
    """Kroner per person drawn of a total of the trial, which is known also where no saving is."""
    drawn = context.evaluation.flow.allocated[1]
    amount = next((use.amount for use in account.rates if use.rate == total), None)
    return amount / drawn if amount is not None and drawn else None


def _net(context: Context) -> Iterator[Block]:
    account = context.evaluation.economics
    if account is None:
        yield context.missing_account()
        return
    prices = "own_prices" if any(each.what == "economics.price_index" for each in account.missing) else "one_year"
    facts = {"weeks": account.horizon_weeks, "year": str(account.price_year)}
    yield Para(f"{context.text('economy.net.lead', **facts)} {context.text(f'economy.net.{prices}', **facts)}")
    lines = net_results(context)
    if lines:
        yield Bullets(tuple(net_sentence(context, line) for line in lines))
    if account.lines:
        yield Para(context.text("economy.net.table_lead"))
        yield _table(context, account)
    weeks = account.weeks_saved
    decimals = telling_decimals(weeks, context.fmt)
    yield Para(
        context.text(
            "economy.net.weeks_saved",
            effect=effect_text(weeks, context.fmt, decimals),
            interval=interval_text(weeks, context.fmt, decimals),
            level=context.fmt.level(weeks.conf_level),
        )
    )
    yield Box(BoxKind.NOTE, context.text("economy.net.box"), (Bullets(_cautions(context, account)),))
    yield from context.missing_inputs(tuple(each for each in account.missing if each.what not in _COSTS))


def _cautions(context: Context, account: CostBenefit) -> tuple[str, ...]:
    keys = (f"economy.basis.{account.basis.value}", "economy.net.gross", "economy.net.view", "economy.net.left_out")
    return tuple(context.text(key) for key in keys)


def _table(context: Context, account: CostBenefit) -> Table:
    level = context.fmt.level(account.weeks_saved.conf_level)
    unit = context.fmt.unit(Kind.KR)
    columns = [Col("line", context.text("head.line"))]
    for view in View:
        columns.append(Col(view.value, context.text(f"head.{view.value}"), Kind.KR, unit=unit, signed=True))
        columns.append(Col(f"{view.value}_interval", context.text("head.interval", level=level), Kind.CI, of=Kind.KR))
    return Table(
        id="account",
        caption=context.text("economy.net.caption", weeks=account.horizon_weeks),
        columns=tuple(columns),
        rows=tuple(_rows(context, account)),
        source=account_source(context),
        n_note=_persons(context, account.weeks_saved),
        note=context.text("economy.net.note"),
    )


def _persons(context: Context, effect: Effect) -> str:
    treated, control = (context.fmt.count(to_count(n)) for n in (effect.n_treated, effect.n_control))
    return context.text("persons.observed", treated=treated, control=control)


def _rows(context: Context, account: CostBenefit) -> Iterator[Row]:
    found = {(each.account, each.line, each.view): each for each in account.lines}
    for payer in Account:
        lines = [line for line in Line if any((payer, line, view) in found for view in View)]
        if lines:
            yield Row((context.text(f"account.{payer.value}"),), RowRole.GROUP)
        for line in lines:
            cells = [cell for view in View for cell in _cells(found.get((payer, line, view)))]
            role = RowRole.TOTAL if line is Line.NET_RESULT else RowRole.SUB
            yield Row((context.text(f"line.{line.value}"), *cells), role)


def _cells(line: LedgerLine | None) -> tuple[Cell, Cell]:
    if line is None:
        return ABSENT, ABSENT
    interval = ABSENT if line.effect.std_error == 0 else to_interval(line.effect)
    return to_estimate(line.effect), interval
