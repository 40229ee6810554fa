"""Masked arms: as many of each in every block, clusters whole, repeatable, and silent about the true ones."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ctieval.assignment.mask import mask
from ctieval.domain.allocation import Masked, Proven


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 1)), min_size=8, max_size=40), st.integers(0, 9))
def test_every_block_keeps_its_numbers(make_allocation, persons, digest):
    block, arm = (list(each) for each in zip(*[("a", 0), ("a", 1), ("b", 0), ("b", 1), *persons], strict=True))
    true = replace(make_allocation(arm, block), proof=Proven(str(digest)))
    masked = mask(true)
    for number in range(2):
        here = true.block == number
        assert sorted(masked.arm[here]) == sorted(true.arm[here])
    assert masked.proof == Masked()
    assert np.array_equal(masked.person_id, true.person_id)


def test_clusters_stay_together(make_allocation):
    cluster = np.repeat(np.arange(10), 5)
    arm = np.repeat([0, 0, 0, 0, 0, 1, 1, 1, 1, 1], 5)
    true = replace(make_allocation(arm), cluster=cluster, cluster_labels=tuple("abcdefghij"))
    masked = mask(true)
    assert all(len(set(masked.arm[cluster == each])) == 1 for each in range(10))
    assert masked.arm.sum() == 25


def test_the_same_record_is_masked_alike_and_another_otherwise(make_allocation):
    true = replace(make_allocation([0, 1] * 50), proof=Proven("one"))
    assert np.array_equal(mask(true).arm, mask(true).arm)
    assert not np.array_equal(mask(true).arm, mask(replace(true, proof=Proven("two"))).arm)


def test_masked_arms_say_nothing_of_the_true_ones(make_allocation):
    """Agreement with the true arms is that of two independent draws: 500 of 1,000 expected, 16 the standard error."""
    true = make_allocation([0, 1] * 500)
    agree = [int((mask(replace(true, proof=Proven(str(number)))).arm == true.arm).sum()) for number in range(50)]
    assert abs(np.mean(agree) - 500) < 4 * 16 / np.sqrt(50)
