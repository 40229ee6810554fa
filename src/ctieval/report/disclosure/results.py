"""Takes what is hidden out of the results; the worst arm of an outcome decides for all that is said of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ctieval.domain.cost_benefit import CostBenefit
from ctieval.domain.description import BaselineRow, OutcomeLevel
from ctieval.domain.effect_table import EffectTable
from ctieval.domain.evaluation import Evaluation
from ctieval.domain.implementation_table import ImplementationTable
from ctieval.domain.wording import Fact, Notice
from ctieval.report.cells import HIDDEN
from ctieval.report.disclosure.counts import Verdict
from ctieval.report.disclosure.gather import (
    CONTROL,
    INTERVENTION,
    category,
    events,
    is_head_count,
    persons,
    told,
)
from ctieval.report.disclosure.mask import (
    Openness,
    mask_effect,
    mask_experienced,
    mask_level,
    mask_step,
    openness_of_effect,
    openness_of_experienced,
    openness_of_level,
)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How much may be said of each outcome.

    Attributes:
        openness: By the name of the outcome; the worst of its arms and of its effects.
        units: Unit of each declared outcome.
    """

    openness: Mapping[str, Openness]
    units: Mapping[str, str]

    def of(self, outcome: str) -> Openness:
        """Return how much may be said of an outcome."""
        return self.openness.get(outcome, Openness.OPEN)


def judge_outcomes(evaluation: Evaluation, verdict: Verdict) -> Outcomes:
    """Decide how much may be said of each outcome."""
    units = {outcome.name: outcome.unit.value for outcome in evaluation.trial.outcomes}
    found = [(effect.outcome, openness_of_effect(effect, verdict)) for effect in evaluation.effects.rows]
    for row in evaluation.levels:
        for arm, level in ((CONTROL, row.control), (INTERVENTION, row.intervention)):
            if level is not None:
                key = events(row.outcome, arm)
                unit = units.get(row.outcome, "")
                found.append((row.outcome, openness_of_level(level, arm, key, unit, verdict)))
    worst: dict[str, Openness] = {}
    for name, openness in found:
        worst[name] = max(openness, worst.get(name, Openness.OPEN))
    return Outcomes(worst, units)


def mask_outcomes(evaluation: Evaluation, outcomes: Outcomes, verdict: Verdict) -> Evaluation:
    """Return the evaluation with what is hidden taken out of levels, effects and experienced results."""
    return replace(
        evaluation,
        levels=tuple(_level(row, outcomes) for row in evaluation.levels),
        effects=_effects(evaluation.effects, outcomes, verdict),
        experienced=tuple(
            mask_experienced(row, max(outcomes.of(row.outcome), openness_of_experienced(row, verdict)))
            for row in evaluation.experienced
        ),
    )


def mask_baseline(evaluation: Evaluation, verdict: Verdict) -> tuple[BaselineRow, ...]:
    """Return the characteristics before the draw with what is hidden taken out."""
    return tuple(_baseline(row, evaluation, verdict) for row in evaluation.baseline)


def mask_implementation(table: ImplementationTable | None, verdict: Verdict) -> ImplementationTable | None:
    """Return what was given with the hidden counts taken out."""
    if table is None:
        return None
    drawn = verdict.shown(persons(INTERVENTION, table.drawn), table.drawn)
    return ImplementationTable(drawn, tuple(mask_step(step, verdict) for step in table.steps))


def mask_economics(account: CostBenefit | None, verdict: Verdict) -> CostBenefit | None:
    """Return the account with what is hidden taken out.

    Its lines add up, so that one of them cannot be hidden alone: the worst decides for all.
    """
    if account is None:
        return None
    effects = (account.weeks_saved, *(line.effect for line in account.lines))
    openness = max(openness_of_effect(effect, verdict) for effect in effects)
    return replace(
        account,
        lines=tuple(replace(line, effect=mask_effect(line.effect, openness, verdict)) for line in account.lines),
        weeks_saved=mask_effect(account.weeks_saved, openness, verdict),
        warnings=mask_notices(account.warnings, verdict),
    )


def mask_notices(notices: tuple[Notice, ...], verdict: Verdict) -> tuple[Notice, ...]:
    """Return notices whose hidden head counts give way to the mark."""
    return tuple(
        replace(notice, facts=tuple((name, _fact(notice, name, fact, verdict)) for name, fact in notice.facts))
        for notice in notices
    )


def _fact(notice: Notice, name: str, fact: Fact, verdict: Verdict) -> Fact:
    return HIDDEN.value if is_head_count(name, fact) and verdict.hides(told(notice, name)) else fact


def _level(row: OutcomeLevel, outcomes: Outcomes) -> OutcomeLevel:
    openness, unit = outcomes.of(row.outcome), outcomes.units.get(row.outcome, "points")
    control = None if row.control is None else mask_level(row.control, openness, unit)
    return replace(row, control=control, intervention=mask_level(row.intervention, openness, unit))


def _effects(table: EffectTable, outcomes: Outcomes, verdict: Verdict) -> EffectTable:
    rows = tuple(mask_effect(effect, outcomes.of(effect.outcome), verdict) for effect in table.rows)
    return replace(table, rows=rows)


def _baseline(row: BaselineRow, evaluation: Evaluation, verdict: Verdict) -> BaselineRow:
    openness = max(
        openness_of_level(level, arm, category(evaluation, row, arm), row.unit, verdict)
        for arm, level in ((CONTROL, row.control), (INTERVENTION, row.intervention))
    )
    difference = {
        Openness.OPEN: row.std_difference,
        Openness.ROUNDED: round(row.std_difference, 2),
        Openness.HIDDEN: math.nan,
    }[openness]
    return replace(
        row,
        control=mask_level(row.control, openness, row.unit),
        intervention=mask_level(row.intervention, openness, row.unit),
        std_difference=difference,
    )
