import hashlib
import json
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from ctieval.assignment.form import from_bytes, to_bytes
from ctieval.assignment.record import build_record
from ctieval.domain.design import Blocked, Complete
from ctieval.domain.entrants import Entrants
from ctieval.errors import RecordError

PERSONS = np.array(["canary-1", "canary-2", "canary-3", "canary-4", "canary-5"], dtype=object)
BLOCKS = np.array(["Brøndby", "Brøndby", "Brøndby", "Tønder", "Tønder"], dtype=object)


@pytest.fixture
def record(plan, arms):
    design = Blocked("municipality", (("Tønder", 1), ("Brøndby", Fraction(1, 2))))
    return build_record(PERSONS, Entrants.in_blocks(BLOCKS), replace(plan, design=design), arms)


def test_a_record_comes_back_as_it_went(record, plan):
    again, stated = from_bytes(to_bytes(record), plan.record)
    assert (again.plan, again.arms, again.cohort_digest) == (record.plan, record.arms, record.cohort_digest)
    assert again.versions == record.versions
    for name in ("person_id", "block", "cluster", "arm", "probability"):
        assert getattr(again, name).tolist() == getattr(record, name).tolist()
    assert to_bytes(again) == to_bytes(record)
    assert len(stated) == 64


def test_a_complete_design_comes_back_too(plan, arms):
    record = build_record(PERSONS, Entrants.alike(5), replace(plan, design=Complete(Fraction(2, 5))), arms)
    assert from_bytes(to_bytes(record), plan.record)[0].plan.design == Complete(Fraction(2, 5))


def test_the_form_is_canonical_and_can_be_proved_without_us(record):
    data = to_bytes(record)
    document = json.loads(data)
    assert data.endswith(b"\n")
    assert "Brøndby".encode() in data
    assert list(document) == ["record", "sha256"]
    content = json.dumps(document["record"], ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert document["sha256"] == hashlib.sha256(content).hexdigest()


def test_a_reader_finds_everything_in_it(record):
    content = json.loads(to_bytes(record))["record"]
    assert content["arms"] == {"0": "Kontrolgruppe", "1": "Indsatsgruppe"}
    assert content["design"] == {
        "kind": "blocked",
        "block": "municipality",
        "drawn": [["Tønder", 1], ["Brøndby", "1/2"]],
    }
    assert content["seed"] == 20180201
    assert content["randomised_on"] == "2018-02-01"
    assert content["bit_generator"] == "PCG64"
    assert set(content["versions"]) == {"ctieval", "numpy"}
    assert [each["probability"] for each in content["persons"]] == [["1/2", "1/2"]] * 5
    assert [each["id"] for each in content["persons"]] == PERSONS.tolist()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"canary",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'"canary"',
        b'{"record":{},"sha256":""}',
        b'{"record":[],"sha256":""}',
        b'{"record":{"persons":["canary"]},"sha256":""}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_record_is_refused_without_a_word_of_it(data, tmp_path):
    with pytest.raises(RecordError) as refused:
        from_bytes(data, tmp_path / "other.json")
    assert "canary" not in str(refused.value)
    assert refused.value.__suppress_context__


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("seed", -1),
        ("seed", "x"),
        ("format", "ctieval allocation record 1"),
        ("randomised_on", "2018-02-31"),
        ("design", {"kind": "blocked", "block": "municipality", "drawn": [["Tønder", "1/0"]]}),
        ("arms", {"0": "Kontrolgruppe"}),
        ("persons", [{"id": "b"}, {"id": "a"}]),
    ],
)
def test_content_that_makes_no_sense_is_refused(record, tmp_path, key, value):
    document = json.loads(to_bytes(record))
    document["record"][key] = value
    with pytest.raises(RecordError):
        from_bytes(json.dumps(document).encode(), tmp_path / "record.json")


def test_the_representation_shows_no_person(record):
    assert repr(record).startswith("Record(")
    assert "canary" not in repr(record)
