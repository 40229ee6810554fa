"""Effects in standard deviations, and the effect on an index of several outcomes, by the design."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray
from ctieval.domain.judged_effect import JudgedEffect
from ctieval.domain.outcome import BetterWhen, ColumnOutcome, Outcome, Role
from ctieval.domain.outcome_table import OutcomeTable
from ctieval.domain.units import Unit
from ctieval.domain.wording import Label
from ctieval.effects.judge import judge_direction
from ctieval.effects.row import Keys, average_by_design, count_arms, to_row
from ctieval.inference.compared import check_two_arms, compare
from ctieval.inference.estimate import Estimate
from ctieval.inference.standardized_mean import average_index, glass_delta, hedges_g, inverse_covariance_index

INDEX = ColumnOutcome(
    name="index",
    label=Label("Samlet indeks", "Index of outcomes"),
    role=Role.EXPLORATORY,
    better_when=BetterWhen.HIGHER,
    column="index",
    unit=Unit.STANDARD_DEVIATIONS,
)
"""An index counts every outcome in the direction in which a person fares better."""


class Spread(StrEnum):
    """Which standard deviation an effect is measured in.

    ``POOLED``: of both arms, corrected for few persons (Hedges). ``CONTROL``: of the control alone (Glass).
    """

    POOLED = "pooled"
    CONTROL = "control"


class Weights(StrEnum):
    """How an index weighs its outcomes.

    ``EQUAL``: alike (Kling, Liebman and Katz). ``INVERSE_COVARIANCE``: what they have in common counts once (Anderson).
    """

    EQUAL = "equal"
    INVERSE_COVARIANCE = "inverse_covariance"


_SPREAD = {Spread.POOLED: ("hedges_g_normal", hedges_g), Spread.CONTROL: ("glass_delta_normal", glass_delta)}
_INDEX = {
    Weights.EQUAL: ("average_index_by_design_satterthwaite", average_index),
    Weights.INVERSE_COVARIANCE: ("inverse_covariance_index_by_design_satterthwaite", inverse_covariance_index),
}


def estimate_in_standard_deviations(
    values: FloatArray,
    allocation: Allocation,
    outcome: Outcome,
    *,
    spread: Spread = Spread.POOLED,
    conf_level: float = 0.95,
) -> JudgedEffect:
    r"""Estimate an effect in standard deviations.

    Persons drawn in one pool: Hedges' g or Glass' delta with their own variances. Any other design: the effect
    :math:`\hat\tau` that it implies, over the same standard deviation s and with the same correction c,

    .. math:: d = c\, \hat\tau / s, \qquad \widehat V = c^2\, \widehat V(\hat\tau) / s^2 + d^2 / 2 m

    where m is the number of persons in whom s is found, less one for the control alone.

    Args:
        values: Outcome, shape (n,), in the person order of the allocation; NaN where not observed.
        allocation: The allocation of two arms, with its design.
        outcome: The outcome, for its name and better direction.
        spread: Which standard deviation.
        conf_level: Level of the interval, in (0, 1).

    Returns:
        The effect in standard deviations, with a normal reference.

    Raises:
        EstimationError: If there are more arms than two, or the outcome does not vary.
        EstimationError: As ``by_design``.

    References:
        As for ``inference.standardized_mean``.
    """
    check_two_arms(allocation)
    method, standardise = _SPREAD[spread]
    compared, y = compare(allocation), values[allocation.compared]
    n = count_arms(~np.isnan(values) & allocation.compared, allocation)
    total = standardise(y, compared.arm)
    if compared.labels != ("",) or compared.cluster is not None:
        one_unit = standardise(y + compared.arm, compared.arm).estimate - total.estimate
        persons = sum(n) if spread is Spread.POOLED else n[0] - 1
        total = _scale(average_by_design(values, allocation), one_unit, persons)
    row = to_row(
        total,
        Keys(method, unit=Unit.STANDARD_DEVIATIONS.value),
        outcome,
        allocation,
        n=n,
        conf_level=conf_level,
    )
    return judge_direction("standard_deviations", row, outcome)


def estimate_index(
    outcomes: OutcomeTable, allocation: Allocation, *, weights: Weights = Weights.EQUAL, conf_level: float = 0.95
) -> JudgedEffect:
    """Estimate the effect on an index of several outcomes, by the estimator that the design implies.

    Args:
        outcomes: The outcomes, each with its better direction, in the order of the allocation.
        allocation: The allocation of two arms, with its design.
        weights: How the outcomes weigh.
        conf_level: Level of the interval, in (0, 1).

    Returns:
        The effect in standard deviations of the index in the control; higher is better.

    Raises:
        EstimationError: If there are more arms than two.
        EstimationError: If an outcome does not vary in the control, or others explain it there.
        EstimationError: As ``by_design``.

    References:
        As for ``inference.standardized_mean``.
    """
    check_two_arms(allocation)
    method, combine = _INDEX[weights]
    better = np.array([each.better_when is BetterWhen.HIGHER for each in outcomes.outcomes])
    index = combine(outcomes.values, allocation.arm, better).value
    total = average_by_design(index, allocation)
    n = count_arms(~np.isnan(index) & allocation.compared, allocation)
    row = to_row(total, Keys(method), INDEX, allocation, n=n, conf_level=conf_level)
    return judge_direction("index", row, INDEX)


def _scale(total: Estimate, unit: float, persons: int) -> Estimate:
    """An effect in standard deviations, of which one unit of the outcome is so many."""
    effect = unit * total.estimate
    return Estimate(effect, unit**2 * total.variance + effect**2 / (2 * persons), np.inf)
