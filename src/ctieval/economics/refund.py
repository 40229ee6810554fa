"""The refund ladder as a state machine of weeks: how far each person is on it, and the state's share there.

What a week costs, and which register codes are counted, live elsewhere.
"""

from __future__ import annotations

import numpy as np

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.rates.rate import Step


def count_ladder_weeks(counted: BoolArray, self_support: BoolArray, *, reset_weeks: int, reset_window: int) -> IntArray:
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
        array([[1, 2, 2, 2, 1]])
    """
    n, n_weeks = counted.shape
    ladder_week = np.zeros((n, n_weeks), dtype=np.int64)
    free = np.zeros((n, n_weeks), dtype=np.bool_)
    count, free_weeks = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    started = np.zeros(n, dtype=np.bool_)
    for week in range(n_weeks):
        count += counted[:, week]
        started |= counted[:, week]
        free[:, week] = self_support[:, week] & started
        free_weeks += free[:, week]
        if week >= reset_window:
            free_weeks -= free[:, week - reset_window]
        ladder_week[:, week] = count
        reset = free_weeks >= reset_weeks
        count[reset], free_weeks[reset], started[reset] = 0, 0, False
        free[reset, max(week - reset_window + 1, 0) : week + 1] = False
    return ladder_week


def state_shares(ladder_week: IntArray, steps: tuple[Step, ...]) -> FloatArray:
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
    starts = np.array([step.start for step in steps])
    amounts = np.array([step.amount for step in steps])
    return amounts[np.maximum(np.searchsorted(starts, ladder_week, side="right") - 1, 0)]
