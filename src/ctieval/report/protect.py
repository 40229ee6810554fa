"""Disclosure control: once over a whole evaluation, before a chapter or a renderer sees it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from itertools import chain

from ctieval.domain.evaluation import Evaluation, Suppression
from ctieval.report.cells import HIDDEN
from ctieval.report.disclosure.account import gather_participants, mask_economics
from ctieval.report.disclosure.association import gather_association, mask_association
from ctieval.report.disclosure.balance import mask_balance
from ctieval.report.disclosure.costing import round_costing
from ctieval.report.disclosure.counts import Verdict, judge
from ctieval.report.disclosure.flow import mask_flow
from ctieval.report.disclosure.gather import gather
from ctieval.report.disclosure.instruments import gather_instruments, mask_instruments
from ctieval.report.disclosure.other_estimates import mask_adjusted, mask_risks
from ctieval.report.disclosure.paths import round_paths
from ctieval.report.disclosure.results import (
    judge_outcomes,
    mask_baseline,
    mask_implementation,
    mask_notices,
    mask_outcomes,
)
from ctieval.report.disclosure.sensitivity import round_sensitivity
from ctieval.report.disclosure.take_up import gather_take_up, mask_compliance


def protect(evaluation: Evaluation) -> Evaluation:
    """Hide small head counts, whatever gives them away, and the values that rest on them.

    All head counts of the evaluation are judged together, so that one pattern holds for every table, figure,
    language and format made from the result. A count of 1 to ``trial.report.smallest_cell - 1`` persons is
    hidden, and so is one that leaves so few of a group over: events where the non-events are few, those
    observed where few were lost, those followed to a horizon where a few more were followed to another. More
    counts are hidden until none of these can be worked out from the sums in the report
    (``disclosure.suppress``). Where persons or events are too few, the means, spreads and effects go too; where
    only their number is hidden, the values are so rounded that they do not tell it (``disclosure.grid``).

    Zero is shown: it points to nobody, and it is never used as cover for another count. That all of an arm
    share a trait is shown as well, since the criteria already say such things of everybody.

    Paths week by week are rounded as a whole instead (``disclosure.paths``), since one week would give the next
    away; and so are the target group under other thresholds (``disclosure.sensitivity``) and the costs by ingredients
    (``disclosure.costing``).

    The reader is taken to know this program, the plan and everything that is shown. What it does not do:

    - That a hidden number is small is not hidden. Nor is a person taken to know others who took part, beyond that
      one person is no cover for another.
    - In a complete draw, any small number of persons lost would read the same; in a blocked one, and for other
      values than shares, more than one would, which is tried out and not proven.
    - Numbers of persons followed through the registers are compared with each other, since they are nested.
      Columns of a ready-made table and answers to questionnaires are not: who is missing from two of them is
      not known here. Those with a score in two waves of one questionnaire are compared with those of each wave.
    - With four criteria or more, those who fail certain ones together are protected only where the counts of the
      criteria tell how many they all are; the counts themselves are protected always.
    - Two reports on overlapping persons, made from two evaluations, are not compared.

    Args:
        evaluation: The evaluation as the engine left it.

    Returns:
        The evaluation fit to publish, with ``suppression`` set; one that already has it comes back unchanged.

    References:
        Hundepool, A. et al. (2012). Statistical Disclosure Control, chs. 4 and 5. Wiley.
    """
    if evaluation.suppression is not None:
        return evaluation
    sources = (gather, gather_instruments, gather_take_up, gather_participants, gather_association)
    counts = chain.from_iterable(gather_from(evaluation) for gather_from in sources)
    verdict = judge(counts, evaluation.trial.report.smallest_cell)
    masked = _mask(evaluation, verdict)
    paths = round_paths(evaluation.paths, evaluation.flow, verdict.smallest_cell)
    sensitivity = round_sensitivity(evaluation.sensitivity, evaluation.flow.screening, verdict)
    costing = round_costing(evaluation.costing, masked.flow.allocated, verdict.smallest_cell)
    return replace(
        masked,
        suppression=_log(evaluation, masked, verdict.smallest_cell),
        paths=paths,
        sensitivity=sensitivity,
        costing=costing,
    )


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
        economics=mask_economics(evaluation, outcomes, verdict),
        warnings=mask_notices(evaluation.warnings, verdict),
        instruments=mask_instruments(evaluation, outcomes, verdict),
        balance=mask_balance(evaluation, verdict),
        adjusted=mask_adjusted(evaluation, outcomes),
        association=mask_association(evaluation, outcomes, verdict),
        risks=mask_risks(evaluation, outcomes, verdict),
        compliance=mask_compliance(evaluation, outcomes, verdict),
    )


def _log(evaluation: Evaluation, masked: Evaluation, smallest_cell: int) -> Suppression:
    """Count what was shown and is no longer, as a reader can; the lines of the account share one number of persons."""
    evaluation, masked = _without_prospects(evaluation), _without_prospects(masked)
    before, after = tuple(_leaves(evaluation)), tuple(_leaves(masked))
    values = sum(map(_is_nan, after)) - sum(map(_is_nan, before))
    before, after = (tuple(_leaves(_without_lines(each))) for each in (evaluation, masked))
    return Suppression(smallest_cell, sum(map(_is_mark, after)) - sum(map(_is_mark, before)), values)


def _without_lines(evaluation: Evaluation) -> Evaluation:
    account = evaluation.economics
    if account is None:
        return evaluation
    return replace(evaluation, economics=replace(account, lines=(), results=(), quantities=None))


def _without_prospects(evaluation: Evaluation) -> Evaluation:
    """Leave out what is shown whole or not at all: a gap in it is no number that was hidden."""
    account = evaluation.economics
    bare = None if account is None else replace(account, outlook=None, decision=None)
    return replace(evaluation, economics=bare)


def _is_mark(leaf: object) -> bool:
    return leaf is None or leaf == HIDDEN.value


def _is_nan(leaf: object) -> bool:
    return isinstance(leaf, float) and math.isnan(leaf)


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, tuple):
        for each in value:
            yield from _leaves(each)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _leaves(getattr(value, field.name))
    else:
        yield value
