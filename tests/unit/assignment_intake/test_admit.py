from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from ctieval.assignment.exclusions import LateReason
from ctieval.assignment.intake.admit import admit, close_intake, exclude, mend_intake
from ctieval.assignment.intake.chain import read_chain
from ctieval.assignment.intake.lines import Mended
from ctieval.assignment.intake.seal import seal_path
from ctieval.assignment.intake.verify import verify_intake
from ctieval.domain.design import PermutedBlocks
from ctieval.errors import InputError, RecordError, SchemaError

TOWN = ("153",)


def test_a_person_is_drawn_and_written_down(plan, day):
    admission = admit(plan, "canary-1", TOWN, day)
    (entry,) = read_chain(plan.record).admitted
    assert (entry.number, entry.person_id, entry.levels, entry.on) == (1, "canary-1", TOWN, day)
    assert admission.arm == ("Kontrolgruppe", "Indsatsgruppe")[entry.arm]
    assert admission.is_new
    assert admission.new_levels == ("municipality",)


def test_the_same_person_is_never_drawn_again_and_her_arm_is_told(plan, day, admit_many):
    first = admit_many(plan, 5)
    before = plan.record.read_bytes()
    again = admit(plan, "canary-003", ("anything",), date(2030, 1, 1))
    assert again == replace(first[2], is_new=False)
    assert plan.record.read_bytes() == before


def test_levels_that_nobody_had_before_are_named(plan, day):
    assert [admit(plan, f"p{i}", (town,), day).new_levels for i, town in enumerate(["153", "153", "155"])] == [
        ("municipality",),
        (),
        ("municipality",),
    ]


def test_a_receipt_is_the_line_and_the_beginning_of_its_digest(plan, admit_many):
    receipts = [each.receipt for each in admit_many(plan, 3)]
    digests = read_chain(plan.record).digests
    assert receipts == [f"{line + 1}-{digests[line][:16]}" for line in (1, 2, 3)]


@pytest.mark.parametrize("person", ["", " ", " canary-1", "canary-1 ", "canary-1\u200b", "canary\n1"])
def test_an_identifier_with_nothing_or_spaces_is_refused(plan, day, person):
    with pytest.raises(InputError, match="identifier"):
        admit(plan, person, TOWN, day)


@pytest.mark.parametrize(("first", "second"), [
    ("canary-a", "Canary-A"),
    ("canary-1", "canary -1"),
    ("canary-\u00e5", "canary-a\u030a"),
    ("canary-1", "canary-\uff11"),
])  # fmt: skip
def test_nobody_is_drawn_a_second_time_under_another_spelling(plan, day, first, second):
    drawn = admit(plan, first, TOWN, day)
    before = plan.record.read_bytes()
    with pytest.raises(InputError, match="written a little otherwise") as refused:
        admit(plan, second, TOWN, day)
    assert second not in str(refused.value)
    assert plan.record.read_bytes() == before
    assert admit(plan, first, TOWN, day).arm == drawn.arm
    assert admit(plan, "another", TOWN, day).is_new


@pytest.mark.parametrize("person", ["010203-1234", "0102031234"])
def test_a_cpr_number_is_refused_and_not_shown(plan, day, person):
    with pytest.raises(SchemaError) as refused:
        admit(plan, person, TOWN, day)
    assert person not in str(refused.value)
    assert person.encode() not in plan.record.read_bytes()


@pytest.mark.parametrize("levels", [(), ("",), (" ",), ("153", "550")])
def test_a_person_without_the_level_is_not_drawn(plan, day, levels):
    with pytest.raises(InputError) as refused:
        admit(plan, "canary-1", levels, day)
    assert refused.value.where == "municipality"
    assert len(read_chain(plan.record).entries) == 0


def test_days_go_forward(plan, day):
    with pytest.raises(InputError) as refused:
        admit(plan, "canary-1", TOWN, date(2026, 1, 4))
    assert refused.value.expected.startswith("2026-01-05")
    admit(plan, "canary-1", TOWN, day)
    with pytest.raises(InputError):
        admit(plan, "canary-2", TOWN, date(2026, 3, 1))


def test_a_change_of_design_while_persons_are_drawn_is_refused(plan, day, admit_many):
    admit_many(plan, 2)
    with pytest.raises(RecordError, match="another intake than the plan"):
        admit(replace(plan, design=PermutedBlocks("municipality", (5,))), "canary-9", TOWN, day)


def test_nobody_is_drawn_without_the_key(plan, day):
    plan.key.rename(plan.key.with_name("elsewhere"))
    with pytest.raises(InputError, match="key of the intake cannot be had"):
        admit(plan, "canary-1", TOWN, day)


@pytest.mark.parametrize("content", ["", "no key", "ab" * 31, "AB" * 32, "æ" * 64])
def test_a_file_that_holds_no_key_is_refused(plan, day, content):
    plan.key.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        admit(plan, "canary-1", TOWN, day)
    assert refused.value.found == "a file that holds no key"


def test_the_key_of_another_intake_is_refused(plan, day):
    plan.key.write_text("ab" * 32)
    with pytest.raises(RecordError, match="key is not that of this intake"):
        admit(plan, "canary-1", TOWN, day)


def test_a_person_is_excluded_and_her_draw_stands(plan, day, admit_many):
    admit_many(plan, 3)
    exclude(plan, "canary-002", LateReason.NOT_ELIGIBLE, date(2026, 4, 1))
    chain = read_chain(plan.record)
    assert [each.person_id for each in chain.admitted] == ["canary-001", "canary-002", "canary-003"]
    assert [(each.person_id, each.reason) for each in chain.excluded] == [("canary-002", LateReason.NOT_ELIGIBLE)]
    assert admit(plan, "canary-002", TOWN, date(2026, 5, 1)).is_new is False


def test_only_who_was_drawn_is_excluded_and_only_once(plan, day, admit_many):
    admit_many(plan, 1)
    with pytest.raises(InputError, match="was not drawn"):
        exclude(plan, "canary-9", LateReason.NOT_OFFERED, day)
    exclude(plan, "canary-001", LateReason.NOT_OFFERED, day)
    with pytest.raises(RecordError, match="excluded before"):
        exclude(plan, "canary-001", LateReason.NOT_OFFERED, day)


def test_a_closed_intake_draws_nobody(plan, day, admit_many):
    admit_many(plan, 2)
    close_intake(plan, day)
    for again in (
        lambda: admit(plan, "canary-9", TOWN, day),
        lambda: exclude(plan, "canary-001", LateReason.NOT_OFFERED, day),
        lambda: close_intake(plan, day),
    ):
        with pytest.raises(RecordError, match="closed"):
            again()


def test_a_line_that_breaks_off_is_refused_and_mended(plan, day, admit_many):
    admit_many(plan, 2)
    whole = plan.record.read_bytes()
    fragment = b'{"arm":1,"kind":"admitted","le'
    plan.record.write_bytes(whole + fragment)
    with pytest.raises(RecordError, match="not written whole") as refused:
        admit(plan, "canary-9", TOWN, day)
    assert "intake mend" in refused.value.do
    assert plan.record.read_bytes() == whole + fragment

    mended = mend_intake(plan, day)
    assert isinstance(mended.entries[-1], Mended)
    assert plan.record.read_bytes().startswith(whole)
    assert plan.record.with_name("intake.jsonl.fragment-3").read_bytes() == fragment
    assert admit(plan, "canary-9", TOWN, day).number == 3
    assert verify_intake(plan.record, key=plan.key).holds


def test_there_is_nothing_to_mend_in_a_whole_record(plan, day):
    with pytest.raises(InputError, match="nothing to mend"):
        mend_intake(plan, day)


def test_mending_does_not_hide_that_a_line_was_cut_off(plan, day, admit_many):
    admit_many(plan, 3)
    plan.record.write_bytes(plan.record.read_bytes()[:-5])
    with pytest.raises(RecordError, match="not the one that was sealed"):
        mend_intake(plan, day)


def test_a_machine_that_stops_before_the_seal_follows_loses_nothing(plan, day, admit_many):
    admit_many(plan, 2)
    seal = seal_path(plan.key).read_bytes()
    told = admit(plan, "canary-8", TOWN, day)
    seal_path(plan.key).write_bytes(seal)
    assert admit(plan, "canary-8", TOWN, day) == replace(told, is_new=False)
    admit(plan, "canary-9", TOWN, day)
    assert verify_intake(plan.record, key=plan.key).holds


def test_lines_cut_off_the_end_are_found(plan, day, admit_many):
    admit_many(plan, 4)
    lines = plan.record.read_bytes().splitlines(keepends=True)
    plan.record.write_bytes(b"".join(lines[:-1]))
    with pytest.raises(RecordError, match="not the one that was sealed"):
        admit(plan, "canary-9", TOWN, day)
    assert verify_intake(plan.record, key=plan.key).failing == ("seal",)


def test_a_record_with_persons_and_no_seal_is_refused(plan, day, admit_many):
    admit_many(plan, 2)
    seal_path(plan.key).unlink()
    with pytest.raises(RecordError, match="not the one that was sealed"):
        admit(plan, "canary-9", TOWN, day)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"lines":"x","sha256":""}', b'{"lines":99,"sha256":""}'])
def test_a_seal_that_cannot_be_read_is_refused(plan, day, admit_many, content):
    admit_many(plan, 2)
    seal_path(plan.key).write_bytes(content)
    with pytest.raises(RecordError, match="not the one that was sealed"):
        admit(plan, "canary-9", TOWN, day)


def test_nothing_is_shown_of_a_person(plan, day, admit_many):
    admit_many(plan, 2)
    exclude(plan, "canary-001", LateReason.NOT_OFFERED, day)
    chain = close_intake(plan, day)
    shown = " ".join(map(repr, (chain, *chain.entries, chain.opened)))
    assert "canary" not in shown
    assert plan.key.read_text().strip() not in shown


def test_every_line_carries_the_digest_of_the_one_before(any_plan, admit_many):
    admit_many(any_plan, 6)
    chain = read_chain(any_plan.record)
    lines = any_plan.record.read_text(encoding="utf-8").splitlines()
    assert all(f'"previous":"{digest}"' in line for digest, line in zip(chain.digests, lines[1:], strict=False))
    assert all(one != other for one, other in pairwise(chain.digests))
