"""Ordinary hours and earnings by month, from the states by week. No wage in supported jobs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from ctieval.domain.arrays import FloatArray, IntArray, StrArray
from ctieval.domain.registers import EmploymentPanel
from ctieval.simulation.exits import MOVED, Exits
from ctieval.simulation.settings import PersonTraits, States
from ctieval.simulation.week_grid import WeekGrid


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Pay:
    """What each person works and earns when at work, n persons.

    Attributes:
        job: Hours a week in an ordinary job, shape (n,).
        beside: Hours a week beside a benefit, shape (n,).
        wage: Kroner an hour, shape (n,).
    """

    job: FloatArray
    beside: FloatArray
    wage: FloatArray

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Pay({len(self.wage)} persons)"


def simulate_pay(traits: PersonTraits, n: int, rng: Generator) -> Pay:
    """Simulate hours and wage of each person.

    Args:
        traits: Ranges and shares.
        n: Number of persons.
        rng: Source of randomness.

    Returns:
        Hours and wages.
    """
    part_time = rng.uniform(*traits.job_hours_week, n).round()
    full_time = rng.random(n) < traits.full_time_share
    return Pay(
        job=np.where(full_time, max(traits.job_hours_week), part_time),
        beside=rng.uniform(*traits.beside_hours_week, n).round(),
        wage=(traits.hourly_wage * np.exp(traits.hourly_wage_log_sd * rng.standard_normal(n))).round(2),
    )


def to_employment(
    states: IntArray, pay: Pay, exits: Exits, *, person_id: StrArray, declared: States, grid: WeekGrid
) -> EmploymentPanel:
    """Add the hours of the weeks up to months; a week belongs to the month of its Thursday.

    Args:
        states: States, shape (n, weeks).
        pay: Hours and wages of n persons.
        exits: Nobody works after an exit, and nobody is observed after the month of a move.
        person_id: Identifiers, shape (n,).
        declared: Which states hold hours.
        grid: The weeks.

    Returns:
        Employment by month.
    """
    kind = np.array([state.hours for state in declared.state], dtype=object)[states]
    weekly = np.where(kind == "job", pay.job[:, None], np.where(kind == "beside", pay.beside[:, None], 0.0))
    weekly[np.arange(grid.weeks) >= exits.column[:, None]] = 0.0
    months, first_column = np.unique(grid.months, return_index=True)
    hours = np.add.reduceat(weekly, first_column, axis=1)
    last_months = np.where(exits.kind == MOVED, exits.day.astype("datetime64[M]").astype(np.int64), np.inf)
    hours[months > last_months[:, None]] = np.nan
    return EmploymentPanel(
        person_id=person_id, first_month=int(months[0]), hours=hours, earnings=(hours * pay.wage[:, None]).round(2)
    )
