r"""Rounds the costs by ingredients, so that they tell neither how many persons used something nor what a few cost.

A cost is a quantity times a price that is shown: 8,000 kroner of something at 4,000 kroner a person tell of two. So

- What fewer than ``smallest_cell`` persons of an arm used is not shown, and neither is anything of its part of the
  account in that arm but the sum of the part, from which the rest could else be taken off.
- Kroner per person drawn are rounded to what ``smallest_cell`` persons of average cost add to them,
  :math:`s = m \, \bar c / n`, and up to 1, 2 or 5 times a power of ten; kroner per participant likewise.
- Totals, quantities and numbers of persons are not shown, nor are the accounts of single places and quarters. Hours
  are shown as paid hours for one hour of contact, to a tenth.
- What nobody used costs nothing, and that is shown.
"""

from __future__ import annotations

import math
from dataclasses import replace

from ctieval.domain.costing import ArmCost, Costing, CostPart, CostSum, IngredientCost, PaidHours, Reconciled

_NAN = float("nan")
_STEPS = (1, 2, 5, 10)
_WHOLE_PART = None
Drawn = tuple[int | None, int | None]


def round_costing(costing: Costing | None, allocated: Drawn, smallest_cell: int) -> Costing | None:
    """Return the costs fit to publish.

    Args:
        costing: The costs as the engine left them.
        allocated: Persons drawn into control and intervention, as they are shown elsewhere; None where hidden.
        smallest_cell: Fewest persons that may be shown.
    """
    if costing is None or smallest_cell <= 1:
        return costing
    few = {
        (each.part, arm)
        for each in costing.ingredients
        for arm, cost in enumerate((each.control, each.intervention))
        if _is_small(cost, smallest_cell)
    }
    rounding = _Rounding(allocated, smallest_cell, frozenset(few))
    return replace(
        costing,
        ingredients=tuple(rounding.ingredient(each) for each in costing.ingredients),
        sums=tuple(rounding.sum(each) for each in costing.sums),
        at_scale=rounding.arm(costing.at_scale, 1, hidden=(CostPart.PROGRAMME, 1) in few),
        hours=_hours(costing, smallest_cell),
        reconciled=tuple(rounding.reconciled(costing, each) for each in costing.reconciled if not each.site),
    )


class _Rounding:
    """How costs of each arm and part are rounded."""

    def __init__(self, allocated: Drawn, smallest_cell: int, few: frozenset[tuple[CostPart, int]]) -> None:
        self._allocated, self._smallest, self._few = allocated, smallest_cell, few

    def ingredient(self, cost: IngredientCost) -> IngredientCost:
        control, intervention = (
            self.arm(each, arm, hidden=(cost.part, arm) in self._few)
            for arm, each in enumerate((cost.control, cost.intervention))
        )
        return replace(cost, quantity=_NAN, control=control, intervention=intervention)

    def sum(self, cost: CostSum) -> CostSum:
        control, intervention = (
            self.arm(each, arm, hidden=cost.category is not _WHOLE_PART and (cost.part, arm) in self._few)
            for arm, each in enumerate((cost.control, cost.intervention))
        )
        return replace(cost, control=control, intervention=intervention)

    def arm(self, cost: ArmCost, arm: int, *, hidden: bool) -> ArmCost:
        drawn = self._allocated[arm]
        if not cost.persons and drawn is not None and not hidden:
            return replace(cost, total=_NAN)
        if hidden or drawn is None or _is_small(cost, self._smallest) or not cost.persons:
            return ArmCost(drawn, None, _NAN, _NAN, _NAN)
        share = self._smallest / cost.persons
        return ArmCost(
            drawn=drawn,
            persons=None,
            total=_NAN,
            per_person_drawn=_round(cost.per_person_drawn, share),
            per_participant=_round(cost.per_participant, share),
        )

    def reconciled(self, costing: Costing, row: Reconciled) -> Reconciled:
        persons = costing.at_scale.persons or 0
        enough = persons >= self._smallest
        return replace(row, bottom_up=_round(row.bottom_up, self._smallest / persons) if enough else _NAN)


def _is_small(cost: ArmCost, smallest_cell: int) -> bool:
    return cost.persons is None or 0 < cost.persons < smallest_cell


def _round(kroner: float, share: float) -> float:
    """Round to a step of at least a share of the amount."""
    least = kroner * share
    if not math.isfinite(kroner) or least <= 0:
        return kroner
    power = 10.0 ** math.floor(math.log10(least))
    step = next(factor * power for factor in _STEPS if factor * power >= least * (1 - 1e-9))
    return round(math.floor(kroner / step + 0.5) * step, 6)


def _hours(costing: Costing, smallest_cell: int) -> tuple[PaidHours, PaidHours]:
    """Ratio of hours alone, of those arms in which enough persons are behind them."""
    whole = {each.part: each for each in costing.sums if each.category is _WHOLE_PART}
    programme, usual = whole.get(CostPart.PROGRAMME), whole.get(CostPart.USUAL_SERVICES)
    arms = (programme and programme.intervention, usual and usual.control)
    shown = [cost is not None and (cost.persons or 0) >= smallest_cell for cost in arms]
    intervention, control = (
        PaidHours(_NAN, _NAN, round(each.ratio, 1) if enough else _NAN)
        for each, enough in zip(costing.hours, shown, strict=True)
    )
    return intervention, control
