"""A trial locked, rehearsed with masked arms, and opened."""

import json
import shutil

import pytest

from ctieval.protocol.load import load_trial


@pytest.fixture
def trial(drawn, tmp_path):
    """A copy of the simulated trial that may be changed."""
    return shutil.copytree(drawn, tmp_path / "trial")


def effects(call, trial):
    code, out, err = call("evaluate", trial, "--format", "json")
    assert code == 0, err
    return json.loads(out)


def test_between_lock_and_unlock_the_arms_are_masked(call, trial):
    true = effects(call, trial)
    assert call("lock", trial, "--by", "Ramboll")[0] == 0
    masked = effects(call, trial)
    assert masked != true
    code, _, err = call("report", trial, "--format", "html", "--out", trial / "rehearsal")
    assert code == 0, err
    page = (trial / "rehearsal" / "rapport.html").read_text(encoding="utf-8")
    assert "Generalprøve" in page
    assert "Grupperne er blandet om" in page
    assert call("unlock", trial)[0] == 0
    assert effects(call, trial) == true


@pytest.mark.parametrize("command", ["evaluate", "balance"])
def test_whoever_reads_masked_numbers_is_told_so(call, trial, command):
    assert "MASKED" not in call(command, trial)[2]
    call("lock", trial)
    assert "MASKED" in call(command, trial)[2]
    call("unlock", trial)
    assert "MASKED" not in call(command, trial)[2]


def test_a_plan_changed_after_the_lock_is_listed_in_the_report(call, trial):
    call("lock", trial)
    plan = trial / "trial.toml"
    plan.write_text(
        plan.read_text(encoding="utf-8").replace("horizon_weeks = 104", "horizon_weeks = 52"), encoding="utf-8"
    )
    code, out, err = call("unlock", trial, "--format", "json")
    assert code == 0, err
    assert json.loads(out) == [{"key": "economics.horizon_weeks", "change": "changed"}]
    assert "1 key" in err
    call("report", trial, "--format", "html", "--out", trial / "out")
    assert "economics.horizon_weeks: ændret" in (trial / "out" / "rapport.html").read_text(encoding="utf-8")


def test_a_lock_is_put_once_and_opened_once(call, trial):
    assert call("unlock", trial)[0] not in (0, 1)
    assert call("lock", trial)[0] == 0
    assert call("lock", trial)[0] not in (0, 1)
    assert call("unlock", trial)[0] == 0
    assert call("unlock", trial)[0] not in (0, 1)
    assert load_trial(trial).lock is not None


def test_a_plan_with_a_fault_is_not_locked(call, trial):
    plan = trial / "trial.toml"
    plan.write_text(plan.read_text(encoding="utf-8") + "\n[nonsense]\na = 1\n", encoding="utf-8")
    assert call("lock", trial)[0] not in (0, 1)
    assert not (trial / "trial.lock.json").exists()
