"""Intakes and repeated draws are estimated as the strata and blocks in which they were drawn."""

from fractions import Fraction

import numpy as np
import pytest

from ctieval.domain.allocation import Allocation, Declared
from ctieval.domain.arms import Arms
from ctieval.domain.design import BiasedCoin, Blocked, Complete, Minimised, PermutedBlocks, Rerandomised
from ctieval.inference.by_design import by_design

SIXTEEN = np.random.default_rng(5).normal(size=(16, 2))
ONE = (Fraction(1),)


def allocate(design, labels):
    arm = np.tile([0, 1, 1, 0], 4)
    none = np.zeros(16, dtype=np.int64)
    return Allocation(
        person_id=np.array([f"p{i:02d}" for i in range(16)], dtype=object),
        arm=arm,
        probability=np.full((16, 2), 0.5),
        block=np.repeat(np.arange(len(labels)), 16 // len(labels)),
        block_labels=labels,
        cluster=none,
        cluster_labels=("",),
        randomised_on=np.full(16, np.datetime64("2026-03-02")),
        arms=Arms("intervention", "control"),
        design=design,
        proof=Declared(),
    )


BLOCKED = Blocked("town", (("", 4),))


@pytest.mark.parametrize(
    ("design", "labels", "like", "said"),
    [
        (
            PermutedBlocks("town", (1, 2)),
            ("a", "b"),
            BLOCKED,
            "one at a time, by permuted blocks within town, 2 strata",
        ),
        (
            BiasedCoin("town", Fraction(2, 3)),
            ("a", "b"),
            BLOCKED,
            "one at a time, by a biased coin within town, 2 strata",
        ),
        (PermutedBlocks("", (1, 2)), ("",), Complete(8), "one at a time, by permuted blocks"),
        (
            Minimised(("sex",), ONE, Fraction(4, 5)),
            ("",),
            Complete(8),
            "one at a time, minimising the imbalance of sex",
        ),
        (Rerandomised(BLOCKED, ("age",), Fraction(1, 10)), ("a", "b"), BLOCKED, "repeated until alike on age"),
    ],
)
def test_the_estimate_is_that_of_the_design_underneath(design, labels, like, said):
    found, plain = by_design(SIXTEEN, allocate(design, labels)), by_design(SIXTEEN, allocate(like, labels))
    np.testing.assert_array_equal(found.estimate, plain.estimate)
    np.testing.assert_array_equal(found.std_error, plain.std_error)
    assert found.method == plain.method
    assert said in found.design
