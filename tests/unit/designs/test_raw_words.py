import numpy as np
import pytest

from ctieval.designs.raw_words import draw_below


def generator(seed):
    return np.random.Generator(np.random.PCG64(seed))


@pytest.mark.parametrize("bound", [2, 3, 7, 8, 100])
def test_every_number_below_the_bound_is_as_likely(bound):
    draws = 20_000
    seen = np.bincount(draw_below(bound, draws, generator(1)), minlength=bound)
    # Five standard errors of a share of 20,000 draws.
    np.testing.assert_allclose(seen / draws, 1 / bound, rtol=0, atol=5 * (1 / bound / draws) ** 0.5)


def test_one_number_needs_no_randomness():
    rng = generator(1)
    before = rng.bit_generator.state
    assert draw_below(1, 3, rng).tolist() == [0, 0, 0]
    assert rng.bit_generator.state == before


@pytest.mark.parametrize("bound", [2**63 - 1, 2**63, 2**64, 2**64 + 1, 3**100])
def test_bounds_beyond_a_machine_word_are_kept(bound):
    found = draw_below(bound, 200, generator(2)).tolist()
    assert all(0 <= number < bound for number in found)
    assert max(found) > bound * 9 // 10
