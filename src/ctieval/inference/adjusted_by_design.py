"""The only way from a design to its covariate-adjusted estimator."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arms import FIRST_PAIR
from ctieval.domain.arrays import FloatArray
from ctieval.inference.adjusted_difference import adjusted_difference
from ctieval.inference.clustered_adjustment import adjusted_clustered_difference
from ctieval.inference.compared import check_two_arms, compare, take_pair
from ctieval.inference.estimate import Estimate
from ctieval.inference.small_blocks import BlockWeight

ADJUSTED = "adjusted_difference_lin_satterthwaite"
CLUSTERED_ADJUSTED = "clustered_adjusted_difference_lin_satterthwaite"
BLOCKED_CLUSTERED_ADJUSTED = "blocked_clustered_adjusted_difference_lin_satterthwaite"
ADJUSTED_METHODS = frozenset({ADJUSTED, CLUSTERED_ADJUSTED, BLOCKED_CLUSTERED_ADJUSTED})


@dataclass(frozen=True, slots=True)
class AdjustedByDesign:
    """An effect adjusted for covariates, by the design.

    Attributes:
        total: The effect, its variance and degrees of freedom.
        n: Persons with a value: control, intervention.
        method: Key of the estimator.
        dropped: Numbers of the covariates, from 0, that were left out: they do not vary within the blocks, or others
            explain them.
        n_missing: Persons without a value of each covariate, whose gaps were filled and marked.
        full_leverage: Persons, or directions of clusters, that the regression fits whatever their outcome.
    """

    total: Estimate
    n: tuple[int, int]
    method: str
    dropped: tuple[int, ...]
    n_missing: tuple[int, ...]
    full_leverage: int


def adjust_by_design(values: FloatArray, covariates: FloatArray, allocation: Allocation) -> AdjustedByDesign:
    """Estimate an average effect adjusted for covariates, by the estimator that the design allows.

    Persons drawn in one pool give Lin's regression; persons drawn in blocks or strata the same within blocks, with
    the variance of the blocks; clusters the same with CR2, in one pool or in blocks. Blocks in which there was
    nothing to draw are left out, and matched blocks without a value in either arm. A person without a value is left
    out, one without a covariate never.

    Args:
        values: Outcome, shape (n,), any unit; NaN where not observed.
        covariates: Numbers known before the draw, shape (n, k); NaN where missing.
        allocation: The allocation, with its design.

    Returns:
        The effect, with what was filled and what was left out.

    Raises:
        EstimationError: If there are more arms than two.
        EstimationError: As ``adjusted_difference`` and ``adjusted_clustered_difference``.

    References:
        As for ``adjusted_difference``.

    Examples:
        >>> from ctieval.domain.allocation import Declared
        >>> from ctieval.domain.arms import Arms
        >>> from ctieval.domain.design import Complete
        >>> arm, zero, half = np.array([0, 0, 0, 0, 1, 1, 1, 1]), np.zeros(8, dtype=np.int64), np.full((8, 2), 0.5)
        >>> persons, undated = np.array(list("abcdefgh"), dtype=object), np.full(8, "NaT", "datetime64[D]")
        >>> arms, design = Arms("new", "usual"), Complete(4)
        >>> allocation = Allocation(persons, arm, half, zero, ("",), zero, ("",), undated, arms, design, Declared())
        >>> before = np.array([[1.0], [2], [3], [4], [1], [2], [3], [4]])
        >>> found = adjust_by_design(np.array([1.0, 2, 3, 5, 4, 7, 8, 8]), before, allocation)
        >>> round(found.total.estimate, 12), found.n
        (4.0, (4, 4))
    """
    check_two_arms(allocation)
    two = take_pair(values[allocation.compared], compare(allocation), FIRST_PAIR, BlockWeight.PERSONS, "the outcome")
    x = covariates[allocation.compared][two.rows]
    control, treated = np.bincount(two.arm[~np.isnan(two.values)], minlength=2).tolist()
    if two.cluster is None:
        found = adjusted_difference(two.values, two.arm, x, block=two.block, labels=two.labels)
        key = ADJUSTED
    else:
        found = adjusted_clustered_difference(two.values, two.arm, x, two.cluster, block=two.block, labels=two.labels)
        key = CLUSTERED_ADJUSTED if two.labels == ("",) else BLOCKED_CLUSTERED_ADJUSTED
    return AdjustedByDesign(found.total, (control, treated), key, found.dropped, found.n_missing, found.full_leverage)
