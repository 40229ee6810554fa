"""The only way from a design to its estimator, variance and degrees of freedom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.domain.design import Blocked, Complete, Design
from ctieval.domain.effect_table import Effect
from ctieval.domain.units import Unit
from ctieval.errors import EstimationError
from ctieval.inference.difference import Difference, blocked_difference, difference_in_means, satterthwaite_df
from ctieval.inference.interval import student_interval

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
    persons, both with Neyman's variance and Satterthwaite's degrees of freedom. A person without a value
    counts in no cell; the numbers that remain stand in ``n_treated`` and ``n_control``.

    Args:
        values: Outcomes, shape (n, k), in the person order of the allocation; NaN where not observed.
        allocation: The allocation, with its design.
        conf_level: Level of the intervals, in (0, 1).

    Returns:
        One estimate an outcome.

    Raises:
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
        ...     probability=np.full(6, 0.5),
        ...     block=np.zeros(6, dtype=np.int64),
        ...     block_labels=("",),
        ...     randomised_on=np.full(6, np.datetime64("2018-02-05")),
        ...     arms=Arms("intervention", "control"),
        ...     design=Complete(3),
        ...     proof=Declared(),
        ... )
        >>> by_design(np.array([[1.0], [2.0], [3.0], [4.0], [5.0], [6.0]]), allocation).estimate
        array([3.])
    """
    _check_estimable(values, allocation)
    found = [_difference(column, allocation) for column in values.T]
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
        method=_method(allocation.design),
        design=_learned_design(allocation),
    )


def _difference(values: FloatArray, allocation: Allocation) -> Difference:
    match allocation.design:
        case Complete():
            return difference_in_means(values, allocation.arm)
        case Blocked():
            return blocked_difference(values, allocation.arm, allocation.block, len(allocation.block_labels))
        case _:
            assert_never(allocation.design)


def _method(design: Design) -> str:
    match design:
        case Complete():
            return "difference_neyman_satterthwaite"
        case Blocked():
            return "blocked_difference_neyman_satterthwaite"
        case _:
            assert_never(design)


def _learned_design(allocation: Allocation) -> str:
    drawn = int(allocation.arm.sum())
    sizes = f"{drawn} drawn into the intervention, {len(allocation.arm) - drawn} into the control"
    match allocation.design:
        case Complete():
            return f"complete; {sizes}"
        case Blocked():
            return f"blocked by {allocation.design.block}, {len(allocation.block_labels)} blocks; {sizes}"
        case _:
            assert_never(allocation.design)


def _check_estimable(values: FloatArray, allocation: Allocation) -> None:
    if np.isinf(values).any():
        raise EstimationError(
            what="an outcome holds an infinite value",
            where=f"outcome column {int(np.isinf(values).any(axis=0).argmax()) + 1}",
            found=f"{int(np.isinf(values).sum())} infinite values",
            expected="finite numbers, or an empty cell for a person without a value",
            do="find out how they came about, and leave the cell empty if the value is not known",
        )
    blocks = allocation.block if isinstance(allocation.design, Blocked) else np.zeros_like(allocation.arm)
    labels = allocation.block_labels if isinstance(allocation.design, Blocked) else ("",)
    cell = blocks * 2 + allocation.arm
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
