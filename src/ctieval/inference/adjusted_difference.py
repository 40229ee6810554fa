"""The difference in means adjusted for covariates known before the draw, each arm by its own slopes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.errors import EstimationError
from ctieval.inference.covariates import Covariates, fill_covariates
from ctieval.inference.estimable import check_both_arms
from ctieval.inference.estimate import Estimate, satterthwaite
from ctieval.inference.least_squares import independent_columns, invert_root, rows_in_parts, sum_columns
from ctieval.inference.robust_variance import PersonCorrection, correct_leverage
from ctieval.inference.small_blocks import check_cells, pool_blocks

ROWS_OF_CELLS = 16_384


@dataclass(frozen=True, slots=True, eq=False)
class AdjustedEstimate:
    """An effect adjusted for covariates.

    Attributes:
        total: The effect, its variance and degrees of freedom.
        slope: Slopes of the control and the intervention, shape (2, columns), in the unit of the outcome over that of
            the column.
        n: Persons with a value in each block, shape (blocks, 2): control, intervention.
        pooled: True for a block whose variance was taken from the spread of effects, shape (blocks,).
        residual_df: Persons less intercepts and slopes: the degrees of freedom that R's estimatr uses.
        n_missing: Persons without a value of each covariate; their gaps were filled and marked, shape (given,).
        dropped: Numbers of the covariates, from 0, that were left out: they do not vary, or others explain them.
        full_leverage: Persons whom the regression fits whatever their outcome; they tell nothing of the spread.
    """

    total: Estimate
    slope: FloatArray
    n: FloatArray
    pooled: BoolArray
    residual_df: int
    n_missing: tuple[int, ...]
    dropped: tuple[int, ...]
    full_leverage: int


def adjusted_difference(
    values: FloatArray,
    arm: IntArray,
    covariates: FloatArray,
    *,
    block: IntArray | None = None,
    labels: tuple[str, ...] = ("",),
    correction: PersonCorrection = PersonCorrection.HC2,
) -> AdjustedEstimate:
    r"""Lin's adjusted difference in means, within blocks where there are any.

    Estimand: the average effect, each person with a value counting once; adjustment changes the precision and not the
    estimand, and the regression need not be true.

    .. math::
        \hat\tau = \hat\mu_1 - \hat\mu_0, \qquad
        \hat\mu_a = \sum_b w_b \big( \bar y_{ab} - \hat\beta_a' (\bar x_{ab} - \bar x_b) \big)

    with the slopes of each arm common to its blocks, by least squares within cells, a person of a cell weighing
    :math:`w_b^2 / (n_{ab}(n_{ab} - 1))` as she does in the variance. With one pool it is the regression on the arm,
    the covariates centred at the mean of all, and their products. The variance is the sum of the two arms' robust
    variances of :math:`\hat\mu_a`; degrees of freedom are Satterthwaite's from the cells, each by Bell-McCaffrey's
    formula. Without covariates all are those of ``hybrid_difference``, and without blocks Neyman's and Welch's.

    Args:
        values: Outcome, shape (n,), any unit; NaN where not observed.
        arm: 0 or 1, shape (n,).
        covariates: Covariates known before the draw, shape (n, k); NaN where missing.
        block: Number of the block from 0, shape (n,); one pool if None.
        labels: Label of each block.
        correction: Correction for leverage.

    Returns:
        The effect, with what was filled and what was left out.

    Raises:
        EstimationError: If a value or covariate is infinite.
        EstimationError: If fewer than two persons have a value in an arm.
        EstimationError: If nobody has a value in an arm of a block, or exactly one block has an arm of one person.
        EstimationError: If an arm has no more persons than intercepts and slopes.

    References:
        Lin, W. (2013). Agnostic notes on regression adjustments to experimental data: reexamining Freedman's critique.
        Annals of Applied Statistics 7(1), 295-318, doi:10.1214/12-AOAS583.
        Liu, H. & Yang, Y. (2020). Regression-adjusted average treatment effect estimates in stratified randomized
        experiments. Biometrika 107(4), 935-948, doi:10.1093/biomet/asaa038.

    Examples:
        >>> y, arm = np.array([1.0, 2, 3, 5, 4, 7, 8, 8]), np.array([0, 0, 0, 0, 1, 1, 1, 1])
        >>> before = np.array([[1.0], [2], [3], [4], [1], [2], [3], [4]])
        >>> found = adjusted_difference(y, arm, before)
        >>> round(found.total.estimate, 12), found.slope.round(12).tolist()
        (4.0, [[1.3], [1.3]])
    """
    return _adjust(values, arm, covariates, block=block, labels=labels, correction=correction)[2]


def anhecova(
    values: FloatArray, arm: IntArray, covariates: FloatArray, stratum: IntArray, *, n_strata: int
) -> AdjustedEstimate:
    r"""Adjusted difference in means with the strata of the draw among the covariates, for the population drawn from.

    Estimand: the average effect in the population that the persons stand for.

    .. math::
        \widehat V = \widehat V_\text{HC2} + \frac1n (\hat\beta_1 - \hat\beta_0)' S_x (\hat\beta_1 - \hat\beta_0)

    ANHECOVA gives each arm its own slopes and each stratum its own level. The same variance then holds for every draw
    that balances those strata: simple, permuted blocks, biased coin and minimisation; the second term is the chance in
    who became part of the trial. Without covariates and strata it is Neyman's variance.

    Args:
        values: Outcome, shape (n,), any unit; NaN where not observed.
        arm: 0 or 1, shape (n,).
        covariates: Covariates known before the draw, shape (n, k); NaN where missing.
        stratum: Number of the stratum of the draw from 0, shape (n,); for minimisation, of all factors together.
        n_strata: Number of strata.

    Returns:
        The effect, with what was filled and what was left out; numbers in ``dropped`` from k on are strata.

    Raises:
        EstimationError: As ``adjusted_difference`` without blocks.

    References:
        Ye, T., Shao, J., Yi, Y. & Zhao, Q. (2023). Toward better practice of covariate adjustment in analyzing
        randomized clinical trials. Journal of the American Statistical Association 118(544), 2370-2382,
        doi:10.1080/01621459.2022.2049278.

    Examples:
        >>> y, arm = np.array([1.0, 2, 3, 5, 4, 7, 8, 8]), np.array([0, 0, 0, 0, 1, 1, 1, 1])
        >>> found = anhecova(y, arm, np.empty((8, 0)), np.tile([0, 1], 4), n_strata=2)
        >>> round(found.total.estimate, 12)
        4.0
    """
    level = (stratum[:, None] == np.arange(1, n_strata)).astype(np.float64)
    rows, kept, found = _adjust(values, arm, np.hstack([covariates, level]))
    gap = found.slope[1] - found.slope[0]
    n = len(rows.y)
    chosen = float(np.var(rows.x[:, kept] @ gap, ddof=1)) / n
    part = np.array([found.total.variance, chosen])
    df = satterthwaite(part, np.array([found.total.df, n - 1.0]))
    return replace(found, total=Estimate(found.total.estimate, float(part.sum()), df))


def _adjust(
    values: FloatArray,
    arm: IntArray,
    covariates: FloatArray,
    *,
    block: IntArray | None = None,
    labels: tuple[str, ...] = ("",),
    correction: PersonCorrection = PersonCorrection.HC2,
) -> tuple[_Rows, BoolArray, AdjustedEstimate]:
    """The rows, the columns that both arms can tell apart, and the estimate."""
    check_both_arms(values, arm)
    observed = ~np.isnan(values)
    everybody = bool(observed.all())
    cell = arm if block is None else 2 * block + arm
    filled = fill_covariates(covariates if everybody else covariates[observed])
    rows = _Rows.sort(
        values if everybody else values[observed],
        cell if everybody else cell[observed],
        filled.columns,
        len(labels),
    )
    check_cells(rows.n, labels, "person")
    kept, slopes = _common_slopes(rows, filled)
    arms = [_measure_arm(rows, each, kept, slopes[each], correction) for each in (0, 1)]
    return rows, kept, _join(rows, arms, filled, kept, correction)


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Persons sorted by cell, which is one arm of one block; ``gap`` is how far its columns lie from their block's."""

    y: FloatArray
    x: FloatArray
    start: IntArray
    n: FloatArray
    share: FloatArray
    weight: FloatArray
    y_mean: FloatArray
    x_mean: FloatArray
    gap: FloatArray

    @classmethod
    def sort(cls, y: FloatArray, cell: IntArray, columns: FloatArray, blocks: int) -> _Rows:
        order, start = _sort(cell, 2 * blocks)
        y, x = np.take(y, order), np.take(columns, order, axis=0)
        n = np.diff(start)
        share = (n.reshape(-1, 2).sum(axis=1) / len(y)).repeat(2)
        weight = share**2 / np.maximum(n * (n - 1.0), 1.0)
        cells = [slice(low, high) for low, high in pairwise(start.tolist())]
        size = np.maximum(n, 1)
        x_mean = np.array([sum_columns(x[each]) for each in cells]).reshape(2 * blocks, -1) / size[:, None]
        both = n.reshape(-1, 2, 1) / np.maximum(n.reshape(-1, 2).sum(axis=1), 1)[:, None, None]
        return cls(
            y,
            x,
            start,
            n.reshape(-1, 2).astype(np.float64),
            share,
            weight / weight.max(),
            np.array([y[each].sum() for each in cells]) / size,
            x_mean,
            x_mean - (both * x_mean.reshape(blocks, 2, -1)).sum(axis=1).repeat(2, axis=0),
        )

    def parts(self, arm: int) -> list[tuple[int, slice]]:
        """The cells of an arm, cut into parts that stay in the cache of a processor."""
        found: list[tuple[int, slice]] = []
        for cell in range(arm, 2 * len(self.n), 2):
            low = int(self.start[cell])
            found += [
                (cell, slice(low + part.start, low + part.stop))
                for part in rows_in_parts(int(self.start[cell + 1]) - low, ROWS_OF_CELLS)
            ]
        return found


def _sort(cell: IntArray, cells: int) -> tuple[IntArray, IntArray]:
    """The persons of one cell after those of another, and where each cell starts; two cells need no sort."""
    if cells == 2:
        control, intervention = np.flatnonzero(cell == 0), np.flatnonzero(cell == 1)
        return np.concatenate([control, intervention]), np.array([0, len(control), len(cell)])
    narrow = cell.astype(np.uint16) if cells <= 1 << 16 else cell
    order = np.argsort(narrow, kind="stable")
    return order, np.searchsorted(narrow[order], np.arange(cells + 1, dtype=np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class _Slopes:
    """Slopes of one arm by orthonormal columns, and the root T that makes them so: its slopes are T by these."""

    turned: FloatArray
    root: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class _Arm:
    """Adjusted means of one arm by block, with the variance and degrees of freedom of each cell."""

    mean: FloatArray
    slope: FloatArray
    variance: FloatArray
    df: FloatArray
    full: int


def _common_slopes(rows: _Rows, filled: Covariates) -> tuple[BoolArray, tuple[_Slopes, _Slopes]]:
    """Columns that both arms can tell apart, and each arm's slopes of them."""
    products = [_products(rows, arm) for arm in (0, 1)]
    kept = np.ones(filled.columns.shape[1], dtype=np.bool_)
    for arm, (gram, _) in enumerate(products):
        level = (rows.weight[arm::2] * rows.n[:, arm]) @ rows.x_mean[arm::2] ** 2
        kept &= independent_columns(gram, level)
    for arm in (0, 1):
        columns = int(kept.sum())
        spare = int(rows.n[:, arm].sum()) - len(rows.n) - columns
        if columns and spare < 1:
            raise _too_many(arm, int(rows.n[:, arm].sum()), len(rows.n) + columns)
    control, intervention = (_solve(gram, product, kept) for gram, product in products)
    return kept, (control, intervention)


def _products(rows: _Rows, arm: int) -> tuple[FloatArray, FloatArray]:
    k = rows.x.shape[1]
    gram, product = np.zeros((k, k)), np.zeros(k)
    for cell, part in rows.parts(arm):
        x = rows.x[part] - rows.x_mean[cell]
        gram += rows.weight[cell] * (x.T @ x)
        product += rows.weight[cell] * (x.T @ (rows.y[part] - rows.y_mean[cell]))
    return gram, product


def _solve(gram: FloatArray, product: FloatArray, kept: BoolArray) -> _Slopes:
    _, root = invert_root(gram[np.ix_(kept, kept)])
    return _Slopes(root.T @ product[kept], root)


def _measure_arm(rows: _Rows, arm: int, kept: BoolArray, slopes: _Slopes, correction: PersonCorrection) -> _Arm:
    """Adjusted means, and what each person adds to the variance of their weighted sum."""
    cells = np.arange(arm, 2 * len(rows.n), 2)
    turn = np.ascontiguousarray(slopes.root.T)
    pull = turn @ (rows.share[cells] @ rows.gap[cells][:, kept])
    sums, cross = np.zeros((4, len(cells))), np.zeros((len(cells), len(pull), len(pull)))
    lean, over, full = np.zeros((len(cells), len(pull))), np.zeros(len(pull)), 0
    for cell, part in rows.parts(arm):
        block, n, weight = cell // 2, rows.n[cell // 2, arm], rows.weight[cell]
        z = turn @ (rows.x[part] if kept.all() else rows.x[part][:, kept]).T
        z -= turn @ rows.x_mean[cell][kept, None]
        residual = rows.y[part] - rows.y_mean[cell] - slopes.turned @ z
        over += weight * (z @ residual)
        left = 1 - 1 / n - weight * np.einsum("ji,ji->i", z, z)
        told, shrunk = correct_leverage(left, correction)
        full += len(left) - told
        each = (rows.share[cell] / n - weight * (pull @ z)) ** 2 * shrunk
        sums[:, block] += each @ residual**2, each @ left, each**2 @ (2 * left - 1), each.sum() / n
        lean[block] += np.sqrt(weight / n) * (z @ each)
        z *= np.sqrt(weight * each)
        cross[block] += z @ z.T
    variance, trace, squares, level = sums
    squares = squares + (cross**2).sum(axis=(1, 2)) + 2 * (lean**2).sum(axis=1) + level**2
    slope = slopes.root @ (slopes.turned + over)
    return _Arm(
        rows.y_mean[cells] - rows.gap[cells][:, kept] @ slope,
        slope,
        variance,
        np.divide(trace**2, squares, out=np.full(len(cells), np.nan), where=squares > 0),
        full,
    )


def _join(
    rows: _Rows,
    arms: list[_Arm],
    filled: Covariates,
    kept: BoolArray,
    correction: PersonCorrection,
) -> AdjustedEstimate:
    share, effect = rows.share[::2], arms[1].mean - arms[0].mean
    small = (rows.n == 1).any(axis=1)
    columns = int(kept.sum())
    spare = int(rows.n.sum()) - 2 * (len(rows.n) + columns)
    scale = rows.n.sum() / spare if correction is PersonCorrection.HC1 else 1.0
    part = scale * np.concatenate([each.variance[~small] for each in arms])
    df = np.concatenate([each.df[~small] for each in arms])
    if small.any():
        pooled = pool_blocks(effect[small], share[small], (1 / rows.n[small]).sum(axis=1))
        part, df = np.append(part, pooled.variance), np.append(df, pooled.df)
    return AdjustedEstimate(
        Estimate(float(share @ effect), float(part.sum()), satterthwaite(part, df)),
        np.array([each.slope for each in arms]),
        rows.n,
        small,
        spare,
        filled.n_missing,
        filled.without(kept),
        arms[0].full + arms[1].full - int((rows.n == 1).sum()),
    )


def _too_many(arm: int, persons: int, columns: int) -> EstimationError:
    return EstimationError(
        what="there are too many covariates to adjust for",
        where="the intervention" if arm else "the control",
        found=f"{persons} persons with a value, and {columns} intercepts and slopes",
        expected="more persons in each arm than blocks and covariates together",
        do="adjust for the one or two covariates that foretell the outcome best, named in the plan",
    )
