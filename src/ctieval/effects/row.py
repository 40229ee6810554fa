"""From one estimate to a row of the result protocol."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import BoolArray, FloatArray
from ctieval.domain.effect_table import Effect
from ctieval.domain.outcome import Outcome
from ctieval.inference.by_design import ESTIMAND, by_design
from ctieval.inference.estimate import Estimate
from ctieval.inference.interval import student_interval

UNKNOWN_INTERVAL = dict.fromkeys(("statistic", "df", "p_value", "conf_low", "conf_high"), math.nan)
"""What a row says of its uncertainty where too few persons tell of it."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What a row is a row of.

    Attributes:
        method: Key of the estimator.
        estimand: Key of what is estimated.
        unit: Unit of the estimate; that of the outcome where it is empty.
    """

    method: str
    estimand: str = ESTIMAND
    unit: str = ""


def to_row(
    total: Estimate, keys: Keys, outcome: Outcome, allocation: Allocation, *, n: tuple[int, int], conf_level: float
) -> Effect:
    """Return an estimate as a row of the result protocol, with Student's interval.

    Args:
        total: The estimate.
        keys: What it is an estimate of, and by which method.
        outcome: The outcome, for its name, window and unit.
        allocation: The allocation, for its contrast.
        n: Persons in the estimate: control, intervention.
        conf_level: Level of the interval, in (0, 1).
    """
    student = student_interval(
        np.array([total.estimate]), np.array([total.std_error]), np.array([total.df]), conf_level
    )
    return Effect(
        outcome=outcome.name,
        estimand=keys.estimand,
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
        unit=keys.unit or outcome.unit.value,
        window=outcome.window_text,
        method=keys.method,
    )


def average_by_design(values: FloatArray, allocation: Allocation) -> Estimate:
    """Return the average effect on one outcome, shape (n,), as the design implies it."""
    found = by_design(values[:, None], allocation)
    return Estimate(float(found.estimate[0]), float(found.std_error[0]) ** 2, float(found.df[0]))


def count_arms(known: BoolArray, allocation: Allocation) -> tuple[int, int]:
    """Return how many of control and intervention are known, shape (n,)."""
    control, treated = np.bincount(allocation.arm[known], minlength=2)[:2]
    return int(control), int(treated)
