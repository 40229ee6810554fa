"""Hides the associations whose groups are small, or would give a small group away."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from ctieval.domain.association import AssociationRow
from ctieval.domain.evaluation import Evaluation
from ctieval.report.disclosure.counts import HeadCount, Key, Sum, Verdict
from ctieval.report.disclosure.gather import INTERVENTION, events, events_of, persons
from ctieval.report.disclosure.mask import Openness
from ctieval.report.disclosure.results import Outcomes

WITH, WITHOUT = "with", "without"


def gather_association(evaluation: Evaluation) -> Iterator[HeadCount | Sum]:
    """Name the groups of every association, the groups that hold them, and the whole that they add up to."""
    units = {outcome.name: outcome.unit.value for outcome in evaluation.trial.outcomes}
    levels = {row.outcome: row.intervention for row in evaluation.levels}
    drawn = evaluation.flow.allocated[INTERVENTION]
    for row in evaluation.association:
        if row.n_with is None or row.n_without is None:
            continue
        job, score = levels.get(row.grouped_by), levels.get(row.outcome)
        had = None if job is None else events_of(job, units[row.grouped_by])
        none = None if job is None or had is None or job.n is None else job.n - had
        whole = row.n_with + row.n_without
        yield HeadCount(_group(row, WITH), row.n_with, (had,))
        yield HeadCount(_group(row, WITHOUT), row.n_without, (none,))
        yield HeadCount(persons(INTERVENTION, whole), whole, (drawn, None if score is None else score.n))
        yield Sum(persons(INTERVENTION, whole), (_group(row, WITH), _group(row, WITHOUT)))
        if had is not None:
            yield HeadCount(events(row.grouped_by, INTERVENTION), had, (row.n_with,))


def mask_association(evaluation: Evaluation, outcomes: Outcomes, verdict: Verdict) -> tuple[AssociationRow, ...]:
    """Return the associations; one that holds a hidden group, or rests on a hidden outcome, keeps its names alone."""
    return tuple(_row(row, outcomes, verdict) for row in evaluation.association)


def _row(row: AssociationRow, outcomes: Outcomes, verdict: Verdict) -> AssociationRow:
    hidden = any(verdict.hides(_group(row, part)) for part in (WITH, WITHOUT))
    guarded = any(outcomes.of(name).openness is not Openness.OPEN for name in (row.outcome, row.grouped_by))
    if not (hidden or guarded):
        return row
    return replace(
        row,
        n_with=None,
        n_without=None,
        mean_with=math.nan,
        mean_without=math.nan,
        difference=math.nan,
        conf_low=math.nan,
        conf_high=math.nan,
    )


def _group(row: AssociationRow, part: str) -> Key:
    return ("associated", row.outcome, row.grouped_by, part)
