"""Two risks from counts: intervals that hold with few events, in one table and over strata."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from scipy.special import chdtrc, ndtri

from ctieval.domain.arrays import FloatArray
from ctieval.errors import EstimationError
from ctieval.inference.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with an interval that no standard error describes.

    Attributes:
        estimate: The estimate.
        conf_low: Lower end.
        conf_high: Upper end.
    """

    estimate: float
    conf_low: float
    conf_high: float


def wilson_interval(events: int, n: int, *, conf_level: float = 0.95) -> Interval:
    r"""Wilson's interval for one risk.

    .. math:: \frac{p + z^2 / 2n \pm z \sqrt{p (1 - p) / n + z^2 / 4 n^2}}{1 + z^2 / n}

    Args:
        events: Persons with the event.
        n: Persons.
        conf_level: Level of the interval, in (0, 1).

    Returns:
        The risk and its interval, within 0 and 1.

    Raises:
        EstimationError: If there are no persons, or more events than persons.

    References:
        Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. Journal of the
        American Statistical Association 22(158), 209-212, doi:10.1080/01621459.1927.10502953.

    Examples:
        >>> found = wilson_interval(0, 12)
        >>> found.conf_low, round(found.conf_high, 6)
        (0.0, 0.242494)
    """
    _check_counts((events,), (n,))
    p, z = events / n, _quantile(conf_level)
    middle, half = p + z**2 / (2 * n), z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    low, high = (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)
    return Interval(p, low if events else 0.0, high if events < n else 1.0)


def newcombe_difference(events: tuple[int, int], n: tuple[int, int], *, conf_level: float = 0.95) -> Interval:
    r"""Newcombe's hybrid score interval for a risk difference, without continuity correction.

    .. math:: \hat\tau - \sqrt{(p_1 - l_1)^2 + (u_0 - p_0)^2}, \qquad \hat\tau + \sqrt{(u_1 - p_1)^2 + (p_0 - l_0)^2}

    with Wilson's limits l and u of each arm.

    Args:
        events: Persons with the event: control, intervention.
        n: Persons: control, intervention.
        conf_level: Level of the interval, in (0, 1).

    Returns:
        The difference, intervention minus control, and its interval, within -1 and 1.

    Raises:
        EstimationError: If an arm has no persons, or more events than persons.

    References:
        Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions: comparison of
        eleven methods. Statistics in Medicine 17(8), 873-890, method 10.

    Examples:
        >>> found = newcombe_difference((48, 56), (80, 70))
        >>> round(found.estimate, 4), round(found.conf_low, 4), round(found.conf_high, 4)
        (0.2, 0.0524, 0.3339)
    """
    _check_counts(events, n)
    control, treated = (wilson_interval(e, size, conf_level=conf_level) for e, size in zip(events, n, strict=True))
    difference = treated.estimate - control.estimate
    below = math.hypot(treated.estimate - treated.conf_low, control.conf_high - control.estimate)
    above = math.hypot(treated.conf_high - treated.estimate, control.estimate - control.conf_low)
    return Interval(difference, max(difference - below, -1.0), min(difference + above, 1.0))


def miettinen_nurminen_difference(events: tuple[int, int], n: tuple[int, int], *, conf_level: float = 0.95) -> Interval:
    r"""Miettinen and Nurminen's score interval for a risk difference.

    .. math:: \{\delta : (\hat\tau - \delta)^2 \le z^2 \tilde V(\delta)\}, \qquad
              \tilde V = \Big(\frac{\tilde p_1 \tilde q_1}{n_1} + \frac{\tilde p_0 \tilde q_0}{n_0}\Big) \frac{n}{n - 1}

    with the likeliest risks :math:`\tilde p` that differ by :math:`\delta`.

    Args:
        events: Persons with the event: control, intervention.
        n: Persons: control, intervention.
        conf_level: Level of the interval, in (0, 1).

    Returns:
        The difference, intervention minus control, and its interval, within -1 and 1.

    Raises:
        EstimationError: If an arm has no persons, or more events than persons.

    References:
        Miettinen, O. & Nurminen, M. (1985). Comparative analysis of two rates. Statistics in Medicine 4(2), 213-226,
        doi:10.1002/sim.4780040211.

    Examples:
        >>> found = miettinen_nurminen_difference((48, 56), (80, 70))
        >>> round(found.conf_low, 4), round(found.conf_high, 4)
        (0.0528, 0.3382)
    """
    _check_counts(events, n)
    difference, z = events[1] / n[1] - events[0] / n[0], _quantile(conf_level)

    def beyond(delta: float) -> float:
        variance = _likeliest_variance(delta, events, n) * sum(n) / (sum(n) - 1)
        return (difference - delta) ** 2 - z**2 * variance

    return Interval(difference, _bisect(beyond, difference, -1.0), _bisect(beyond, difference, 1.0))


def _likeliest_variance(delta: float, events: tuple[int, int], n: tuple[int, int]) -> float:
    """Variance of the difference at the likeliest risks that differ by delta: the root of a cubic, in closed form."""
    (e0, e1), (n0, n1) = events, n
    total = n0 + n1
    b = (n1 + 2 * n0) * delta - total - (e0 + e1)
    c = (n0 * delta - total - 2 * e0) * delta + e0 + e1
    d = e0 * delta * (1 - delta)
    q = (b / (3 * total)) ** 3 - b * c / (6 * total**2) + d / (2 * total)
    p = math.copysign(math.sqrt(max((b / (3 * total)) ** 2 - c / (3 * total), 0.0)), q)
    angle = (math.pi + math.acos(min(max(q / p**3, -1.0), 1.0))) / 3 if p else math.pi / 2
    low = min(max(2 * p * math.cos(angle) - b / (3 * total), 0.0), 1.0)
    high = min(max(low + delta, 0.0), 1.0)
    return low * (1 - low) / n0 + high * (1 - high) / n1


def _bisect(beyond: Callable[[float], float], inside: float, end: float) -> float:
    """The point between one inside an interval and the last possible one where the function turns positive."""
    if beyond(end) <= 0:
        return end
    outside = end
    while True:
        middle = (inside + outside) / 2
        if middle in (inside, outside):
            return outside
        if beyond(middle) > 0:
            outside = middle
        else:
            inside = middle


@dataclass(frozen=True, slots=True)
class MantelHaenszel:
    """A comparison of two risks over strata.

    Attributes:
        difference: Risk difference, with a normal reference.
        log_odds_ratio: Log of the common odds ratio, with a normal reference.
        chi_square: Cochran-Mantel-Haenszel's statistic without continuity correction, with 1 degree of freedom.
        p_value: Its p-value.
    """

    difference: Estimate
    log_odds_ratio: Estimate
    chi_square: float
    p_value: float


def mantel_haenszel(events: FloatArray, n: FloatArray) -> MantelHaenszel:
    r"""Mantel and Haenszel's risk difference and odds ratio over strata, and their test.

    .. math::
        \hat\tau = \frac{\sum_k (a_k n_{k0} - c_k n_{k1}) / n_k}{\sum_k n_{k1} n_{k0} / n_k}, \qquad
        \hat\psi = \frac{\sum_k a_k d_k / n_k}{\sum_k b_k c_k / n_k}

    Strata weigh by what they say about a common effect and not by their persons: where effects differ among strata
    this is another estimand than ``blocked_difference`` has.

    Args:
        events: Persons with the event in each stratum, shape (strata, 2): control, intervention.
        n: Persons, shape (strata, 2).

    Returns:
        Difference with Sato's variance, odds ratio with that of Robins, Breslow and Greenland (infinite or zero where a
        sum of the ratio is zero), and the test.

    Raises:
        EstimationError: If no stratum has persons in both arms, or an arm has more events than persons.

    References:
        Mantel, N. & Haenszel, W. (1959). Statistical aspects of the analysis of data from retrospective studies of
        disease. Journal of the National Cancer Institute 22(4), 719-748.
        Sato, T., Greenland, S. & Robins, J. M. (1989). On the variance estimator for the Mantel-Haenszel risk
        difference. Biometrics 45(4), 1323-1324.
        Robins, J., Breslow, N. & Greenland, S. (1986). Estimators of the Mantel-Haenszel variance consistent in both
        sparse data and large-strata limiting models. Biometrics 42(2), 311-323, doi:10.2307/2531052.

    Examples:
        >>> import numpy as np
        >>> found = mantel_haenszel(np.array([[4.0, 9], [2, 6]]), np.array([[20.0, 20], [10, 12]]))
        >>> round(found.difference.estimate, 6), round(found.log_odds_ratio.estimate, 6)
        (0.267647, 1.256702)
    """
    _check_counts(tuple(events.ravel().tolist()), tuple(n.ravel().tolist()), empty=True)
    both = (n > 0).all(axis=1)
    if not both.any():
        raise EstimationError(
            what="the effect cannot be estimated over strata",
            where="the strata",
            found="no stratum with persons in both arms",
            expected="at least one stratum with persons in both arms",
            do="merge strata that resemble each other",
        )
    (c, a), (n0, n1) = events[both].T, n[both].T
    b, d, total = n1 - a, n0 - c, n0 + n1
    weight = n1 * n0 / total
    risk = float(((a * n0 - c * n1) / total).sum() / weight.sum())
    p = (n1**2 * c - n0**2 * a + n1 * n0 * (n0 - n1) / 2) / total**2
    q = (a * (n0 - c) + c * (n1 - a)) / (2 * total)
    variance = float((risk * p.sum() + q.sum()) / weight.sum() ** 2)
    statistic, p_value = _test(a, n1, n0, a + c, total)
    return MantelHaenszel(Estimate(risk, variance, math.inf), _log_odds(a, b, c, d, total), statistic, p_value)


def _log_odds(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray, total: FloatArray) -> Estimate:
    r, s = a * d / total, b * c / total
    up, down = float(r.sum()), float(s.sum())
    if up == 0 or down == 0:
        return Estimate(math.nan if up == down else math.copysign(math.inf, up - down), math.inf, math.inf)
    alike, unlike = (a + d) / total, (b + c) / total
    variance = (
        (alike * r).sum() / (2 * up**2)
        + (alike * s + unlike * r).sum() / (2 * up * down)
        + (unlike * s).sum() / (2 * down**2)
    )
    return Estimate(math.log(up / down), float(variance), math.inf)


def _test(a: FloatArray, n1: FloatArray, n0: FloatArray, events: FloatArray, total: FloatArray) -> tuple[float, float]:
    spread = float((n1 * n0 * events * (total - events) / (total**2 * (total - 1))).sum())
    if spread == 0:
        return math.nan, math.nan
    statistic = float((a - n1 * events / total).sum()) ** 2 / spread
    return statistic, float(chdtrc(1, statistic))


def _quantile(conf_level: float) -> float:
    return float(ndtri((1 + conf_level) / 2))


def _check_counts(events: tuple[float, ...], n: tuple[float, ...], *, empty: bool = False) -> None:
    wrong = sum(e < 0 or e > size or (size == 0 and not empty) for e, size in zip(events, n, strict=True))
    if wrong:
        raise EstimationError(
            what="risks cannot be compared",
            where="the counts",
            found=f"{wrong} arms without persons, or with more events than persons",
            expected="persons in each arm, and at most as many events",
            do="correct the counts, or leave out the arm that has nobody",
        )
