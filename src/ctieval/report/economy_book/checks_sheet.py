"""The sheet of the checks: what must be true whatever the assumptions, and what must be while they stand."""

from __future__ import annotations

from ctieval.domain.cost_benefit import Account, View
from ctieval.domain.posting import Kind
from ctieval.report.economy_book.desk import Desk
from ctieval.report.economy_book.inputs_sheet import CHANGED
from ctieval.report.economy_book.ledger_sheet import Ledger, resource_sums
from ctieval.report.economy_book.live import Live, total
from ctieval.report.economy_book.page import FIRST_ROW, Page, Shown
from ctieval.report.economy_book.results_sheet import Result

_OERE = 0.01
_ROUNDING = 1e-6


def write_checks(desk: Desk, ledger: Ledger, results: tuple[Result, ...]) -> None:
    """Write the checks, each with its residual, and what the workbook was made from."""
    page = desk.open("checks", desk.heads("check", "residual", "verdict"), numbers=range(1, 2), widths=(72, 18, 34))
    row = FIRST_ROW
    for entry, cell in ledger.sums.items():
        if entry.kind is Kind.TRANSFER:
            _write_always(page, row, desk.text("check.balances", line=desk.entry_name(entry)), cell, desk)
            row += 1
    society = next(
        (each for each in results if (each.account, each.view) == (Account.SOCIETY, View.ORDINARY_OPERATION)), None
    )
    if society is not None:
        residual = society.live - total(resource_sums(ledger))
        _write_always(page, row, desk.text("check.society"), residual, desk)
        row += 1
    for each in results:
        told = desk.text("check.engine", account=desk.account_name(each.account), view=_view(desk, each.view))
        _write_while(page, row, told, each.live - each.engine, desk)
        row += 1
    page.text(row, 0, desk.text("all_changed"), "group")
    page.formula(row, 1, Live(CHANGED, 0.0), Shown.WHOLE)
    _write_made_from(desk, page, row + 2)


def _view(desk: Desk, view: View) -> str:
    return desk.words.text(f"view.{view.value}")


def _write_always(page: Page, row: int, told: str, residual: Live, desk: Desk) -> None:
    page.text(row, 0, told)
    cell = page.formula(row, 1, residual, Shown.QUANTITY)
    good, bad = desk.text("verdict.good"), desk.text("verdict.bad")
    page.told(row, 2, f'IF(ABS({cell.formula})<{_ROUNDING:.6f},"{good}","{bad}")', good)


def _write_while(page: Page, row: int, told: str, residual: Live, desk: Desk) -> None:
    page.text(row, 0, told)
    cell = page.formula(row, 1, residual, Shown.QUANTITY)
    good, bad, moved = (desk.text(f"verdict.{key}") for key in ("good", "bad", "moved"))
    within = f'IF(ABS({cell.formula})<{_OERE},"{good}","{bad}")'
    page.told(row, 2, f'IF({CHANGED}>0,"{moved}",{within})', good)


def _write_made_from(desk: Desk, page: Page, row: int) -> None:
    provenance = desk.provenance
    page.text(row, 0, desk.text("made_from"), "caption")
    lines = [
        *((f"{name} {version}", "") for name, version in provenance.versions),
        (desk.text("plan_digest"), provenance.trial_digest),
        *provenance.inputs,
    ]
    for place, (name, digest) in enumerate(lines, start=row + 1):
        page.text(place, 0, name)
        page.text(place, 1, digest)
