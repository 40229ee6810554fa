"""Several arms through the one dispatch: every contrast with its variance by the design, over the law of the draw."""

from itertools import product

import numpy as np
import pytest

from ctieval.designs.enumerate import enumerate_assignments
from ctieval.designs.probability import probabilities
from ctieval.domain.allocation import Allocation, Declared
from ctieval.domain.arms import ArmPair, Arms
from ctieval.domain.design import Blocked, BlockedClustered, Clustered, Complete, Matched
from ctieval.domain.entrants import Entrants
from ctieval.domain.units import Unit
from ctieval.errors import EstimationError
from ctieval.inference.by_design import by_design
from ctieval.inference.compared import check_two_arms, compare
from ctieval.inference.contrasts import pairwise_differences
from ctieval.inference.small_blocks import BlockWeight

ARMS = Arms("talks", "usual", ("money",))
PAIRS = (ArmPair(1), ArmPair(2), ArmPair(2, 1))


def entrants(block=None, cluster=None, n=0):
    n = n or len(block if block is not None else cluster)
    empty = np.full(n, "", dtype=object)
    return Entrants(empty if block is None else block, empty if cluster is None else cluster, np.empty((n, 0)))


def allocate(design, who, arm, probability=None):
    block_labels, block = np.unique(who.block, return_inverse=True)
    cluster_labels, cluster = np.unique(who.cluster, return_inverse=True)
    return Allocation(
        person_id=np.array([f"p{i:03d}" for i in range(len(who))], dtype=object),
        arm=np.asarray(arm),
        probability=probabilities(design, who) if probability is None else probability,
        block=block,
        block_labels=tuple(map(str, block_labels)),
        cluster=cluster,
        cluster_labels=tuple(map(str, cluster_labels)),
        randomised_on=np.full(len(who), np.datetime64("NaT"), dtype="datetime64[D]"),
        arms=ARMS,
        design=design,
        proof=Declared(),
    )


PLACES = np.array(["A"] * 6 + ["B"] * 7, dtype=object)
UNLIKE = Blocked("place", (("A", (2, 2)), ("B", (2, 3))))
SINGLES = Blocked("place", (("A", (1, 1)), ("B", (1, 1))))
OFFICES = np.repeat(list("abcdef"), 2).astype(object)


@pytest.mark.parametrize(("design", "who"), [
    (Complete((2, 3)), entrants(n=7)),
    (UNLIKE, entrants(PLACES)),
    (SINGLES, entrants(PLACES)),
    (Clustered("office", (2, 2)), entrants(cluster=OFFICES)),
], ids=["complete", "unlike blocks", "single persons", "clusters"])  # fmt: skip
def test_over_the_whole_law_every_contrast_is_unbiased_and_never_too_sure(design, who):
    n = len(who)
    outcomes = np.random.default_rng(1).normal(size=(n, 3)) * [1, 2, 1] + [0, 1, 3]
    law = list(enumerate_assignments(design, who, limit=100_000))
    whole = len(law) <= 2_000
    law = law if whole else [law[each] for each in np.random.default_rng(2).choice(len(law), 1_500, replace=False)]
    found = {pair: [] for pair in PAIRS}
    for arm, _ in law:
        allocation = allocate(design, who, arm)
        for pair in PAIRS:
            each = by_design(outcomes[np.arange(n), arm][:, None], allocation, pair=pair)
            found[pair].append((each.estimate[0], each.std_error[0] ** 2))
    chance = np.array([float(each) for _, each in law])
    chance = chance / chance.sum()
    for pair in PAIRS:
        estimates, variances = np.array(found[pair]).T
        effect = (outcomes[:, pair.arm] - outcomes[:, pair.reference]).mean()
        mean = chance @ estimates
        # a sample of a law too long to walk is held to four of its own standard errors
        assert mean == pytest.approx(effect, abs=1e-12 if whole else 4 * np.std(estimates) / np.sqrt(len(law)))
        assert chance @ variances >= chance @ (estimates - mean) ** 2 * (1 if whole else 0.9)


def test_contrasts_are_those_of_the_arrays_and_add_up():
    rng = np.random.default_rng(2)
    block = rng.integers(0, 3, 90)
    arm = rng.integers(0, 3, 90)
    values = np.where(rng.random(90) < 0.1, np.nan, rng.normal(size=90) + arm)
    labels = np.array(["A", "B", "C"], dtype=object)
    design = Blocked("place", ())
    allocation = allocate(design, entrants(labels[block]), arm, np.full((90, 3), 1 / 3))
    expected = pairwise_differences(values, arm, block, ("A", "B", "C"), n_arms=3)
    found = {pair: by_design(values[:, None], allocation, pair=pair) for pair in PAIRS}
    for each in expected:
        own = found[ArmPair(each.arm, each.reference)]
        total = each.found.total
        assert (own.estimate[0], own.std_error[0] ** 2, own.df[0]) == pytest.approx(
            (total.estimate, total.variance, total.df), rel=1e-12
        )
        assert own.contrast == f"{ARMS.labels[each.arm]} - {ARMS.labels[each.reference]}"
    direct = found[ArmPair(2, 1)].estimate[0]
    assert direct == pytest.approx(found[ArmPair(2)].estimate[0] - found[ArmPair(1)].estimate[0], abs=1e-12)
    counts = [(~np.isnan(values) & (arm == each)).sum() for each in range(3)]
    assert (found[ArmPair(2, 1)].n_treated[0], found[ArmPair(2, 1)].n_control[0]) == (counts[2], counts[1])


def test_two_of_three_arms_without_blocks_are_those_two_arms_alone():
    values, arm = np.array([1.0, 3, 4, 8, 9, 9.5]), np.array([0, 0, 1, 1, 2, 2])
    allocation = allocate(Complete((2, 2)), entrants(n=6), arm)
    for pair in PAIRS:
        one, other = values[arm == pair.arm], values[arm == pair.reference]
        found = by_design(values[:, None], allocation, pair=pair)
        assert found.estimate[0] == pytest.approx(one.mean() - other.mean(), rel=1e-12)
        assert found.std_error[0] ** 2 == pytest.approx(one.var(ddof=1) / 2 + other.var(ddof=1) / 2, rel=1e-12)
        two = allocation.between(pair)
        alone = by_design(values[np.isin(arm, [pair.arm, pair.reference])][:, None], two)
        assert (alone.estimate, alone.std_error, alone.contrast) == (found.estimate, found.std_error, found.contrast)
        assert two.probability == pytest.approx(0.5)
    assert found.design == "complete; 2 drawn into talks, 2 into money, 2 into the control"


def test_blocks_may_count_once_each_and_the_estimand_says_so():
    arm = np.array([0, 0, 1, 1, 2, 2] + [0, 1, 2] * 4)
    who = entrants(np.array(["A"] * 6 + ["B"] * 12, dtype=object))
    allocation = allocate(Blocked("place", (("A", (2, 2)), ("B", (4, 4)))), who, arm)
    values = np.where(who.block == "A", 9.0, 0.0) * (arm == 1) + np.random.default_rng(4).normal(size=18) * 1e-6
    persons, blocks = (by_design(values[:, None], allocation, weight=weight) for weight in BlockWeight)
    assert (persons.estimand, blocks.estimand) == ("ate_persons", "ate_blocks")
    assert (persons.estimate[0], blocks.estimate[0]) == pytest.approx((3.0, 4.5), abs=1e-5)  # noise of 1e-6 a person
    assert blocks.to_effect(0, outcome="y", unit=Unit.WEEKS, window="").estimand == "ate_blocks"


def test_clusters_of_three_arms_in_blocks_have_the_variance_of_clusters():
    rng = np.random.default_rng(3)
    cluster = np.repeat(np.arange(12), 5)
    arm = np.repeat([0, 0, 1, 1, 2, 2] * 2, 5)
    block = np.repeat(["A", "B"], 30).astype(object)
    values = rng.normal(size=12)[cluster] + rng.normal(size=60)
    who = entrants(block, np.array([f"o{each:02d}" for each in cluster], dtype=object))
    allocation = allocate(BlockedClustered("place", "office", (("", (2, 2)),)), who, arm)
    for pair in PAIRS:
        found = by_design(values[:, None], allocation, pair=pair)
        means = np.array([values[cluster == each].mean() for each in range(12)])
        of, half = np.array([0, 0, 1, 1, 2, 2] * 2), np.repeat([0, 1], 6)
        cells = [means[(of == each) & (half == b)] for each, b in product((pair.arm, pair.reference), (0, 1))]
        effect = (cells[0].mean() + cells[1].mean() - cells[2].mean() - cells[3].mean()) / 2
        assert found.estimate[0] == pytest.approx(effect, rel=1e-10)
        assert found.std_error[0] ** 2 == pytest.approx(sum(each.var(ddof=1) / 2 / 4 for each in cells), rel=1e-10)
        assert found.particulars[0].clusters == 8


def test_a_matched_block_needs_a_value_in_the_two_arms_that_are_compared():
    arm = np.array([0, 1, 2] * 4)
    values = np.array([1.0, 2, 4, 3, np.nan, 9, 2, 2, 7, 5, 6, 6])
    who = entrants(np.repeat(list("abcd"), 3).astype(object))
    allocation = allocate(Matched(("age",), 3, (1, 1)), who, arm, np.full((12, 3), 1 / 3))
    found = {pair: by_design(values[:, None], allocation, pair=pair) for pair in PAIRS}
    assert {pair.arm * 10 + pair.reference: each.particulars[0].left_out for pair, each in found.items()} == {
        10: 1,
        20: 0,
        21: 1,
    }
    assert found[ArmPair(2)].estimate[0] == pytest.approx((3 * 3 + 2 * 6 + 3 * 5 + 3 * 1) / 11)
    assert found[ArmPair(1)].n[0] == 6


def test_matched_blocks_that_are_all_broken_are_one_error():
    arm, who = np.array([0, 1, 2] * 2), entrants(np.array(list("aaabbb"), dtype=object))
    allocation = allocate(Matched(("age",), 3, (1, 1)), who, arm, np.full((6, 3), 1 / 3))
    with pytest.raises(EstimationError) as caught:
        by_design(np.array([[1.0], [np.nan], [1.0], [np.nan], [2.0], [5.0]]), allocation)
    assert caught.value.found == "no matched block with a value in both arms"


def test_pairs_of_arms_have_names_that_lead_back():
    assert ARMS.contrast == "talks - usual"
    assert ARMS.all_pairs == PAIRS
    assert [ARMS.find_pair(ARMS.name_pair(pair)) for pair in PAIRS] == list(PAIRS)


def test_an_analysis_of_two_arms_refuses_three():
    allocation = allocate(Complete((2, 2)), entrants(n=6), np.array([0, 0, 1, 1, 2, 2]))
    with pytest.raises(EstimationError) as caught:
        check_two_arms(allocation)
    assert caught.value.found == "3 arms"
    assert repr(compare(allocation)) == "Compared(6 persons in 1 blocks)"
