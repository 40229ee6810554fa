"""What the work of a simulated trial costs, as data; the numbers stand in ``demo/world.toml``, with their why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Work:
    """Who does an activity of the intervention, and how much other work goes with it.

    Attributes:
        activity: The activity as the log names it.
        role: Occupation.
        indirect: Minutes of other work for a minute of contact.
    """

    activity: str
    role: str
    indirect: float


@dataclass(frozen=True, slots=True)
class UsualService:
    """What everybody in the target group gets while on benefit, in either arm.

    Attributes:
        name: The service as the log names it.
        role: Occupation.
        every_weeks: Weeks between two meetings.
        minutes: Minutes of a meeting, lowest and highest.
        indirect: Minutes of other work for a minute of contact.
    """

    name: str
    role: str
    every_weeks: int
    minutes: tuple[int, int]
    indirect: float


@dataclass(frozen=True, slots=True)
class PricedIngredient:
    """One row of the table of ingredients, in the words of its schema.

    Attributes:
        id: Short name.
        label_da: Danish name.
        label_en: English name.
        arm_scope: ``T``, ``C`` or ``both``.
        driver: What is counted.
        unit_price: Kroner a unit; an hour where minutes are counted.
        overhead: Share on top of the price.
        phase: ``setup`` or ``run``.
        category: One of the four categories.
        grade: How well the price is known; everything here is made up.
        life_years: Years over which a set-up is spread; 0 for a cost of running.
        research_only: True for what only the research needed.
        role: Occupation whose work is counted; empty for all.
    """

    id: str
    label_da: str
    label_en: str
    arm_scope: str
    driver: str
    unit_price: float
    overhead: float
    phase: str
    category: str
    grade: str
    life_years: int = 0
    research_only: bool = False
    role: str = ""


@dataclass(frozen=True, slots=True)
class CostSettings:
    """Prices, and the work behind the contacts.

    Attributes:
        price_year: Year of the prices.
        source: What the table of ingredients names as their source.
        booked: Kroner in the accounts for a krone of running costs.
        usual: The usual service.
        work: Who does each activity.
        ingredient: The ingredients.
        why: Where the numbers come from.
    """

    price_year: int
    source: str
    booked: float
    usual: UsualService
    work: tuple[Work, ...]
    ingredient: tuple[PricedIngredient, ...]
    why: str
