"""From the persons' accounts to what a decision can rest on: which quantity plays which part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray
from ctieval.domain.cost_benefit import Account
from ctieval.domain.decision import Decision, TornadoBar
from ctieval.domain.outcome_table import OutcomeTable
from ctieval.domain.parameter import DISPLACEMENT, FACTOR, Distribution, Parameter
from ctieval.domain.posting import Entry
from ctieval.domain.trial import EconomicsPlan
from ctieval.domain.units import Unit
from ctieval.economics.accounts import Lines
from ctieval.economics.decision.build import build_decision
from ctieval.economics.decision.formula import Formula, Term
from ctieval.economics.decision.plan import Caseload, DecisionPlan, PublicPurse
from ctieval.economics.decision.tornado import build_tornado
from ctieval.economics.person_account import PersonAccounts
from ctieval.economics.prospects.drawn import Drawn, draw_quantities
from ctieval.economics.prospects.weigh import weigh_outcomes
from ctieval.rates.rate import Step

SERVICES = (
    Entry.PROGRAMME,
    Entry.USUAL_SERVICES,
    Entry.OTHER_SERVICES,
    Entry.ADMINISTRATION,
    Entry.PARTICIPANT_COSTS,
)
"""Lines below the stroke of the ratio: what is done for the citizens, less what the control has."""
BENEFITS, TAXES, SPENT = "saved_benefits", "taxes_and_equalisation", "services"
"""Parts of the municipality's net result, as the tornado moves them."""
_DISPLACED, _PUBLIC, _CITIZEN, _PROGRAMME = "displaced", "public", "citizen", "public_programme"


def decide(
    persons: PersonAccounts,
    plan: EconomicsPlan,
    allocation: Allocation,
    *,
    steps: tuple[Step, ...],
    outcomes: OutcomeTable | None = None,
    conf_level: float = 0.95,
) -> Decision | None:
    """Work out what a decision can rest on, for the municipality: after equalisation where that is known.

    The tornado moves what the trial measured to the ends of its interval, and what somebody stated to the ends of the
    range. Displacement has the stated range, or else runs from none to that of the cautious scenario.

    Args:
        persons: The persons' accounts.
        plan: Outlook, stated ranges and caseload.
        allocation: The allocation, in the same person order.
        steps: Yearly discount rates by the first year in which they hold.
        outcomes: Outcomes by person, in the same order; weeks in work and WHO-5 are weighed against their cost.
        conf_level: Level of the intervals.

    Returns:
        The decision; None without a net result, or where the trial cannot be resampled.

    Raises:
        InputError: If a stated range contradicts itself.
    """
    payer = next((each for each in (Account.M2, Account.M0) if each in persons.net()), None)
    if payer is None:
        return None
    drawn = draw_quantities(_quantities(persons, payer), plan.outlook, allocation, conf_level=conf_level)
    if drawn is None:
        return None
    stated = tuple(_stated(plan, drawn.names))
    lines = [entry.value for entry in persons.lines[payer]]
    costs = tuple(each.value for each in SERVICES if each.value in lines)
    asked = DecisionPlan(
        payer=payer.value,
        net=_net(stated, drawn.names),
        gains=tuple(each for each in lines if each not in costs),
        costs=costs,
        purse=PublicPurse(_PUBLIC, _CITIZEN, _PROGRAMME) if _PUBLIC in drawn.names else None,
        parameters=stated,
        caseload=_caseload(plan, steps),
    )
    found = build_decision(drawn.draws, asked, seed=plan.outlook.seed, conf_level=conf_level)
    own = _total(_sums(persons.lines[payer]).values())
    return replace(
        found,
        tornado=_tornado(drawn, stated, plan),
        acceptability=weigh_outcomes(own, outcomes, plan.outlook, allocation, payer=payer.value, conf_level=conf_level)
        if outcomes
        else (),
    )


def _quantities(persons: PersonAccounts, payer: Account) -> dict[str, FloatArray]:
    """Every line of the payer by the name of its entry, and the parts that are made of lines, shape (n,) each."""
    own, first = _sums(persons.lines[payer]), _sums(persons.lines[Account.M0])
    net, after_refund, spent = _total(own.values()), _total(first.values()), _spent(first)
    found = {
        **own,
        BENEFITS: after_refund - spent,
        SPENT: spent,
        _DISPLACED: net - persons.undisplaced[payer].sum(axis=1),
    }
    if payer is Account.M2:
        found[TAXES] = net - after_refund
    if {Account.PUBLIC, Account.CITIZEN} <= set(persons.lines):
        public = _sums(persons.lines[Account.PUBLIC])
        found[_PUBLIC], found[_PROGRAMME] = _total(public.values()), -_spent(public)
        found[_CITIZEN] = _total(_sums(persons.lines[Account.CITIZEN]).values())
    return found


def _sums(lines: Lines) -> dict[str, FloatArray]:
    return {entry.value: amount.sum(axis=1) for entry, amount in lines.items()}


def _spent(lines: Mapping[str, FloatArray]) -> FloatArray:
    services = {each.value for each in SERVICES}
    return _total(amount for name, amount in lines.items() if name in services)


def _total(amounts: Iterable[FloatArray]) -> FloatArray:
    return np.sum(list(amounts), axis=0)


def _stated(plan: EconomicsPlan, names: tuple[str, ...]) -> list[Parameter]:
    """The stated ranges of what this account holds; that of a line is a factor on it."""
    return [
        each if each.key == DISPLACEMENT else replace(each, key=f"{FACTOR}{each.key}")
        for each in plan.parameters
        if each.key in (DISPLACEMENT, *names)
    ]


def _net(parameters: Iterable[Parameter], names: tuple[str, ...]) -> Formula:
    """The net result as the sum of its parts; a line whose factor is not 1 is more or less than it was."""
    terms = [Term((part,)) for part in (BENEFITS, TAXES, SPENT) if part in names]
    for each in parameters:
        if each.key == DISPLACEMENT:
            terms.append(Term((DISPLACEMENT, _DISPLACED), -1))
        elif each.key.startswith(FACTOR):
            line = each.key.removeprefix(FACTOR)
            terms += [Term((line, each.key)), Term((line,), -1)]
    return tuple(terms)


def _tornado(drawn: Drawn, stated: tuple[Parameter, ...], plan: EconomicsPlan) -> tuple[TornadoBar, ...]:
    measured = [drawn.range_of(part) for part in (BENEFITS, TAXES, SPENT) if part in drawn.names]
    moved = [*(each for each in measured if each is not None), *stated]
    if plan.outlook.displacement > 0 and all(each.key != DISPLACEMENT for each in stated):
        ends = (0.0, 0.0, plan.outlook.displacement)
        moved.append(Parameter(DISPLACEMENT, *ends, Distribution.TRIANGULAR, Unit.SHARE.value, 1.0))
    return build_tornado(_net(moved, drawn.names), drawn.estimates, moved)


def _caseload(plan: EconomicsPlan, steps: tuple[Step, ...]) -> Caseload | None:
    if plan.caseload is None:
        return None
    return Caseload(plan.caseload.persons_per_year, plan.caseload.years, steps)
