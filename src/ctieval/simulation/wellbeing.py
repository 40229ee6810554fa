"""Answers to WHO-5 in two waves, as they would be under either arm. No score is an effect here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator
from scipy.special import expit, logit

from ctieval.domain.arrays import BoolArray, FloatArray, StrArray
from ctieval.simulation.exits import Exits
from ctieval.simulation.population import Population
from ctieval.simulation.settings import Wellbeing
from ctieval.simulation.week_grid import WeekGrid

FULL_SCORE = 100


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Answers:
    """Answers to the items under either arm, n persons; NaN where there is no answer.

    Attributes:
        baseline: Before the intervention, shape (n, items).
        control: After 12 months under the control, shape (n, items).
        intervention: After 12 months under the intervention, shape (n, items).
    """

    baseline: FloatArray
    control: FloatArray
    intervention: FloatArray

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Answers({len(self.baseline)} persons)"


def simulate_answers(
    population: Population, takes_part: BoolArray, exits: Exits, *, settings: Wellbeing, grid: WeekGrid, rng: Generator
) -> Answers:
    """Simulate the answers of the target group.

    The level at the baseline is a person's lasting level less a dip; after 12 months part of the dip has
    passed in either arm, and those who take part have gained. Who answers, and which items stay blank, does
    not depend on the arm.

    Args:
        population: The persons, n of them.
        takes_part: True for those who would take part if drawn, shape (n,).
        exits: Nobody answers after an exit.
        settings: Levels and shares.
        grid: The weeks.
        rng: Source of randomness.

    Returns:
        The answers.
    """
    n = len(takes_part)
    lasting = settings.trait_sd * rng.standard_normal(n)
    level = settings.trait_mean + settings.readiness_points * population.readiness + lasting - settings.dip
    before, later = settings.occasion_sd * rng.standard_normal((2, n))
    now = level + settings.recovery + later
    item_before, item_later = settings.item_sd * rng.standard_normal((2, n, settings.items))
    shares = np.array([settings.answers_baseline, settings.answers_12m])
    odds = logit(shares)[:, None] + settings.answers_log_odds * lasting / settings.trait_sd
    there = np.stack([exits.column > grid.draw, exits.column > grid.draw + settings.asked_after_weeks])
    answers = (rng.random((2, n)) < expit(odds)) & there & population.eligible
    given = answers[:, :, None] & (rng.random((2, n, settings.items)) >= settings.item_blank)
    return Answers(
        baseline=_items(level + before, item_before, given[0], settings.highest),
        control=_items(now, item_later, given[1], settings.highest),
        intervention=_items(now + settings.gain * takes_part, item_later, given[1], settings.highest),
    )


def to_survey(person_id: StrArray, instrument: str, waves: Mapping[str, FloatArray]) -> pd.DataFrame:
    """Lay answers out as the table ``survey``; who answers nothing in a wave has no rows of it.

    Args:
        person_id: Identifiers, shape (n,), sorted.
        instrument: Name of the instrument.
        waves: Answers by name of the wave, each of shape (n, items).

    Returns:
        A new frame with one row an item, sorted by person, wave and item.
    """
    rows = pd.concat([_wave(person_id, instrument, wave, waves[wave]) for wave in waves], ignore_index=True)
    return rows.sort_values(["person_id", "wave", "item"], ignore_index=True, kind="stable")


def _items(level: FloatArray, deviation: FloatArray, given: BoolArray, highest: int) -> FloatArray:
    """Turn levels in points into answers from 0 up to the highest."""
    answer = np.rint(highest * level[:, None] / FULL_SCORE + deviation).clip(0, highest)
    return np.where(given, answer, np.nan)


def _wave(person_id: StrArray, instrument: str, wave: str, answers: FloatArray) -> pd.DataFrame:
    answered = np.isfinite(answers).any(axis=1)
    items = answers.shape[1]
    return pd.DataFrame(
        {
            "person_id": np.repeat(person_id[answered], items),
            "wave": wave,
            "instrument": instrument,
            "item": pd.Series(np.tile(np.arange(1, items + 1), int(answered.sum()))).astype("Int64"),
            "answer": pd.Series(answers[answered].ravel()).astype("Int64"),
        }
    )
