"""The account as chapters tell it: net results by payer and view, ordinary operation first, never a gross saving."""

from __future__ import annotations

from ctieval.domain.cost_benefit import Account, LedgerLine, Line, View
from ctieval.domain.outcome import BetterWhen
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.values import effect_text, interval_text
from ctieval.report.findings import find_effect


def net_results(context: Context) -> tuple[LedgerLine, ...]:
    """Return the net results: ordinary operation before as funded, and the municipality before the state."""
    account = context.evaluation.economics
    lines = () if account is None else account.lines
    found = {(line.view, line.account): line for line in lines if line.line is Line.NET_RESULT}
    order = [(view, payer) for view in View for payer in (Account.MUNICIPALITY, Account.STATE)]
    return tuple(found[key] for key in order if key in found)


def net_sentence(context: Context, line: LedgerLine) -> str:
    """Say what one payer gains or loses per person drawn, and whether the sign is known."""
    account = context.evaluation.economics
    finding = find_effect(line.effect, BetterWhen.HIGHER)
    return context.text(
        f"net.{finding.value}",
        payer=context.text(f"payer.{line.account.value}"),
        view=context.text(f"view.{line.view.value}"),
        effect=effect_text(line.effect, context.fmt),
        interval=interval_text(line.effect, context.fmt),
        level=context.fmt.level(line.effect.conf_level),
        weeks=0 if account is None else account.horizon_weeks,
    )
