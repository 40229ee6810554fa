"""Adds priced entries up by arm, for the tables of the costs; no person is left in what it gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import BoolArray, IntArray
from ctieval.domain.costing import ArmCost, CostCategory, CostPart, CostPhase, CostSum, IngredientCost
from ctieval.economics.costing.entries import Entries
from ctieval.economics.costing.ingredients import Ingredient, Scope

CONTROL, INTERVENTION = 0, 1


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Priced:
    """One ingredient and its entries up to the horizon.

    Attributes:
        ingredient: The ingredient.
        entries: What persons used of it.
    """

    ingredient: Ingredient
    entries: Entries

    def __repr__(self) -> str:
        """Name the ingredient, never a person."""
        return f"Priced({self.ingredient.id}, {self.entries!r})"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Reached:
    """Who is in which arm, and who has a row in which log, each of shape (n,).

    Attributes:
        arm: The arm.
        programme: Whom the log of the programme reaches up to the horizon.
        usual: Whom the log of usual services reaches up to the horizon.
    """

    arm: IntArray
    programme: BoolArray
    usual: BoolArray

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Reached({len(self.arm)} persons)"

    def behind(self, ingredient: Ingredient) -> BoolArray:
        """Whom the log in which an ingredient is counted reaches, shape (n,)."""
        return self.programme if ingredient.scope is Scope.INTERVENTION else self.usual


def describe_ingredient(priced: Priced, reached: Reached) -> IngredientCost:
    """Add one ingredient up in both arms."""
    each = priced.ingredient
    control, intervention = (_add_up([priced], reached, arm) for arm in (CONTROL, INTERVENTION))
    return IngredientCost(
        ingredient=each.id,
        label=each.label,
        category=each.category,
        part=each.part,
        phase=each.phase,
        payer=each.payer.value,
        driver=each.driver.value,
        unit_price=each.price,
        quantity=float(priced.entries.quantity.sum()),
        intervention=intervention,
        control=control,
        grade=each.grade,
        source=each.source,
    )


def sum_parts(priced: Sequence[Priced], reached: Reached) -> tuple[CostSum, ...]:
    """Add ingredients up by part and category, and by part; those that nothing is in are left out."""
    return tuple(
        CostSum(part, category, *(_add_up(own, reached, arm) for arm in (INTERVENTION, CONTROL)))
        for part in CostPart
        for category in (*CostCategory, None)
        if (own := [each for each in priced if _is_in(each.ingredient, part, category)])
    )


def cost_at_scale(priced: Sequence[Priced], reached: Reached) -> ArmCost:
    """Add up what running the programme costs in the intervention, without set-up, research and donations."""
    own = [
        each for each in priced if each.ingredient.part is CostPart.PROGRAMME and each.ingredient.phase is CostPhase.RUN
    ]
    return _add_up(own, reached, INTERVENTION)


def _is_in(ingredient: Ingredient, part: CostPart, category: CostCategory | None) -> bool:
    return ingredient.part is part and category in {None, ingredient.category}


def _add_up(priced: Sequence[Priced], reached: Reached, arm: int) -> ArmCost:
    mine = reached.arm == arm
    n = len(mine)
    kroner, uses, behind = np.zeros(n), np.zeros(n, dtype=np.bool_), np.zeros(n, dtype=np.bool_)
    for each in priced:
        kroner += np.bincount(each.entries.person, weights=each.entries.kroner, minlength=n)
        uses |= np.bincount(each.entries.person, minlength=n) > 0
        behind |= reached.behind(each.ingredient)
    drawn, participants = int(mine.sum()), int((mine & behind).sum())
    total = float(kroner[mine].sum())
    return ArmCost(
        drawn=drawn,
        persons=int((mine & uses).sum()),
        total=total,
        per_person_drawn=total / drawn if drawn else float("nan"),
        per_participant=total / participants if participants else float("nan"),
    )
