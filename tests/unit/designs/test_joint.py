from fractions import Fraction

import numpy as np
import pytest

from ctieval.designs.joint import joint_matrix, joint_probabilities
from ctieval.designs.rounding import enumerate_numbers
from ctieval.domain.design import Blocked, Complete, Simple
from ctieval.domain.entrants import Entrants
from ctieval.errors import DesignError


def test_remainders_make_blocks_depend_on_each_other():
    entrants = Entrants.in_blocks(np.array(list("aaabbb"), dtype=object))
    joint = joint_probabilities(Blocked("town", (("", Fraction(1, 2)),)), entrants)
    # Of the two blocks of three one gives one and the other two: 1 x 2 / 9 always, and not 1/4.
    np.testing.assert_allclose(joint.between(0, 1), [[2 / 9, 5 / 18], [5 / 18, 2 / 9]], rtol=0, atol=1e-15)


def test_pairs_of_a_block_of_one_are_not_a_number():
    assert np.isnan(joint_probabilities(Simple(Fraction(1, 2)), Entrants.alike(1)).within(0)).sum() == 0
    entrants = Entrants.in_blocks(np.array(list("ab"), dtype=object))
    with pytest.raises(DesignError):
        joint_probabilities(Blocked("town", (("", 1),)), entrants)


def test_a_thousand_blocks_are_exact_by_pair():
    rng = np.random.default_rng(1)
    size = rng.integers(5, 60, 1000)
    labels = np.array([f"{number:04d}" for number in range(1000)], dtype=object)
    shares = (Fraction(3, 10), Fraction(1, 5))
    joint = joint_probabilities(Blocked("town", (("", shares),)), Entrants.in_blocks(np.repeat(labels, size)))
    target = [(n * Fraction(1, 2), n * Fraction(3, 10), n * Fraction(1, 5)) for n in size.tolist()]
    law = list(enumerate_numbers(target))
    for one, other in rng.integers(1000, size=(20, 2)).tolist():
        exact = sum(int(table[one, 1]) * int(table[other, 2]) * share for table, share in law)
        if one != other:
            assert joint.between(one, other)[1, 2] == pytest.approx(float(exact) / (size[one] * size[other]), abs=1e-12)


def test_a_matrix_that_would_fill_the_memory_is_refused():
    with pytest.raises(DesignError) as refused:
        joint_matrix(Complete(2), Entrants.alike(3000))
    assert "joint_probabilities" in refused.value.do


def test_margins_of_the_matrix_are_the_marginal_probabilities(small):
    matrix, n = joint_matrix(*small), len(small[1])
    np.testing.assert_array_equal(matrix, matrix.T)
    arms, marginal = len(matrix) // n, np.diag(matrix)
    np.testing.assert_allclose(matrix.reshape(arms * n, arms, n).sum(axis=1), np.tile(marginal[:, None], n), atol=1e-12)
