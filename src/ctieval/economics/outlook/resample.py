"""Resamples a trial within its arms and blocks, so that every mean of a resample comes from the same persons."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arms import FIRST_PAIR
from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.errors import EstimationError
from ctieval.inference.compared import compare

MOST_CELLS = 2_000_000
"""Counts drawn at a time, resamples times units: what is held does not grow with the number of resamples."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Units:
    """What was drawn, persons or clusters, with their totals; sorted by cell, an arm of a block.

    Attributes:
        total: Totals of the outcomes over the persons of each unit, shape (units, k).
        size: Persons of each unit, shape (units,).
        cell: Number of the cell of each unit, rising, shape (units,).
        weight: Share of the block of each cell in all persons, negative for the control, shape (cells,).
    """

    total: FloatArray
    size: FloatArray
    cell: IntArray
    weight: FloatArray

    @property
    def counts(self) -> IntArray:
        """Units of each cell, shape (cells,)."""
        return np.bincount(self.cell, minlength=len(self.weight))

    def __repr__(self) -> str:
        """Name the size, never a value."""
        return f"Units({len(self.size)} in {len(self.weight)} cells, {self.total.shape[1]} outcomes)"


def order_by_value(values: FloatArray, allocation: Allocation) -> tuple[FloatArray, Allocation]:
    """Keep who can be compared and is wholly observed, sorted by their values alone.

    Neither the order of the rows nor the names of the persons then has a part in what is drawn or summed: persons who
    change places have the same values.

    Args:
        values: Outcomes, shape (n, k), in the person order of the allocation; NaN where not observed.
        allocation: The allocation.

    Returns:
        The values of those kept, and their allocation.
    """
    kept = np.flatnonzero(allocation.compared & ~np.isnan(values).any(axis=1))
    order = kept[_sort_rows(values[kept])]
    reordered = replace(
        allocation,
        person_id=allocation.person_id[order],
        arm=allocation.arm[order],
        probability=allocation.probability[order],
        block=allocation.block[order],
        cluster=allocation.cluster[order],
        randomised_on=allocation.randomised_on[order],
        arrivals=None,
    )
    return values[order], reordered


def build_units(values: FloatArray, allocation: Allocation) -> Units:
    """Sort what was drawn into its cells: the arms of the first contrast, in every block.

    Args:
        values: Outcomes, shape (n, k), without gaps, in the person order of the allocation.
        allocation: The allocation of these persons; all could have come into every arm.

    Returns:
        The persons, or the clusters where whole clusters were drawn.

    Raises:
        EstimationError: If an arm of a block has one unit alone, or none: nothing can be drawn anew there.
    """
    compared = compare(allocation)
    share = np.bincount(compared.block, minlength=len(compared.labels)) / len(compared.block)
    two = np.isin(compared.arm, (FIRST_PAIR.reference, FIRST_PAIR.arm))
    cell = (2 * compared.block + (compared.arm == FIRST_PAIR.arm))[two]
    values, size = values[two], np.ones(int(two.sum()))
    if compared.cluster is not None:
        values, size, cell = _to_clusters(values, cell, compared.cluster[two])
    order = _sort_rows(np.column_stack([cell.astype(np.float64), size, values]))
    order = order[np.argsort(cell[order], kind="stable")]
    units = Units(values[order], size[order], cell[order], np.column_stack([-share, share]).ravel())
    _check_cells(units, "person" if compared.cluster is None else "cluster")
    return units


def draw_effects(units: Units, *, replicates: int, seed: int) -> FloatArray:
    r"""Draw the effects on all outcomes jointly, by the bootstrap of n - 1 out of n within each cell.

    Of the :math:`n_c` units of each cell, :math:`n_c - 1` are drawn with replacement, so that the counts are
    multinomial. With the mean of a resample :math:`\bar y^*_{ba}` and the block's share :math:`\omega_b`

    .. math::
        \hat\tau^* = \sum_b \omega_b (\bar y^*_{b1} - \bar y^*_{b0}), \qquad
        \operatorname{Var}^* \hat\tau^* = \sum_{b, a} \omega_b^2 \, s_{ba}^2 / n_{ba}

    which is Neyman's variance and no other; drawing :math:`n_c` would give :math:`(n_c - 1) / n_c` of each cell's part.
    Where clusters were drawn, means are totals over persons, and the variance is that of the ratio to the first order;
    of clusters of one size it is CR2's. The counts of one resample serve all outcomes, so that one matrix product gives
    months, accounts and lines as they belong together.

    Args:
        units: What was drawn.
        replicates: Number of resamples.
        seed: Seed; each cell has a stream of its own.

    Returns:
        Effects of the resamples, shape (replicates, k).

    References:
        Rao, J. N. K. & Wu, C. F. J. (1988). Resampling inference with complex survey data. Journal of the American
        Statistical Association 83(401), 231-241, doi:10.1080/01621459.1988.10478591.
        Nixon, R. M., Wonderling, D. & Grieve, R. D. (2010). Non-parametric methods for cost-effectiveness analysis:
        the central limit theorem and the bootstrap compared. Health Economics 19(3), 316-333, doi:10.1002/hec.1477.

    Examples:
        >>> values = np.array([[0.0], [2.0], [4.0], [6.0], [8.0]])
        >>> units = Units(values, np.ones(5), np.array([0, 0, 1, 1, 1]), np.array([-1.0, 1.0]))
        >>> drawn = draw_effects(units, replicates=2000, seed=1)
        >>> drawn.shape, bool(abs(drawn.mean() - 5) < 0.15), bool(abs(drawn.var() - (2 / 2 + 4 / 3)) < 0.2)
        ((2000, 1), True, True)
    """
    generators = [np.random.Generator(np.random.PCG64(each)) for each in _spawn(seed, len(units.weight))]
    effects = np.empty((replicates, units.total.shape[1]))
    step = max(1, MOST_CELLS // len(units.size))
    for start in range(0, replicates, step):
        rows = min(step, replicates - start)
        effects[start : start + rows] = resampled_effects(units, _draw_counts(units, generators, rows))
    return effects


def resampled_effects(units: Units, counts: IntArray) -> FloatArray:
    """Reckon the effects of resamples.

    Args:
        units: What was drawn.
        counts: How often each unit is in each resample, shape (replicates, units); ones give the estimates.

    Returns:
        Effects, shape (replicates, k).
    """
    starts = np.flatnonzero(np.diff(units.cell, prepend=-1))
    persons = np.add.reduceat(counts * units.size, starts, axis=1)
    return (counts * (units.weight / persons)[:, units.cell]) @ units.total


def _spawn(seed: int, cells: int) -> list[np.random.SeedSequence]:
    return np.random.SeedSequence(seed).spawn(cells)


def _draw_counts(units: Units, generators: list[np.random.Generator], replicates: int) -> IntArray:
    """Multinomial counts, cell by cell, shape (replicates, units)."""
    cells = zip(generators, units.counts.tolist(), strict=True)
    return np.hstack([each.multinomial(n - 1, np.full(n, 1 / n), size=replicates) for each, n in cells])


def _sort_rows(rows: FloatArray) -> IntArray:
    """Order of rows by their numbers, the first column leading: their bits, in an order that bytes compare alike."""
    if rows.size == 0:
        return np.arange(len(rows))
    bits = np.ascontiguousarray(rows + 0.0).view(np.int64)
    rising = np.where(bits < 0, ~bits, bits | np.iinfo(np.int64).min).astype(">i8")
    return np.argsort(rising.view(np.dtype((np.void, 8 * rows.shape[1]))).ravel(), kind="stable")


def _to_clusters(values: FloatArray, cell: IntArray, cluster: IntArray) -> tuple[FloatArray, FloatArray, IntArray]:
    """Totals, persons and cell of each cluster."""
    _, first, number, size = np.unique(cluster, return_index=True, return_inverse=True, return_counts=True)
    total = np.zeros((len(size), values.shape[1]))
    np.add.at(total, number, values)
    return total, size.astype(np.float64), cell[first]


def _check_cells(units: Units, unit: str) -> None:
    few = int((units.counts < 2).sum())
    if few:
        raise EstimationError(
            what="the trial cannot be resampled",
            where="the blocks",
            found=f"{few} {'arm of a block' if few == 1 else 'arms of blocks'} with fewer than two {unit}s",
            expected=f"at least two {unit}s in each arm of each block",
            do="use the interval that the design implies; it pools the blocks with a single one",
        )
