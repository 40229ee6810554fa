"""What a reader must know of the account: who counts in it, what is not in it, and on which rates it rests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import BoolArray
from ctieval.domain.cost_benefit import Account, RateUse
from ctieval.domain.trial import EconomicsPlan
from ctieval.domain.wording import MissingInput, Notice
from ctieval.economics.benefits import BenefitWeeks
from ctieval.economics.horizon import Horizon, day_of
from ctieval.economics.inputs import AccountInputs
from ctieval.economics.person_account import PersonAccounts
from ctieval.errors import EstimationError
from ctieval.inference.by_design import by_design
from ctieval.rates.book import RateSchedule, RateValue
from ctieval.registers.codes import CodeList

PRICE_INDEX = "price_index"
FOLLOW_UP_DIFFERS = "W-FOLLOW-UP-DIFFERS"
DIFFERENT_BY_CHANCE = 0.05
"""Chance, at the most, of calling a follow-up different that depends on no arm."""
LEADING = {
    "municipality": Account.M0,
    "state": Account.STATE_BEFORE_TAX,
    "citizen": Account.CITIZEN,
    "society": Account.SOCIETY,
}
"""The account without which a perspective of the plan is not reckoned at all."""


def describe_account(
    plan: EconomicsPlan,
    allocation: Allocation,
    inputs: AccountInputs,
    horizon: Horizon,
    benefits: BenefitWeeks,
    persons: PersonAccounts,
) -> tuple[tuple[MissingInput, ...], tuple[Notice, ...]]:
    """Say what must be known of those in the account, and of the prices.

    Args:
        plan: The plan.
        allocation: The allocation.
        inputs: What the account was reckoned from.
        horizon: The weeks of each person.
        benefits: What they were paid.
        persons: The persons' accounts.
    """
    prices = tuple(_prices(plan, horizon, benefits))
    missing = (MissingInput(f"economics.{PRICE_INDEX}", f"rates/{PRICE_INDEX}.toml"),) if prices else ()
    warnings = (
        *(inputs.costs.notices if inputs.costs else ()),
        *prices,
        *_follow_up(allocation, horizon),
        *_exits(allocation, horizon, inputs.codes),
        *_not_reckoned(plan, persons),
    )
    return missing, warnings


def name_rates(values: Sequence[RateValue], schedules: Sequence[RateSchedule]) -> tuple[RateUse, ...]:
    """Name every dated value that went into the account; a step of a schedule is named by its start."""
    used = [(value.rate, value.amount, value) for value in values]
    used += [(f"{each.rate}[{step.start}]", step.amount, each) for each in schedules for step in each.steps]
    return tuple(
        RateUse(name, value.in_force.isoformat(), amount, value.unit.value, value.source)
        for name, amount, value in used
    )


def _not_reckoned(plan: EconomicsPlan, persons: PersonAccounts) -> Iterator[Notice]:
    for name in plan.perspectives:
        if LEADING.get(name) not in persons.lines:
            yield Notice("W-PERSPECTIVE-NOT-RECKONED", name)


def _follow_up(allocation: Allocation, horizon: Horizon) -> Iterator[Notice]:
    """Count those whose weeks do not reach the horizon, by arm."""
    lost = np.bincount(allocation.arm[~horizon.observed], minlength=2)
    if lost.any():
        yield Notice("W-FOLLOW-UP-SHORT", "economics", (("control", int(lost[0])), ("intervention", int(lost[1]))))
        yield from _differs(allocation, ~horizon.observed)


def _differs(allocation: Allocation, lost: BoolArray) -> Iterator[Notice]:
    """Say by how many percentage points follow-up differs, where it does by more than the draw alone would make it."""
    try:
        found = by_design(lost.astype(np.float64)[:, None], allocation, conf_level=1 - DIFFERENT_BY_CHANCE)
    except EstimationError:
        return
    if found.p_value[0] < DIFFERENT_BY_CHANCE:
        points = round(100 * abs(float(found.estimate[0])))
        yield Notice(FOLLOW_UP_DIFFERS, "economics", (("points", points),))


def _exits(allocation: Allocation, horizon: Horizon, codes: CodeList) -> Iterator[Notice]:
    """Count those in the account who died or reached old-age pension before the horizon, by arm."""
    left = horizon.observed & codes.lookup("exit")[horizon.code].any(axis=1)
    n = np.bincount(allocation.arm[left], minlength=2)
    if n.any():
        yield Notice("W-EXIT-IN-ACCOUNT", "economics", (("n_control", int(n[0])), ("n_intervention", int(n[1]))))


def _prices(plan: EconomicsPlan, horizon: Horizon, benefits: BenefitWeeks) -> Iterator[Notice]:
    """Say that amounts of other years than the price year are not converted; no index has been sourced."""
    weeks = np.unique(horizon.week[(benefits.ladder != 0) | (benefits.state != 0)])
    years = {day_of(int(week)).year for week in weeks}
    if not years <= {plan.price_year}:
        facts = (("price_year", plan.price_year), ("first_year", min(years)), ("last_year", max(years)))
        yield Notice("W-PRICES-NOT-INDEXED", PRICE_INDEX, facts)
