"""Mean costs by month where some are followed for less than the horizon; costs by the day are ``censored_costs``."""

from __future__ import annotations

import numpy as np

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.errors import EstimationError


def weigh_months(cost: FloatArray, followed: IntArray, ended: BoolArray, cell: IntArray) -> FloatArray:
    r"""Weigh each person's observed months up for those who are no longer followed, within arm and block.

    .. math::
        z_i = \sum_{m < H} \frac{1\{C_i > \min(m, T_i)\}}{\hat K_{c(i)}(\min(m, T_i))} \, y_{im}, \qquad
        \hat K_c(m) = \prod_{u \le m} \Bigl(1 - \frac{\text{censored after } u \text{ months in } c}
        {\text{at risk of it in } c}\Bigr)

    The mean of ``z`` in a cell is the partitioned estimate of its mean cost up to the horizon, so that ``z`` is an
    outcome like any other: the design gives its contrast and standard error. Death, emigration and pension end
    follow-up without censoring it; the months after cost what stands in the table, usually nil. The standard error
    takes the weights as known, which is cautious.

    Args:
        cost: Cost in each month since the draw, kroner, shape (n, H); what stands in a month not observed is not read.
        followed: Whole months observed, 0 to H; of those whose follow-up an event ended, the last is that of the event,
            shape (n,).
        ended: True where an event ended follow-up, shape (n,); such a person has at least one month.
        cell: Number of the arm and block, shape (n,).

    Returns:
        Weighted cost of each person, kroner, shape (n,).

    Raises:
        EstimationError: If in a cell nobody is left in a month.

    References:
        Bang, H., & Tsiatis, A. A. (2000). Estimating medical costs with censored data. Biometrika, 87(2), 329-343,
        section 3. doi:10.1093/biomet/87.2.329.

    Examples:
        >>> cost = np.array([[100.0, 100, 100], [200, 200, 200], [300, 300, np.nan], [400, np.nan, np.nan]])
        >>> weighted = weigh_months(cost, np.array([3, 3, 2, 1]), np.zeros(4, dtype=bool), np.zeros(4, dtype=int))
        >>> round(float(weighted.mean()), 6)
        600.0
    """
    n_months = cost.shape[1]
    weight = np.zeros(cost.shape)
    for each in np.unique(cell):
        here = cell == each
        uncensored = share_uncensored(followed[here], ended[here], n_months)
        _check_followed(uncensored)
        weight[here] = _weights(followed[here], ended[here], uncensored)
    return np.sum(np.where(weight > 0, weight * np.where(weight > 0, cost, 0), 0), axis=1)


def share_uncensored(followed: IntArray, ended: BoolArray, n_months: int) -> FloatArray:
    """Kaplan-Meier of the censoring: chance of being followed through each month, were there no events.

    Args:
        followed: Whole months observed, shape (n,).
        ended: True where an event ended follow-up, shape (n,).
        n_months: Months up to the horizon.

    Returns:
        Chances, shape (n_months,); nil from the month in which nobody is left.

    References:
        Kaplan, E. L., & Meier, P. (1958). Nonparametric estimation from incomplete observations. Journal of the
        American Statistical Association, 53(282), 457-481.

    Examples:
        >>> share_uncensored(np.array([3, 3, 2, 1]), np.zeros(4, dtype=bool), 3)
        array([1.  , 0.75, 0.5 ])
    """
    month = np.arange(n_months)[:, None]
    lost = np.sum((followed == month) & ~ended, axis=1)
    at_risk = np.sum((followed > month) | ((followed == month) & ~ended), axis=1)
    share_lost = np.divide(lost, at_risk, out=np.zeros(n_months), where=at_risk > 0)
    return np.cumprod(1 - share_lost, dtype=np.float64)


def mean_by_survival(cost: FloatArray, followed: IntArray, ended: BoolArray) -> float:
    r"""Mean cost up to the horizon as the months' means among those under observation, times the share still there.

    .. math:: \sum_{m < H} \hat S(m) \, \bar y_m

    :math:`\hat S(m)` is the Kaplan-Meier share whose follow-up no event has ended before month ``m``; what comes after
    an event is taken to cost nothing. Without events it is the partitioned estimate of ``weigh_months``.

    Args:
        cost: Cost in each month, kroner, shape (n, H); what stands in a month not observed is not read.
        followed: Whole months observed; of those whose follow-up an event ended, the last is that of the event.
        ended: True where an event ended follow-up, shape (n,).

    Raises:
        EstimationError: If nobody is under observation in a month before everybody's follow-up has ended by an event.

    References:
        Lin, D. Y., Feuer, E. J., Etzioni, R., & Wax, Y. (1997). Estimating medical costs from incomplete follow-up
        data. Biometrics, 53(2), 419-434. doi:10.2307/2533947.

    Examples:
        >>> cost = np.array([[10.0, 10.0], [30.0, 30.0]])
        >>> mean_by_survival(cost, np.array([2, 2]), np.zeros(2, dtype=bool))
        40.0
    """
    month = np.arange(cost.shape[1])
    seen = followed[:, None] > month
    n_seen = np.sum(seen, axis=0)
    died = np.sum((followed[:, None] - 1 == month) & ended[:, None], axis=0)
    leaving = np.divide(died, n_seen, out=np.zeros(len(month)), where=n_seen > 0)
    still_there = np.concatenate([np.ones(1), np.cumprod(1 - leaving)[:-1]])
    _check_followed(np.where(still_there > 0, n_seen, 1))
    means = np.sum(np.where(seen, cost, 0), axis=0) / np.maximum(n_seen, 1)
    return float(np.sum(still_there * means))


def _weights(followed: IntArray, ended: BoolArray, uncensored: FloatArray) -> FloatArray:
    """Weight of each person in each month: nil where not observed, and after an event that of its month."""
    month = np.arange(len(uncensored))
    last = np.where(ended, followed - 1, len(uncensored) - 1)[:, None]
    observed = (month < followed[:, None]) | ended[:, None]
    return np.where(observed, 1 / uncensored[np.minimum(month, last)], 0.0)


def _check_followed(left: FloatArray | IntArray) -> None:
    if not np.all(left > 0):
        raise EstimationError(
            what="the cost up to the horizon cannot be estimated",
            where=f"month {int(np.argmax(left <= 0)) + 1} after the draw",
            found="nobody who is still followed in an arm of the trial, or of a block",
            expected="somebody followed to the horizon in each arm, of each block where there are blocks",
            do="shorten the horizon, or merge small blocks",
        )
