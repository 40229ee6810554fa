"""Logistic regression as a working model: nothing is concluded from its coefficients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, xlogy

from ctieval.domain.arrays import BoolArray, FloatArray
from ctieval.errors import EstimationError
from ctieval.inference.least_squares import invert_root, sum_products

MOST_STEPS = 50
CONVERGED = 1e-12
CERTAIN = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Logistic:
    """A fitted logistic regression.

    Attributes:
        coef: Coefficients on the scale of log odds, shape (p,); NaN for a dropped column.
        kept: True for a column that those before it do not explain, shape (p,).
        fitted: Fitted probabilities, shape (n,).
    """

    coef: FloatArray
    kept: BoolArray
    fitted: FloatArray

    def predict(self, x: FloatArray) -> FloatArray:
        """Return probabilities for other columns, shape (n,)."""
        return expit(x[:, self.kept] @ self.coef[self.kept])


def fit_logistic(x: FloatArray, y: FloatArray) -> Logistic:
    r"""Fit a logistic regression by Newton's method, halving steps that do not help.

    .. math:: \sum_i x_i \big(y_i - (1 + e^{-x_i' \beta})^{-1}\big) = 0

    Args:
        x: Columns, shape (n, p), the constant among them; put first what must stay.
        y: 0 or 1, shape (n,).

    Returns:
        Coefficients and fitted probabilities.

    Raises:
        EstimationError: If columns foretell the outcome perfectly, so that no coefficients are largest.

    References:
        McCullagh, P. & Nelder, J. A. (1989). Generalized Linear Models, 2nd ed., 2.5. Chapman & Hall.

    Examples:
        >>> x = np.column_stack([np.ones(6), [0.0, 0, 0, 1, 1, 1]])
        >>> fit_logistic(x, np.array([0.0, 0, 1, 0, 1, 1])).fitted.round(6)
        array([0.333333, 0.333333, 0.333333, 0.666667, 0.666667, 0.666667])
    """
    kept, _ = invert_root(sum_products(x))
    columns = x if kept.all() else x[:, kept]
    coef = np.zeros(int(kept.sum()))
    fitted, lack = expit(columns @ coef), np.inf
    for _ in range(MOST_STEPS):
        root = invert_root(sum_products(columns * np.sqrt(fitted * (1 - fitted))[:, None]))[1]
        if len(root) < len(coef):
            raise _separated()
        step = root @ (root.T @ (columns.T @ (y - fitted)))
        coef, fitted, found = _halved(columns, y, coef, step, lack)
        done, lack = abs(lack - found) <= CONVERGED * (abs(found) + CONVERGED), found
        if done:
            break
    else:
        raise _separated()
    if np.minimum(fitted, 1 - fitted).min() < CERTAIN:
        raise _separated()
    placed = np.full(len(kept), np.nan)
    placed[kept] = coef
    return Logistic(placed, kept, fitted)


def _halved(
    x: FloatArray, y: FloatArray, coef: FloatArray, step: FloatArray, lack: float
) -> tuple[FloatArray, FloatArray, float]:
    fitted, found = _lack_of_fit(x, y, coef + step)
    for _ in range(MOST_STEPS):
        if np.isfinite(found) and found <= lack * (1 + CONVERGED):
            break
        step = step / 2
        fitted, found = _lack_of_fit(x, y, coef + step)
    return coef + step, fitted, found


def _lack_of_fit(x: FloatArray, y: FloatArray, coef: FloatArray) -> tuple[FloatArray, float]:
    fitted = expit(x @ coef)
    return fitted, -float((xlogy(y, fitted) + xlogy(1 - y, 1 - fitted)).sum())


def _separated() -> EstimationError:
    return EstimationError(
        what="a logistic working model cannot be fitted",
        where="the outcome and the covariates",
        found="columns that foretell the outcome perfectly for some persons, or an arm without events",
        expected="persons with and without an event at every level of the arm and the covariates",
        do="adjust for fewer covariates, or take a difference in means",
    )
