"""The tables of the account: results by payer, the lines behind them, and results per participant."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ctieval.domain.cost_benefit import Account, AccountResult, CostBenefit, PerParticipant, View
from ctieval.domain.effect_table import Effect
from ctieval.domain.posting import Entry
from ctieval.report.cells import ABSENT, Cell, Col, Kind, Row, RowRole
from ctieval.report.chapters.account import results_of
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.sources import account_source
from ctieval.report.chapters.values import to_count, to_estimate, to_interval
from ctieval.report.fmt import round_as_printed
from ctieval.report.model import Table
from ctieval.report.whole_kroner import round_to_add_up

_GROUPS = {
    "municipality": (Account.M0, Account.M1, Account.M2, Account.M3),
    "public": (
        Account.STATE_BEFORE_TAX,
        Account.STATE,
        Account.OTHER_MUNICIPALITIES,
        Account.REGION,
        Account.PUBLIC_BEFORE_TAX,
        Account.PUBLIC,
    ),
    "society": (
        Account.CITIZEN,
        Account.EMPLOYERS,
        Account.SOCIETY,
        Account.SOCIETY_CONSUMER_PRICES,
        Account.SOCIETY_PUBLIC_FUNDS,
    ),
}
_LEADING = (Account.M0, Account.M2)
_ROUNDING = 1e-9
_CHAINS = {
    "municipality": (Account.M0, Account.M1, Account.M2),
    "state": (Account.STATE_BEFORE_TAX, Account.STATE),
    "citizen": (Account.CITIZEN,),
    "whole_society": (Account.SOCIETY,),
}
"""Accounts of which each holds the lines of the one before it, and more."""


def results_table(context: Context, account: CostBenefit) -> Table:
    """Return the result of every account, in both views."""
    return Table(
        id="account-results",
        caption=context.text("economy.net.results_caption", weeks=account.horizon_weeks),
        columns=(*_columns(context, account), Col("break_even", context.text("head.break_even"), Kind.SHARE)),
        rows=tuple(_result_rows(context, account)),
        source=account_source(context),
        n_note=_persons(context, account.weeks_saved),
        note=context.text("economy.net.results_note"),
    )


def lines_table(context: Context, account: CostBenefit) -> Table:
    """Return the lines of the accounts that lead, with their sums."""
    return Table(
        id="account",
        caption=context.text("economy.net.caption", weeks=account.horizon_weeks),
        columns=_columns(context, account),
        rows=tuple(_line_rows(context, account)),
        source=account_source(context),
        n_note=_persons(context, account.weeks_saved),
        note=context.text("economy.net.note"),
    )


def participants_table(context: Context, account: CostBenefit, found: PerParticipant) -> Table:
    """Return the results per participant; they are never beside those per person drawn."""
    effects = {(each.view, each.account): each.effect for each in found.results}
    return Table(
        id="account-participants",
        caption=context.text("economy.participant.caption", weeks=account.horizon_weeks),
        columns=_columns(context, account),
        rows=tuple(row for row, _ in _grouped(context, effects, _views(account))),
        source=account_source(context),
        n_note=_persons(context, found.take_up),
        note=context.text("economy.participant.note"),
    )


def municipal_kroner(account: CostBenefit) -> Mapping[Entry, int]:
    """Return the municipality's lines in ordinary operation in whole kroner, as the table prints them."""
    lines = {(line.view, line.account, line.line): line.effect for line in account.lines}
    results = {key: result.effect for key, result in results_of(account).items()}
    known = [each for each in _CHAINS["municipality"] if any(key[1] is each for key in lines)]
    return _add_up(View.ORDINARY_OPERATION, known, lines, results)


def _columns(context: Context, account: CostBenefit) -> tuple[Col, ...]:
    level = context.fmt.level(account.weeks_saved.conf_level)
    unit = context.fmt.unit(Kind.KR)
    columns = [Col("line", context.text("head.line"))]
    for view in _views(account):
        columns.append(Col(view.value, context.text(f"head.{view.value}"), Kind.KR, unit=unit, signed=True))
        columns.append(Col(f"{view.value}_interval", context.text("head.interval", level=level), Kind.CI, of=Kind.KR))
    return tuple(columns)


def _views(account: CostBenefit) -> tuple[View, ...]:
    """The views that can be told: as funded only where there is a grant."""
    found = {each.view for each in (*account.lines, *account.results)}
    return tuple(view for view in View if view in found)


def _persons(context: Context, effect: Effect) -> str:
    treated, control = (context.fmt.count(to_count(n)) for n in (effect.n_treated, effect.n_control))
    return context.text("persons.observed", treated=treated, control=control)


def _result_rows(context: Context, account: CostBenefit) -> Iterator[Row]:
    results = results_of(account)
    effects = {key: result.effect for key, result in results.items()}
    for row, key in _grouped(context, effects, _views(account)):
        if key is None:
            yield row
        else:
            yield Row((*row.cells, _break_even(results[View.ORDINARY_OPERATION, key])), row.role)


def _grouped(
    context: Context, effects: Mapping[tuple[View, Account], Effect], views: Sequence[View]
) -> Iterator[tuple[Row, Account | None]]:
    """One row an account under the name of its group; the two leading rungs of the municipality stand out."""
    for name, accounts in _GROUPS.items():
        own = [each for each in accounts if (View.ORDINARY_OPERATION, each) in effects]
        if own:
            yield Row((context.text(f"economy.group.{name}"),), RowRole.GROUP), None
        for each in own:
            cells = [cell for view in views for cell in _cells(effects.get((view, each)))]
            role = RowRole.TOTAL if each in _LEADING else RowRole.SUB
            yield Row((context.text(f"account.{each.value}"), *cells), role), each


def _break_even(result: AccountResult) -> Cell:
    """The displacement that uses a gain up; absent for a loss, and for a gain that nothing or all of it would undo."""
    point = result.break_even_displacement
    return point if result.effect.estimate > 0 and 0 < point < 1 - _ROUNDING else ABSENT


def _line_rows(context: Context, account: CostBenefit) -> Iterator[Row]:
    lines = {(line.view, line.account, line.line): line.effect for line in account.lines}
    results = {key: result.effect for key, result in results_of(account).items()}
    views = _views(account)
    for name, chain in _CHAINS.items():
        known = [each for each in chain if any(key[1] is each for key in lines)]
        whole = {view: _add_up(view, known, lines, results) for view in views}
        if known:
            yield Row((context.text(f"economy.group.{name}"),), RowRole.GROUP)
        shown: set[Entry] = set()
        for each in known:
            own = [line for line in Entry if line not in shown and any((view, each, line) in lines for view in View)]
            shown |= set(own)
            for line in own:
                cells = [
                    cell for view in views for cell in _cells(lines.get((view, each, line)), whole[view].get(line))
                ]
                yield Row((context.text(f"line.{line.value}"), *cells), RowRole.SUB)
            if any((view, each) in results for view in View):
                cells = [cell for view in views for cell in _cells(results.get((view, each)))]
                yield Row((context.text(f"account.{each.value}"), *cells), RowRole.TOTAL)


def _add_up(
    view: View,
    chain: Sequence[Account],
    lines: Mapping[tuple[View, Account, Entry], Effect],
    results: Mapping[tuple[View, Account], Effect],
) -> Mapping[Entry, int]:
    """Whole kroner of the lines of a chain that add up to its results as those are printed everywhere."""
    found: dict[Entry, int] = {}
    before = 0
    for each in chain:
        own = [line for line in Entry if line not in found and (view, each, line) in lines]
        result = results[view, each].estimate if (view, each) in results else math.nan
        amounts = [lines[view, each, line].estimate for line in own]
        if not own or math.isnan(result + sum(amounts)):
            return found
        total = int(round_as_printed(result, Kind.KR))
        if abs(total - before - sum(amounts)) <= 1:
            found |= dict(zip(own, round_to_add_up(amounts, total - before), strict=True))
        before = total
    return found


def _cells(effect: Effect | None, whole: int | None = None) -> tuple[Cell, Cell]:
    """The estimate, in whole kroner where these were rounded to add up, and its interval."""
    if effect is None:
        return ABSENT, ABSENT
    estimate = effect if whole is None else replace(effect, estimate=float(whole))
    return to_estimate(estimate), ABSENT if effect.std_error == 0 else to_interval(effect)
