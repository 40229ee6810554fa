from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

from ctieval.designs.rounding import draw_numbers, enumerate_numbers

TARGETS = [
    (Fraction(7, 2),),
    (Fraction(7, 2), Fraction(7, 2)),
    (Fraction(5, 3), Fraction(4), Fraction(9, 7), Fraction(5, 2)),
    (Fraction(6, 5), Fraction(6, 5), Fraction(6, 5), Fraction(6, 5)),
]


@pytest.mark.parametrize("target", TARGETS)
def test_the_law_delivers_each_target_exactly_and_balances_the_total(target):
    law = list(enumerate_numbers(target))
    assert sum(probability for _, probability in law) == 1
    assert len({tuple(numbers) for numbers, _ in law}) == len(law)
    for block, declared in enumerate(target):
        assert sum(int(numbers[block]) * probability for numbers, probability in law) == declared
    for numbers, _ in law:
        assert all(abs(int(number) - declared) < 1 for number, declared in zip(numbers, target, strict=True))
        assert abs(int(numbers.sum()) - sum(target)) < 1


@pytest.mark.parametrize("target", TARGETS)
def test_draws_follow_the_law(target):
    rng = np.random.Generator(np.random.PCG64(1))
    draws = 4000
    seen = Counter(tuple(draw_numbers(target, rng)) for _ in range(draws))
    law = {tuple(numbers): float(probability) for numbers, probability in enumerate_numbers(target)}
    assert set(seen) <= set(law)
    for numbers, probability in law.items():
        # Five Monte Carlo errors of a share of 4,000 draws: the only tolerance that a frequency can have.
        assert seen[numbers] / draws == pytest.approx(probability, abs=5 * (probability / draws) ** 0.5)


def test_whole_targets_leave_nothing_to_chance_and_use_no_randomness():
    rng = np.random.Generator(np.random.PCG64(1))
    before = rng.bit_generator.state
    assert draw_numbers((Fraction(3), Fraction(2)), rng).tolist() == [3, 2]
    assert rng.bit_generator.state == before


def test_a_denominator_beyond_a_machine_word_is_exact_too():
    target = (Fraction(3, 2**70 + 1) + 1, Fraction(1, 3**50) + 1)
    law = list(enumerate_numbers(target))
    assert sum(int(numbers[0]) * probability for numbers, probability in law) == target[0]
    assert draw_numbers(target, np.random.Generator(np.random.PCG64(3))).tolist() == [1, 1]
