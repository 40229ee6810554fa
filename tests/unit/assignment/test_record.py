import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from ctieval.assignment.draw import assign
from ctieval.assignment.form import digest_entrants, from_bytes, to_bytes
from ctieval.assignment.record import read_allocation, verify
from ctieval.domain.allocation import Proven
from ctieval.domain.arms import Arms
from ctieval.domain.design import Blocked
from ctieval.errors import InputError, RecordError


@pytest.fixture
def drawn(cohort, plan, arms):
    """The file of a draw."""
    assign(cohort, plan, arms)
    return plan.record


def forge(path, **changes):
    """Change a record and seal it anew, as somebody would who knows how."""
    record, _ = from_bytes(path.read_bytes(), path)
    path.write_bytes(to_bytes(replace(record, **changes)))


def test_a_record_proves_its_draw(drawn, cohort, plan, arms):
    verification = verify(drawn, cohort=cohort, plan=plan, arms=arms)
    assert verification.holds
    assert [name for name, _ in verification.checks] == [
        "form",
        "digest",
        "persons",
        "redraw",
        "cohort",
        "plan",
        "arms",
    ]
    assert verification.record_digest == json.loads(drawn.read_bytes())["sha256"]


def test_the_allocation_read_is_the_allocation_drawn(cohort, plan, arms):
    drawn = assign(cohort, plan, arms)
    read = read_allocation(plan.record)
    assert read.proof == drawn.proof == Proven(verify(plan.record).record_digest)
    assert (read.arms, read.design, read.block_labels) == (drawn.arms, drawn.design, drawn.block_labels)
    for name in ("person_id", "arm", "probability", "block", "randomised_on"):
        np.testing.assert_array_equal(getattr(read, name), getattr(drawn, name))


def test_an_altered_arm_is_found(drawn):
    data = drawn.read_bytes()
    drawn.write_bytes(data.replace(b'"arm":1', b'"arm":0', 1))
    assert verify(drawn).failing == ("digest", "redraw")


def test_an_altered_arm_is_found_though_the_seal_was_renewed(drawn):
    record, _ = from_bytes(drawn.read_bytes(), drawn)
    arm = record.arm.copy()
    arm[[arm.argmax(), arm.argmin()]] = 0, 1
    forge(drawn, arm=arm)
    assert verify(drawn).failing == ("redraw",)


def test_a_person_taken_out_is_found_though_the_seal_was_renewed(drawn, cohort):
    record, _ = from_bytes(drawn.read_bytes(), drawn)
    kept = {name: getattr(record, name)[1:] for name in ("person_id", "block", "cluster", "arm", "probability")}
    forge(drawn, **kept)
    assert "persons" in verify(drawn).failing
    forge(
        drawn,
        **kept,
        cohort_digest=digest_entrants(kept["person_id"], kept["block"], kept["cluster"], record.covariates_digest),
    )
    assert "redraw" in verify(drawn).failing
    assert "cohort" in verify(drawn, cohort=cohort).failing


@pytest.mark.parametrize(
    "changes",
    [
        {"probability": np.array([["2/3", "1/3"]] * 9 + [["1/2", "1/2"]] * 6, dtype=object)},
        {"bit_generator": "MT19937"},
        {"arm": np.full(15, 7)},
    ],
)
def test_a_forged_part_is_found(drawn, changes):
    forge(drawn, **changes)
    assert verify(drawn).failing == ("redraw",)


def test_a_design_that_nobody_could_conduct_proves_nothing(drawn, plan):
    forge(drawn, plan=replace(plan, design=Blocked("municipality", (("153", 30), ("550", 2)))))
    assert verify(drawn).failing == ("redraw",)


@pytest.mark.parametrize("extra", [b" ", b"\n", b"\r\n", b"\xef\xbb\xbf", b"{}"])
def test_a_byte_more_is_found_at_either_end(drawn, extra):
    data = drawn.read_bytes()
    for altered in (extra + data, data + extra):
        drawn.write_bytes(altered)
        assert "form" in verify(drawn).failing


def test_another_spelling_of_the_same_content_is_found(drawn):
    document = json.loads(drawn.read_bytes())
    drawn.write_text(json.dumps(document, indent=1, ensure_ascii=False), encoding="utf-8")
    assert verify(drawn).failing == ("form",)


@pytest.mark.parametrize(
    "change",
    [{"seed": 1}, {"randomised_on": date(2018, 2, 2)}, {"design": Blocked("municipality", (("", 3),))}],
)
def test_a_plan_changed_after_the_draw_is_found(drawn, plan, change):
    with pytest.raises(RecordError) as refused:
        read_allocation(drawn, plan=replace(plan, **change))
    assert refused.value.found == "checks that fail: plan"


def test_arms_renamed_after_the_draw_are_found(drawn):
    assert verify(drawn, arms=Arms("control", "intervention")).failing == ("arms",)


def test_another_cohort_is_found(drawn, make_cohort):
    assert verify(drawn, cohort=make_cohort({"153": 9, "550": 7})).failing == ("cohort",)


def test_a_file_that_is_no_record_fails_the_first_check(drawn):
    drawn.write_bytes(b'{"a": 1}')
    assert verify(drawn).checks == (("form", False),)
    with pytest.raises(RecordError) as refused:
        read_allocation(drawn)
    assert refused.value.what == "the file is no record of a draw"


def test_a_file_that_is_not_there_is_an_error_of_input(tmp_path):
    with pytest.raises(InputError) as refused:
        verify(tmp_path / "nowhere.json")
    assert refused.value.exit_code == 10


def test_nothing_that_comes_out_shows_a_person(drawn):
    assert "canary" not in repr(verify(drawn)) + repr(read_allocation(drawn))
    drawn.write_bytes(drawn.read_bytes().replace(b"canary-0001", b"canary-1001"))
    with pytest.raises(RecordError) as refused:
        read_allocation(drawn)
    assert "canary" not in str(refused.value)
