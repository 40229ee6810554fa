"""Standardised risks in blocks and clusters: equal to what they generalise, and right over the draws."""

from dataclasses import replace

import numpy as np
import pytest

from ctieval.domain.design import BlockedClustered, Clustered, Matched
from ctieval.errors import EstimationError
from ctieval.inference.by_design import by_design
from ctieval.inference.logistic import fit_logistic
from ctieval.inference.standardized_by_design import standardize_by_design
from ctieval.inference.standardized_risk import standardize_risk

RNG = np.random.default_rng(17)
N = 240
BLOCK = np.repeat(list("ABCD"), 60)
AGE = RNG.normal(size=N)
CHANCE = 1 / (1 + np.exp(-(AGE + (BLOCK == "A"))))
NOTHING = np.empty((N, 0))


def drawn(make_allocation, shares=(0.5, 0.5, 0.5, 0.5), rng=RNG):
    arm = np.concatenate([rng.permutation((np.arange(60) < share * 60).astype(int)) for share in shares])
    return make_allocation(arm, BLOCK)


def in_clusters(allocation, design, block=True):
    cluster = np.repeat(np.arange(24), 10)
    arm = np.repeat(np.tile([0, 1], 12), 10)
    changed = replace(
        allocation, arm=arm, cluster=cluster, cluster_labels=tuple(f"{each:02d}" for each in range(24)), design=design
    )
    return changed if block else replace(changed, block=np.zeros(N, dtype=np.int64), block_labels=("",))


def outcome(allocation, rng=RNG):
    return (rng.random(N) < np.clip(CHANCE + 0.1 * allocation.arm, 0, 1)).astype(float)


@pytest.mark.parametrize("kind", ["blocks", "clusters", "clusters in blocks", "pairs"])
def test_without_covariates_it_is_the_difference_that_the_design_implies(make_allocation, kind):
    allocation = drawn(make_allocation, (0.2, 0.5, 0.5, 0.7))
    if kind == "clusters":
        allocation = in_clusters(allocation, Clustered("office", 12), block=False)
    if kind == "clusters in blocks":
        allocation = in_clusters(allocation, BlockedClustered("block", "office", (("", 3),)))
    if kind == "pairs":
        pairs = make_allocation(np.tile([0, 1], 120), [f"{each:03d}" for each in np.repeat(np.arange(120), 2)])
        allocation = replace(pairs, design=Matched(("age",), 2, 1))
    y = outcome(allocation)
    y[[3, 100]] = np.nan
    found, plain = standardize_by_design(y, NOTHING, allocation), by_design(y[:, None], allocation)
    total = found.risks.difference()
    assert (total.estimate, total.std_error, total.df) == pytest.approx(
        (plain.estimate[0], plain.std_error[0], plain.df[0]), rel=1e-9
    )
    assert found.risks.n == (plain.n_control[0], plain.n_treated[0])


def test_one_pool_is_the_estimate_that_it_was(make_allocation):
    allocation = make_allocation(RNG.permutation(np.tile([0, 1], 120)))
    y = outcome(allocation)
    found = standardize_by_design(y, AGE[:, None], allocation)
    expected = standardize_risk(y, allocation.arm, AGE[:, None])
    assert found.method == "standardized_risk_difference_satterthwaite"
    assert found.risks.difference() == expected.difference()


def test_the_risks_are_the_predictions_set_right_block_by_block(make_allocation):
    allocation = drawn(make_allocation, (0.2, 0.5, 0.5, 0.8))
    y, arm = outcome(allocation), allocation.arm
    found = standardize_by_design(y, AGE[:, None], allocation).risks
    x = np.column_stack([np.ones(N), arm, AGE - AGE.mean()])
    fit = fit_logistic(x, y)
    for each in (0, 1):
        predicted = fit.predict(np.column_stack([np.ones(N), np.full(N, each), AGE - AGE.mean()]))
        right = [(y - predicted)[(b == BLOCK) & (arm == each)].mean() for b in "ABCD"]
        assert found.risk[each] == pytest.approx(predicted.mean() + np.mean(right), rel=1e-10)
    difference = found.difference()
    assert found.covariance[0, 0] + found.covariance[1, 1] - 2 * found.covariance[0, 1] == pytest.approx(
        difference.variance, rel=1e-10
    )
    assert np.linalg.eigvalsh(found.covariance).min() > 0
    assert found.log_ratio().estimate == pytest.approx(np.log(found.risk[1] / found.risk[0]))


@pytest.mark.parametrize("shares", [(0.5, 0.5, 0.5, 0.5), (0.2, 0.5, 0.5, 0.8)])
def test_over_draws_of_a_population_its_error_is_the_error_there_is_and_smaller(make_allocation, shares):
    """Four hundred draws within blocks, new persons each time: the influence-function error is the error there is."""
    rng = np.random.default_rng(3)
    estimates, errors, plain = [], [], []
    for _ in range(400):
        age = rng.normal(size=N)
        allocation = drawn(make_allocation, shares, rng)
        chance = 1 / (1 + np.exp(-(2 * age + (BLOCK == "A") - 0.5 + 0.8 * allocation.arm)))
        y = (rng.random(N) < chance).astype(float)
        total = standardize_by_design(y, age[:, None], allocation).risks.difference()
        estimates.append(total.estimate)
        errors.append(total.std_error)
        plain.append(by_design(y[:, None], allocation).std_error[0])
    # a standard deviation of 400 estimates is known to 3.5 %, four of which are 0.14
    assert np.mean(errors) == pytest.approx(np.std(estimates, ddof=1), rel=0.14)
    assert np.mean(errors) < 0.9 * np.mean(plain)


def test_what_is_not_yes_or_no_and_a_block_with_one_arm_are_errors(make_allocation):
    allocation = drawn(make_allocation)
    with pytest.raises(EstimationError, match="yes or no"):
        standardize_by_design(AGE, NOTHING, allocation)
    alone = replace(allocation, arm=np.where(BLOCK == "B", 0, allocation.arm))
    with pytest.raises(EstimationError, match="block B") as caught:
        standardize_by_design(outcome(alone), NOTHING, alone)
    assert caught.value.do
