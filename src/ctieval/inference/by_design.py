"""The only way from a design to its estimator, variance and degrees of freedom."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.domain.design import (
    Design,
    Intake,
    Matched,
    Rerandomised,
    WaitingList,
    blocked_by,
)
from ctieval.domain.effect_table import Effect
from ctieval.domain.units import Unit
from ctieval.errors import EstimationError
from ctieval.inference.clustered_difference import blocked_clustered_difference
from ctieval.inference.difference import blocked_difference, satterthwaite_df
from ctieval.inference.estimate import Estimate
from ctieval.inference.interval import student_interval
from ctieval.inference.learned_design import learned_design
from ctieval.inference.small_blocks import hybrid_difference

METHODS = (
    "difference_neyman_satterthwaite",
    "blocked_difference_neyman_satterthwaite",
    "hybrid_difference_pashley_miratrix_satterthwaite",
    "clustered_difference_cr2_satterthwaite",
    "blocked_clustered_difference_cr2_satterthwaite",
)
"""Keys of the estimators; of several outcomes the one that comes last here is named."""
DIFFERENCE, BLOCKED_DIFFERENCE, HYBRID, CLUSTERED, BLOCKED_CLUSTERED = METHODS
ESTIMAND = "ate_persons"
"""The average effect on the persons drawn, each counting once, whatever they took part in."""


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
        n_treated: Persons with a value in the intervention, shape (k,).
        n_control: Persons with a value in the control, shape (k,).
        conf_level: Level of the intervals.
        contrast: ``intervention - control`` by the names of the arms.
        method: Key of the estimator, its variance and degrees of freedom.
        design: The learned design in one line.
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
    contrast: str
    method: str
    design: str

    @property
    def n(self) -> IntArray:
        """Persons with a value in both arms, shape (k,)."""
        return self.n_treated + self.n_control

    def to_effect(self, number: int, *, outcome: str, unit: Unit, window: str) -> Effect:
        """Return one of the estimates as a row of the result protocol."""
        return Effect(
            outcome=outcome,
            estimand=ESTIMAND,
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


def by_design(values: FloatArray, allocation: Allocation, *, conf_level: float = 0.95) -> DesignEstimate:
    """Estimate average effects by the estimator that the design of the allocation implies.

    A complete draw gives the difference in means, a blocked draw the difference within blocks averaged by
    persons, both with Neyman's variance and Satterthwaite's degrees of freedom. A simple draw is taken as complete,
    given the sizes of the arms that it gave; a draw of places as complete or blocked, without the blocks that had
    places for everybody; a waiting list as the draw of those who start. Blocks with a single person in an arm, as
    matched pairs have, are pooled by Pashley and Miratrix's rule. Where whole clusters were drawn the variance is
    theirs (CR2), with Bell and McCaffrey's degrees of freedom. A person without a value counts in no cell, and a
    matched block without a value in either arm says nothing; the numbers that remain stand in ``n_treated`` and
    ``n_control``.

    Args:
        values: Outcomes, shape (n, k), in the person order of the allocation; NaN where not observed.
        allocation: The allocation, with its design.
        conf_level: Level of the intervals, in (0, 1).

    Returns:
        One estimate an outcome.

    Raises:
        EstimationError: If there are more arms than two; see ``check_estimator``.
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
    compared = _compare(allocation)
    values = values[allocation.compared]
    _check_finite(values)
    found = [_estimate(column, compared, number) for number, column in enumerate(values.T)]
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
        contrast=allocation.arms.contrast,
        method=max((each.method for each in found), key=METHODS.index, default=DIFFERENCE),
        design=learned_design(allocation),
    )


def check_estimator(allocation: Allocation) -> None:
    """Refuse what this version cannot estimate.

    Args:
        allocation: The allocation, with its design.

    Raises:
        EstimationError: If there are more arms than two, or nobody is in one of them.
    """
    arms = len(allocation.arms.labels)
    if not np.bincount(allocation.arm, minlength=arms).all():
        raise EstimationError(
            what="there is nothing to compare",
            where="the arms",
            found="an arm in which nobody is",
            expected="persons in both arms",
            do="wait until more persons have been drawn",
        )
    if arms != 2:
        raise EstimationError(
            what="this version has no estimator for the design yet; it draws and verifies it, and checks its balance",
            where=f"design {type(allocation.design).__name__}",
            found=f"{arms} arms",
            expected="two arms: an intervention and a control",
            do="keep the record; estimate the effects with a version that has an estimator for several interventions",
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Compared:
    """Those who could have come into either arm: their arms, blocks and clusters."""

    arm: IntArray
    block: IntArray
    labels: tuple[str, ...]
    cluster: IntArray | None
    matched: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """One outcome's estimate, the persons with a value in control and intervention, and the key of the estimator."""

    total: Estimate
    persons: tuple[int, int]
    method: str


def _compare(allocation: Allocation) -> _Compared:
    """Leave out the blocks in which there was nothing to draw."""
    kept = allocation.compared
    arm, matched = allocation.arm[kept], isinstance(_drawn_by(allocation.design), Matched)
    cluster = allocation.cluster[kept] if allocation.cluster_labels != ("",) else None
    if not (blocked_by(allocation.design) or matched):
        return _Compared(arm, np.zeros_like(arm), ("",), cluster, matched)
    number, block = np.unique(allocation.block[kept], return_inverse=True)
    return _Compared(arm, block, tuple(allocation.block_labels[each] for each in number), cluster, matched)


def _drawn_by(design: Design | Intake) -> Design | Intake:
    return design.draw if isinstance(design, WaitingList | Rerandomised) else design


def _estimate(values: FloatArray, compared: _Compared, number: int) -> _Found:
    """Estimate one outcome by what was drawn: persons or clusters, in one pool or in blocks."""
    if compared.matched:
        values, compared = _keep_whole_blocks(values, compared)
    arm, block, labels = compared.arm, compared.block, compared.labels
    if compared.cluster is not None:
        _check_counts(_count_clusters(values, compared, compared.cluster), labels, number, "cluster")
        clustered = blocked_clustered_difference(values, arm, block, compared.cluster, labels)
        return _Found(clustered.total, _persons(clustered.n), CLUSTERED if labels == ("",) else BLOCKED_CLUSTERED)
    counts = _count_persons(values, compared)
    _check_counts(counts, labels, number, "person")
    if (counts == 1).any():
        hybrid = hybrid_difference(values, arm, block, labels)
        return _Found(hybrid.total, _persons(hybrid.n), HYBRID)
    plain = blocked_difference(values, arm, block, len(labels))
    total = Estimate(plain.estimate, plain.variance, satterthwaite_df(plain))
    return _Found(total, _persons(plain.n), DIFFERENCE if labels == ("",) else BLOCKED_DIFFERENCE)


def _keep_whole_blocks(values: FloatArray, compared: _Compared) -> tuple[FloatArray, _Compared]:
    """The matched blocks in which both arms have a value; the others say nothing of the effect."""
    whole: BoolArray = np.all(_count_persons(values, compared) > 0, axis=1)
    kept = whole[compared.block]
    block = (np.cumsum(whole) - 1)[compared.block[kept]]
    labels = tuple(label for label, stays in zip(compared.labels, whole, strict=True) if stays)
    return values[kept], replace(compared, arm=compared.arm[kept], block=block, labels=labels)


def _count_persons(values: FloatArray, compared: _Compared) -> IntArray:
    """Persons with a value in the arms of each block, shape (blocks, 2)."""
    cell = (compared.block * 2 + compared.arm)[~np.isnan(values)]
    return np.bincount(cell, minlength=2 * len(compared.labels)).reshape(-1, 2)


def _count_clusters(values: FloatArray, compared: _Compared, cluster: IntArray) -> IntArray:
    """Clusters with a value in the arms of each block, shape (blocks, 2)."""
    observed = ~np.isnan(values)
    cell = (compared.block * 2 + compared.arm)[observed]
    drawn = np.unique(np.column_stack([cell, cluster[observed]]), axis=0)
    return np.bincount(drawn[:, 0], minlength=2 * len(compared.labels)).reshape(-1, 2)


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


def _check_counts(counts: IntArray, labels: tuple[str, ...], number: int, unit: str) -> None:
    """Refuse an arm without units, and one block alone with a single unit in an arm: nothing tells how it varies."""
    empty, single = counts == 0, (counts == 1).any(axis=1)
    if not empty.any() and single.sum() != 1:
        return
    few = counts < 2
    named = [label for label, short in zip(labels, few, strict=True) if short.any()]
    where = f"outcome column {number + 1}" + (f", block {', '.join(named[:5])}" if named != [""] else "")
    raise EstimationError(
        what="the uncertainty of the effect cannot be estimated",
        where=where,
        found=f"{int(few.sum())} {'arm' if few.sum() == 1 else 'arms'} with fewer than two {unit}s with a value",
        expected=f"at least two {unit}s with a value in each arm of each block, or several blocks with a single one",
        do="merge the block with one that resembles it, both in the data and in the declared design",
    )
