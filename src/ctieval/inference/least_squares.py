"""Least squares by one pass over the rows for the cross-products, and one to refine; no variance is taken here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

from ctieval.domain.arrays import BoolArray, FloatArray

COLLINEAR = 1e-12
"""A column is explained where those before it leave less than this share of its squared length; cross-products of a
million rows carry about a hundredth of it in rounding."""
ROUNDING = 1e-12
"""A column does not vary where its deviations are smaller than this share of its level."""
NEGLIGIBLE = 1e-12
"""Residuals are not taken anew for a step of refinement that moves them by less than this share of their length."""
ROWS_AT_ONCE = 8_192


@dataclass(frozen=True, slots=True, eq=False)
class LeastSquares:
    """A fitted regression.

    Attributes:
        coef: Coefficients, shape (p,), in the unit of the outcome over that of the column; NaN for a dropped column.
        kept: True for a column that those before it do not explain, shape (p,).
        root: Upper triangle T with :math:`T T' = (X'X)^{-1}` over the kept columns, shape (k, k); ``x @ root`` has
            orthonormal columns.
        residual: Residuals, shape (n,).
    """

    coef: FloatArray
    kept: BoolArray
    root: FloatArray
    residual: FloatArray


def fit_least_squares(x: FloatArray, y: FloatArray) -> LeastSquares:
    r"""Regress an outcome on columns.

    .. math:: \hat\beta = (X'X)^{-1} X'y

    by the Cholesky factor of the cross-products of columns of unit length, and one step of refinement on the
    residuals, which regains the digits that cross-products lose. A column is dropped where the columns before it leave
    less than ``COLLINEAR`` of its squared length unexplained: put first what must stay.

    Args:
        x: Columns, shape (n, p), the constant among them; every cell a number.
        y: Outcome, shape (n,); every cell a number.

    Returns:
        Coefficients and residuals.

    References:
        Golub, G. H. & Van Loan, C. F. (2013). Matrix Computations, 4th ed., 5.3. Johns Hopkins University Press.

    Examples:
        >>> x = np.column_stack([np.ones(4), [0.0, 0, 1, 1], [0.0, 0, 2, 2]])
        >>> fit = fit_least_squares(x, np.array([1.0, 2.0, 3.0, 6.0]))
        >>> fit.coef.round(12), fit.kept
        (array([1.5, 3. , nan]), array([ True,  True, False]))
    """
    gram, product = np.zeros((x.shape[1], x.shape[1])), np.zeros(x.shape[1])
    for part in rows_in_parts(len(x)):
        gram += x[part].T @ x[part]
        product += x[part].T @ y[part]
    kept, root = invert_root(gram)
    columns = x if kept.all() else x[:, kept]
    coef = root @ (root.T @ product[kept])
    residual, left = np.empty(len(y)), np.zeros(len(coef))
    for part in rows_in_parts(len(x)):
        residual[part] = y[part] - columns[part] @ coef
        left += columns[part].T @ residual[part]
    turned = root.T @ left
    step = root @ turned
    placed = np.full(len(kept), np.nan)
    placed[kept] = coef + step
    if turned @ turned > NEGLIGIBLE**2 * (residual @ residual):
        residual -= columns @ step
    return LeastSquares(placed, kept, root, residual)


def independent_columns(gram: FloatArray, level: FloatArray) -> BoolArray:
    """Return which centred columns vary, and are not explained by those before them, shape (p,).

    Args:
        gram: Cross-products of the centred columns, shape (p, p).
        level: Sums of squares of what was taken off in centring, shape (p,), which says how large rounding may be.

    Examples:
        >>> independent_columns(np.array([[2.0, 4.0, 0.0], [4.0, 8.0, 0.0], [0.0, 0.0, 1e-28]]), np.ones(3))
        array([ True, False, False])
    """
    varying = np.diag(gram) > ROUNDING**2 * level
    return varying & invert_root(np.where(np.outer(varying, varying), gram, 0.0))[0]


def sum_columns(x: FloatArray) -> FloatArray:
    """Return the sums of the columns, shape (p,), by a product that is several times faster than their sum."""
    return np.ones(len(x)) @ x


def sum_products(x: FloatArray) -> FloatArray:
    """Return the cross-products of the columns, shape (p, p)."""
    gram = np.zeros((x.shape[1], x.shape[1]))
    for part in rows_in_parts(len(x)):
        gram += x[part].T @ x[part]
    return gram


def rows_in_parts(n: int, size: int = ROWS_AT_ONCE) -> Iterator[slice]:
    """Cut rows into parts, by default such that stay in the cache of a processor."""
    for start in range(0, n, size):
        yield slice(start, min(start + size, n))


def invert_root(gram: FloatArray) -> tuple[BoolArray, FloatArray]:
    """Return which columns are independent, and the upper triangle T with T T' the inverse of their cross-products."""
    length = np.sqrt(np.diag(gram))
    length = np.where(length > 0, length, 1.0)
    kept, factor = _factor(gram / np.outer(length, length))
    return kept, solve_triangular(factor, np.eye(len(factor)), lower=True).T / length[kept][:, None]


def _factor(gram: FloatArray) -> tuple[BoolArray, FloatArray]:
    """Columns kept, and the lower Cholesky factor of their cross-products, taken in the order of the columns."""
    p = len(gram)
    lower, kept = np.zeros((p, p)), np.zeros(p, dtype=np.bool_)
    for column in range(p):
        before = np.flatnonzero(kept)
        if len(before):
            lower[column, before] = solve_triangular(lower[np.ix_(before, before)], gram[before, column], lower=True)
        left = gram[column, column] - lower[column, before] @ lower[column, before]
        kept[column] = left > COLLINEAR
        if kept[column]:
            lower[column, column] = np.sqrt(left)
    return kept, lower[np.ix_(kept, kept)]
