"""Everything that is estimated of the declared outcomes: as the draw implies, adjusted, relative, and for compliers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

import numpy as np

from ctieval.assignment.balance.columns import MISSING, BaselineColumn, read_columns
from ctieval.domain.adjusted_effect import AdjustedEffect
from ctieval.domain.allocation import Allocation
from ctieval.domain.compliance_table import ComplianceTable
from ctieval.domain.effect_table import EffectTable
from ctieval.domain.effects_plan import Headline, LoggedTakeUp, TakeUpColumn
from ctieval.domain.estimand_card import EstimandCard
from ctieval.domain.outcome import Role
from ctieval.domain.outcome_table import OutcomeTable
from ctieval.domain.provenance import Provenance
from ctieval.domain.risk_table import RiskRow
from ctieval.domain.take_up import TakeUp
from ctieval.domain.trial import Trial
from ctieval.domain.wording import Notice
from ctieval.effects.adjusted import Adjustment, Characteristics, estimate_adjusted, lead_with_adjusted
from ctieval.effects.average import estimate_effects, withhold_intervals
from ctieval.effects.compliance import describe_compliance, notices_of_region
from ctieval.effects.estimands import describe_estimands
from ctieval.effects.risks import compare_risks
from ctieval.evaluate.balance import to_baseline
from ctieval.evaluate.data import ReadyTable, RegisterData, TrialData
from ctieval.implementation.take_up import read_take_up, track_take_up


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was estimated; holds no person.

    Attributes:
        effects: The effects that the conclusion rests on.
        adjusted: Both estimates of each effect; empty where the plan names nothing to adjust for.
        risks: Yes/no outcomes by difference and ratio.
        compliance: Take-up and the effect on compliers, or None where nothing is known of take-up.
        estimands: What each effect is an effect of.
        warnings: Coded warnings beside those of the effects.
    """

    effects: EffectTable
    adjusted: tuple[AdjustedEffect, ...]
    risks: tuple[RiskRow, ...]
    compliance: ComplianceTable | None
    estimands: tuple[EstimandCard, ...]
    warnings: tuple[Notice, ...]


def analyse(
    trial: Trial, allocation: Allocation, data: TrialData, outcomes: OutcomeTable, provenance: Provenance
) -> Analysis:
    """Estimate what the plan declares.

    Args:
        trial: The plan.
        allocation: The arms.
        data: The ready table, or the registers.
        outcomes: Outcomes by person, in the order of the allocation.
        provenance: What everything was made from.

    Returns:
        The estimates, before disclosure control.

    Raises:
        InputError: If the log has no entry of the activity that counts as taking part.
        SchemaError: If a characteristic or the column of take-up cannot be read as what it should be.
    """
    by_draw = withhold_intervals(estimate_effects(outcomes, allocation, provenance))
    adjustment = _adjust(trial, allocation, data, outcomes, by_draw)
    leads = trial.effects.headline is Headline.ADJUSTED
    compliance = _describe_compliance(trial, allocation, data, outcomes, by_draw)
    complier_rows = () if compliance is None else compliance.rows
    without = () if compliance is None else _outcomes_without_compliers(compliance, outcomes, by_draw)
    return Analysis(
        effects=lead_with_adjusted(by_draw, adjustment) if leads else by_draw,
        adjusted=adjustment.rows,
        risks=compare_risks(outcomes, allocation, by_draw),
        compliance=compliance,
        estimands=describe_estimands(trial, (*by_draw.rows, *(row.effect for row in complier_rows))),
        warnings=(*adjustment.warnings, *without, *(each for row in complier_rows for each in notices_of_region(row))),
    )


def _adjust(
    trial: Trial, allocation: Allocation, data: TrialData, outcomes: OutcomeTable, effects: EffectTable
) -> Adjustment:
    if not trial.effects.adjust_for:
        return Adjustment((), ())
    chosen = tuple(each for each in trial.baseline if each.name in trial.effects.adjust_for)
    columns = to_covariates(read_columns(to_baseline(allocation, data), chosen))
    return estimate_adjusted(outcomes, allocation, columns, effects)


def to_covariates(columns: tuple[BaselineColumn, ...]) -> Characteristics:
    """Lay the columns of the baseline table out as covariates.

    Args:
        columns: The columns; a characteristic in categories has one for each, which add up to one.

    Returns:
        Numbers as they are, gaps among them, and all but the first category of each characteristic in categories.
    """
    kept: list[BaselineColumn] = []
    seen: set[str] = set()
    for column in columns:
        in_categories = column.variable.unit is None
        repeats = column.level == MISSING and not in_categories
        first = in_categories and column.variable.name not in seen
        seen.add(column.variable.name)
        if not (repeats or first):
            kept.append(column)
    values = np.column_stack([each.numbers for each in kept]) if kept else np.empty((_length(columns), 0))
    return Characteristics(values, tuple(each.variable.name for each in kept))


def _length(columns: tuple[BaselineColumn, ...]) -> int:
    return len(columns[0].numbers) if columns else 0


def _describe_compliance(
    trial: Trial, allocation: Allocation, data: TrialData, outcomes: OutcomeTable, effects: EffectTable
) -> ComplianceTable | None:
    take_up = _find_take_up(trial, allocation, data)
    if take_up is None or len(allocation.arms.labels) > 2:
        return None
    return describe_compliance(outcomes, take_up, allocation, effects)


def _outcomes_without_compliers(
    compliance: ComplianceTable, outcomes: OutcomeTable, effects: EffectTable
) -> tuple[Notice, ...]:
    """Name each primary outcome with an effect of the draw and none on compliers, where the plan asks for it."""
    if compliance.counted is None:
        return ()
    wanted = {each.name for each in outcomes.outcomes if each.role is Role.PRIMARY}
    there = {row.effect.outcome for row in compliance.rows}
    return tuple(
        Notice("W-NO-COMPLIERS", name) for row in effects.rows if (name := row.outcome) in wanted and name not in there
    )


def _find_take_up(trial: Trial, allocation: Allocation, data: TrialData) -> TakeUp | None:
    counted = trial.effects.take_up
    match data:
        case ReadyTable():
            frame = to_baseline(allocation, data)
            return read_take_up(frame, allocation, counted) if isinstance(counted, TakeUpColumn) else None
        case RegisterData():
            logged = counted if isinstance(counted, LoggedTakeUp) else None
            return track_take_up(allocation, data.registers, logged)
        case _:
            assert_never(data)
