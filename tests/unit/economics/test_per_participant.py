"""Results per participant: the ratio, its interval, and when there is none."""

import math

import numpy as np
import pytest

from ctieval.domain.cost_benefit import Account
from ctieval.domain.posting import Entry
from ctieval.domain.window import Window
from ctieval.economics.per_participant import DELTA, ESTIMAND, FIELLER, estimate_per_participant
from ctieval.economics.person_account import PersonAccounts

N = 80
ARM = np.repeat([0, 1], N // 2)
WINDOW = Window(0, 52)


def persons_of(values, *, complete=True, weeks=None):
    lines = {Account.M0: {Entry.BENEFIT: np.asarray(values, dtype=float)[:, None]}}
    return PersonAccounts(
        lines, lines, lines, (2018,), {}, None, complete=complete, weeks=np.zeros(N) if weeks is None else weeks
    )


@pytest.fixture
def estimate(make_allocation):
    def run(values, took_part, **persons):
        return estimate_per_participant(persons_of(values, **persons), took_part, make_allocation(ARM), window=WINDOW)

    return run


@pytest.fixture
def values():
    return np.random.default_rng(1).normal(0, 100, N) + 40 * ARM


def test_the_effect_is_that_of_the_draw_over_that_on_taking_part(estimate, values):
    took_part = (ARM == 1) & (np.arange(N) % 4 != 0)
    found = estimate(values, took_part.astype(float))
    contrast = values[ARM == 1].mean() - values[ARM == 0].mean()
    (result,) = found.results
    assert found.take_up.estimate == pytest.approx(0.75)
    assert result.effect.estimate == pytest.approx(contrast / 0.75)
    assert (result.effect.estimand, result.effect.method) == (ESTIMAND, DELTA)
    assert (result.effect.outcome, result.effect.unit) == ("municipality_m0.net_result", "dkk")
    assert found.participants == (0, 30)


def test_the_interval_holds_the_covariance_of_the_two(estimate, values):
    """Two-stage least squares with HC2 by hand: the residual y - beta d, contrasted by the design."""
    took_part = ((ARM == 1) & (np.arange(N) % 4 != 0)).astype(float)
    (result,) = estimate(values, took_part).results
    left = values - result.effect.estimate * took_part
    variance = sum(left[arm == ARM].var(ddof=1) / (N / 2) for arm in (0, 1)) / 0.75**2
    assert result.effect.std_error == pytest.approx(math.sqrt(variance))


def test_where_the_draw_moved_few_the_interval_is_fiellers(estimate, values):
    took_part = np.where(ARM == 1, np.arange(N) % 4 == 0, np.arange(N) % 20 == 0).astype(float)
    found = estimate(values, took_part)
    (result,) = found.results
    assert abs(found.take_up.statistic) < 10
    assert result.effect.method == FIELLER
    half = (result.effect.conf_high - result.effect.conf_low) / 2
    assert result.effect.conf_low + half != pytest.approx(result.effect.estimate)
    assert found.participants == (2, 10)


def test_where_the_draw_may_have_moved_nobody_the_interval_is_open(estimate, values):
    took_part = np.where(ARM == 1, np.arange(N) % 8 == 0, np.arange(N) % 10 == 0).astype(float)
    (result,) = estimate(values, took_part).results
    assert (result.effect.conf_low, result.effect.conf_high) == (-math.inf, math.inf)


@pytest.mark.parametrize("took_part", [None, np.zeros(N), np.ones(N)], ids=["unknown", "nobody", "everybody"])
def test_there_is_none_where_the_draw_moved_nobody_that_is_known(estimate, values, took_part):
    assert estimate(values, took_part) is None


def test_there_is_none_without_a_net_result(estimate, values):
    assert estimate(values, ARM.astype(float), complete=False) is None


def test_whoever_is_not_in_the_account_counts_in_neither(estimate, values):
    weeks = np.where(np.arange(N) < 5, np.nan, 0.0)
    found = estimate(np.where(np.isnan(weeks), np.nan, values), ARM.astype(float), weeks=weeks)
    assert (found.take_up.n_control, found.take_up.n_treated) == (35, 40)
    assert found.results[0].effect.n == found.take_up.n
