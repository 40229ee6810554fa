"""When a curve is above zero for good, and how often resamples are; a first crossing is no payback."""

from __future__ import annotations

import numpy as np

from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.domain.outlook import Payback, PaybackShares


def describe_payback(curve: FloatArray, draws: FloatArray | None, *, conf_level: float = 0.95) -> Payback:
    """Describe when one account is paid back.

    Args:
        curve: Cumulative net benefit by month, shape (months,).
        draws: The same of every resample, shape (replicates, months); None where there are none.
        conf_level: Level of the interval of the month.

    Examples:
        >>> describe_payback(np.array([-3.0, -1.0, 1.0, 2.0]), None)
        Payback(month=2, shares=None)
    """
    months = len(curve)
    point = int(payback_months(curve[None])[0])
    shares = None if draws is None else _share(payback_months(draws), months, conf_level)
    return Payback(point if point < months else None, shares)


def payback_months(curves: FloatArray) -> IntArray:
    r"""Find the first month from which each curve stays at zero or above.

    .. math:: \min \{ m : S_j \ge 0 \text{ for all } j \in [m, H] \}

    Args:
        curves: Cumulative net benefit by month, shape (curves, months).

    Returns:
        Months from 0, shape (curves,); the number of months where a curve ends below zero.

    Examples:
        >>> payback_months(np.array([[-3.0, -1.0, 1.0, 2.0], [-3.0, 1.0, -1.0, -1.0]]))
        array([2, 4])
    """
    below = curves < 0
    months = curves.shape[1]
    after_last = months - np.argmax(below[:, ::-1], axis=1)
    return np.where(below.any(axis=1), after_last, 0)


def _share(found: IntArray, months: int, conf_level: float) -> PaybackShares:
    within = np.cumsum(np.bincount(found, minlength=months + 1)[:months]) / len(found)
    return PaybackShares(
        within=tuple(within.tolist()),
        never=float((found == months).mean()),
        low=_first_reaching(within, (1 - conf_level) / 2),
        high=_first_reaching(within, (1 + conf_level) / 2),
    )


def _first_reaching(within: FloatArray, share: float) -> int | None:
    reached = within >= share
    return int(np.argmax(reached)) if reached.any() else None
