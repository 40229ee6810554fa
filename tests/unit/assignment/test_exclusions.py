"""Exclusions after the draw: appended, chained to the record, and never a way to lose somebody."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ctieval.assignment.exclusions import LateReason, apply_exclusions, exclude, exclusions_path, read_exclusions
from ctieval.errors import InputError, RecordError

DAY = date(2018, 5, 2)
DRAWN = frozenset(f"P{number:06d}" for number in range(8))


@pytest.fixture
def record(tmp_path):
    """The record of a draw; only its bytes count."""
    path = tmp_path / "allocation.json"
    path.write_bytes(b"the record\n")
    return path


def three(record):
    for person, reason in (("P000000", "consent_withdrawn"), ("P000005", "not_eligible"), ("P000006", "not_offered")):
        exclude(record, person, LateReason(reason), on=DAY, drawn=DRAWN)
    return read_exclusions(record)


def test_exclusions_are_appended_and_the_record_is_untouched(record):
    found = three(record)
    assert [each.reason.value for each in found] == ["consent_withdrawn", "not_eligible", "not_offered"]
    assert record.read_bytes() == b"the record\n"
    assert "P0000" not in repr(found)


def test_a_record_without_exclusions_has_none(record, make_allocation):
    assert read_exclusions(record) == ()
    allocation = make_allocation([0, 1] * 4)
    assert apply_exclusions(allocation, ()) is allocation


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(st.data())
def test_any_altered_byte_is_found(record, data):
    path = exclusions_path(record)
    if not path.exists():
        three(record)
    whole = path.read_bytes()
    place = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda each: each != whole[place]))
    path.write_bytes(whole[:place] + bytes([byte]) + whole[place + 1 :])
    try:
        with pytest.raises(RecordError) as refused:
            read_exclusions(record)
    finally:
        path.write_bytes(whole)
    assert "P0000" not in str(refused.value)


@pytest.mark.parametrize("line", [0, 1])
def test_a_line_taken_out_is_found(record, line):
    three(record)
    path = exclusions_path(record)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:line] + lines[line + 1 :]))
    with pytest.raises(RecordError, match="does not follow"):
        read_exclusions(record)


def test_exclusions_belong_to_their_record(record):
    three(record)
    record.write_bytes(b"another record\n")
    with pytest.raises(RecordError, match="line 1"):
        read_exclusions(record)


def test_a_person_is_excluded_once_and_only_if_drawn(record):
    three(record)
    with pytest.raises(RecordError, match="already"):
        exclude(record, "P000000", LateReason.NOT_OFFERED, on=DAY, drawn=DRAWN)
    with pytest.raises(InputError, match="not drawn"):
        exclude(record, "somebody", LateReason.NOT_OFFERED, on=DAY, drawn=DRAWN)
    assert len(read_exclusions(record)) == 3


def test_only_withdrawn_consent_leaves_somebody_out(record, make_allocation):
    allocation = replace(make_allocation([0, 1] * 4), notices=())
    kept = apply_exclusions(allocation, three(record))
    assert len(kept.arm) == 7
    assert "P000000" not in set(kept.person_id)
    assert np.array_equal(kept.arm, allocation.arm[1:])
    assert [(each.code, each.subject, each.facts) for each in kept.notices] == [
        ("W-CONSENT-WITHDRAWN", "consent_withdrawn", (("n_control", 1), ("n_intervention", 0))),
        ("W-EXCLUDED-LATE", "not_eligible", (("n_control", 0), ("n_intervention", 1))),
        ("W-EXCLUDED-LATE", "not_offered", (("n_control", 1), ("n_intervention", 0))),
    ]
