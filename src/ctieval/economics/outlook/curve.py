"""Cumulative net benefit with an interval for every month and a band for all of them; the draws come from elsewhere."""

from __future__ import annotations

import numpy as np

from ctieval.domain.arrays import FloatArray
from ctieval.domain.outlook import Curve, CurveBand, MonthsAhead, Trough
from ctieval.inference.by_design import DesignEstimate


def describe_curve(found: DesignEstimate, months: slice, draws: FloatArray | None) -> Curve:
    """Describe the curve of one account.

    Args:
        found: Estimates of which some are the cumulative net benefit by month.
        months: Their places.
        draws: The same of every resample, shape (replicates, months); None where there are none.

    Returns:
        The curve; a month in which nobody differs has an interval of one point.
    """
    estimate, std_error = found.estimate[months], found.std_error[months]
    low, high = _ends(found, months)
    return Curve(
        estimate=tuple(estimate.tolist()),
        conf_low=tuple(low.tolist()),
        conf_high=tuple(high.tolist()),
        band=None if draws is None else _band(estimate, std_error, draws, found.conf_level, high - estimate),
        trough=find_trough(estimate),
    )


def describe_months_ahead(found: DesignEstimate, months: slice) -> MonthsAhead:
    """Describe the curve of one account carried on after the horizon.

    Args:
        found: Estimates of which some are the cumulative net benefit by month after the horizon.
        months: Their places.
    """
    low, high = _ends(found, months)
    return MonthsAhead(tuple(found.estimate[months].tolist()), tuple(low.tolist()), tuple(high.tolist()))


def find_trough(curve: FloatArray) -> Trough:
    """Find the lowest point of a curve, the first of several.

    Examples:
        >>> find_trough(np.array([-3.0, -5.0, -1.0, 2.0]))
        Trough(month=1, kroner=-5.0)
    """
    month = int(np.argmin(curve))
    return Trough(month, float(curve[month]))


def simultaneous_factor(
    draws: FloatArray, estimate: FloatArray, std_error: FloatArray, *, conf_level: float = 0.95
) -> float:
    r"""Standard errors that hold a whole curve at once, by the largest deviation over its months (sup-t).

    .. math:: c = q_{\gamma} \Big( \max_m \frac{|S^*_m - S_m|}{\mathrm{se}_m} \Big)

    Args:
        draws: Resampled curves, shape (replicates, months).
        estimate: The curve, shape (months,).
        std_error: Its standard errors, shape (months,); a month with 0 has no part.
        conf_level: Level of the band, in (0, 1).

    Returns:
        The factor; 0 where no month varies.

    References:
        Montiel Olea, J. L. & Plagborg-Møller, M. (2019). Simultaneous confidence bands: theory, implementation, and an
        application to SVARs. Journal of Applied Econometrics 34(1), 1-17, doi:10.1002/jae.2656.

    Examples:
        >>> draws = np.array([[1.0, 0.0], [0.0, 4.0], [-2.0, 0.0]])
        >>> simultaneous_factor(draws, np.zeros(2), np.array([1.0, 2.0]), conf_level=0.5)
        2.0
    """
    varies = std_error > 0
    if not varies.any():
        return 0.0
    away = np.abs(draws[:, varies] - estimate[varies]) / std_error[varies]
    return float(np.quantile(away.max(axis=1), conf_level))


def _ends(found: DesignEstimate, months: slice) -> tuple[FloatArray, FloatArray]:
    """Ends of the intervals, a point where nobody differs."""
    varies, estimate = found.std_error[months] > 0, found.estimate[months]
    return np.where(varies, found.conf_low[months], estimate), np.where(varies, found.conf_high[months], estimate)


def _band(
    estimate: FloatArray, std_error: FloatArray, draws: FloatArray, conf_level: float, pointwise: FloatArray
) -> CurveBand:
    """The band; in few persons Student's interval of a month may be the wider of the two, and the band holds it."""
    factor = simultaneous_factor(draws, estimate, std_error, conf_level=conf_level)
    half = np.maximum(factor * std_error, pointwise)
    return CurveBand(tuple((estimate - half).tolist()), tuple((estimate + half).tolist()), factor)
