"""Rerandomised draws through the record: made again without covariates, proved with them to be the first accepted."""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from ctieval.assignment.draw import assign
from ctieval.assignment.form import digest_record, from_bytes, to_bytes
from ctieval.assignment.record import read_allocation, verify
from ctieval.designs.imbalance import measure_imbalance
from ctieval.designs.quotas import build_quotas
from ctieval.domain.cohort import Cohort
from ctieval.domain.criterion import ActivityReady
from ctieval.domain.design import Blocked, Complete, Rerandomised
from ctieval.domain.entrants import Entrants
from ctieval.domain.trial import PlannedDraw
from ctieval.errors import DesignError


@pytest.fixture
def people():
    n = 40
    rng = np.random.default_rng(3)
    return Cohort(
        person_id=np.array([f"canary-{i:04d}" for i in range(n)], dtype=object),
        as_of=date(2018, 1, 15),
        criteria=(ActivityReady(),),
        failed=np.zeros((n, 1), dtype=bool),
        not_assessable=np.zeros((n, 1), dtype=bool),
        characteristics=pd.DataFrame(
            {
                "municipality": ["153", "550"] * 20,
                "age_years": rng.integers(30, 60, n),
                "benefit_weeks_52": rng.integers(0, 53, n),
            }
        ),
    )


@pytest.fixture
def draw_plan(tmp_path):
    base = Blocked("municipality", (("", 10),))
    design = Rerandomised(base, ("age_years", "benefit_weeks_52"), Fraction(1, 20))
    return PlannedDraw(design, seed=20180201, record=tmp_path / "allocation.json", randomised_on=date(2018, 2, 1))


def test_the_draw_is_close_on_its_covariates_and_proved(people, draw_plan, arms):
    allocation = assign(people, draw_plan, arms)
    table = people.characteristics
    entrants = Entrants(
        table["municipality"].to_numpy(dtype=object),
        np.full(40, "", dtype=object),
        table[["age_years", "benefit_weeks_52"]].to_numpy(dtype=float),
    )
    imbalance = measure_imbalance(build_quotas(draw_plan.design.draw, entrants), entrants)
    assert imbalance.distances(allocation.arm[None])[0] < 0.2, "one in twenty; with 2 df about 0.1"
    assert (allocation.probability == 0.5).all()
    assert [each.code for each in allocation.notices] == ["W-INTERVAL-CONSERVATIVE"]
    checks = dict(verify(draw_plan.record, cohort=people, plan=draw_plan, arms=arms).checks)
    assert checks.pop("acceptance")
    assert all(checks.values())


def test_the_record_keeps_no_covariate_and_still_draws_again(people, draw_plan, arms):
    assign(people, draw_plan, arms)
    content = json.loads(draw_plan.record.read_bytes())["record"]
    assert set(content["persons"][0]) == {"id", "block", "cluster", "arm", "probability"}
    assert verify(draw_plan.record).holds
    assert len(read_allocation(draw_plan.record).arm) == 40


def test_row_order_does_not_matter(people, draw_plan, arms, tmp_path):
    first = assign(people, draw_plan, arms)
    turned = replace(
        people,
        person_id=people.person_id[::-1],
        characteristics=people.characteristics.iloc[::-1].reset_index(drop=True),
    )
    (tmp_path / "again").mkdir()
    again = assign(turned, replace(draw_plan, record=tmp_path / "again" / "allocation.json"), arms)
    np.testing.assert_array_equal(first.arm, again.arm)


def test_a_later_accepted_draw_that_somebody_liked_better_is_found_with_the_cohort(people, draw_plan, arms):
    """The seed allows many draws; only the first that is close enough counts."""
    from ctieval.assignment.rerandomised import repeat_draw

    assign(people, draw_plan, arms)
    record, _ = from_bytes(draw_plan.record.read_bytes(), draw_plan.record)
    later = record.refused + 1
    arm = repeat_draw(record.person_id, record.entrants, draw_plan.design, draw_plan.seed, later)
    forged = replace(record, arm=arm, refused=later)
    draw_plan.record.write_bytes(to_bytes(forged, sha256=digest_record(forged)))
    assert verify(draw_plan.record).holds
    assert verify(draw_plan.record, cohort=people).failing == ("acceptance",)


def test_other_covariates_than_those_drawn_by_are_found(people, draw_plan, arms):
    assign(people, draw_plan, arms)
    older = replace(people, characteristics=people.characteristics.assign(age_years=range(40)))
    assert "cohort" in verify(draw_plan.record, cohort=older).failing


def test_unequal_numbers_get_probabilities_with_their_error(people, draw_plan, arms):
    design = Rerandomised(Complete(Fraction(1, 4)), ("age_years",), Fraction(1, 2))
    allocation = assign(people, replace(draw_plan, design=design), arms)
    notice = allocation.notices[-1]
    facts = dict(notice.facts)
    assert (notice.code, facts["replicates"]) == ("W-PROBABILITY-SIMULATED", 10_000)
    assert abs(allocation.probability[:, 1].mean() - 0.25) < 1e-9
    assert len(set(allocation.probability[:, 1])) > 1


def test_a_person_without_the_covariate_is_told_of_before_anything_is_written(people, draw_plan, arms):
    table = people.characteristics.assign(age_years=[None, *range(39)])
    with pytest.raises(DesignError, match="cannot be compared"):
        assign(replace(people, characteristics=table), draw_plan, arms)
    assert not draw_plan.record.exists()


@pytest.mark.parametrize("altered", [
    ("1/3", "2/3"),
    ("9/10", "1/10"),
    ("2/4", "2/4"),
    ("NaN", "1/2"),
    ("1/0", "1/2"),
    ("1e999999999", "1/2"),
])  # fmt: skip
def test_probabilities_that_cannot_be_are_found_without_the_cohort(people, draw_plan, arms, altered):
    assign(people, draw_plan, arms)
    record, _ = from_bytes(draw_plan.record.read_bytes(), draw_plan.record)
    probability = record.probability.copy()
    probability[0] = altered
    draw_plan.record.write_bytes(to_bytes(replace(record, probability=probability)))
    assert verify(draw_plan.record).failing == ("redraw",)


@pytest.mark.slow
def test_unequal_probabilities_add_up_to_those_drawn_in_each_block(people, draw_plan, arms):
    unequal = replace(draw_plan, design=replace(draw_plan.design, draw=Blocked("municipality", (("", 5),))))
    assign(people, unequal, arms)
    assert verify(unequal.record).holds
    record, _ = from_bytes(unequal.record.read_bytes(), unequal.record)
    probability = record.probability.copy()
    probability[:2] = probability[1::-1]
    unequal.record.write_bytes(to_bytes(replace(record, probability=probability)))
    assert verify(unequal.record).failing == ("redraw",), "two persons of different blocks"
    assert verify(unequal.record, cohort=people).failing == ("redraw", "acceptance")
