import math

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.optimize import minimize_scalar
from statsmodels.stats.contingency_tables import StratifiedTable

from ctieval.errors import EstimationError
from ctieval.inference.difference import difference_in_means, satterthwaite_df
from ctieval.inference.logistic import fit_logistic
from ctieval.inference.number_needed import number_needed
from ctieval.inference.standardized_risk import standardize_risk
from ctieval.inference.two_risks import (
    mantel_haenszel,
    miettinen_nurminen_difference,
    newcombe_difference,
    wilson_interval,
)

NOTHING = np.empty((80, 0))


def trial(n=80, seed=1):
    rng = np.random.default_rng(seed)
    x, arm = rng.normal(size=(n, 2)), rng.permutation(np.arange(n) % 2)
    chance = 1 / (1 + np.exp(-(x[:, 0] + 0.7 * arm - 0.3)))
    return (rng.random(n) < chance).astype(float), arm, x


def test_the_logistic_regression_of_statsmodels():
    y, arm, x = trial()
    columns = np.column_stack([np.ones(80), arm, x])
    peer = sm.Logit(y, columns).fit(disp=0, tol=1e-12)
    assert fit_logistic(columns, y).coef == pytest.approx(peer.params, rel=1e-8)


def test_a_collinear_column_of_a_logistic_regression_is_dropped():
    y, arm, x = trial()
    columns = np.column_stack([np.ones(80), arm, x, x[:, 0] + x[:, 1]])
    assert fit_logistic(columns, y).kept.tolist() == [True] * 4 + [False]


def test_without_covariates_the_risk_difference_is_the_difference_in_means():
    y, arm, _ = trial()
    found, plain = standardize_risk(y, arm, NOTHING).difference(), difference_in_means(y, arm)
    assert (found.estimate, found.variance, found.df) == pytest.approx(
        (plain.estimate, plain.variance, satterthwaite_df(plain)), rel=1e-9
    )


def test_the_variance_is_about_that_of_the_influence_function():
    y, arm, x = trial(n=2000)
    found = standardize_risk(y, arm, x)
    columns = np.column_stack([np.ones(2000), arm, x])
    fit = fit_logistic(columns, y)
    control, treated = (fit.predict(np.column_stack([np.ones(2000), np.full(2000, a), x])) for a in (0.0, 1.0))
    influence = treated - control + arm / arm.mean() * (y - treated) - (1 - arm) / (1 - arm.mean()) * (y - control)
    assert found.difference().estimate == pytest.approx(influence.mean(), rel=1e-9)
    # The two differ by the covariances within arms that chance leaves, which vanish as n grows.
    assert found.difference().std_error == pytest.approx(influence.std() / math.sqrt(2000), rel=5e-3)


def test_ratios_follow_from_the_risks():
    y, arm, x = trial()
    found = standardize_risk(y, arm, x)
    control, treated = found.risk
    assert found.log_ratio().estimate == pytest.approx(math.log(treated / control), rel=1e-12)
    odds = treated / (1 - treated) / (control / (1 - control))
    assert found.log_odds_ratio().estimate == pytest.approx(math.log(odds), rel=1e-12)


def test_swapping_the_arms_turns_every_measure_round():
    y, arm, x = trial()
    one, other = standardize_risk(y, arm, x), standardize_risk(y, 1 - arm, x)
    for measure in ("difference", "log_ratio", "log_odds_ratio"):
        before, after = getattr(one, measure)(), getattr(other, measure)()
        assert after.estimate == pytest.approx(-before.estimate, rel=1e-8)
        assert after.variance == pytest.approx(before.variance, rel=1e-8)


def test_an_arm_without_events_has_a_difference_but_no_ratio():
    y, arm = np.repeat([0.0, 1.0], 40), np.repeat([0, 1], 40)
    found = standardize_risk(y, arm, NOTHING)
    assert found.difference().estimate == 1
    assert found.difference().variance == 0
    with pytest.raises(EstimationError, match="ratio"):
        found.log_ratio()


def test_covariates_that_foretell_the_outcome_are_refused():
    y, arm, _ = trial()
    with pytest.raises(EstimationError) as caught:
        standardize_risk(y, arm, (2 * y - 1)[:, None])
    assert "difference in means" in caught.value.do


def test_an_outcome_that_is_not_yes_or_no_is_refused():
    y, arm, x = trial()
    with pytest.raises(EstimationError, match="not yes or no"):
        standardize_risk(y + 1, arm, x)


def test_a_covariate_that_is_the_arm_is_left_out_and_told():
    y, arm, _ = trial()
    found = standardize_risk(y, arm, arm[:, None].astype(float))
    assert found.dropped == (0,)


def test_newcombes_published_example():
    found = newcombe_difference((48, 56), (80, 70))
    assert (found.conf_low, found.conf_high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_miettinen_and_nurminens_published_example():
    found = miettinen_nurminen_difference((48, 56), (80, 70))
    assert (found.conf_low, found.conf_high) == pytest.approx((0.0528, 0.3382), abs=5e-5)


@pytest.mark.parametrize(
    ("events", "n"), [((5, 9), (12, 15)), ((0, 4), (10, 12)), ((86, 207), (299, 600)), ((3, 0), (7, 9))]
)
def test_at_each_end_of_the_score_interval_the_statistic_is_at_its_quantile(events, n):
    found = miettinen_nurminen_difference(events, n)
    for end in (found.conf_low, found.conf_high):

        def lack(control, end=end):
            risks = np.clip([control, control + end], 1e-12, 1 - 1e-12)
            return -sum(e * np.log(p) + (m - e) * np.log1p(-p) for e, m, p in zip(events, n, risks, strict=True))

        low = minimize_scalar(
            lack, bounds=(max(0, -end), min(1, 1 - end)), method="bounded", options={"xatol": 1e-13}
        ).x
        variance = sum(p * (1 - p) / m for p, m in zip((low, low + end), n, strict=True)) * sum(n) / (sum(n) - 1)
        # The minimiser finds the likeliest risks to about the root of the rounding error.
        assert abs(found.estimate - end) / math.sqrt(variance) == pytest.approx(1.959964, rel=1e-4)


@pytest.mark.parametrize(("events", "n"), [((0, 0), (5, 8)), ((5, 8), (5, 8)), ((0, 8), (5, 8)), ((1, 0), (1, 1))])
@pytest.mark.parametrize("interval", [newcombe_difference, miettinen_nurminen_difference])
def test_empty_and_full_cells_have_intervals_within_what_is_possible(interval, events, n):
    found = interval(events, n)
    assert -1 <= found.conf_low <= found.estimate <= found.conf_high <= 1
    assert found.conf_low < found.conf_high


@pytest.mark.parametrize("interval", [newcombe_difference, miettinen_nurminen_difference])
def test_swapping_the_arms_turns_the_interval_round(interval):
    one, other = interval((3, 9), (11, 14)), interval((9, 3), (14, 11))
    assert (one.conf_low, one.conf_high) == pytest.approx((-other.conf_high, -other.conf_low), rel=1e-9)


def test_nobody_in_an_arm_is_refused():
    with pytest.raises(EstimationError):
        newcombe_difference((0, 3), (0, 9))


def test_wilson_at_the_ends_is_exactly_nought_and_one():
    assert wilson_interval(0, 900).conf_low == 0
    assert wilson_interval(900, 900).conf_high == 1


def test_mantel_haenszel_as_in_statsmodels():
    events, n = np.array([[4.0, 9], [2, 6], [7, 8]]), np.array([[20.0, 20], [10, 12], [15, 14]])
    tables = [np.array([[e[1], m[1] - e[1]], [e[0], m[0] - e[0]]]) for e, m in zip(events, n, strict=True)]
    peer, found = StratifiedTable(tables), mantel_haenszel(events, n)
    assert math.exp(found.log_odds_ratio.estimate) == pytest.approx(peer.oddsratio_pooled, rel=1e-12)
    assert found.log_odds_ratio.std_error == pytest.approx(peer.logodds_pooled_se, rel=1e-12)
    assert found.chi_square == pytest.approx(peer.test_null_odds().statistic, rel=1e-10)


def test_one_stratum_is_the_plain_risk_difference():
    found = mantel_haenszel(np.array([[5.0, 9]]), np.array([[20.0, 25]]))
    assert found.difference.estimate == pytest.approx(9 / 25 - 5 / 20, rel=1e-12)


def test_a_stratum_with_one_arm_says_nothing():
    two = mantel_haenszel(np.array([[5.0, 9], [0, 3]]), np.array([[20.0, 25], [0, 4]]))
    assert two == mantel_haenszel(np.array([[5.0, 9]]), np.array([[20.0, 25]]))


def test_no_event_in_one_arm_makes_the_odds_ratio_infinite():
    found = mantel_haenszel(np.array([[0.0, 9]]), np.array([[20.0, 25]]))
    assert found.log_odds_ratio.estimate == math.inf
    assert found.difference.estimate == pytest.approx(0.36)


@pytest.mark.parametrize(
    ("risk", "through", "ends"),
    [
        ((0.1, 0.05, 0.2), False, (5, 20, math.nan, math.nan)),
        ((0.1, -0.05, 0.25), True, (4, math.inf, 20, math.inf)),
        ((-0.1, -0.2, -0.05), False, (math.nan, math.nan, 5, 20)),
        ((0.1, 0.0, 0.2), True, (5, math.inf, math.nan, math.nan)),
        ((0.0, -0.5, 0.5), True, (2, math.inf, 2, math.inf)),
    ],
)
def test_the_number_needed_admits_infinity(risk, through, ends):
    found = number_needed(*risk)
    assert found.through_infinity is through
    assert (found.benefit, found.benefit_to, found.harm, found.harm_to) == pytest.approx(ends, nan_ok=True)
    assert found.estimate == (1 / risk[0] if risk[0] else math.inf)
