"""Looks on from the persons' accounts: outlook, decision, and where an interval is known to be too narrow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray
from ctieval.domain.cost_benefit import Account
from ctieval.domain.decision import Decision
from ctieval.domain.outcome_table import OutcomeTable
from ctieval.domain.outlook import Outlook
from ctieval.domain.trial import EconomicsPlan
from ctieval.domain.wording import Notice
from ctieval.economics.outlook.break_even import value_of_week
from ctieval.economics.outlook.build import build_outlook
from ctieval.economics.outlook.streams import Stream
from ctieval.economics.person_account import PersonAccounts
from ctieval.economics.prospects.decide import decide
from ctieval.inference.skewness import is_skewed
from ctieval.rates.rate import Step

LOOKED_AT = ((Account.M0,), (Account.M2,), (Account.PUBLIC, Account.PUBLIC_BEFORE_TAX), (Account.SOCIETY,))
"""Accounts with an outlook; of several in one place the first that is known."""
_SKEWED = "W-SKEWED"


@dataclass(frozen=True, slots=True)
class Prospects:
    """What follows from the accounts beside their net results.

    Attributes:
        outlook: Month by month and beyond, or None without a net result.
        decision: What a decision can rest on, or None likewise, or where the trial cannot be resampled.
        warnings: Coded warnings of both, and of the net results.
    """

    outlook: Outlook | None
    decision: Decision | None
    warnings: tuple[Notice, ...]


def look_on(
    persons: PersonAccounts,
    plan: EconomicsPlan,
    allocation: Allocation,
    *,
    steps: tuple[Step, ...],
    outcomes: OutcomeTable | None = None,
    conf_level: float = 0.95,
) -> Prospects:
    """Look on from the persons' accounts in ordinary operation.

    Args:
        persons: The persons' accounts.
        plan: Horizon, outlook, stated ranges and caseload.
        allocation: The allocation, in the same person order.
        steps: Yearly discount rates by the first year in which they hold.
        outcomes: Outcomes by person, in the same order, some of which may be weighed against their cost.
        conf_level: Level of intervals and bands.

    Returns:
        The prospects; there are none without a net result.

    Raises:
        InputError: If a stated range contradicts itself.
        EstimationError: If fewer than two persons are wholly observed in an arm of a block.
    """
    net = persons.net()
    accounts = _looked_at(net)
    if not accounts:
        return Prospects(None, None, ())
    streams = {account.value: _stream(persons, net[account], account, allocation) for account in accounts}
    outlook = build_outlook(
        streams,
        allocation,
        plan.outlook,
        horizon_weeks=plan.horizon_weeks,
        steps=steps,
        conf_level=conf_level,
    )
    decision = decide(persons, plan, allocation, steps=steps, outcomes=outcomes, conf_level=conf_level)
    said = () if decision is None else decision.warnings
    return Prospects(outlook, decision, (*outlook.warnings, *said, *_skewed(net, accounts, allocation)))


def _looked_at(net: Mapping[Account, FloatArray]) -> Sequence[Account]:
    first = (next((each for each in place if each in net), None) for place in LOOKED_AT)
    return [each for each in first if each is not None]


def _stream(persons: PersonAccounts, net: FloatArray, account: Account, allocation: Allocation) -> Stream:
    paid = persons.of_benefits.get(account)
    yearly = np.sum(list(persons.budget[account].values()), axis=0)
    week = None if paid is None else value_of_week(paid, np.abs(persons.weeks), allocation.arm)
    return Stream(
        net=net,
        displaced=net - persons.undisplaced[account],
        nominal=dict(zip(persons.years, yearly.T, strict=True)),
        week_value=week,
    )


def _skewed(net: Mapping[Account, FloatArray], accounts: Sequence[Account], allocation: Allocation) -> Iterator[Notice]:
    """Name the net results whose interval is known to cover too seldom."""
    for account in accounts:
        if is_skewed(net[account].sum(axis=1), allocation):
            yield Notice(_SKEWED, account.value)
