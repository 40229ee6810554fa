from fractions import Fraction

import numpy as np

from ctieval.designs.probability import probabilities
from ctieval.domain.design import Blocked, Capacity, Clustered
from ctieval.domain.entrants import Entrants


def test_a_count_over_a_block_gives_its_share():
    entrants = Entrants.in_blocks(np.array(["a"] * 518, dtype=object))
    found = probabilities(Blocked("town", (("a", 120),)), entrants)
    assert found[:, 1].tolist() == [120 / 518] * 518
    assert found[:, 0].tolist() == [398 / 518] * 518


def test_columns_are_in_the_order_of_the_arms_and_add_up_to_one(small):
    found = probabilities(*small)
    assert found.shape[0] == len(small[1])
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=0, atol=1e-15)


def test_all_persons_of_a_cluster_share_its_chance(make_entrants):
    found = probabilities(Clustered("office", Fraction(1, 3)), make_entrants(cluster="aaaabc"))
    assert found[:, 1].tolist() == [1 / 3] * 6


def test_places_for_everybody_are_certain(make_entrants):
    found = probabilities(Capacity("town", (("a", 1), ("b", 3))), make_entrants(block="aabbb"))
    assert found[:, 1].tolist() == [0.5, 0.5, 1, 1, 1]
