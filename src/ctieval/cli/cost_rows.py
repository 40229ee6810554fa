"""The costs by ingredients as flat rows for the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from ctieval.cli.console import Row
from ctieval.domain.costing import ArmCost, Costing, CostSum, IngredientCost

_OPEN = float("nan")
_TEXTS = ("part", "category", "ingredient", "phase", "payer", "driver", "grade", "source")


def cost_rows(costing: Costing | None) -> Sequence[Row]:
    """One row an ingredient and a sum, in kroner per person drawn; then at scale, the net cost and the paid hours.

    The net cost is that of programme and usual services, intervention less control; it is open where the control's
    usual services are not known.
    """
    if costing is None:
        return []
    intervention, control = costing.hours
    return [
        *(_ingredient(each) for each in costing.ingredients),
        *(_sum(each) for each in costing.sums),
        _row("at_scale", part="programme", phase="run", **_arms(costing.at_scale, None)),
        _row("net_cost", difference=costing.net_per_person_drawn),
        _row("paid_hours_per_contact_hour", intervention=intervention.ratio, control=control.ratio),
    ]


def reconciled_rows(costing: Costing | None) -> Sequence[Row]:
    """One row a comparison of ingredients and accounts: all, a place, or a place and quarter."""
    rows = () if costing is None else costing.reconciled
    return [{**asdict(row), "ratio": row.ratio} for row in rows]


def _ingredient(cost: IngredientCost) -> Row:
    return _row(
        "ingredient",
        part=cost.part.value,
        category=cost.category.value,
        ingredient=cost.ingredient,
        phase=cost.phase.value,
        payer=cost.payer,
        driver=cost.driver,
        unit_price=cost.unit_price,
        quantity=cost.quantity,
        grade=cost.grade,
        source=cost.source,
        **_arms(cost.intervention, cost.control),
    )


def _sum(cost: CostSum) -> Row:
    kind, category = ("part", "") if cost.category is None else ("category", cost.category.value)
    return _row(kind, part=cost.part.value, category=category, **_arms(cost.intervention, cost.control))


def _arms(intervention: ArmCost, control: ArmCost | None) -> dict[str, str | float]:
    drawn = {"intervention": intervention.per_person_drawn, "intervention_participant": intervention.per_participant}
    if control is None:
        return {**drawn}
    other = {"control": control.per_person_drawn, "control_participant": control.per_participant}
    return {**drawn, **other, "difference": intervention.per_person_drawn - control.per_person_drawn}


def _row(kind: str, **cells: str | float) -> Row:
    numbers = ("unit_price", "quantity", "intervention", "control", "difference")
    more = ("intervention_participant", "control_participant")
    empty = {**dict.fromkeys(_TEXTS, ""), **dict.fromkeys((*numbers, *more), _OPEN)}
    return {"row": kind, **empty, **cells}
