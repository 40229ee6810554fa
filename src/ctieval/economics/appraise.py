"""Appraises a trial: from the registers and the rate book to the account. Each step lives in its own module."""

from __future__ import annotations

from dataclasses import replace

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray
from ctieval.domain.cost_benefit import CostBenefit
from ctieval.domain.ledger_quantities import WITHHELD
from ctieval.domain.trial import EconomicsPlan
from ctieval.domain.window import Window
from ctieval.domain.wording import Notice
from ctieval.economics.estimate_accounts import estimate_accounts
from ctieval.economics.estimate_quantities import estimate_quantities
from ctieval.economics.inputs import AccountInputs
from ctieval.economics.per_participant import estimate_per_participant
from ctieval.economics.prospects.look_on import look_on
from ctieval.economics.reckon import Reckoned, reckon_persons


def appraise(
    plan: EconomicsPlan, allocation: Allocation, inputs: AccountInputs, *, conf_level: float = 0.95
) -> CostBenefit:
    """Reckon what the trial cost and saved per person drawn, for whom, and how sure that is.

    The arms are contrasted in each line of the persons' own accounts (``reckon_persons``), as the design implies; and,
    where it is known who took part, the results are divided by the draw's effect on that. Where there is a net result,
    the leading accounts are looked on from (``prospects``): month by month, beyond the horizon, and as a decision sees
    them.

    Args:
        plan: Horizon, price year and discount schedule; outlook, stated ranges and caseload.
        allocation: The allocation.
        inputs: Registers, rates and codes; and what is known of costs, of taking part and of outcomes.
        conf_level: Level of the intervals.

    Returns:
        The account: the lines of each add up to its result.

    Raises:
        InputError: As ``reckon_persons``, or if a stated range contradicts itself.
        UnknownRateError: As ``reckon_persons``.
        RateError: As ``reckon_persons``.
        EstimationError: If fewer than two persons are wholly observed in an arm of a block.
    """
    reckoned = reckon_persons(plan, allocation, inputs)
    found = estimate_account(reckoned, plan, allocation, took_part=inputs.took_part, conf_level=conf_level)
    ahead = look_on(
        reckoned.persons,
        plan,
        allocation,
        steps=inputs.book.newest_schedule(plan.discount).steps,
        outcomes=inputs.outcomes,
        conf_level=conf_level,
    )
    warnings = (*found.warnings, *ahead.warnings)
    return replace(found, outlook=ahead.outlook, decision=ahead.decision, warnings=warnings)


def estimate_account(
    reckoned: Reckoned,
    plan: EconomicsPlan,
    allocation: Allocation,
    *,
    took_part: FloatArray | None = None,
    conf_level: float = 0.95,
) -> CostBenefit:
    """Contrast the arms in the persons' accounts.

    Args:
        reckoned: The persons' accounts.
        plan: The plan that they were reckoned by.
        allocation: The allocation.
        took_part: Who took part, shape (n,), or None; see ``AccountInputs``.
        conf_level: Level of the intervals.

    Raises:
        EstimationError: If fewer than two persons are wholly observed in an arm of a block.
    """
    window = Window(0, plan.horizon_weeks)
    found = estimate_accounts(reckoned.persons, allocation, window=window, conf_level=conf_level)
    quantities = estimate_quantities(reckoned.quantities, allocation, fewest=reckoned.fewest)
    withheld = (Notice(WITHHELD, "economics"),) if quantities is None and reckoned.quantities.amounts else ()
    return CostBenefit(
        lines=found.lines,
        results=found.results,
        per_participant=estimate_per_participant(
            reckoned.persons, took_part, allocation, window=window, conf_level=conf_level
        ),
        weeks_saved=found.weeks_saved,
        horizon_weeks=plan.horizon_weeks,
        price_year=plan.price_year,
        basis=reckoned.basis,
        discount=plan.discount,
        rates=reckoned.rates,
        missing=reckoned.missing,
        warnings=(*reckoned.warnings, *withheld),
        quantities=quantities,
    )
