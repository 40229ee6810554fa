from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from ctieval.domain.design import (
    BlockedClustered,
    Capacity,
    Clustered,
    Matched,
    Simple,
    WaitingList,
)
from ctieval.domain.units import Unit
from ctieval.errors import EstimationError
from ctieval.inference.arm_level import average_by_arm, describe_arm
from ctieval.inference.by_design import by_design
from ctieval.inference.clustered_difference import blocked_clustered_difference, clustered_difference
from ctieval.inference.matched_pairs import paired_difference
from ctieval.inference.small_blocks import hybrid_difference


def test_toy_trial_of_the_economics_specification(make_allocation):
    outcome = np.array([12000, 4000, 2000, -2000, 9000, 3000, 0, 1000, 2000, 3000.0])
    arm = np.array([1, 1, 0, 0, 1, 1, 1, 0, 0, 0])
    block = np.array(["A"] * 4 + ["B"] * 6)
    found = by_design(outcome[:, None], make_allocation(arm, block))
    assert found.estimate[0] == pytest.approx(4400)
    assert found.std_error[0] ** 2 == pytest.approx(5_840_000)
    assert found.method == "blocked_difference_neyman_satterthwaite"


def test_a_block_with_one_treated_person_is_an_error_that_names_it(make_allocation):
    allocation = make_allocation([0, 0, 1, 1, 0, 0, 0, 1], ["A"] * 4 + ["B"] * 4)
    with pytest.raises(EstimationError) as caught:
        by_design(np.arange(8.0)[:, None], allocation)
    assert "block B" in caught.value.where
    assert caught.value.exit_code == 40


def test_a_plain_trial_with_one_person_in_an_arm_is_an_error(make_allocation):
    with pytest.raises(EstimationError) as caught:
        by_design(np.arange(4.0)[:, None], make_allocation([0, 0, 0, 1]))
    assert "block" not in caught.value.where


def test_missing_values_can_leave_a_block_too_small(make_allocation):
    allocation = make_allocation([0, 0, 1, 1, 0, 0, 1, 1], ["A"] * 4 + ["B"] * 4)
    outcome = np.array([1, 2, 3, np.nan, 1, 2, 3, 4])
    with pytest.raises(EstimationError, match="block A"):
        by_design(outcome[:, None], allocation)


def test_an_infinite_value_is_an_error(make_allocation):
    with pytest.raises(EstimationError, match="infinite"):
        by_design(np.array([[1.0], [2.0], [np.inf], [4.0]]), make_allocation([0, 0, 1, 1]))


def test_an_outcome_without_variation_has_no_interval(make_allocation):
    found = by_design(np.ones((4, 1)), make_allocation([0, 0, 1, 1]))
    assert found.estimate[0] == 0
    assert found.std_error[0] == 0
    assert np.isnan([found.df[0], found.p_value[0], found.conf_low[0], found.conf_high[0]]).all()


def test_several_outcomes_are_estimated_as_each_alone(make_allocation):
    rng = np.random.default_rng(20180201)
    values = rng.normal(size=(40, 3))
    values[rng.random(size=values.shape) < 0.1] = np.nan
    allocation = make_allocation(np.tile([0, 1], 20), np.repeat(["A", "B"], 20))
    together = by_design(values, allocation)
    for number in range(3):
        alone = by_design(values[:, [number]], allocation)
        assert together.estimate[number] == alone.estimate[0]
        assert together.conf_high[number] == alone.conf_high[0]
        assert together.n[number] == alone.n[0]


def test_the_level_of_the_interval_is_obeyed(make_allocation):
    rng = np.random.default_rng(1)
    allocation = make_allocation(np.tile([0, 1], 20))
    values = rng.normal(size=(40, 1))
    wide, narrow = by_design(values, allocation, conf_level=0.99), by_design(values, allocation, conf_level=0.8)
    assert wide.conf_low[0] < narrow.conf_low[0] < narrow.conf_high[0] < wide.conf_high[0]


def test_a_large_common_level_costs_no_digits(make_allocation):
    small = np.array([1.0, 2.0, 4.0, 8.0])
    allocation = make_allocation([0, 0, 1, 1])
    near = by_design(small[:, None], allocation)
    far = by_design(small[:, None] + 2.0**40, allocation)
    assert far.std_error[0] == pytest.approx(near.std_error[0], rel=1e-12)


def test_a_simple_draw_is_compared_as_a_complete_one_of_the_numbers_it_gave(make_allocation):
    outcome = np.array([[3.0], [4.0], [1.0], [2.0], [7.0], [0.0]])
    complete = make_allocation([1, 1, 0, 0, 1, 0])
    found, simple = (by_design(outcome, each) for each in (complete, replace(complete, design=Simple(Fraction(1, 3)))))
    assert (simple.estimate, simple.std_error, simple.df) == (found.estimate, found.std_error, found.df)
    assert simple.design.startswith("simple; 3 drawn")


def test_blocks_with_places_for_everybody_are_no_part_of_the_comparison(make_allocation):
    arm = np.array([1, 1, 0, 0, 1, 1, 1, 1, 1, 0, 0])
    block = np.array(["A"] * 4 + ["B"] * 3 + ["C"] * 4)
    outcome = np.arange(11.0)[:, None] ** 2
    places = make_allocation(arm, block)
    chance = np.array([0.5, 1.0, 0.5])[places.block]
    places = replace(places, design=Capacity("town", (("", 2),)), probability=np.column_stack([1 - chance, chance]))
    left = block != "B"
    found, without = by_design(outcome, places), by_design(outcome[left], make_allocation(arm[left], block[left]))
    assert (found.estimate, found.std_error, found.df) == (without.estimate, without.std_error, without.df)
    assert (found.n_treated[0], found.n_control[0]) == (4, 4)
    assert found.design == "places drawn by town, 3 blocks; 7 drawn into the intervention, 4 into the control"
    levels = [describe_arm(outcome[:, 0], places, each, Unit.WEEKS) for each in (0, 1)]
    assert levels[1].mean - levels[0].mean == pytest.approx(found.estimate[0], abs=1e-9)
    assert [level.n for level in levels] == [4, 4]
    averages = average_by_arm(outcome, places)
    assert averages.mean[:, 0].tolist() == pytest.approx([level.mean for level in levels], abs=1e-9)


def test_one_pool_of_places_is_compared_without_blocks(make_allocation):
    allocation = make_allocation([1, 1, 0, 0, 0])
    found = by_design(np.arange(5.0)[:, None], replace(allocation, design=Capacity("", (("", 2),))))
    assert found.method == "difference_neyman_satterthwaite"
    assert found.design.startswith("places drawn; 2 drawn")


def test_a_waiting_list_is_compared_as_its_draw(make_allocation):
    arm, block = [0, 0, 1, 1, 0, 0, 1, 1], ["A"] * 4 + ["B"] * 4
    allocation = make_allocation(arm, block)
    waiting = replace(allocation, design=WaitingList(allocation.design, 26))
    outcome = np.arange(8.0)[:, None]
    assert by_design(outcome, waiting).estimate == by_design(outcome, allocation).estimate
    assert by_design(outcome, waiting).method == "blocked_difference_neyman_satterthwaite"
    assert by_design(outcome, waiting).design.startswith("waiting list of 26 weeks, blocked by block, 2 blocks;")


def clusters_of(allocation, cluster, design):
    labels, number = np.unique(np.asarray(cluster), return_inverse=True)
    return replace(allocation, cluster=number, cluster_labels=tuple(map(str, labels)), design=design)


def test_clusters_are_compared_by_the_variance_of_clusters(make_allocation):
    rng = np.random.default_rng(11)
    cluster = np.repeat(np.arange(10), 6)
    arm = np.repeat([0, 1] * 5, 6)
    outcome = (rng.normal(size=10)[cluster] + rng.normal(size=60))[:, None]
    plain = make_allocation(arm)
    found = by_design(outcome, clusters_of(plain, cluster, Clustered("office", 5)))
    expected = clustered_difference(outcome[:, 0], arm, cluster).total
    assert (found.estimate[0], found.std_error[0], found.df[0]) == pytest.approx(
        (expected.estimate, expected.std_error, expected.df), rel=1e-12
    )
    assert found.std_error[0] > by_design(outcome, plain).std_error[0]
    assert found.method == "clustered_difference_cr2_satterthwaite"
    assert found.design == "clusters of office drawn; 30 drawn into the intervention, 30 into the control"


def test_clusters_in_blocks_are_compared_within_them(make_allocation):
    rng = np.random.default_rng(12)
    cluster, block = np.repeat(np.arange(12), 4), np.repeat(["A", "B", "C"], 16)
    arm = np.repeat([0, 0, 1, 1] * 3, 4)
    outcome = (rng.normal(size=12)[cluster] + rng.normal(size=48))[:, None]
    design = BlockedClustered("town", "office", (("", 2),))
    found = by_design(outcome, clusters_of(make_allocation(arm, block), cluster, design))
    number = np.unique(block, return_inverse=True)[1]
    expected = blocked_clustered_difference(outcome[:, 0], arm, number, cluster, ("A", "B", "C")).total
    assert (found.estimate[0], found.std_error[0], found.df[0]) == pytest.approx(
        (expected.estimate, expected.std_error, expected.df), rel=1e-12
    )
    assert found.method == "blocked_clustered_difference_cr2_satterthwaite"


def test_pairs_are_compared_pair_by_pair_and_a_broken_pair_says_nothing(make_allocation):
    outcome = np.array([1.0, 2, 4, 6, 5, 8, 3, np.nan, 2, 7])[:, None]
    pairs = make_allocation(np.tile([0, 1], 5), np.repeat(list("ABCDE"), 2))
    found = by_design(outcome, replace(pairs, design=Matched(("age",), 2, 1)))
    whole = [0, 1, 2, 3, 4, 5, 8, 9]
    expected = paired_difference(outcome[whole, 0], np.tile([0, 1], 4), np.repeat(np.arange(4), 2), tuple("ABCE")).total
    assert (found.estimate[0], found.std_error[0], found.df[0]) == pytest.approx(
        (expected.estimate, expected.std_error, expected.df), rel=1e-12
    )
    assert (found.n_treated[0], found.n_control[0]) == (4, 4)
    assert found.method == "hybrid_difference_pashley_miratrix_satterthwaite"
    waiting = replace(pairs, design=WaitingList(Matched(("age",), 2, 1), 26))
    assert by_design(outcome, waiting).estimate == found.estimate


def test_blocks_with_one_treated_person_are_pooled(make_allocation):
    rng = np.random.default_rng(13)
    block = np.repeat(list("ABCD"), (3, 3, 4, 6))
    arm = np.array([1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0])
    outcome = rng.normal(size=(16, 1))
    found = by_design(outcome, make_allocation(arm, block))
    expected = hybrid_difference(outcome[:, 0], arm, np.unique(block, return_inverse=True)[1], tuple("ABCD")).total
    assert (found.estimate[0], found.std_error[0]) == pytest.approx((expected.estimate, expected.std_error), rel=1e-12)
    assert found.method == "hybrid_difference_pashley_miratrix_satterthwaite"


@pytest.mark.parametrize(("arm", "block", "named"), [
    ([1, 0, 0, 1, 1, 0, 0], "AAABBBB", "block A"),
    ([1, 0, 0, 0], "AAAA", "outcome column 1"),
])  # fmt: skip
def test_what_cannot_be_compared_is_named(make_allocation, arm, block, named):
    with pytest.raises(EstimationError, match="cannot be estimated") as caught:
        by_design(np.arange(float(len(arm)))[:, None], make_allocation(arm, list(block)))
    assert named in caught.value.where


def test_an_arm_in_which_nobody_is_gives_nothing_to_compare(make_allocation):
    nobody = replace(make_allocation([0, 0, 1, 1]), arm=np.zeros(4, dtype=np.int64))
    with pytest.raises(EstimationError, match="nothing to compare"):
        by_design(np.arange(4.0)[:, None], nobody)
