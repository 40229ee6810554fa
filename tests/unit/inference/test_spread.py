import numpy as np
import pytest

from ctieval.inference.spread import count_differing

ARM = np.array([0] * 5 + [1] * 5)


@pytest.mark.parametrize(
    ("values", "count"),
    [
        ([0, 0, 0, 0, 1, 1, 1, 0, 0, 0], 1),
        ([0, 0, 0, 0, 0, 1, 1, 0, 0, 0], 0),
        ([1, 1, 1, 1, 0, 1, 1, 1, 0, 0], 1),
        ([1, 2, 3, 4, 5, 1, 2, 3, 4, 5], 4),
        ([0, 0, 3, 4, 5, 1, 2, 3, 4, np.nan], 3),
        ([np.nan] * 5 + [1, 2, 3, 4, 5], 0),
    ],
)
def test_those_off_the_most_common_value_are_counted_in_the_arm_with_fewest(values, count):
    assert count_differing(np.array(values, dtype=float), ARM) == count
