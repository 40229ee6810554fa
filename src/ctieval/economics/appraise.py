"""Appraises a trial: from the registers and the rate book to the account. Each step lives in its own module."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.cost_benefit import Account, CostBenefit, RateUse
from ctieval.domain.registers import Registers
from ctieval.domain.trial import EconomicsPlan
from ctieval.domain.units import RateUnit
from ctieval.domain.window import Window
from ctieval.domain.wording import MissingInput, Notice
from ctieval.economics.benefits import BenefitWeeks, build_benefits
from ctieval.economics.discount import WEEKS_PER_YEAR, week_factors
from ctieval.economics.horizon import Horizon, build_horizon, day_of
from ctieval.economics.ladder import track_ladder
from ctieval.economics.ledger import build_ledger
from ctieval.economics.lines import estimate_lines
from ctieval.errors import RateError, UnknownRateError
from ctieval.rates.book import RateBook, RateSchedule, RateValue
from ctieval.registers.codes import CodeList

PROGRAMME_COST = "programme_cost"
PROJECT_GRANT = "project_grant"
PRICE_INDEX = "price_index"


def appraise(
    plan: EconomicsPlan,
    allocation: Allocation,
    registers: Registers,
    book: RateBook,
    codes: CodeList,
    *,
    conf_level: float = 0.95,
) -> CostBenefit:
    """Reckon what the trial cost and saved per person drawn, for whom, and how sure that is.

    Every person's benefit is reckoned week by week from her own draw to the horizon, in both arms: kroner
    actually paid, or the dated rate of her week; the state's share by her own week on the refund ladder; and
    present values by the plan's discount schedule. The arms are then contrasted as the design implies.

    Exits are read as in the outcomes. A person whose weeks do not reach the horizon, who moved or was abroad counts
    in no line. Weeks after death cost nothing, and old-age pension is the state's; neither is a week on benefit.
    Such persons stay in, since they are not missing, and ``W-EXIT-IN-ACCOUNT`` counts them.

    An account whose rate nobody knows is left out whole, and ``missing`` names the file to complete. The cost of the
    programme is the total of ``rates/programme_cost.toml`` over the persons drawn; without it there is no net
    result. The project grant is the total of ``rates/project_grant.toml``, and stands only in the view *as
    funded*. Amounts are in the prices of each week's own rates.

    Args:
        plan: Accounts, horizon, price year and discount schedule.
        allocation: The allocation.
        registers: The registers.
        book: The rate book.
        codes: The list of register codes.
        conf_level: Level of the intervals.

    Returns:
        The account: its lines add up to the net result, and the municipality's and the state's to the public's.

    Raises:
        InputError: If somebody drawn is not in the registers, or the day of a draw is not known.
        InputError: If money was paid under a code that stands for no benefit.
        InputError: If the code list lacks a set that the account reads.
        UnknownRateError: If the book has no discount schedule of the plan's name.
        RateError: If the discount is no schedule, the cost or the grant is not in kroner, or the rate of a
            benefit is not in kroner a month or a week.
        EstimationError: If fewer than two persons are wholly observed in an arm of a block.
    """
    horizon = build_horizon(allocation, registers.weeks, plan.horizon_weeks, codes)
    benefits = build_benefits(horizon, allocation.person_id, registers, book, codes)
    ladder = track_ladder(horizon, registers.weeks, codes, book, needed=benefits.ladder > 0)
    discount = _reached(book.newest_schedule(plan.discount), plan.horizon_weeks)
    cost = _total(book, PROGRAMME_COST, allocation)
    grant = _total(book, PROJECT_GRANT, allocation)
    ledger = build_ledger(
        horizon,
        benefits,
        ladder,
        week_factors(plan.horizon_weeks, discount.steps),
        cost_per_person=cost.per_person,
        grant_per_person=grant.per_person,
    )
    lines, weeks_saved = estimate_lines(
        ledger, allocation, _accounts(plan), window=Window(0, plan.horizon_weeks), conf_level=conf_level
    )
    prices = _prices(plan, horizon, benefits)
    return CostBenefit(
        lines=lines,
        weeks_saved=weeks_saved,
        horizon_weeks=plan.horizon_weeks,
        price_year=plan.price_year,
        basis=benefits.basis,
        discount=plan.discount,
        rates=_rates_used((*benefits.rates, *ladder.rates, *cost.rates, *grant.rates), (*ladder.schedules, discount)),
        missing=(*benefits.missing, *ladder.missing, *cost.missing, *grant.missing, *_price_index(prices)),
        warnings=(
            *benefits.notices,
            *ladder.notices,
            *prices,
            *_follow_up(allocation, horizon),
            *_exits(allocation, horizon, codes),
            *_not_reckoned(plan),
        ),
    )


def _reached(discount: RateSchedule, horizon_weeks: int) -> RateSchedule:
    """Keep the steps that start before the horizon."""
    steps = tuple(step for step in discount.steps if step.start * WEEKS_PER_YEAR < horizon_weeks)
    return replace(discount, steps=steps)


@dataclass(frozen=True, slots=True)
class _Total:
    """A total of the trial, per person drawn into the intervention; None where the book has none."""

    per_person: float | None
    rates: tuple[RateValue, ...]
    missing: tuple[MissingInput, ...]


def _total(book: RateBook, name: str, allocation: Allocation) -> _Total:
    try:
        total = book.newest_value(name)
    except UnknownRateError:
        return _Total(None, (), (MissingInput(f"economics.{name}", f"rates/{name}.toml"),))
    if total.unit is not RateUnit.DKK:
        raise RateError(
            what=f"the rate {name} is not a total of the trial",
            where=f"rates/{name}.toml, unit",
            found=total.unit.value,
            expected=RateUnit.DKK.value,
            do="give the whole amount of the trial in kroner",
        )
    return _Total(total.amount / int(allocation.arm.sum()), (total,), ())


def _accounts(plan: EconomicsPlan) -> tuple[Account, ...]:
    """Accounts of the plan; the public one stands with the two that it is the sum of."""
    asked = set(plan.perspectives)
    if {Account.MUNICIPALITY, Account.STATE} <= asked:
        asked.add(Account.PUBLIC)
    return tuple(account for account in Account if account in asked)


def _not_reckoned(plan: EconomicsPlan) -> tuple[Notice, ...]:
    others = [name for name in plan.perspectives if name not in list(Account)]
    return tuple(Notice("W-PERSPECTIVE-NOT-RECKONED", name) for name in others)


def _follow_up(allocation: Allocation, horizon: Horizon) -> tuple[Notice, ...]:
    """Count those whose weeks do not reach the horizon, by arm."""
    lost = np.bincount(allocation.arm[~horizon.observed], minlength=2)
    facts = (("control", int(lost[0])), ("intervention", int(lost[1])))
    return (Notice("W-FOLLOW-UP-SHORT", "economics", facts),) if lost.any() else ()


def _exits(allocation: Allocation, horizon: Horizon, codes: CodeList) -> tuple[Notice, ...]:
    """Count those in the account who died or reached old-age pension before the horizon, by arm."""
    left = horizon.observed & codes.lookup("exit")[horizon.code].any(axis=1)
    n = np.bincount(allocation.arm[left], minlength=2)
    facts = (("n_control", int(n[0])), ("n_intervention", int(n[1])))
    return (Notice("W-EXIT-IN-ACCOUNT", "economics", facts),) if n.any() else ()


def _prices(plan: EconomicsPlan, horizon: Horizon, benefits: BenefitWeeks) -> tuple[Notice, ...]:
    """Say that amounts of other years than the price year are not converted; no index has been sourced."""
    weeks = np.unique(horizon.week[(benefits.ladder != 0) | (benefits.state != 0)])
    years = {day_of(int(week)).year for week in weeks}
    if years <= {plan.price_year}:
        return ()
    facts = (("price_year", plan.price_year), ("first_year", min(years)), ("last_year", max(years)))
    return (Notice("W-PRICES-NOT-INDEXED", PRICE_INDEX, facts),)


def _price_index(prices: tuple[Notice, ...]) -> tuple[MissingInput, ...]:
    return (MissingInput(f"economics.{PRICE_INDEX}", f"rates/{PRICE_INDEX}.toml"),) if prices else ()


def _rates_used(values: tuple[RateValue, ...], schedules: tuple[RateSchedule, ...]) -> tuple[RateUse, ...]:
    """Every dated value that went into the account; a step of a schedule is named by its start."""
    used = [(value.rate, value.amount, value) for value in values]
    used += [(f"{each.rate}[{step.start}]", step.amount, each) for each in schedules for step in each.steps]
    return tuple(
        RateUse(name, value.in_force.isoformat(), amount, value.unit.value, value.source)
        for name, amount, value in used
    )
