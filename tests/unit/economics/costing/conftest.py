from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ctieval.economics.costing.build import build_person_costs
from ctieval.registers.check import check_table
from ctieval.registers.schemas import load_schema

HOUR = {
    "Ressource-id": "timer",
    "Navn": "Støttetimer",
    "Gruppe": "indsats",
    "Betaler": "kommune",
    "Tælles i": "kontaktminutter",
    "Enhedspris": "400",
    "Prisår": "2018",
    "Fase": "drift",
    "Kategori": "drift af indsats",
    "Kilde": "Overenskomst",
    "Evidensgrad": "B",
}


@pytest.fixture(scope="session")
def make_ingredients():
    """A function that makes a checked table of ingredients, each told by how it differs from an hour of support."""

    def make(*ingredients):
        rows = [{**HOUR, "Ressource-id": f"r{i}", **each} for i, each in enumerate(ingredients)]
        return check_table(pd.DataFrame(rows, dtype=object).fillna(""), load_schema("ingredients"))

    return make


@pytest.fixture(scope="session")
def make_log():
    """A function that makes a checked log of rows (person's number, day, minutes, more)."""

    def make(*rows, **columns):
        frame = pd.DataFrame(
            {
                "person_id": [f"p{row[0]}" for row in rows],
                "date": [row[1] for row in rows],
                "activity": [row[3] if len(row) > 3 else "CTI" for row in rows],
                "minutes": [row[2] for row in rows],
                **columns,
            }
        )
        return check_table(frame, load_schema("activity"))

    return make


@pytest.fixture
def make_costs(make_trial, make_plan, book):
    """A function that costs a trial of persons drawn on 1 January 2018 and followed for so many weeks."""

    def run(arms, ingredients, *, weeks=52, plan=None, book=book, municipality=None, **tables):
        made = make_trial(
            arms,
            [[(730, weeks)] for _ in arms],
            municipality=municipality or ["153"] * len(arms),
        )
        allocation = replace(made.allocation, person_id=np.array([f"p{i}" for i in range(len(arms))], dtype=object))
        persons = made.registers.persons.assign(person_id=allocation.person_id)
        registers = replace(made.registers, persons=persons, ingredients=ingredients, **tables)
        return build_person_costs(plan or make_plan(weeks), allocation, registers, book)

    return run


@pytest.fixture(scope="session")
def make_accounts():
    """A function that makes checked accounts of rows (place, quarter, kroner)."""

    def make(*rows):
        frame = pd.DataFrame(rows, columns=["Sted", "Kvartal", "Beløb"])
        return check_table(frame, load_schema("accounts"))

    return make
