"""The costs by ingredients: the figure of categories in both arms, and the tables behind it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from ctieval.domain.costing import ArmCost, Costing, CostPart, CostSum, IngredientCost
from ctieval.report.amount_drawing import Amount, AmountGroup, AmountRole, BarChart
from ctieval.report.cells import ABSENT, HIDDEN, Cell, Col, Kind, Row, RowRole
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.economy.amounts import kroner_scale
from ctieval.report.chapters.sources import account_source, drawn_note
from ctieval.report.model import Figure, Table

_ROLES = (AmountRole.PLAIN, AmountRole.COMPARED)
"""How the arms look: the intervention, and the control beside it."""


def cost_figure(context: Context, costing: Costing) -> Figure | None:
    """Return the figure of what both arms cost by category; None where everything of it is hidden."""
    sums = tuple(_drawn(costing))
    drawn = [(_title(context, each), tuple(_amounts(context, each))) for each in sums]
    groups = tuple(AmountGroup(amounts, title) for title, amounts in drawn if amounts)
    if not groups:
        return None
    largest = max((amount.value, group.title) for group in groups for amount in group.amounts[:1])
    return Figure(
        id="costs",
        caption=context.text("economy.costs.figure_caption", weeks=costing.horizon_weeks),
        alt=context.text("economy.costs.figure_alt", category=largest[1], amount=context.fmt.kr(largest[0])),
        draw=BarChart(groups, replace(kroner_scale(context, None), signed=False)),
        columns=(
            Col("category", context.text("head.category")),
            *_arm_columns(context),
        ),
        rows=tuple(
            Row(
                (
                    _title(context, each),
                    _kroner(each.intervention.per_person_drawn),
                    _kroner(each.control.per_person_drawn),
                )
            )
            for each in sums
        ),
        source=account_source(context),
        n_note=drawn_note(context),
        note=context.text("economy.costs.figure_note"),
    )


def ingredients_table(context: Context, costing: Costing) -> Table:
    """Return every ingredient under its part of the account, with the sum of the part."""
    kroner = context.fmt.unit(Kind.KR)
    return Table(
        id="ingredients",
        caption=context.text("economy.costs.table_caption", weeks=costing.horizon_weeks),
        columns=(
            Col("ingredient", context.text("head.ingredient")),
            Col("category", context.text("head.category")),
            *_arm_columns(context),
            Col("participant", context.text("head.per_person_served"), Kind.KR, unit=kroner),
            Col("grade", context.text("head.grade")),
        ),
        rows=tuple(_ingredient_rows(context, costing)),
        source=account_source(context),
        n_note=drawn_note(context),
        note=context.text("economy.costs.table_note"),
    )


def _arm_columns(context: Context) -> tuple[Col, Col]:
    kroner = context.fmt.unit(Kind.KR)
    return (
        Col("intervention", context.text("head.intervention_per_drawn"), Kind.KR, unit=kroner),
        Col("control", context.text("head.control_per_drawn"), Kind.KR, unit=kroner),
    )


def _drawn(costing: Costing) -> Iterator[CostSum]:
    """The categories of the programme, then the usual services as a whole."""
    for each in costing.sums:
        of_programme = each.part is CostPart.PROGRAMME and each.category is not None
        if of_programme or (each.part is CostPart.USUAL_SERVICES and each.category is None):
            yield each


def _title(context: Context, each: CostSum) -> str:
    if each.category is None:
        return context.text(f"cost_part.{each.part.value}")
    return context.text(f"cost_category.{each.category.value}")


def _amounts(context: Context, each: CostSum) -> Iterator[Amount]:
    """The arms that are shown and got some of it."""
    arms = (("intervention", each.intervention), ("control", each.control))
    for (name, cost), role in zip(arms, _ROLES, strict=True):
        kroner = cost.per_person_drawn
        if math.isfinite(kroner) and kroner > 0:
            yield Amount(context.text(f"head.{name}"), kroner, kroner, kroner, role)


def _ingredient_rows(context: Context, costing: Costing) -> Iterator[Row]:
    for part in CostPart:
        own = [each for each in costing.ingredients if each.part is part]
        if own:
            yield Row((context.text(f"cost_part.{part.value}"),), RowRole.GROUP)
        yield from (Row(_ingredient(context, each), RowRole.SUB) for each in own)
        for whole in (each for each in costing.sums if each.part is part and each.category is None and own):
            total = context.text("economy.costs.part_total", part=context.text(f"cost_part.{part.value}"))
            yield Row((total, "", *_costs(whole.intervention, whole.control), ""), RowRole.TOTAL)


def _ingredient(context: Context, each: IngredientCost) -> tuple[Cell, ...]:
    category = context.text(f"cost_category.{each.category.value}")
    return (context.label(each.label), category, *_costs(each.intervention, each.control), each.grade)


def _costs(intervention: ArmCost, control: ArmCost) -> tuple[Cell, Cell, Cell]:
    served = intervention.per_participant
    shown = math.isfinite(intervention.per_person_drawn)
    return (
        _kroner(intervention.per_person_drawn),
        _kroner(control.per_person_drawn),
        ABSENT if shown and math.isnan(served) else _kroner(served),
    )


def _kroner(amount: float) -> Cell:
    return HIDDEN if math.isnan(amount) else amount
