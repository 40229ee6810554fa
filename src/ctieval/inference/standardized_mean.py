"""Effects in standard deviations, and indices of several outcomes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.errors import EstimationError
from ctieval.inference.cells import Cells, count_cells
from ctieval.inference.estimable import check_both_arms, check_finite
from ctieval.inference.estimate import Estimate


def hedges_g(values: FloatArray, arm: IntArray) -> Estimate:
    r"""Difference in means in pooled standard deviations, corrected for small samples.

    .. math::
        g = J(m) \frac{\bar y_1 - \bar y_0}{s}, \quad J(m) = \frac{\Gamma(m / 2)}{\sqrt{m / 2}\, \Gamma((m - 1)/2)},
        \quad m = n_1 + n_0 - 2, \qquad \widehat V = \frac1{n_1} + \frac1{n_0} + \frac{g^2}{2 (n_1 + n_0)}

    Args:
        values: Outcome, shape (n,), any unit; NaN where not observed.
        arm: 0 or 1, shape (n,).

    Returns:
        Standard deviations, with a normal reference.

    Raises:
        EstimationError: If a value is infinite, or fewer than two persons have a value in an arm.
        EstimationError: If the outcome does not vary within the arms.

    References:
        Hedges, L. V. (1981). Distribution theory for Glass's estimator of effect size and related estimators. Journal
        of Educational Statistics 6(2), 107-128, doi:10.2307/1164588.

    Examples:
        >>> round(hedges_g(np.array([1.0, 2, 3, 3, 4, 5]), np.array([0, 0, 0, 1, 1, 1])).estimate, 6)
        1.595769
    """
    cells = _cells(values, arm)
    (n0, n1), m = cells.n[0], float(cells.n.sum() - 2)
    sd = _positive(math.sqrt(float(cells.squares.sum()) / m))
    correction = math.exp(gammaln(m / 2) - gammaln((m - 1) / 2)) / math.sqrt(m / 2)
    g = correction * float(cells.mean[0, 1] - cells.mean[0, 0]) / sd
    return Estimate(g, float(1 / n1 + 1 / n0) + g**2 / (2 * float(n1 + n0)), math.inf)


def glass_delta(values: FloatArray, arm: IntArray) -> Estimate:
    r"""Difference in means in standard deviations of the control, which the intervention cannot have changed.

    .. math:: \Delta = \frac{\bar y_1 - \bar y_0}{s_0}, \qquad
              \widehat V = \frac{s_1^2}{n_1 s_0^2} + \frac1{n_0} + \frac{\Delta^2}{2 (n_0 - 1)}

    Args:
        values: Outcome, shape (n,), any unit; NaN where not observed.
        arm: 0 or 1, shape (n,).

    Returns:
        Standard deviations, with a normal reference.

    Raises:
        EstimationError: If a value is infinite, or fewer than two persons have a value in an arm.
        EstimationError: If the outcome does not vary in the control.

    References:
        Hedges, L. V. & Olkin, I. (1985). Statistical Methods for Meta-Analysis, ch. 5. Academic Press.

    Examples:
        >>> glass_delta(np.array([1.0, 2, 3, 3, 4, 5]), np.array([0, 0, 0, 1, 1, 1])).estimate
        2.0
    """
    cells = _cells(values, arm)
    n0, n1 = cells.n[0]
    spread = cells.squares[0] / (cells.n[0] - 1)
    sd = _positive(math.sqrt(spread[0]))
    delta = float(cells.mean[0, 1] - cells.mean[0, 0]) / sd
    return Estimate(delta, float(spread[1] / (n1 * spread[0]) + 1 / n0 + delta**2 / (2 * (n0 - 1))), math.inf)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Index:
    """One number a person made of several outcomes.

    Attributes:
        value: The index, shape (n,), in standard deviations of the control, whose mean is 0; NaN for a person who has
            none of the outcomes.
        weight: Weight of each outcome, shape (k,); they add up to 1.
    """

    value: FloatArray
    weight: FloatArray

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Index({len(self.value)} persons, weights {self.weight.round(3).tolist()})"


def average_index(outcomes: FloatArray, arm: IntArray, higher_is_better: BoolArray) -> Index:
    r"""Average of the outcomes, each in standard deviations of the control (Kling, Liebman and Katz).

    .. math:: z_{ij} = \pm (y_{ij} - \bar y_{0j}) / s_{0j}, \qquad x_i = \frac1{k_i} \sum_j z_{ij}

    and the index is x, made to have mean 0 and standard deviation 1 in the control. A person's missing outcomes are
    left out of her average.

    Args:
        outcomes: Outcomes, shape (n, k); NaN where not observed.
        arm: 0 or 1, shape (n,).
        higher_is_better: Direction of each outcome, shape (k,).

    Returns:
        The index, higher being better.

    Raises:
        EstimationError: If a value is infinite.
        EstimationError: If an outcome does not vary in the control.

    References:
        Kling, J. R., Liebman, J. B. & Katz, L. F. (2007). Experimental analysis of neighborhood effects. Econometrica
        75(1), 83-119, doi:10.1111/j.1468-0262.2007.00733.x.

    Examples:
        >>> outcomes = np.array([[1.0, 9], [3, 7], [5, 5], [7, 3]])
        >>> average_index(outcomes, np.array([0, 0, 1, 1]), np.array([True, False])).value.round(3).tolist()
        [-0.707, 0.707, 2.121, 3.536]
    """
    k = outcomes.shape[1]
    return _index(_standardise(outcomes, arm, higher_is_better), arm, np.full(k, 1 / k))


def inverse_covariance_index(outcomes: FloatArray, arm: IntArray, higher_is_better: BoolArray) -> Index:
    r"""Average of the outcomes that counts what they have in common once (Anderson).

    .. math:: w = \Sigma^{-1} 1 / (1' \Sigma^{-1} 1)

    with the covariance of the standardised outcomes in the control, from all pairs that were observed. Outcomes that
    say the same share their weight; a weight may be negative, and ``weight`` shows it.

    Args:
        outcomes: Outcomes, shape (n, k); NaN where not observed.
        arm: 0 or 1, shape (n,).
        higher_is_better: Direction of each outcome, shape (k,).

    Returns:
        The index, higher being better.

    Raises:
        EstimationError: If a value is infinite.
        EstimationError: If an outcome does not vary in the control, or others explain it there.

    References:
        Anderson, M. L. (2008). Multiple inference and gender differences in the effects of early intervention. Journal
        of the American Statistical Association 103(484), 1481-1495, doi:10.1198/016214508000000841.

    Examples:
        >>> outcomes = np.array([[1.0, 9], [3, 7], [2, 9], [7, 3], [8, 2]])
        >>> inverse_covariance_index(outcomes, np.array([0, 0, 0, 1, 1]), np.array([True, False])).weight.round(3)
        array([0.5, 0.5])
    """
    z = _standardise(outcomes, arm, higher_is_better)
    control = z[arm == 0]
    known = ~np.isnan(control)
    filled = np.where(known, control, 0.0)
    pairs = np.maximum(known.T.astype(np.float64) @ known - 1, 1)
    covariance = filled.T @ filled / pairs
    if np.linalg.cond(covariance) > 1e10:
        raise _no_index("outcomes that explain one another in the control")
    weight = np.linalg.solve(covariance, np.ones(len(covariance)))
    return _index(z, arm, weight / weight.sum())


def _standardise(outcomes: FloatArray, arm: IntArray, higher_is_better: BoolArray) -> FloatArray:
    check_finite(outcomes)
    control = outcomes[arm == 0]
    n = (~np.isnan(control)).sum(axis=0)
    if len(n) == 0 or n.min() < 2:
        raise _no_index("an outcome that fewer than two persons of the control have")
    mean = np.nanmean(control, axis=0)
    sd = np.nanstd(control, axis=0, ddof=1)
    if (sd <= 1e-12 * np.abs(mean)).any():
        raise _no_index("an outcome that does not vary in the control")
    return np.where(higher_is_better, 1.0, -1.0) * (outcomes - mean) / sd


def _index(z: FloatArray, arm: IntArray, weight: FloatArray) -> Index:
    known = ~np.isnan(z)
    counted = known @ weight
    with np.errstate(invalid="ignore", divide="ignore"):
        raw = np.where(known.any(axis=1), np.where(known, z, 0.0) @ weight / counted, np.nan)
    control = raw[arm == 0]
    return Index((raw - np.nanmean(control)) / np.nanstd(control, ddof=1), weight)


def _cells(values: FloatArray, arm: IntArray) -> Cells:
    check_both_arms(values, arm)
    return count_cells(values, arm, np.zeros_like(arm), 1)


def _positive(sd: float) -> float:
    if sd > 0:
        return sd
    raise EstimationError(
        what="an effect cannot be put in standard deviations",
        where="the outcome",
        found="an outcome that does not vary",
        expected="an outcome that varies within the arms",
        do="report the effect in the unit of the outcome",
    )


def _no_index(found: str) -> EstimationError:
    return EstimationError(
        what="an index of outcomes cannot be made",
        where="the outcomes",
        found=found,
        expected="outcomes that vary in the control, none of them told by the others",
        do="leave the outcome out of the index, and say so in the plan",
    )
