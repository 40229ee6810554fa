"""The draw of the trial in five municipalities, as its evaluator would read it.

Published are 120 drawn of a target group of 518 in Brøndby, and 110 drawn in Tønder; the other numbers are ours.
"""

import json
from datetime import date
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from ctieval.assignment.draw import assign
from ctieval.assignment.record import verify
from ctieval.domain.arms import Arms
from ctieval.domain.cohort import Cohort
from ctieval.domain.design import Blocked
from ctieval.domain.trial import PlannedDraw
from ctieval.errors import RecordError

ELIGIBLE = {"Brøndby": 518, "Tønder": 220, "Halsnæs": 151, "Jammerbugt": 140, "Mariagerfjord": 133}
DRAWN = {"Brøndby": 120, "Tønder": 110}
ARMS = Arms(intervention="Indsatsgruppe", control="Kontrolgruppe")


@pytest.fixture
def cohort():
    municipality = [name for name, persons in ELIGIBLE.items() for _ in range(persons)]
    n = len(municipality)
    return Cohort(
        person_id=np.array([f"p{number:04d}" for number in range(n)], dtype=object),
        as_of=date(2018, 1, 15),
        criteria=(),
        failed=np.zeros((n, 1), dtype=bool),
        not_assessable=np.zeros((n, 1), dtype=bool),
        characteristics=pd.DataFrame({"municipality": municipality}),
    )


@pytest.fixture
def plan(tmp_path):
    return PlannedDraw(
        design=Blocked("municipality", (*DRAWN.items(), ("", Fraction(1, 2)))),
        seed=20180201,
        record=tmp_path / "allocation.json",
        randomised_on=date(2018, 2, 1),
    )


def test_each_municipality_draws_what_was_agreed(cohort, plan):
    allocation = assign(cohort, plan, ARMS)
    drawn = pd.Series(allocation.arm).groupby(np.array(allocation.block_labels)[allocation.block]).sum().to_dict()
    assert drawn["Brøndby"] == 120
    assert drawn["Tønder"] == 110
    assert drawn["Halsnæs"] in {75, 76}
    assert drawn["Jammerbugt"] == 70
    assert drawn["Mariagerfjord"] in {66, 67}
    assert sum(drawn.values()) == 120 + 110 + 212


def test_every_person_knows_the_exact_probability(cohort, plan):
    assign(cohort, plan, ARMS)
    persons = json.loads(plan.record.read_bytes())["record"]["persons"]
    assert {(each["block"], *each["probability"]) for each in persons} == {
        ("Brøndby", "199/259", "60/259"),
        ("Tønder", "1/2", "1/2"),
        ("Halsnæs", "1/2", "1/2"),
        ("Jammerbugt", "1/2", "1/2"),
        ("Mariagerfjord", "1/2", "1/2"),
    }


def test_the_record_proves_the_draw_and_there_is_no_second(cohort, plan):
    assign(cohort, plan, ARMS)
    assert verify(plan.record, cohort=cohort, plan=plan, arms=ARMS).holds
    with pytest.raises(RecordError):
        assign(cohort, plan, ARMS)
