"""Effects week by week on a few states, and how far chance alone set the arms apart before the draw."""

from __future__ import annotations

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray
from ctieval.domain.outcome import State
from ctieval.domain.state_paths import PATH_CURVES, Placebo, StateCurve
from ctieval.domain.weekly_states import WeeklyStates
from ctieval.inference.arm_level import average_by_arm
from ctieval.inference.by_design import DesignEstimate, by_design


def estimate_curves(
    weekly: WeeklyStates, allocation: Allocation, *, conf_level: float = 0.95
) -> tuple[StateCurve, ...]:
    """Estimate the effect on the share in a state in each week, as the design implies.

    Each week is an outcome of its own: 1 in the state and 0 out of it. Persons whose state is not known in a
    week are left out of it and counted. The intervals hold one at a time; neighbouring weeks resemble each other.

    Args:
        weekly: States by person and week, in the person order of the allocation.
        allocation: The allocation, with its design.
        conf_level: Level of the intervals, in (0, 1).

    Returns:
        One curve for each of ``PATH_CURVES``.

    Raises:
        EstimationError: If fewer than two persons of an arm of a block are known in a week.

    References:
        As for ``inference.by_design``.
    """
    return tuple(
        _curve(state, weekly.shares_on(number), allocation, conf_level, draw=-weekly.window.start)
        for number, (state, _) in enumerate(PATH_CURVES)
    )


def _curve(state: State, values: FloatArray, allocation: Allocation, conf_level: float, *, draw: int) -> StateCurve:
    found = by_design(values, allocation, conf_level=conf_level)
    control, intervention = average_by_arm(values, allocation).mean.tolist()
    return StateCurve(
        state=state,
        n_control=tuple(found.n_control.tolist()),
        n_treated=tuple(found.n_treated.tolist()),
        control=tuple(control),
        intervention=tuple(intervention),
        estimate=tuple(found.estimate.tolist()),
        conf_low=tuple(found.conf_low.tolist()),
        conf_high=tuple(found.conf_high.tolist()),
        placebo=_placebo(found, draw),
    )


def _placebo(found: DesignEstimate, draw: int) -> Placebo:
    """Count the weeks before the draw; one in which nobody differs from anybody has no interval."""
    low, high = found.conf_low[:draw], found.conf_high[:draw]
    has_interval = ~np.isnan(low)
    outside = has_interval & ((low > 0) | (high < 0))
    return Placebo(int(has_interval.sum()), int(outside.sum()), found.conf_level)
