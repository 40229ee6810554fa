from dataclasses import replace

import numpy as np
import pytest

from ctieval.assignment.lots import draw_lots, to_entrants
from ctieval.domain.design import Blocked, Complete
from ctieval.domain.entrants import Entrants
from ctieval.errors import DesignError, RecordError

BY_TOWN = Blocked("municipality", (("", 2),))


def test_only_the_eligible_enter(cohort):
    person_id, entrants = to_entrants(cohort, BY_TOWN)
    assert len(person_id) == 15
    assert entrants.block.tolist() == ["153"] * 9 + ["550"] * 6


def test_a_complete_design_needs_no_block(cohort):
    assert to_entrants(cohort, Complete(3))[1].block.tolist() == [""] * 15


def test_entrants_are_sorted_with_their_blocks(cohort):
    turned = replace(
        cohort,
        person_id=cohort.person_id[::-1],
        failed=cohort.failed[::-1],
        characteristics=cohort.characteristics[::-1],
    )
    (persons, entrants), (persons_again, entrants_again) = (to_entrants(each, BY_TOWN) for each in (cohort, turned))
    assert persons.tolist() == persons_again.tolist()
    assert entrants.block.tolist() == entrants_again.block.tolist()


def test_a_missing_column_is_named_with_those_that_are_there(cohort):
    with pytest.raises(DesignError) as refused:
        to_entrants(cohort, Blocked("town", ()))
    assert refused.value.where == "column town"
    assert refused.value.expected == "one of municipality"


def test_a_person_who_stands_twice_is_refused(cohort):
    persons = cohort.person_id.copy()
    persons[1] = persons[0]
    with pytest.raises(RecordError) as refused:
        to_entrants(replace(cohort, person_id=persons), BY_TOWN)
    assert refused.value.found == "1 row of persons who stand in it already"
    assert "canary" not in str(refused.value)


def test_lots_follow_the_person():
    persons = np.array([f"p{i}" for i in range(40)], dtype=object)
    entrants = Entrants.in_blocks(np.array(["a", "b"] * 20, dtype=object))
    rows = np.random.default_rng(1).permutation(40)
    design = Blocked("municipality", (("a", 7), ("b", 4)))
    straight = draw_lots(persons, entrants, design, 1)
    assert straight[rows].tolist() == draw_lots(persons[rows], entrants.take(rows), design, 1).tolist()
