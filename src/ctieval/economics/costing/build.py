"""Builds what each person's services cost from logs, ingredients and accounts; each step lives in its own module."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import BoolArray, FloatArray
from ctieval.domain.costing import Costing, CostPart, PaidHours
from ctieval.domain.posting import Party
from ctieval.domain.registers import Registers
from ctieval.domain.trial import EconomicsPlan
from ctieval.domain.wording import Notice
from ctieval.economics.costing.arm_costs import (
    CONTROL,
    INTERVENTION,
    Priced,
    Reached,
    cost_at_scale,
    describe_ingredient,
    sum_parts,
)
from ctieval.economics.costing.checks import name_outside, name_unpriced_hours, name_unused
from ctieval.economics.costing.entries import price_log
from ctieval.economics.costing.ingredients import PriceLevel, read_ingredients
from ctieval.economics.costing.person_costs import PersonCosts
from ctieval.economics.costing.reconcile import reconcile
from ctieval.economics.costing.service_log import ServiceLog, read_logs
from ctieval.rates.book import RateBook


def build_person_costs(
    plan: EconomicsPlan, allocation: Allocation, registers: Registers, book: RateBook
) -> PersonCosts | None:
    r"""Cost the programme and usual services by ingredients, in both arms.

    .. math:: c_{iw} = \sum_j q_{ijw} \, p_j

    with the quantity :math:`q` of ingredient :math:`j` that person :math:`i` used in week :math:`w` after her own
    draw, and its price :math:`p` with overhead. Whoever has a row in the log of the programme used it, whatever her
    arm. Usual services are counted in the log ``usual_services``, in both arms alike; where the control has none there,
    no net cost can be told, the costs are called gross (``W-COST-GROSS``), and the account counts the programme alone.

    Args:
        plan: Horizon, price year and discount schedule.
        allocation: The allocation.
        registers: The registers with logs, ingredients and accounts.
        book: The rate book.

    Returns:
        Costs by person and week, and their tables; None without a table of ingredients.

    Raises:
        SchemaError: If a set-up has no life.
        UnknownRateError: If the book has no discount schedule of the plan's name.
        RateError: If an index is a schedule, or the discount is none.
        InputError: If ingredients and accounts differ by more than a tenth.

    References:
        Levin, H. M. et al. (2018). Economic Evaluation in Education: Cost-Effectiveness and Benefit-Cost Analysis,
        3rd ed., chs. 3 to 5. SAGE.
    """
    if registers.ingredients is None:
        return None
    level = PriceLevel(book, plan.price_year, book.newest_schedule(plan.discount).steps[0].amount)
    ingredients, notices = read_ingredients(registers.ingredients, level)
    logs = read_logs(allocation, registers)
    whole = [Priced(each, price_log(each, logs.of(each))) for each in ingredients]
    inside = [Priced(each.ingredient, each.entries.keep(_within(each.entries.week, plan))) for each in whole]
    accounts = registers.accounts
    reconciled, more = ((), ()) if accounts is None else reconcile(whole, accounts)
    reached = Reached(allocation.arm, *(_reach(log, plan, len(allocation.arm)) for log in (logs.programme, logs.usual)))
    gross = not _has_control(inside, reached)
    costing = Costing(
        ingredients=tuple(describe_ingredient(each, reached) for each in inside),
        sums=sum_parts(inside, reached),
        at_scale=cost_at_scale(inside, reached),
        hours=(_hours(logs.programme, reached, plan, INTERVENTION), _hours(logs.usual, reached, plan, CONTROL)),
        reconciled=reconciled,
        horizon_weeks=plan.horizon_weeks,
        gross=gross,
    )
    shape = (len(allocation.arm), plan.horizon_weeks)
    programme = _by_payer(inside, CostPart.PROGRAMME, shape)
    usual = {} if gross else _by_payer(inside, CostPart.USUAL_SERVICES, shape)
    return PersonCosts(
        programme=programme.pop(Party.MUNICIPALITY, np.zeros(shape)),
        usual_services=usual.pop(Party.MUNICIPALITY, np.zeros(shape)),
        costing=costing,
        notices=(
            *notices,
            *([Notice("W-COST-GROSS", "usual_services")] if gross else []),
            *name_unpriced_hours(ingredients, logs),
            *name_unused(whole),
            *name_outside(whole, inside),
            *more,
        ),
        programme_of_others=programme,
        usual_services_of_others=usual,
    )


def _within(week: np.ndarray, plan: EconomicsPlan) -> BoolArray:
    return (week >= 0) & (week < plan.horizon_weeks)


def _reach(log: ServiceLog, plan: EconomicsPlan, n: int) -> BoolArray:
    """Tell who has a row up to the horizon, shape (n,)."""
    return np.bincount(log.person[_within(log.week, plan)], minlength=n) > 0


def _has_control(priced: Sequence[Priced], reached: Reached) -> bool:
    usual = (each for each in priced if each.ingredient.part is CostPart.USUAL_SERVICES)
    return any((reached.arm[each.entries.person] == CONTROL).any() for each in usual)


def _by_payer(priced: Sequence[Priced], part: CostPart, shape: tuple[int, int]) -> dict[Party, FloatArray]:
    """Kroner of a part by person and week, for each party that pays some of it."""
    found: dict[Party, FloatArray] = {}
    for each in priced:
        if each.ingredient.part is part:
            kroner = found.setdefault(each.ingredient.payer, np.zeros(shape))
            np.add.at(kroner, (each.entries.person, each.entries.week), each.entries.kroner)
    return found


def _hours(log: ServiceLog, reached: Reached, plan: EconomicsPlan, arm: int) -> PaidHours:
    mine = (reached.arm[log.person] == arm) & _within(log.week, plan)
    contact, indirect = float(log.contact[mine].sum()), float(log.indirect[mine].sum())
    return PaidHours(contact, contact + indirect, (contact + indirect) / contact if contact > 0 else float("nan"))
