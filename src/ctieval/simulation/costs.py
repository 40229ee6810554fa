"""The work behind a simulated log, usual services, prices and accounts. What a person cost is reckoned elsewhere."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pandas as pd
from numpy.random import Generator

from ctieval.domain.arrays import BoolArray, CodeArray, FloatArray
from ctieval.simulation.cost_settings import CostSettings, PricedIngredient
from ctieval.simulation.week_grid import WeekGrid

_HOUR = 60


def to_worked(log: pd.DataFrame, settings: CostSettings) -> pd.DataFrame:
    """Name who did each activity of the intervention, and the other work that went with it.

    Args:
        log: Log with ``activity`` and ``minutes``.
        settings: The settings.

    Returns:
        A new frame with ``role`` and ``minutes_indirect`` added.
    """
    roles = {each.activity: each.role for each in settings.work}
    indirect = {each.activity: each.indirect for each in settings.work}
    minutes = (log["minutes"] * log["activity"].map(indirect)).round()
    return log.assign(role=log["activity"].map(roles), minutes_indirect=minutes)


def simulate_usual_services(
    eligible: BoolArray, settings: CostSettings, grid: WeekGrid, rng: Generator
) -> pd.DataFrame:
    """Simulate the meetings of usual services, as they would be if everybody stayed on benefit.

    Args:
        eligible: True for those in the target group, shape (n,).
        settings: The settings.
        grid: The weeks; meetings are held from the draw on.
        rng: Source of randomness.

    Returns:
        A new frame with ``person`` (row number), ``column`` (of the week), ``date`` and the columns of a log.
    """
    usual = settings.usual
    persons = np.flatnonzero(eligible)
    turns = np.arange(0, grid.follow_up, usual.every_weeks)
    column = grid.draw + turns + rng.integers(0, usual.every_weeks, len(persons))[:, None]
    person = np.repeat(persons, len(turns))
    inside = column.ravel() < grid.weeks
    person, column = person[inside], column.ravel()[inside]
    low, high = usual.minutes
    minutes = 5.0 * rng.integers(low // 5, high // 5, len(person), endpoint=True)
    return pd.DataFrame(
        {
            "person": person,
            "column": column,
            "date": grid.mondays[column] + rng.integers(0, 5, len(person)),
            "activity": usual.name,
            "minutes": minutes,
            "role": usual.role,
            "minutes_indirect": (minutes * usual.indirect).round(),
        }
    )


def keep_on_benefit(meetings: pd.DataFrame, code: CodeArray, gone: frozenset[int]) -> pd.DataFrame:
    """Keep the meetings in weeks on benefit under one future; nobody in work, self-support or gone is called in.

    Args:
        meetings: Meetings as ``simulate_usual_services`` gives them.
        code: Register codes of that future, shape (n, weeks); 0 without a benefit.
        gone: Codes of the dead and the emigrated.
    """
    found = code[meetings["person"], meetings["column"]]
    return meetings[(found > 0) & ~np.isin(found, list(gone))].reset_index(drop=True)


def to_ingredients(settings: CostSettings) -> pd.DataFrame:
    """Lay the ingredients out as their input table, in the words of its schema."""
    rows = [
        {
            **{name: value for name, value in asdict(each).items() if name not in {"life_years", "research_only"}},
            "payer": "municipality",
            "price_year": settings.price_year,
            "life_years": each.life_years or None,
            "research_only": each.research_only,
            "source": settings.source,
        }
        for each in settings.ingredient
    ]
    return pd.DataFrame(rows).astype({"life_years": "Float64", "research_only": "boolean"})


def book_accounts(activity: pd.DataFrame, municipality: pd.Series[str], settings: CostSettings) -> pd.DataFrame:
    """Book the running costs of the intervention by municipality and quarter.

    Args:
        activity: Log of those drawn.
        municipality: Municipality by identifier of the person.
        settings: The settings.

    Returns:
        A new frame with ``site``, ``quarter`` and ``amount``; no row without a log.
    """
    log = activity.assign(site=activity["person_id"].map(municipality), amount=0.0)
    for each in settings.ingredient:
        if each.arm_scope == "T" and each.phase == "run" and not each.research_only:
            log["amount"] += each.unit_price * (1 + each.overhead) * _units(log, each)
    log["quarter"] = log["date"].dt.year.astype(str) + "-K" + log["date"].dt.quarter.astype(str)
    booked = log.groupby(["site", "quarter"], as_index=False)["amount"].sum()
    return booked.assign(amount=(booked["amount"] * settings.booked).round(2))


def _units(log: pd.DataFrame, each: PricedIngredient) -> FloatArray:
    """Units of an ingredient in each row of a log."""
    mine = (log["role"] == each.role) | (each.role == "")
    match each.driver:
        case "contact_min":
            units = log["minutes"] / _HOUR
        case "indirect_min":
            units = log["minutes_indirect"] / _HOUR
        case "participant":
            units = ~log.where(mine).sort_values("date").duplicated("person_id").sort_index()
        case _:
            month = log["date"].dt.to_period("M")
            units = ~pd.DataFrame({"site": log["site"], "month": month}).duplicated()
    return np.asarray(units * mine, dtype=np.float64)
