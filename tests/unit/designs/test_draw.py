from collections import Counter
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

from ctieval.designs.draw import draw
from ctieval.designs.enumerate import enumerate_assignments
from ctieval.domain.design import Blocked, Complete, Simple
from ctieval.domain.entrants import Entrants
from ctieval.errors import DesignError


def generator(seed):
    return np.random.Generator(np.random.PCG64(seed))


def test_draws_follow_the_enumerated_law(small):
    rng, draws = generator(7), 2000
    seen = Counter(tuple(draw(*small, rng)) for _ in range(draws))
    law = {tuple(arm): float(probability) for arm, probability in enumerate_assignments(*small)}
    assert set(seen) <= set(law)
    distance = sum((seen[arm] - draws * share) ** 2 / (draws * share) for arm, share in law.items())
    # Pearson's statistic has mean df and variance near 2 df. Five standard deviations leave room for chance alone: a
    # fixed seed passes or fails for ever, and of new seeds fewer than one in a thousand would fail, in either tail.
    df = len(law) - 1
    assert abs(distance - df) < 5 * (2 * df + sum(1 / share for share in law.values()) / draws) ** 0.5


def test_counts_are_kept_to_the_person():
    blocks = np.array(["a"] * 518 + ["b"] * 220, dtype=object)
    design = Blocked("town", (("a", 120), ("b", (110))))
    arm = draw(design, Entrants.in_blocks(blocks), generator(20180201))
    assert arm[:518].sum() == 120
    assert arm[518:].sum() == 110
    assert set(arm.tolist()) == {0, 1}


def test_a_recorded_draw_can_be_repeated_for_ever():
    entrants = Entrants.in_blocks(np.array(["a", "b"] * 6, dtype=object))
    two = draw(Blocked("town", (("a", 3), ("b", Fraction(2, 5)))), entrants, generator(1))
    three = draw(Blocked("town", (("", (Fraction(2, 5), Fraction(1, 5))),)), entrants, generator(1))
    assert two.tolist() == [0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 0, 1]
    assert three.tolist() == [0, 1, 0, 1, 2, 0, 1, 0, 1, 0, 2, 2]
    assert draw(Simple(Fraction(1, 3)), Entrants.alike(9), generator(1)).tolist() == [0, 1, 1, 0, 0, 0, 0, 0, 0]


def test_arms_differ_in_name_only():
    entrants = Entrants.alike(12)
    one = draw(Complete((3, 5)), entrants, generator(2))
    assert np.bincount(one).tolist() == [4, 3, 5]
    other = draw(Complete((5, 3)), entrants, generator(2))
    assert np.bincount(other).tolist() == [4, 5, 3]


def test_a_design_that_cannot_be_conducted_draws_nobody():
    with pytest.raises(DesignError):
        draw(Complete(6), Entrants.alike(6), generator(1))


def test_those_who_enter_are_not_changed():
    blocks = np.array(["b", "a"] * 4, dtype=object)
    draw(Blocked("town", (("", 2),)), Entrants.in_blocks(blocks), generator(1))
    assert blocks.tolist() == ["b", "a"] * 4


def test_equal_lots_are_settled_by_the_order_of_those_who_enter():
    words = np.repeat(np.array([5, 3], dtype=np.uint64), 30)
    rng = SimpleNamespace(bit_generator=SimpleNamespace(random_raw=lambda size: words[:size]))
    assert draw(Complete(40), Entrants.alike(60), rng).tolist() == [1] * 10 + [0] * 20 + [1] * 30
