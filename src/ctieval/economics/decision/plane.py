"""Draws of a cost and a gain ordered by their angle; a ratio of the two would jump where the cost passes zero."""

from __future__ import annotations

import math

import numpy as np

from ctieval.domain.arrays import FloatArray


def turn_from(cost: FloatArray, gain: FloatArray, *, centre: tuple[float, float]) -> FloatArray:
    r"""Turn of each point of the plane about the origin, counted from a centre.

    .. math:: \theta_r = \arg\bigl((c_r + i g_r) \, / \, (\hat c + i \hat g)\bigr) \in (-\pi, \pi]

    The circle is cut opposite the centre, so that points to its right (less gained for more) come before it and points
    to its left after it, whichever quadrants they lie in.

    Args:
        cost: Net costs, shape (R,).
        gain: Gains in the same unit, shape (R,).
        centre: Net cost and gain of the estimate.

    Returns:
        Radians, shape (R,).

    Examples:
        >>> turn_from(np.array([1.0, 0.0]), np.array([0.0, 1.0]), centre=(1.0, 0.0)).round(4)
        array([0.    , 1.5708])
    """
    away = np.arctan2(gain, cost) - math.atan2(centre[1], centre[0])
    return math.pi - np.mod(math.pi - away, 2 * math.pi)


def ends_by_turn(
    cost: FloatArray, gain: FloatArray, *, centre: tuple[float, float], conf_level: float
) -> tuple[int, int]:
    """Find the two draws that end the interval: as many are left out before the one as after the other.

    Args:
        cost: Net costs, shape (R,).
        gain: Gains, shape (R,).
        centre: Net cost and gain of the estimate.
        conf_level: Share of the draws within the interval.

    Returns:
        Numbers of the draws at its low and its high end.

    Examples:
        >>> ends_by_turn(np.ones(101), np.arange(101.0), centre=(1.0, 50.0), conf_level=0.9)
        (5, 95)
    """
    order = np.argsort(turn_from(cost, gain, centre=centre), kind="stable")
    left_out = left_out_of(len(order), conf_level)
    return int(order[left_out]), int(order[len(order) - 1 - left_out])


def left_out_of(n_draws: int, conf_level: float) -> int:
    """Count the draws left out on either side of an interval; the ends are draws themselves.

    Examples:
        >>> left_out_of(2000, 0.95)
        50
    """
    return math.floor(n_draws * (1 - conf_level) / 2 + _ROUNDING)


_ROUNDING = 1e-9
