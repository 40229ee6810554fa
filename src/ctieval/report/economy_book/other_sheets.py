"""The sheets of numbers that the engine alone can find: ingredients, scenarios and budget years."""

from __future__ import annotations

from ctieval.domain.cost_benefit import Account
from ctieval.domain.costing import Costing
from ctieval.domain.outlook import Outlook
from ctieval.report.economy_book.desk import Desk
from ctieval.report.economy_book.page import FIRST_ROW, Page, Shown
from ctieval.report.economy_book.results_sheet import grey, write_state


def write_ingredients(desk: Desk, costing: Costing | None) -> None:
    """Write the ingredients as the report rounds them, or that there are none."""
    heads = desk.heads(
        "ingredient",
        "cost_part",
        "payer",
        "driver",
        "grade_letter",
        "source",
        "price",
        "intervention_drawn",
        "control_drawn",
    )
    page = desk.open("ingredients", heads, numbers=range(6, 9), widths=(36, 18, 16, 18, 12, 40))
    if costing is None:
        page.text(FIRST_ROW, 0, desk.text("no_ingredients"))
        return
    for row, each in enumerate(costing.ingredients, start=FIRST_ROW):
        texts = (
            each.label.to_text(desk.words.lang),
            desk.text(f"cost_part.{each.part.value}"),
            desk.text(f"party.{each.payer}"),
            desk.text(f"driver.{each.driver}"),
            each.grade,
            each.source,
        )
        for column, text in enumerate(texts):
            page.text(row, column, text, "text")
        page.number(row, 6, each.unit_price, Shown.KR)
        page.number(row, 7, each.intervention.per_person_drawn, Shown.WHOLE)
        page.number(row, 8, each.control.per_person_drawn, Shown.WHOLE)


def write_scenarios(desk: Desk, outlook: Outlook | None) -> None:
    """Write every account under every scenario, or that there is no outlook."""
    heads = desk.heads(
        "account", "scenario", "observed", "extrapolated", "net_result", "low", "high", "above_zero", "state"
    )
    page = desk.open("scenarios", heads, numbers=range(2, 8), widths=(34, 46))
    if outlook is None:
        page.text(FIRST_ROW, 0, desk.text("no_outlook"))
        return
    rows = [(each.account, result) for each in outlook.accounts for result in each.scenarios]
    for row, (account, result) in enumerate(rows, start=FIRST_ROW):
        page.text(row, 0, desk.account_name(Account(account)))
        page.text(row, 1, desk.text(f"scenario.{result.scenario.name.value}"), "text")
        amounts = (result.observed, result.extrapolated, result.effect.estimate)
        for column, amount in enumerate((*amounts, result.effect.conf_low, result.effect.conf_high), start=2):
            page.number(row, column, amount, Shown.KR)
        _write_share(desk, page, row, 7, result.share_above_zero, outlook.replicates)
        write_state(page, row, 8, desk)
        grey(page, row, 2, 7)


def _write_share(desk: Desk, page: Page, row: int, column: int, share: float | None, replicates: int) -> None:
    """Write a share of the resamples; one that none or all of them have is a bound, never nil or all."""
    if share is None or 0 < share < 1:
        page.number(row, column, float("nan") if share is None else share, Shown.SHARE)
        return
    bound = desk.words.fmt.share(1 / replicates if share == 0 else 1 - 1 / replicates, 2)
    page.text(row, column, f"{'<' if share == 0 else '>'} {bound}", "right")


def write_budget(desk: Desk, outlook: Outlook | None) -> None:
    """Write every account by calendar year in nominal kroner, or that there is none."""
    heads = desk.heads("account", "year", "nominal", "low", "high", "whole", "cohort", "state")
    page = desk.open("budget", heads, numbers=range(2, 7), widths=(34, 10))
    if outlook is None or not outlook.budget:
        page.text(FIRST_ROW, 0, desk.text("no_outlook"))
        return
    for row, each in enumerate(outlook.budget, start=FIRST_ROW):
        page.text(row, 0, desk.account_name(Account(each.account)))
        page.text(row, 1, str(each.year))
        for column, amount in enumerate((each.effect.estimate, each.effect.conf_low, each.effect.conf_high), start=2):
            page.number(row, column, amount, Shown.KR)
        for column, whole in enumerate((each.per_person, each.cohort), start=5):
            page.number(row, column, float(whole), Shown.WHOLE)
        write_state(page, row, 7, desk)
        grey(page, row, 2, 6)
