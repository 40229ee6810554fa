import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from ctieval.domain.instrument_table import Absent
from ctieval.outcomes.reliability import (
    cronbach_alpha,
    estimate_reliability,
    feldt_interval,
    mcdonald_omega,
    one_factor,
)


def congeneric(loadings, own):
    """The covariance of items that measure one thing, each with a variance of its own."""
    loadings = np.asarray(loadings, dtype=float)
    return np.outer(loadings, loadings) + np.diag(np.broadcast_to(own, len(loadings)))


def omega_by_definition(loadings, own):
    common = np.sum(loadings) ** 2
    return common / (common + np.sum(np.broadcast_to(own, len(loadings))))


def answers_of(seed=0, n=40, items=5):
    rng = np.random.default_rng(seed)
    level = rng.normal(2.5, 1.2, (n, 1))
    return np.rint(level + rng.normal(0, 0.9, (n, items))).clip(0, 5)


loadings_of_items = st.lists(st.floats(0.2, 2.0), min_size=3, max_size=8)


def test_alpha_is_what_a_hand_computes():
    """Two items, three persons: variances 1 and 1, covariance 0.5, so that alpha is 2 (1 - 2/3)."""
    found = estimate_reliability(np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 3.0]]), fewest=3)
    assert found.alpha == pytest.approx(2 * (1 - 2 / 3), rel=1e-14)
    assert (found.n, found.alpha_absent, found.omega_absent) == (3, None, Absent.FEW_ITEMS)
    assert np.isnan(found.omega)


@pytest.mark.parametrize("items", [3, 5, 10])
@pytest.mark.parametrize("correlation", [0.1, 0.5, 0.9])
def test_parallel_items_give_spearman_and_brown(items, correlation):
    covariance = 4 * congeneric(np.full(items, np.sqrt(correlation)), 1 - correlation)
    expected = items * correlation / (1 + (items - 1) * correlation)
    assert cronbach_alpha(covariance) == pytest.approx(expected, rel=1e-12)
    assert mcdonald_omega(covariance) == pytest.approx(expected, rel=1e-9)


@given(loadings_of_items, st.floats(0.5, 3.0))
def test_omega_of_congeneric_items_is_its_definition_and_no_less_than_alpha(loadings, own):
    covariance = congeneric(loadings, own)
    omega = mcdonald_omega(covariance)
    assert omega == pytest.approx(omega_by_definition(loadings, own), rel=1e-6)
    assert cronbach_alpha(covariance) <= omega + 1e-9


@given(loadings_of_items, st.integers(0, 2**20))
def test_reversing_items_that_run_the_other_way_gives_the_same(loadings, seed):
    loadings = np.array(loadings) / 2.1
    correlation = congeneric(loadings, 1 - loadings**2)
    sign = np.random.default_rng(seed).choice([-1.0, 1.0], len(loadings))
    turned = correlation * np.outer(sign, sign)
    assert one_factor(turned) ** 2 == pytest.approx(loadings**2, abs=1e-6)


@given(st.integers(0, 2**20), st.floats(-50, 50), st.sampled_from([-1.0, 1.0, 3.0]))
def test_shifting_turning_and_stretching_all_answers_leaves_both_alone(seed, shift, factor):
    answers = answers_of(seed)
    one, other = (estimate_reliability(each, fewest=10) for each in (answers, shift + factor * answers))
    assume(one.omega_absent is None)
    assert other.alpha == pytest.approx(one.alpha, rel=1e-9)
    assert other.omega == pytest.approx(one.omega, rel=1e-6)


def test_the_order_of_persons_and_items_does_not_matter():
    answers = answers_of()
    rng = np.random.default_rng(1)
    shuffled = rng.permutation(rng.permutation(answers), axis=1)
    one, other = (estimate_reliability(each, fewest=10) for each in (answers, shuffled))
    assert other.alpha == pytest.approx(one.alpha, rel=1e-12)
    assert other.omega == pytest.approx(one.omega, rel=1e-9)


def test_minimum_residuals_are_no_larger_from_any_other_start():
    correlation = np.corrcoef(answers_of(3, n=30), rowvar=False)
    first, second = np.triu_indices(5, k=1)

    def misfit(loadings):
        return np.sum((loadings[first] * loadings[second] - correlation[first, second]) ** 2)

    found = one_factor(correlation)
    rng = np.random.default_rng(0)
    nearby = found + rng.normal(0, 0.05, (500, 5))
    anywhere = rng.uniform(-1, 1, (500, 5))
    assert all(misfit(found) <= misfit(other) for other in (*nearby, *anywhere))


def test_the_interval_is_that_of_the_ratio_of_mean_squares():
    """(1 - alpha) of the persons over (1 - alpha) of the sample follows F; Feldt, Woodruff and Salih 1987."""
    low, high = feldt_interval(0.8, 50, 5, 0.9)
    ratio = stats.f(49, 196)
    assert (1 - low) / 0.2 == pytest.approx(ratio.ppf(0.95), rel=1e-9)
    assert (1 - high) / 0.2 == pytest.approx(ratio.ppf(0.05), rel=1e-9)


def test_the_interval_covers_alpha_about_as_often_as_it_says():
    """2,000 samples of normal parallel items: 95 % less or more than four standard errors of the simulation."""
    rng = np.random.default_rng(2018)
    alpha = 4 * 0.5 / (1 + 3 * 0.5)
    held = 0
    for _ in range(2000):
        sample = rng.normal(size=(30, 1)) + rng.normal(size=(30, 4))
        low, high = feldt_interval(cronbach_alpha(np.cov(sample, rowvar=False)), 30, 4)
        held += low <= alpha <= high
    assert held / 2000 == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / 2000))


def test_a_heywood_case_is_said_and_not_estimated():
    """The squared loading of the first item would have to be 0.8 * 0.8 / 0.6, which is over 1."""
    correlation = np.array([[1.0, 0.8, 0.8], [0.8, 1.0, 0.6], [0.8, 0.6, 1.0]])
    assert np.isnan(one_factor(correlation)).all()
    assert np.isnan(mcdonald_omega(correlation))
    rng = np.random.default_rng(0)
    raw = rng.normal(size=(60, 3))
    white = np.linalg.solve(np.linalg.cholesky(np.cov(raw, rowvar=False)), (raw - raw.mean(axis=0)).T)
    found = estimate_reliability((np.linalg.cholesky(correlation) @ white).T, fewest=10)
    assert (found.alpha_absent, found.omega_absent) == (None, Absent.HEYWOOD)
    assert np.isnan(found.omega)
    assert found.alpha_low < found.alpha < found.alpha_high


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (answers_of(n=9), Absent.FEW_PERSONS),
        (np.full((9, 5), np.nan), Absent.FEW_PERSONS),
        (answers_of(items=1), Absent.FEW_ITEMS),
        (np.hstack([answers_of(items=3), np.full((40, 1), 2.0)]), Absent.NO_VARIATION),
        (np.tile([[0.0, 5.0], [5.0, 0.0]], (20, 1)), Absent.NO_VARIATION),
    ],
)
def test_what_cannot_be_had_is_absent_with_a_reason(answers, reason):
    found = estimate_reliability(answers, fewest=10)
    assert found.alpha_absent is found.omega_absent is reason
    assert np.isnan([found.alpha, found.alpha_low, found.alpha_high, found.omega]).all()


def test_only_complete_answers_count():
    answers = answers_of()
    answers[::4, 2] = np.nan
    one = estimate_reliability(answers, fewest=10)
    other = estimate_reliability(answers[~np.isnan(answers).any(axis=1)], fewest=10)
    assert one == other
    assert one.n == 30
