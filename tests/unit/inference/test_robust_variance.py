import math

import numpy as np
import pytest
import statsmodels.api as sm

from ctieval.inference.least_squares import ROWS_AT_ONCE, fit_least_squares
from ctieval.inference.robust_variance import (
    ROWS_OF_CLUSTERS,
    ClusterCorrection,
    PersonCorrection,
    variance_of_contrast,
    variance_of_contrast_by_cluster,
)


def data(n=60, p=4, seed=1):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.normal(size=(n, p - 1))])
    return x, x @ np.arange(1.0, p + 1) + rng.normal(size=n) * (1 + np.abs(x[:, 1]))


def one(p, place):
    return np.eye(p)[place]


def by_full_matrices(x, y, contrast, cluster, power):
    """Variance and Bell-McCaffrey's df by the n by n matrices that the library never makes."""
    inverse = np.linalg.inv(x.T @ x)
    maker = np.eye(len(y)) - x @ inverse @ x.T
    residual, columns, variance = maker @ y, [], 0.0
    for g in np.unique(cluster):
        mine = cluster == g
        values, vectors = np.linalg.eigh(maker[np.ix_(mine, mine)])
        root = (vectors * np.where(values > 1e-9, values, np.inf) ** -power) @ vectors.T
        weight = root @ x[mine] @ inverse @ contrast
        variance += (weight @ residual[mine]) ** 2
        columns.append(maker[:, mine] @ weight)
    inner = np.column_stack(columns)
    inner = inner.T @ inner
    return variance, np.trace(inner) ** 2 / np.trace(inner @ inner)


@pytest.mark.parametrize("kind", ["HC0", "HC1", "HC2", "HC3"])
def test_persons_as_in_statsmodels(kind):
    x, y = data()
    peer = sm.OLS(y, x).fit(cov_type=kind)
    fit = fit_least_squares(x, y)
    for place in range(4):
        found = variance_of_contrast(x, fit, one(4, place), kind=PersonCorrection(kind))
        assert math.sqrt(found.variance) == pytest.approx(peer.bse[place], rel=1e-10)
    assert fit.coef == pytest.approx(peer.params, rel=1e-10)


@pytest.mark.parametrize(("kind", "power"), [("CR0", 0), ("CR2", 0.5), ("CR3", 1)])
@pytest.mark.parametrize("clusters", [7, 60])
def test_clusters_as_by_full_matrices(kind, power, clusters):
    x, y = data()
    cluster = np.arange(60) % clusters
    found = variance_of_contrast_by_cluster(
        x, fit_least_squares(x, y), one(4, 1), cluster, kind=ClusterCorrection(kind)
    )
    variance, df = by_full_matrices(x, y, one(4, 1), cluster, power)
    assert found.variance == pytest.approx(variance, rel=1e-10)
    assert found.df == pytest.approx(df, rel=1e-9)


def test_singleton_clusters_give_the_variance_of_persons():
    x, y = data()
    fit = fit_least_squares(x, y)
    alone = variance_of_contrast(x, fit, one(4, 2))
    found = variance_of_contrast_by_cluster(x, fit, one(4, 2), np.arange(60))
    assert (found.variance, found.df) == pytest.approx((alone.variance, alone.df), rel=1e-10)


def test_a_person_of_full_leverage_is_counted_and_left_out():
    x, y = data()
    x = np.column_stack([x, np.arange(60) == 5])
    fit = fit_least_squares(x, y)
    found = variance_of_contrast(x, fit, one(5, 1))
    rest = np.arange(60) != 5
    other = variance_of_contrast(x[rest][:, :4], fit_least_squares(x[rest][:, :4], y[rest]), one(4, 1))
    assert found.full_leverage == 1
    assert (found.variance, found.df) == pytest.approx((other.variance, other.df), rel=1e-9)


def test_a_cluster_with_a_level_of_its_own_is_counted_and_left_out():
    x, y = data()
    cluster = np.arange(60) // 10
    x = np.column_stack([x, cluster == 5])
    found = variance_of_contrast_by_cluster(x, fit_least_squares(x, y), one(5, 1), cluster)
    variance, _ = by_full_matrices(x, y, one(5, 1), cluster, 0.5)
    assert found.full_leverage == 1
    assert found.variance == pytest.approx(variance, rel=1e-8)


def test_a_contrast_of_a_dropped_column_has_no_variance():
    x, y = data()
    x = np.column_stack([x, x[:, 1] * 2])
    fit = fit_least_squares(x, y)
    assert fit.kept.tolist() == [True] * 4 + [False]
    assert math.isnan(fit.coef[4])
    assert math.isnan(variance_of_contrast(x, fit, one(5, 4)).variance)
    assert math.isnan(variance_of_contrast_by_cluster(x, fit, one(5, 4), np.arange(60)).variance)
    assert math.isfinite(variance_of_contrast(x, fit, one(5, 1)).variance)


def test_more_rows_than_one_part_give_the_same():
    n = max(ROWS_AT_ONCE, ROWS_OF_CLUSTERS) + 1001
    x, y = data(n=n, p=3)
    fit = fit_least_squares(x, y)
    peer = sm.OLS(y, x).fit(cov_type="HC2")
    assert fit.coef == pytest.approx(peer.params, rel=1e-10)
    assert math.sqrt(variance_of_contrast(x, fit, one(3, 1)).variance) == pytest.approx(peer.bse[1], rel=1e-9)
    cluster = np.random.default_rng(1).integers(0, 40, n)
    order = np.argsort(cluster, kind="stable")
    mixed = variance_of_contrast_by_cluster(x, fit, one(3, 1), cluster)
    sorted_fit = fit_least_squares(x[order], y[order])
    in_order = variance_of_contrast_by_cluster(x[order], sorted_fit, one(3, 1), cluster[order])
    assert (mixed.variance, mixed.df) == pytest.approx((in_order.variance, in_order.df), rel=1e-9)


def test_a_regression_that_fits_everybody_has_no_df():
    x, y = data(n=4)
    found = variance_of_contrast(x, fit_least_squares(x, y), one(4, 1))
    assert found.full_leverage == 4
    assert math.isnan(found.df)


def test_a_level_far_from_zero_costs_few_digits():
    x, y = data()
    far = fit_least_squares(x + np.array([0, 1e5, 0, 0]), y)
    assert far.coef[1] == pytest.approx(fit_least_squares(x, y).coef[1], rel=1e-6)
