"""Nobody is drawn twice, whichever way she was drawn: a draw looks into intakes beside it, and an intake into draws."""

from dataclasses import replace
from datetime import date

import pytest

from ctieval.assignment.beside import find_drawn
from ctieval.assignment.draw import assign
from ctieval.assignment.intake.admit import admit
from ctieval.assignment.intake.open import open_intake
from ctieval.domain.design import PermutedBlocks
from ctieval.domain.trial import PlannedIntake
from ctieval.errors import RecordError

DAY = date(2026, 1, 5)


@pytest.fixture
def keys(tmp_path_factory):
    return tmp_path_factory.mktemp("keys")


@pytest.fixture
def intake(plan, arms, keys):
    started = PlannedIntake(
        design=PermutedBlocks("municipality", (1, 2)),
        record=plan.record.with_name("intake.jsonl"),
        key=keys / "intake.key",
        opens_on=DAY,
        plan_digest="ab" * 32,
    )
    open_intake(started, arms)
    return started


def test_a_draw_refuses_a_person_of_an_intake_beside_it(cohort, plan, arms, intake):
    admit(intake, str(cohort.person_id[0]).upper(), ("153",), DAY)
    with pytest.raises(RecordError) as refused:
        assign(cohort, plan, arms)
    assert "1 of the 15 persons" in str(refused.value)
    assert "canary" not in str(refused.value).lower()
    assert not plan.record.exists()


def test_an_intake_refuses_a_person_of_a_draw_beside_it(cohort, plan, arms, intake):
    assign(cohort, plan, arms)
    before = intake.record.read_bytes()
    with pytest.raises(RecordError) as refused:
        admit(intake, str(cohort.person_id[3]), ("153",), DAY)
    assert "canary" not in str(refused.value).lower()
    assert intake.record.read_bytes() == before
    assert admit(intake, "somebody-else", ("153",), DAY).is_new


def test_two_intakes_of_a_folder_share_nobody(intake, arms, keys):
    other = replace(intake, record=intake.record.with_name("other.jsonl"), key=keys / "other.key")
    open_intake(other, arms)
    assert admit(intake, "canary-1", ("153",), DAY).is_new
    assert not admit(intake, "canary-1", ("153",), DAY).is_new
    with pytest.raises(RecordError):
        admit(other, "canary-1", ("153",), DAY)


def test_what_is_no_record_or_a_damaged_one_holds_nobody(cohort, plan, intake):
    admit(intake, str(cohort.person_id[0]), ("153",), DAY)
    intake.record.write_bytes(intake.record.read_bytes()[:-9])
    plan.record.with_name("notes.json").write_text("[1, 2]")
    plan.record.with_name("folder.json").mkdir()
    assert list(find_drawn(cohort.person_id, plan.record)) == []
