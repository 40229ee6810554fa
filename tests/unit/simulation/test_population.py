import numpy as np
import pandas as pd
import pytest

from ctieval.simulation.load_settings import load_settings
from ctieval.simulation.population import simulate_population, to_persons

SETTINGS = load_settings()


@pytest.fixture(scope="module")
def population():
    return simulate_population(SETTINGS, np.random.default_rng(1))


def test_each_municipality_has_exactly_its_target_group(population):
    found = np.bincount(population.municipality[population.eligible])
    assert found.tolist() == [place.eligible for place in SETTINGS.municipality]


def test_the_others_are_as_many_as_declared(population):
    found = np.bincount(population.municipality[~population.eligible])
    assert found.tolist() == [259, 98, 121, 107, 104]


def test_every_group_is_there_in_its_share(population):
    counts = np.bincount(population.group)[1:]
    shares = np.array([group.share for group in SETTINGS.ineligible])
    # Each of five municipalities rounds each of its groups by less than one person.
    assert np.abs(counts - shares * counts.sum()).max() < 5


def test_identifiers_are_synthetic_and_sorted(population):
    ids = pd.Series(population.person_id)
    assert ids.is_monotonic_increasing
    assert ids.is_unique
    assert ids.str.fullmatch(r"P\d{5}").all()


def test_identifiers_tell_neither_municipality_nor_group(population):
    order = np.arange(len(population.person_id))
    assert abs(np.corrcoef(order, population.municipality)[0, 1]) < 0.1
    assert abs(np.corrcoef(order, population.eligible)[0, 1]) < 0.1


def test_ages_are_those_of_the_group(population):
    as_of = pd.Timestamp(SETTINGS.calendar.as_of)
    born = pd.Series(population.birth_date)
    had_birthday = (born.dt.month < as_of.month) | ((born.dt.month == as_of.month) & (born.dt.day <= as_of.day))
    age = (as_of.year - born.dt.year - (~had_birthday)).to_numpy()
    for number, group in enumerate(SETTINGS.groups):
        in_group = age[population.group == number]
        youngest, older = group.age_years
        assert youngest <= in_group.min()
        assert in_group.max() < older


def test_persons_carry_the_visitation_of_their_group(population):
    persons = to_persons(population, SETTINGS)
    for number, group in enumerate(SETTINGS.groups):
        found = persons.loc[population.group == number, "visitation"]
        assert found.isna().all() if group.visitation == "" else (found == group.visitation).all()


def test_repr_tells_nobody(population):
    assert repr(population) == "Population(1378 eligible of 2067)"
