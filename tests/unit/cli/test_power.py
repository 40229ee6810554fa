import json

import pytest

from ctieval.assignment.power.answer import answer_all, word_answer
from ctieval.assignment.power.detect import Question, power_at
from ctieval.assignment.power.outcome import Mean
from ctieval.assignment.power.sampling import Blocks, Persons

TWO = ("--persons", "Brøndby=398:120", "--persons", "Tønder=90:110", "--sd", 14)
PLAN = Question(
    outcome=Mean(sd_control=14, sd_intervention=14), sampling=Blocks(control=(398, 90), intervention=(120, 110))
)


def test_json_holds_the_whole_and_every_block_alone(call):
    code, out, err = call("power", *TWO, "--effect", 4, "--format", "json")
    assert code == 0, err
    rows = json.loads(out)
    assert [row["part"] for row in rows] == ["", "Brøndby", "Tønder"]
    assert rows[0]["power"] == power_at(PLAN, 4.0)
    assert rows[1]["control"] == 398
    assert [row["enough"] for row in rows] == [True, False, False]


def test_plain_words_say_that_one_municipality_alone_cannot_answer(call):
    _, _, danish = call("power", *TWO, "--effect", 4)
    assert "Alene kan ingen af de 2" in danish
    _, _, english = call("power", *TWO, "--effect", 4, "--lang", "en")
    assert "Alone none of the 2 parts can answer" in english
    _, _, unasked = call("power", *TWO)
    assert "--effect" in unasked


@pytest.mark.parametrize(("effect", "key"), [
    (1.0, "power.not_even_together"),
    (4.0, "power.none_alone"),
    (5.2, "power.some_alone"),
    (8.0, "power.all_alone"),
])  # fmt: skip
def test_the_sentence_follows_from_what_the_parts_find(effect, key):
    phrase = word_answer(answer_all(PLAN, ("a", "b"), effect=effect))
    assert phrase is not None
    assert phrase.key == key


def test_a_trial_in_one_pool_has_no_parts():
    pool = Question(outcome=PLAN.outcome, sampling=Persons(control=500, intervention=500))
    answers = answer_all(pool, effect=4.0)
    assert len(answers) == 1
    phrase = word_answer(answers)
    assert phrase is not None
    assert phrase.key == "power.enough"


def test_weeks_are_told_in_kroner(call):
    _, out, _ = call(
        "power", "--persons", "398:120", "--sd", 14, "--take-up", 0.5, "--kroner-a-week", 2500, "--format", "json"
    )
    (row,) = json.loads(out)
    assert row["kroner"] == pytest.approx(row["detectable"] * 0.5 * 120 * 2500)


def test_clusters_count_in_clusters(call):
    _, out, _ = call(
        "power", "--clusters", "10:10", "--cluster-size", 25, "--icc", 0.05, "--share", 0.3, "--format", "json"
    )
    (row,) = json.loads(out)
    assert (row["control"], row["intervention"]) == (10, 10)
    assert 0.1 < row["detectable"] < 0.3


def test_several_interventions_share_the_level(call):
    _, one, _ = call("power", "--persons", "100:100", "--sd", 1, "--format", "json")
    _, three, _ = call("power", "--persons", "100:100", "--sd", 1, "--contrasts", 3, "--format", "json")
    assert json.loads(three)[0]["detectable"] > json.loads(one)[0]["detectable"]


def test_a_simulation_prints_every_monte_carlo_error(call):
    code, out, err = call("power", *TWO, "--effect", 4, "--simulate", 500, "--seed", 3, "--format", "json")
    assert code == 0
    (row,) = json.loads(out)
    assert {"power_mc_error", "coverage_mc_error", "type_s_mc_error", "type_m_mc_error"} <= set(row)
    assert abs(row["power"] - power_at(PLAN, 4.0)) < 4 * row["power_mc_error"]
    assert "Monte Carlo error" in err


@pytest.mark.parametrize(("options", "named"), [
    (("--sd", 14), "--persons"),
    (("--persons", "398-120", "--sd", 14), "398-120"),
    (("--persons", "398:120"), "--sd or --share"),
    (("--persons", "398:120", "--sd", 14, "--share", 0.1), "--sd or --share"),
    (("--persons", "398:120", "--sd", 14, "--simulate", 9), "--effect"),
    (("--persons", "398:1", "--sd", 14), "persons in the intervention"),
    (("--persons", "398:120", "--share", 1.5), "share in the control"),
])  # fmt: skip
def test_options_that_say_nothing_are_refused(call, options, named):
    code, out, err = call("power", *options)
    assert code not in (0, 1)
    assert out == ""
    assert named in err
    assert all(part in err for part in ("where:", "found:", "expected:", "do:"))


def test_the_plan_names_the_effect_that_matters(call, undrawn):
    path = undrawn / "trial.toml"
    text = path.read_text(encoding="utf-8").replace(
        'name = "benefit_weeks_24m"\n', 'name = "benefit_weeks_24m"\nsmallest_relevant = 3\n'
    )
    path.write_text(text, encoding="utf-8")
    code, out, err = call("power", undrawn, "--outcome", "benefit_weeks_24m", "--sd", 14, "--format", "json")
    assert code == 0, err
    declared = json.loads(out)
    assert declared[0]["enough"] is True
    _, out, _ = call("power", undrawn, "--sd", 14, "--effect", 3, "--format", "json")
    assert declared == json.loads(out)
    _, out, err = call("power", undrawn, "--outcome", "benefit_weeks_24m", "--format", "json")
    assert json.loads(out)[0]["detectable"] < declared[0]["detectable"], "weeks on benefit spread less before the draw"
    assert "from the cohort before the draw" in err


@pytest.mark.parametrize(("options", "named"), [
    (("--cluster-size", 25), "--icc"),
    (("--icc", 0.05), "--cluster-size"),
])  # fmt: skip
def test_clusters_are_never_taken_for_persons_in_silence(call, options, named):
    code, _, err = call("power", "--clusters", "10:10", "--sd", 14, *options)
    assert code == 10
    assert named in err


def test_nearly_always_is_not_told_as_always(call):
    assert "mindst 99,9 ud af" in call("power", *TWO, "--power", 0.999)[2]
    assert "mindst 80 ud af" in call("power", *TWO)[2]
