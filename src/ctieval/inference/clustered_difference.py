"""The difference in means where whole clusters were drawn, plain and within blocks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.errors import EstimationError
from ctieval.inference.cells import Cells, count_cells
from ctieval.inference.estimable import check_finite
from ctieval.inference.estimate import Estimate, quadratic_form_traces, satterthwaite
from ctieval.inference.small_blocks import check_cells, pool_blocks


@dataclass(frozen=True, slots=True, eq=False)
class ClusteredEstimate:
    """An effect where whole clusters were drawn.

    Attributes:
        total: The average effect, its variance and degrees of freedom.
        effect: Effect in each block, shape (blocks,), in the unit of the outcome.
        n: Persons with a value in each block, shape (blocks, 2): control, intervention.
        clusters: Clusters with a value in each block, shape (blocks, 2).
        pooled: True for a block whose variance was taken from the spread of effects, shape (blocks,).
    """

    total: Estimate
    effect: FloatArray
    n: FloatArray
    clusters: FloatArray
    pooled: BoolArray


def clustered_difference(values: FloatArray, arm: IntArray, cluster: IntArray) -> ClusteredEstimate:
    r"""Difference in means of persons whose clusters were drawn, with CR2 and Bell-McCaffrey's degrees of freedom.

    Estimand: the average effect, each person counting once.

    .. math::
        \hat\tau = \bar y_1 - \bar y_0, \qquad
        \widehat V = \sum_g \Big(\frac{n_g}{n_{a(g)}}\Big)^2 \frac{(\bar y_g - \bar y_{a(g)})^2}{1 - n_g / n_{a(g)}}

    It is the CR2 variance of the regression on the arm, to which it is equal to the last digits; with clusters of one
    person it is Neyman's.

    Args:
        values: Outcome, shape (n,), any unit; NaN where not observed.
        arm: 0 or 1, shape (n,), the same for all persons of a cluster.
        cluster: Number of the cluster from 0, shape (n,).

    Returns:
        The effect and its uncertainty.

    Raises:
        EstimationError: If a value is infinite.
        EstimationError: If a cluster has persons in both arms.
        EstimationError: If fewer than two clusters of an arm have a value.

    References:
        Bell, R. M. & McCaffrey, D. F. (2002). Bias reduction in standard errors for linear regression with multi-stage
        samples. Survey Methodology 28(2), 169-181.
        Imbens, G. W. & Kolesár, M. (2016). Robust standard errors in small samples: some practical advice. Review of
        Economics and Statistics 98(4), 701-712, doi:10.1162/REST_a_00552.

    Examples:
        >>> y, arm = np.array([1.0, 2, 3, 4, 5, 9]), np.array([0, 0, 0, 1, 1, 1])
        >>> found = clustered_difference(y, arm, np.array([0, 0, 1, 2, 2, 3]))
        >>> round(found.total.estimate, 12), round(found.total.df, 12)
        (4.0, 2.0)
    """
    return blocked_clustered_difference(values, arm, np.zeros_like(arm), cluster, ("",))


def blocked_clustered_difference(
    values: FloatArray,
    arm: IntArray,
    block: IntArray,
    cluster: IntArray,
    labels: tuple[str, ...],
    *,
    share: FloatArray | None = None,
) -> ClusteredEstimate:
    r"""Difference in means within blocks whose clusters were drawn, averaged over the blocks by their persons.

    .. math:: \hat\tau = \sum_b \frac{n_b}{n} (\bar y_{b1} - \bar y_{b0}), \qquad
              \widehat V = \sum_b \Big(\frac{n_b}{n}\Big)^2 \widehat V_b

    where :math:`\widehat V_b` is the CR2 variance within the block, and the degrees of freedom join Bell-McCaffrey's of
    the blocks by Satterthwaite's rule. Blocks with one cluster in an arm are pooled by ``pool_blocks``.

    Args:
        values: Outcome, shape (n,), any unit; NaN where not observed.
        arm: 0 or 1, shape (n,), the same for all persons of a cluster.
        block: Number of the block from 0, shape (n,), the same for all persons of a cluster.
        cluster: Number of the cluster from 0, shape (n,).
        labels: Label of each block; one empty label where there is one pool.
        share: Weight of each block, shape (blocks,); its share of the persons with a value if None.

    Returns:
        The effect and its uncertainty, and which blocks were pooled.

    Raises:
        EstimationError: If a value is infinite.
        EstimationError: If a cluster has persons in two arms or blocks.
        EstimationError: If no cluster has a value in an arm of a block.
        EstimationError: If exactly one block has an arm of one cluster.

    References:
        Bell, R. M. & McCaffrey, D. F. (2002); Pashley, N. E. & Miratrix, L. W. (2021), as in ``small_blocks``.

    Examples:
        >>> y = np.array([1.0, 2, 3, 4, 5, 9, 8, 7])
        >>> arm, block = np.array([0, 0, 1, 1, 0, 0, 1, 1]), np.array([0, 0, 0, 0, 1, 1, 1, 1])
        >>> blocked_clustered_difference(y, arm, block, np.arange(8), ("A", "B")).total.estimate
        1.25
    """
    check_finite(values)
    cells = count_cells(values, arm, block, len(labels))
    groups = _Groups.of(values, arm, block, cluster, len(labels))
    check_cells(groups.count, labels, "cluster")
    weight = cells.n.sum(axis=1) / cells.n.sum() if share is None else share
    effect = cells.mean[:, 1] - cells.mean[:, 0]
    small = (groups.count == 1).any(axis=1)
    parts = np.array([groups.cr2(number, cells) for number in np.flatnonzero(~small).tolist()]).reshape(-1, 2)
    variance, df = weight[~small] ** 2 * parts[:, 0], parts[:, 1]
    if small.any():
        pooled = pool_blocks(effect[small], weight[small], (1 / groups.count[small]).sum(axis=1))
        variance, df = np.append(variance, pooled.variance), np.append(df, pooled.df)
    total = Estimate(float(weight @ effect), float(variance.sum()), satterthwaite(variance, df))
    return ClusteredEstimate(total, effect, cells.n, groups.count, small)


@dataclass(frozen=True, slots=True, eq=False)
class _Groups:
    """The clusters with a value: their sizes and means, sorted by cell, and how many each cell has."""

    size: FloatArray
    mean: FloatArray
    start: IntArray
    count: FloatArray

    @classmethod
    def of(cls, values: FloatArray, arm: IntArray, block: IntArray, cluster: IntArray, n_blocks: int) -> _Groups:
        observed = ~np.isnan(values)
        y, number = values[observed], cluster[observed]
        size, home = np.bincount(number), find_homes((2 * block + arm)[observed], number)
        with np.errstate(invalid="ignore"):
            mean = np.bincount(number, weights=y) / size
        found = np.flatnonzero(size)
        order = found[np.argsort(home[found], kind="stable")]
        count = np.bincount(home[found], minlength=2 * n_blocks)
        return cls(
            size[order].astype(np.float64),
            mean[order],
            np.concatenate([[0], np.cumsum(count)]),
            count.reshape(-1, 2).astype(np.float64),
        )

    def cr2(self, block: int, cells: Cells) -> tuple[float, float]:
        """CR2 variance of the difference in one block, and its Bell-McCaffrey degrees of freedom."""
        variance, trace, squares = 0.0, 0.0, 0.0
        for arm in (0, 1):
            mine = slice(self.start[2 * block + arm], self.start[2 * block + arm + 1])
            share = self.size[mine] / cells.n[block, arm]
            coef = share**2 / (1 - share)
            variance += float(coef @ (self.mean[mine] - cells.mean[block, arm]) ** 2)
            own, own_squares = quadratic_form_traces(coef, share, 1 / self.size[mine])
            trace, squares = trace + own, squares + own_squares
        return variance, trace**2 / squares


def find_homes(cell: IntArray, cluster: IntArray) -> IntArray:
    """Return the cell of each cluster, which is one arm of one block; 0 for a number that no person has.

    Args:
        cell: Number of each person's cell, shape (n,).
        cluster: Number of each person's cluster, shape (n,).

    Raises:
        EstimationError: If a cluster has persons in two cells.
    """
    home = np.zeros(cluster.max(initial=-1) + 1, dtype=np.int64)
    home[cluster] = cell
    astray = int((home[cluster] != cell).sum())
    if astray:
        raise EstimationError(
            what="a cluster lies in two arms or two blocks",
            where="the clusters",
            found=f"{astray} persons in another arm or block than others of their cluster",
            expected="all persons of a cluster in one arm of one block",
            do="correct the column that names the clusters, or declare a draw of persons",
        )
    return home
