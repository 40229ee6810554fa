import numpy as np
import pytest
import statsmodels.api as sm

from ctieval.errors import EstimationError
from ctieval.inference.adjusted_difference import adjusted_difference, anhecova
from ctieval.inference.clustered_adjustment import adjusted_clustered_difference
from ctieval.inference.covariates import fill_covariates
from ctieval.inference.difference import difference_in_means, satterthwaite_df
from ctieval.inference.least_squares import fit_least_squares
from ctieval.inference.robust_variance import variance_of_contrast
from ctieval.inference.small_blocks import hybrid_difference

NOTHING = np.empty((40, 0))


def trial(n=40, k=2, seed=1):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, k))
    arm = rng.permutation(np.arange(n) % 2)
    return 2 * x[:, 0] + arm * (1 + x[:, -1]) + rng.normal(size=n), arm, x


def test_it_is_the_coefficient_of_the_interacted_regression_with_its_hc2():
    y, arm, x = trial()
    centred = x - x.mean(axis=0)
    peer = sm.OLS(y, np.column_stack([np.ones(40), arm, centred, arm[:, None] * centred])).fit(cov_type="HC2")
    found = adjusted_difference(y, arm, x)
    assert found.total.estimate == pytest.approx(peer.params[1], rel=1e-10)
    assert found.total.std_error == pytest.approx(peer.bse[1], rel=1e-10)
    assert found.residual_df == peer.df_resid


def test_without_covariates_it_is_neymans_and_welchs():
    y, arm, _ = trial()
    plain = difference_in_means(y, arm)
    found = adjusted_difference(y, arm, NOTHING).total
    assert (found.estimate, found.variance, found.df) == pytest.approx(
        (plain.estimate, plain.variance, satterthwaite_df(plain)), rel=1e-12
    )


def test_within_blocks_without_covariates_it_is_the_hybrid():
    y, arm, _ = trial()
    block = np.repeat(np.arange(4), [2, 2, 12, 24])
    arm[:4] = [0, 1, 1, 0]
    labels = tuple("ABCD")
    plain = hybrid_difference(y, arm, block, labels)
    found = adjusted_difference(y, arm, NOTHING, block=block, labels=labels)
    assert (found.total.estimate, found.total.variance, found.total.df) == pytest.approx(
        (plain.total.estimate, plain.total.variance, plain.total.df), rel=1e-12
    )
    assert found.pooled.tolist() == [True, True, False, False]


def test_within_blocks_it_is_the_weighted_regression_on_cells_and_centred_covariates():
    y, arm, x = trial(n=60)
    block = np.repeat(np.arange(3), [12, 18, 30])
    found = adjusted_difference(y, arm, x, block=block, labels=tuple("ABC"))
    share = np.bincount(block) / 60
    centred = x - np.array([x[block == b].mean(axis=0) for b in range(3)])[block]
    means, variance = [], 0.0
    for each in (0, 1):
        mine = arm == each
        size = np.bincount(block[mine])
        root = (share / np.sqrt(size * (size - 1)))[block[mine]]
        columns = np.hstack([np.eye(3)[block[mine]], centred[mine]]) * root[:, None]
        fit = fit_least_squares(columns, y[mine] * root)
        contrast = np.append(share, [0.0, 0.0])
        means.append(contrast @ fit.coef)
        variance += variance_of_contrast(columns, fit, contrast).variance
    assert found.total.estimate == pytest.approx(means[1] - means[0], rel=1e-10)
    assert found.total.variance == pytest.approx(variance, rel=1e-10)


def test_strata_as_covariates_without_heterogeneity_leave_only_the_chance_of_who_takes_part():
    y, arm, x = trial(n=80, k=1)
    stratum = np.tile([0, 1, 2, 3], 20)
    found = anhecova(y, arm, x, stratum, n_strata=4)
    columns = np.column_stack([x, stratum[:, None] == np.array([1, 2, 3])]).astype(float)
    lin = adjusted_difference(y, arm, columns)
    gap = (columns - columns.mean(axis=0)) @ (lin.slope[1] - lin.slope[0])
    assert found.total.estimate == pytest.approx(lin.total.estimate, rel=1e-12)
    assert found.total.variance == pytest.approx(lin.total.variance + gap.var(ddof=1) / 80, rel=1e-10)


def test_anhecova_without_covariates_and_strata_is_neymans():
    y, arm, _ = trial()
    found = anhecova(y, arm, NOTHING, np.zeros(40, dtype=int), n_strata=1).total
    assert found.variance == pytest.approx(difference_in_means(y, arm).variance, rel=1e-12)


def test_collinear_and_constant_columns_are_left_out_and_told():
    y, arm, x = trial()
    columns = np.column_stack([x, x[:, 0] - 2 * x[:, 1], np.full(40, 7.7), x[:, 1]])
    found, plain = adjusted_difference(y, arm, columns), adjusted_difference(y, arm, x)
    assert found.dropped == (2, 3, 4)
    assert found.total.estimate == pytest.approx(plain.total.estimate, rel=1e-10)
    assert found.total.variance == pytest.approx(plain.total.variance, rel=1e-10)


def test_a_covariate_that_is_the_arm_is_left_out_and_told():
    y, arm, _ = trial()
    found = adjusted_difference(y, arm, arm[:, None].astype(float))
    assert found.dropped == (0,)
    assert found.total.estimate == pytest.approx(difference_in_means(y, arm).estimate, rel=1e-12)


def test_a_covariate_that_does_not_vary_in_one_arm_is_left_out_of_both():
    y, arm, x = trial()
    found = adjusted_difference(y, arm, np.column_stack([x, np.where(arm == 1, x[:, 0] ** 2, 3.0)]))
    plain = adjusted_difference(y, arm, x)
    assert found.dropped == (2,)
    assert found.total.estimate == pytest.approx(plain.total.estimate, rel=1e-10)


def test_nobody_is_dropped_for_a_missing_covariate():
    y, arm, x = trial()
    x[3, 0] = x[8, 0] = np.nan
    found = adjusted_difference(y, arm, x)
    filled = np.where(np.isnan(x), np.nanmean(x, axis=0), x)
    by_hand = adjusted_difference(y, arm, np.column_stack([filled, np.isnan(x[:, 0])]).astype(float))
    assert found.n.sum() == 40
    assert found.n_missing == (2, 0)
    assert found.total.estimate == pytest.approx(by_hand.total.estimate, rel=1e-10)
    assert found.total.variance == pytest.approx(by_hand.total.variance, rel=1e-10)


def test_a_covariate_that_nobody_has_is_left_out_and_told():
    y, arm, x = trial()
    found = adjusted_difference(y, arm, np.column_stack([x, np.full(40, np.nan)]))
    assert (found.n_missing, found.dropped) == ((0, 0, 40), (2,))


def test_a_person_with_a_covariate_of_her_own_has_full_leverage_and_is_counted():
    y, arm, x = trial()
    lonely = np.zeros((40, 1))
    lonely[np.flatnonzero(arm == 1)[0]] = 1
    lonely[np.flatnonzero(arm == 0)[0]] = 1
    found = adjusted_difference(y, arm, np.hstack([x, lonely]))
    assert found.full_leverage == 2
    assert np.isfinite(found.total.variance)
    assert found.total.variance > 0


def test_more_covariates_than_persons_are_refused():
    y, arm, x = trial(n=12, k=8)
    with pytest.raises(EstimationError) as caught:
        adjusted_difference(y, arm, x)
    assert "too many covariates" in caught.value.what


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda y, arm, x: (np.where(np.arange(40) == 1, np.inf, y), arm, x), "infinite"),
        (lambda y, arm, x: (y, arm, np.where(x == x[0, 0], -np.inf, x)), "infinite"),
        (lambda y, arm, x: (y, np.zeros_like(arm), x), "uncertainty"),
        (lambda y, arm, x: (y[:0], arm[:0], x[:0]), "uncertainty"),
        (lambda y, arm, x: (np.full(40, np.nan), arm, x), "uncertainty"),
    ],
)
def test_hostile_data_end_in_one_error(spoil, what):
    with pytest.raises(EstimationError, match=what):
        adjusted_difference(*spoil(*trial()))


def test_a_constant_outcome_has_no_effect_and_no_uncertainty():
    _, arm, x = trial()
    found = adjusted_difference(np.full(40, 3.25), arm, x).total
    assert found.estimate == pytest.approx(0, abs=1e-15)
    assert found.variance == pytest.approx(0, abs=1e-28)


def test_a_level_far_from_zero_costs_few_digits():
    y, arm, x = trial()
    near, far = adjusted_difference(y, arm, x).total, adjusted_difference(y + 1e8, arm, x + 1e6).total
    assert far.estimate == pytest.approx(near.estimate, abs=1e-6)


def test_clusters_of_one_person_give_lin_with_hc2():
    y, arm, x = trial()
    found = adjusted_clustered_difference(y, arm, x, np.arange(40))
    plain = adjusted_difference(y, arm, x).total
    assert (found.total.estimate, found.total.variance) == pytest.approx((plain.estimate, plain.variance), rel=1e-10)


def test_adjusting_clusters_reports_what_it_left_out():
    y, arm, x = trial()
    found = adjusted_clustered_difference(y, arm, np.column_stack([x, arm]).astype(float), np.arange(40))
    assert found.dropped == (2,)


def test_filling_changes_no_input():
    x = np.array([[1.0, np.nan], [2.0, 3.0]])
    fill_covariates(x)
    assert np.isnan(x[0, 1])
