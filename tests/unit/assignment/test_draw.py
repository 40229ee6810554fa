import os
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from ctieval.assignment import draw as room
from ctieval.assignment.draw import assign
from ctieval.assignment.once import write_once
from ctieval.domain.allocation import Proven
from ctieval.domain.design import Blocked, Complete
from ctieval.errors import DesignError, InputError, RecordError


def test_an_allocation_holds_the_eligible_in_order(cohort, plan, arms):
    allocation = assign(cohort, plan, arms)
    assert allocation.person_id.tolist() == cohort.person_id[:15].tolist()
    assert allocation.block_labels == ("153", "550")
    assert allocation.block.tolist() == [0] * 9 + [1] * 6
    assert [allocation.arm[allocation.block == block].sum() for block in (0, 1)] == [3, 2]
    np.testing.assert_array_equal(allocation.probability, [[2 / 3, 1 / 3]] * 15)
    assert (set(allocation.cluster), allocation.cluster_labels) == ({0}, ("",))
    assert set(allocation.randomised_on) == {np.datetime64("2018-02-01")}
    assert allocation.arms == arms
    assert allocation.design == plan.design
    assert isinstance(allocation.proof, Proven)


def test_a_complete_draw_has_one_block_without_a_label(cohort, plan, arms):
    allocation = assign(cohort, replace(plan, design=Complete(Fraction(1, 2))), arms)
    assert allocation.block_labels == ("",)
    assert allocation.arm.sum() in {7, 8}
    np.testing.assert_array_equal(allocation.probability, 0.5)


def test_nobody_is_drawn_twice_into_one_record(cohort, plan, arms):
    assign(cohort, plan, arms)
    written = plan.record.read_bytes()
    with pytest.raises(RecordError) as refused:
        assign(cohort, plan, arms)
    assert refused.value.exit_code == 31
    assert refused.value.where == str(plan.record)
    assert plan.record.read_bytes() == written


def test_nobody_is_drawn_again_into_a_record_of_another_name(cohort, plan, arms):
    assign(cohort, plan, arms)
    with pytest.raises(RecordError) as refused:
        assign(cohort, replace(plan, seed=2, record=plan.record.with_name("better.json")), arms)
    assert refused.value.found == "15 of the 15 persons of this cohort"
    assert "canary" not in str(refused.value)


def test_other_persons_and_other_files_in_the_folder_are_no_hindrance(cohort, make_cohort, plan, arms):
    plan.record.with_name("notes.json").write_text("[1, 2]", encoding="utf-8")
    plan.record.with_name("folder.json").mkdir()
    assign(cohort, plan, arms)
    others = make_cohort({"153": 9, "550": 6}, prefix="another")
    assert assign(others, replace(plan, record=plan.record.with_name("second.json")), arms).arm.sum() == 5


def test_a_draw_at_the_same_moment_wins_or_loses_whole(cohort, plan, arms, monkeypatch):
    def be_late(path, content):
        write_once(path, b"the record of the other")
        write_once(path, content)

    monkeypatch.setattr(room, "write_once", be_late)
    with pytest.raises(RecordError) as refused:
        assign(cohort, plan, arms)
    assert refused.value.found == "the record of a draw made at the same moment"
    assert plan.record.read_bytes() == b"the record of the other"


def test_a_folder_that_is_not_there_is_an_error_of_input(cohort, plan, arms):
    with pytest.raises(InputError) as refused:
        assign(cohort, replace(plan, record=plan.record.parent / "nowhere" / "allocation.json"), arms)
    assert refused.value.what == "the record of the draw cannot be written, so nobody was drawn"


def test_a_disk_that_fails_draws_nobody(cohort, plan, arms, monkeypatch):
    def fail(descriptor):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(InputError):
        assign(cohort, plan, arms)
    assert list(plan.record.parent.iterdir()) == []


def test_a_design_that_cannot_be_conducted_writes_nothing(cohort, plan, arms):
    with pytest.raises(DesignError) as refused:
        assign(cohort, replace(plan, design=Blocked("municipality", (("153", 10), ("550", 2)))), arms)
    assert refused.value.where == "block 153"
    assert list(plan.record.parent.iterdir()) == []


def test_eligible_persons_without_a_block_are_counted(cohort, plan, arms):
    cohort.characteristics.loc[[0, 16], "municipality"] = None
    with pytest.raises(DesignError) as refused:
        assign(cohort, plan, arms)
    assert refused.value.found == "1 person without a block"


def test_a_cohort_in_which_nobody_is_eligible_is_refused(make_cohort, plan, arms):
    with pytest.raises(DesignError) as refused:
        assign(make_cohort({}, out=4), plan, arms)
    assert refused.value.found == "no eligible person"


def test_the_cohort_is_not_changed(cohort, plan, arms):
    before = cohort.characteristics.copy()
    assign(cohort, plan, arms)
    assert cohort.characteristics.equals(before)
