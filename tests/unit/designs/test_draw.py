from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

from ctieval.designs.draw import draw
from ctieval.designs.enumerate import enumerate_assignments
from ctieval.domain.design import Blocked, Complete
from ctieval.errors import DesignError


def generator(seed):
    return np.random.Generator(np.random.PCG64(seed))


@pytest.mark.parametrize(
    ("design", "blocks"),
    [
        (Complete(2), [""] * 5),
        (Complete(Fraction(1, 2)), [""] * 3),
        (Blocked("town", (("a", 1), ("b", Fraction(2, 5)))), ["b", "a", "b", "a", "b", "a"]),
        (Blocked("town", (("", Fraction(1, 2)),)), ["a", "a", "a", "b", "b", "b"]),
    ],
)
def test_draws_follow_the_enumerated_law(design, blocks):
    blocks = np.array(blocks, dtype=object)
    rng, draws = generator(7), 4000
    seen = Counter(tuple(draw(design, blocks, rng)) for _ in range(draws))
    law = {tuple(arm): float(probability) for arm, probability in enumerate_assignments(design, blocks)}
    assert set(seen) == set(law)
    distance = sum((seen[arm] - draws * share) ** 2 / (draws * share) for arm, share in law.items())
    # Pearson's statistic has mean df and variance 2 df; five standard deviations leave room for chance alone.
    df = len(law) - 1
    assert distance < df + 5 * (2 * df) ** 0.5


def test_counts_are_kept_to_the_person():
    blocks = np.array(["a"] * 518 + ["b"] * 220, dtype=object)
    arm = draw(Blocked("town", (("a", 120), ("b", 110))), blocks, generator(20180201))
    assert arm[:518].sum() == 120
    assert arm[518:].sum() == 110
    assert set(arm.tolist()) == {0, 1}


def test_a_recorded_draw_can_be_repeated_for_ever():
    blocks = np.array(["a", "b"] * 6, dtype=object)
    arm = draw(Blocked("town", (("a", 3), ("b", Fraction(2, 5)))), blocks, generator(1))
    assert arm.tolist() == [0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 0, 1]


def test_a_design_that_cannot_be_conducted_draws_nobody():
    with pytest.raises(DesignError):
        draw(Complete(6), np.full(6, "", dtype=object), generator(1))


def test_the_blocks_are_not_changed():
    blocks = np.array(["b", "a"] * 4, dtype=object)
    draw(Blocked("town", (("", 2),)), blocks, generator(1))
    assert blocks.tolist() == ["b", "a"] * 4
