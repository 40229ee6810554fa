"""An effect before and after adjustment for characteristics known before the draw."""

from __future__ import annotations

from dataclasses import dataclass

from ctieval.domain.effect_table import Effect


@dataclass(frozen=True, slots=True)
class AdjustedEffect:
    """Two estimates of one effect, by the same persons.

    Attributes:
        unadjusted: As the design implies.
        adjusted: Adjusted for the characteristics that the plan names.
        error_ratio: Standard error of the adjusted estimate over that of the unadjusted; NaN where hidden, or where
            there is none.
    """

    unadjusted: Effect
    adjusted: Effect
    error_ratio: float
