"""Several interventions in one evaluation: every contrast in the effects, and the first intervention described."""

from __future__ import annotations

from dataclasses import replace

from ctieval.assignment.balance.describe import describe_baseline
from ctieval.domain.allocation import Allocation
from ctieval.domain.arms import FIRST_PAIR
from ctieval.domain.effect_table import Effect, EffectTable
from ctieval.domain.effects_plan import Headline
from ctieval.domain.evaluation import Evaluation
from ctieval.domain.flow import OtherArm
from ctieval.domain.outcome_table import OutcomeTable
from ctieval.domain.trial import Trial
from ctieval.domain.wording import MissingInput, Notice
from ctieval.effects.average import estimate_effects, withhold_intervals
from ctieval.evaluate.balance import to_baseline
from ctieval.evaluate.benefit_kroner import find_payments
from ctieval.evaluate.data import ReadyTable, TrialData
from ctieval.evaluate.measure import COHORT_CHANGED, Measured, changed_cohort, count_alternatives, measure
from ctieval.outcomes.columns import read_columns
from ctieval.outcomes.track import track


def measure_first(trial: Trial, allocation: Allocation, data: TrialData) -> Measured:
    """Measure the first intervention and the control; the target group and who was drawn are those of everybody.

    The check of the draw is left out: it holds for all arms together, and ``ctieval balance`` makes it. So is the
    account, since what the programme cost is told of all interventions together.

    Args:
        trial: The plan.
        allocation: The arms, three or more.
        data: The ready table, or the registers.
    """
    two = allocation.between(FIRST_PAIR)
    measured = measure(replace(trial, arms=two.arms, baseline=(), economics=None), two, data)
    baseline = describe_baseline(to_baseline(two, data), two, trial.baseline)
    if isinstance(data, ReadyTable):
        return replace(measured, baseline=baseline)
    kept = tuple(notice for notice in measured.warnings if notice.code != COHORT_CHANGED)
    return replace(
        measured,
        baseline=baseline,
        sensitivity=count_alternatives(trial, data, allocation),
        warnings=(*kept, *changed_cohort(trial, allocation, data)),
    )


def add_contrasts(evaluation: Evaluation, trial: Trial, allocation: Allocation, data: TrialData) -> Evaluation:
    """Put the effects of all interventions in the place of those of the first.

    Args:
        evaluation: The evaluation of the first intervention and the control.
        trial: The plan, with all arms.
        allocation: All arms.
        data: The ready table, or the registers.

    Returns:
        The evaluation with a row for each outcome and contrast, and a ``W-SEVERAL-INTERVENTIONS`` notice that says
        which interventions are not described.
    """
    found = estimate_effects(_measure_outcomes(trial, allocation, data), allocation, evaluation.provenance)
    effects = withhold_intervals(found)
    if trial.effects.headline is Headline.ADJUSTED:
        effects = replace(effects, rows=tuple(_adjusted(evaluation.effects, row) for row in effects.rows))
    told = Notice("W-SEVERAL-INTERVENTIONS", "effects", (("others", ", ".join(allocation.arms.others)),))
    own = tuple(notice for notice in evaluation.warnings if notice not in evaluation.effects.warnings)
    others = tuple(
        OtherArm(name, int((allocation.arm == number).sum()))
        for number, name in enumerate(allocation.arms.others, start=FIRST_PAIR.arm + 1)
    )
    return replace(
        evaluation,
        flow=replace(evaluation.flow, other_arms=others),
        effects=effects,
        missing=tuple(_SEVERAL if each.what.startswith("economics") else each for each in evaluation.missing),
        warnings=(told, *own, *effects.warnings),
    )


_SEVERAL = MissingInput("economics.several", "trial.toml")
"""The account that this version does not reckon."""


def _adjusted(led: EffectTable, row: Effect) -> Effect:
    """The adjusted estimate of the same outcome and contrast, where there is one."""
    return next((each for each in led.rows if (each.outcome, each.contrast) == (row.outcome, row.contrast)), row)


def _measure_outcomes(trial: Trial, allocation: Allocation, data: TrialData) -> OutcomeTable:
    """The outcomes of everybody drawn."""
    if isinstance(data, ReadyTable):
        return read_columns(trial.outcomes, allocation, data.frame, data.source.id)
    kroner = find_payments(trial, allocation, data)
    payments = None if kroner is None else kroner.payments
    return track(trial.outcomes, allocation, data.registers, data.codes, data.instruments, payments=payments)
