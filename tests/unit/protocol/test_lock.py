"""The lock of a plan: what it holds, what differs since, and what an altered file gives."""

import json

import pytest

from ctieval.domain.plan_lock import Change, Deviation
from ctieval.errors import RecordError
from ctieval.protocol.lock import lock_path, read_lock, to_lock, to_unlock, unlock_path

PLAN = {
    "trial": {"title": "A", "arms": {"intervention": "I", "control": "K"}},
    "data": {"folder": "data"},
    "outcome": [
        {"name": "weeks", "window_weeks": [0, 52], "role": "primary"},
        {"name": "ever", "window_weeks": [0, 52]},
    ],
    "report": {"author": "B"},
}
AT = "2018-02-01T09:00:00+00:00"


@pytest.fixture
def plan(tmp_path):
    """A locked plan."""
    path = tmp_path / "trial.toml"
    lock_path(path).write_bytes(to_lock(path, PLAN, at=AT, by="Ramboll"))
    return path


def opened(plan):
    unlock_path(plan).write_bytes(to_unlock(read_lock(plan, PLAN), at="2020-05-01T09:00:00+00:00", by=""))
    return read_lock(plan, PLAN)


def test_a_plan_that_was_never_locked_has_no_lock(tmp_path):
    assert read_lock(tmp_path / "trial.toml", PLAN) is None


def test_a_locked_plan_is_masked_until_it_is_opened(plan):
    locked = read_lock(plan, PLAN)
    assert (locked.masked, locked.locked_at, locked.locked_by, locked.deviations) == (True, AT, "Ramboll", ())
    assert not opened(plan).masked


def test_every_key_that_differs_is_named(plan):
    today = {
        **PLAN,
        "trial": {"title": "another title", "arms": {"intervention": "J", "control": "K"}},
        "data": {"folder": "elsewhere"},
        "outcome": [
            {"name": "weeks", "window_weeks": [0, 26], "role": "primary"},
            {"name": "hours", "window_weeks": [0, 52]},
        ],
    }
    assert read_lock(plan, today).deviations == (
        Deviation("outcome.ever.name", Change.REMOVED),
        Deviation("outcome.ever.window_weeks", Change.REMOVED),
        Deviation("outcome.hours.name", Change.ADDED),
        Deviation("outcome.hours.window_weeks", Change.ADDED),
        Deviation("outcome.weeks.window_weeks", Change.CHANGED),
        Deviation("trial.arms.intervention", Change.CHANGED),
    )


def test_the_order_of_outcomes_is_no_deviation(plan):
    assert read_lock(plan, {**PLAN, "outcome": PLAN["outcome"][::-1]}).deviations == ()


@pytest.mark.parametrize("spoil", [
    lambda data: data.replace(b"[0, 52]", b"[0, 26]"),
    lambda data: data.replace(b"2018", b"2019"),
    lambda data: data[:-20],
    lambda data: b"{}",
    lambda data: data.replace(b'"sha256": "', b'"sha256": "0'),
    lambda data: json.dumps(json.loads(data)).encode(),
])  # fmt: skip
def test_an_altered_lock_is_refused(plan, spoil):
    data = lock_path(plan).read_bytes()
    changed = spoil(data)
    assert changed != data
    lock_path(plan).write_bytes(changed)
    with pytest.raises(RecordError, match="does not prove"):
        read_lock(plan, PLAN)


def test_the_opening_of_another_lock_is_refused(plan):
    opened(plan)
    lock_path(plan).write_bytes(to_lock(plan, PLAN, at="2021-01-01T00:00:00+00:00", by=""))
    with pytest.raises(RecordError, match="another lock"):
        read_lock(plan, PLAN)


def test_an_opening_without_its_lock_is_refused(plan):
    opened(plan)
    lock_path(plan).unlink()
    with pytest.raises(RecordError, match="no lock of it"):
        read_lock(plan, PLAN)


def test_the_code_list_and_the_questionnaires_of_a_trial_are_fixed_with_it(tmp_path):
    path, instruments = tmp_path / "trial.toml", tmp_path / "skemaer"
    values = {**PLAN, "data": {"folder": "data", "codes": "codes.toml", "instruments": "skemaer"}}
    instruments.mkdir()
    for file in (tmp_path / "codes.toml", instruments / "a.toml", instruments / "b.toml"):
        file.write_text("1", encoding="utf-8")
    lock_path(path).write_bytes(to_lock(path, values, at=AT, by=""))
    assert read_lock(path, values).deviations == ()
    (tmp_path / "codes.toml").write_text("2", encoding="utf-8")
    (instruments / "a.toml").unlink()
    assert read_lock(path, values).deviations == (
        Deviation("data.codes.codes.toml", Change.CHANGED),
        Deviation("data.instruments.a.toml", Change.REMOVED),
    )
    assert [each.key for each in read_lock(path, PLAN).deviations] == [
        "data.codes.codes.toml",
        "data.instruments.a.toml",
        "data.instruments.b.toml",
    ]
