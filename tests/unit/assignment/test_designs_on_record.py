import json
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ctieval.assignment.design_form import from_design_content, to_design_content
from ctieval.assignment.draw import assign
from ctieval.assignment.form import from_bytes, to_bytes
from ctieval.assignment.record import Occasion, read_allocation, verify
from ctieval.domain.arms import Arms
from ctieval.domain.cohort import Cohort
from ctieval.domain.design import (
    Blocked,
    BlockedClustered,
    Capacity,
    Clustered,
    Complete,
    Matched,
    Simple,
    WaitingList,
)
from ctieval.domain.trial import PlannedDraw
from ctieval.errors import DesignError, RecordError

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)
TWO, THREE = Arms("Forløb", "Kontrol"), Arms("Forløb", "Kontrol", ("Kursus",))

DESIGNS = {
    "simple": (Simple(HALF), TWO),
    "simple, three arms": (Simple((HALF, Fraction(1, 4))), THREE),
    "complete, three arms": (Complete((THIRD, 5)), THREE),
    "blocked, three arms": (Blocked("town", (("", (THIRD, Fraction(1, 4))),)), THREE),
    "clustered": (Clustered("office", HALF), TWO),
    "blocked and clustered": (BlockedClustered("town", "office", (("", HALF),)), TWO),
    "pairs": (Matched(("age", "provider"), 2, 1), TWO),
    "triples, three arms": (Matched(("age",), 3, (1, 1)), THREE),
    "places": (Capacity("town", (("a", 30), ("b", 5))), TWO),
    "places of one pool": (Capacity("", (("", 5),)), TWO),
    "waiting list": (WaitingList(Matched(("age",), 2, HALF), 26), TWO),
}
NUMBERS = ("person_id", "arm", "probability", "block", "cluster", "randomised_on")


def cohort_of(n=41, seed=1):
    rng = np.random.default_rng(seed)
    office = rng.integers(8, size=n)
    return Cohort(
        person_id=np.array([f"canary-{number:03d}" for number in range(n)], dtype=object),
        as_of=date(2018, 1, 15),
        criteria=(),
        failed=np.zeros((n, 1), dtype=bool),
        not_assessable=np.zeros((n, 1), dtype=bool),
        characteristics=pd.DataFrame(
            {
                "town": np.where(office < 4, "a", "b"),
                "office": [f"o{number}" for number in office],
                "age": rng.integers(30, 60, n),
                "provider": pd.array(rng.random(n) < 0.4, dtype="boolean"),
                "sex": rng.choice(["male", "female"], n),
            }
        ),
    )


@pytest.fixture(params=DESIGNS.values(), ids=DESIGNS.keys())
def case(request, tmp_path):
    """A cohort, a plan and its arms, not drawn yet."""
    design, arms = request.param
    return cohort_of(), PlannedDraw(design, 7, tmp_path / "allocation.json", date(2018, 2, 1)), arms


def test_the_record_of_every_design_proves_its_draw(case):
    cohort, plan, arms = case
    drawn = assign(cohort, plan, arms)
    assert verify(plan.record, cohort=cohort, plan=plan, arms=arms).holds
    read = read_allocation(plan.record)
    for name in NUMBERS:
        np.testing.assert_array_equal(getattr(read, name), getattr(drawn, name))
    assert (read.block_labels, read.cluster_labels) == (drawn.block_labels, drawn.cluster_labels)
    assert read.probability.shape == (41, len(arms.labels))
    assert set(read.arm.tolist()) == set(range(len(arms.labels)))


def test_a_record_comes_back_as_it_went(case):
    cohort, plan, arms = case
    assign(cohort, plan, arms)
    written = plan.record.read_bytes()
    record, _ = from_bytes(written, plan.record)
    assert to_bytes(record) == written
    assert from_design_content(json.loads(json.dumps(to_design_content(plan.design)))) == plan.design


def test_two_arms_exchanged_are_found_though_the_seal_was_renewed(case):
    cohort, plan, arms = case
    assign(cohort, plan, arms)
    record, _ = from_bytes(plan.record.read_bytes(), plan.record)
    arm = record.arm.copy()
    arm[[arm.argmax(), arm.argmin()]] = arm.min(), arm.max()
    plan.record.write_bytes(to_bytes(replace(record, arm=arm)))
    assert verify(plan.record).failing == ("redraw",)


def test_the_order_of_the_rows_does_not_matter(case, tmp_path):
    cohort, plan, arms = case
    rows = np.random.default_rng(3).permutation(41)
    turned = replace(
        cohort,
        person_id=cohort.person_id[rows],
        characteristics=cohort.characteristics.iloc[rows].reset_index(drop=True),
    )
    (tmp_path / "other").mkdir()
    assign(cohort, plan, arms)
    again = replace(plan, record=tmp_path / "other" / "allocation.json")
    assign(turned, again, arms)
    assert plan.record.read_bytes() == again.record.read_bytes()


def test_matched_blocks_stand_in_the_record_and_their_covariates_do_not(tmp_path):
    cohort = cohort_of()
    plan = PlannedDraw(Matched(("age", "provider"), 2, 1), 7, tmp_path / "allocation.json", date(2018, 2, 1))
    drawn = assign(cohort, plan, TWO)
    assert np.unique(drawn.block, return_counts=True)[1].tolist() == [2] * 19 + [3]
    content = json.loads(plan.record.read_bytes())["record"]
    assert {each["block"] for each in content["persons"]} == set(drawn.block_labels)
    assert "age" not in content["persons"][0]
    assert len(content["covariates_sha256"]) == 64


def test_covariates_changed_after_the_draw_are_found(tmp_path):
    cohort = cohort_of()
    plan = PlannedDraw(Matched(("age",), 2, 1), 7, tmp_path / "allocation.json", date(2018, 2, 1))
    assign(cohort, plan, TWO)
    changed = replace(
        cohort, characteristics=cohort.characteristics.assign(age=cohort.characteristics["age"][::-1].to_numpy())
    )
    assert verify(plan.record, cohort=changed).failing == ("cohort", "matching")


def test_forged_blocks_of_a_matched_design_are_found(tmp_path):
    cohort = cohort_of()
    plan = PlannedDraw(Matched(("age",), 2, 1), 7, tmp_path / "allocation.json", date(2018, 2, 1))
    assign(cohort, plan, TWO)
    record, _ = from_bytes(plan.record.read_bytes(), plan.record)
    plan.record.write_bytes(to_bytes(replace(record, block=record.block[::-1].copy())))
    assert "matching" in verify(plan.record, cohort=cohort).failing
    plan.record.write_bytes(to_bytes(replace(record, block=np.full_like(record.block, ""))))
    assert verify(plan.record).failing == ("redraw",)


def test_an_altered_cluster_is_found(tmp_path):
    plan = PlannedDraw(Clustered("office", HALF), 7, tmp_path / "allocation.json", date(2018, 2, 1))
    assign(cohort_of(), plan, TWO)
    plan.record.write_bytes(plan.record.read_bytes().replace(b'"cluster":"o1"', b'"cluster":"o2"', 1))
    assert "persons" in verify(plan.record).failing


def test_when_and_by_whom_is_put_down_and_changes_no_arm(tmp_path):
    plan = PlannedDraw(Complete(20), 7, tmp_path / "allocation.json", date(2018, 2, 1))
    told = Occasion(datetime(2018, 1, 31, 9, 30, tzinfo=UTC), "K. Jensen")
    (tmp_path / "untold").mkdir()
    one = assign(cohort_of(), plan, TWO, occasion=told)
    other = assign(cohort_of(), replace(plan, record=tmp_path / "untold" / "allocation.json"), TWO)
    assert one.arm.tolist() == other.arm.tolist()
    content = json.loads(plan.record.read_bytes())["record"]
    assert (content["drawn_at"], content["drawn_by"]) == ("2018-01-31T09:30:00+00:00", "K. Jensen")
    assert verify(plan.record).holds


@pytest.mark.parametrize(("design", "arms"), [(Complete(20), THREE), (Complete((10, 10)), TWO)])
def test_a_design_for_other_arms_is_refused(design, arms, tmp_path):
    plan = PlannedDraw(design, 7, tmp_path / "allocation.json", date(2018, 2, 1))
    with pytest.raises(DesignError) as refused:
        assign(cohort_of(), plan, arms)
    assert refused.value.where == "the plan"
    assert not plan.record.exists()


@pytest.mark.parametrize(
    ("design", "where", "what"),
    [
        (Clustered("team", 2), "column team", "a cluster that is not known"),
        (Matched(("sex",), 2, 1), "column sex", "a covariate that is no number"),
        (Matched(("income",), 2, 1), "column income", "a covariate that is not known"),
        (Capacity("region", (("", 2),)), "column region", "a block that is not known"),
    ],
)
def test_columns_that_a_design_cannot_read_are_refused(design, where, what, tmp_path):
    with pytest.raises(DesignError) as refused:
        assign(cohort_of(), PlannedDraw(design, 7, tmp_path / "allocation.json", date(2018, 2, 1)), TWO)
    assert refused.value.where == where
    assert what in refused.value.what
    assert "canary" not in str(refused.value)


@pytest.mark.parametrize(
    "content",
    [
        {"kind": "lottery"},
        {"kind": "simple", "share": 1},
        {"kind": "waiting_list", "draw": {"kind": "simple", "share": "1/2"}, "weeks": 3},
        {"kind": "matched", "covariates": ["age"], "size": "two", "drawn": 1},
        {"kind": "capacity", "block": "", "places": [["", "x"]]},
    ],
)
def test_a_design_that_makes_no_sense_is_no_record(content, tmp_path):
    path = Path(tmp_path) / "allocation.json"
    assign(cohort_of(), PlannedDraw(Complete(20), 7, path, date(2018, 2, 1)), TWO)
    document = json.loads(path.read_bytes())
    document["record"]["design"] = content
    with pytest.raises(RecordError):
        from_bytes(json.dumps(document).encode(), path)
