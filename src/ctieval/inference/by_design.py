"""The only way from a design to its estimator, variance and degrees of freedom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.domain.design import (
    BiasedCoin,
    Blocked,
    Capacity,
    Complete,
    Design,
    Intake,
    Minimised,
    PermutedBlocks,
    Rerandomised,
    Simple,
    WaitingList,
    blocked_by,
)
from ctieval.domain.effect_table import Effect
from ctieval.domain.units import Unit
from ctieval.errors import EstimationError
from ctieval.inference.difference import blocked_difference, satterthwaite_df
from ctieval.inference.interval import student_interval

DIFFERENCE = "difference_neyman_satterthwaite"
BLOCKED_DIFFERENCE = "blocked_difference_neyman_satterthwaite"
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
    places for everybody; a waiting list as the draw of those who start. A person without a value counts in no cell;
    the numbers that remain stand in ``n_treated`` and ``n_control``.

    Args:
        values: Outcomes, shape (n, k), in the person order of the allocation; NaN where not observed.
        allocation: The allocation, with its design.
        conf_level: Level of the intervals, in (0, 1).

    Returns:
        One estimate an outcome.

    Raises:
        EstimationError: If this version has no estimator for the design; see ``check_estimator``.
        EstimationError: If fewer than two persons have a value in an arm of a block.
        EstimationError: If a value is infinite.

    References:
        Imbens, G. W. & Rubin, D. B. (2015). Causal Inference for Statistics, Social, and Biomedical
        Sciences, chs. 6 and 9. Cambridge University Press.

    Examples:
        >>> from ctieval.domain.allocation import Declared
        >>> from ctieval.domain.arms import Arms
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
    _check_estimable(values, compared)
    found = [blocked_difference(column, compared.arm, compared.block, len(compared.labels)) for column in values.T]
    estimate = np.array([each.estimate for each in found])
    std_error = np.sqrt(np.array([each.variance for each in found]))
    df = np.array([satterthwaite_df(each) for each in found])
    student = student_interval(estimate, std_error, df, conf_level)
    persons = np.array([each.n.sum(axis=0) for each in found], dtype=np.int64).reshape(len(found), 2)
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
        method=BLOCKED_DIFFERENCE if blocked_by(allocation.design) else DIFFERENCE,
        design=_learned_design(allocation),
    )


def check_estimator(allocation: Allocation) -> None:
    """Refuse a design whose effect this version cannot estimate.

    Args:
        allocation: The allocation, with its design.

    Raises:
        EstimationError: If there is no estimator for the design, or for more arms than two.
    """
    declared = allocation.design
    design = declared.draw if isinstance(declared, WaitingList | Rerandomised) else declared
    if isinstance(design, Simple | Complete | Blocked | Capacity | Intake) and len(allocation.arms.labels) == 2:
        return
    arms = len(allocation.arms.labels)
    raise EstimationError(
        what="this version has no estimator for the design yet; it draws and verifies it, and checks its balance",
        where=f"design {type(design).__name__}",
        found=f"a design of the kind {type(design).__name__}, with {arms} arms",
        expected="two arms, drawn by: Simple, Complete, Blocked, Capacity, a waiting list of these, or an intake",
        do="keep the record; estimate the effect with a version that has an estimator for this design",
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Compared:
    """Those who could have come into either arm: their arms and blocks."""

    arm: IntArray
    block: IntArray
    labels: tuple[str, ...]


def _compare(allocation: Allocation) -> _Compared:
    """Leave out the blocks in which there was nothing to draw."""
    arm = allocation.arm[allocation.compared]
    if not blocked_by(allocation.design):
        return _Compared(arm, np.zeros_like(arm), ("",))
    kept, block = np.unique(allocation.block[allocation.compared], return_inverse=True)
    return _Compared(arm, block, tuple(allocation.block_labels[each] for each in kept))


def _learned_design(allocation: Allocation) -> str:
    drawn = int(allocation.arm.sum())
    sizes = f"{drawn} drawn into the intervention, {len(allocation.arm) - drawn} into the control"
    return f"{_kind(allocation.design, len(allocation.block_labels))}; {sizes}"


def _kind(design: Design | Intake, n_blocks: int) -> str:
    match design:
        case WaitingList():
            return f"waiting list of {design.weeks} weeks, {_kind(design.draw, n_blocks)}"
        case Blocked():
            return f"blocked by {design.block}, {n_blocks} blocks"
        case Capacity():
            return f"places drawn by {design.block}, {n_blocks} blocks" if design.block else "places drawn"
        case Rerandomised():
            return f"{_kind(design.draw, n_blocks)}, repeated until alike on {', '.join(design.covariates)}"
        case PermutedBlocks() | BiasedCoin() | Minimised():
            return f"one at a time, {_kind_of_intake(design, n_blocks)}"
        case _:
            return type(design).__name__.lower()


def _kind_of_intake(design: Intake, n_blocks: int) -> str:
    if isinstance(design, Minimised):
        return f"minimising the imbalance of {', '.join(design.factors)}"
    dealt = "permuted blocks" if isinstance(design, PermutedBlocks) else "a biased coin"
    return f"by {dealt} within {design.stratum}, {n_blocks} strata" if design.stratum else f"by {dealt}"


def _check_estimable(values: FloatArray, compared: _Compared) -> None:
    if np.isinf(values).any():
        raise EstimationError(
            what="an outcome holds an infinite value",
            where=f"outcome column {int(np.isinf(values).any(axis=0).argmax()) + 1}",
            found=f"{int(np.isinf(values).sum())} infinite values",
            expected="finite numbers, or an empty cell for a person without a value",
            do="find out how they came about, and leave the cell empty if the value is not known",
        )
    labels = compared.labels
    cell = compared.block * 2 + compared.arm
    for number, observed in enumerate(~np.isnan(values).T):
        few = np.bincount(cell[observed], minlength=2 * len(labels)).reshape(len(labels), 2) < 2
        if few.any():
            raise _too_few(few, labels, number)


def _too_few(few: BoolArray, labels: tuple[str, ...], number: int) -> EstimationError:
    named = [label for label, short in zip(labels, few, strict=True) if short.any()]
    where = f"outcome column {number + 1}" + (f", block {', '.join(named[:5])}" if named != [""] else "")
    return EstimationError(
        what="the uncertainty of the effect cannot be estimated",
        where=where,
        found=f"{int(few.sum())} {'arm' if few.sum() == 1 else 'arms'} with fewer than two persons with a value",
        expected="at least two persons with a value in each arm of each block",
        do="merge the block with one that resembles it, both in the data and in the declared design",
    )
