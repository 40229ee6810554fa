"""Yes/no outcomes on the absolute and the relative scale, by the design."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from scipy.special import ndtri

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray
from ctieval.domain.effect_table import Effect, EffectTable
from ctieval.domain.outcome_table import OutcomeTable
from ctieval.domain.risk_table import Range, RiskMethod, RiskRow
from ctieval.domain.units import Unit
from ctieval.inference.compared import Compared, compare
from ctieval.inference.estimate import Estimate
from ctieval.inference.risk_ratio import log_risk_ratio
from ctieval.inference.two_risks import mantel_haenszel, newcombe_difference


def compare_risks(outcomes: OutcomeTable, allocation: Allocation, effects: EffectTable) -> tuple[RiskRow, ...]:
    r"""Compare the shares of both arms, by their difference and their ratio.

    Persons drawn in one pool: Newcombe's interval of the difference, and the logarithm of the ratio. Persons drawn in
    blocks: Mantel and Haenszel's difference and ratio over the blocks, by which blocks weigh by what they tell and not
    by their persons; without intervals where that of the effect was withheld. Whole units or pairs: the difference as
    the design implies, and a ratio without an interval.

    .. math:: \hat\tau = p_1 - p_0, \qquad \hat\rho = p_1 / p_0

    Args:
        outcomes: Outcomes by person, in the order of the allocation.
        allocation: The allocation, with its design.
        effects: The effects as the design implies.

    Returns:
        One row a yes/no outcome with an effect; nothing where there are several interventions.

    References:
        As for ``inference.two_risks`` and ``inference.risk_ratio``.
    """
    if len(allocation.arms.labels) > 2:
        return ()
    return tuple(_rows(outcomes, allocation, effects))


def _rows(outcomes: OutcomeTable, allocation: Allocation, effects: EffectTable) -> Iterator[RiskRow]:
    compared = compare(allocation)
    place = {outcome.name: number for number, outcome in enumerate(outcomes.outcomes)}
    for effect in effects.rows:
        if effect.unit == Unit.SHARE:
            yield _compare(effect, outcomes.values[allocation.compared, place[effect.outcome]], compared)


def _compare(effect: Effect, values: FloatArray, compared: Compared) -> RiskRow:
    events, n = _count(values, compared)
    ratio = log_risk_ratio(events, n)
    level = effect.conf_level
    if compared.cluster is not None or compared.matched:
        difference = Range(effect.estimate, effect.conf_low, effect.conf_high)
        (c, a), (n0, n1) = events.sum(axis=0), n.sum(axis=0)
        alone = Range(_over(float(a / n1), float(c / n0)), math.nan, math.nan)
        return RiskRow(effect.outcome, difference, alone, RiskMethod.DESIGN, level)
    if compared.labels == ("",):
        counts = ((int(events[0, 0]), int(events[0, 1])), (int(n[0, 0]), int(n[0, 1])))
        score = newcombe_difference(*counts, conf_level=level)
        difference = Range(score.estimate, score.conf_low, score.conf_high)
        return RiskRow(effect.outcome, difference, _exponential(ratio, level), RiskMethod.SCORE, level)
    over_blocks = mantel_haenszel(events, n).difference
    withheld = math.isnan(effect.conf_low)
    half = math.nan if withheld else float(ndtri((1 + level) / 2)) * over_blocks.std_error
    difference = Range(over_blocks.estimate, over_blocks.estimate - half, over_blocks.estimate + half)
    quotient = _exponential(replace(ratio, variance=math.inf) if withheld else ratio, level)
    cells = tuple(int(each) for each in np.concatenate([events, n - events]).ravel())
    return RiskRow(effect.outcome, difference, quotient, RiskMethod.MANTEL_HAENSZEL, level, cells)


def _count(values: FloatArray, compared: Compared) -> tuple[FloatArray, FloatArray]:
    """Events and persons with a value, shape (blocks, 2): control, intervention."""
    known, cell = ~np.isnan(values), 2 * compared.block + compared.arm
    size = 2 * len(compared.labels)
    n = np.bincount(cell[known], minlength=size).reshape(-1, 2).astype(np.float64)
    events = np.bincount(cell[known], weights=values[known], minlength=size).reshape(-1, 2)
    return events.astype(np.float64), n


def _exponential(ratio: Estimate, conf_level: float) -> Range:
    """A ratio from its logarithm; where an arm has no event, or next to none, nothing tells its interval."""
    if not (math.isfinite(ratio.estimate) and math.isfinite(ratio.variance)):
        return Range(math.exp(ratio.estimate), math.nan, math.nan)
    half = float(ndtri((1 + conf_level) / 2)) * ratio.std_error
    return Range(math.exp(ratio.estimate), math.exp(ratio.estimate - half), math.exp(ratio.estimate + half))


def _over(treated: float, control: float) -> float:
    """One share over another; infinite where only the control has none."""
    if control:
        return treated / control
    return math.inf if treated else math.nan
