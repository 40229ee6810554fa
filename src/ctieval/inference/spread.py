"""Whether the spread within the arms is known well enough for a t interval."""

from __future__ import annotations

import numpy as np

from ctieval.domain.arrays import FloatArray, IntArray

FEWEST_DIFFERING = 5
"""Below this many persons off an arm's most common value, the t interval under-covers: down to 74 % where 10 of 60
are drawn and one in ten has an event. ``tests/simulation/test_coverage_rare.py`` prints the map."""


def count_differing(values: FloatArray, arm: IntArray) -> int:
    r"""Count the persons on whom the spread of an arm rests, in the arm where they are fewest.

    .. math:: \min_a \bigl( n_a - \max_v \#\{i \in a : y_i = v\} \bigr)

    For a yes/no outcome these are the events or the non-events, whichever are fewer; for weeks in a job, those
    who had any, where most had none. With few of them the variance is often estimated far too small.

    Args:
        values: Outcome, shape (n,); NaN where not observed.
        arm: 0 or 1, shape (n,).

    Returns:
        The number of persons; 0 where an arm does not vary, or nobody in it has a value.

    Examples:
        >>> count_differing(np.array([0.0, 0, 1, 0, 1, 1, 0, np.nan]), np.array([0, 0, 0, 0, 1, 1, 1, 1]))
        1
    """
    return min(_differing(values[(arm == each) & ~np.isnan(values)]) for each in (0, 1))


def _differing(values: FloatArray) -> int:
    if len(values) == 0:
        return 0
    return len(values) - int(np.unique(values, return_counts=True)[1].max())
