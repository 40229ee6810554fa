"""A lot: a choice among whole weights, made from random words, or made in every way there is."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import TypeAlias, TypeVar

Lot: TypeAlias = Callable[[Sequence[int]], int]
"""Gives a position in a list of whole weights, each with the probability of its weight over their sum."""

Played = TypeVar("Played")

WORD_BITS = 64


def to_lot(words: Iterator[int]) -> Lot:
    """Return the lot that random words draw.

    A number below the sum of the weights is cut from the words, and cut anew where it is not below: each number is
    equally likely, to the last bit. The words are used in their order, and where nothing can vary none is.

    Args:
        words: Endless random words of 64 bits.

    Returns:
        The lot; its weights are 0 or above, and not all 0.

    Examples:
        >>> from itertools import repeat
        >>> to_lot(repeat(2**63))([1, 1, 2])
        2
    """

    def draw(weights: Sequence[int]) -> int:
        unit = math.gcd(*weights)
        number = _draw_below(sum(weights) // unit, words)
        below = accumulate(weight // unit for weight in weights)
        return next(position for position, edge in enumerate(below) if number < edge)

    return draw


def enumerate_plays(play: Callable[[Lot], Played]) -> Iterator[tuple[Played, Fraction]]:
    """Iterate over every way in which a play of lots can end.

    Args:
        play: What is played; it draws from the lot that it is given, and depends on nothing else.

    Yields:
        What the play gives, and the exact probability of its choices, which add up to 1. Plays that differ in their
        choices and end alike are given one by one.

    Examples:
        >>> for total, probability in enumerate_plays(lambda lot: lot([1, 2]) + lot([1, 1])):
        ...     print(total, probability)
        0 1/6
        1 1/6
        1 1/3
        2 1/3
    """
    scripts: list[tuple[int, ...]] = [()]
    while scripts:
        scripted = _Scripted(scripts.pop())
        played = play(scripted.draw)
        scripts += scripted.untried
        yield played, scripted.probability


class _Scripted:
    """A lot that follows a script to its end, then takes the first choice and notes the others."""

    def __init__(self, script: tuple[int, ...]) -> None:
        self.script = script
        self.taken: tuple[int, ...] = ()
        self.untried: list[tuple[int, ...]] = []
        self.probability = Fraction(1)

    def draw(self, weights: Sequence[int]) -> int:
        step = len(self.taken)
        if step < len(self.script):
            choice = self.script[step]
        else:
            choice, *others = [position for position, weight in enumerate(weights) if weight]
            self.untried += [(*self.taken, other) for other in reversed(others)]
        self.taken += (choice,)
        self.probability *= Fraction(weights[choice], sum(weights))
        return choice


def _draw_below(bound: int, words: Iterator[int]) -> int:
    """Cut a whole number below a bound of any size from random words, each number equally likely."""
    bits = (bound - 1).bit_length()
    length = -(-bits // WORD_BITS)
    while True:
        number = 0
        for _ in range(length):
            number = number << WORD_BITS | next(words)
        number >>= WORD_BITS * length - bits
        if number < bound:
            return number
