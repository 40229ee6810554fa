"""The level of a measurement in one arm, so weighted that the arms of a blocked design can be compared."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.domain.description import ArmLevel
from ctieval.domain.units import Unit


@dataclass(frozen=True, slots=True, eq=False)
class ArmAverages:
    """Means of k measurements in both arms.

    Attributes:
        mean: Means, shape (2, k): control, intervention; NaN where nobody of the arm has a value.
        n: Persons with a value, shape (2, k).
    """

    mean: FloatArray
    n: IntArray


def describe_arm(values: FloatArray, allocation: Allocation, arm: int, unit: Unit) -> ArmLevel:
    r"""Describe one arm, each block counting by its persons in both arms.

    Where a larger share is drawn in one municipality than in another, the plain means of the arms differ also
    when nothing else does. Here each block weighs alike in both arms, so that the difference of the two means
    is the estimate that ``by_design`` gives:

    .. math::
        \bar y_a = \sum_b \frac{n_b}{n} \bar y_{ab}, \qquad
        s_a^2 = \frac{n_a}{n_a - 1} \sum_i w_i (y_i - \bar y_a)^2, \quad w_i \propto \frac{n_b}{n_{ab}}

    over the persons with a value who could have come into every arm. Without blocks these are the plain mean and
    variance.

    Args:
        values: The measurement, shape (n,), in the order of the allocation; NaN where there is none.
        allocation: The arms and blocks.
        arm: 0 for the control, 1 for the intervention.
        unit: Unit of the measurement; ``SHARE`` for 0 and 1.

    Returns:
        The level, with the number of events for a share.

    Examples:
        >>> from ctieval.domain.allocation import Declared
        >>> from ctieval.domain.arms import Arms
        >>> from ctieval.domain.design import Blocked
        >>> allocation = Allocation(
        ...     person_id=np.array(list("abcdef"), dtype=object),
        ...     arm=np.array([1, 0, 0, 0, 1, 0]),
        ...     probability=np.array([[0.75, 0.25]] * 4 + [[0.5, 0.5]] * 2),
        ...     block=np.array([0, 0, 0, 0, 1, 1]),
        ...     block_labels=("A", "B"),
        ...     cluster=np.zeros(6, dtype=np.int64),
        ...     cluster_labels=("",),
        ...     randomised_on=np.full(6, np.datetime64("2018-02-05")),
        ...     arms=Arms("intervention", "control"),
        ...     design=Blocked("place", (("A", 1), ("B", 1))),
        ...     proof=Declared(),
        ... )
        >>> weeks = np.array([3.0, 3.0, 3.0, 3.0, 9.0, 9.0])
        >>> [describe_arm(weeks, allocation, arm, Unit.WEEKS).mean for arm in (0, 1)]
        [5.0, 5.0]
    """
    observed = ~np.isnan(values) & allocation.compared
    own = observed & (allocation.arm == arm)
    y, block = values[own], allocation.block[own]
    n = len(y)
    share = unit is Unit.SHARE
    events = int(y.sum()) if share else None
    if n == 0:
        return ArmLevel(n=0, mean=math.nan, std=math.nan, events=events)
    size = len(allocation.block_labels)
    persons = np.bincount(allocation.block[observed], minlength=size)
    weight = (persons / np.maximum(np.bincount(block, minlength=size), 1))[block]
    total = weight @ np.ones(n)
    mean = float(weight @ y / total)
    variance = float(weight @ (y - mean) ** 2 / total)
    std = math.nan if share or n == 1 else math.sqrt(variance * n / (n - 1))
    return ArmLevel(n=n, mean=mean, std=std, events=events)


def average_by_arm(values: FloatArray, allocation: Allocation) -> ArmAverages:
    """Average many measurements in both arms, each block counting by its persons in both arms.

    The means are those of ``describe_arm``, so that their difference is the estimate that ``by_design`` gives.

    Args:
        values: Measurements, shape (n, k), in the order of the allocation; NaN where there is none.
        allocation: The arms and blocks.

    Examples:
        >>> from ctieval.domain.allocation import Declared
        >>> from ctieval.domain.arms import Arms
        >>> from ctieval.domain.design import Blocked
        >>> allocation = Allocation(
        ...     person_id=np.array(list("abcdef"), dtype=object),
        ...     arm=np.array([1, 0, 0, 0, 1, 0]),
        ...     probability=np.array([[0.75, 0.25]] * 4 + [[0.5, 0.5]] * 2),
        ...     block=np.array([0, 0, 0, 0, 1, 1]),
        ...     block_labels=("A", "B"),
        ...     cluster=np.zeros(6, dtype=np.int64),
        ...     cluster_labels=("",),
        ...     randomised_on=np.full(6, np.datetime64("2018-02-05")),
        ...     arms=Arms("intervention", "control"),
        ...     design=Blocked("place", (("A", 1), ("B", 1))),
        ...     proof=Declared(),
        ... )
        >>> average_by_arm(np.array([[3.0], [3.0], [3.0], [3.0], [9.0], [9.0]]), allocation).mean.tolist()
        [[5.0], [5.0]]
    """
    observed = ~np.isnan(values) & allocation.compared[:, None]
    known = np.where(observed, values, 0.0)
    cell = np.eye(2 * len(allocation.block_labels))[2 * allocation.block + allocation.arm]
    shape = (len(allocation.block_labels), 2, values.shape[1])
    n = (cell.T @ observed).reshape(shape)
    weight = np.where(n > 0, n.sum(axis=1, keepdims=True), 0.0)
    means = (cell.T @ known).reshape(shape) / np.maximum(n, 1.0)
    with np.errstate(invalid="ignore"):
        mean = (weight * means).sum(axis=0) / weight.sum(axis=0)
    return ArmAverages(mean, n.sum(axis=0).astype(np.int64))
