"""Counts of the screening: who is kept out by what, and that the numbers add up."""

from __future__ import annotations

import numpy as np

from ctieval.domain.arrays import BoolArray
from ctieval.domain.cohort import Cohort
from ctieval.domain.criterion import Criterion
from ctieval.domain.flow import ExclusionCount, ScreeningFlow
from ctieval.domain.wording import Phrase


def screening_flow(cohort: Cohort) -> ScreeningFlow:
    r"""Count those kept out, by reason.

    Each criterion gives two reasons, in this order: not met, and not assessable. Everybody kept out has exactly
    one first reason: that of the first criterion that is not met or not assessable. So

    .. math::
        \text{screened} = \text{eligible} + \sum_r \text{first}_r .

    Args:
        cohort: Everybody screened.

    Returns:
        The counts: by first reason, by any reason, and by only reason.
    """
    counts = tuple(
        count
        for column, criterion in enumerate(cohort.criteria)
        for count in (
            _count(cohort, cohort.failed, column, criterion.phrase),
            _count(cohort, cohort.not_assessable, column, not_assessable(criterion)),
        )
    )
    flow = ScreeningFlow(screened=len(cohort.person_id), exclusions=counts, eligible=int(cohort.eligible.sum()))
    if sum(count.first or 0 for count in counts) + int(cohort.eligible.sum()) != len(cohort.person_id):
        msg = "a person has a first reason that is both failed and not assessable, or neither"
        raise AssertionError(msg)
    return flow


def not_assessable(criterion: Criterion) -> Phrase:
    """Return the phrase of a criterion that cannot be assessed.

    Args:
        criterion: The criterion.

    Examples:
        >>> from ctieval.domain.criterion import MinimumAge
        >>> not_assessable(MinimumAge(30))
        Phrase(key='not_assessable.minimum_age', facts=(('years', 30),))
    """
    phrase = criterion.phrase
    return Phrase(f"not_assessable.{phrase.key.removeprefix('criterion.')}", phrase.facts)


def _count(cohort: Cohort, outcome: BoolArray, column: int, reason: Phrase) -> ExclusionCount:
    """Counts of one reason, given by one column of an outcome of the criteria."""
    kept_out = outcome[:, column]
    reasons = (cohort.failed | cohort.not_assessable).sum(axis=1)
    return ExclusionCount(
        reason=reason,
        first=int(np.count_nonzero(kept_out & (cohort.first_reason == column))),
        any=int(np.count_nonzero(kept_out)),
        only=int(np.count_nonzero(kept_out & (reasons == 1))),
    )
