"""How skewed an estimate is: the reason why a t interval covers too seldom where arms differ in size."""

from __future__ import annotations

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.inference.cells import Cells, count_cells

MOST_SKEWED = 0.15
"""Beyond this skewness of the estimate the t interval under-covers: ``studies.coverage`` prints the map."""


def skewness_of_estimate(values: FloatArray, allocation: Allocation) -> float:
    r"""Skewness of the difference in means that the design and the spread of the outcome imply.

    With :math:`w_b` the share of block :math:`b` in the average, :math:`n_{ba}` the persons in an arm of it, and
    :math:`\hat\gamma` the skewness of the residuals from the means of the cells, all cells pooled:

    .. math::
        \hat\lambda = \hat\gamma \,
        \frac{\sum_b w_b^3 \left( n_{b1}^{-2} - n_{b0}^{-2} \right)}
             {\left( \sum_b w_b^2 \left( n_{b1}^{-1} + n_{b0}^{-1} \right) \right)^{3/2}}

    It is the first term by which the law of the t statistic departs from Student's. Arms of one size in every block
    make it 0, however skewed the outcome is; a small arm beside a large one makes it large, for the few persons in it
    seldom hold one of the rare high values, and then both the mean and its standard error are too low at once. Where
    whole clusters were drawn it tells nothing: their few degrees of freedom make the interval wide enough.

    Args:
        values: Outcome, shape (n,), any unit, in the person order of the allocation; NaN where not observed.
        allocation: The allocation, with its design.

    Returns:
        The skewness, without a unit; 0 where nothing varies.

    References:
        Johnson, N. J. (1978). Modified t tests and confidence intervals for asymmetrical populations. Journal of the
        American Statistical Association 73(363), 536-544.
        Hall, P. (1992). The Bootstrap and Edgeworth Expansion, sec. 2.6. Springer.

    Examples:
        >>> from ctieval.domain.allocation import Declared
        >>> from ctieval.domain.arms import Arms
        >>> from ctieval.domain.design import Complete
        >>> allocation = Allocation(
        ...     person_id=np.array(list("abcdef"), dtype=object),
        ...     arm=np.array([0, 0, 0, 0, 1, 1]),
        ...     probability=np.full((6, 2), 0.5),
        ...     block=np.zeros(6, dtype=np.int64),
        ...     block_labels=("",),
        ...     cluster=np.zeros(6, dtype=np.int64),
        ...     cluster_labels=("",),
        ...     randomised_on=np.full(6, np.datetime64("2018-02-05")),
        ...     arms=Arms("intervention", "control"),
        ...     design=Complete(2),
        ...     proof=Declared(),
        ... )
        >>> round(skewness_of_estimate(np.array([0.0, 0.0, 0.0, 8.0, 1.0, 1.0]), allocation), 3)
        0.408
    """
    kept = allocation.compared
    values, arm, block = values[kept], allocation.arm[kept], allocation.block[kept]
    cells = count_cells(values, arm, block, len(allocation.block_labels))
    drawn = np.all(cells.n > 0, axis=1)
    if not drawn.any():
        return 0.0
    n = cells.n[drawn]
    weight = (n.sum(axis=1) / n.sum())[:, None]
    towards = float((weight**3 * np.array([-1, 1]) / n**2).sum())
    spread = float((weight**2 / n).sum())
    return _pooled_skewness(values, arm, block, cells) * towards / spread**1.5


def is_skewed(values: FloatArray, allocation: Allocation) -> bool:
    """Tell whether the interval of the difference is known to cover too seldom, for the skewness of the estimate.

    Args:
        values: Outcome, shape (n,), in the person order of the allocation; NaN where not observed.
        allocation: The allocation, with its design.

    Returns:
        True beyond ``MOST_SKEWED``; never where whole clusters were drawn.
    """
    persons_drawn = allocation.cluster_labels == ("",)
    return persons_drawn and abs(skewness_of_estimate(values, allocation)) > MOST_SKEWED


def _pooled_skewness(values: FloatArray, arm: IntArray, block: IntArray, cells: Cells) -> float:
    """Skewness of the residuals of the cells with two persons or more; one alone has none."""
    if not cells.squares.any():
        return 0.0
    known = (cells.n[block, arm] > 1) & ~np.isnan(values)
    residual = (values - cells.mean[block, arm])[known]
    return float(np.mean(residual**3)) / float(np.mean(residual**2)) ** 1.5
