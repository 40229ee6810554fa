"""Months weighed up: by hand, against histories, and with events that are no cut."""

import numpy as np
import pytest

from ctieval.economics.decision.censored_costs import CostHistory, weighted_complete_mean
from ctieval.economics.decision.censored_months import mean_by_survival, share_uncensored, weigh_months
from ctieval.errors import EstimationError

ONE_CELL = np.zeros(4, dtype=np.int64)


def random_months(seed, n=60, n_months=5):
    rng = np.random.default_rng(seed)
    ended = rng.random(n) < 0.3
    followed = np.where(ended, rng.integers(1, n_months + 1, n), rng.integers(0, n_months + 1, n))
    followed[:3], ended[:3] = n_months, False
    cost = rng.gamma(2, 100, (n, n_months))
    return cost, followed, ended


def test_a_month_not_observed_is_not_read():
    cost = np.array([[1.0, 2], [3, 4], [5, np.nan], [7, np.nan]])
    found = weigh_months(cost, np.array([2, 2, 1, 1]), np.zeros(4, dtype=bool), ONE_CELL)
    assert found.tolist() == [1 + 4, 3 + 8, 5, 7]


def test_death_is_no_cut_and_what_comes_after_stands_in_the_table():
    """Two die in the first month. The third is cut after it, so that the fourth stands for both in the second."""
    cost = np.array([[10.0, 0], [10, 1], [10, np.nan], [10, 8]])
    found = weigh_months(cost, np.array([1, 1, 1, 2]), np.array([True, True, False, False]), ONE_CELL)
    assert found.tolist() == [10, 11, 10, 10 + 2 * 8]


def test_each_cell_has_its_own_weights():
    cost, followed, ended = random_months(1)
    cell = np.arange(60) % 3
    followed[3:9], ended[3:9] = 5, False
    found = weigh_months(cost, followed, ended, cell)
    for each in range(3):
        here = cell == each
        alone = weigh_months(cost[here], followed[here], ended[here], np.zeros(here.sum(), dtype=np.int64))
        assert found[here] == pytest.approx(alone)


@pytest.mark.parametrize("seed", range(4))
def test_each_month_is_the_weighted_complete_mean_up_to_its_end(seed):
    """Another road to the same number: histories whose events fall in the middle of their last month."""
    cost, followed, ended = random_months(seed)
    person = np.arange(60)
    total = 0.0
    for month in range(5):
        costs = (np.full(60, float(month)), np.full(60, float(month)), cost[:, month])
        history = CostHistory(person, *costs, np.where(ended, followed - 0.5, followed), ended)
        total += weighted_complete_mean(history, month + 1.0).estimate
    found = weigh_months(cost, followed, ended, np.zeros(60, dtype=np.int64))
    assert found.mean() == pytest.approx(total)


@pytest.mark.parametrize("seed", range(4))
def test_means_by_survival_are_the_same_where_nothing_costs_after_an_event(seed):
    cost, followed, ended = random_months(seed)
    cost[ended[:, None] & (np.arange(5) >= followed[:, None])] = 0
    found = weigh_months(cost, followed, ended, np.zeros(60, dtype=np.int64))
    assert mean_by_survival(cost, followed, ended) == pytest.approx(found.mean())


def test_everybody_followed_is_the_plain_sum():
    cost = np.random.default_rng(1).gamma(2, 1, (4, 3))
    found = weigh_months(cost, np.full(4, 3), np.zeros(4, dtype=bool), ONE_CELL)
    assert found == pytest.approx(cost.sum(axis=1))


def test_who_dies_is_not_at_risk_of_being_cut_later():
    found = share_uncensored(np.array([1, 2, 3, 3]), np.array([True, False, False, False]), 3)
    assert found == pytest.approx([1, 1, 2 / 3])


@pytest.mark.parametrize(
    "estimate",
    [
        lambda cost, followed, ended: weigh_months(cost, followed, ended, np.zeros(3, dtype=np.int64)),
        mean_by_survival,
    ],
    ids=["weights", "survival"],
)
def test_a_month_in_which_nobody_is_followed(estimate):
    with pytest.raises(EstimationError) as caught:
        estimate(np.ones((3, 4)), np.array([2, 1, 2]), np.zeros(3, dtype=bool))
    assert caught.value.where == "month 3 after the draw"


def test_months_after_the_last_death_cost_nothing():
    cost = np.array([[4.0, 2, 0], [4, 0, 0]])
    both = np.array([2, 1]), np.array([True, True])
    assert mean_by_survival(cost, *both) == pytest.approx(4 + 1)
    assert weigh_months(cost, *both, np.zeros(2, dtype=np.int64)).mean() == pytest.approx(5)
