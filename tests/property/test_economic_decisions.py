"""What holds for every decision: prices only scale, information is never worth less than nothing, shares add up."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ctieval.domain.decision import Willingness
from ctieval.domain.parameter import Distribution, Parameter
from ctieval.economics.decision.acceptability import estimate_acceptability, share_gaining
from ctieval.economics.decision.censored_costs import CostHistory, weighted_available_mean, weighted_complete_mean
from ctieval.economics.decision.censored_months import mean_by_survival, weigh_months
from ctieval.economics.decision.cost_ratio import estimate_cost_ratio
from ctieval.economics.decision.formula import Term
from ctieval.economics.decision.information import partial_information, perfect_information, sample_information
from ctieval.economics.decision.joint_draws import JointDraws
from ctieval.economics.decision.parameters import to_margin
from ctieval.economics.decision.public_funds import estimate_public_funds
from ctieval.economics.decision.sensitivity import split_variance
from ctieval.economics.decision.tornado import build_tornado

AMOUNTS = st.integers(-20_000, 20_000).map(float)
PRICES = st.sampled_from([0.25, 0.5, 2.0, 8.0])
"""Powers of two, which scale a float without rounding it."""

many = settings(deadline=None, max_examples=60)


def draws_of(n_columns):
    return st.integers(2, 60).flatmap(lambda n: arrays(np.float64, (n, n_columns), elements=AMOUNTS))


@many
@given(draws_of(2), PRICES)
def test_prices_only_scale_the_value_of_public_funds(draws, price):
    def value(scale):
        net_cost, gain = scale * draws.T
        estimate = (float(net_cost.mean()), float(gain.mean()))
        return estimate_public_funds(estimate, net_cost, gain, willingness=Willingness.AFTER_TAX_INCOME)

    plain, scaled = value(1.0), value(price)
    assert (plain.point, plain.low, plain.high, plain.shares) == (scaled.point, scaled.low, scaled.high, scaled.shares)
    assert scaled.net_cost == price * plain.net_cost
    assert sum(share for _, share in plain.shares) == pytest.approx(1)


@many
@given(draws_of(2), PRICES)
def test_prices_only_scale_the_benefit_cost_ratio(draws, price):
    draws = np.column_stack([draws[:, 0], -np.abs(draws[:, 1]) - 1])

    def ratio(scale):
        joint = JointDraws(("gain", "cost"), scale * draws.mean(axis=0), scale * draws)
        return estimate_cost_ratio(joint, payer="public", gains=["gain"], costs=["cost"])

    plain, scaled = ratio(1.0), ratio(price)
    assert plain.refusal is None
    assert (plain.ratio, plain.conf_low, plain.conf_high) == (scaled.ratio, scaled.conf_low, scaled.conf_high)


@many
@given(draws_of(3))
def test_net_benefits_add_up_and_ratios_do_not(draws):
    """Of two payers who share a cost: the ratio of both lies between theirs, and the net benefits sum."""
    mine, yours, cost = draws[:, 0].mean(), draws[:, 1].mean(), abs(draws[:, 2].mean()) + 1
    effects = np.array([mine, yours, -cost, -2 * cost])
    joint = JointDraws(("mine", "yours", "my_cost", "your_cost"), effects, np.tile(effects, (3, 1)))
    ratios = [
        estimate_cost_ratio(joint, payer="public", gains=gains, costs=costs).ratio
        for gains, costs in (
            (["mine"], ["my_cost"]),
            (["yours"], ["your_cost"]),
            (["mine", "yours"], ["my_cost", "your_cost"]),
        )
    ]
    assert min(ratios[:2]) - 1e-9 <= ratios[2] <= max(ratios[:2]) + 1e-9
    assert 3 * ratios[2] == pytest.approx(ratios[0] + 2 * ratios[1])


@many
@given(draws_of(1))
def test_a_gain_and_no_gain_are_all_there_is(draws):
    net = draws[:, 0]
    assert share_gaining(net) == pytest.approx(1 - np.mean(-net >= 0))


@many
@given(draws_of(1), AMOUNTS)
def test_information_is_worth_something_and_less_than_the_worst_mistake(draws, shift):
    net = draws[:, 0] + shift
    found = perfect_information(net)
    assert 0 <= found <= min(np.maximum(net, 0).mean(), np.maximum(-net, 0).mean()) + 1e-9
    assert perfect_information(2 * net) == pytest.approx(2 * found)
    if (net > 0).all() or (net < 0).all():
        assert found == pytest.approx(0, abs=1e-9)


@many
@given(draws_of(3))
def test_knowing_a_part_is_worth_no_more_than_knowing_all(draws):
    net = draws[:, 0]
    assert 0 <= partial_information(net, draws[:, 1:]) <= perfect_information(net)


@many
@given(AMOUNTS, st.floats(1, 1e4), st.floats(1, 1e4))
def test_a_trial_tells_no_more_than_everything(mean, spread, error):
    found = sample_information(mean, spread, error)
    assert 0 <= found <= sample_information(mean, spread, error / 2) + 1e-9


@many
@given(draws_of(2), st.lists(st.integers(0, 500), min_size=1, max_size=5, unique=True))
def test_acceptability_begins_with_the_chance_of_saving(draws, worth):
    effect, cost = draws.T
    grid = [0, *sorted(each + 1 for each in worth)]
    found = estimate_acceptability((0.0, 0.0), effect, cost, grid, named=("work", "weeks", "public"))
    assert found.share_above_zero[0] == np.mean(cost < 0)
    for k, share, adopted, declined in zip(
        grid, found.share_above_zero, found.loss_if_adopted, found.loss_if_declined, strict=True
    ):
        assert 0 <= share <= 1
        assert min(adopted, declined) == pytest.approx(perfect_information(k * effect - cost), abs=1e-6)
    if (effect >= 0).all():
        assert list(found.share_above_zero) == sorted(found.share_above_zero)


@many
@given(arrays(np.float64, st.tuples(st.integers(2, 8), st.integers(2, 8)), elements=AMOUNTS))
def test_variance_is_all_sampling_and_parameters(table):
    assume(np.ptp(table) > 0)
    split = split_variance(table)
    assert split.sampling + split.parameters == pytest.approx(1)
    assert -1e-12 <= split.parameters <= 1 + 1e-12
    assert split.sampling == pytest.approx(np.var(table, axis=0).mean() / split.std_deviation**2, abs=1e-9)


@many
@given(st.floats(0.1, 10), st.floats(0.05, 5), st.floats(0.05, 5), st.sampled_from([0.5, 0.8, 0.9]))
def test_a_range_has_its_coverage(base, below, above, coverage):
    low, high = base * math.exp(-below), base * math.exp(above)
    for kind in (Distribution.GAMMA, Distribution.TRIANGULAR):
        margin = to_margin(Parameter("x", base, low, high, kind, coverage=coverage))
        ends = margin.ppf(np.array([(1 - coverage) / 2, (1 + coverage) / 2]))
        assert ends == pytest.approx([low, high], rel=1e-6, abs=1e-6 * (high - low))


@many
@given(st.lists(st.tuples(st.integers(1, 50), st.integers(1, 50), st.integers(1, 50)), min_size=1, max_size=4))
def test_at_its_switching_value_the_net_benefit_is_nil(ranges):
    parameters = [
        Parameter(f"x{j}", float(b), float(b - min(a, b)), float(b + c), Distribution.GAMMA)
        for j, (a, b, c) in enumerate(ranges)
    ]
    net = (Term(tuple(each.key for each in parameters)), Term(("cost",), -1))
    bars = build_tornado(net, {"cost": 30.0}, parameters)
    assert [bar.swing for bar in bars] == sorted((bar.swing for bar in bars), reverse=True)
    others = {each.key: each.base for each in parameters}
    for bar in bars:
        product = math.prod({**others, bar.key: bar.switching_value}.values())
        assert product - 30 == pytest.approx(0, abs=1e-6)


@st.composite
def followed_persons(draw):
    n, n_months = draw(st.integers(2, 25)), 4
    ended = draw(arrays(np.bool_, n))
    followed = draw(arrays(np.int64, n, elements=st.integers(0, n_months)))
    followed = np.where(ended, np.maximum(followed, 1), followed)
    followed[0], ended[0] = n_months, False
    cost = draw(arrays(np.float64, (n, n_months), elements=st.integers(0, 1000).map(float)))
    return cost, followed, ended


@many
@given(followed_persons(), PRICES)
def test_weighted_months_scale_and_add_up(persons, price):
    cost, followed, ended = persons
    cell = np.zeros(len(cost), dtype=np.int64)
    plain = weigh_months(cost, followed, ended, cell)
    assert weigh_months(price * cost, followed, ended, cell).tolist() == (price * plain).tolist()
    constant = weigh_months(np.ones_like(cost), followed, ended, cell)
    assert constant.mean() == pytest.approx(4)
    after = ended[:, None] & (np.arange(4) >= followed[:, None])
    stopped = np.where(after, 0, cost)
    assert weigh_months(stopped, followed, ended, cell).mean() == pytest.approx(mean_by_survival(cost, followed, ended))


@many
@given(followed_persons())
def test_a_constant_cost_is_its_own_mean_whoever_is_cut_short(persons):
    _, followed, ended = persons
    n = len(followed)
    at_once = (np.arange(n), np.zeros(n), np.zeros(n), np.full(n, 70.0))
    history = CostHistory(*at_once, followed.astype(float), ended)
    for estimate in (weighted_complete_mean, weighted_available_mean):
        found = estimate(history, 4.0)
        assert found.estimate == pytest.approx(70)
        assert found.std_error == pytest.approx(0, abs=1e-6)
