import json
import os
import stat
from dataclasses import replace
from hashlib import sha256

import pytest

from ctieval.assignment.intake.open import open_intake
from ctieval.assignment.intake.seal import seal_path
from ctieval.domain.arms import Arms
from ctieval.domain.design import PermutedBlocks
from ctieval.errors import DesignError, InputError, RecordError


def test_the_first_line_says_what_the_intake_is_and_commits_to_the_key(plan):
    header = json.loads(plan.record.read_text(encoding="utf-8"))
    secret = bytes.fromhex(plan.key.read_text().strip())
    assert len(secret) == 32
    assert header["commitment_sha256"] == sha256(secret).hexdigest()
    assert header["design"] == {
        "kind": "permuted_blocks",
        "stratum": "municipality",
        "multiples": [1, 2, 3],
        "ratio": [1, 1],
    }
    assert header["arms"] == ["Kontrolgruppe", "Indsatsgruppe"]
    assert header["opens_on"] == "2026-01-05"
    assert header["plan_sha256"] == "ab" * 32
    assert secret.hex() not in plan.record.read_text(encoding="utf-8")


def test_no_two_intakes_have_the_same_key(make_plan, arms):
    plans = [make_plan(folder=name) for name in ("one", "two")]
    for each in plans:
        open_intake(each, arms)
    assert len({each.key.read_bytes() for each in plans}) == 2


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_only_the_owner_may_read_the_key(plan):
    assert stat.S_IMODE(plan.key.stat().st_mode) == 0o600


def test_an_intake_is_started_once(plan, arms):
    before = plan.record.read_bytes()
    with pytest.raises(RecordError, match="started already"):
        open_intake(plan, arms)
    assert plan.record.read_bytes() == before


def test_a_record_that_is_gone_is_not_begun_anew(plan, arms):
    plan.record.unlink()
    with pytest.raises(RecordError, match="is gone"):
        open_intake(plan, arms)


def test_a_start_that_broke_off_before_the_record_is_taken_up(plan, arms):
    key = plan.key.read_bytes()
    plan.record.unlink()
    seal_path(plan.key).unlink()
    open_intake(plan, arms)
    assert plan.key.read_bytes() == key


@pytest.mark.parametrize("place", ["intake.key", "keys/intake.key"])
def test_a_key_that_would_lie_with_the_record_is_refused(make_plan, arms, place):
    plan = make_plan()
    with pytest.raises(InputError, match="would lie with its record"):
        open_intake(replace(plan, key=plan.record.parent / place), arms)
    assert not plan.record.exists()


def test_a_design_that_cannot_be_conducted_is_refused_before_anything_is_written(make_plan):
    plan = make_plan()
    with pytest.raises(DesignError, match="cannot be conducted"):
        open_intake(plan, Arms("a", "b", ("c",)))
    with pytest.raises(DesignError, match="cannot be conducted"):
        open_intake(replace(plan, design=PermutedBlocks("", ())), Arms("a", "b"))
    assert not plan.record.exists()
    assert not plan.key.exists()


def test_a_folder_that_cannot_be_made_is_told(make_plan, arms, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be started"):
        open_intake(replace(make_plan(), record=tmp_path / "file" / "intake.jsonl"), arms)


def test_nothing_is_left_behind_but_record_key_and_seal(plan):
    assert [each.name for each in plan.record.parent.iterdir()] == ["intake.jsonl"]
    assert sorted(each.name for each in plan.key.parent.iterdir()) == ["intake.key", "intake.key.seal"]
