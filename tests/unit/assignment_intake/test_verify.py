import json
import shutil
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from ctieval.assignment.canonical import digest, to_canonical
from ctieval.assignment.exclusions import LateReason, apply_exclusions
from ctieval.assignment.intake.admit import admit, close_intake, exclude
from ctieval.assignment.intake.chain import is_intake_record, read_chain
from ctieval.assignment.intake.lines import from_bytes, to_bytes
from ctieval.assignment.intake.seal import seal_path
from ctieval.assignment.intake.verify import read_intake, read_intake_exclusions, verify_intake
from ctieval.designs.notices import CONSERVATIVE
from ctieval.domain.allocation import Proven
from ctieval.domain.arms import Arms
from ctieval.domain.design import PermutedBlocks
from ctieval.errors import InputError, RecordError


def lines_of(plan):
    return plan.record.read_bytes().splitlines()


def rewrite(plan, lines):
    """Write lines anew, each with the digest of the line before: what a forger without the key could do."""
    previous, written = "", []
    for line in lines:
        content = {**json.loads(line), "previous": previous}
        written.append(to_canonical(content))
        previous = digest(written[-1])
    plan.record.write_bytes(b"".join(line + b"\n" for line in written))


def test_every_design_proves_itself_with_its_key(any_plan, arms, admit_many):
    admit_many(any_plan, 12)
    verification = verify_intake(any_plan.record, key=any_plan.key, plan=any_plan, arms=arms)
    assert dict(verification.checks) == dict.fromkeys(("chain", "key", "redraw", "seal", "plan", "arms"), True)
    assert verification.record_digest == read_chain(any_plan.record).digests[-1]


def test_without_the_key_only_the_chain_is_proved(plan, admit_many):
    admit_many(plan, 3)
    assert dict(verify_intake(plan.record).checks) == {"chain": True}


def test_a_closed_intake_proves_itself(plan, day, admit_many):
    admit_many(plan, 5)
    close_intake(plan, day)
    assert dict(verify_intake(plan.record).checks) == {"chain": True, "key": True, "redraw": True}


def test_any_byte_altered_is_found(plan, day, admit_many):
    admit_many(plan, 2)
    close_intake(plan, day)
    data = plan.record.read_bytes()
    for place in range(len(data)):
        plan.record.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        assert not verify_intake(plan.record).holds, f"byte {place}"


def test_any_line_dropped_doubled_or_moved_is_found(plan, day, admit_many):
    admit_many(plan, 4)
    exclude(plan, "canary-002", LateReason.NOT_OFFERED, day)
    close_intake(plan, day)
    lines = plan.record.read_bytes().splitlines(keepends=True)
    for place in range(len(lines) - 1):
        others = lines[:place] + lines[place + 1 :]
        for forged in (
            others,
            [*lines[: place + 1], *lines[place:]],
            [*others[: place + 1], lines[place], *others[place + 1 :]],
        ):
            plan.record.write_bytes(b"".join(forged))
            assert not verify_intake(plan.record, key=plan.key).holds


@pytest.mark.parametrize(
    ("change", "failing"),
    [
        ({"arm": None}, "redraw"),
        ({"person": "somebody-else"}, "redraw"),
        ({"levels": ["999"]}, "redraw"),
        ({"on": "2026-01-06"}, "chain"),
        ({"number": 9}, "chain"),
        ({"person": "canary-001"}, "chain"),
        ({"arm": 2}, "chain"),
        ({"levels": []}, "chain"),
    ],
)
def test_a_forger_who_mends_the_chain_is_found_by_the_key(plan, admit_many, change, failing):
    """Twelve persons after the change hang on it, so that a draw that happened to be the same cannot hide it."""
    admit_many(plan, 15)
    lines = lines_of(plan)
    content = json.loads(lines[3])
    forged = {key: 1 - content["arm"] if value is None else value for key, value in change.items()}
    rewrite(plan, [*lines[:3], to_canonical({**content, **forged}), *lines[4:]])
    assert failing in verify_intake(plan.record, key=plan.key).failing


@pytest.mark.parametrize(
    "change",
    [
        {"commitment_sha256": "ab" * 32},
        {"design": {"kind": "permuted_blocks", "stratum": "municipality", "multiples": [4], "ratio": [1, 1]}},
    ],
)
def test_a_forged_first_line_is_found_by_the_key(plan, admit_many, change):
    admit_many(plan, 20)
    first, *others = lines_of(plan)
    rewrite(plan, [to_canonical({**json.loads(first), **change}), *others])
    assert verify_intake(plan.record, key=plan.key).failing


def test_a_day_of_the_last_line_that_was_altered_is_found_by_the_seal(plan, admit_many):
    admit_many(plan, 3)
    *others, last = lines_of(plan)
    rewrite(plan, [*others, to_canonical({**json.loads(last), "on": "2026-12-24"})])
    assert verify_intake(plan.record).holds
    assert verify_intake(plan.record, key=plan.key).failing == ("key", "redraw", "seal")


def test_another_plan_and_other_arms_are_told(plan, admit_many):
    admit_many(plan, 2)
    other = replace(plan, design=PermutedBlocks("municipality", (2,)))
    assert verify_intake(plan.record, plan=other, arms=Arms("x", "y")).failing == ("plan", "arms")


def test_a_wrong_key_fails_both_of_its_checks(plan, make_plan, arms, admit_many):
    admit_many(plan, 2)
    plan.key.write_text("ab" * 32)
    assert verify_intake(plan.record, key=plan.key).failing == ("key", "redraw")


def test_a_closing_with_no_key_in_it_fails(plan, day, admit_many):
    admit_many(plan, 2)
    close_intake(plan, day)
    *others, last = lines_of(plan)
    rewrite(plan, [*others, to_canonical({**json.loads(last), "key": "nonsense"})])
    assert verify_intake(plan.record).failing == ("key", "redraw")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"{}\n",
        b"\xff\xfe\n",
        b"[1]\n",
        b"null\n",
        b'{"kind":"opened"}\n',
        b"[" * 100_000 + b"\n",
        b"1e999\n",
    ],
)
def test_a_file_that_is_no_record_is_refused_and_not_recognised(plan, content):
    plan.record.write_bytes(content)
    assert not is_intake_record(plan.record)
    assert verify_intake(plan.record).failing == ("chain",)
    with pytest.raises(RecordError):
        read_chain(plan.record)


def test_a_record_is_recognised(plan, tmp_path):
    assert is_intake_record(plan.record)
    assert not is_intake_record(tmp_path / "nothing")


def test_a_record_that_is_not_there_is_told(make_plan):
    with pytest.raises(InputError, match="is not there"):
        read_chain(make_plan().record)


@pytest.mark.parametrize(
    ("fault", "lines"),
    [
        ("no opening", lambda first, *rest: rest),
        ("second opening", lambda first, *rest: (first, first)),
        ("after the closing", lambda first, *rest: (*(first, *rest), rest[-1])),
        ("excluded before", lambda first, one, two, out, close: (first, one, out, out)),
        ("not drawn", lambda first, one, two, out, close: (first, two and out)),
    ],
)
def test_lines_that_cannot_follow_one_another_are_refused(plan, day, admit_many, fault, lines):
    admit_many(plan, 2)
    exclude(plan, "canary-001", LateReason.NOT_OFFERED, day)
    close_intake(plan, day)
    rewrite(plan, lines(*lines_of(plan)))
    with pytest.raises(RecordError) as refused:
        read_chain(plan.record)
    assert fault in refused.value.found


def test_a_line_comes_back_as_it_went(any_plan, day, admit_many):
    admit_many(any_plan, 3)
    exclude(any_plan, "canary-001", LateReason.NOT_OFFERED, day)
    close_intake(any_plan, day)
    for line in lines_of(any_plan):
        assert to_bytes(from_bytes(line)) == line


def test_the_allocation_is_sorted_by_person_and_dated_by_admission(plan, arms, day, admit_many):
    admit(plan, "zz", ("550",), date(2026, 2, 1))
    told = {f"canary-{i:03d}": each.arm for i, each in enumerate(admit_many(plan, 8), start=1)}
    close_intake(plan, day)
    allocation = read_intake(plan.record, plan=plan, arms=arms)
    assert allocation.person_id.tolist() == [*sorted(told), "zz"]
    assert allocation.randomised_on[-1] == np.datetime64("2026-02-01")
    assert (allocation.randomised_on[:-1] == np.datetime64(day)).all()
    labels = np.array(arms.labels)[allocation.arm[:-1]]
    assert labels.tolist() == [told[each] for each in sorted(told)]
    assert allocation.probability.tolist() == [[0.5, 0.5]] * 9
    assert allocation.block_labels == ("153", "550")
    assert allocation.design == plan.design
    assert allocation.proof == Proven(read_chain(plan.record).digests[-1], "ab" * 32)
    assert allocation.notices == (CONSERVATIVE,)


def test_an_open_intake_is_read_with_its_key_alone(plan, admit_many):
    admit_many(plan, 4)
    with pytest.raises(InputError, match="still open"):
        read_intake(plan.record)
    assert len(read_intake(plan.record, key=plan.key).arm) == 4


def test_an_allocation_that_is_not_proved_is_refused(plan, day, admit_many):
    admit_many(plan, 12)
    close_intake(plan, day)
    lines = lines_of(plan)
    content = json.loads(lines[3])
    rewrite(plan, [*lines[:3], to_canonical({**content, "arm": 1 - content["arm"]}), *lines[4:]])
    with pytest.raises(RecordError, match="does not prove its draws") as refused:
        read_intake(plan.record)
    assert refused.value.found == "checks that fail: key, redraw"


def test_simulated_probabilities_come_with_their_error(make_plan, arms, day, admit_many):
    plan = make_plan("unequal")
    from ctieval.assignment.intake.open import open_intake

    open_intake(plan, arms)
    admit_many(plan, 12)
    allocation = read_intake(plan.record, key=plan.key)
    _, notice = allocation.notices
    facts = dict(notice.facts)
    assert notice.code == "W-PROBABILITY-SIMULATED"
    assert facts["replicates"] == 10_000
    assert 0 < facts["error"] < 0.005
    assert allocation.block_labels == ("",)
    assert abs(allocation.probability[:, 1].mean() - 2 / 3) < 0.05, "the ratio is kept on the whole"


def test_those_excluded_late_stay_and_are_counted(plan, day, admit_many):
    told = admit_many(plan, 6)
    exclude(plan, "canary-002", LateReason.NOT_OFFERED, day)
    drawn = read_intake(plan.record, key=plan.key)
    assert len(drawn.arm) == 6
    allocation = apply_exclusions(drawn, read_intake_exclusions(plan.record))
    assert len(allocation.arm) == 6
    _, notice = allocation.notices
    treated = int(told[1].arm == "Indsatsgruppe")
    assert notice.code == "W-EXCLUDED-LATE"
    assert dict(notice.facts) == {"n_intervention": treated, "n_control": 1 - treated}


def test_who_withdrew_her_consent_is_left_out(plan, day, admit_many):
    admit_many(plan, 6)
    exclude(plan, "canary-002", LateReason.CONSENT_WITHDRAWN, day)
    drawn = read_intake(plan.record, key=plan.key)
    assert len(drawn.arm) == 6
    allocation = apply_exclusions(drawn, read_intake_exclusions(plan.record))
    assert len(allocation.arm) == 5
    assert "canary-002" not in allocation.person_id
    assert allocation.notices[-1].code == "W-CONSENT-WITHDRAWN"


def test_a_copy_elsewhere_without_the_key_can_be_verified_as_a_chain(plan, admit_many, tmp_path):
    admit_many(plan, 3)
    copy = shutil.copy(plan.record, tmp_path / "copy.jsonl")
    assert verify_intake(copy).holds


def test_a_key_without_a_seal_beside_it_proves_the_draws(plan, admit_many):
    admit_many(plan, 3)
    seal_path(plan.key).unlink()
    assert dict(verify_intake(plan.record, key=plan.key).checks) == {"chain": True, "key": True, "redraw": True}
