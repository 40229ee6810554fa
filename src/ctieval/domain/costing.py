"""What a programme cost by ingredients, in both arms: kroner per person, how sure, who paid; and no person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ctieval.domain.wording import Label


class CostCategory(StrEnum):
    """The four categories of Danish practice, in their order."""

    PREPARATION = "preparation"
    TRAINING = "training"
    OPERATION = "operation"
    EQUIPMENT = "equipment"


class CostPart(StrEnum):
    """To which part of the account an ingredient belongs, in the order of the table.

    Programme is what only the intervention got, usual services what either arm could get. Research would not be paid
    again, and what is donated is used up without being paid: both stand apart.
    """

    PROGRAMME = "programme"
    USUAL_SERVICES = "usual_services"
    RESEARCH = "research"
    DONATED = "donated"


class CostPhase(StrEnum):
    """Before the programme runs, or while it does."""

    SETUP = "setup"
    RUN = "run"


@dataclass(frozen=True, slots=True)
class ArmCost:
    """What one ingredient, or one category, cost in one arm up to the horizon.

    Attributes:
        drawn: Persons drawn into the arm; None where hidden.
        persons: Persons of the arm to whom some of it went; None where hidden.
        total: Kroner; NaN where hidden.
        per_person_drawn: Kroner per person drawn into the arm; NaN where hidden.
        per_participant: Kroner per person to whom some of the part's log went; NaN where nobody, or hidden.
    """

    drawn: int | None
    persons: int | None
    total: float
    per_person_drawn: float
    per_participant: float


@dataclass(frozen=True, slots=True)
class IngredientCost:
    """One ingredient.

    Attributes:
        ingredient: Its identifier in the table.
        label: The name that a reader sees.
        category: One of the four categories.
        part: To which part of the account it belongs.
        phase: Set-up or running.
        payer: Who pays: a value of ``Party``.
        driver: What it is counted by.
        unit_price: Kroner a unit with overhead, in the prices of the account.
        quantity: Units used by both arms together up to the horizon; NaN where hidden.
        intervention: What it cost in the intervention.
        control: What it cost in the control.
        grade: How well the price is known, A to F.
        source: What proves the price, as the table states it.
    """

    ingredient: str
    label: Label
    category: CostCategory
    part: CostPart
    phase: CostPhase
    payer: str
    driver: str
    unit_price: float
    quantity: float
    intervention: ArmCost
    control: ArmCost
    grade: str
    source: str


@dataclass(frozen=True, slots=True)
class CostSum:
    """Ingredients of one part added up: over one category, or over all of them.

    Attributes:
        part: The part of the account.
        category: The category, or None for the whole part.
        intervention: What it cost in the intervention.
        control: What it cost in the control.
    """

    part: CostPart
    category: CostCategory | None
    intervention: ArmCost
    control: ArmCost


@dataclass(frozen=True, slots=True)
class PaidHours:
    """Working time behind the contacts of one arm.

    Attributes:
        contact: Hours with the person, shared among those who met together; NaN where hidden.
        paid: The same with preparation, travel and records as logged; NaN where hidden.
        ratio: Paid hours for one hour of contact; NaN without contact, or hidden.
    """

    contact: float
    paid: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What the ingredients give beside what the accounts say, for one place and quarter, or in all.

    Attributes:
        site: The place, or an empty string for all of them.
        quarter: The quarter, such as ``2018-Q2``, or an empty string for all of them.
        bottom_up: Kroner by the ingredients; NaN where hidden.
        top_down: Kroner by the accounts.
    """

    site: str
    quarter: str
    bottom_up: float
    top_down: float

    @property
    def ratio(self) -> float:
        """Bottom-up over top-down; NaN where the accounts hold nothing."""
        return self.bottom_up / self.top_down if self.top_down > 0 else float("nan")


@dataclass(frozen=True, slots=True)
class Costing:
    """The costs of both arms up to the horizon, undiscounted.

    Attributes:
        ingredients: Every ingredient, in the order of the table.
        sums: Sums by part and category, and by part.
        at_scale: Programme without set-up, research and donations in the intervention: what one more such year of
            running would cost.
        hours: Paid and contact hours of the intervention and of the control.
        reconciled: Ingredients beside accounts: in all, then by place, then by place and quarter; empty without
            accounts.
        horizon_weeks: Weeks after the draw that are counted.
        gross: True where no usual service of the control is logged, so that no net cost can be told.
    """

    ingredients: tuple[IngredientCost, ...]
    sums: tuple[CostSum, ...]
    at_scale: ArmCost
    hours: tuple[PaidHours, PaidHours]
    reconciled: tuple[Reconciled, ...]
    horizon_weeks: int
    gross: bool

    @property
    def net_per_person_drawn(self) -> float:
        """Programme and usual services, intervention less control, kroner per person drawn; NaN where gross.

        It is the plain contrast of the two arms' means; the account contrasts them as the design implies.
        """
        if self.gross:
            return float("nan")
        counted = {CostPart.PROGRAMME, CostPart.USUAL_SERVICES}
        return sum(
            each.intervention.per_person_drawn - each.control.per_person_drawn
            for each in self.sums
            if each.category is None and each.part in counted
        )
