import pytest

from ctieval.domain.outlook_plan import OutlookPlan, Scenario, ScenarioName
from ctieval.errors import ProtocolError
from ctieval.protocol.lines import to_key_lines
from ctieval.protocol.load import load_trial
from ctieval.protocol.outlook import read_outlook_plan
from ctieval.protocol.table_reader import TableReader
from ctieval.protocol.templates import write_templates


def read(**values):
    text = "[economics.outlook]\n" + "".join(f"{key} = 0\n" for key in values)
    return read_outlook_plan(TableReader(values, file="trial.toml", name="economics.outlook", lines=to_key_lines(text)))


def test_a_plan_that_says_nothing_has_the_four_scenarios():
    assert read() == OutlookPlan()
    assert read().scenarios == (
        Scenario(ScenarioName.OBSERVED),
        Scenario(ScenarioName.DECAY, months=24, yearly_decay=0.5),
        Scenario(ScenarioName.PERSISTENCE, months=24),
        Scenario(ScenarioName.CAUTIOUS, displacement=0.25, cautious_level=0.8),
    )


def test_every_key_is_read():
    found = read(
        scenarios=["cautious", "decay"],
        extrapolated_months=12,
        yearly_decay=0.3,
        last_months=3,
        displacement=0,
        cautious_level=0.9,
        replicates=500,
        seed=7,
    )
    assert (found.replicates, found.seed, found.last_months) == (500, 7, 3)
    assert found.scenarios == (
        Scenario(ScenarioName.OBSERVED),
        Scenario(ScenarioName.DECAY, months=12, yearly_decay=0.3),
        Scenario(ScenarioName.CAUTIOUS, displacement=0.0, cautious_level=0.9),
    )


@pytest.mark.parametrize(
    ("key", "value", "what"),
    [
        ("scenarios", ["optimistic"], "scenario that is not known"),
        ("scenarios", ["decay", "decay"], "one twice"),
        ("yearly_decay", 50, "more than the whole"),
        ("displacement", -0.1, "less than nothing"),
        ("cautious_level", 1, "more than the whole"),
        ("cautious_level", 0, "less than nothing"),
        ("replicates", 10, "wrong kind"),
        ("last_months", 0, "wrong kind"),
        ("extrapolated_month", 3, "nobody reads"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(key, value, what):
    with pytest.raises(ProtocolError, match=what) as refused:
        read(**{key: value})
    assert (refused.value.key, refused.value.line) == (f"economics.outlook.{key}", 2)


def test_the_plan_of_a_new_trial_writes_out_what_is_usual(tmp_path):
    write_templates(tmp_path)
    text = (tmp_path / "trial.toml").read_text(encoding="utf-8")
    assert load_trial(tmp_path).economics.outlook == OutlookPlan()
    keys = ("scenarios", "extrapolated_months", "yearly_decay", "last_months", "displacement", "cautious_level")
    assert all(f"\n{key} = " in text for key in (*keys, "replicates", "seed"))


def test_what_is_assumed_is_part_of_the_digest_of_the_plan(tmp_path):
    write_templates(tmp_path)
    file = tmp_path / "trial.toml"
    before = load_trial(file)
    file.write_text(file.read_text(encoding="utf-8").replace("yearly_decay = 0.5 ", "yearly_decay = 0.4 "), "utf-8")
    after = load_trial(file)
    assert after.digest != before.digest
    assert after.assignment.plan_digest != before.assignment.plan_digest
