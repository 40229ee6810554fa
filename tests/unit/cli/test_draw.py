"""After a draw: the protocol that is signed, and exclusions that are appended."""

import json
import shutil

import pytest

from ctieval.evaluate.data import load_allocation, open_data
from ctieval.protocol.load import load_trial


@pytest.fixture
def trial(drawn, tmp_path):
    """A copy of the simulated trial that may be changed."""
    return shutil.copytree(drawn, tmp_path / "trial")


def person(trial, number=0):
    return json.loads((trial / "allocation.json").read_text(encoding="utf-8"))["record"]["persons"][number]["id"]


def test_the_protocol_is_written_in_each_language_and_names_nobody(call, trial):
    code, out, err = call("protocol", trial)
    assert code == 0, err
    assert [line.rsplit("/", 1)[1] for line in out.split()] == ["lodtraekningsprotokol.html", "draw-protocol.html"]
    page = (trial / "lodtraekningsprotokol.html").read_text(encoding="utf-8")
    assert "Lodtrækningsprotokol" in page
    assert person(trial) not in page


def test_no_protocol_is_written_of_a_draw_that_is_not_proven(call, trial):
    record = trial / "allocation.json"
    record.write_text(record.read_text(encoding="utf-8").replace('"arm":0', '"arm":1', 1), encoding="utf-8")
    code, _, err = call("protocol", trial)
    assert code not in (0, 1)
    assert "does not prove" in err
    assert not (trial / "lodtraekningsprotokol.html").exists()


def test_no_protocol_is_written_of_the_draw_of_another_plan(call, trial):
    plan = trial / "trial.toml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("seed = ", "seed = 1"), encoding="utf-8")
    code, _, err = call("protocol", trial)
    assert code not in (0, 1)
    assert "checks that fail: plan" in err
    assert not (trial / "lodtraekningsprotokol.html").exists()


def test_exclusions_tell_no_true_arm_while_the_arms_are_masked(call, trial):
    content = json.loads((trial / "allocation.json").read_text(encoding="utf-8"))["record"]
    treated = [each["id"] for each in content["persons"] if each["arm"] == 1][:12]
    for each in treated:
        call("exclude", trial, "--person", each, "--reason", "not_offered", "--on", "2018-05-02")

    def counted():
        plan = load_trial(trial)
        (notice,) = load_allocation(plan, open_data(plan)).notices
        return dict(notice.facts)

    assert counted() == {"n_control": 0, "n_intervention": 12}
    call("lock", trial)
    masked = counted()
    assert sum(masked.values()) == 12
    assert masked["n_control"] > 0


def test_who_withdraws_consent_is_left_out_and_counted(call, trial):
    first, second = person(trial, 0), person(trial, 1)
    code, _, err = call("exclude", trial, "--person", first, "--reason", "consent_withdrawn", "--on", "2018-05-02")
    assert code == 0, err
    assert first not in err
    call("exclude", trial, "--person", second, "--reason", "not_offered", "--on", "2018-05-03")
    plan = load_trial(trial)
    kept = load_allocation(plan, open_data(plan))
    assert first not in set(kept.person_id)
    assert second in set(kept.person_id)
    assert {notice.code for notice in kept.notices} == {"W-CONSENT-WITHDRAWN", "W-EXCLUDED-LATE"}
    assert call("verify", trial / "allocation.json")[0] == 0
    code, _, err = call("report", trial, "--format", "html", "--out", trial / "out")
    assert code == 0, err
    page = (trial / "out" / "rapport.html").read_text(encoding="utf-8")
    assert "har trukket deres samtykke tilbage" in page
    assert "Kriterierne peger i dag ikke på præcis de personer" in page


@pytest.mark.parametrize(("options", "named"), [
    (("--person", "nobody", "--reason", "not_offered", "--on", "2018-05-02"), "was not drawn"),
    (("--person", "nobody", "--reason", "not_offered", "--on", "1918-05-02"), "before the draw"),
    (("--person", "nobody", "--reason", "tired", "--on", "2018-05-02"), "reason"),
    (("--person", "nobody", "--reason", "not_offered", "--on", "2/5"), "on"),
])  # fmt: skip
def test_what_cannot_be_appended_is_refused(call, trial, options, named):
    code, _, err = call("exclude", trial, *options)
    assert code not in (0, 1)
    assert named in err
    assert not (trial / "allocation.exclusions.jsonl").exists()
