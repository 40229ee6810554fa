"""The account per participant: another estimand than per person drawn, and never mixed with it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray
from ctieval.domain.cost_benefit import ParticipantResult, PerParticipant
from ctieval.domain.effect_table import Effect
from ctieval.domain.units import Unit
from ctieval.domain.window import Window
from ctieval.economics.person_account import PersonAccounts
from ctieval.inference.by_design import by_design
from ctieval.inference.compliance import ComplierEffect, Region, complier_effect
from ctieval.inference.estimate import Estimate
from ctieval.inference.interval import student_interval

ESTIMAND = "cace_participants"
"""The average effect on those who take part because they are drawn."""
DELTA = "complier_ratio_delta_satterthwaite"
FIELLER = "complier_ratio_fieller_satterthwaite"
STRONG_DRAW = 10
"""The t of the draw's effect on taking part below which the interval is Fieller's and not the delta method's."""


def estimate_per_participant(
    persons: PersonAccounts,
    took_part: FloatArray | None,
    allocation: Allocation,
    *,
    window: Window,
    conf_level: float = 0.95,
) -> PerParticipant | None:
    r"""Divide each result by the effect of the draw on taking part.

    .. math:: \Delta^k_{part} = \Delta^k / \Delta^{take-up}

    with a variance by the delta method that holds the covariance of the two. Where the draw moved taking part so
    little that its t is below 10, the interval is that of Fieller: Anderson and Rubin's region, which may be open.
    All of it needs that the draw changes the account by taking part alone.

    Args:
        persons: The persons' accounts.
        took_part: 1 for those who took part and 0 for others, shape (n,); NaN where not known, None where nobody
            knows.
        allocation: The allocation, in the same person order.
        window: Weeks from the draw.
        conf_level: Level of the intervals.

    Returns:
        The results, or None where nobody knows who took part, the draw moved nobody, or there is no net result.

    Raises:
        EstimationError: If fewer than two persons are wholly observed in an arm of a block.

    References:
        Fieller, E. C. (1954). Some problems in interval estimation. Journal of the Royal Statistical Society B 16(2).
    """
    if took_part is None or not persons.complete:
        return None
    take_up = np.where(np.isnan(persons.weeks), np.nan, took_part)
    found = by_design(take_up[:, None], allocation, conf_level=conf_level)
    first_stage = found.to_effect(0, outcome="took_part", unit=Unit.SHARE, window=str(window))
    if first_stage.estimate == 0:
        return None
    return PerParticipant(
        take_up=first_stage,
        participants=(_count(take_up, allocation, 0), _count(take_up, allocation, 1)),
        results=tuple(
            ParticipantResult(
                account, view, _per_participant(net.sum(axis=1), take_up, allocation, first_stage, account)
            )
            for view in persons.views
            for account, net in persons.net(view).items()
        ),
    )


def _count(take_up: FloatArray, allocation: Allocation, arm: int) -> int:
    return int((take_up[allocation.arm == arm] > 0).sum())


def _per_participant(
    values: FloatArray, take_up: FloatArray, allocation: Allocation, first_stage: Effect, account: str
) -> Effect:
    def contrast(column: FloatArray) -> Estimate:
        found = by_design(column[:, None], allocation)
        return Estimate(float(found.estimate[0]), float(found.std_error[0]) ** 2, float(found.df[0]))

    level = first_stage.conf_level
    found = complier_effect(values, take_up, contrast, conf_level=level)
    is_strong = first_stage.std_error == 0 or abs(first_stage.estimate) >= STRONG_DRAW * first_stage.std_error
    std_error = math.sqrt(found.total.variance)
    estimate, error, df = (np.array([each]) for each in (found.total.estimate, std_error, found.total.df))
    student = student_interval(estimate, error, df, level)
    low, high = (float(student.conf_low[0]), float(student.conf_high[0])) if is_strong else _fieller(found)
    return replace(
        first_stage,
        outcome=f"{account}.net_result",
        estimand=ESTIMAND,
        estimate=found.total.estimate,
        std_error=std_error,
        statistic=float(student.statistic[0]),
        df=found.total.df,
        p_value=float(student.p_value[0]),
        conf_low=low,
        conf_high=high,
        unit=Unit.DKK.value,
        method=DELTA if is_strong else FIELLER,
    )


def _fieller(found: ComplierEffect) -> tuple[float, float]:
    """Ends of the region; open on both sides where it leaves out no more than a middle."""
    if found.region.region is Region.BETWEEN:
        return found.region.low, found.region.high
    return -math.inf, math.inf
