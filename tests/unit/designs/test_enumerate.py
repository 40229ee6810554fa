from fractions import Fraction

import numpy as np
import pytest

from ctieval.designs.count import count_assignments
from ctieval.designs.enumerate import enumerate_assignments
from ctieval.designs.joint import joint_matrix
from ctieval.designs.probability import probabilities
from ctieval.designs.quotas import build_quotas
from ctieval.domain.design import Blocked, Complete
from ctieval.domain.entrants import Entrants
from ctieval.errors import DesignError


def indicators(arm, arms):
    """1 where a person is in an arm, persons of one arm after those of another, shape (arms * n,)."""
    return (arm[None, :] == np.arange(arms)[:, None]).ravel()


def test_the_enumeration_is_a_law(small):
    law = list(enumerate_assignments(*small))
    assert len({arm.tobytes() for arm, _ in law}) == len(law) == count_assignments(*small)
    assert sum(share for _, share in law) == 1
    assert all(share > 0 for _, share in law)


def test_delivered_probabilities_are_exactly_the_declared_ones(small):
    quotas = build_quotas(*small)
    declared = [quotas.probability[block][arm] for arm in range(quotas.arms) for block in quotas.block]
    delivered = sum(share * indicators(arm, quotas.arms).astype(object) for arm, share in enumerate_assignments(*small))
    assert delivered.tolist() == declared
    np.testing.assert_allclose(probabilities(*small).T.ravel(), delivered.astype(float), rtol=0, atol=1e-15)


def test_delivered_joint_probabilities_are_the_declared_ones(small):
    quotas = build_quotas(*small)
    size = quotas.arms * len(quotas.block)
    delivered = np.zeros((size, size))
    for arm, share in enumerate_assignments(*small):
        found = indicators(arm, quotas.arms).astype(float)
        delivered += float(share) * np.outer(found, found)
    np.testing.assert_allclose(joint_matrix(*small), delivered, rtol=0, atol=1e-12)


def test_every_assignment_keeps_the_numbers_of_each_block_and_arm(small):
    quotas = build_quotas(*small)
    total = [sum(column) for column in zip(*quotas.target, strict=True)]
    first = np.unique(quotas.unit, return_index=True)[1]
    for arm, _ in enumerate_assignments(*small):
        assert all(len(set(arm[quotas.unit == unit])) == 1 for unit in range(len(first)))
        found = np.zeros((len(quotas.size), quotas.arms), dtype=int)
        np.add.at(found, (quotas.unit_block, arm[first]), 1)
        assert tuple(found.sum(axis=1)) == quotas.size
        if quotas.alone:
            continue
        assert all(
            abs(n - t) < 1
            for row, targets in zip(found, quotas.target, strict=True)
            for n, t in zip(row, targets, strict=True)
        )
        assert all(abs(n - t) < 1 for n, t in zip(found.sum(axis=0), total, strict=True))


def test_whole_quotas_give_equally_likely_assignments():
    blocks = np.array(["a", "b", "a", "b", "b"], dtype=object)
    law = list(enumerate_assignments(Blocked("town", (("a", 1), ("b", 1))), Entrants.in_blocks(blocks)))
    assert [share for _, share in law] == [Fraction(1, 6)] * 6
    assert all(arm[blocks == "a"].sum() == 1 and arm[blocks == "b"].sum() == 1 for arm, _ in law)


def test_a_law_of_tens_of_thousands_is_exact():
    design = Complete((Fraction(3, 10), Fraction(1, 5)))
    entrants = Entrants.alike(12)
    law = list(enumerate_assignments(design, entrants))
    assert len(law) == count_assignments(design, entrants) == 32_340
    arms = np.array([arm for arm, _ in law])
    for person in arms.T:
        delivered = [sum(law[row][1] for row in np.flatnonzero(person == arm)) for arm in range(3)]
        assert delivered == [Fraction(1, 2), Fraction(3, 10), Fraction(1, 5)]


def test_too_many_are_refused_before_the_first():
    with pytest.raises(DesignError) as refused:
        enumerate_assignments(Complete(5), Entrants.alike(10), limit=251)
    assert refused.value.found == "252 assignments"
    assert refused.value.expected == "at most 251"


def test_a_number_too_long_to_print_is_given_by_its_power():
    with pytest.raises(DesignError) as refused:
        enumerate_assignments(Complete(500), Entrants.alike(1000))
    assert refused.value.found == "about 10^299 assignments"
