"""Power, sizes and simulations: limits that can be known without another program."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctieval.assignment.power.answer import answer_all
from ctieval.assignment.power.curve import draw_curve
from ctieval.assignment.power.detect import Question, minimum_detectable_effect, power_at, sample_size
from ctieval.assignment.power.diagnosis import Trials, diagnose
from ctieval.assignment.power.other_tests import power_arcsine, power_pooled_null
from ctieval.assignment.power.outcome import Mean, Share
from ctieval.assignment.power.rejection import Alternative, SignificanceTest
from ctieval.assignment.power.sampling import Blocks, Clusters, Explained, Persons, PooledPersons
from ctieval.assignment.power.simulate import simulate_draws, simulate_question
from ctieval.designs.quotas import build_quotas
from ctieval.domain.entrants import Entrants
from ctieval.errors import DesignError

UNIT = Mean(sd_control=1, sd_intervention=1)
sizes = st.integers(4, 400)
effects = st.floats(0.01, 2)


def question(control=50, intervention=50, **changes):
    return Question(outcome=UNIT, sampling=Persons(control=control, intervention=intervention), **changes)


@given(sizes, sizes)
def test_without_an_effect_a_finding_is_as_likely_as_alpha(control, intervention):
    assert power_at(question(control, intervention), 0) == pytest.approx(0.05, rel=1e-9)


@given(sizes, sizes, effects)
def test_power_is_that_of_the_mirrored_effect(control, intervention, effect):
    plan = question(control, intervention)
    assert power_at(plan, effect) == pytest.approx(power_at(plan, -effect), rel=1e-12)


@given(sizes, sizes, effects, st.floats(1.05, 3))
def test_power_grows_with_the_effect_and_the_persons(control, intervention, effect, factor):
    plan = question(control, intervention)
    larger = Question(outcome=UNIT, sampling=plan.sampling.scaled(factor))
    assert power_at(plan, effect) <= power_at(plan, effect * factor) + 1e-12
    assert power_at(plan, effect) <= power_at(larger, effect) + 1e-12


@given(sizes, sizes, st.floats(0.1, 0.99), st.floats(0.2, 1), st.floats(0, 0.4))
def test_the_minimum_detectable_effect_is_found_with_just_that_power(control, intervention, power, take_up, attrition):
    plan = question(control * 2, intervention * 2, take_up=take_up, attrition=attrition)
    effect = minimum_detectable_effect(plan, power=power)
    assert power_at(plan, effect) == pytest.approx(power, abs=1e-9)


@given(st.floats(0.05, 1.5), st.floats(0.3, 0.95), st.integers(1, 9))
def test_the_size_is_that_which_has_the_power_in_the_same_proportion(effect, power, ratio):
    plan = Question(outcome=UNIT, sampling=Persons(control=10 * ratio, intervention=10))
    found = sample_size(plan, effect, power=power)
    assert found.control / found.intervention == pytest.approx(ratio)
    reached = power_at(Question(outcome=UNIT, sampling=found), effect)
    smallest = found.intervention == pytest.approx(2)
    assert reached >= power - 1e-9 if smallest else reached == pytest.approx(power, abs=1e-9)


@given(st.lists(st.tuples(sizes, sizes), min_size=1, max_size=5))
def test_blocks_alike_in_share_are_as_precise_as_one_pool(blocks):
    equal = tuple(float(control) for control, _ in blocks)
    whole = Blocks(control=equal, intervention=equal).precision((1.0, 4.0))
    pool = Persons(control=sum(equal), intervention=sum(equal)).precision((1.0, 4.0))
    assert whole.std_error == pytest.approx(pool.std_error, rel=1e-12)
    assert whole.df <= pool.df + 1e-9, "every block costs degrees of freedom"


def test_what_lies_between_blocks_is_taken_out():
    with_blocks = Blocks(control=(50, 50), intervention=(50, 50), between=0.36).precision((1.0, 1.0))
    assert with_blocks.std_error == pytest.approx(
        0.8 * Persons(control=100, intervention=100).precision((1, 1)).std_error
    )


def test_clusters_of_one_and_clusters_all_alike_are_persons():
    persons = Persons(control=30, intervention=40).precision((1.0, 2.0))
    ones = Clusters(control=30, intervention=40, size=1, icc=0.3).precision((1.0, 2.0))
    assert (ones.std_error, ones.df) == pytest.approx((persons.std_error, persons.df))
    alike = Clusters(control=30, intervention=40, size=25, icc=1).precision((1.0, 2.0))
    assert (alike.std_error, alike.df) == pytest.approx((persons.std_error, persons.df))


def test_what_characteristics_explain_narrows_and_costs():
    plain = Persons(control=50, intervention=50).precision((1.0, 1.0))
    helped = Persons(control=50, intervention=50, explained=Explained(share=0.19, covariates=3)).precision((1.0, 1.0))
    assert helped.std_error == pytest.approx(0.9 * plain.std_error)
    assert helped.df == pytest.approx(plain.df - 3)
    without_icc = Clusters(
        control=5, intervention=5, size=10, icc=0.0, explained=Explained(share=0.19, covariates=1)
    ).precision((1.0, 1.0))
    assert without_icc.std_error == pytest.approx(0.9 * plain.std_error)


def test_a_share_has_the_variance_of_each_arm():
    plan = Question(outcome=Share(control=0.1), sampling=Persons(control=1e7, intervention=1e7))
    std_error = plan.sampling.precision(Share(control=0.1).variances(0.4)).std_error
    assert std_error == pytest.approx(math.sqrt((0.09 + 0.25) / 1e7))


@given(st.floats(0.1, 0.4), st.floats(0.05, 0.3))
def test_named_modes_agree_where_there_are_many(control, effect):
    n = 2000 / effect**2
    arms = Persons(control=n, intervention=n)
    test = SignificanceTest(1e-6)
    own = power_at(Question(outcome=Share(control=control), sampling=arms, test=test), effect)
    assert power_pooled_null(control, control + effect, arms, test) == pytest.approx(own, abs=0.01)
    assert power_arcsine(control, control + effect, arms, test) == pytest.approx(own, abs=0.01)


def test_several_contrasts_share_alpha():
    assert SignificanceTest(0.06, Alternative.ONE_SIDED).among(3) == SignificanceTest(0.02, Alternative.ONE_SIDED)


def test_half_taking_part_needs_four_times_as_many():
    large = Question(outcome=UNIT, sampling=Persons(control=10, intervention=10))
    half = Question(outcome=UNIT, sampling=Persons(control=10, intervention=10), take_up=0.5)
    ratio = sample_size(half, 0.02).persons / sample_size(large, 0.02).persons
    assert ratio == pytest.approx(4, rel=1e-3), "up to what the degrees of freedom cost"


def test_a_curve_goes_through_the_effects_and_the_sizes():
    points = draw_curve(question(), [0.2, 0.4], scales=(1, 2))
    assert [(point.effect, point.persons) for point in points] == [(0.2, 100), (0.4, 100), (0.2, 200), (0.4, 200)]
    assert points[1].power == power_at(question(), 0.4)


@pytest.mark.parametrize(("plan", "effect"), [
    (Question(outcome=Mean(sd_control=10, sd_intervention=14), sampling=Persons(control=60, intervention=30)), 6.0),
    (Question(outcome=UNIT, sampling=Blocks(control=(20, 40), intervention=(30, 10), between=0.2)), 0.5),
    (Question(outcome=Share(control=0.4), sampling=Persons(control=200, intervention=150)), 0.15),
    (Question(outcome=UNIT, sampling=Persons(control=40, intervention=40), attrition=0.25, take_up=0.6), 0.9),
])  # fmt: skip
def test_the_simulation_finds_what_the_formula_says(plan, effect):
    found = simulate_question(plan, effect, trials=4000, seed=20180201)
    assert abs(found.power.value - power_at(plan, effect)) < 4 * found.power.mc_error
    assert abs(found.bias.value) < 4 * found.bias.mc_error
    assert abs(found.coverage.value - 0.95) < 4 * found.coverage.mc_error + 0.005, "0.005: what the t reference leaves"
    assert abs(found.spread.value - found.std_error.value) < 4 * (found.spread.mc_error + found.std_error.mc_error)
    assert found.type_m.value > 1 > found.type_s.value


def test_a_simulation_in_parts_is_a_simulation(monkeypatch):
    plan = question(20, 30)
    whole = simulate_question(plan, 0.5, trials=300, seed=1)
    monkeypatch.setattr("ctieval.assignment.power.simulate.NUMBERS_AT_ONCE", 500)
    assert simulate_question(plan, 0.5, trials=300, seed=1) == whole


def test_without_an_effect_there_is_no_wrong_sign():
    found = simulate_question(question(), 0, trials=2000, seed=3)
    assert abs(found.power.value - 0.05) < 4 * found.power.mc_error
    assert math.isnan(found.type_s.value)
    assert math.isnan(found.type_m.value)


def test_findings_of_the_wrong_sign_and_size():
    estimate = np.array([4.0, -4.0, 1.0, 4.0])
    found = diagnose(Trials(estimate, np.ones(4), estimate - 2, estimate + 2, np.full(4, 2.0)))
    assert (found.power.value, found.coverage.value) == (0.75, 0.75)
    assert found.type_s.value == pytest.approx(1 / 3)
    assert found.type_m.value == pytest.approx(2)
    assert found.bias.value == pytest.approx(-0.75)


def test_a_cohort_drawn_again_by_its_own_design(make_allocation):
    rng = np.random.default_rng(5)
    block = np.repeat(["a", "b"], (30, 50))
    arm = np.concatenate([np.arange(30) < 10, np.arange(50) < 20]).astype(int)
    allocation = make_allocation(arm, block)
    quotas = build_quotas(allocation.design, Entrants.in_blocks(np.asarray(block, dtype=object)))
    values = rng.gamma(0.5, 8, 80) + 10 * (block == "b")
    found = simulate_draws(values, np.full(80, 4.0), allocation, quotas, trials=400, seed=9)
    assert found.effect == 4
    assert abs(found.bias.value) < 4 * found.bias.mc_error
    assert found.coverage.value > 0.95 - 4 * found.coverage.mc_error - 0.02, "0.02: gamma values in arms of ten"


@pytest.mark.parametrize("broken", [
    lambda: Persons(control=1, intervention=10),
    lambda: Blocks(control=(5, 1), intervention=(5, 5)),
    lambda: Blocks(control=(5,), intervention=(5, 5)),
    lambda: Clusters(control=3, intervention=3, size=10, icc=1.2),
    lambda: Clusters(control=3, intervention=3, size=0, icc=0.2),
    lambda: Explained(share=1.0),
    lambda: Share(control=0.0),
    lambda: Mean(sd_control=0, sd_intervention=1),
    lambda: Mean(sd_control=math.inf, sd_intervention=1),
    lambda: SignificanceTest(0.0),
    lambda: question(take_up=0.0),
    lambda: question(attrition=1.0),
    lambda: power_at(Question(outcome=Share(control=0.5), sampling=Persons(control=9, intervention=9)), 0.6),
    lambda: sample_size(question(), 0.0),
    lambda: minimum_detectable_effect(question(), power=1.0),
    lambda: minimum_detectable_effect(
        Question(outcome=Share(control=0.9), sampling=Persons(control=3, intervention=3))
    ),
    lambda: Persons(control=3, intervention=3, explained=Explained(share=0, covariates=9)).precision((1, 1)),
    lambda: simulate_question(
        Question(outcome=UNIT, sampling=Clusters(control=3, intervention=3, size=9, icc=0)), 1, seed=1
    ),
    lambda: simulate_question(question(test=SignificanceTest(0.05, Alternative.ONE_SIDED)), 1, seed=1),
    lambda: simulate_question(question(3, 3, attrition=0.5), 1, seed=1),
])  # fmt: skip
def test_what_cannot_be_is_refused(broken):
    with pytest.raises(DesignError) as refused:
        broken()
    assert "Do:" in str(refused.value) or "do" in str(refused.value).lower()


def test_a_pooled_variance_is_its_weighted_mean():
    pooled = PooledPersons(control=30, intervention=10).precision((1.0, 5.0))
    assert pooled.std_error == pytest.approx(math.sqrt(2 * (1 / 30 + 1 / 10)))
    assert pooled.df == 38


@pytest.mark.parametrize("effect", [math.nan, math.inf, -math.inf])
def test_an_effect_is_a_number(effect):
    question = Question(outcome=Mean(sd_control=1, sd_intervention=1), sampling=Persons(control=9, intervention=9))
    with pytest.raises(DesignError, match="effect"):
        power_at(question, effect)


def test_nobody_who_takes_part_can_change_by_more_than_from_no_to_yes():
    few = Question(outcome=Share(control=0.5), sampling=Persons(control=50, intervention=50), take_up=0.1)
    with pytest.raises(DesignError, match="minimum detectable effect"):
        minimum_detectable_effect(few)
    with pytest.raises(DesignError, match="from -1 to 1"):
        power_at(few, 2.0)
    (whole,) = answer_all(few, effect=0.5)
    assert whole.detectable is None
