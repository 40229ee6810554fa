"""What each door measures on the persons of an allocation: outcomes, baseline, flow, implementation and account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from ctieval.assignment.balance.describe import describe_baseline
from ctieval.domain.allocation import Allocation, Proven
from ctieval.domain.arrays import FloatArray
from ctieval.domain.balance_table import BalanceTable
from ctieval.domain.cost_benefit import CostBenefit
from ctieval.domain.costing import Costing
from ctieval.domain.description import BaselineRow
from ctieval.domain.effects_plan import LoggedTakeUp
from ctieval.domain.flow import ScreeningFlow
from ctieval.domain.implementation_table import ImplementationTable
from ctieval.domain.instrument_table import InstrumentTable
from ctieval.domain.outcome_table import OutcomeTable
from ctieval.domain.sensitivity import TargetSensitivity
from ctieval.domain.state_paths import StatePaths
from ctieval.domain.trial import PlannedDraw, PlannedIntake, Trial
from ctieval.domain.wording import Notice
from ctieval.economics.appraise import appraise
from ctieval.economics.costing.build import build_person_costs
from ctieval.economics.costing.person_costs import PersonCosts
from ctieval.economics.inputs import AccountInputs
from ctieval.eligibility.flow import screening_flow
from ctieval.eligibility.sensitivity import screen_alternatives
from ctieval.errors import EstimationError
from ctieval.evaluate.balance import check_draw, to_baseline
from ctieval.evaluate.benefit_kroner import find_payments, name_unpriced
from ctieval.evaluate.data import ReadyTable, RegisterData, TrialData
from ctieval.evaluate.paths import follow_paths
from ctieval.evaluate.readiness import describe_employment, describe_silence
from ctieval.implementation.funnel import describe_implementation
from ctieval.implementation.take_up import track_take_up
from ctieval.outcomes.columns import read_columns
from ctieval.outcomes.describe_instruments import describe_instruments, notices_of_instruments
from ctieval.outcomes.track import count_exits, track

COHORT_CHANGED = "W-COHORT-CHANGED"


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What was measured.

    Attributes:
        outcomes: Outcomes by person.
        baseline: Characteristics before the draw.
        screening: From screened to eligible, or None.
        implementation: What was given, or None.
        economics: The account, or None.
        paths: Both arms week by week, or None.
        warnings: Coded warnings.
        sensitivity: The target group under other thresholds, or None.
        instruments: Questionnaires by wave and arm, or None.
        balance: The check of the draw, or None.
        costing: Costs by ingredients, or None.
    """

    outcomes: OutcomeTable
    baseline: tuple[BaselineRow, ...]
    screening: ScreeningFlow | None
    implementation: ImplementationTable | None
    economics: CostBenefit | None
    paths: StatePaths | None
    warnings: tuple[Notice, ...]
    sensitivity: TargetSensitivity | None = None
    instruments: InstrumentTable | None = None
    balance: BalanceTable | None = None
    costing: Costing | None = None


def measure(trial: Trial, allocation: Allocation, data: TrialData) -> Measured:
    """Measure everything that the plan declares, by the door through which the data came."""
    match data:
        case ReadyTable():
            return _measure_table(trial, allocation, data)
        case RegisterData():
            return _measure_registers(trial, allocation, data)
        case _:
            assert_never(data)


def _measure_table(trial: Trial, allocation: Allocation, data: ReadyTable) -> Measured:
    frame = to_baseline(allocation, data)
    return Measured(
        outcomes=read_columns(trial.outcomes, allocation, data.frame, data.source.id),
        baseline=describe_baseline(frame, allocation, trial.baseline),
        screening=None,
        implementation=None,
        economics=None,
        paths=None,
        warnings=(),
        balance=check_draw(trial, allocation, data),
    )


def _measure_registers(trial: Trial, allocation: Allocation, data: RegisterData) -> Measured:
    frame = to_baseline(allocation, data)
    costs = _cost(trial, allocation, data)
    kroner = find_payments(trial, allocation, data)
    payments = None if kroner is None else kroner.payments
    outcomes = track(trial.outcomes, allocation, data.registers, data.codes, data.instruments, payments=payments)
    economics, refused = _appraise(trial, allocation, data, costs, outcomes)
    instruments = describe_instruments(outcomes, allocation, data.registers.survey, data.instruments)
    return Measured(
        outcomes=outcomes,
        baseline=describe_baseline(frame, allocation, trial.baseline),
        screening=screening_flow(data.cohort) if trial.eligibility else None,
        implementation=describe_implementation(allocation, data.registers),
        economics=economics,
        paths=follow_paths(allocation, data.registers, data.codes),
        warnings=(
            *data.cohort.warnings,
            *_changed_plan(trial, allocation),
            *changed_cohort(trial, allocation, data),
            *describe_employment(trial, data),
            *describe_silence(trial, data),
            *name_unpriced(outcomes, kroner),
            *count_exits(trial.outcomes, allocation, data.registers, data.codes),
            *refused,
            *notices_of_instruments(instruments),
        ),
        sensitivity=count_alternatives(trial, data, allocation),
        instruments=instruments,
        balance=check_draw(trial, allocation, data),
        costing=None if costs is None else costs.costing,
    )


def count_alternatives(
    trial: Trial, data: RegisterData, allocation: Allocation | None = None
) -> TargetSensitivity | None:
    """Count the target group under other thresholds, and those drawn; None where the plan has no criteria.

    Args:
        trial: The plan.
        data: The registers.
        allocation: The arms, or None where nobody is drawn yet.

    Raises:
        InputError: If the code list has no set of the name that a criterion declares.
    """
    if trial.eligibility is None:
        return None
    drawn = None if allocation is None else allocation.person_id
    return screen_alternatives(trial.eligibility, data.registers, data.codes, drawn=drawn)


def _cost(trial: Trial, allocation: Allocation, data: RegisterData) -> PersonCosts | None:
    if trial.economics is None:
        return None
    return build_person_costs(trial.economics, allocation, data.registers, data.rates)


def _appraise(
    trial: Trial, allocation: Allocation, data: RegisterData, costs: PersonCosts | None, outcomes: OutcomeTable
) -> tuple[CostBenefit | None, tuple[Notice, ...]]:
    """The account, or the notice that too few are followed to its horizon."""
    if trial.economics is None:
        return None, ()
    inputs = AccountInputs(
        data.registers,
        data.rates,
        data.codes,
        costs,
        _took_part(trial, allocation, data),
        fewest=trial.report.smallest_cell,
        outcomes=outcomes,
    )
    try:
        return appraise(trial.economics, allocation, inputs), ()
    except EstimationError:
        facts = (("weeks", trial.economics.horizon_weeks),)
        return None, (*(costs.notices if costs else ()), Notice("W-HORIZON-NOT-REACHED", "economics", facts))


def _took_part(trial: Trial, allocation: Allocation, data: RegisterData) -> FloatArray | None:
    """Who took part, by what the plan counts as that; None where it does not say, or there is no log."""
    counted = trial.effects.take_up
    found = track_take_up(allocation, data.registers, counted) if isinstance(counted, LoggedTakeUp) else None
    return None if found is None else found.took_part


def changed_cohort(trial: Trial, allocation: Allocation, data: RegisterData) -> tuple[Notice, ...]:
    """Say how the persons drawn differ from those whom the criteria point out today; not where each came by herself."""
    if isinstance(trial.assignment, PlannedIntake):
        return ()
    eligible, drawn = set(data.cohort.person_id[data.cohort.eligible]), set(allocation.person_id)
    if eligible == drawn:
        return ()
    facts = (("n_not_drawn", len(eligible - drawn)), ("n_not_eligible", len(drawn - eligible)))
    return (Notice(COHORT_CHANGED, "cohort", facts),)


def _changed_plan(trial: Trial, allocation: Allocation) -> tuple[Notice, ...]:
    plan, proof = trial.assignment, allocation.proof
    same = (
        not isinstance(plan, PlannedDraw | PlannedIntake)
        or not isinstance(proof, Proven)
        or proof.plan_digest == plan.plan_digest
    )
    return () if same else (Notice("W-PLAN-CHANGED", "plan"),)
