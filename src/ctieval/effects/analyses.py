"""Ways to estimate one effect beside the difference that the design implies: adjusted, standardised, for compliers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ctieval.domain.allocation import Allocation
from ctieval.domain.arms import FIRST_PAIR
from ctieval.domain.arrays import BoolArray, FloatArray
from ctieval.domain.effect_table import Effect
from ctieval.domain.outcome import ColumnOutcome
from ctieval.domain.wording import Notice
from ctieval.effects.compliance import estimate_complier_effect, notices_of_region
from ctieval.effects.notices import notices_of_adjustment, notices_of_design
from ctieval.effects.row import Keys, to_row
from ctieval.inference.adjusted_by_design import adjust_by_design
from ctieval.inference.by_design import by_design
from ctieval.inference.compared import check_two_arms
from ctieval.inference.standardized_by_design import standardize_by_design


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
        names: The characteristic of each covariate, k of them; empty where they have no names.
    """

    values: FloatArray
    covariates: FloatArray
    take_up: FloatArray
    names: tuple[str, ...] = ()

    def take(self, rows: BoolArray) -> Measured:
        """Return what was measured of some persons, shape (n,)."""
        return Measured(self.values[rows], self.covariates[rows], self.take_up[rows], self.names)


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
        The effect, as a row of the result protocol. For compliers the interval is by Student's t;
        ``effects.compliance`` gives Anderson and Rubin's region beside it, which holds also where few take part.

    Raises:
        EstimationError: If the method does not fit the design or the outcome, or cannot estimate it.
    """
    (first, *_), _ = analyse(method, measured, allocation, outcome, conf_level=conf_level)
    return first


def analyse(
    method: Method, measured: Measured, allocation: Allocation, outcome: ColumnOutcome, *, conf_level: float = 0.95
) -> tuple[tuple[Effect, ...], tuple[Notice, ...]]:
    """Estimate the effect on one outcome as ``estimate_by``, and say what a reader must know of it.

    The effect on compliers is followed by Anderson and Rubin's region, as one row, or as two where it is two rays.

    Raises:
        EstimationError: As ``estimate_by``.
    """
    match method:
        case Method.DIFFERENCE:
            found = by_design(measured.values[:, None], allocation, conf_level=conf_level)
            row = found.to_effect(0, outcome=outcome.name, unit=outcome.unit, window=outcome.window_text)
            return (row,), tuple(notices_of_design(outcome.name, found, measured.values, allocation, FIRST_PAIR))
        case Method.ADJUSTED:
            adjusted = adjust_by_design(measured.values, measured.covariates, allocation)
            total, n, key = adjusted.total, adjusted.n, adjusted.method
            n_missing, dropped, full = adjusted.n_missing, adjusted.dropped, adjusted.full_leverage
        case Method.STANDARDIZED:
            check_two_arms(allocation)
            found = standardize_by_design(measured.values, measured.covariates, allocation)
            total, n, key = found.risks.difference(), found.risks.n, found.method
            n_missing, dropped, full = found.risks.n_missing, found.risks.dropped, 0
        case Method.CACE:
            check_two_arms(allocation)
            complied = estimate_complier_effect(
                measured.values, measured.take_up, allocation, outcome, conf_level=conf_level
            )
            return (complied.effect, *complied.regions), notices_of_region(complied)
    row = to_row(total, Keys(key), outcome, allocation, n=n, conf_level=conf_level)
    names = measured.names or tuple(f"covariate {number + 1}" for number in range(measured.covariates.shape[1]))
    told = notices_of_adjustment(outcome.name, names, n_missing=n_missing, dropped=dropped, full_leverage=full)
    return (row,), tuple(told)
