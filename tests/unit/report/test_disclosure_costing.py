"""Costs fit to publish: no number of persons, no cost of a few, and nothing from which either can be taken off."""

import math
from dataclasses import replace

import pytest

from ctieval.domain.costing import (
    ArmCost,
    CostCategory,
    Costing,
    CostPart,
    CostPhase,
    CostSum,
    IngredientCost,
    PaidHours,
    Reconciled,
)
from ctieval.domain.wording import Label
from ctieval.report.disclosure.costing import round_costing

DRAWN = 200
NOTHING = ArmCost(DRAWN, 0, 0.0, 0.0, math.nan)


def arm(persons, each, participants=150):
    return ArmCost(DRAWN, persons, persons * each, persons * each / DRAWN, persons * each / participants)


def ingredient(name, intervention, control=NOTHING, part=CostPart.PROGRAMME, category=CostCategory.OPERATION):
    return IngredientCost(
        ingredient=name,
        label=Label(name, name),
        category=category,
        part=part,
        phase=CostPhase.RUN,
        payer="municipality",
        driver="participant",
        unit_price=4000.0,
        quantity=float(intervention.persons + control.persons),
        intervention=intervention,
        control=control,
        grade="A",
        source="",
    )


def costing_of(*ingredients, whole=150):
    total = sum(each.intervention.total for each in ingredients)
    every = ArmCost(DRAWN, whole, total, total / DRAWN, total / 150)
    return Costing(
        ingredients=ingredients,
        sums=(
            CostSum(CostPart.PROGRAMME, CostCategory.OPERATION, every, NOTHING),
            CostSum(CostPart.PROGRAMME, None, every, NOTHING),
        ),
        at_scale=every,
        hours=(PaidHours(100.0, 203.0, 2.03), PaidHours(50.0, 50.0, 1.0)),
        reconciled=(Reconciled("", "", total, 600_000.0), Reconciled("153", "", total, 600_000.0)),
        horizon_weeks=104,
        gross=True,
    )


def test_nothing_is_hidden_where_every_cell_may_be_shown():
    costing = costing_of(ingredient("a", arm(3, 4000)))
    assert round_costing(costing, (DRAWN, DRAWN), 1) is costing
    assert round_costing(None, (DRAWN, DRAWN), 5) is None


@pytest.mark.parametrize("persons", [5, 37, 150, 196])
def test_a_known_price_does_not_tell_how_many_used_it(persons):
    """As many numbers of persons as a cell has print the same."""
    printed = {
        other: round_costing(costing_of(ingredient("a", arm(other, 4000))), (DRAWN, DRAWN), 5)
        .ingredients[0]
        .intervention
        for other in range(5, DRAWN + 1)
    }
    mine = printed[persons]
    alike = [other for other, cost in printed.items() if cost.per_person_drawn == mine.per_person_drawn]
    assert len(alike) >= 5 or persons == 5
    assert mine.persons is None
    assert math.isnan(mine.total)
    assert abs(mine.per_person_drawn - persons * 4000 / DRAWN) <= 5 * 4000 / DRAWN * 2.5 / 2


def test_what_few_used_is_hidden_with_the_rest_of_its_part():
    costing = costing_of(ingredient("few", arm(4, 9000)), ingredient("many", arm(150, 4000)))
    found = round_costing(costing, (DRAWN, DRAWN), 5)
    assert all(math.isnan(each.intervention.per_person_drawn) for each in found.ingredients)
    of_category, of_part = found.sums
    assert math.isnan(of_category.intervention.per_person_drawn)
    assert of_part.intervention.per_person_drawn > 0
    assert math.isnan(found.at_scale.per_person_drawn)
    assert of_part.control == replace(NOTHING, total=math.nan) or math.isnan(of_part.control.total)


def test_what_few_used_in_one_arm_hides_nothing_of_the_other():
    usual = ingredient("u", arm(150, 100), arm(2, 100), part=CostPart.USUAL_SERVICES)
    found = round_costing(costing_of(usual), (DRAWN, DRAWN), 5).ingredients[0]
    assert found.intervention.per_person_drawn > 0
    assert math.isnan(found.control.per_person_drawn)
    assert math.isnan(found.quantity)


def test_an_arm_whose_size_is_hidden_shows_no_cost():
    found = round_costing(costing_of(ingredient("a", arm(150, 4000))), (DRAWN, None), 5)
    assert found.ingredients[0].intervention.drawn is None
    assert math.isnan(found.ingredients[0].intervention.per_person_drawn)
    assert found.ingredients[0].control.per_person_drawn == 0


def test_single_places_and_hours_are_not_shown():
    found = round_costing(costing_of(ingredient("a", arm(150, 4000))), (DRAWN, DRAWN), 5)
    assert [row.site for row in found.reconciled] == [""]
    assert found.reconciled[0].bottom_up == 600_000
    assert found.hours[0].ratio == 2.0
    assert math.isnan(found.hours[0].contact)
    assert math.isnan(found.hours[1].ratio)


def test_of_a_few_participants_nothing_is_shown():
    found = round_costing(costing_of(ingredient("a", arm(3, 4000)), whole=3), (DRAWN, DRAWN), 5)
    assert math.isnan(found.sums[1].intervention.per_person_drawn)
    assert math.isnan(found.reconciled[0].bottom_up)
    assert math.isnan(found.hours[0].ratio)
