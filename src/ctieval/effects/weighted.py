"""Effects weighted by the probabilities of the design, which are known and never fitted to data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arms import FIRST_PAIR, ArmPair
from ctieval.domain.arrays import FloatArray
from ctieval.domain.effect_table import Effect
from ctieval.domain.outcome import Outcome
from ctieval.domain.wording import Notice
from ctieval.effects.row import Keys, to_row
from ctieval.inference.drawn_in_pairs import DrawnInPairs
from ctieval.inference.drawn_units import draw_units
from ctieval.inference.horvitz_thompson import Drawn, hajek, horvitz_thompson


class Weighting(StrEnum):
    """How outcomes are weighted by one over the probability of the arm.

    ``HORVITZ_THOMPSON``: totals over everybody drawn; unbiased. ``HAJEK``: weighted means of those with a value.
    """

    HORVITZ_THOMPSON = "horvitz_thompson"
    HAJEK = "hajek"


METHODS = {
    Weighting.HORVITZ_THOMPSON: "horvitz_thompson_aronow_middleton",
    Weighting.HAJEK: "hajek_aronow_middleton",
}
"""Keys of the estimators in the result protocol."""


@dataclass(frozen=True, slots=True)
class WeightedEffect:
    """An effect weighted by the probabilities of the design.

    Attributes:
        effect: The effect, as a row of the result protocol, with a normal reference.
        monte_carlo_error: Error of the estimate that comes from simulated probabilities, in its unit, which the
            standard error of the effect holds too; 0 where they are exact.
        warnings: ``W-PROBABILITY-SIMULATED`` where they are not.
    """

    effect: Effect
    monte_carlo_error: float
    warnings: tuple[Notice, ...]


def estimate_weighted(
    values: FloatArray,
    allocation: Allocation,
    outcome: Outcome,
    *,
    weighting: Weighting = Weighting.HAJEK,
    pair: ArmPair = FIRST_PAIR,
    covariates: FloatArray | None = None,
    conf_level: float = 0.95,
) -> WeightedEffect:
    r"""Estimate the effect on one outcome by the marginal and joint probabilities of the design.

    .. math:: \widehat{\mathrm{se}}^2 = \widehat V + \mathrm{se}_{MC}^2

    with Aronow and Middleton's variance, and the Monte Carlo error of the probabilities where those are simulated, as
    under minimisation. No probability is fitted to data.

    Args:
        values: The outcome, shape (n,), in the person order of the allocation; NaN where not observed.
        allocation: The allocation, with its design.
        outcome: The outcome, for its name and unit.
        weighting: The estimator.
        pair: The two arms that are compared.
        covariates: What a rerandomised design judged its draws by, shape (n, p); other designs read none.
        conf_level: Level of the interval, in (0, 1).

    Returns:
        The effect, and what comes of simulation.

    Raises:
        EstimationError: As ``draw_units``, ``horvitz_thompson`` and ``hajek`` raise.

    References:
        Aronow, P. M. & Middleton, J. A. (2013), as in ``inference.horvitz_thompson``.
    """
    units = draw_units(allocation, covariates)
    values = values[allocation.compared]
    estimator = horvitz_thompson if weighting is Weighting.HORVITZ_THOMPSON else hajek
    found = estimator(values, units, arm=pair.arm, reference=pair.reference)
    error = _monte_carlo_error(values, units, weighting, pair)
    total = replace(found, variance=found.variance + error**2)
    arm = units.arm[units.unit]
    n = [int((~np.isnan(values) & (arm == each)).sum()) for each in (pair.reference, pair.arm)]
    keys, two = Keys(METHODS[weighting]), allocation.between(pair)
    row = to_row(total, keys, outcome, two, n=(n[0], n[1]), conf_level=conf_level)
    return WeightedEffect(row, error, _notices(units, error))


def _monte_carlo_error(values: FloatArray, units: Drawn | DrawnInPairs, weighting: Weighting, pair: ArmPair) -> float:
    """Error of the estimate from simulated probabilities; Hajek's is that of the residuals."""
    if isinstance(units, Drawn):
        return 0.0
    known, arm = ~np.isnan(values), units.arm[units.unit]
    part = np.where(known, values, 0.0) / len(values)
    if weighting is Weighting.HAJEK:
        weight = 1 / units.chance[units.unit, arm]
        for each in (pair.reference, pair.arm):
            mine = known & (arm == each)
            size = weight[mine].sum()
            part[mine] = (values[mine] - weight[mine] @ values[mine] / size) / size
    total = np.bincount(units.unit, weights=part, minlength=len(units.arm)).astype(np.float64)
    return units.monte_carlo_error(total, pair.arm, pair.reference)


def _notices(units: Drawn | DrawnInPairs, error: float) -> tuple[Notice, ...]:
    if isinstance(units, Drawn) or not units.joint.replicates:
        return ()
    facts = (("replicates", units.joint.replicates), ("error", f"{error:.2g}"))
    return (Notice("W-PROBABILITY-SIMULATED", "assignment", facts),)
