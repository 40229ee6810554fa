"""Mean costs up to a limit from histories of which some are cut short; costs by month are ``censored_months``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.errors import EstimationError


class Ends(StrEnum):
    """Whether a cost that runs from a start to a stop covers the day of the stop."""

    OPEN = "open"
    INCLUSIVE = "inclusive"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CostHistory:
    """Costs of persons, each spread evenly over a period.

    Attributes:
        person: Row of the person in ``duration``, shape (k,).
        start: Start of each cost, shape (k,), in the unit of ``duration``.
        stop: Its end, shape (k,), not before the start.
        cost: Kroner, shape (k,).
        duration: Time from the draw to the event or to the end of follow-up, shape (n,).
        ended: True where an event ended it, False where it was cut short, shape (n,).
    """

    person: IntArray
    start: FloatArray
    stop: FloatArray
    cost: FloatArray
    duration: FloatArray
    ended: BoolArray

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"CostHistory({len(self.cost)} costs of {len(self.duration)} persons)"

    def until(self, limit: float, ends: Ends = Ends.OPEN) -> FloatArray:
        """Add each person's costs up to a time.

        Args:
            limit: The time.
            ends: Whether a stop counts as a whole further unit, when a cost is cut in two.

        Returns:
            Kroner, shape (n,).
        """
        more = 1.0 if ends is Ends.INCLUSIVE else 0.0
        length = self.stop - self.start + more
        begun = (self.start <= limit) & (self.stop > limit)
        share = np.where(begun, np.divide(limit - self.start + more, length, where=begun, out=np.zeros(len(length))), 0)
        counted = np.where(self.stop <= limit, self.cost, share * self.cost)
        return np.bincount(self.person, counted, len(self.duration)).astype(np.float64)


@dataclass(frozen=True, slots=True)
class CensoredMean:
    """Mean cost up to a limit.

    Attributes:
        estimate: Kroner per person.
        std_error: Its standard error.
        n: Persons.
        n_censored: Persons whose follow-up was cut short before the limit.
    """

    estimate: float
    std_error: float
    n: int
    n_censored: int


@dataclass(frozen=True, slots=True, eq=False)
class _Followed:
    """Follow-up to the limit, shape (n,) each.

    ``order`` ranks the ends of follow-up; of two on one day an event comes before a cut, so that ranks are never equal
    for both. ``complete`` are those whose cost up to the limit is known.
    """

    order: IntArray
    time: FloatArray
    complete: BoolArray
    total: FloatArray
    uncensored: FloatArray
    living: FloatArray

    @property
    def weight(self) -> FloatArray:
        """Weight of those who are complete, nil for others."""
        return self.complete / self.uncensored

    @property
    def cut_short(self) -> list[int]:
        """Places of those who are not complete."""
        return [int(place) for place in np.flatnonzero(~self.complete)]

    def shared(self, place: int, one: FloatArray, other: FloatArray) -> float:
        r"""Covariance among those who live on after a person was cut short, by the weights of :math:`\hat G`."""
        later = self.weight * (self.order >= self.order[place]) / (len(self.order) * self.living[place])
        return float(later @ (one * other)) - float(later @ one) * float(later @ other)


def weighted_complete_mean(history: CostHistory, limit: float, *, ends: Ends = Ends.OPEN) -> CensoredMean:
    r"""Mean cost of those whose cost is known, each weighed by the chance of not having been cut short.

    .. math::
        \hat\mu = \frac1n \sum_i \frac{\delta_i M_i}{\hat K(T_i)}, \qquad
        \hat V = \frac1n \Bigl\{ \frac1n \sum_i \frac{\delta_i (M_i - \hat\mu)^2}{\hat K(T_i)}
        + \frac1n \sum_i \frac{1 - \delta_i}{\hat K(C_i)^2} [\hat G(M^2, C_i) - \hat G(M, C_i)^2] \Bigr\}

    :math:`\hat K` is the Kaplan-Meier of the censoring, :math:`\hat S` that of the event, and
    :math:`\hat G(V, u) = \{n \hat S(u)\}^{-1} \sum_i \delta_i V_i 1\{T_i \ge u\} / \hat K(T_i)`. Whoever is followed to
    the limit is complete. Of an event and a cut on the same day the event comes first, so that the weights add up to
    the number of persons.

    Args:
        history: Costs and follow-up.
        limit: Time up to which costs count; at most the longest follow-up.
        ends: Whether a stop counts as a whole further unit, when a cost is cut in two.

    Raises:
        EstimationError: If nobody is followed to the limit.

    References:
        Bang, H., & Tsiatis, A. A. (2000). Estimating medical costs with censored data. Biometrika, 87(2), 329-343.
        doi:10.1093/biomet/87.2.329.
    """
    followed = _follow(history, limit, ends)
    return _summary(followed, *_complete(followed))


def weighted_available_mean(history: CostHistory, limit: float, *, ends: Ends = Ends.OPEN) -> CensoredMean:
    r"""Mean cost that also uses what those who were cut short had cost until then.

    .. math::
        \hat\mu = \hat\mu_{BT} + \frac1n \sum_i \frac{1 - \delta_i}{\hat K(C_i)} [M_i(C_i) - \overline{M}(C_i)]

    :math:`\overline{M}(u)` is the mean cost up to ``u`` of all who are followed that far. The variance adds to that of
    Bang and Tsiatis

    .. math::
        \frac1{n^2} \sum_i \frac{1 - \delta_i}{\hat K(C_i)^2} \bigl\{ \overline{M^2}(C_i) - \overline{M}(C_i)^2
        - 2 [\hat G(M \, M(C_i), C_i) - \hat G(M, C_i) \, \hat G(M(C_i), C_i)] \bigr\}

    Args:
        history: Costs and follow-up.
        limit: Time up to which costs count; at most the longest follow-up.
        ends: Whether a stop counts as a whole further unit, when a cost is cut in two.

    Raises:
        EstimationError: If nobody is followed to the limit.

    References:
        Zhao, H., & Tian, L. (2001). On estimating medical cost and incremental cost-effectiveness ratios with censored
        data. Biometrics, 57(4), 1002-1008. doi:10.1111/j.0006-341X.2001.01002.x.
    """
    followed = _follow(history, limit, ends)
    mean, variance = _complete(followed)
    for place in followed.cut_short:
        weight = 1 / (len(followed.order) * followed.uncensored[place])
        until = history.until(float(followed.time[place]), ends)
        there = until[followed.order >= followed.order[place]]
        shared = followed.shared(place, followed.total - there.mean(), until - there.mean())
        mean += weight * float(until[place] - there.mean())
        variance += weight**2 * float(there.var() - 2 * shared)
    return _summary(followed, mean, variance)


def _follow(history: CostHistory, limit: float, ends: Ends) -> _Followed:
    if limit > history.duration.max():
        raise EstimationError(
            what="the mean cost up to the limit cannot be estimated",
            where="the limit",
            found="nobody who is followed that far",
            expected="somebody followed to the limit",
            do="lower the limit",
        )
    time = np.minimum(history.duration, limit)
    complete = history.ended | (history.duration >= limit)
    order = 2 * np.unique(time, return_inverse=True)[1] + ~complete
    uncensored, living = (product_limit(order, which, order) for which in (~complete, complete))
    return _Followed(order, time, complete, history.until(limit, ends), uncensored, living)


def _complete(followed: _Followed) -> tuple[float, float]:
    """Return estimate and variance of Bang and Tsiatis."""
    n = len(followed.order)
    mean = float(followed.weight @ followed.total) / n
    off = followed.total - mean
    variance = float(followed.weight @ off**2) / n**2
    for place in followed.cut_short:
        variance += followed.shared(place, off, off) / (n * float(followed.uncensored[place])) ** 2
    return mean, variance


def _summary(followed: _Followed, mean: float, variance: float) -> CensoredMean:
    return CensoredMean(mean, max(variance, 0.0) ** 0.5, len(followed.order), len(followed.cut_short))


def product_limit(time: FloatArray | IntArray, happened: BoolArray, at: FloatArray | IntArray) -> FloatArray:
    r"""Kaplan-Meier chance that something has not happened by a time, that time included.

    .. math:: \hat S(t) = \prod_{u \le t} \Bigl(1 - \frac{d_u}{r_u}\Bigr)

    Args:
        time: Time at which it happened, or follow-up ended, shape (n,).
        happened: True where it happened, shape (n,).
        at: Times asked for, shape (q,).

    Returns:
        Chances, shape (q,).

    References:
        Kaplan, E. L., & Meier, P. (1958). Nonparametric estimation from incomplete observations. Journal of the
        American Statistical Association, 53(282), 457-481.

    Examples:
        >>> product_limit(np.array([1.0, 2.0, 3.0]), np.array([True, False, True]), np.array([0.5, 1.0, 2.5]))
        array([1.        , 0.66666667, 0.66666667])
    """
    ordered = np.sort(time)
    moments, n_happened = np.unique(time[happened], return_counts=True)
    at_risk = len(time) - np.searchsorted(ordered, moments, side="left")
    chances = np.concatenate([np.ones(1), np.cumprod(1 - n_happened / at_risk, dtype=np.float64)])
    return chances[np.searchsorted(moments, at, side="right")]
