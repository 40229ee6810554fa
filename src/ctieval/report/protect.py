"""Disclosure control: once over a whole evaluation, before a chapter or a renderer sees it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace

from ctieval.domain.evaluation import Evaluation, Suppression
from ctieval.report.disclosure.counts import Verdict, judge
from ctieval.report.disclosure.flow import mask_flow
from ctieval.report.disclosure.gather import gather
from ctieval.report.disclosure.results import (
    judge_outcomes,
    mask_baseline,
    mask_economics,
    mask_implementation,
    mask_notices,
    mask_outcomes,
)


def protect(evaluation: Evaluation) -> Evaluation:
    """Hide small head counts, whatever gives them away, and the values that rest on them.

    All head counts of the evaluation are judged together, so that one pattern holds for every table, figure,
    language and format made from the result. A count of 1 to ``trial.report.smallest_cell - 1`` persons is
    hidden, and so is one that leaves so few of its group over: events where the non-events are few, those
    observed where few were lost. More counts are hidden until none of these can be worked out from the sums
    in the report (``disclosure.suppress``). Where persons or events are too few, the means, spreads and
    effects go too; where only their number is hidden, the values are rounded so that they do not tell it.

    Zero is shown: it points to nobody, and it is never used as cover for another count. That all of an arm
    share a trait is shown as well, since the criteria already say such things of everybody.

    What this does not do: two numbers of persons that differ by a few, because one window holds the other,
    are not compared; nor are two reports on overlapping persons made from two evaluations.

    Args:
        evaluation: The evaluation as the engine left it.

    Returns:
        The evaluation fit to publish, with ``suppression`` set; one that already has it comes back unchanged.

    References:
        Hundepool, A. et al. (2012). Statistical Disclosure Control, chs. 4 and 5. Wiley.
    """
    if evaluation.suppression is not None:
        return evaluation
    verdict = judge(gather(evaluation), evaluation.trial.report.smallest_cell)
    masked = _mask(evaluation, verdict)
    values = _count_nan(masked) - _count_nan(evaluation)
    log = Suppression(verdict.smallest_cell, len(verdict.primary), len(verdict.secondary), values)
    return replace(masked, suppression=log)


def _mask(evaluation: Evaluation, verdict: Verdict) -> Evaluation:
    outcomes = judge_outcomes(evaluation, verdict)
    masked = mask_outcomes(evaluation, outcomes, verdict)
    effects = masked.effects
    return replace(
        masked,
        flow=mask_flow(evaluation.flow, verdict),
        baseline=mask_baseline(evaluation, verdict),
        effects=replace(
            effects,
            design=effects.design.partition(";")[0],
            warnings=mask_notices(effects.warnings, verdict),
        ),
        implementation=mask_implementation(evaluation.implementation, verdict),
        economics=mask_economics(evaluation.economics, verdict),
        warnings=mask_notices(evaluation.warnings, verdict),
    )


def _count_nan(value: object) -> int:
    return sum(math.isnan(number) for number in _floats(value))


def _floats(value: object) -> Iterator[float]:
    if isinstance(value, float):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _floats(each)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _floats(getattr(value, field.name))
