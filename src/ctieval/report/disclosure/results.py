"""Takes what is hidden out of the results; the worst arm of an outcome decides for all that is said of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ctieval.domain.description import ArmLevel, BaselineRow, ExperiencedRow, OutcomeLevel
from ctieval.domain.effect_table import Effect
from ctieval.domain.evaluation import Evaluation
from ctieval.domain.flow import ParticipantFlow
from ctieval.domain.implementation_table import ImplementationTable
from ctieval.domain.units import Unit
from ctieval.domain.wording import Fact, Notice
from ctieval.inference.adjusted_by_design import ADJUSTED_METHODS
from ctieval.report.cells import HIDDEN as MARK
from ctieval.report.disclosure.counts import Verdict
from ctieval.report.disclosure.gather import (
    CONTROL,
    INTERVENTION,
    arm_of,
    category,
    events,
    is_head_count,
    persons,
    told,
)
from ctieval.report.disclosure.mask import (
    HIDDEN,
    OPEN,
    Discretion,
    Openness,
    discretion_of,
    mask_effect,
    mask_experienced,
    mask_level,
    mask_step,
    openness_of_effect,
    openness_of_experienced,
    openness_of_level,
)
from ctieval.report.disclosure.other_arms import mask_other_arm, openness_of_other_arm

FEW_BLOCKS = 3
"""Over so many blocks, shares, effect and interval together leave one or two candidates for the persons of each block
with the event; over more, they leave many."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How much may be said of each outcome.

    Attributes:
        discretion: By the name of the outcome; the worst of its arms and of its effects decides.
        levels: By the name of the outcome, before anything is hidden.
    """

    discretion: Mapping[str, Discretion]
    levels: Mapping[str, OutcomeLevel]

    def of(self, outcome: str) -> Discretion:
        """Return how much may be said of an outcome."""
        return self.discretion.get(outcome, OPEN)


def judge_outcomes(evaluation: Evaluation, verdict: Verdict) -> Outcomes:
    """Decide how much may be said of each outcome."""
    units = {outcome.name: outcome.unit.value for outcome in evaluation.trial.outcomes}
    levels = {row.outcome: row for row in evaluation.levels}
    worst: dict[str, Openness] = {}
    for effect in evaluation.effects.rows:
        arm, level = arm_of(effect, evaluation), levels.get(effect.outcome)
        openness = openness_of_effect(effect, verdict, arm)
        if arm > INTERVENTION:
            openness = max(openness, openness_of_other_arm(effect, level, verdict))
        worst[effect.outcome] = max(openness, worst.get(effect.outcome, Openness.OPEN))
    for row in evaluation.risks if len(evaluation.flow.blocks) <= FEW_BLOCKS else ():
        if any(verdict.is_small(n) for n in row.cells):
            worst[row.outcome] = max(Openness.ROUNDED, worst.get(row.outcome, Openness.OPEN))
    for name, row in levels.items():
        for arm, level in _arms(row):
            openness = openness_of_level(level, arm, events(name, arm), units.get(name, ""), verdict)
            worst[name] = max(openness, worst.get(name, Openness.OPEN))
    return Outcomes(
        {
            name: _discretion(openness, levels.get(name), units.get(name, ""), verdict)
            for name, openness in worst.items()
        },
        levels,
    )


def mask_outcomes(evaluation: Evaluation, outcomes: Outcomes, verdict: Verdict) -> Evaluation:
    """Return the evaluation with what is hidden taken out of levels, effects and experienced results."""
    effects = tuple(_effect(each, evaluation, outcomes, verdict) for each in evaluation.effects.rows)
    return replace(
        evaluation,
        levels=tuple(_level(row, outcomes.of(row.outcome)) for row in evaluation.levels),
        effects=replace(evaluation.effects, rows=effects),
        experienced=tuple(
            mask_experienced(row, _discretion_of_experienced(row, outcomes, verdict)) for row in evaluation.experienced
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


def mask_notices(notices: tuple[Notice, ...], verdict: Verdict) -> tuple[Notice, ...]:
    """Return notices whose hidden head counts give way to the mark."""
    return tuple(
        replace(notice, facts=tuple((name, _fact(notice, name, fact, verdict)) for name, fact in notice.facts))
        for notice in notices
    )


def _fact(notice: Notice, name: str, fact: Fact, verdict: Verdict) -> Fact:
    return MARK.value if is_head_count(name, fact) and verdict.hides(told(notice, name)) else fact


def _arms(row: OutcomeLevel | BaselineRow) -> tuple[tuple[int, ArmLevel], ...]:
    arms = ((CONTROL, row.control), (row.arm, row.intervention))
    return tuple((arm, level) for arm, level in arms if level is not None)


def _discretion(openness: Openness, row: OutcomeLevel | BaselineRow | None, unit: str, verdict: Verdict) -> Discretion:
    arms = () if row is None else _arms(row)
    if openness is Openness.ROUNDED and not arms:
        return HIDDEN
    fewest = [verdict.fewest(persons(arm, level.n), level.n or 0) for arm, level in arms]
    return discretion_of(openness, [level for _, level in arms], fewest, unit, verdict)


def _level(row: OutcomeLevel, discretion: Discretion) -> OutcomeLevel:
    control = None if row.control is None else mask_level(row.control, discretion)
    return replace(row, control=control, intervention=mask_level(row.intervention, discretion))


def drawn_by_block(flow: ParticipantFlow) -> tuple[tuple[int, int], ...]:
    """Return how many were drawn into control and intervention, by block."""
    blocks = tuple((block.control or 0, block.intervention or 0) for block in flow.blocks)
    control, intervention = flow.allocated
    return blocks or ((control or 0, intervention or 0),)


def _effect(effect: Effect, evaluation: Evaluation, outcomes: Outcomes, verdict: Verdict) -> Effect:
    arm = arm_of(effect, evaluation)
    if arm == INTERVENTION:
        return mask_effect_of_outcome(effect, outcomes, drawn_by_block(evaluation.flow))
    drawn = (evaluation.flow.allocated[CONTROL] or 0, evaluation.flow.other_arms[arm - INTERVENTION - 1].drawn or 0)
    return mask_other_arm(effect, arm, outcomes.of(effect.outcome), outcomes.levels.get(effect.outcome), drawn, verdict)


def mask_effect_of_outcome(effect: Effect, outcomes: Outcomes, blocks: tuple[tuple[int, int], ...]) -> Effect:
    """Return an effect on an outcome with what is hidden taken out; an adjusted one is no difference of the levels."""
    row = outcomes.levels.get(effect.outcome)
    adjusted = effect.method in ADJUSTED_METHODS
    levels = () if row is None or adjusted else [level for _, level in _arms(row)]
    return mask_effect(effect, outcomes.of(effect.outcome), levels, blocks)


def _discretion_of_experienced(row: ExperiencedRow, outcomes: Outcomes, verdict: Verdict) -> Discretion:
    """A change is as coarse as the level after it, over the persons measured both times."""
    openness = max(outcomes.of(row.outcome).openness, openness_of_experienced(row, verdict))
    level = outcomes.levels.get(row.outcome)
    if level is None or openness is not Openness.ROUNDED:
        return HIDDEN if openness is Openness.ROUNDED else Discretion(openness)
    fewest = verdict.fewest(persons(INTERVENTION, row.n), row.n or 0)
    means = (mean for mean in (row.before, row.after) if not math.isnan(mean))
    levels = [replace(level.intervention, mean=mean) for mean in means]
    return discretion_of(openness, levels, (fewest,), row.unit, verdict)


def _baseline(row: BaselineRow, evaluation: Evaluation, verdict: Verdict) -> BaselineRow:
    openness = max(
        openness_of_level(level, arm, category(evaluation, row, arm), row.unit, verdict) for arm, level in _arms(row)
    )
    discretion = _discretion(openness, row, row.unit, verdict)
    control, intervention = mask_level(row.control, discretion), mask_level(row.intervention, discretion)
    return replace(
        row,
        control=control,
        intervention=intervention,
        std_difference=_std_difference(row, control.mean, intervention.mean, discretion),
    )


def _std_difference(row: BaselineRow, control: float, intervention: float, discretion: Discretion) -> float:
    """The standardised difference; of rounded shares, that of what is shown."""
    if discretion.openness is not Openness.ROUNDED:
        return math.nan if discretion.openness is Openness.HIDDEN else row.std_difference
    if row.unit != Unit.SHARE:
        return round(row.std_difference, 2)
    spread = math.sqrt((control * (1 - control) + intervention * (1 - intervention)) / 2)
    return round((intervention - control) / spread, 2) if spread > 0 else math.nan
