"""Quantities by name."""

import numpy as np
import pytest

from ctieval.economics.decision.joint_draws import JointDraws
from ctieval.errors import InputError

DRAWS = JointDraws(("a", "b"), np.array([1.0, 10.0]), np.array([[1.0, 9.0], [2.0, 12.0]]))


def test_one_and_the_sum_of_several():
    assert DRAWS.of("b")[0] == 10
    assert DRAWS.of("b")[1].tolist() == [9, 12]
    assert DRAWS.total(["a", "b"])[0] == 11
    assert DRAWS.total(["a", "b"])[1].tolist() == [10, 14]


def test_the_sum_of_none_is_nil():
    assert DRAWS.total([])[0] == 0
    assert DRAWS.total([])[1].tolist() == [0, 0]


def test_a_name_that_is_not_there():
    with pytest.raises(InputError) as caught:
        DRAWS.total(["a", "c"])
    assert (caught.value.found, caught.value.expected) == ("a, b", "c")


def test_it_shows_its_size():
    assert repr(DRAWS) == "JointDraws(2 draws of a, b)"
