"""Reckons each person's own account, in both arms, from registers and rates. Nothing is estimated."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import StrArray
from ctieval.domain.cost_benefit import Account, PaymentBasis, RateUse
from ctieval.domain.posting import Entry
from ctieval.domain.trial import EconomicsPlan
from ctieval.domain.wording import MissingInput, Notice
from ctieval.economics.account_notices import describe_account, name_rates
from ctieval.economics.benefits import BenefitWeeks, build_benefits
from ctieval.economics.discount import WEEKS_PER_YEAR, week_factors
from ctieval.economics.earnings import EarningWeeks, spread_earnings
from ctieval.economics.entries import post_flows
from ctieval.economics.horizon import Horizon, build_horizon
from ctieval.economics.inputs import AccountInputs
from ctieval.economics.ladder import LadderWeeks, track_ladder
from ctieval.economics.ledger_cells import LedgerCells, locate_cells
from ctieval.economics.person_account import (
    PersonAccounts,
    build_calendar,
    build_person_accounts,
    reckon_benefits,
)
from ctieval.economics.quantities import PersonQuantities, build_person_quantities
from ctieval.economics.society_factors import FactorLookUp, load_society_factors
from ctieval.economics.tax_rules import TaxLookUp, load_tax_rules
from ctieval.economics.trial_flows import (
    PROGRAMME_COST,
    PROJECT_GRANT,
    Total,
    build_flows,
    read_total,
    repeat_first,
    to_spending,
)
from ctieval.rates.book import RateSchedule

_TAXED = {Account.M1, Account.EMPLOYERS}
"""Accounts of which one is there wherever a tax went in."""


@dataclass(frozen=True, slots=True, eq=False)
class Reckoned:
    """The persons' accounts, and what they rest on.

    Attributes:
        persons: Each person's own account.
        basis: Where the kroner of benefits come from.
        rates: The dated values used, each with its source.
        missing: What could not be reckoned, and the file to complete.
        warnings: Coded warnings.
        quantities: What the accounts are made of, person by person.
        fewest: Fewest persons of an arm behind one that may be told.
    """

    persons: PersonAccounts
    basis: PaymentBasis
    rates: tuple[RateUse, ...]
    missing: tuple[MissingInput, ...]
    warnings: tuple[Notice, ...]
    quantities: PersonQuantities
    fewest: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """What was looked up for everybody drawn."""

    horizon: Horizon
    benefits: BenefitWeeks
    ladder: LadderWeeks
    earnings: EarningWeeks
    cost: Total
    grant: Total
    taxes: TaxLookUp
    factors: FactorLookUp
    discount: RateSchedule
    cells: LedgerCells


def reckon_persons(plan: EconomicsPlan, allocation: Allocation, inputs: AccountInputs) -> Reckoned:
    """Reckon each person's own account, in both arms.

    Week by week from her own draw to the horizon: benefit actually paid, or the dated rate of her week; the state's
    share by her own week on the refund ladder; earnings by the days of her months; what services cost; taxes of the
    week and of her municipality. All of it is posted twice, in a journal that must balance, discounted by the plan's
    schedule, and added up to months and accounts.

    Exits are read as in the outcomes. A person whose weeks do not reach the horizon, who moved or was abroad counts
    in no line. Weeks after death cost nothing, and old-age pension is the state's; neither is a week on benefit.
    Such persons stay in, since they are not missing, and ``W-EXIT-IN-ACCOUNT`` counts them.

    An account that lacks a line which nobody knows is left out whole, and ``missing`` names the file to complete.
    Without costs by ingredients the cost of the programme is the total of ``rates/programme_cost.toml`` over the
    persons drawn, on the day of the draw; without it there is no net result. The project grant is the total of
    ``rates/project_grant.toml``, and stands only in the view *as funded*. Amounts are in the prices of each week's own
    rates.

    Args:
        plan: Horizon, price year and discount schedule.
        allocation: The allocation.
        inputs: Registers, rates and codes; and what is known of costs.

    Raises:
        InputError: If somebody drawn is not in the registers, or the day of a draw is not known.
        InputError: If money was paid under a code that stands for no benefit.
        InputError: If the code list lacks a set that the account reads.
        UnknownRateError: If the book has no discount schedule of the plan's name.
        RateError: If the discount is no schedule, the cost or the grant is not in kroner, or the rate of a
            benefit is not in kroner a month or a week.
    """
    found = _look_up(plan, allocation, inputs)
    observed, drawn, weeks = found.horizon.observed, allocation.arm == 1, plan.horizon_weeks
    flows = build_flows(
        found.benefits,
        found.ladder,
        found.earnings.kroner,
        to_spending(inputs.costs or found.cost, drawn, weeks),
        observed=observed,
    )
    calendar = build_calendar(found.horizon.week[observed], week_factors(weeks, found.discount.steps))
    persons = build_person_accounts(
        post_flows(flows, found.taxes.rules),
        calendar,
        found.factors.factors,
        grant=None if found.grant.per_person is None else found.grant.per_person * drawn,
        observed=observed,
        weeks=found.benefits.on_benefit[observed].sum(axis=1).astype(np.float64),
    )
    persons = replace(persons, of_benefits=reckon_benefits(flows, found.taxes.rules, calendar, observed=observed))
    lacking = (found.benefits, found.ladder, found.cost, found.grant, found.earnings, found.taxes, found.factors)
    taxed, produced = (bool(each & set(persons.lines)) for each in (_TAXED, {Account.SOCIETY}))
    used = (
        *(found.benefits.rates, found.ladder.rates, found.cost.rates, found.grant.rates),
        *(found.taxes.rates if taxed else (), found.factors.rates if produced else ()),
    )
    missing, warnings = describe_account(plan, allocation, inputs, found.horizon, found.benefits, persons)
    return Reckoned(
        persons=persons,
        basis=found.benefits.basis,
        rates=name_rates([value for each in used for value in each], (*found.ladder.schedules, found.discount)),
        missing=(*(each for part in lacking for each in part.missing), *missing),
        warnings=(*found.benefits.notices, *found.ladder.notices, *found.earnings.notices, *warnings),
        quantities=build_person_quantities(
            flows,
            found.cells,
            np.concatenate([[1.0], week_factors(weeks, found.discount.steps)]),
            totals={Entry.PROGRAMME: found.cost, Entry.PROJECT_GRANT: found.grant},
            drawn=drawn,
            observed=observed,
        ),
        fewest=inputs.fewest,
    )


def _look_up(plan: EconomicsPlan, allocation: Allocation, inputs: AccountInputs) -> _Found:
    registers, book, codes = inputs.registers, inputs.book, inputs.codes
    horizon = build_horizon(allocation, registers.weeks, plan.horizon_weeks, codes)
    benefits = build_benefits(horizon, allocation.person_id, registers, book, codes)
    ladder = track_ladder(horizon, registers.weeks, codes, book, needed=benefits.ladder > 0)
    lived_in = _municipalities(registers.persons, allocation.person_id)[horizon.observed]
    return _Found(
        horizon=horizon,
        benefits=benefits,
        ladder=ladder,
        earnings=spread_earnings(registers.employment, allocation.person_id, horizon),
        cost=Total(None) if inputs.costs else read_total(book, PROGRAMME_COST, allocation),
        grant=read_total(book, PROJECT_GRANT, allocation),
        taxes=load_tax_rules(book, repeat_first(horizon.week[horizon.observed]), lived_in),
        factors=load_society_factors(book, plan.price_year),
        discount=_reached(book.newest_schedule(plan.discount), plan.horizon_weeks),
        cells=locate_cells(horizon, benefits, ladder, book=book, municipality=lived_in),
    )


def _municipalities(persons: pd.DataFrame, person_id: StrArray) -> StrArray:
    """The municipality of each person; blank where the registers do not tell."""
    if "municipality" not in persons.columns:
        return np.full(len(person_id), "", dtype=object)
    return persons.set_index("person_id")["municipality"].reindex(person_id).fillna("").to_numpy(dtype=object)


def _reached(discount: RateSchedule, horizon_weeks: int) -> RateSchedule:
    """Keep the steps that start before the horizon."""
    steps = tuple(step for step in discount.steps if step.start * WEEKS_PER_YEAR < horizon_weeks)
    return replace(discount, steps=steps)
