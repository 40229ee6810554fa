"""The only way from a design to its estimator, variance and degrees of freedom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arms import FIRST_PAIR, ArmPair
from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.domain.effect_table import Effect
from ctieval.domain.units import Unit
from ctieval.errors import EstimationError
from ctieval.inference.clustered_difference import blocked_clustered_difference
from ctieval.inference.compared import TwoArms, compare, take_pair
from ctieval.inference.estimate import Estimate
from ctieval.inference.interval import student_interval
from ctieval.inference.learned_design import learned_design
from ctieval.inference.small_blocks import BlockWeight, hybrid_difference

METHODS = (
    "difference_neyman_satterthwaite",
    "blocked_difference_neyman_satterthwaite",
    "hybrid_difference_pashley_miratrix_satterthwaite",
    "clustered_difference_cr2_satterthwaite",
    "blocked_clustered_difference_cr2_satterthwaite",
)
"""Keys of the estimators; of several outcomes the one that comes last here is named."""
DIFFERENCE, BLOCKED_DIFFERENCE, HYBRID, CLUSTERED, BLOCKED_CLUSTERED = METHODS
ESTIMAND = BlockWeight.PERSONS.value
"""The average effect on the persons drawn, each counting once, whatever they took part in."""


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a reader must know of how one outcome was estimated.

    Attributes:
        pooled: Labels of the blocks whose variance was taken from how far their effects lie apart.
        left_out: Persons with a value in matched blocks that have none in one of the two arms.
        clusters: Clusters with a value; 0 where persons were drawn.
    """

    pooled: tuple[str, ...]
    left_out: int
    clusters: int


@dataclass(frozen=True, slots=True, eq=False)
class DesignEstimate:
    """Average effects on k outcomes, as the design implies them.

    Attributes:
        estimate: Estimates in the unit of each outcome, shape (k,).
        std_error: Standard errors, shape (k,); 0 where no cell varies.
        statistic: ``estimate / std_error``, shape (k,); NaN where no cell varies.
        df: Satterthwaite degrees of freedom, shape (k,); NaN where no cell varies.
        p_value: Two-sided p-values, shape (k,); NaN where no cell varies.
        conf_low: Lower ends, shape (k,); NaN where no cell varies.
        conf_high: Upper ends, shape (k,); NaN where no cell varies.
        n_treated: Persons with a value in the arm, shape (k,).
        n_control: Persons with a value in the arm that it is held against, shape (k,).
        conf_level: Level of the intervals.
        estimand: What counts once in the average: ``ate_persons`` or ``ate_blocks``.
        contrast: ``intervention - control`` by the names of the two arms.
        method: Key of the estimator, its variance and degrees of freedom.
        design: The learned design in one line.
        particulars: What a reader must know, one an outcome.
    """

    estimate: FloatArray
    std_error: FloatArray
    statistic: FloatArray
    df: FloatArray
    p_value: FloatArray
    conf_low: FloatArray
    conf_high: FloatArray
    n_treated: IntArray
    n_control: IntArray
    conf_level: float
    estimand: str
    contrast: str
    method: str
    design: str
    particulars: tuple[Particulars, ...]

    @property
    def n(self) -> IntArray:
        """Persons with a value in both arms, shape (k,)."""
        return self.n_treated + self.n_control

    def to_effect(self, number: int, *, outcome: str, unit: Unit, window: str) -> Effect:
        """Return one of the estimates as a row of the result protocol."""
        return Effect(
            outcome=outcome,
            estimand=self.estimand,
            contrast=self.contrast,
            estimate=float(self.estimate[number]),
            std_error=float(self.std_error[number]),
            statistic=float(self.statistic[number]),
            df=float(self.df[number]),
            p_value=float(self.p_value[number]),
            conf_low=float(self.conf_low[number]),
            conf_high=float(self.conf_high[number]),
            conf_level=self.conf_level,
            n=int(self.n[number]),
            n_treated=int(self.n_treated[number]),
            n_control=int(self.n_control[number]),
            unit=unit.value,
            window=window,
            method=self.method,
        )


def by_design(
    values: FloatArray,
    allocation: Allocation,
    *,
    pair: ArmPair = FIRST_PAIR,
    weight: BlockWeight = BlockWeight.PERSONS,
    conf_level: float = 0.95,
) -> DesignEstimate:
    """Estimate average effects by the estimator that the design of the allocation implies.

    A complete draw gives the difference in means, a blocked draw the difference within blocks averaged by
    persons, both with Neyman's variance and Satterthwaite's degrees of freedom. A simple draw is taken as complete,
    given the sizes of the arms that it gave; a draw of places as complete or blocked, without the blocks that had
    places for everybody; a waiting list as the draw of those who start. Blocks with a single person in an arm, as
    matched pairs have, are pooled by Pashley and Miratrix's rule. Where whole clusters were drawn the variance is
    theirs (CR2), with Bell and McCaffrey's degrees of freedom. A person without a value counts in no cell, and a
    matched block without a value in either arm says nothing; the numbers that remain stand in ``n_treated`` and
    ``n_control``.

    Of several arms two are compared at a time, by their own persons. The weights of the blocks come from everybody
    drawn, whichever arm they are in, so that all contrasts speak of the same persons and add up.

    Args:
        values: Outcomes, shape (n, k), in the person order of the allocation; NaN where not observed.
        allocation: The allocation, with its design.
        pair: The two arms that are compared.
        weight: What counts once in the average over blocks, and so what is estimated.
        conf_level: Level of the intervals, in (0, 1).

    Returns:
        One estimate an outcome.

    Raises:
        EstimationError: If nobody is in an arm; see ``check_estimator``.
        EstimationError: If nobody, or no cluster, has a value in an arm of a block; or if one block alone has a
            single one in an arm.
        EstimationError: If a value is infinite.

    References:
        Imbens, G. W. & Rubin, D. B. (2015). Causal Inference for Statistics, Social, and Biomedical
        Sciences, chs. 6 and 9. Cambridge University Press; ``small_blocks`` and ``clustered_difference`` for theirs.

    Examples:
        >>> from ctieval.domain.allocation import Declared
        >>> from ctieval.domain.arms import Arms
        >>> from ctieval.domain.design import Complete
        >>> allocation = Allocation(
        ...     person_id=np.array(list("abcdef"), dtype=object),
        ...     arm=np.array([0, 0, 0, 1, 1, 1]),
        ...     probability=np.full((6, 2), 0.5),
        ...     block=np.zeros(6, dtype=np.int64),
        ...     block_labels=("",),
        ...     cluster=np.zeros(6, dtype=np.int64),
        ...     cluster_labels=("",),
        ...     randomised_on=np.full(6, np.datetime64("2018-02-05")),
        ...     arms=Arms("intervention", "control"),
        ...     design=Complete(3),
        ...     proof=Declared(),
        ... )
        >>> by_design(np.array([[1.0], [2.0], [3.0], [4.0], [5.0], [6.0]]), allocation).estimate
        array([3.])
    """
    check_estimator(allocation)
    compared = compare(allocation)
    values = values[allocation.compared]
    _check_finite(values)
    places = (f"outcome column {number + 1}" for number in range(values.shape[1]))
    taken = (take_pair(column, compared, pair, weight, place) for column, place in zip(values.T, places, strict=True))
    found = [_estimate(each) for each in taken]
    estimate = np.array([each.total.estimate for each in found])
    std_error = np.array([each.total.std_error for each in found])
    df = np.array([each.total.df for each in found])
    student = student_interval(estimate, std_error, df, conf_level)
    persons = np.array([each.persons for each in found], dtype=np.int64).reshape(len(found), 2)
    return DesignEstimate(
        estimate=estimate,
        std_error=std_error,
        statistic=student.statistic,
        df=df,
        p_value=student.p_value,
        conf_low=student.conf_low,
        conf_high=student.conf_high,
        n_treated=persons[:, 1],
        n_control=persons[:, 0],
        conf_level=conf_level,
        estimand=weight.value,
        contrast=allocation.arms.name_pair(pair),
        method=max((each.method for each in found), key=METHODS.index, default=DIFFERENCE),
        design=learned_design(allocation),
        particulars=tuple(each.particulars for each in found),
    )


def check_estimator(allocation: Allocation) -> None:
    """Refuse an allocation that leaves nothing to compare.

    Args:
        allocation: The allocation, with its design.

    Raises:
        EstimationError: If nobody is in one of the arms.
    """
    if not np.bincount(allocation.arm, minlength=len(allocation.arms.labels)).all():
        raise EstimationError(
            what="there is nothing to compare",
            where="the arms",
            found="an arm in which nobody is",
            expected="persons in every arm",
            do="wait until more persons have been drawn",
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """One outcome's estimate, the persons with a value in control and intervention, and the key of the estimator."""

    total: Estimate
    persons: tuple[int, int]
    method: str
    particulars: Particulars


def _estimate(two: TwoArms) -> _Found:
    """Estimate one outcome by what was drawn: persons or clusters, in one pool or in blocks."""
    pool = two.labels == ("",)
    if two.cluster is not None:
        clustered = blocked_clustered_difference(
            two.values, two.arm, two.block, two.cluster, two.labels, share=two.share
        )
        pooled, clusters = _name(clustered.pooled, two.labels), int(clustered.clusters.sum())
        method = CLUSTERED if pool else BLOCKED_CLUSTERED
        particulars = Particulars(pooled, two.left_out, clusters)
        return _Found(clustered.total, _persons(clustered.n), method, particulars)
    found = hybrid_difference(two.values, two.arm, two.block, two.labels, share=two.share)
    plain = DIFFERENCE if pool else BLOCKED_DIFFERENCE
    particulars = Particulars(_name(found.pooled, two.labels), two.left_out, 0)
    return _Found(found.total, _persons(found.n), HYBRID if found.pooled.any() else plain, particulars)


def _name(pooled: BoolArray, labels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(label for label, small in zip(labels, pooled, strict=True) if small)


def _persons(n: FloatArray) -> tuple[int, int]:
    control, treated = n.sum(axis=0)
    return int(control), int(treated)


def _check_finite(values: FloatArray) -> None:
    if np.isinf(values).any():
        raise EstimationError(
            what="an outcome holds an infinite value",
            where=f"outcome column {int(np.isinf(values).any(axis=0).argmax()) + 1}",
            found=f"{int(np.isinf(values).sum())} infinite values",
            expected="finite numbers, or an empty cell for a person without a value",
            do="find out how they came about, and leave the cell empty if the value is not known",
        )
