"""What knowing more would be worth before deciding; what the trial itself found lives elsewhere."""

from __future__ import annotations

import math

import numpy as np
from scipy.interpolate import BSpline
from scipy.special import ndtr

from ctieval.domain.arrays import FloatArray
from ctieval.economics.discount import discount_factors
from ctieval.rates.rate import Step

_CUBIC = 3
_PIECES = 8
"""Inner knots of a spline; fewer where a column has few distinct values."""


def perfect_information(net_benefit: FloatArray) -> float:
    r"""Expected value of perfect information about a choice between the programme and none.

    .. math:: \mathrm{EVPI} = E[\max(0, B)] - \max(0, E[B])

    Args:
        net_benefit: Draws of the net benefit of one payer, shape (R,).

    Returns:
        Kroner per person decided for; never below nil.

    References:
        Claxton, K. (1999). The irrelevance of inference: a decision-making approach to the stochastic evaluation of
        health care technologies. Journal of Health Economics, 18(3), 341-364. doi:10.1016/S0167-6296(98)00039-3.

    Examples:
        >>> perfect_information(np.repeat([10_000.0, -5000.0], [6, 4]))
        2000.0
    """
    return max(0.0, float(np.mean(np.maximum(net_benefit, 0))) - max(0.0, float(np.mean(net_benefit))))


def normal_information(mean: float, std_deviation: float) -> float:
    r"""Expected value of perfect information about a normal net benefit.

    .. math:: \mathrm{EVPI} = \sigma \{\varphi(z) - z [1 - \Phi(z)]\}, \qquad z = |\mu| / \sigma

    With the standard deviation of what one parameter alone moves, it is the value of knowing that parameter.

    Args:
        mean: Expected net benefit, kroner per person.
        std_deviation: Its standard deviation; nothing is to be known where it is nil.

    References:
        Raiffa, H., & Schlaifer, R. (1961). Applied statistical decision theory, ch. 5. Harvard University.

    Examples:
        >>> round(normal_information(4400, 2416.6092), 2)
        32.74
    """
    if std_deviation == 0:
        return 0.0
    z = abs(mean) / std_deviation
    density = math.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return std_deviation * (density - z * float(ndtr(-z)))


def sample_information(mean: float, std_deviation: float, sampling_error: float) -> float:
    r"""Expected value of a further trial, the net benefit being normal now and in it.

    .. math:: \mathrm{EVSI} = \mathrm{EVPI}(\mu, \sigma_{\text{pre}}), \qquad
        \sigma_{\text{pre}}^2 = \frac{\sigma^4}{\sigma^2 + s^2}

    Args:
        mean: Expected net benefit now, kroner per person.
        std_deviation: Its standard deviation now, above nil.
        sampling_error: Standard error that the further trial will have.

    References:
        Claxton, K. (1999), section 4.
        Willan, A. R., & Pinto, E. M. (2005). The value of information and optimal clinical trial design. Statistics in
        Medicine, 24(12), 1791-1806. doi:10.1002/sim.2069.

    Examples:
        >>> round(sample_information(4400, 2416.6092, 2416.6092), 2)
        2.71
    """
    return normal_information(mean, std_deviation**2 / math.hypot(std_deviation, sampling_error))


def partial_information(net_benefit: FloatArray, columns: FloatArray) -> float:
    r"""Expected value of perfect information about some inputs, by regression on splines of them.

    .. math:: \mathrm{EVPPI}(x) = E[\max(0, g(x))] - \max(0, E[g(x)]), \qquad g(x) = E[B \mid x]

    The regression is a sum of one cubic spline an input, with knots at its quantiles, so that it misses what two of
    them do together. A regression may exceed what it regresses; the value is never above that of knowing everything.

    Args:
        net_benefit: Draws of the net benefit of one payer, shape (n,).
        columns: The inputs of the same draws, shape (n, k).

    Returns:
        Kroner per person decided for.

    References:
        Strong, M., Oakley, J. E., & Brennan, A. (2014). Estimating multiparameter partial expected value of perfect
        information from a probabilistic sensitivity analysis sample. Medical Decision Making, 34(3), 311-326.
        doi:10.1177/0272989X13505910.

    Examples:
        >>> weeks = np.linspace(-2.0, 4.0, 200)
        >>> round(partial_information(1000 * weeks, weeks[:, None]), 6) == round(perfect_information(1000 * weeks), 6)
        True
    """
    basis = np.hstack([_basis(column) for column in columns.T])
    fitted = basis @ np.linalg.lstsq(basis, net_benefit)[0]
    return min(perfect_information(fitted), perfect_information(net_benefit))


def population_value(per_person: float, *, persons_per_year: float, years: int, steps: tuple[Step, ...]) -> float:
    r"""Value for all persons decided for, discounted from the start of each year.

    .. math:: V \sum_{t=0}^{T-1} N \, d(t)

    Args:
        per_person: Value per person, kroner.
        persons_per_year: Persons decided for in a year.
        years: Years in which the decision stands.
        steps: Yearly discount rates by the first year in which they hold.

    Examples:
        >>> round(population_value(100.0, persons_per_year=10, years=2, steps=(Step(0, 0.25),)), 6)
        1800.0
    """
    return per_person * persons_per_year * float(discount_factors(np.arange(years, dtype=np.float64), steps).sum())


def _basis(column: FloatArray) -> FloatArray:
    """Cubic B-splines with knots at the quantiles; one column a value where there are too few for that."""
    distinct = np.unique(column)
    if len(distinct) <= _PIECES:
        return (column[:, None] == distinct).astype(np.float64)
    inner = np.quantile(distinct, np.arange(1, _PIECES + 1) / (_PIECES + 1))
    ends = np.repeat(distinct[[0, -1]], _CUBIC + 1)
    knots = np.concatenate([ends[: _CUBIC + 1], inner, ends[_CUBIC + 1 :]])
    return BSpline.design_matrix(column, knots, _CUBIC).toarray()
