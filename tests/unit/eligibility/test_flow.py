from datetime import date

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.cohort import Cohort
from ctieval.domain.criterion import ActivityReady, GapRule, MinimumAge, MinimumUnemployment
from ctieval.domain.wording import Phrase
from ctieval.eligibility.flow import not_assessable, screening_flow

CRITERIA = (MinimumAge(30), MinimumUnemployment(52, GapRule.DAYS_28, "kontanthjaelp"), ActivityReady())


def cohort_of(rows):
    """A cohort from one word a person: a letter a criterion, ``.`` met, ``f`` failed, ``n`` not assessable."""
    letters = np.array([list(row) for row in rows])
    ids = np.array([f"CANARY{i}" for i in range(len(rows))], dtype=object)
    return Cohort(
        ids, date(2018, 1, 15), CRITERIA, letters == "f", letters == "n", pd.DataFrame(index=range(len(rows)))
    )


def test_each_reason_is_counted_as_first_as_any_and_as_only():
    flow = screening_flow(cohort_of(["...", "...", "f..", "ff.", "fnf", ".f.", ".nf", "..n", "..n"]))
    assert (flow.screened, flow.eligible) == (9, 2)
    assert [(count.reason.key, count.first, count.any, count.only) for count in flow.exclusions] == [
        ("criterion.minimum_age", 3, 3, 1),
        ("not_assessable.minimum_age", 0, 0, 0),
        ("criterion.minimum_unemployment.28_days", 1, 2, 1),
        ("not_assessable.minimum_unemployment.28_days", 1, 2, 0),
        ("criterion.activity_ready", 0, 2, 0),
        ("not_assessable.activity_ready", 2, 2, 2),
    ]
    assert flow.eligible + sum(count.first for count in flow.exclusions) == flow.screened


def test_a_reason_carries_the_facts_of_its_criterion():
    assert not_assessable(CRITERIA[1]) == Phrase(
        "not_assessable.minimum_unemployment.28_days", (("weeks", 52), ("benefits", "kontanthjaelp"))
    )


def test_numbers_that_do_not_add_up_are_never_handed_on():
    cohort = cohort_of(["f..", "..."])
    both = Cohort(cohort.person_id, cohort.as_of, CRITERIA, cohort.failed, cohort.failed.copy(), cohort.characteristics)
    with pytest.raises(AssertionError, match="first reason"):
        screening_flow(both)


def test_the_flow_names_no_person():
    assert "CANARY" not in repr(screening_flow(cohort_of(["f..", "..."])))
