"""Standardised risks by the design: the only way from blocks and clusters to a logistic working model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arms import FIRST_PAIR
from ctieval.domain.arrays import FloatArray
from ctieval.inference.clustered_difference import blocked_clustered_difference
from ctieval.inference.compared import TwoArms, compare, take_pair
from ctieval.inference.estimable import check_both_arms, check_yes_no
from ctieval.inference.estimate import Estimate
from ctieval.inference.small_blocks import BlockWeight, hybrid_difference
from ctieval.inference.standardized_risk import StandardizedRisk, predict_risks, standardize_risk

STANDARDIZED = "standardized_risk_difference_satterthwaite"


@dataclass(frozen=True, slots=True, eq=False)
class StandardizedByDesign:
    """Standardised risks, by the design.

    Attributes:
        risks: The risks of both arms with their covariance.
        method: Key of the estimator.
    """

    risks: StandardizedRisk
    method: str


def standardize_by_design(values: FloatArray, covariates: FloatArray, allocation: Allocation) -> StandardizedByDesign:
    r"""Standardise the risks of two arms to everybody, respecting blocks and clusters of the draw.

    One pool of persons is that of ``standardize_risk``. Else, with the predictions :math:`\hat p_a(x)` of the same
    working model, and with :math:`r_i = y_i - \hat p_{a(i)}(x_i)`,

    .. math::
        \hat p_a = \frac1n \sum_i \hat p_a(x_i) + \sum_b \frac{n_b}{n} \bar r_{ba}

    so that each block is set right by its own persons, whatever its probability and whatever the model misses. Since

    .. math::
        \hat p_1 - \hat p_0 = \sum_b \frac{n_b}{n} (\bar q_{b1} - \bar q_{b0}), \qquad
        q_i = \pm r_i + \frac{n_{b a(i)}}{n_b} \big(\hat p_1(x_i) - \hat p_0(x_i)\big) \text{ with the sign of the arm}

    is a difference in means of influence values, its variance is the one that the blocks or clusters imply
    (``hybrid_difference``, CR2), and counts the chance in who took part. Without covariates it is ``by_design``.

    Args:
        values: 0 or 1, shape (n,), in the person order of the allocation; NaN where not observed.
        covariates: Covariates known before the draw, shape (n, k); NaN where missing.
        allocation: The allocation of two arms, with its design.

    Returns:
        The risks.

    Raises:
        EstimationError: If a value is neither 0 nor 1, or a covariate is infinite.
        EstimationError: If nobody, or no cluster, has a value in an arm of a block, or one block alone a single one.
        EstimationError: If the covariates foretell the outcome perfectly.

    References:
        Ye, T., Bannick, M., Yi, Y. & Shao, J. (2023), as for ``standardize_risk``.
        Guo, K. & Basse, G. (2023). The generalized Oaxaca-Blinder estimator. Journal of the American Statistical
        Association 118(541), 524-536, doi:10.1080/01621459.2021.1941053.
    """
    compared = compare(allocation)
    values, covariates = values[allocation.compared], covariates[allocation.compared]
    check_both_arms(values, compared.arm)
    check_yes_no(values)
    if compared.labels == ("",) and compared.cluster is None:
        return StandardizedByDesign(standardize_risk(values, compared.arm, covariates), STANDARDIZED)
    two = take_pair(values, compared, FIRST_PAIR, BlockWeight.PERSONS, "the outcome")
    prefix = f"{'' if two.labels == ('',) else 'blocked_'}{'' if two.cluster is None else 'clustered_'}"
    return StandardizedByDesign(_standardize(two, covariates[two.rows]), prefix + STANDARDIZED)


def _standardize(two: TwoArms, covariates: FloatArray) -> StandardizedRisk:
    known = ~np.isnan(two.values)
    found = predict_risks(two.values[known], two.arm[known], covariates[known])
    predicted = np.full((len(two.values), 2), np.nan)
    predicted[known] = found.risk
    control, treated, difference = (_contrast(two, predicted, np.array(each)) for each in _WEIGHTS)
    common = (control.variance + treated.variance - difference.variance) / 2
    n = np.bincount(two.arm[known], minlength=2).tolist()
    return StandardizedRisk(
        np.array([control.estimate, treated.estimate]),
        np.array([[control.variance, common], [common, treated.variance]]),
        difference.df,
        (n[0], n[1]),
        found.n_missing,
        found.dropped,
    )


_WEIGHTS = ((1.0, 0.0), (0.0, 1.0), (-1.0, 1.0))
"""Of the risks of control and intervention: either alone, and their difference."""


def _contrast(two: TwoArms, predicted: FloatArray, weight: FloatArray) -> Estimate:
    """A weighted sum of both risks, as a difference in means of influence values."""
    known = ~np.isnan(two.values)
    cells = np.bincount((2 * two.block + two.arm)[known], minlength=2 * len(two.labels)).reshape(-1, 2)
    part = (cells / np.maximum(cells.sum(axis=1, keepdims=True), 1))[two.block, two.arm]
    residual = two.values - predicted[np.arange(len(two.arm)), two.arm]
    influence = weight[two.arm] * residual + part * (predicted @ weight)
    signed = np.where(two.arm == 1, influence, -influence)
    if two.cluster is None:
        return hybrid_difference(signed, two.arm, two.block, two.labels, share=two.share).total
    return blocked_clustered_difference(signed, two.arm, two.block, two.cluster, two.labels, share=two.share).total
