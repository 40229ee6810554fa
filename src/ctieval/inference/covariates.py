"""Covariates made fit for adjustment: nobody is dropped for a missing covariate, and no column in silence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import BoolArray, FloatArray
from ctieval.inference.estimable import check_finite
from ctieval.inference.least_squares import ROUNDING, sum_columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Covariates:
    """Columns to adjust for.

    Attributes:
        columns: Numbers without gaps, shape (n, columns): the covariates, then an indicator for each that had gaps.
        n_missing: Persons without a value of each covariate as given, shape (given,).
    """

    columns: FloatArray
    n_missing: tuple[int, ...]

    def without(self, kept: BoolArray) -> tuple[int, ...]:
        """Return the numbers of the covariates that are left out when only some columns are kept, shape (columns,)."""
        return tuple(np.flatnonzero(~kept[: len(self.n_missing)]).tolist())

    def centred(self) -> FloatArray:
        """Return the columns less their means; one that does not vary becomes 0, whatever rounding left of it."""
        mean = sum_columns(self.columns) / max(len(self.columns), 1)
        found = self.columns - mean
        found[:, np.abs(found).max(axis=0, initial=0.0) <= ROUNDING * np.abs(mean)] = 0.0
        return found

    def __repr__(self) -> str:
        """Name the size, never a person."""
        n, columns = self.columns.shape
        return f"Covariates({columns} columns of {n} persons)"


def fill_covariates(covariates: FloatArray) -> Covariates:
    """Fill gaps by the mean, and say in a column where they were.

    Covariates are known before the draw, so a gap has the same meaning in both arms: filling it by the mean of all and
    adding an indicator biases nothing, and dropping the person would.

    Args:
        covariates: Covariates, shape (n, k), of everybody analysed, whichever arm; NaN where missing.

    Returns:
        Columns without gaps; the covariates themselves where there are none.

    Raises:
        EstimationError: If a covariate is infinite.

    References:
        Zhao, A. & Ding, P. (2024). To adjust or not to adjust? Estimating the average treatment effect in randomized
        experiments with missing covariates. Journal of the American Statistical Association 119(545), 450-460,
        doi:10.1080/01621459.2022.2123814.

    Examples:
        >>> found = fill_covariates(np.array([[1.0, 5], [3, 5], [np.nan, 5], [5, 5]]))
        >>> found.columns.tolist(), found.n_missing
        ([[1.0, 5.0, 0.0], [3.0, 5.0, 0.0], [3.0, 5.0, 1.0], [5.0, 5.0, 0.0]], (1, 0))
    """
    n, given = covariates.shape
    if np.isfinite(sum_columns(covariates)).all():
        return Covariates(covariates, (0,) * given)
    check_finite(covariates, "a covariate")
    missing = np.isnan(covariates)
    n_missing = missing.sum(axis=0)
    mean = np.where(missing, 0.0, covariates).sum(axis=0) / np.maximum(n - n_missing, 1)
    gappy = (n_missing > 0) & (n_missing < n)
    columns = np.hstack([np.where(missing, mean, covariates), missing[:, gappy].astype(np.float64)])
    return Covariates(columns, tuple(n_missing.tolist()))
