"""Costs cut short: against plain means, weights dealt out one by one, and trials with a known mean."""

import numpy as np
import pytest

from ctieval.economics.decision.censored_costs import (
    CostHistory,
    Ends,
    product_limit,
    weighted_available_mean,
    weighted_complete_mean,
)
from ctieval.errors import EstimationError

METHODS = [weighted_complete_mean, weighted_available_mean]


def history(duration, ended, costs):
    """Costs are rows (person, start, stop, amount)."""
    person, start, stop, cost = np.array(costs, dtype=float).T
    return CostHistory(
        person.astype(int), start, stop, cost, np.array(duration, dtype=float), np.array(ended, dtype=bool)
    )


def weights_dealt_out(duration, ended, limit):
    """Efron's rule: whoever is cut short hands the weight on, in equal parts, to all who are followed longer."""
    time = np.minimum(duration, limit)
    complete = ended | (duration >= limit)
    order = np.lexsort((~complete, time))
    weight = np.ones(len(time))
    for place, person in enumerate(order):
        if not complete[person]:
            longer = order[place + 1 :]
            weight[longer] += weight[person] / len(longer)
            weight[person] = 0
    return weight


@pytest.mark.parametrize("estimate", METHODS)
def test_without_a_cut_it_is_the_plain_mean(estimate):
    found = estimate(history([1, 2, 3], [1, 1, 1], [(0, 0, 1, 10), (1, 0, 2, 40), (2, 1, 3, 100)]), 3)
    assert found.estimate == pytest.approx(50)
    assert found.std_error == pytest.approx(np.std([10, 40, 100]) / np.sqrt(3))
    assert (found.n, found.n_censored) == (3, 0)


@pytest.mark.parametrize("seed", range(5))
def test_weights_are_those_dealt_out_one_by_one_ties_and_all(seed):
    rng = np.random.default_rng(seed)
    duration, ended, amount = rng.integers(1, 7, 40).astype(float), rng.random(40) < 0.6, rng.gamma(2, 100, 40)
    made = history(duration, ended, [(i, 0, 0, amount[i]) for i in range(40)])
    found = weighted_complete_mean(made, 5)
    dealt = weights_dealt_out(duration, ended, 5)
    assert dealt.sum() == pytest.approx(40)
    assert found.estimate == pytest.approx(dealt @ amount / 40)
    assert found.n_censored == np.sum(dealt == 0)


@pytest.mark.parametrize("estimate", METHODS)
def test_what_everybody_costs_at_once_is_the_mean_however_many_are_cut_short(estimate):
    made = history([1, 1, 2, 2, 3, 4], [0, 1, 0, 1, 0, 1], [(i, 0, 0, 70) for i in range(6)])
    found = estimate(made, 4)
    assert (found.estimate, found.std_error) == pytest.approx((70, 0), abs=1e-6)


def test_one_interval_is_the_mean_of_those_followed_through_it():
    made = history([1, 1, 0.5, 1, 0.2], [0, 0, 0, 0, 0], [(i, 0, 1, 10.0 * i) for i in range(5)])
    assert weighted_complete_mean(made, 1).estimate == pytest.approx((0 + 10 + 30) / 3)


def test_the_second_uses_what_was_seen_of_those_cut_short():
    """Two of four are cut at 1, where they have cost 30 against a mean of 20 of all: the other two stand for them."""
    costs = [(0, 0, 1, 30), (1, 0, 1, 30), (2, 0, 1, 10), (3, 0, 1, 10), (2, 1, 2, 5), (3, 1, 2, 5)]
    made = history([1, 1, 2, 2], [0, 0, 0, 0], costs)
    assert weighted_complete_mean(made, 2).estimate == pytest.approx(15)
    assert weighted_available_mean(made, 2).estimate == pytest.approx(15 + 2 * (30 - 20) / 0.5 / 4)


def test_a_cost_that_runs_past_the_limit_is_cut_in_two():
    made = history([4, 4], [1, 1], [(0, 0, 4, 100), (1, 3, 4, 100)])
    assert made.until(1).tolist() == [25, 0]
    assert made.until(1, Ends.INCLUSIVE).tolist() == [40, 0]
    assert made.until(3, Ends.INCLUSIVE).tolist() == [80, 50]
    assert made.until(4, Ends.INCLUSIVE).tolist() == [100, 100]


def test_nobody_is_followed_to_the_limit():
    made = history([1, 2], [1, 0], [(0, 0, 1, 1)])
    with pytest.raises(EstimationError, match="mean cost up to the limit"):
        weighted_complete_mean(made, 2.5)


def test_it_shows_its_size():
    assert repr(history([1, 2], [1, 0], [(0, 0, 1, 1)])) == "CostHistory(1 costs of 2 persons)"


def test_product_limit_with_several_at_once():
    time, happened = np.array([1, 1, 2, 3, 3]), np.array([True, True, False, True, False])
    assert product_limit(time, happened, np.array([0, 1, 2, 3, 9])) == pytest.approx([1, 0.6, 0.6, 0.3, 0.3])


def made_up_trial(rng, n=150):
    """Lives of mean 3, cuts uniform on 2 to 10; 100 at the start, 20 a year, and 50 at the end of life."""
    life, cut = rng.exponential(3, n), rng.uniform(2, 10, n)
    level = rng.gamma(4, 0.25, n)
    duration, ended = np.minimum(life, cut), life <= cut
    rows = [(i, 0, 0, 100 * level[i]) for i in range(n)]
    lived = [(i, year, duration[i]) for i in range(n) for year in range(8) if year < duration[i]]
    rows += [(i, year, min(year + 1, end), 20 * level[i] * min(1, end - year)) for i, year, end in lived]
    rows += [(i, duration[i], duration[i], 50 * level[i]) for i in range(n) if ended[i]]
    return history(duration, ended, rows)


@pytest.mark.parametrize("estimate", METHODS)
def test_the_mean_and_its_standard_error_over_many_trials(estimate):
    """Bias within four Monte Carlo errors of 200 trials; a standard error is known to about 5 % from as many."""
    limit = 6.0
    lives = np.exp(-limit / 3)
    truth = 100 + 20 * 3 * (1 - lives) + 50 * (1 - lives)
    found = [estimate(made_up_trial(np.random.default_rng([11, each])), limit) for each in range(200)]
    estimates = np.array([each.estimate for each in found])
    spread = estimates.std(ddof=1)
    assert abs(estimates.mean() - truth) < 4 * spread / np.sqrt(200)
    assert np.mean([each.std_error for each in found]) == pytest.approx(spread, rel=0.15)
