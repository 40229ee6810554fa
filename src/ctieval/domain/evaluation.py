"""The whole evaluation of a trial: what the report prints, and no person."""

from __future__ import annotations

from dataclasses import dataclass

from ctieval.domain.adjusted_effect import AdjustedEffect
from ctieval.domain.allocation import Proof
from ctieval.domain.association import AssociationRow
from ctieval.domain.balance_table import BalanceTable
from ctieval.domain.compliance_table import ComplianceTable
from ctieval.domain.cost_benefit import CostBenefit
from ctieval.domain.costing import Costing
from ctieval.domain.description import BaselineRow, ExperiencedRow, OutcomeLevel
from ctieval.domain.design import Design, Intake
from ctieval.domain.effect_table import EffectTable
from ctieval.domain.estimand_card import EstimandCard
from ctieval.domain.flow import ParticipantFlow
from ctieval.domain.implementation_table import ImplementationTable
from ctieval.domain.instrument_table import InstrumentTable
from ctieval.domain.part import Part
from ctieval.domain.provenance import Provenance
from ctieval.domain.risk_table import RiskRow
from ctieval.domain.sensitivity import TargetSensitivity
from ctieval.domain.state_paths import StatePaths
from ctieval.domain.trial import Trial
from ctieval.domain.wording import MissingInput, Notice


@dataclass(frozen=True, slots=True)
class Suppression:
    """What disclosure control did.

    Attributes:
        smallest_cell: Fewest persons that a published cell may show.
        counts: Numbers of persons that are hidden; how many of them are small themselves would tell which.
        values: Means, effects and other values hidden with them.
    """

    smallest_cell: int
    counts: int
    values: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Results of every step, with their provenance.

    Attributes:
        trial: The plan.
        design: The design of the allocation.
        proof: What proves the allocation.
        flow: The flow of participants.
        baseline: Characteristics before the draw.
        levels: Outcome levels by arm.
        effects: Effects of outcomes measured in both arms.
        experienced: Outcomes measured in the intervention alone.
        implementation: What was given, or None.
        economics: The account, or None.
        missing: What the report cannot say.
        warnings: Coded warnings of every step.
        provenance: What everything was made from.
        suppression: What disclosure control did; None before it ran, and then nothing may be published.
        paths: Both arms week by week, or None.
        sensitivity: The target group under other thresholds, or None where nobody was screened.
        instruments: Questionnaires by wave and arm, or None.
        balance: The check of the draw, or None where no characteristic is declared.
        costing: Costs of both arms by ingredients, or None without a table of ingredients.
        adjusted: Every effect before and after adjustment; empty where the plan names nothing to adjust for.
        risks: Yes/no outcomes by difference and ratio.
        compliance: Take-up by arm and the effect on those who took part, or None where nothing is known of it.
        estimands: What each effect is an effect of.
        association: Scores of those with and without a job; never an effect.
        part: Which municipality of a joint trial this is about, or None where it is about the whole trial.
    """

    trial: Trial
    design: Design | Intake
    proof: Proof
    flow: ParticipantFlow
    baseline: tuple[BaselineRow, ...]
    levels: tuple[OutcomeLevel, ...]
    effects: EffectTable
    experienced: tuple[ExperiencedRow, ...]
    implementation: ImplementationTable | None
    economics: CostBenefit | None
    missing: tuple[MissingInput, ...]
    warnings: tuple[Notice, ...]
    provenance: Provenance
    suppression: Suppression | None
    paths: StatePaths | None = None
    sensitivity: TargetSensitivity | None = None
    instruments: InstrumentTable | None = None
    balance: BalanceTable | None = None
    costing: Costing | None = None
    adjusted: tuple[AdjustedEffect, ...] = ()
    risks: tuple[RiskRow, ...] = ()
    compliance: ComplianceTable | None = None
    estimands: tuple[EstimandCard, ...] = ()
    association: tuple[AssociationRow, ...] = ()
    part: Part | None = None
