"""How persons would take part if they were drawn: steps reached, exposure, and the log. Nobody is drawn here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator
from scipy.special import expit, logit

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.simulation.population import Population
from ctieval.simulation.settings import Participation, Step
from ctieval.simulation.week_grid import WeekGrid


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Course:
    """The course of each person through K steps, as it would be.

    Attributes:
        reached: True where a person reaches a step, shape (n, K); never outside the target group.
        start: Weeks from the draw to the start of each step, shape (n, K).
        weeks: Weeks spent in each step, shape (n, K); fewer than it lasts for those who drop out.
        works_from: Number of the step from which the intervention works.
    """

    reached: BoolArray
    start: IntArray
    weeks: IntArray
    works_from: int

    @property
    def takes_part(self) -> BoolArray:
        """True for those who reach the step from which the intervention works, shape (n,)."""
        return self.reached[:, self.works_from]

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Course({self.reached.shape[0]} persons, {self.reached.shape[1]} steps)"


def simulate_course(population: Population, participation: Participation, rng: Generator) -> Course:
    """Simulate how far each person would come, and when.

    Args:
        population: The persons, n of them.
        participation: The steps, K of them.
        rng: Source of randomness.

    Returns:
        The course of each person.
    """
    steps = participation.step
    n = len(population.readiness)
    odds = logit([step.share for step in steps]) + participation.readiness_log_odds * population.readiness[:, None]
    goes_on = rng.random((n, len(steps))) < expit(odds)
    reached = np.logical_and.accumulate(goes_on & population.eligible[:, None], axis=1)
    waits = np.column_stack([rng.integers(*step.wait_weeks, size=n) for step in steps])
    lasting = np.array([step.lasting_weeks for step in steps])
    start = np.cumsum(waits, axis=1) + np.cumsum(lasting) - lasting
    dropped_out = np.column_stack([~reached[:, 1:], np.zeros(n, dtype=np.bool_)])
    cut = np.ceil(lasting * rng.random((n, len(steps)))).astype(np.int64)
    return Course(
        reached=reached,
        start=start,
        weeks=np.where(dropped_out, cut, lasting),
        works_from=[step.name for step in steps].index(participation.works_from),
    )


def to_exposure(course: Course, afterwards: float, weeks: int) -> FloatArray:
    """Lay the courses out as exposure by week from the draw.

    Args:
        course: The courses of n persons.
        afterwards: Exposure once a person is through or has dropped out.
        weeks: Number of weeks.

    Returns:
        1 from the step from which the intervention works to the end of the last step reached, ``afterwards``
        after it, 0 before it and for those who do not take part; shape (n, weeks).
    """
    last = np.maximum(course.reached.sum(axis=1) - 1, 0)[:, None]
    over = np.take_along_axis(course.start + course.weeks, last, axis=1)
    week = np.arange(weeks)
    begun = course.takes_part[:, None] & (week >= course.start[:, course.works_from, None])
    return np.where(begun, np.where(week < over, 1.0, afterwards), 0.0)


def to_activity(course: Course, participation: Participation, grid: WeekGrid, rng: Generator) -> pd.DataFrame:
    """Lay the courses out as log entries, one row an entry.

    Args:
        course: The courses of n persons.
        participation: The steps.
        grid: The weeks; later entries are not logged.
        rng: Source of randomness.

    Returns:
        A new frame with ``person`` (row number in the course), ``date``, ``activity`` and ``minutes``, sorted by
        person, date and activity.
    """
    entries = [_entries(course, number, step, rng) for number, step in enumerate(participation.step)]
    log = pd.concat(entries, ignore_index=True)
    log = log[log["week"] < grid.follow_up]
    monday = grid.mondays[grid.draw + log["week"].to_numpy()]
    log = log.assign(date=monday + log["weekday"].to_numpy())
    log = log.sort_values(["person", "date", "activity"], ignore_index=True, kind="stable")
    return log[["person", "date", "activity", "minutes"]]


def _entries(course: Course, number: int, step: Step, rng: Generator) -> pd.DataFrame:
    """Return the entries of one step, by week from the draw."""
    after = np.arange(0, max(step.lasting_weeks, 1), step.every_weeks)
    stays = after < np.maximum(course.weeks[:, number, None], 1)
    person, which = np.nonzero(stays & course.reached[:, number, None])
    low, high = step.minutes
    return pd.DataFrame(
        {
            "person": person,
            "week": course.start[person, number] + after[which],
            "weekday": rng.integers(0, 5, len(person)),
            "activity": step.name,
            "minutes": 5.0 * rng.integers(low // 5, high // 5, len(person), endpoint=True),
        }
    )
