"""What would just bring an account to zero over the months observed."""

from __future__ import annotations

from ctieval.domain.cost_benefit import CostBenefit
from ctieval.domain.outlook import BreakEven, Outlook
from ctieval.report.cells import ABSENT, Cell, Col, Kind, Measured, Row
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.economy.amounts import observed_note
from ctieval.report.chapters.sources import account_source
from ctieval.report.chapters.values import to_estimate, to_interval
from ctieval.report.model import Table


def break_even_table(context: Context, account: CostBenefit, outlook: Outlook) -> Table:
    """Return what it takes, one row an account."""
    kroner, level = context.fmt.unit(Kind.KR), context.fmt.level(outlook.conf_level)
    return Table(
        id="break-even",
        caption=context.text("economy.break_even.caption", months=outlook.months),
        columns=(
            Col("account", context.text("head.payer")),
            Col("weeks", context.text("head.weeks_to_save"), Kind.WEEKS, unit=context.fmt.unit(Kind.WEEKS)),
            Col("displacement", context.text("head.break_even"), Kind.SHARE, unit=context.fmt.unit(Kind.SHARE)),
            Col("cost", context.text("head.cost_at_zero"), Kind.KR, unit=kroner),
            Col("interval", context.text("head.interval", level=level), Kind.CI, of=Kind.KR),
        ),
        rows=tuple(Row((context.text(f"payer.{each.account}"), *_cells(each.break_even))) for each in outlook.accounts),
        source=account_source(context),
        n_note=observed_note(context, account),
        note=context.text("economy.break_even.note"),
    )


def _cells(found: BreakEven) -> tuple[Cell, ...]:
    weeks = ABSENT if found.weeks is None else Measured(found.weeks, Kind.WEEKS)
    share = found.displacement
    within = share is not None and 0 <= share <= 1
    return weeks, share if within else ABSENT, to_estimate(found.cost), to_interval(found.cost)
