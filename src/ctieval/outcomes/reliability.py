"""How well the items of an instrument measure one thing: alpha and omega; what a score means is decided elsewhere."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from scipy.optimize import least_squares
from scipy.special import fdtri

from ctieval.domain.arrays import FloatArray
from ctieval.domain.instrument_table import Absent, Reliability

_TOLERANCE = 1e-15
"""Loadings are sought until nothing changes in the digits of a float."""

_FEWEST_ITEMS = 2
_FEWEST_ITEMS_OF_A_FACTOR = 3


def estimate_reliability(answers: FloatArray, *, fewest: int, conf_level: float = 0.95) -> Reliability:
    """Estimate alpha with its interval, and omega, from answers that all run the same way.

    Args:
        answers: Answers in points, shape (n, items), reversed items turned; NaN where an item was left open.
        fewest: Fewest persons with every item answered from which anything is estimated.
        conf_level: Level of the interval, in (0, 1).

    Returns:
        Alpha and omega over those who answered every item, each NaN with a reason where it cannot be had.
    """
    complete = answers[~np.isnan(answers).any(axis=1)]
    n, items = complete.shape
    nan = math.nan
    nothing = Reliability(n, nan, nan, nan, conf_level, nan)
    absent = _absent(complete, fewest)
    if absent is not None:
        return replace(nothing, alpha_absent=absent, omega_absent=absent)
    covariance = np.cov(complete, rowvar=False)
    alpha = cronbach_alpha(covariance)
    low, high = feldt_interval(alpha, n, items, conf_level)
    omega = mcdonald_omega(covariance)
    unidentified = Absent.FEW_ITEMS if items < _FEWEST_ITEMS_OF_A_FACTOR else Absent.HEYWOOD
    return replace(
        nothing,
        alpha=alpha,
        alpha_low=low,
        alpha_high=high,
        omega=omega,
        omega_absent=unidentified if math.isnan(omega) else None,
    )


def cronbach_alpha(covariance: FloatArray) -> float:
    r"""Return Cronbach's alpha of a sum of items.

    .. math:: \alpha = \frac{k}{k - 1} \Big(1 - \frac{\sum_i s_{ii}}{\sum_{i,j} s_{ij}}\Big)

    It is the reliability of the sum where all items measure one thing equally well, and below it otherwise.

    Args:
        covariance: Covariance of the items, shape (k, k), k at least 2.

    Returns:
        Alpha, at most 1; below 0 where items run against each other, and NaN where the sum does not vary.

    References:
        Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests. Psychometrika 16(3), 297-334.

    Examples:
        >>> round(cronbach_alpha(np.array([[2.0, 1.0], [1.0, 2.0]])), 4)
        0.6667
    """
    items, total = len(covariance), float(covariance.sum())
    return items / (items - 1) * (1 - float(np.trace(covariance)) / total) if total > 0 else math.nan


def feldt_interval(alpha: float, n: int, items: int, conf_level: float = 0.95) -> tuple[float, float]:
    r"""Return Feldt's interval of alpha.

    .. math:: 1 - (1 - \hat\alpha)\, F_{(1 \pm \gamma)/2;\; n - 1,\; (n - 1)(k - 1)}

    It is exact where persons and items are drawn at random and their errors are normal with one variance; with
    answers in few steps it is an approximation.

    Args:
        alpha: The estimate.
        n: Persons.
        items: Items, k.
        conf_level: Level, in (0, 1).

    References:
        Feldt, L. S., Woodruff, D. J. & Salih, F. A. (1987). Statistical inference for coefficient alpha. Applied
        Psychological Measurement 11(1), 93-103.

    Examples:
        >>> low, high = feldt_interval(0.8, 50, 5)
        >>> round(low, 3), round(high, 3)
        (0.697, 0.876)
    """
    upper, lower = (fdtri(n - 1, (n - 1) * (items - 1), (1 + sign * conf_level) / 2) for sign in (1, -1))
    return float(1 - (1 - alpha) * upper), float(1 - (1 - alpha) * lower)


def mcdonald_omega(covariance: FloatArray) -> float:
    r"""Return McDonald's omega total of a sum of items that one factor explains.

    .. math:: \omega = \frac{(\sum_i \lambda_i)^2}{(\sum_i \lambda_i)^2 + \sum_i (s_{ii} - \lambda_i^2)}

    The loadings :math:`\lambda` are those of the correlations by minimum residuals (``one_factor``), each times the
    standard deviation of its item. Items may measure the one thing unequally well, which alpha takes for error.

    Args:
        covariance: Covariance of the items, shape (k, k), with no variance of 0.

    Returns:
        Omega, from 0 to 1; NaN for fewer than three items, and in a Heywood case.

    References:
        McDonald, R. P. (1999). Test Theory: A Unified Treatment, ch. 6. Erlbaum.

    Examples:
        >>> loadings = np.array([1.0, 2.0, 3.0])
        >>> covariance = np.outer(loadings, loadings) + np.diag([2.0, 5.0, 7.0])
        >>> omega = mcdonald_omega(covariance)
        >>> round(omega, 6) == 36 / (36 + 14)
        True
    """
    if len(covariance) < _FEWEST_ITEMS_OF_A_FACTOR:
        return math.nan
    spread = np.sqrt(np.diag(covariance))
    loadings = spread * one_factor(covariance / np.outer(spread, spread))
    common = loadings.sum() ** 2
    return float(common / (common + (np.diag(covariance) - loadings**2).sum()))


def one_factor(correlation: FloatArray) -> FloatArray:
    r"""Return the loadings of one factor by minimum residuals.

    They make :math:`\sum_{i < j} (r_{ij} - \lambda_i \lambda_j)^2` smallest.

    Args:
        correlation: Correlations of the items, shape (k, k), k at least 3.

    Returns:
        Loadings, shape (k,), their sum not negative; all NaN in a Heywood case, where the loading of an item would
        be 1 or more and leave no variance of its own.

    References:
        Harman, H. H. & Jones, W. H. (1966). Factor analysis by minimizing residuals (minres). Psychometrika 31(3),
        351-368.

    Examples:
        >>> loadings = np.array([0.5, 0.6, 0.8, 0.9])
        >>> one_factor(np.outer(loadings, loadings) + np.diag(1 - loadings**2)).round(6)
        array([0.5, 0.6, 0.8, 0.9])
    """
    first, second = np.triu_indices(len(correlation), k=1)
    pairs = np.arange(len(first))

    def residuals(loadings: FloatArray) -> FloatArray:
        return loadings[first] * loadings[second] - correlation[first, second]

    def slopes(loadings: FloatArray) -> FloatArray:
        slope = np.zeros((len(pairs), len(loadings)))
        slope[pairs, first], slope[pairs, second] = loadings[second], loadings[first]
        return slope

    tolerance = dict.fromkeys(("xtol", "ftol", "gtol"), _TOLERANCE)
    loadings = least_squares(residuals, _start(correlation), slopes, **tolerance).x
    if not (np.abs(loadings) < 1).all():
        return np.full(len(loadings), np.nan)
    return -loadings if loadings.sum() < 0 else loadings


def _start(correlation: FloatArray) -> FloatArray:
    """Loadings on the largest principal component, the usual start."""
    values, vectors = np.linalg.eigh(correlation)
    return vectors[:, -1] * math.sqrt(values[-1])


def _absent(complete: FloatArray, fewest: int) -> Absent | None:
    """Why nothing can be estimated, or None."""
    n, items = complete.shape
    if items < _FEWEST_ITEMS:
        return Absent.FEW_ITEMS
    if n < max(fewest, 2):
        return Absent.FEW_PERSONS
    alike = (complete == complete[0]).all(axis=0)
    return Absent.NO_VARIATION if alike.any() or (complete.sum(axis=1) == complete[0].sum()).all() else None
