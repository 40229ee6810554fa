"""Ways to estimate one effect beside the difference that the design implies: adjusted, standardised, for compliers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import BoolArray, FloatArray
from ctieval.domain.effect_table import Effect
from ctieval.domain.outcome import ColumnOutcome
from ctieval.errors import EstimationError
from ctieval.inference.adjusted_difference import adjusted_difference
from ctieval.inference.by_design import ESTIMAND, by_design
from ctieval.inference.clustered_adjustment import adjusted_clustered_difference
from ctieval.inference.compliance import complier_effect
from ctieval.inference.estimate import Estimate
from ctieval.inference.interval import student_interval
from ctieval.inference.standardized_risk import standardize_risk

COMPLIERS = "cace"
"""The average effect on those who take part if drawn, and else do not."""


class Method(StrEnum):
    """How an effect is estimated.

    ``DIFFERENCE``: as the design implies. ``ADJUSTED``: with covariates, by Lin's interacted regression.
    ``STANDARDIZED``: a difference of shares, by a logistic working model. ``CACE``: on those who comply with the draw.
    """

    DIFFERENCE = "difference"
    ADJUSTED = "adjusted"
    STANDARDIZED = "standardized"
    CACE = "cace"


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What one effect is estimated from, in the person order of the allocation.

    Attributes:
        values: The outcome, shape (n,); NaN where not observed.
        covariates: Numbers known before the draw, shape (n, k); NaN where missing.
        take_up: Whether or how much each took part, shape (n,); NaN where not known.
    """

    values: FloatArray
    covariates: FloatArray
    take_up: FloatArray


def estimate_by(
    method: Method, measured: Measured, allocation: Allocation, outcome: ColumnOutcome, *, conf_level: float = 0.95
) -> Effect:
    """Estimate the effect on one outcome by a method that is named.

    Args:
        method: The method.
        measured: Outcome, covariates and take-up.
        allocation: The allocation, with its design.
        outcome: The outcome, for its name and unit.
        conf_level: Level of the interval, in (0, 1).

    Returns:
        The effect, as a row of the result protocol. For compliers the interval is by Student's t; where few take part,
        ``inference.compliance`` gives Anderson and Rubin's region beside it.

    Raises:
        EstimationError: If the method does not fit the design or the outcome, or cannot estimate it.
    """
    match method:
        case Method.DIFFERENCE:
            found = by_design(measured.values[:, None], allocation, conf_level=conf_level)
            return found.to_effect(0, outcome=outcome.name, unit=outcome.unit, window=outcome.window_text)
        case Method.ADJUSTED:
            total, n, key = _adjust(measured, allocation)
        case Method.STANDARDIZED:
            total, n, key = _standardize(measured, allocation)
        case Method.CACE:
            design = partial(_by_design, allocation=allocation)
            total = complier_effect(measured.values, measured.take_up, design, conf_level=conf_level).total
            known = ~(np.isnan(measured.values) | np.isnan(measured.take_up))
            n, key = _count(known, allocation), "complier_effect_wald_satterthwaite"
    student = student_interval(
        np.array([total.estimate]), np.array([total.std_error]), np.array([total.df]), conf_level
    )
    return Effect(
        outcome=outcome.name,
        estimand=COMPLIERS if method is Method.CACE else ESTIMAND,
        contrast=allocation.arms.contrast,
        estimate=total.estimate,
        std_error=total.std_error,
        statistic=float(student.statistic[0]),
        df=total.df,
        p_value=float(student.p_value[0]),
        conf_low=float(student.conf_low[0]),
        conf_high=float(student.conf_high[0]),
        conf_level=conf_level,
        n=sum(n),
        n_treated=n[1],
        n_control=n[0],
        unit=outcome.unit.value,
        window=outcome.window_text,
        method=key,
    )


def _adjust(measured: Measured, allocation: Allocation) -> tuple[Estimate, tuple[int, int], str]:
    blocked = allocation.block_labels != ("",)
    n = _count(~np.isnan(measured.values), allocation)
    if allocation.cluster_labels == ("",):
        found = adjusted_difference(
            measured.values,
            allocation.arm,
            measured.covariates,
            block=allocation.block if blocked else None,
            labels=allocation.block_labels,
        )
        return found.total, n, "adjusted_difference_lin_satterthwaite"
    if blocked:
        raise _unfit("clusters drawn within blocks", "persons drawn in one pool or in blocks, or clusters in one pool")
    clustered = adjusted_clustered_difference(measured.values, allocation.arm, measured.covariates, allocation.cluster)
    return clustered.total, n, "clustered_adjusted_difference_lin_satterthwaite"


def _standardize(measured: Measured, allocation: Allocation) -> tuple[Estimate, tuple[int, int], str]:
    if allocation.cluster_labels != ("",) or allocation.block_labels != ("",):
        raise _unfit("clusters or blocks, which the working model would have to hold", "persons drawn in one pool")
    found = standardize_risk(measured.values, allocation.arm, measured.covariates)
    return found.difference(), found.n, "standardized_risk_difference_satterthwaite"


def _by_design(values: FloatArray, allocation: Allocation) -> Estimate:
    found = by_design(values[:, None], allocation)
    return Estimate(float(found.estimate[0]), float(found.std_error[0]) ** 2, float(found.df[0]))


def _count(known: BoolArray, allocation: Allocation) -> tuple[int, int]:
    control, treated = np.bincount(allocation.arm[known], minlength=2)[:2]
    return int(control), int(treated)


def _unfit(found: str, expected: str) -> EstimationError:
    return EstimationError(
        what="this version has no estimator of this method for the design",
        where="the method",
        found=found,
        expected=expected,
        do="use the method difference, which follows the design",
    )
