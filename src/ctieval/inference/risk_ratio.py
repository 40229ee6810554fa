"""One share over another, in one table and over strata."""

from __future__ import annotations

import math

from ctieval.domain.arrays import FloatArray
from ctieval.errors import EstimationError
from ctieval.inference.estimate import Estimate


def log_risk_ratio(events: FloatArray, n: FloatArray) -> Estimate:
    r"""Logarithm of Mantel and Haenszel's risk ratio over strata; in one stratum, of the ratio of the two shares.

    .. math::
        \hat\rho = \frac{\sum_k a_k n_{k0} / n_k}{\sum_k c_k n_{k1} / n_k} = \frac RS, \qquad
        \widehat V(\log \hat\rho) = \frac{\sum_k (n_{k1} n_{k0} t_k - a_k c_k n_k) / n_k^2}{R S}

    with events a of the intervention and c of the control, and t = a + c. In one stratum the variance is
    :math:`1/a - 1/n_1 + 1/c - 1/n_0`.

    Args:
        events: Persons with the event in each stratum, shape (strata, 2): control, intervention.
        n: Persons, shape (strata, 2).

    Returns:
        The logarithm, with a normal reference; infinite, with an infinite variance, where one arm has no event, and NaN
        where neither has.

    Raises:
        EstimationError: If no stratum has persons in both arms.

    References:
        Greenland, S. & Robins, J. M. (1985). Estimation of a common effect parameter from sparse follow-up data.
        Biometrics 41(1), 55-68, doi:10.2307/2530643.

    Examples:
        >>> import numpy as np
        >>> found = log_risk_ratio(np.array([[10.0, 20.0]]), np.array([[100.0, 100.0]]))
        >>> round(math.exp(found.estimate), 12), round(found.variance, 12)
        (2.0, 0.13)
    """
    both = (n > 0).all(axis=1)
    if not both.any():
        raise EstimationError(
            what="the shares cannot be compared over strata",
            where="the strata",
            found="no stratum with persons in both arms",
            expected="at least one stratum with persons in both arms",
            do="merge strata that resemble each other",
        )
    (c, a), (n0, n1) = events[both].T, n[both].T
    total = n0 + n1
    up, down = float((a * n0 / total).sum()), float((c * n1 / total).sum())
    if up == 0 or down == 0:
        return Estimate(math.nan if up == down else math.copysign(math.inf, up - down), math.inf, math.inf)
    spread = float(((n1 * n0 * (a + c) - a * c * total) / total**2).sum())
    return Estimate(math.log(up / down), spread / (up * down), math.inf)
