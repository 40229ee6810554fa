"""The figure of when the resamples are paid back: a distribution, and no chance that the intervention pays."""

from __future__ import annotations

from ctieval.domain.cost_benefit import CostBenefit
from ctieval.domain.outlook import AccountOutlook, Outlook
from ctieval.report.cells import Col, Kind, Measured, Row, RowRole
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.economy.amounts import observed_note
from ctieval.report.chapters.sources import account_source
from ctieval.report.model import Figure
from ctieval.report.time_drawing import PaybackChart


def payback_figure(context: Context, account: CostBenefit, outlook: Outlook, each: AccountOutlook) -> Figure:
    """Return the figure of one account; its resamples are known.

    Raises:
        ValueError: If the account was not resampled.
    """
    shares = each.payback.shares
    if shares is None:
        msg = "an account that was not resampled has no distribution"
        raise ValueError(msg)
    months = tuple(float(month) for month in range(1, outlook.months + 1))
    never = context.text("economy.payback.never", months=outlook.months)
    facts = {"payer": context.text(f"payer.{each.account}"), "months": outlook.months}
    unit = context.fmt.unit(Kind.RESAMPLES)
    return Figure(
        id="payback",
        caption=context.text("economy.payback.caption", **facts),
        alt=context.text(
            "economy.payback.alt",
            **facts,
            within=context.fmt.quantity(Measured(shares.within[-1], Kind.RESAMPLES)),
            never=context.fmt.quantity(Measured(shares.never, Kind.RESAMPLES)),
        ),
        draw=PaybackChart(
            months,
            shares.within,
            shares.never,
            never,
            context.text("economy.payback.title"),
            context.text("economy.axis.months"),
        ),
        columns=(
            Col("month", context.text("head.month")),
            Col("within", context.text("head.paid_back"), Kind.RESAMPLES, unit=unit),
        ),
        rows=(
            *(Row((Measured(month, Kind.COUNT), share)) for month, share in zip(months, shares.within, strict=True)),
            Row((never, shares.never), RowRole.TOTAL),
        ),
        source=account_source(context),
        n_note=observed_note(context, account),
        note=context.text("economy.payback.note", replicates=outlook.replicates),
    )
