"""Effects weighted by the probabilities of the design, over the whole law of small designs."""

from fractions import Fraction

import numpy as np
import pytest

from ctieval.designs.enumerate import enumerate_assignments
from ctieval.designs.intake.simulate import simulate_arms
from ctieval.designs.probability import probabilities
from ctieval.designs.rerandomise import enumerate_accepted
from ctieval.domain.allocation import Allocation, Arrivals, Declared
from ctieval.domain.arms import ArmPair, Arms
from ctieval.domain.design import (
    BiasedCoin,
    Blocked,
    Capacity,
    Clustered,
    Complete,
    Matched,
    Minimised,
    PermutedBlocks,
    Rerandomised,
    Simple,
    WaitingList,
)
from ctieval.domain.entrants import Entrants
from ctieval.domain.outcome import BetterWhen, ColumnOutcome, Role
from ctieval.domain.units import Unit
from ctieval.domain.wording import Label
from ctieval.effects.weighted import Weighting, estimate_weighted
from ctieval.errors import EstimationError
from ctieval.inference.by_design import by_design
from ctieval.inference.drawn_units import draw_units

OUTCOME = ColumnOutcome(
    name="kroner",
    label=Label("Kroner", "Kroner"),
    role=Role.PRIMARY,
    better_when=BetterWhen.HIGHER,
    column="kroner",
    unit=Unit.UNSTATED,
)
PLACES = np.array(["A"] * 4 + ["B"] * 3, dtype=object)
HALF = Fraction(1, 2)


def allocate(design, arm, *, block=None, cluster=None, probability=None, arrivals=None, arms=2):
    n = len(arm)
    empty = np.full(n, "", dtype=object)
    labels, number = np.unique(empty if block is None else block, return_inverse=True)
    cluster_labels, cluster_number = np.unique(empty if cluster is None else cluster, return_inverse=True)
    entrants = Entrants(labels[number], cluster_labels[cluster_number], np.empty((n, 0)))
    return Allocation(
        person_id=np.array([f"p{i:03d}" for i in range(n)], dtype=object),
        arm=np.asarray(arm),
        probability=probabilities(design, entrants) if probability is None else probability,
        block=number,
        block_labels=tuple(map(str, labels)),
        cluster=cluster_number,
        cluster_labels=tuple(map(str, cluster_labels)),
        randomised_on=np.full(n, np.datetime64("NaT"), dtype="datetime64[D]"),
        arms=Arms("new", "usual", ("other",) * (arms - 2)),
        design=design,
        proof=Declared(),
        arrivals=arrivals,
    )


DRAWS = {
    "complete": (Complete(3), {}),
    "simple": (Simple(Fraction(1, 3)), {}),
    "blocks with unlike chances": (Blocked("place", (("A", 1), ("B", 2))), {"block": PLACES}),
    "shares that leave remainders": (Blocked("place", (("", Fraction(2, 5)),)), {"block": PLACES}),
    "clusters": (Clustered("site", 2), {"cluster": np.array(list("aaabbcd"), dtype=object)}),
    "a waiting list": (WaitingList(Complete(3), 26), {}),
}


@pytest.mark.parametrize("name", DRAWS)
def test_over_the_whole_law_horvitz_thompson_is_unbiased_and_never_too_sure(name):
    design, labels = DRAWS[name]
    control = np.random.default_rng(4).normal(2, 3, size=7)
    treated = control + np.random.default_rng(5).normal(1, 2, size=7)
    first = allocate(design, np.array([0, 1, 0, 1, 0, 1, 0]), **labels)
    estimates, variances, chances = [], [], []
    for arm, chance in enumerate_assignments(design, first.entrants):
        values = np.where(arm == 1, treated, control)
        found = estimate_weighted(
            values, allocate(design, arm, **labels), OUTCOME, weighting=Weighting.HORVITZ_THOMPSON
        ).effect
        estimates.append(found.estimate)
        variances.append(found.std_error**2)
        chances.append(float(chance))
    mean = np.dot(chances, estimates)
    assert mean == pytest.approx((treated - control).mean(), abs=1e-12)
    assert np.dot(chances, variances) >= np.dot(chances, (estimates - mean) ** 2) * (1 - 1e-12)


def test_three_arms_have_weighted_contrasts_that_are_unbiased_over_the_whole_law():
    design = Complete((2, 1))
    outcomes = np.random.default_rng(6).normal(size=(6, 3)) + np.arange(3.0)
    law = list(enumerate_assignments(design, Entrants.alike(6)))
    for pair in (ArmPair(1), ArmPair(2), ArmPair(2, 1)):
        found = [
            float(chance)
            * estimate_weighted(
                outcomes[np.arange(6), arm],
                allocate(design, arm, arms=3),
                OUTCOME,
                weighting=Weighting.HORVITZ_THOMPSON,
                pair=pair,
            ).effect.estimate
            for arm, chance in law
        ]
        assert sum(found) == pytest.approx((outcomes[:, pair.arm] - outcomes[:, pair.reference]).mean(), abs=1e-12)


def test_hajek_of_a_complete_draw_is_the_difference_in_means_with_a_value():
    values = np.array([1.0, 2, np.nan, 6, 3, 9, 4, 4])
    allocation = allocate(Complete(4), np.array([0, 1, 0, 1, 0, 1, 0, 1]))
    found, plain = estimate_weighted(values, allocation, OUTCOME), by_design(values[:, None], allocation)
    assert found.effect.estimate == pytest.approx(plain.estimate[0], rel=1e-12)
    assert (found.effect.n_control, found.effect.n_treated, found.effect.df) == (3, 4, np.inf)
    assert (found.monte_carlo_error, found.warnings) == (0.0, ())
    assert (found.effect.contrast, found.effect.method) == ("new - usual", "hajek_aronow_middleton")


def test_matched_blocks_and_places_are_weighted_by_the_numbers_that_they_fixed():
    arm = np.array([0, 1, 0, 1, 1, 0])
    pairs = allocate(Matched(("age",), 2, 1), arm, block=np.repeat(list("123"), 2), probability=np.full((6, 2), 0.5))
    values = np.array([1.0, 4, 2, 2, 7, 3])
    assert estimate_weighted(values, pairs, OUTCOME).effect.estimate == pytest.approx(7 / 3)
    chance = np.array([0.5, 0.5, 0.5, 0.5, 1.0, 1.0])
    full = allocate(
        Capacity("town", (("a", 2), ("b", 2))),
        np.array([0, 1, 0, 1, 1, 1]),
        block=np.array(list("aaaabb")),
        probability=np.column_stack([1 - chance, chance]),
    )
    found = estimate_weighted(values, full, OUTCOME, weighting=Weighting.HORVITZ_THOMPSON).effect
    assert found.estimate == pytest.approx((4 + 2) / 2 - (1 + 2) / 2)
    assert found.n == 4


LEVELS = tuple((each,) for each in "mfmfmmff")
INTAKES = {
    "permuted blocks": PermutedBlocks("sex", (1,)),
    "a biased coin": BiasedCoin("sex", Fraction(2, 3)),
    "minimisation": Minimised(("sex",), (Fraction(1),), Fraction(4, 5)),
}


def intake(design, arm):
    order = np.random.default_rng(2).permutation(len(arm))
    arrivals = Arrivals(order, LEVELS)
    placed = np.empty(len(arm), dtype=np.int64)
    placed[order] = arm
    return allocate(design, placed, probability=np.full((len(arm), 2), 0.5), arrivals=arrivals), order


@pytest.mark.parametrize("name", INTAKES)
def test_intakes_are_weighted_by_probabilities_that_carry_their_monte_carlo_error(name):
    design = INTAKES[name]
    control = np.random.default_rng(8).normal(2, 1, size=8)
    estimates, variances = [], []
    (arms,) = simulate_arms(design, LEVELS, replicates=60, seed=3)
    for came in arms[np.all([arms.sum(axis=1) > 1, arms.sum(axis=1) < 7], axis=0)]:
        allocation, _ = intake(design, came)
        found = estimate_weighted(control + allocation.arm, allocation, OUTCOME)
        estimates.append(found.effect.estimate)
        variances.append(found.effect.std_error**2 - found.monte_carlo_error**2)
    exact = name == "permuted blocks"
    assert (found.monte_carlo_error == 0) is exact
    assert [notice.code for notice in found.warnings] == ([] if exact else ["W-PROBABILITY-SIMULATED"])
    assert found.monte_carlo_error < 0.1 * found.effect.std_error
    error = np.std(estimates, ddof=1) / np.sqrt(len(estimates))
    assert abs(np.mean(estimates) - 1) < 4 * error
    assert np.mean(variances) > 0.5 * np.var(estimates)


def test_the_accepted_draws_are_weighted_by_their_own_joint_probabilities():
    ages = np.array([1.0, 2, 3, 4, 5, 9])[:, None]
    design = Rerandomised(Complete(3), ("age",), Fraction(2, 5))
    entrants = Entrants(*(np.full(6, "", dtype=object),) * 2, covariates=ages)
    control = np.random.default_rng(9).normal(size=6) + ages[:, 0]
    law = list(enumerate_accepted(design, entrants))
    found = [
        estimate_weighted(
            control + 2 * arm,
            allocate(design, arm, probability=np.full((6, 2), 0.5)),
            OUTCOME,
            weighting=Weighting.HORVITZ_THOMPSON,
            covariates=ages,
        )
        for arm, _ in law
    ]
    chances = np.array([float(chance) for _, chance in law])
    estimates = np.array([each.effect.estimate for each in found])
    assert chances @ estimates == pytest.approx(2.0, abs=1e-12)
    assert chances @ [each.effect.std_error**2 for each in found] >= chances @ (estimates - 2) ** 2
    assert found[0].monte_carlo_error == 0


def test_accepted_draws_that_are_too_many_to_list_are_simulated():
    ages = np.arange(24.0)[:, None]
    design = Rerandomised(Complete(12), ("age",), HALF)
    allocation = allocate(design, np.tile([0, 1, 1, 0], 6), probability=np.full((24, 2), 0.5))
    units = draw_units(allocation, ages)
    assert units.joint.replicates == 10_000
    assert units.chance == pytest.approx(0.5, abs=0.02)  # four Monte Carlo errors of a share of 10,000
    assert units.joint.mean.sum(axis=(1, 3)) == pytest.approx(1)
    assert repr(units) == "DrawnInPairs(24 units of 24 persons)"


@pytest.mark.parametrize(("allocation", "said"), [
    (allocate(PermutedBlocks("sex", (1,)), np.array([0, 1]), probability=np.full((2, 2), 0.5)), "order"),
    (allocate(Rerandomised(Complete(1), ("age",), HALF), np.array([0, 1]), probability=np.full((2, 2), 0.5)), "age"),
    (allocate(Complete(2), np.array([0, 1, 1]), probability=np.full((3, 2), 0.5)), "everybody who was drawn"),
])  # fmt: skip
def test_what_has_no_probabilities_is_one_error(allocation, said):
    with pytest.raises(EstimationError) as caught:
        estimate_weighted(np.arange(float(len(allocation.arm))), allocation, OUTCOME)
    assert said in caught.value.expected


def test_too_many_pairs_are_one_error():
    arm = np.tile([0, 1], 800)
    allocation = allocate(
        PermutedBlocks("", (1,)),
        arm,
        probability=np.full((1600, 2), 0.5),
        arrivals=Arrivals(np.arange(1600), ((),) * 1600),
    )
    with pytest.raises(EstimationError, match="too many"):
        estimate_weighted(arm.astype(float), allocation, OUTCOME)


def test_horvitz_thompson_needs_everybody():
    with pytest.raises(EstimationError, match="everybody"):
        estimate_weighted(
            np.array([1.0, np.nan, 2, 3]),
            allocate(Complete(2), np.array([0, 0, 1, 1])),
            OUTCOME,
            weighting=Weighting.HORVITZ_THOMPSON,
        )
