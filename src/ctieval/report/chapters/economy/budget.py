"""The council's budget years: the kroner of each year, not discounted."""

from __future__ import annotations

from collections.abc import Iterator

from ctieval.domain.cost_benefit import CostBenefit
from ctieval.domain.outlook import Outlook
from ctieval.report.cells import ABSENT, Col, Kind, Row, RowRole
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.economy.amounts import observed_note
from ctieval.report.chapters.sources import account_source
from ctieval.report.chapters.values import to_interval
from ctieval.report.model import Table


def budget_table(context: Context, account: CostBenefit, outlook: Outlook) -> Table:
    """Return the budget years of every account with an outlook; the years add up to the sum under them."""
    kroner, level = context.fmt.unit(Kind.KR), context.fmt.level(outlook.conf_level)
    return Table(
        id="budget-years",
        caption=context.text("economy.budget.caption", months=outlook.months),
        columns=(
            Col("year", context.text("head.year")),
            Col("per_person", context.text("head.per_person_drawn"), Kind.KR, unit=kroner, signed=True),
            Col("interval", context.text("head.interval", level=level), Kind.CI, of=Kind.KR),
            Col("cohort", context.text("head.cohort"), Kind.KR, unit=kroner, signed=True),
        ),
        rows=tuple(_rows(context, outlook)),
        source=account_source(context),
        n_note=observed_note(context, account),
        note=context.text("economy.budget.note"),
    )


def _rows(context: Context, outlook: Outlook) -> Iterator[Row]:
    for each in outlook.accounts:
        own = [row for row in outlook.budget if row.account == each.account]
        if own:
            yield Row((context.text(f"payer.{each.account}"),), RowRole.GROUP)
            for row in own:
                yield Row((str(row.year), row.per_person, to_interval(row.effect), row.cohort), RowRole.SUB)
            totals = sum(row.per_person for row in own), sum(row.cohort for row in own)
            yield Row((context.text("head.total"), totals[0], ABSENT, totals[1]), RowRole.TOTAL)
