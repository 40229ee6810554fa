from fractions import Fraction

import numpy as np
import pytest

from ctieval.designs.enumerate import enumerate_assignments
from ctieval.designs.probability import probabilities
from ctieval.domain.design import Blocked, Complete

SMALL_DESIGNS = [
    (Complete(2), {"": 6}),
    (Complete(Fraction(1, 2)), {"": 7}),
    (Complete(Fraction(3, 5)), {"": 4}),
    (Blocked("town", (("a", 1), ("b", 3))), {"a": 4, "b": 5}),
    (Blocked("town", (("", Fraction(1, 2)),)), {"a": 3, "b": 3, "c": 5}),
    (Blocked("town", (("a", Fraction(1, 3)), ("b", Fraction(2, 5)), ("c", 1))), {"a": 5, "b": 4, "c": 2}),
    (Blocked("town", (("", Fraction(3, 7)),)), {"a": 3, "b": 4, "c": 3}),
]


@pytest.mark.parametrize(("design", "sizes"), SMALL_DESIGNS)
def test_delivered_probabilities_are_the_declared_ones(design, sizes):
    blocks = np.repeat(np.array(list(sizes), dtype=object), list(sizes.values()))
    delivered = sum(arm * float(share) for arm, share in enumerate_assignments(design, blocks))
    np.testing.assert_allclose(delivered, probabilities(design, blocks), rtol=0, atol=1e-12)


@pytest.mark.parametrize(("design", "sizes"), SMALL_DESIGNS)
def test_pairs_of_one_block_are_drawn_together_as_often_as_any_other_pair(design, sizes):
    blocks = np.repeat(np.array(list(sizes), dtype=object), list(sizes.values()))
    law = list(enumerate_assignments(design, blocks))
    joint = sum(np.outer(arm, arm) * float(share) for arm, share in law)
    for label in sizes:
        inside = joint[np.ix_(blocks == label, blocks == label)]
        pairs = inside[~np.eye(len(inside), dtype=bool)]
        np.testing.assert_allclose(pairs, pairs[0], rtol=0, atol=1e-12)


def test_a_count_over_a_block_gives_its_share():
    blocks = np.array(["a"] * 518, dtype=object)
    assert probabilities(Blocked("town", (("a", 120),)), blocks).tolist() == [120 / 518] * 518
