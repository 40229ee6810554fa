"""One decision from draws and ranges: every part of it, and what is left out."""

import dataclasses

import numpy as np
import pytest

from ctieval.domain.decision import Willingness
from ctieval.domain.parameter import Distribution, Parameter
from ctieval.economics.decision.build import build_decision
from ctieval.economics.decision.formula import Term
from ctieval.economics.decision.information import normal_information
from ctieval.economics.decision.joint_draws import JointDraws
from ctieval.economics.decision.plan import Caseload, DecisionPlan, OutcomeWorth, PublicPurse
from ctieval.errors import InputError
from ctieval.rates.rate import Step

RATE = Parameter("rate", 2000.0, 1800.0, 2200.0, Distribution.NORMAL, unit="DKK/week")
COST = Parameter("cost", 6000.0, 5000.0, 7500.0, Distribution.GAMMA)
NET = (Term(("weeks", "rate")), Term(("cost",), -1))
NAMES = ("weeks", "saved", "programme", "public", "income", "spent", "who5")
PLAN = DecisionPlan(
    payer="municipality",
    net=NET,
    gains=("saved",),
    costs=("programme",),
    purse=PublicPurse("public", "income", "spent", lower_share=0.01),
    outcomes=(OutcomeWorth("who5", "points", (0.0, 1000.0)), OutcomeWorth("weeks_in_work", "weeks", (0.0, 500.0))),
    parameters=(RATE, COST),
    caseload=Caseload(500, 3, (Step(0, 0.035),)),
)


@pytest.fixture(scope="module")
def draws():
    estimate = np.array([4.0, 8000, -6000, -1000, 3000, 6000, 2.5])
    error = np.array([1.0, 2000, 200, 1500, 2500, 200, 3])
    return JointDraws(NAMES, estimate, estimate + error * np.random.default_rng(4).normal(size=(1000, 7)))


@pytest.fixture(scope="module")
def decision(draws):
    return build_decision(draws, PLAN, seed=1, log2_points=10)


def test_the_ratio_is_of_the_named_lines(decision):
    assert decision.payer == decision.cost_ratio.payer == "municipality"
    assert decision.cost_ratio.ratio == pytest.approx(8000 / 6000)
    assert decision.cost_ratio.refusal is None


def test_every_warning_of_a_part_is_one_of_the_whole(decision):
    """The net cost and the income are less than two standard errors; the cost of the programme is 30."""
    found = {each.willingness: each.warning for each in decision.public_funds}
    assert [willingness for willingness, warning in found.items() if warning] == [Willingness.AFTER_TAX_INCOME]
    assert decision.warnings == (found[Willingness.AFTER_TAX_INCOME],)


def test_three_readings_of_what_citizens_would_pay(decision):
    found = {each.willingness: each.point.ratio for each in decision.public_funds}
    expected = {Willingness.AFTER_TAX_INCOME: 3.0, Willingness.AT_COST: 6.0, Willingness.LOWER_BOUND: 0.06}
    assert found == pytest.approx(expected)
    assert all(each.net_cost == 1000 for each in decision.public_funds)


def test_the_lower_bound_is_left_out_where_no_share_is_declared(draws):
    plan = dataclasses.replace(PLAN, purse=PublicPurse("public", "income", "spent"))
    assert len(build_decision(draws, plan, seed=1, log2_points=6).public_funds) == 2


def test_an_outcome_that_is_not_drawn_has_no_curve(decision):
    assert [each.outcome for each in decision.acceptability] == ["who5"]
    curve = decision.acceptability[0]
    assert (curve.unit, curve.payer) == ("points", "municipality")
    assert curve.net_benefit == pytest.approx((2000, 2000 + 2500))


def test_at_no_worth_the_curve_is_the_chance_of_a_gain(draws, decision):
    expected = np.mean(draws.of("weeks")[1] * 2000 - 6000 > 0)
    assert decision.acceptability[0].share_above_zero[0] == expected


def test_information_of_one_payer(draws, decision):
    found = decision.information
    assert found.payer == "municipality"
    assert [each.key for each in found.partial] == ["sampling", "rate", "cost"]
    assert all(0 <= each.per_person <= found.perfect for each in found.partial)
    assert found.partial[0].per_person > found.partial[1].per_person
    years = 1 + 1 / 1.035 + 1 / 1.035**2
    assert found.perfect_for_all == pytest.approx(found.perfect * 500 * years)
    sampling_error = np.std(draws.of("weeks")[1] * 2000)
    assert found.one_more_trial == pytest.approx(normal_information(2000, sampling_error / np.sqrt(2)))
    assert found.one_more_trial_for_all == pytest.approx(found.one_more_trial * 500 * years)


def test_the_net_benefit_of_all_sources_is_near_that_of_the_headline(decision):
    """The mean of a skewed cost is above its base: 6,200 against 6,000."""
    assert decision.information.net_benefit == pytest.approx(2000, abs=350)


def test_bars_variance_and_indices(decision):
    assert [bar.key for bar in decision.tornado] == ["cost", "rate"]
    assert decision.tornado[0].switching_value == pytest.approx(8000)
    assert 0.5 < decision.variance.sampling < 1
    assert decision.variance.sampling + decision.variance.parameters == pytest.approx(1)
    assert [each.key for each in decision.indices] == ["sampling", "rate", "cost"]
    assert decision.indices[0].first_order == max(each.first_order for each in decision.indices)


def test_the_same_seed_gives_the_same_decision(draws, decision):
    assert build_decision(draws, PLAN, seed=1, log2_points=10) == decision
    assert build_decision(draws, PLAN, seed=2, log2_points=10) != decision


def test_a_plan_of_the_net_benefit_alone(draws):
    found = build_decision(draws, DecisionPlan("public", (Term(("public",)),)), seed=1, log2_points=6)
    assert (found.cost_ratio, found.public_funds, found.acceptability, found.information) == (None, (), (), None)
    assert (found.tornado, found.variance, found.indices, found.warnings) == ((), None, (), ())


def test_a_refused_ratio_is_a_warning(draws):
    found = build_decision(draws, dataclasses.replace(PLAN, costs=("saved",)), seed=1, log2_points=6)
    assert found.cost_ratio.ratio is None
    assert found.warnings[0] == found.cost_ratio.refusal


def test_a_certain_trial_has_nothing_to_learn_by_another():
    certain = JointDraws(("weeks",), np.array([4.0]), np.full((8, 1), 4.0))
    plan = DecisionPlan("public", NET, parameters=(RATE, COST), caseload=PLAN.caseload)
    found = build_decision(certain, plan, seed=1, log2_points=6)
    assert (found.information.one_more_trial, found.information.one_more_trial_for_all) == (None, None)
    assert found.variance.parameters == pytest.approx(1)


def test_parameters_that_nothing_hangs_on_split_nothing():
    certain = JointDraws(("weeks",), np.array([4.0]), np.full((8, 1), 4.0))
    plan = DecisionPlan("public", (Term(("weeks",)),), parameters=(RATE,))
    found = build_decision(certain, plan, seed=1, log2_points=6)
    assert (found.variance, found.indices) == (None, ())


def test_a_net_benefit_of_parameters_alone_has_no_sampling_to_know(draws):
    plan = DecisionPlan("public", (Term(("rate",)),), parameters=(RATE,), caseload=PLAN.caseload)
    found = build_decision(draws, plan, seed=1, log2_points=6)
    assert [each.key for each in found.information.partial] == ["rate"]


def test_a_factor_that_is_not_there(draws):
    plan = dataclasses.replace(PLAN, net=(Term(("weeks", "tax")),))
    with pytest.raises(InputError, match="formula of the net benefit"):
        build_decision(draws, plan, seed=1)
