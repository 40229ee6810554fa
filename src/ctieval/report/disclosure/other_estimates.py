"""Takes what is hidden out of the other estimates of an effect: adjusted, and relative."""

from __future__ import annotations

import math
from dataclasses import replace

from ctieval.domain.adjusted_effect import AdjustedEffect
from ctieval.domain.description import OutcomeLevel
from ctieval.domain.evaluation import Evaluation
from ctieval.domain.risk_table import Range, RiskRow
from ctieval.domain.units import Unit
from ctieval.report.disclosure.counts import Verdict
from ctieval.report.disclosure.grid import Grid, lay_grid
from ctieval.report.disclosure.mask import HIDDEN, Discretion, Openness, rounded
from ctieval.report.disclosure.results import Outcomes, drawn_by_block, mask_effect_of_outcome

_NAN = math.nan
_NOTHING = Range(_NAN, _NAN, _NAN)
_LOG_STEP = 0.1
"""Half an interval of a ratio is rounded up to whole tenths of its logarithm, which tells the persons to a third."""


def mask_adjusted(evaluation: Evaluation, outcomes: Outcomes) -> tuple[AdjustedEffect, ...]:
    """Return every effect before and after adjustment with what is hidden taken out.

    An adjusted effect rests on the same persons, so that it is hidden or rounded with the other.
    """
    blocks = drawn_by_block(evaluation.flow)
    return tuple(
        AdjustedEffect(
            unadjusted=mask_effect_of_outcome(row.unadjusted, outcomes, blocks),
            adjusted=mask_effect_of_outcome(row.adjusted, outcomes, blocks),
            error_ratio=_mask_ratio(row, outcomes.of(row.adjusted.outcome).openness),
        )
        for row in evaluation.adjusted
    )


def mask_risks(evaluation: Evaluation, outcomes: Outcomes, verdict: Verdict) -> tuple[RiskRow, ...]:
    """Return the yes/no outcomes on both scales with what is hidden taken out.

    Where the shares are rounded, the difference and the ratio are those of the rounded shares. Where few of a block
    have the event, or lack it, they are those of the shares as shown, the difference rounded and the intervals wider:
    weighed in two ways, as here and in the effects, the blocks' own numbers could be found by trying them all.
    """
    blocks = drawn_by_block(evaluation.flow)
    return tuple(_mask(row, outcomes, verdict, blocks) for row in evaluation.risks)


def _mask(row: RiskRow, outcomes: Outcomes, verdict: Verdict, blocks: tuple[tuple[int, int], ...]) -> RiskRow:
    found, level = _discretion(row, outcomes, verdict), outcomes.levels.get(row.outcome)
    is_shown = outcomes.of(row.outcome).openness is Openness.OPEN
    return replace(_mask_risk(row, found, level, () if is_shown else blocks, is_shown=is_shown), cells=())


def _discretion(row: RiskRow, outcomes: Outcomes, verdict: Verdict) -> Discretion:
    """That of the outcome, and at least rounded where few of a block have the event or lack it."""
    found, level = outcomes.of(row.outcome), outcomes.levels.get(row.outcome)
    if found.openness is not Openness.OPEN or not any(verdict.is_small(n) for n in row.cells):
        return found
    if level is None or level.control is None:
        return HIDDEN
    arms = (level.control, level.intervention)
    return rounded(lay_grid(arms, [arm.n or 0 for arm in arms], Unit.SHARE, verdict.smallest_cell))


def _mask_ratio(row: AdjustedEffect, openness: Openness) -> float:
    if openness is Openness.HIDDEN:
        return _NAN
    return row.error_ratio if openness is Openness.OPEN else round(row.error_ratio, 2)


def _mask_risk(
    row: RiskRow,
    discretion: Discretion,
    level: OutcomeLevel | None,
    blocks: tuple[tuple[int, int], ...],
    *,
    is_shown: bool,
) -> RiskRow:
    """A row as coarse as it must be, by the shares as they are shown elsewhere, or else by rounded ones."""
    if discretion.openness is Openness.OPEN:
        return row
    if discretion.grid is None or level is None or level.control is None:
        return replace(row, difference=_NOTHING, ratio=_NOTHING)
    shares = (level.control.mean, level.intervention.mean)
    if not is_shown:
        shares = (discretion.grid.round(shares[0]), discretion.grid.round(shares[1]))
    return replace(
        row,
        difference=_difference(row, shares, discretion.grid, blocks),
        ratio=_ratio(row.ratio, shares),
    )


def _difference(row: RiskRow, shares: tuple[float, float], grid: Grid, blocks: tuple[tuple[int, int], ...]) -> Range:
    middle = grid.round(shares[1] - shares[0])
    half = (row.difference.high - row.difference.low) / 2
    if math.isnan(half):
        return Range(middle, _NAN, _NAN)
    if blocks:
        half = max(half, grid.half_of_shares(shares, blocks, row.conf_level))
    low, high = grid.ends(middle, half)
    return Range(middle, low, high)


def _ratio(ratio: Range, shares: tuple[float, float]) -> Range:
    control, intervention = shares
    if not control or not intervention or math.isnan(ratio.low) or not ratio.low:
        return Range(intervention / control if control else _NAN, _NAN, _NAN)
    middle = intervention / control
    half = math.log(ratio.high / ratio.low) / 2
    wide = math.exp((math.ceil(half / _LOG_STEP) + 1) * _LOG_STEP)
    return Range(middle, middle / wide, middle * wide)
