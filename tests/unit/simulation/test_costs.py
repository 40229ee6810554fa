"""The work behind the simulated log, usual services in both arms, and accounts that a second engine books."""

import numpy as np
import pandas as pd
import pytest

from ctieval.simulation.cost_settings import PricedIngredient
from ctieval.simulation.costs import book_accounts, to_ingredients
from ctieval.simulation.load_settings import load_settings
from ctieval.simulation.reveal import reveal

SETTINGS = load_settings().costs


@pytest.fixture(scope="module")
def registers(world, drawn):
    return reveal(world, drawn)


def test_every_activity_of_the_intervention_has_its_occupation(world):
    log = world.intervention.activity
    assert set(log["role"]) == {each.role for each in SETTINGS.work}
    assert (log["minutes_indirect"] > 0).all()
    assert {step.name for step in load_settings().participation.step} == {each.activity for each in SETTINGS.work}


def test_usual_services_are_given_to_both_arms_and_to_nobody_off_benefit(world, registers, drawn):
    log = registers.usual_services
    assert log["person_id"].isin(drawn).any()
    assert (~log["person_id"].isin(drawn)).any()
    weeks = registers.weeks
    row = pd.Index(weeks.person_id).get_indexer(pd.Index(log["person_id"]))
    column = (log["date"].to_numpy(dtype="datetime64[D]").astype(np.int64) + 3) // 7 - weeks.first_week
    assert (weeks.code[row, column] > 0).all()
    assert (column >= world.draw_week - weeks.first_week).all()


def test_every_third_is_called_in_about_every_eighth_week(registers, world):
    """Nobody is called in twice within a turn of eight weeks."""
    per_person = registers.usual_services.groupby("person_id").size()
    weeks = world.settings.calendar.follow_up_weeks
    assert per_person.max() <= weeks / SETTINGS.usual.every_weeks + 1


def test_before_the_draw_there_are_no_accounts(world):
    assert reveal(world, ()).accounts is None


def test_the_prices_are_marked_as_made_up():
    table = to_ingredients(SETTINGS)
    assert table["source"].str.contains("simul", case=False).all()
    assert table["id"].is_unique


@pytest.mark.parametrize(
    ("driver", "role", "expected"),
    [
        ("contact_min", "", {"153": 300, "550": 100}),
        ("indirect_min", "a", {"153": 100, "550": 0}),
        ("participant", "", {"153": 100, "550": 100}),
        ("participant", "b", {"153": 100, "550": 100}),
        ("site_month", "", {"153": 200, "550": 100}),
    ],
)
def test_accounts_hold_units_times_price(driver, role, expected):
    from dataclasses import replace

    log = pd.DataFrame(
        {
            "person_id": ["x", "x", "x", "y"],
            "date": pd.to_datetime(["2018-02-01", "2018-02-20", "2018-03-01", "2018-02-01"]),
            "minutes": [60.0, 60.0, 60.0, 60.0],
            "minutes_indirect": [60.0, 0.0, 30.0, 0.0],
            "role": ["a", "b", "b", "b"],
        }
    )
    one = PricedIngredient("i", "i", "i", "T", driver, 100.0, 0.0, "run", "operation", "F", role=role)
    others = (replace(one, phase="setup"), replace(one, arm_scope="both"), replace(one, research_only=True))
    settings = replace(SETTINGS, ingredient=(one, *others), booked=1.0)
    booked = book_accounts(log, pd.Series({"x": "153", "y": "550"}), settings)
    assert booked.groupby("site")["amount"].sum().to_dict() == expected
    assert set(booked["quarter"]) == {"2018-K1"}
