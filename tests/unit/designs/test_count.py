import math
from fractions import Fraction

import numpy as np
import pytest

from ctieval.designs.count import count_assignments
from ctieval.designs.enumerate import enumerate_assignments
from ctieval.domain.design import Blocked, Complete, Simple
from ctieval.domain.entrants import Entrants

HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("design", "blocks", "count"),
    [
        (Complete(5), [""] * 10, 252),
        (Complete(HALF), [""] * 7, 70),
        (Complete((2, 3)), [""] * 7, 210),
        (Simple((HALF, Fraction(1, 4))), [""] * 4, 81),
        (Blocked("town", (("a", 2), ("b", 3))), ["a"] * 4 + ["b"] * 6, 6 * 20),
        (Blocked("town", (("", HALF),)), ["a"] * 3 + ["b"] * 3, 2 * 3 * 3),
    ],
)
def test_the_count_is_that_of_the_enumeration(design, blocks, count):
    entrants = Entrants.in_blocks(np.array(blocks, dtype=object))
    assert count_assignments(design, entrants) == count
    assert len({tuple(arm) for arm, _ in enumerate_assignments(design, entrants)}) == count


def test_large_counts_are_exact():
    assert count_assignments(Complete(120), Entrants.alike(518)) == math.comb(518, 120)
