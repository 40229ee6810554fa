"""Rerandomisation against every assignment of the design underneath, listed one by one."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from ctieval.designs.enumerate import enumerate_assignments
from ctieval.designs.imbalance import measure_imbalance
from ctieval.designs.quotas import build_quotas
from ctieval.designs.rerandomise import (
    AcceptedDraws,
    count_accepted,
    draw_rerandomised,
    enumerate_accepted,
    fix_acceptance,
    rerandomised_probabilities,
    sample_accepted,
)
from ctieval.designs.simulated import EXACT
from ctieval.domain.design import Blocked, BlockedClustered, Clustered, Complete, Rerandomised
from ctieval.domain.entrants import Entrants
from ctieval.errors import DesignError

HALF, TENTH = Fraction(1, 2), Fraction(1, 10)
RNG = np.random.default_rng(20260302)


def people(blocks, clusters=None, p=2):
    """Persons with these blocks and clusters, and random covariates."""
    n = len(blocks)
    labels = np.array(list(clusters) if clusters else [""] * n, dtype=object)
    covariates = np.random.default_rng(n).normal(50, 10, (n, p))
    return Entrants(np.array(list(blocks), dtype=object), labels, covariates)


CASES = {
    "complete": (Complete(4), people("." * 8)),
    "complete, unequal": (Complete(2), people("." * 7)),
    "complete, a remainder": (Complete(HALF), people("." * 7)),
    "three arms": (Complete((2, 3)), people("." * 7)),
    "blocked": (Blocked("b", (("a", 2), ("b", 1))), people("aaaabbb")),
    "blocked, remainders": (Blocked("b", (("", Fraction(2, 5)),)), people("aaaabbbb")),
    "clustered": (Clustered("c", 2), people("." * 9, "kkllmmmno")),
    "blocked and clustered": (BlockedClustered("b", "c", (("", 1),)), people("aaaabbbbb", "kkllmmnoo")),
}


@pytest.fixture(params=CASES)
def case(request):
    return CASES[request.param]


def listed(design, entrants):
    law = list(enumerate_assignments(design, entrants))
    return np.array([arm for arm, _ in law]), np.array([float(p) for _, p in law])


def test_the_distance_is_on_average_its_degrees_of_freedom(case):
    """The mean of d' Cov(d)^-1 d is the rank of Cov(d) if, and only if, the covariance is that of the design."""
    design, entrants = case
    arms, probability = listed(design, entrants)
    imbalance = measure_imbalance(build_quotas(design, entrants), entrants)
    assert imbalance.df == 2 * max(1, arms.max())
    np.testing.assert_allclose(probability @ imbalance.distances(arms), imbalance.df, rtol=1e-10)


def test_the_differences_are_means_where_numbers_are_fixed():
    design, entrants = CASES["complete, unequal"]
    arms, _ = listed(design, entrants)
    x = entrants.covariates
    differences = np.array([x[arm == 1].mean(axis=0) - x[arm == 0].mean(axis=0) for arm in arms])
    inverse = np.linalg.inv(differences.T @ differences / len(arms))
    by_hand = np.einsum("rp,pq,rq->r", differences, inverse, differences)
    found = measure_imbalance(build_quotas(design, entrants), entrants).distances(arms)
    np.testing.assert_allclose(found, by_hand, rtol=1e-9)


def test_in_blocks_they_are_the_estimator_of_the_design():
    design, entrants = CASES["blocked"]
    arms, _ = listed(design, entrants)
    x, block = entrants.covariates, entrants.block

    def difference(arm):
        within = [
            x[(block == b) & (arm == 1)].mean(axis=0) - x[(block == b) & (arm == 0)].mean(axis=0) for b in ("a", "b")
        ]
        return np.average(within, axis=0, weights=[4, 3])

    differences = np.array([difference(arm) for arm in arms])
    inverse = np.linalg.inv(differences.T @ differences / len(arms))
    by_hand = np.einsum("rp,pq,rq->r", differences, inverse, differences)
    found = measure_imbalance(build_quotas(design, entrants), entrants).distances(arms)
    np.testing.assert_allclose(found, by_hand, rtol=1e-9)


def test_units_and_redundant_covariates_do_not_matter(case):
    design, entrants = case
    arms, _ = listed(design, entrants)
    mixed = entrants.covariates @ np.array([[1e4, 2.0], [3.0, 1e-3]])
    doubled = np.column_stack([mixed, mixed.sum(axis=1), np.full(len(entrants), 7.0)])
    quotas = build_quotas(design, entrants)
    plain = measure_imbalance(quotas, entrants)
    other = measure_imbalance(quotas, replace(entrants, covariates=doubled))
    assert other.df == plain.df
    np.testing.assert_allclose(other.distances(arms), plain.distances(arms), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("acceptance", [Fraction(1, 100), TENTH, HALF, Fraction(1)])
def test_the_threshold_accepts_the_declared_share_and_no_more_than_it_must(case, acceptance):
    design, entrants = case
    rerandomised = Rerandomised(design, ("x", "y"), acceptance)
    criterion = fix_acceptance(rerandomised, entrants)
    arms, probability = listed(design, entrants)
    distance = criterion.imbalance.distances(arms)
    assert criterion.is_enumerated
    assert probability[criterion.accepts(arms)].sum() >= float(acceptance) - 1e-12
    assert probability[distance < criterion.threshold * (1 - 1e-6)].sum() < float(acceptance)


def test_the_accepted_draws_are_those_below_the_threshold_in_proportion(case):
    design, entrants = case
    rerandomised = Rerandomised(design, ("x", "y"), Fraction(1, 4))
    accepted = list(enumerate_accepted(rerandomised, entrants))
    assert sum(probability for _, probability in accepted) == 1
    criterion = fix_acceptance(rerandomised, entrants)
    arms, probability = listed(design, entrants)
    kept = criterion.accepts(arms)
    assert {tuple(arm) for arm, _ in accepted} == set(map(tuple, arms[kept]))
    counted = count_accepted(rerandomised, entrants)
    assert counted == AcceptedDraws(len(arms), int(kept.sum()), counted.share, 0.0, 0)
    assert counted.share == pytest.approx(probability[kept].sum(), abs=1e-12)


def test_everything_is_accepted_where_the_share_is_one(case):
    design, entrants = case
    law = {tuple(arm): p for arm, p in enumerate_assignments(design, entrants)}
    accepted = {tuple(arm): p for arm, p in enumerate_accepted(Rerandomised(design, ("x",), Fraction(1)), entrants)}
    assert accepted == law


def test_probabilities_are_those_of_the_accepted_draws(case):
    design, entrants = case
    rerandomised = Rerandomised(design, ("x", "y"), Fraction(1, 5))
    exact = sum(
        float(p) * (arm[:, None] == np.arange(design_arms(design)))
        for arm, p in enumerate_accepted(rerandomised, entrants)
    )
    found = rerandomised_probabilities(rerandomised, entrants)
    assert found.replicates == EXACT
    np.testing.assert_allclose(found.mean, exact, atol=1e-12)


def design_arms(design):
    drawn = (
        design.drawn[0][1] if isinstance(design.drawn, tuple) and isinstance(design.drawn[0], tuple) else design.drawn
    )
    return len(drawn) + 1 if isinstance(drawn, tuple) else 2


def test_arms_of_equal_numbers_are_equally_likely_for_everybody_without_listing_anything():
    entrants = people("." * 40)
    found = rerandomised_probabilities(Rerandomised(Complete(20), ("x", "y"), TENTH), entrants)
    assert found.replicates == EXACT
    assert (found.mean == 0.5).all()


def test_unequal_arms_change_the_probabilities_of_those_far_out():
    """Persons far from the others are put into the large arm more often; that is why nothing is taken for granted."""
    entrants = replace(people("." * 8, p=1), covariates=np.array([[0.0], [1], [2], [3], [4], [5], [6], [40]]))
    found = rerandomised_probabilities(Rerandomised(Complete(2), ("x",), Fraction(1, 4)), entrants)
    assert found.mean[-1, 1] < 0.25 < found.mean[3, 1]


def test_simulated_probabilities_are_those_of_the_list(monkeypatch):
    from ctieval.designs import rerandomise

    design, entrants = CASES["complete, unequal"]
    rerandomised = Rerandomised(design, ("x", "y"), Fraction(1, 4))
    exact = rerandomised_probabilities(rerandomised, entrants)
    accepted = sum(1 for _ in enumerate_accepted(rerandomised, entrants))
    criterion = fix_acceptance(rerandomised, entrants)
    monkeypatch.setattr(rerandomise, "fix_acceptance", lambda *_, **__: replace(criterion, is_enumerated=False))
    found = rerandomised_probabilities(rerandomised, entrants, replicates=3000)
    share = count_accepted(rerandomised, entrants, replicates=3000)
    assert found.replicates == share.replicates == 3000
    assert (np.abs(found.mean - exact.mean) <= 4 * found.std_error).all()
    assert share.accepted is None
    assert abs(share.share - accepted / share.assignments) <= 4 * share.std_error


def test_many_persons_are_judged_by_chi_square():
    entrants = people("." * 60, p=3)
    rerandomised = Rerandomised(Complete(30), ("x", "y", "z"), TENTH)
    criterion = fix_acceptance(rerandomised, entrants)
    assert not criterion.is_enumerated
    assert criterion.threshold == pytest.approx(stats.chi2.ppf(0.1, 3), rel=1e-12)
    found = count_accepted(rerandomised, entrants, replicates=4000)
    assert abs(found.share - 0.1) < 0.03, "chi-square is the law of many more persons than sixty"


def test_draws_are_repeatable_accepted_and_of_the_right_law():
    design, entrants = CASES["complete"]
    rerandomised = Rerandomised(design, ("x", "y"), Fraction(1, 5))
    first, again = (
        draw_rerandomised(rerandomised, entrants, np.random.Generator(np.random.PCG64(7))) for _ in range(2)
    )
    np.testing.assert_array_equal(first, again)
    criterion = fix_acceptance(rerandomised, entrants)
    sampler = sample_accepted(criterion, np.random.Generator(np.random.PCG64(8)))
    drawn = [tuple(next(sampler)) for _ in range(2000)]
    law = {tuple(arm): float(p) for arm, p in enumerate_accepted(rerandomised, entrants)}
    assert set(drawn) == set(law)
    for arm, p in law.items():
        assert abs(drawn.count(arm) / 2000 - p) <= 4 * (p * (1 - p) / 2000) ** 0.5


def test_a_draw_that_never_comes_is_given_up_with_what_to_do():
    design, entrants = CASES["complete"]
    criterion = fix_acceptance(Rerandomised(design, ("x", "y"), HALF), entrants)
    with pytest.raises(DesignError, match="close enough") as refused:
        next(sample_accepted(replace(criterion, threshold=-1.0), RNG))
    assert refused.value.found.startswith("100 draws")
    assert "raise acceptance" in refused.value.do


@pytest.mark.parametrize("acceptance", [Fraction(0), Fraction(-1, 2), Fraction(3, 2)])
def test_a_share_that_is_none_is_refused(acceptance):
    design, entrants = CASES["complete"]
    with pytest.raises(DesignError) as refused:
        fix_acceptance(Rerandomised(design, ("x",), acceptance), entrants)
    assert refused.value.where == "the acceptance"


@pytest.mark.parametrize(
    ("covariates", "found"),
    [
        (np.empty((8, 0)), "0 covariates"),
        (np.full((8, 2), 3.0), "2 covariates"),
        (np.where(np.arange(16).reshape(8, 2) == 5, np.nan, 1.0), "1 person without a value"),
    ],
)
def test_covariates_that_cannot_be_compared_are_refused(covariates, found):
    design, entrants = CASES["complete"]
    with pytest.raises(DesignError) as refused:
        fix_acceptance(Rerandomised(design, ("x",), HALF), replace(entrants, covariates=covariates))
    assert refused.value.found.startswith(found)


def test_clusters_alike_in_their_sums_cannot_be_balanced():
    entrants = replace(people("." * 4, "kkll", p=1), covariates=np.array([[1.0], [2.0], [2.0], [1.0]]))
    with pytest.raises(DesignError, match="cannot be compared"):
        fix_acceptance(Rerandomised(Clustered("c", 1), ("x",), HALF), entrants)


def test_nothing_is_shown_of_a_person(case):
    design, entrants = case
    criterion = fix_acceptance(Rerandomised(design, ("x", "y"), HALF), entrants)
    shown = f"{criterion!r} {criterion.imbalance!r}"
    assert str(entrants.covariates[0, 0])[:5] not in shown
