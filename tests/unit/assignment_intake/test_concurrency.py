"""Several processes, machines that stop, other locales: no admission is lost, and none differs."""

import json
import os
import subprocess
import sys

import pytest

from ctieval.assignment.intake import lock as lock_module
from ctieval.assignment.intake.admit import admit
from ctieval.assignment.intake.chain import read_chain
from ctieval.assignment.intake.lock import locked
from ctieval.assignment.intake.verify import verify_intake
from ctieval.errors import InputError

CLERK = """
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path
from ctieval.assignment.intake.admit import admit
from ctieval.domain.design import PermutedBlocks
from ctieval.domain.trial import PlannedIntake
record, key, name, n = sys.argv[1:]
plan = PlannedIntake(PermutedBlocks("municipality", (1, 2, 3)), Path(record), Path(key), date(2026, 1, 5))
for i in range(int(n)):
    sys.stdout.write(admit(plan, f"{name}-{i}", ("153",), date(2026, 3, 2)).arm + "\\n")
"""


def start(plan, name, n, **environment):
    command = [sys.executable, "-c", CLERK, str(plan.record), str(plan.key), name, str(n)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment})


def test_two_clerks_at_once_lose_nobody(plan, arms):
    clerks = {name: start(plan, name, 15) for name in ("anna", "bo")}
    told = {name: each.communicate(timeout=60)[0].split() for name, each in clerks.items()}
    admitted = read_chain(plan.record).admitted
    assert len(admitted) == 30
    for name, heard in told.items():
        written = [arms.labels[each.arm] for each in admitted if each.person_id.startswith(name)]
        assert heard == written
    assert verify_intake(plan.record, key=plan.key).holds


def test_another_process_locale_and_hash_seed_give_the_same_arms(make_plan, arms, tmp_path):
    """Records begun with the same first line and key, filled by processes that differ in all that should not count."""
    from ctieval.assignment.intake.open import open_intake

    plan = make_plan()
    open_intake(plan, arms)
    header, key, seal = (
        plan.record.read_bytes(),
        plan.key.read_bytes(),
        plan.key.with_name("intake.key.seal").read_bytes(),
    )
    found = []
    for locale, hash_seed in (("C", "0"), ("da_DK.UTF-8", "4711")):
        plan.record.write_bytes(header)
        plan.key.write_bytes(key)
        plan.key.with_name("intake.key.seal").write_bytes(seal)
        half = start(plan, "anna", 5, LC_ALL=locale, PYTHONHASHSEED=hash_seed).communicate(timeout=60)[0]
        rest = start(plan, "bo", 5, LC_ALL=locale, PYTHONHASHSEED=hash_seed).communicate(timeout=60)[0]
        found.append((half, rest, plan.record.read_bytes()))
    assert found[0] == found[1]


def test_a_lock_that_was_not_given_back_is_told_and_waited_for(plan, day, monkeypatch):
    monkeypatch.setattr(lock_module, "PAUSE_SECONDS", 0.001)
    with locked(plan.record), pytest.raises(InputError) as refused, locked(plan.record, patience=0.01):
        pass
    assert "delete the file intake.jsonl.lock" in refused.value.do
    assert not plan.record.with_name("intake.jsonl.lock").exists()
    assert admit(plan, "canary-1", ("153",), day).is_new


def test_a_lock_is_given_back_after_an_error(plan):
    with pytest.raises(ZeroDivisionError), locked(plan.record):
        raise ZeroDivisionError
    with locked(plan.record, patience=0.01):
        pass


def test_a_folder_that_is_gone_is_told(tmp_path):
    with pytest.raises(InputError, match="cannot be held"), locked(tmp_path / "gone" / "intake.jsonl"):
        pass


def test_a_line_written_at_the_same_moment_past_the_lock_is_found(plan, day, monkeypatch):
    from ctieval.assignment.intake import admit as admit_module
    from ctieval.errors import RecordError

    def write_between(chain, entry, key):
        with plan.record.open("ab") as file:
            file.write(b"x\n")
        return append_line(chain, entry, key)

    append_line = admit_module.append_line
    monkeypatch.setattr(admit_module, "append_line", write_between)
    with pytest.raises(RecordError, match="not as it was written"):
        admit(plan, "canary-1", ("153",), day)


def test_the_words_of_the_next_person_hang_on_everything_before(plan, day, admit_many):
    """Concealment: whoever has the record but not the key cannot tell the next draw; each part of it changes words."""
    from itertools import islice

    from ctieval.assignment.intake.key import read_key
    from ctieval.assignment.intake.secret import Key, draw_words

    admit_many(plan, 1)
    key, last = read_key(plan.key), read_chain(plan.record).digests[-1]
    asked = [
        (key, 2, "p", ("153",), last),
        (Key(bytes(32)), 2, "p", ("153",), last),
        (key, 3, "p", ("153",), last),
        (key, 2, "q", ("153",), last),
        (key, 2, "p", ("550",), last),
        (key, 2, "p", ("153",), "0" * 64),
    ]
    words = [tuple(islice(draw_words(*each), 20)) for each in asked]
    assert len({word for each in words for word in each}) == 120
    assert json.dumps(words[0]) == json.dumps(tuple(islice(draw_words(*asked[0]), 20)))
