"""How the scores of the intervention hang together with a job; who chose what, and why, is not known."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray
from ctieval.domain.association import AssociationRow
from ctieval.domain.outcome import InstrumentOutcome, Measure, State, StateOutcome
from ctieval.domain.outcome_table import OutcomeTable
from ctieval.inference.difference import difference_in_means, satterthwaite_df
from ctieval.inference.interval import student_interval

JOBS = (State.ORDINARY_JOB, State.SUPPORTED_JOB)
COUNTED = (Measure.EVER, Measure.WEEKS)
"""Measures of which any at all says that somebody had the job, the plainest first."""
FEWEST = 2


def describe_association(
    table: OutcomeTable, allocation: Allocation, *, conf_level: float = 0.95
) -> tuple[AssociationRow, ...]:
    r"""Compare the scores of those in the intervention who had a job with those who had none.

    .. math:: \bar y_{\text{job}} - \bar y_{\text{none}}, \qquad
              \pm\, t_\nu \sqrt{\frac{s_{\text{job}}^2}{n_{\text{job}}} + \frac{s_{\text{none}}^2}{n_{\text{none}}}}

    with Satterthwaite's degrees of freedom. Nobody drew lots between these two groups: people who thrive may find jobs,
    jobs may help people to thrive, and a third thing may lie behind both. It is an association and never an effect.

    Args:
        table: The outcomes.
        allocation: The allocation.
        conf_level: Level of the interval, in (0, 1).

    Returns:
        One row a questionnaire outcome and kind of job, ordinary before supported; none where a group is empty. The
        interval is NaN below two persons in a group, or where nothing varies.

    References:
        Welch, B. L. (1947). The generalization of 'Student's' problem when several different population variances are
        involved. Biometrika 34(1-2), 28-35, doi:10.1093/biomet/34.1-2.28.
    """
    jobs = tuple(_jobs(table))
    treated = allocation.arm == 1
    rows: list[AssociationRow] = []
    for number, outcome in enumerate(table.outcomes):
        if isinstance(outcome, InstrumentOutcome):
            for job in jobs:
                row = _compare(table, treated.nonzero()[0], (number, job), conf_level)
                rows += [] if row is None else [row]
    return tuple(rows)


def _jobs(table: OutcomeTable) -> Iterator[int]:
    """Yield the outcome that tells of each kind of job: whether there was one, else how many weeks."""
    for state in JOBS:
        found = [
            (COUNTED.index(outcome.measure), number)
            for number, outcome in enumerate(table.outcomes)
            if isinstance(outcome, StateOutcome) and outcome.state is state and outcome.measure in COUNTED
        ]
        if found:
            yield min(found)[1]


def _compare(table: OutcomeTable, rows: np.ndarray, pair: tuple[int, int], conf_level: float) -> AssociationRow | None:
    score, job = (table.values[rows, number] for number in pair)
    both = ~(np.isnan(score) | np.isnan(job))
    score, had = score[both], (job[both] > 0).astype(np.int64)
    n = np.bincount(had, minlength=2)
    if not n.all():
        return None
    outcome, grouped_by = (table.outcomes[number] for number in pair)
    low, high = _interval(score, had, conf_level) if n.min() >= FEWEST else (math.nan, math.nan)
    mean_without, mean_with = (float(score[had == each].mean()) for each in (0, 1))
    return AssociationRow(
        outcome=outcome.name,
        grouped_by=grouped_by.name,
        n_with=int(n[1]),
        n_without=int(n[0]),
        mean_with=mean_with,
        mean_without=mean_without,
        difference=mean_with - mean_without,
        conf_low=low,
        conf_high=high,
        conf_level=conf_level,
        unit=outcome.unit.value,
    )


def _interval(score: FloatArray, had: np.ndarray, conf_level: float) -> tuple[float, float]:
    found = difference_in_means(score, had)
    student = student_interval(
        np.array([found.estimate]),
        np.array([math.sqrt(found.variance)]),
        np.array([satterthwaite_df(found)]),
        conf_level,
    )
    return float(student.conf_low[0]), float(student.conf_high[0])
