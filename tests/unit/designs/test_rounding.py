from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

from ctieval.designs.rounding import draw_numbers, enumerate_numbers


def beside(*numbers):
    """Two arms: these numbers in the intervention, and as many as fill a block of ten in the control."""
    return tuple((10 - number, number) for number in numbers)


THIRD, HUGE = Fraction(1, 3), 2**70 + 1
TARGETS = [
    beside(Fraction(7, 2)),
    beside(Fraction(7, 2), Fraction(7, 2)),
    beside(Fraction(5, 3), Fraction(4), Fraction(9, 7), Fraction(5, 2)),
    beside(Fraction(6, 5), Fraction(6, 5), Fraction(6, 5), Fraction(6, 5)),
    ((4 * THIRD,) * 3,),
    ((4 * THIRD,) * 3, (5 * THIRD,) * 3, (2 * THIRD, 2 * THIRD, 2 * THIRD)),
    ((Fraction(12, 5), Fraction(4, 5), Fraction(4, 5)), (Fraction(9, 5), Fraction(3, 5), Fraction(3, 5))),
    ((Fraction(1, 2), Fraction(1, 3), Fraction(1, 7), Fraction(43, 42)), (Fraction(3, 2), Fraction(1, 2), 1, 2)),
    # Here the blocks, rounded one after the other, leave one arm too many and another too few.
    (
        (Fraction(1, 2), Fraction(5, 2), Fraction(1, 2), Fraction(1, 2)),
        (Fraction(3), Fraction(1), Fraction(1, 2), Fraction(1, 2)),
        (Fraction(1), Fraction(2, 3), THIRD, Fraction(0)),
    ),
    ((1 + Fraction(3, HUGE), 1 - Fraction(3, HUGE)), (1 + Fraction(1, 3**50), 1 - Fraction(1, 3**50))),
]


@pytest.mark.parametrize("target", TARGETS)
def test_the_law_delivers_each_cell_exactly(target):
    law = list(enumerate_numbers(target))
    assert sum(probability for _, probability in law) == 1
    assert len({numbers.tobytes() for numbers, _ in law}) == len(law)
    delivered = sum(numbers.astype(object) * probability for numbers, probability in law)
    assert delivered.tolist() == [list(row) for row in target]


@pytest.mark.parametrize("target", TARGETS)
def test_cells_and_totals_are_rounded_down_or_up_and_blocks_are_kept(target):
    total = [sum(column) for column in zip(*target, strict=True)]
    for numbers, _ in enumerate_numbers(target):
        assert numbers.sum(axis=1).tolist() == [sum(row) for row in target]
        for row, targets in zip([*numbers, numbers.sum(axis=0)], [*target, total], strict=True):
            assert all(abs(int(number) - declared) < 1 for number, declared in zip(row, targets, strict=True))


@pytest.mark.parametrize("target", TARGETS)
def test_there_are_at_most_as_many_tables_as_cells_and_one(target):
    cells = (len(target) + 1) * len(target[0])
    assert len(list(enumerate_numbers(target))) <= cells + 1


@pytest.mark.parametrize("target", TARGETS)
def test_draws_follow_the_law(target):
    rng = np.random.Generator(np.random.PCG64(1))
    draws = 2000
    seen = Counter(draw_numbers(target, rng).tobytes() for _ in range(draws))
    law = {numbers.tobytes(): float(probability) for numbers, probability in enumerate_numbers(target)}
    assert set(seen) <= set(law)
    for numbers, probability in law.items():
        # Five Monte Carlo errors of a share of 2,000 draws: the only tolerance that a frequency can have.
        assert seen[numbers] / draws == pytest.approx(probability, abs=5 * (probability / draws) ** 0.5)


def test_whole_targets_leave_nothing_to_chance_and_use_no_randomness():
    rng = np.random.Generator(np.random.PCG64(1))
    before = rng.bit_generator.state
    assert draw_numbers([(Fraction(3), Fraction(2)), (Fraction(1), Fraction(4))], rng).tolist() == [[3, 2], [1, 4]]
    assert rng.bit_generator.state == before


def test_blocks_that_are_alike_round_up_in_turn():
    halves = [(Fraction(5, 2), Fraction(5, 2))] * 6
    for numbers, probability in enumerate_numbers(halves):
        assert probability == Fraction(1, 2)
        assert [sum(numbers[:blocks, 1]) - 5 * blocks / 2 for blocks in (2, 4, 6)] == [0, 0, 0]


def test_a_thousand_blocks_in_three_arms_are_rounded_exactly():
    size = np.random.default_rng(1).integers(5, 2000, 1000).tolist()
    shares = (Fraction(6, 10), Fraction(1, 5), Fraction(1, 5))
    target = [tuple(n * share for share in shares) for n in size]
    law = list(enumerate_numbers(target))
    assert [probability for _, probability in law] == [Fraction(1, 5)] * 5
    assert sum(numbers for numbers, _ in law).tolist() == [[int(5 * cell) for cell in row] for row in target]
