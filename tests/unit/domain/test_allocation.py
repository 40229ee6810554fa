from dataclasses import replace

import numpy as np
import pytest

from ctieval.domain.arms import Arms
from ctieval.domain.design import Blocked, Capacity, Complete, WaitingList, blocked_by, weeks_compared


def test_probabilities_are_those_of_the_arms_and_add_up_to_one(make_allocation):
    allocation = make_allocation([0, 1, 1])
    for wrong in (np.full(3, 0.5), np.full((3, 3), 1 / 3), np.full((2, 2), 0.5), np.full((3, 2), 0.4)):
        with pytest.raises(ValueError, match="adding up to 1"):
            replace(allocation, probability=wrong)
    three = replace(allocation, probability=np.full((3, 3), 1 / 3), arms=Arms("A", "C", ("B",)))
    assert three.arms.labels == ("C", "A", "B")
    assert three.arms.contrast == "A - C"


def test_who_could_come_into_one_arm_only_is_not_compared(make_allocation):
    allocation = replace(make_allocation([0, 1, 1]), probability=np.array([[0.5, 0.5], [0.5, 0.5], [0, 1]]))
    assert allocation.compared.tolist() == [True, True, False]


def test_what_a_design_may_read_comes_back_as_labels(make_allocation):
    allocation = make_allocation([0, 1, 0, 1], ["b", "b", "a", "a"])
    clustered = replace(allocation, cluster=np.array([1, 1, 0, 0]), cluster_labels=("x", "y"))
    assert clustered.entrants.block.tolist() == ["b", "b", "a", "a"]
    assert clustered.entrants.cluster.tolist() == ["y", "y", "x", "x"]
    assert clustered.entrants.covariates.shape == (4, 0)
    assert repr(clustered.entrants) == "Entrants(4 persons)"


def test_a_design_tells_its_blocks_and_how_long_there_is_a_control():
    blocked = Blocked("town", (("", 1),))
    assert blocked_by(WaitingList(blocked, 26)) == blocked_by(blocked) == blocked_by(Capacity("town", ())) == "town"
    assert blocked_by(Complete(1)) == ""
    assert weeks_compared(WaitingList(blocked, 26)) == 26
    assert weeks_compared(blocked) > 5000
