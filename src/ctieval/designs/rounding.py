"""Systematic rounding: the whole numbers drawn where a share of a block leaves a remainder.

With one uniform number u and cumulative targets C, block b gets

    floor(C_b + u) - floor(C_{b-1} + u),

which is the whole number below or above its target t_b, is t_b on average, and leaves the total within one of
its own target. All is reckoned in whole multiples of the targets' common denominator, so that nothing is
rounded to a float.

References:
    Madow, W. G. (1949). On the theory of systematic sampling, II. Annals of Mathematical Statistics 20(3),
    333-354, doi:10.1214/aoms/1177729988: systematic sampling with unequal probabilities.
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import numpy as np

from ctieval.domain.arrays import IntArray

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def draw_numbers(target: Sequence[Fraction], rng: np.random.Generator) -> IntArray:
    """Draw how many come from each block; where all targets are whole, nothing is left to chance.

    Args:
        target: Expected number from each block.
        rng: Source of randomness.

    Returns:
        Numbers drawn, shape (blocks,).

    Examples:
        >>> draw_numbers([Fraction(3), Fraction(7, 2), Fraction(7, 2)], np.random.default_rng(1)).sum()
        np.int64(10)
    """
    unit, edges = _measure(target)
    return _numbers(edges, unit, _draw_below(unit, rng))


def enumerate_numbers(target: Sequence[Fraction]) -> Iterator[tuple[IntArray, Fraction]]:
    """Iterate over everything that ``draw_numbers`` can give, each once, with its exact probability.

    Args:
        target: Expected number from each block.

    Yields:
        Numbers drawn, shape (blocks,), and their probability.

    Examples:
        >>> for numbers, probability in enumerate_numbers([Fraction(7, 2), Fraction(7, 2)]):
        ...     print(numbers, probability)
        [3 4] 1/2
        [4 3] 1/2
    """
    unit, edges = _measure(target)
    cuts = sorted({-edge % unit for edge in edges})
    for start, end in pairwise([*cuts, unit]):
        yield _numbers(edges, unit, start), Fraction(end - start, unit)


def _measure(target: Sequence[Fraction]) -> tuple[int, list[int]]:
    """Return the common denominator, and the cumulative targets in multiples of it, from 0."""
    unit = math.lcm(*(each.denominator for each in target))
    return unit, list(accumulate((int(each * unit) for each in target), initial=0))


def _numbers(edges: list[int], unit: int, start: int) -> IntArray:
    return np.diff(np.array([(edge + start) // unit for edge in edges], dtype=np.int64))


def _draw_below(bound: int, rng: np.random.Generator) -> int:
    """Draw a whole number below a bound of any size, each equally likely, from raw words alone."""
    bits = (bound - 1).bit_length()
    words = -(-bits // 64)
    while True:
        raw = rng.bit_generator.random_raw(words).astype("<u8").tobytes()
        number = int.from_bytes(raw, "little") >> (64 * words - bits)
        if number < bound:
            return number
