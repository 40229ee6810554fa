"""Every effect beside the same effect adjusted for characteristics that the plan names."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ctieval.domain.adjusted_effect import AdjustedEffect
from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray
from ctieval.domain.effect_table import Effect, EffectTable
from ctieval.domain.outcome import Outcome
from ctieval.domain.outcome_table import OutcomeTable
from ctieval.domain.wording import Notice
from ctieval.effects.notices import notices_of_adjustment
from ctieval.effects.row import UNKNOWN_INTERVAL, Keys, to_row
from ctieval.errors import EstimationError
from ctieval.inference.adjusted_by_design import adjust_by_design

NOT_ADJUSTED = "W-NOT-ADJUSTED"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Characteristics:
    """What is adjusted for.

    Attributes:
        columns: Numbers known before the draw, in the person order of the allocation, shape (n, k); NaN where missing.
        names: The characteristic of each column, k of them; one in categories has several columns.
    """

    columns: FloatArray
    names: tuple[str, ...]

    def __repr__(self) -> str:
        """Name the columns, never a person."""
        return f"Characteristics({len(self.columns)} persons; {', '.join(dict.fromkeys(self.names))})"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Effects before and after adjustment.

    Attributes:
        rows: One for each effect that could be adjusted, in the order of the effects.
        warnings: Coded warnings.
    """

    rows: tuple[AdjustedEffect, ...]
    warnings: tuple[Notice, ...]


def estimate_adjusted(
    outcomes: OutcomeTable, allocation: Allocation, characteristics: Characteristics, effects: EffectTable
) -> Adjustment:
    """Adjust every effect for the same characteristics, by the estimator that the design allows.

    A gap in a characteristic is filled by the mean and marked by a column of its own, and a ``W-COVARIATE-FILLED``
    notice names it; nobody is left out for it. A column that the others or the blocks explain adds nothing: it is
    left out, and ``W-COVARIATE-LEFT-OUT`` names its characteristic where nothing of it is left. An effect that cannot
    be adjusted becomes ``W-NOT-ADJUSTED``, and one whose interval was withheld is adjusted without one.

    Args:
        outcomes: Outcomes by person, in the order of the allocation.
        allocation: The allocation, with its design.
        characteristics: What is adjusted for.
        effects: The effects as the design implies.

    Returns:
        Both estimates of each effect; nothing where there are several interventions.

    References:
        As for ``inference.adjusted_difference``.
    """
    if len(allocation.arms.labels) > 2:
        return Adjustment((), tuple(Notice(NOT_ADJUSTED, row.outcome) for row in effects.rows))
    place = {outcome.name: number for number, outcome in enumerate(outcomes.outcomes)}
    rows: list[AdjustedEffect] = []
    warnings: list[Notice] = []
    for effect in effects.rows:
        number = place[effect.outcome]
        measured = outcomes.values[:, number]
        try:
            row, notices = _adjust(effect, outcomes.outcomes[number], measured, allocation, characteristics)
        except EstimationError:
            warnings.append(Notice(NOT_ADJUSTED, effect.outcome))
            continue
        rows.append(row)
        warnings += notices
    return Adjustment(tuple(rows), tuple(dict.fromkeys(warnings)))


def _adjust(
    effect: Effect, outcome: Outcome, values: FloatArray, allocation: Allocation, characteristics: Characteristics
) -> tuple[AdjustedEffect, tuple[Notice, ...]]:
    found = adjust_by_design(values, characteristics.columns, allocation)
    row = to_row(found.total, Keys(found.method), outcome, allocation, n=found.n, conf_level=effect.conf_level)
    ratio = row.std_error / effect.std_error if effect.std_error > 0 else math.nan
    if math.isnan(effect.conf_low):
        row, ratio = replace(row, **UNKNOWN_INTERVAL), math.nan
    told = notices_of_adjustment(
        effect.outcome,
        characteristics.names,
        n_missing=found.n_missing,
        dropped=found.dropped,
        full_leverage=found.full_leverage,
    )
    return AdjustedEffect(effect, row, ratio), tuple(told)


def lead_with_adjusted(effects: EffectTable, adjustment: Adjustment) -> EffectTable:
    """Put the adjusted estimate in the place of each effect that could be adjusted.

    Args:
        effects: The effects as the design implies.
        adjustment: The same effects, adjusted.

    Returns:
        A new table, in the same order.
    """
    adjusted = {row.adjusted.outcome: row.adjusted for row in adjustment.rows}
    return replace(effects, rows=tuple(adjusted.get(row.outcome, row) for row in effects.rows))
