"""Kroner by calendar year as a council budgets them: nominal, not discounted, and in whole kroner that add up."""

from __future__ import annotations

import numpy as np

from ctieval.domain.effect_table import Effect
from ctieval.domain.outlook import BudgetYear
from ctieval.economics.rounding import to_whole_kroner


def build_budget(account: str, years: tuple[int, ...], effects: tuple[Effect, ...], *, drawn: int) -> list[BudgetYear]:
    """Put one account's effects by calendar year into whole kroner that add up.

    Args:
        account: Name of the account.
        years: The calendar years.
        effects: Nominal kroner per person drawn, one effect a year.
        drawn: Persons drawn into the intervention.
    """
    kroner = np.array([each.estimate for each in effects])
    per_person, cohort = to_whole_kroner(kroner).tolist(), to_whole_kroner(drawn * kroner).tolist()
    return [BudgetYear(account, *row) for row in zip(years, effects, per_person, cohort, strict=True)]
