from fractions import Fraction

import numpy as np
import pytest

from ctieval.designs.enumerate import enumerate_assignments
from ctieval.domain.design import Blocked, Complete
from ctieval.errors import DesignError


def test_whole_quotas_give_equally_likely_assignments():
    blocks = np.array(["a", "b", "a", "b", "b"], dtype=object)
    law = list(enumerate_assignments(Blocked("town", (("a", 1), ("b", 1))), blocks))
    assert [share for _, share in law] == [Fraction(1, 6)] * 6
    assert all(arm[blocks == "a"].sum() == 1 and arm[blocks == "b"].sum() == 1 for arm, _ in law)


def test_the_probabilities_add_up_to_one():
    blocks = np.array(["a"] * 3 + ["b"] * 4, dtype=object)
    law = enumerate_assignments(Blocked("town", (("a", Fraction(2, 5)), ("b", Fraction(3, 7)))), blocks)
    assert sum(share for _, share in law) == 1


def test_too_many_are_refused_before_the_first():
    with pytest.raises(DesignError) as refused:
        enumerate_assignments(Complete(5), np.full(10, "", dtype=object), limit=251)
    assert refused.value.found == "252 assignments"
    assert refused.value.expected == "at most 251"


def test_a_number_too_long_to_print_is_given_by_its_power():
    with pytest.raises(DesignError) as refused:
        enumerate_assignments(Complete(500), np.full(1000, "", dtype=object))
    assert refused.value.found == "about 10^299 assignments"
