import pytest

from ctieval.domain.effects_plan import EffectsPlan, Headline, LoggedTakeUp, TakeUpColumn
from ctieval.errors import ProtocolError
from ctieval.protocol.load import load_trial

REGISTERS = """
[trial]
title = "Støtte"
start = 2018-02-01
end = 2020-03-31
arms = { intervention = "Indsats", control = "Kontrol" }
[data]
folder = "data"
source = "Registre"
[assignment]
drawn = 20
seed = 1
record = "allocation.json"
randomised_on = 2018-02-05
[[baseline]]
name = "age_years"
unit = "years"
[[baseline]]
name = "sex"
[[outcome]]
name = "job"
state = "ordinary_job"
window_weeks = [0, 52]
measure = "weeks"
role = "primary"
[report]
"""
TABLE = """
[trial]
title = "JOBS"
arms = { intervention = "Workshop", control = "Booklet" }
[data]
table = "jobs2.csv"
id = "id"
arm = "treat"
intervention = 1
control = 0
source = "JOBS II"
[assignment]
imported = true
design = "complete"
[[outcome]]
name = "work"
column = "work"
unit = "share"
role = "primary"
[report]
"""


@pytest.fixture
def load(tmp_path):
    def loaded(text):
        file = tmp_path / "trial.toml"
        file.write_text(text, encoding="utf-8")
        return load_trial(file)

    return loaded


def test_a_plan_that_says_nothing_takes_what_the_draw_implies(load):
    assert load(REGISTERS).effects == EffectsPlan((), Headline.DIFFERENCE, None)


def test_everything_is_read(load):
    said = '[effects]\nadjust_for = ["sex", "age_years"]\nheadline = "adjusted"\n'
    said += 'take_up = { activity = "Opstart", contacts = 2 }\n'
    assert load(REGISTERS + said).effects == EffectsPlan(
        ("sex", "age_years"), Headline.ADJUSTED, LoggedTakeUp("Opstart", 2)
    )


def test_one_contact_counts_where_nothing_else_is_said(load):
    assert load(REGISTERS + '[effects]\ntake_up = { activity = "Opstart" }\n').effects.take_up == LoggedTakeUp(
        "Opstart", 1
    )


def test_a_ready_table_names_a_column(load):
    assert load(TABLE + '[effects]\ntake_up = { column = "comply" }\n').effects.take_up == TakeUpColumn("comply")


def test_it_is_part_of_what_is_fixed_before_the_draw(load):
    plain, said = load(REGISTERS), load(REGISTERS + '[effects]\nadjust_for = ["sex"]\n')
    assert plain.assignment.plan_digest != said.assignment.plan_digest
    assert plain.digest != said.digest


@pytest.mark.parametrize(
    ("text", "key", "found"),
    [
        ('adjust_for = ["age"]', "effects.adjust_for", "age"),
        ('adjust_for = ["sex", "sex"]', "effects.adjust_for", "sex"),
        ("adjust_for = []", "effects.adjust_for", "list"),
        ('headline = "adjusted"', "effects.headline", "without adjust_for"),
        ('headline = "best"', "effects.headline", "best"),
        ('take_up = { column = "comply" }', "effects.take_up", "a column"),
        ('take_up = "Opstart"', "effects.take_up", "Opstart"),
        ('take_up = { activity = "Opstart", contacts = 0 }', "effects.take_up.contacts", "0"),
        ('take_up = { activity = "Opstart", times = 2 }', "effects.take_up.times", "times"),
        ('adjust = ["sex"]', "effects.adjust", "adjust"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_key(load, text, key, found):
    with pytest.raises(ProtocolError) as refused:
        load(f"{REGISTERS}[effects]\n{text}\n")
    assert refused.value.key == key
    assert found in refused.value.found


def test_an_activity_is_of_no_use_in_a_ready_table(load):
    with pytest.raises(ProtocolError, match="took part") as refused:
        load(TABLE + '[effects]\ntake_up = { activity = "Opstart" }\n')
    assert refused.value.key == "effects.take_up"
