"""Two-stage least squares, where covariates enter both stages."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.errors import EstimationError
from ctieval.inference.estimate import Estimate
from ctieval.inference.least_squares import fit_least_squares
from ctieval.inference.robust_variance import (
    ClusterCorrection,
    PersonCorrection,
    variance_of_contrast,
    variance_of_contrast_by_cluster,
)


def two_stage_least_squares(
    values: FloatArray,
    take_up: FloatArray,
    drawn: FloatArray,
    columns: FloatArray,
    *,
    cluster: IntArray | None = None,
    correction: PersonCorrection | ClusterCorrection = PersonCorrection.HC2,
) -> Estimate:
    r"""Effect of taking part, with the draw as the instrument.

    .. math:: \hat\beta = (\hat X' \hat X)^{-1} \hat X' y, \qquad \hat X = Z (Z'Z)^{-1} Z' X

    with the residuals of the second stage taken at X, and leverage at the fitted columns.

    Args:
        values: Outcome, shape (n,), any unit; every cell a number.
        take_up: Whether or how much each took part, shape (n,).
        drawn: The draw, shape (n,).
        columns: Covariates of both stages, shape (n, k), without a constant.
        cluster: Number of each person's cluster from 0, shape (n,); None where persons were drawn.
        correction: Correction for leverage, of clusters where there are clusters.

    Returns:
        The effect of take-up, with Bell-McCaffrey's degrees of freedom.

    Raises:
        EstimationError: If the covariates explain the draw, or the draw does not move take-up.

    References:
        Wooldridge, J. M. (2010). Econometric Analysis of Cross Section and Panel Data, 2nd ed., ch. 5. MIT Press.

    Examples:
        >>> y, drawn = np.array([1.0, 2, 3, 5, 4, 7, 8, 9]), np.array([0.0, 0, 0, 0, 1, 1, 1, 1])
        >>> took_part = np.array([0.0, 0, 0, 0, 0, 1, 1, 1])
        >>> round(two_stage_least_squares(y, took_part, drawn, np.empty((8, 0))).estimate, 12)
        5.666666666667
    """
    constant = np.column_stack([np.ones(len(values)), columns])
    first = fit_least_squares(np.column_stack([constant, drawn]), take_up)
    kept = np.append(first.kept[:-1], True)
    fitted = np.column_stack([constant, take_up - first.residual])[:, kept]
    second = fit_least_squares(fitted, values)
    if not (first.kept[-1] and second.kept[-1]):
        raise EstimationError(
            what="the effect of taking part cannot be estimated",
            where="the first stage",
            found="a draw that does not move take-up, or that the covariates explain",
            expected="a difference in take-up between the arms at given covariates",
            do="report the effect of being drawn",
        )
    actual = np.column_stack([constant, take_up])[:, kept]
    at_actual = replace(second, residual=values - actual @ second.coef)
    contrast = np.append(np.zeros(fitted.shape[1] - 1), 1.0)
    if isinstance(correction, ClusterCorrection):
        number = np.arange(len(values)) if cluster is None else cluster
        found = variance_of_contrast_by_cluster(fitted, at_actual, contrast, number, kind=correction)
    else:
        found = variance_of_contrast(fitted, at_actual, contrast, kind=correction)
    return Estimate(float(second.coef[-1]), found.variance, found.df)
