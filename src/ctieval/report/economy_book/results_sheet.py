"""The sheet of the results: every account with its lines, live, beside what the engine found and how sure it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ctieval.domain.cost_benefit import Account, View
from ctieval.domain.effect_table import Effect
from ctieval.domain.posting import Entry
from ctieval.report.economy_book.assumptions import NET_TAX
from ctieval.report.economy_book.desk import PURSES, Desk
from ctieval.report.economy_book.inputs_sheet import CHANGED
from ctieval.report.economy_book.ledger_sheet import Ledger
from ctieval.report.economy_book.live import Live, total_range
from ctieval.report.economy_book.page import FIRST_ROW, Page, Shown


@dataclass(frozen=True, slots=True)
class Result:
    """One net result, live and as the engine found it.

    Attributes:
        account: Whose it is.
        view: With or without the grant.
        live: The live cell.
        engine: The cell of the engine's.
    """

    account: Account
    view: View
    live: Live
    engine: Live


def write_results(desk: Desk, ledger: Ledger, inputs: Mapping[str, Live]) -> tuple[Result, ...]:
    """Write lines and results of every account in both views, and return the results."""
    entries = [entry for entry in Entry if desk.has(entry) and entry is not Entry.PROJECT_GRANT]
    tail = ("net_result", "engine", "low", "high", "std_error", "state")
    heads = (*desk.heads("account"), *map(desk.entry_name, entries), *desk.heads(*tail))
    page = desk.open("results", heads, numbers=range(1, len(heads) - 1))
    found: list[Result] = []
    ordinary: dict[Account, Live] = {}
    accounts = list(dict.fromkeys(line.account for line in desk.account.lines))
    for row, account in enumerate(accounts, start=FIRST_ROW):
        page.text(row, 0, desk.account_name(account))
        own = {line.line for line in desk.account.lines if line.account is account}
        cells = [
            page.formula(row, column, _line(entry, account, ledger, desk, inputs), Shown.KR)
            for column, entry in enumerate(entries, start=1)
            if entry in own
        ]
        effect = _effect(desk, account, View.ORDINARY_OPERATION)
        if effect is None:
            continue
        across = [page.at(row, column, 0.0) for column in range(1, 1 + len(entries))]
        net = Live(total_range(across).formula, sum(cell.value for cell in cells))
        ordinary[account] = page.formula(row, 1 + len(entries), net, Shown.KR, "group")
        engine = _write_engine(page, row, 2 + len(entries), effect, desk)
        found.append(Result(account, View.ORDINARY_OPERATION, ordinary[account], engine))
    return (*found, *_write_funded(desk, page, FIRST_ROW + len(accounts) + 2, ordinary, ledger))


def _line(entry: Entry, account: Account, ledger: Ledger, desk: Desk, inputs: Mapping[str, Live]) -> Live:
    line = ledger.line(entry, PURSES[account])
    if account is not Account.SOCIETY_CONSUMER_PRICES:
        return line
    return line * next(inputs[each.key] for each in desk.assumptions if each.rate and each.rate.rate == NET_TAX)


def _effect(desk: Desk, account: Account, view: View) -> Effect | None:
    results = desk.account.results
    return next((each.effect for each in results if (each.account, each.view) == (account, view)), None)


def _write_engine(page: Page, row: int, column: int, effect: Effect, desk: Desk) -> Live:
    """Write what the engine found, grey once an assumption has been changed."""
    engine = page.number(row, column, effect.estimate, Shown.KR)
    for at, value in enumerate((effect.conf_low, effect.conf_high, effect.std_error), start=column + 1):
        page.number(row, at, value, Shown.KR)
    write_state(page, row, column + 4, desk)
    grey(page, row, column, column + 3)
    return engine


def write_state(page: Page, row: int, column: int, desk: Desk) -> None:
    """Write whether the engine's own numbers in a row hold, or an assumption has been changed since."""
    holds, stale = desk.text("holds"), desk.text("needs_rerun")
    page.told(row, column, f'IF({CHANGED}>0,"{stale}","{holds}")', holds)
    rule = {"type": "formula", "criteria": f"={CHANGED}>0", "format": page.looks.get("stale_warning")}
    page.sheet.conditional_format(row, column, row, column, rule)


def grey(page: Page, row: int, first: int, last: int) -> None:
    """Turn the engine's own numbers grey once an assumption has been changed."""
    rule = {"type": "formula", "criteria": f"={CHANGED}>0", "format": page.looks.get("stale")}
    page.sheet.conditional_format(row, first, row, last, rule)


def _write_funded(
    desk: Desk, page: Page, row: int, ordinary: Mapping[Account, Live], ledger: Ledger
) -> tuple[Result, ...]:
    """Write the results with the project grant, where there is one."""
    if not desk.has(Entry.PROJECT_GRANT):
        return ()
    page.text(row, 0, desk.text("as_funded"), "caption")
    heads = ("account", "without_grant", "grant", "net_result", "engine", "low", "high", "std_error", "state")
    page.heads(row + 1, desk.heads(*heads), numbers=range(1, len(heads) - 1))
    found: list[Result] = []
    for place, (account, net) in enumerate(ordinary.items(), start=row + 2):
        effect = _effect(desk, account, View.AS_FUNDED)
        if effect is None:
            continue
        page.text(place, 0, desk.account_name(account))
        without = page.formula(place, 1, net, Shown.KR)
        grant = page.formula(place, 2, ledger.line(Entry.PROJECT_GRANT, PURSES[account]), Shown.KR)
        live = page.formula(place, 3, without + grant, Shown.KR, "group")
        found.append(Result(account, View.AS_FUNDED, live, _write_engine(page, place, 4, effect, desk)))
    return tuple(found)
