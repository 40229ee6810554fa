"""Quantities by person, estimated as the design implies and drawn jointly; which play a part lives in ``decide``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray
from ctieval.domain.outlook_plan import OutlookPlan
from ctieval.domain.parameter import Distribution, Origin, Parameter
from ctieval.domain.units import Unit
from ctieval.economics.decision.joint_draws import JointDraws
from ctieval.economics.outlook.resample import build_units, draw_effects, order_by_value
from ctieval.errors import EstimationError
from ctieval.inference.by_design import DesignEstimate, by_design


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Drawn:
    """Quantities, estimated and drawn.

    Attributes:
        draws: Estimates, and joint draws of them.
        found: The same estimates with their intervals.
    """

    draws: JointDraws
    found: DesignEstimate

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the quantities."""
        return self.draws.names

    @property
    def estimates(self) -> dict[str, float]:
        """Their estimates by name."""
        return dict(zip(self.names, self.draws.estimate.tolist(), strict=True))

    def range_of(self, name: str) -> Parameter | None:
        """Return a quantity in kroner with the ends of its interval as its range; None where it does not vary."""
        number = self.names.index(name)
        low, high = float(self.found.conf_low[number]), float(self.found.conf_high[number])
        if not (math.isfinite(low + high) and low < high):
            return None
        return Parameter(
            key=name,
            base=float(self.found.estimate[number]),
            low=low,
            high=high,
            distribution=Distribution.NORMAL,
            unit=Unit.DKK.value,
            coverage=self.found.conf_level,
            origin=Origin.MEASURED,
        )

    def __repr__(self) -> str:
        """Name the size."""
        return f"Drawn({self.draws!r})"


def draw_quantities(
    quantities: Mapping[str, FloatArray], plan: OutlookPlan, allocation: Allocation, *, conf_level: float
) -> Drawn | None:
    """Estimate and draw quantities on the persons who have all of them.

    Args:
        quantities: By name, shape (n,) each, in the order of the allocation; NaN where not observed.
        plan: Resamples and their seed.
        allocation: The allocation.
        conf_level: Level of the intervals.

    Returns:
        What was drawn; None where an arm of a block has a single person, or nobody.
    """
    values, kept = order_by_value(np.column_stack(list(quantities.values())), allocation)
    try:
        units = build_units(values, kept)
    except EstimationError:
        return None
    draws = draw_effects(units, replicates=plan.replicates, seed=plan.seed)
    found = by_design(values, kept, conf_level=conf_level)
    return Drawn(JointDraws(tuple(quantities), found.estimate, draws), found)
