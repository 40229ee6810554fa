"""Whole numbers from the raw words of a bit generator, each equally likely, the same in every version of NumPy."""

from __future__ import annotations

import numpy as np

from ctieval.domain.arrays import IntArray

WORD = 64


def draw_below(bound: int, size: int, rng: np.random.Generator) -> IntArray:
    """Draw whole numbers below a bound, each equally likely.

    The leading bits of the words are taken; a number that is not below the bound is drawn again.

    Args:
        bound: The bound, 1 or greater, of any size.
        size: How many numbers.
        rng: Source of randomness, on a bit generator of 64-bit words.

    Returns:
        Numbers from 0 to ``bound - 1``, shape (size,); Python's own where they may exceed 63 bits.

    References:
        NumPy enhancement proposal 19, Random number generator policy (2018-2019): raw words never change.

    Examples:
        >>> draw_below(6, 4, np.random.Generator(np.random.PCG64(1)))
        array([4, 2, 1, 3])
    """
    bits = (bound - 1).bit_length()
    numbers = _draw_bits(bits, size, rng)
    while len(over := np.flatnonzero(numbers >= bound)):
        numbers[over] = _draw_bits(bits, len(over), rng)
    return numbers


def _draw_bits(bits: int, size: int, rng: np.random.Generator) -> IntArray:
    if bits == 0:
        return np.zeros(size, dtype=np.int64)
    words = -(-bits // WORD)
    raw = np.asarray(rng.bit_generator.random_raw(words * size), dtype=np.uint64).reshape(size, words)
    if bits < WORD:
        return (raw[:, 0] >> np.uint64(WORD - bits)).astype(np.int64)
    long = [sum(int(word) << (WORD * place) for place, word in enumerate(row)) for row in raw]
    return np.array([number >> (WORD * words - bits) for number in long], dtype=object)
