"""The persons who are looked up, in the target group or outside it by construction. No weeks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.random import Generator

from ctieval.domain.arrays import BoolArray, DateArray, FloatArray, IntArray, StrArray
from ctieval.simulation.settings import Group, WorldSettings


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Population:
    """Everybody looked up, n persons.

    Attributes:
        person_id: Identifiers, shape (n,), sorted.
        group: Number of the group, shape (n,); 0 is the target group.
        municipality: Number of the municipality, shape (n,).
        birth_date: Birth dates, shape (n,).
        female: True for women, shape (n,).
        provider: True for providers, shape (n,).
        readiness: What makes a person find work more readily, in standard deviations, shape (n,).
    """

    person_id: StrArray
    group: IntArray
    municipality: IntArray
    birth_date: DateArray
    female: BoolArray
    provider: BoolArray
    readiness: FloatArray

    @property
    def eligible(self) -> BoolArray:
        """True in the target group, shape (n,)."""
        return self.group == 0

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Population({int(self.eligible.sum())} eligible of {len(self.person_id)})"


def simulate_population(settings: WorldSettings, rng: Generator) -> Population:
    """Simulate everybody who is looked up.

    Each municipality has exactly its declared number of persons in the target group; identifiers are handed
    out in an order that tells nothing.

    Args:
        settings: Sizes, groups and traits.
        rng: Source of randomness.

    Returns:
        The persons.
    """
    group, municipality = rng.permutation(_members(settings)).T
    n = len(group)
    return Population(
        person_id=np.array([f"P{number:05d}" for number in range(1, n + 1)], dtype=object),
        group=group,
        municipality=municipality,
        birth_date=_birth_dates(settings, group, rng),
        female=rng.random(n) < settings.person.female_share,
        provider=rng.random(n) < settings.person.provider_share,
        readiness=rng.standard_normal(n),
    )


def to_persons(population: Population, settings: WorldSettings) -> pd.DataFrame:
    """Lay the persons out as the table ``persons``, without those who leave.

    Args:
        population: The persons.
        settings: Names of municipalities and groups.

    Returns:
        A new frame with one row a person, sorted by ``person_id``.
    """
    codes = np.array([place.code for place in settings.municipality], dtype=object)
    visitation = np.array([group.visitation or None for group in settings.groups], dtype=object)
    return pd.DataFrame(
        {
            "person_id": population.person_id,
            "birth_date": population.birth_date,
            "sex": np.where(population.female, "female", "male"),
            "municipality": codes[population.municipality],
            "visitation": visitation[population.group],
            "provider": pd.array(population.provider, dtype="boolean"),
        }
    )


def _members(settings: WorldSettings) -> IntArray:
    """Return the group and the municipality of every person, shape (n, 2)."""
    rows: list[IntArray] = []
    shares = np.cumsum([group.share for group in settings.ineligible])
    for number, place in enumerate(settings.municipality):
        beside = round(place.eligible * settings.screening.ineligible_per_eligible)
        sizes = [place.eligible, *np.diff(np.rint(beside * shares), prepend=0).astype(np.int64)]
        groups = np.repeat(np.arange(len(sizes)), sizes)
        rows.append(np.column_stack([groups, np.full(len(groups), number)]))
    return np.concatenate(rows)


def _birth_dates(settings: WorldSettings, group: IntArray, rng: Generator) -> DateArray:
    """Draw a day on which each person has the age of the group on the day of the look-up."""
    as_of = settings.calendar.as_of
    last = _days(settings.groups, lambda each: _years_before(as_of, each.age_years[0]))
    first = _days(settings.groups, lambda each: _years_before(as_of, each.age_years[1])) + 1
    return rng.integers(first[group], last[group], endpoint=True).astype("datetime64[D]")


def _days(groups: tuple[Group, ...], day_of: Callable[[Group], pd.Timestamp]) -> IntArray:
    """Return one day a group, in days since 1970-01-01."""
    return np.array([day_of(group).to_datetime64() for group in groups]).astype("datetime64[D]").astype(np.int64)


def _years_before(day: date, years: int) -> pd.Timestamp:
    return pd.Timestamp(day) - pd.DateOffset(years=years)
