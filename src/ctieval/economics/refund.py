"""The refund ladder as a state machine of weeks: how far each person is on it, and the state's share there.

What a week costs, and which register codes are counted, live elsewhere.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ctieval.domain.arrays import BoolArray, FloatArray
from ctieval.rates.rate import Step

WeekCounts: TypeAlias = npt.NDArray[np.int16]

PERSONS_AT_A_TIME = 2048
LONG_AGO = -(1 << 14)


def count_ladder_weeks(
    counted: BoolArray, self_support: BoolArray, *, reset_weeks: int, reset_window: int
) -> WeekCounts:
    """Count each person's weeks on benefit since the ladder last started again.

    A week on benefit moves the person one week up. Self-support is counted from her first week on benefit;
    once it fills ``reset_weeks`` of the latest ``reset_window`` weeks, the count starts again at 0, and
    self-support is counted afresh from her next week on benefit. Any other week (a subsidised job, a week that
    is not observed) moves nothing, but time passes: it pushes old self-support out of the window.

    The law says that the count starts again *when* the self-support is there. Our reading is that this is
    looked at in every week, not first when the person returns.

    Args:
        counted: True in a week on benefit, shape (n, weeks), weeks in order and without a gap.
        self_support: True in a week of self-support, shape (n, weeks); never also counted.
        reset_weeks: Weeks of self-support that start the count again.
        reset_window: Weeks back within which they must lie.

    Returns:
        Weeks on benefit up to and with each week, shape (n, weeks); 0 before the first and after a reset.

    References:
        Act on the municipalities' financing of certain public benefits (consolidated act no. 221 of 2021),
        ss. 5 and 6.

    Examples:
        >>> weeks = np.array([[1, 1, 0, 0, 1]], dtype=bool)
        >>> count_ladder_weeks(weeks, ~weeks, reset_weeks=2, reset_window=3)
        array([[1, 2, 2, 2, 1]], dtype=int16)
    """
    ladder_week = np.empty(counted.shape, dtype=np.int16)
    for start in range(0, len(counted), PERSONS_AT_A_TIME):
        some = slice(start, start + PERSONS_AT_A_TIME)
        ladder_week[some] = _walk(
            np.ascontiguousarray(counted[some].T), np.ascontiguousarray(self_support[some].T), reset_weeks, reset_window
        ).T
    return ladder_week


def _walk(counted: BoolArray, self_support: BoolArray, reset_weeks: int, reset_window: int) -> WeekCounts:
    """Walk some persons through their weeks at once; a row of each array is a week, so that it lies together."""
    n_weeks, n = counted.shape
    ladder_week = np.empty((n_weeks, n), dtype=np.int16)
    count, free_weeks = np.zeros(n, dtype=np.int16), np.zeros(n, dtype=np.int16)
    started, reset_in = np.zeros(n, dtype=np.bool_), np.full(n, LONG_AGO, dtype=np.int16)
    free = self_support.copy()
    for week in range(n_weeks):
        count += counted[week]
        started |= counted[week]
        free[week] &= started
        free_weeks += free[week]
        if week >= reset_window:
            left = week - reset_window
            free_weeks -= free[left] & (reset_in < left)
        ladder_week[week] = count
        reset = free_weeks >= reset_weeks
        if reset.any():
            count[reset], free_weeks[reset], started[reset], reset_in[reset] = 0, 0, False, week
    return ladder_week


def state_shares(ladder_week: npt.NDArray[np.integer], steps: tuple[Step, ...]) -> FloatArray:
    """Share of a krone of benefit that the state bears, by the person's week on the ladder.

    Args:
        ladder_week: Week on the ladder, any shape; a benefit paid in week 0 is on the first step.
        steps: Shares by the first week in which they hold.

    Returns:
        Shares in the shape of ``ladder_week``.

    References:
        Act on the municipalities' financing of certain public benefits (consolidated act no. 221 of 2021), s. 5.

    Examples:
        >>> steps = (Step(1, 0.8), Step(5, 0.4), Step(27, 0.3), Step(53, 0.2))
        >>> state_shares(np.array([4, 5, 52, 53]), steps)
        array([0.8, 0.4, 0.3, 0.2])
    """
    share = np.empty(steps[-1].start + 1)
    for step in steps:
        share[max(step.start, 0) :] = step.amount
    share[: steps[0].start] = steps[0].amount
    return share[np.minimum(ladder_week, steps[-1].start)]
