"""Renders the account of a protected evaluation as a workbook with live formulas."""

from __future__ import annotations

import io
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from ctieval.domain.cost_benefit import CostBenefit
from ctieval.domain.costing import Costing
from ctieval.domain.evaluation import Evaluation
from ctieval.domain.provenance import Provenance
from ctieval.domain.wording import Language
from ctieval.errors import DisclosureError
from ctieval.report.catalogue import load_catalogue
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.cover import build_cover
from ctieval.report.economy_book.assumptions import gather_assumptions
from ctieval.report.economy_book.checks_sheet import write_checks
from ctieval.report.economy_book.desk import SHEETS, Desk
from ctieval.report.economy_book.front_sheet import write_front
from ctieval.report.economy_book.inputs_sheet import write_assumptions
from ctieval.report.economy_book.ledger_sheet import write_ledger
from ctieval.report.economy_book.other_sheets import write_budget, write_ingredients, write_scenarios
from ctieval.report.economy_book.page import Page
from ctieval.report.economy_book.quantity_sheets import write_prices, write_quantities, write_rates, write_refund
from ctieval.report.economy_book.results_sheet import write_results
from ctieval.report.economy_book.tax_sheet import write_taxes
from ctieval.report.model import Meta
from ctieval.report.properties import to_properties
from ctieval.report.workbook.looks import Looks

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

_AS_TEXT: Final = {
    "in_memory": True,
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
}
_UNKNOWN: Final = Provenance(())


def render_economy_book(evaluation: Evaluation, lang: Language) -> bytes | None:
    """Render the account as a workbook that reckons itself anew when an assumption is changed.

    Mean quantities stand in it as they are, prices and shares as assumptions, and everything from there to the results
    is a formula with its value. What the engine alone can find, such as intervals, is marked once an assumption has
    been changed. The same evaluation gives the same bytes.

    Args:
        evaluation: The evaluation, after ``protect``.
        lang: The language.

    Returns:
        The workbook; None without an account, or where the quantities behind it may not be told.

    Raises:
        DisclosureError: If disclosure control has not run.
    """
    if evaluation.suppression is None:
        raise _untold("an evaluation without a log of its suppression", "the evaluation that protect returns")
    account = evaluation.economics
    if account is None or account.quantities is None or not account.lines:
        return None
    meta = build_cover(Context(evaluation, load_catalogue(lang)))
    return render_account(account, meta, provenance=evaluation.provenance, costing=evaluation.costing)


def render_account(
    account: CostBenefit, meta: Meta, *, provenance: Provenance = _UNKNOWN, costing: Costing | None = None
) -> bytes:
    """Render one account; ``render_economy_book`` does so for that of a protected evaluation.

    Args:
        account: The account with its quantities, after disclosure control: what stands in it is written as it is.
        meta: What stands on the cover; its language is that of the workbook.
        provenance: What the account was made from.
        costing: Its costs by ingredients, after disclosure control.

    Returns:
        The workbook.

    Raises:
        DisclosureError: If the account has no quantities, since they may not be told.
    """
    if account.quantities is None:
        raise _untold("an account without its quantities", "an account whose quantities may be told")
    from xlsxwriter import Workbook  # noqa: PLC0415 (only this format needs it)

    words = load_catalogue(meta.lang)
    out = io.BytesIO()
    with Workbook(out, _AS_TEXT) as book:
        title = words.text("economy_book.title.readme")
        book.set_properties({**asdict(to_properties(meta)), "subject": title, "category": title})
        looks = Looks(book)
        names = {key: words.text(f"economy_book.sheet.{key}") for key in SHEETS}
        pages = {key: Page(name, book.add_worksheet(name), looks) for key, name in names.items()}
        assumptions = gather_assumptions(account, account.quantities)
        desk = Desk(words, meta, provenance, account, account.quantities, assumptions, pages)
        _write(book, desk, costing)
    return out.getvalue()


def _write(book: Workbook, desk: Desk, costing: Costing | None) -> None:
    """Write the sheets, each from the cells of those before it."""
    inputs = write_assumptions(book, desk)
    cells = write_quantities(desk)
    prices, benefits = write_rates(desk, inputs, cells)
    kroner = {
        **benefits,
        **write_refund(desk, inputs, cells, prices),
        **write_prices(desk, inputs, cells),
    }
    ledger = write_ledger(desk, kroner, write_taxes(desk, inputs, cells, prices), inputs)
    results = write_results(desk, ledger, inputs)
    write_ingredients(desk, costing)
    write_scenarios(desk, desk.account.outlook)
    write_budget(desk, desk.account.outlook)
    write_checks(desk, ledger, results)
    write_front(desk)


def _untold(found: str, expected: str) -> DisclosureError:
    return DisclosureError(
        what="an evaluation that has not been through disclosure control cannot be published",
        where="the workbook of the economy",
        found=found,
        expected=expected,
        do="call protect(evaluation) first",
    )
