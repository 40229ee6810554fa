"""The account as chapters tell it: results by payer and view, ordinary operation first, never a gross saving."""

from __future__ import annotations

from collections.abc import Iterator

from ctieval.domain.cost_benefit import Account, AccountResult, CostBenefit, View
from ctieval.domain.outcome import BetterWhen
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.values import effect_text, interval_text
from ctieval.report.findings import find_effect

_LEADING = {
    "municipality": ((Account.M0,), (Account.M2,)),
    "state": ((Account.STATE, Account.STATE_BEFORE_TAX),),
    "citizen": ((Account.CITIZEN,),),
    "society": ((Account.SOCIETY,),),
}
"""Accounts that tell a perspective of the plan; of several in one place the first that is known."""
_FUNDED = (Account.M0, Account.M2, Account.STATE, Account.STATE_BEFORE_TAX)


def net_results(context: Context) -> tuple[AccountResult, ...]:
    """Return the results that lead: ordinary operation before as funded, in the order of the plan's perspectives.

    The municipality after refund stands beside the municipality after tax and equalisation wherever that is known.
    """
    account = context.evaluation.economics
    found = {} if account is None else results_of(account)
    leading = tuple(_leading(context, found))
    funded = [each for each in leading if each in _FUNDED]
    order = [(View.ORDINARY_OPERATION, each) for each in leading] + [(View.AS_FUNDED, each) for each in funded]
    return tuple(found[key] for key in order if key in found)


def results_of(account: CostBenefit) -> dict[tuple[View, Account], AccountResult]:
    """Return the results by view and account."""
    return {(each.view, each.account): each for each in account.results}


def net_sentence(context: Context, result: AccountResult) -> str:
    """Say what one payer gains or loses per person drawn, and whether the sign is known."""
    account = context.evaluation.economics
    finding = find_effect(result.effect, BetterWhen.HIGHER)
    return context.text(
        f"net.{finding.value}",
        payer=context.text(f"payer.{result.account.value}"),
        view=context.text(f"view.{result.view.value}"),
        effect=effect_text(result.effect, context.fmt),
        interval=interval_text(result.effect, context.fmt),
        level=context.fmt.level(result.effect.conf_level),
        weeks=0 if account is None else account.horizon_weeks,
    )


def _leading(context: Context, found: dict[tuple[View, Account], AccountResult]) -> Iterator[Account]:
    plan = context.evaluation.trial.economics
    for perspective in () if plan is None else plan.perspectives:
        for place in _LEADING[perspective]:
            known = (each for each in place if (View.ORDINARY_OPERATION, each) in found)
            yield from (each for each in (next(known, None),) if each is not None)
