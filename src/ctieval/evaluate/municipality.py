"""Each municipality of a joint trial evaluated by itself, from the persons who were drawn there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

import numpy as np

from ctieval.assignment.balance.describe import describe_baseline
from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import BoolArray, FloatArray
from ctieval.domain.cost_benefit import CostBenefit
from ctieval.domain.design import Blocked, Complete
from ctieval.domain.effects_plan import EffectsPlan
from ctieval.domain.evaluation import Evaluation
from ctieval.domain.flow import ParticipantFlow
from ctieval.domain.implementation_table import ImplementationTable
from ctieval.domain.outcome_table import OutcomeTable
from ctieval.domain.part import Part
from ctieval.domain.trial import BaselineVariable, EconomicsPlan
from ctieval.domain.window import Window
from ctieval.economics.costing.build import build_person_costs
from ctieval.economics.estimate_accounts import estimate_accounts
from ctieval.economics.inputs import AccountInputs
from ctieval.economics.person_account import PersonAccounts
from ctieval.economics.reckon import Reckoned, reckon_persons
from ctieval.effects.average import estimate_effects, withhold_intervals
from ctieval.effects.estimands import describe_estimands
from ctieval.errors import EstimationError, InputError
from ctieval.evaluate.balance import to_baseline
from ctieval.evaluate.data import MUNICIPALITY, RegisterData, TrialData
from ctieval.evaluate.measure import measure
from ctieval.implementation.funnel import describe_implementation
from ctieval.outcomes.experienced import describe_experienced
from ctieval.outcomes.levels import describe_levels
from ctieval.report.municipalities import municipality_names

_Key = TypeVar("_Key")


def find_municipality(allocation: Allocation, asked: str) -> str:
    """Return the number of the municipality that is asked for by number or name.

    Args:
        allocation: The arms of the joint trial.
        asked: ``153``, ``Brøndby`` or ``Brøndby Kommune``.

    Raises:
        InputError: If the trial was not drawn within two or more municipalities, one person at a time and into two
            arms, or has none of this name.
    """
    labels = check_municipalities(allocation)
    names = municipality_names()
    wanted = asked.strip().casefold().removesuffix(" kommune")
    found = [label for label in labels if wanted in (label.casefold(), names.get(label, label).casefold())]
    if not found:
        raise InputError(
            what="no municipality of this trial has this name or number",
            where="--municipality",
            found="a municipality in which nobody was drawn",
            expected="one of: " + ", ".join(f"{label} {names.get(label, '')}".strip() for label in labels),
            do="name one of these",
        )
    return found[0]


def check_municipalities(allocation: Allocation) -> tuple[str, ...]:
    """Return the numbers of the municipalities of a joint trial.

    Raises:
        InputError: If the trial was not drawn within two or more municipalities, into two arms.
    """
    design, labels = allocation.design, allocation.block_labels
    within = isinstance(design, Blocked) and design.block == MUNICIPALITY
    if not within or len(labels) < 2 or len(allocation.arms.labels) > 2:
        raise InputError(
            what="this trial has no municipalities to report on one by one",
            where="[assignment]",
            found="a draw that was not made within municipalities, or one municipality, or several interventions",
            expected='persons drawn within two municipalities or more (block = "municipality"), into two arms',
            do="write the report of the whole trial, without --municipality",
        )
    return labels


def evaluate_municipalities(joint: Evaluation, allocation: Allocation, data: TrialData) -> Mapping[str, Evaluation]:
    """Evaluate each municipality of a joint trial by itself.

    Outcomes and accounts are those of the joint evaluation, of the persons drawn in the municipality; the draw within
    it is a complete one. The cost of the programme is that of a person in the whole trial, since what many share is
    not one municipality's own. Effects are the differences that the draw implies, without adjustment.

    Left out is what disclosure control could not keep apart from the joint report: weekly paths, questionnaires,
    take-up, costs by ingredients, the checks of the draw and of the target group, and coded warnings that count.

    Args:
        joint: The evaluation of the whole trial, before disclosure control.
        allocation: The arms of the whole trial.
        data: The ready table, or the registers.

    Returns:
        The evaluations by number of the municipality, before disclosure control (``protect_municipalities``).

    Raises:
        InputError: As ``check_municipalities``.
    """
    labels = check_municipalities(allocation)
    outcomes = measure(joint.trial, allocation, data).outcomes
    reckoned = _reckon(joint, allocation, data)
    return {
        label: _evaluate(joint, allocation, data, outcomes, reckoned, number) for number, label in enumerate(labels)
    }


def _evaluate(
    joint: Evaluation,
    allocation: Allocation,
    data: TrialData,
    outcomes: OutcomeTable,
    reckoned: tuple[EconomicsPlan, Reckoned] | None,
    number: int,
) -> Evaluation:
    there = allocation.block == number
    own, values = _drawn_in(allocation, there), _outcomes_of(outcomes, there)
    effects = withhold_intervals(estimate_effects(values, own, joint.provenance))
    return Evaluation(
        trial=replace(joint.trial, comments=(), effects=EffectsPlan(take_up=joint.trial.effects.take_up)),
        design=own.design,
        proof=joint.proof,
        flow=ParticipantFlow(None, _count(own), (), ()),
        baseline=describe_baseline(to_baseline(own, data), own, _described(joint)),
        levels=describe_levels(values, own),
        effects=replace(effects, warnings=()),
        experienced=describe_experienced(values, own),
        implementation=_implementation(own, data),
        economics=None if reckoned is None else _account(*reckoned, own, there),
        missing=(),
        warnings=(),
        provenance=joint.provenance,
        suppression=None,
        estimands=describe_estimands(joint.trial, effects.rows),
        part=Part(allocation.block_labels[number], len(allocation.block_labels), joint.flow.allocated),
    )


def _drawn_in(allocation: Allocation, there: BoolArray) -> Allocation:
    """The persons of one block, as a complete draw."""
    arm = allocation.arm[there]
    return replace(
        allocation,
        person_id=allocation.person_id[there],
        arm=arm,
        probability=allocation.probability[there],
        block=np.zeros(len(arm), dtype=np.int64),
        block_labels=("",),
        cluster=allocation.cluster[there],
        randomised_on=allocation.randomised_on[there],
        design=Complete(int(arm.sum())),
        notices=(),
        arrivals=None,
    )


def _count(allocation: Allocation) -> tuple[int, int]:
    treated = int((allocation.arm == 1).sum())
    return len(allocation.arm) - treated, treated


def _described(joint: Evaluation) -> tuple[BaselineVariable, ...]:
    """The characteristics, but for the municipality itself, which all of them share."""
    return tuple(each for each in joint.trial.baseline if each.column != MUNICIPALITY)


def _outcomes_of(table: OutcomeTable, there: BoolArray) -> OutcomeTable:
    return OutcomeTable(
        table.person_id[there], table.outcomes, table.values[there], table.status[there], table.baseline[there]
    )


def _implementation(own: Allocation, data: TrialData) -> ImplementationTable | None:
    return describe_implementation(own, data.registers) if isinstance(data, RegisterData) else None


def _reckon(joint: Evaluation, allocation: Allocation, data: TrialData) -> tuple[EconomicsPlan, Reckoned] | None:
    """The accounts of everybody drawn with their plan, where the joint report has an account."""
    plan = joint.trial.economics
    if joint.economics is None or plan is None or not isinstance(data, RegisterData):
        return None
    costs = build_person_costs(plan, allocation, data.registers, data.rates)
    return plan, reckon_persons(plan, allocation, AccountInputs(data.registers, data.rates, data.codes, costs))


def _account(plan: EconomicsPlan, reckoned: Reckoned, own: Allocation, there: BoolArray) -> CostBenefit | None:
    """The account of those drawn in a municipality; None where too few of them are followed to the horizon."""
    try:
        found = estimate_accounts(_accounts_of(reckoned.persons, there), own, window=Window(0, plan.horizon_weeks))
    except EstimationError:
        return None
    return CostBenefit(
        lines=found.lines,
        results=found.results,
        per_participant=None,
        weeks_saved=found.weeks_saved,
        horizon_weeks=plan.horizon_weeks,
        price_year=plan.price_year,
        basis=reckoned.basis,
        discount=plan.discount,
        rates=reckoned.rates,
        missing=reckoned.missing,
        warnings=(),
    )


def _accounts_of(persons: PersonAccounts, there: BoolArray) -> PersonAccounts:
    lines, nominal, budget = (
        {account: _rows_of(each, there) for account, each in accounts.items()}
        for accounts in (persons.lines, persons.nominal, persons.budget)
    )
    return replace(
        persons,
        lines=lines,
        nominal=nominal,
        budget=budget,
        undisplaced=_rows_of(persons.undisplaced, there),
        grant=None if persons.grant is None else persons.grant[there],
        weeks=persons.weeks[there],
    )


def _rows_of(amounts: Mapping[_Key, FloatArray], there: BoolArray) -> dict[_Key, FloatArray]:
    return {key: amount[there] for key, amount in amounts.items()}
