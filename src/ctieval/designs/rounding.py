"""Controlled rounding: the whole numbers drawn where shares leave remainders.

Blocks are the rows and arms the columns of a table of expected numbers. A lottery over tables of whole numbers is
made such that in every table

- each cell is its expected number, rounded down or up,
- each block adds up to its size, so that nobody is drawn twice or forgotten,
- each arm adds up to its own expected number, rounded down or up,

and such that the average over the lottery is the expected number of each cell, exactly. The table is peeled: a
table of whole numbers that respects every bound is taken out of the expected numbers with the largest weight that
leaves the rest within its bounds; at least one cell then stands at a bound, so that there are at most as many tables
as cells, and at most as many as the common denominator of the expected numbers. All is reckoned in whole multiples
of that denominator; nothing is rounded to a float, and the law of the rounding is known in full.

References:
    Cox, L. H. (1987). A constructive procedure for unbiased controlled rounding. Journal of the American
    Statistical Association 82(398), 520-524, doi:10.1080/01621459.1987.10478456.
    Budish, E., Che, Y.-K., Kojima, F. & Milgrom, P. (2013). Designing random allocation mechanisms: theory and
    applications. American Economic Review 103(2), 585-623, doi:10.1257/aer.103.2.585: every table whose bounds are
    on rows and columns is such a lottery (theorem 1), found by peeling (appendix).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np

from ctieval.designs.raw_words import draw_below
from ctieval.domain.arrays import BoolArray, IntArray

Target = Sequence[Sequence[Fraction]]
"""Expected numbers by block and arm; each block adds up to a whole number."""


def draw_numbers(target: Target, rng: np.random.Generator) -> IntArray:
    """Draw how many of each block come into each arm; where all are whole, nothing is left to chance.

    Args:
        target: Expected numbers by block and arm.
        rng: Source of randomness, on a bit generator of 64-bit words.

    Returns:
        Numbers drawn, shape (blocks, arms).

    Examples:
        >>> halves = [[Fraction(7, 2), Fraction(7, 2)], [Fraction(5, 2), Fraction(5, 2)]]
        >>> draw_numbers(halves, np.random.Generator(np.random.PCG64(1))).sum(axis=0)
        array([6, 6])
    """
    unit = _unit(target)
    (lot,) = draw_below(unit, 1, rng).tolist()
    lottery = _peel(target, unit)
    numbers, weight = next(lottery)
    while weight <= lot:
        lot -= weight
        numbers, weight = next(lottery)
    return numbers


def enumerate_numbers(target: Target) -> Iterator[tuple[IntArray, Fraction]]:
    """Iterate over everything that ``draw_numbers`` can give, each once, with its exact probability.

    Args:
        target: Expected numbers by block and arm.

    Yields:
        Numbers drawn, shape (blocks, arms), and their probability.

    Examples:
        >>> thirds = [[Fraction(4, 3)] * 3]
        >>> for numbers, probability in enumerate_numbers(thirds):
        ...     print(numbers, probability)
        [[2 1 1]] 1/3
        [[1 2 1]] 1/3
        [[1 1 2]] 1/3
    """
    unit = _unit(target)
    for numbers, weight in _peel(target, unit):
        yield numbers, Fraction(weight, unit)


def _unit(target: Target) -> int:
    return math.lcm(*(cell.denominator for row in target for cell in row))


def _peel(target: Target, unit: int) -> Iterator[tuple[IntArray, int]]:
    """Iterate over the tables of the lottery with their weights, which add up to ``unit``."""
    least = np.array([[math.floor(cell) for cell in row] for row in target], dtype=np.int64)
    parted = np.array([any(cell.denominator > 1 for cell in row) for row in target])
    rest = _remainders([target[row] for row in np.flatnonzero(parted).tolist()], unit, least.shape[1])
    chosen, left = _choose(rest, unit), unit
    while left > 0:
        _mend(chosen, rest, left)
        weight = int(np.where(chosen, rest, left - rest).min())
        numbers = least.copy()
        numbers[parted] += chosen[:-1]
        yield numbers, weight
        rest[chosen] -= weight
        left -= weight


def _remainders(target: Target, unit: int, arms: int) -> IntArray:
    """Return the remainders in multiples of the unit, and below them a row that makes every arm add up to a whole."""
    rows = [[int(cell % 1 * unit) for cell in row] for row in target]
    total = [sum(column) for column in zip(*rows, strict=True)] or [0] * arms
    rows.append([-each % unit for each in total])
    return np.array(rows, dtype=np.int64 if unit * len(rows) < 2**62 else object)


def _choose(rest: IntArray, unit: int) -> BoolArray:
    """Return a first table: each block rounds up where the blocks so far have rounded down the most."""
    chosen = np.zeros(rest.shape, dtype=np.bool_)
    owed = np.zeros_like(rest[0])
    for row, remainders in enumerate(rest):
        owed += remainders
        likely = np.argsort(np.where(remainders > 0, -owed, unit), kind="stable")
        chosen[row, likely[: int(remainders.sum()) // unit]] = True
        owed[chosen[row]] -= unit
    while (over := chosen.sum(axis=0) - rest.sum(axis=0) // unit).any():
        _shift(chosen, rest, unit, np.flatnonzero(over > 0), np.flatnonzero(over < 0))
    return chosen


def _mend(chosen: BoolArray, rest: IntArray, left: int) -> None:
    """Take out of a table what nothing is left for, and put into it what is all that is left."""
    for row, column in np.argwhere(np.where(chosen, rest == 0, rest == left)):
        if chosen[row, column] and rest[row, column] == 0:
            start, _ = _shift(chosen, rest, left, np.flatnonzero(~chosen[row] & (rest[row] > 0)), [column])
            chosen[row, column], chosen[row, start] = False, True
        elif not chosen[row, column] and rest[row, column] == left:
            _, end = _shift(chosen, rest, left, [column], np.flatnonzero(chosen[row] & (rest[row] < left)))
            chosen[row, column], chosen[row, end] = True, False


def _shift(
    chosen: BoolArray, rest: IntArray, left: int, starts: Sequence[int] | IntArray, ends: Sequence[int] | IntArray
) -> tuple[int, int]:
    """Move one from an arm to another along rows that can change, by the fewest steps; return both arms."""
    gives, takes = chosen & (rest < left), ~chosen & (rest > 0)
    path = _path(gives.T @ takes, [int(each) for each in starts], {int(each) for each in ends})
    for before, after in pairwise(path):
        row = int((gives[:, before] & takes[:, after]).argmax())
        chosen[row, before], chosen[row, after] = False, True
    return path[0], path[-1]


def _path(leads: BoolArray, starts: Sequence[int], ends: set[int]) -> list[int]:
    """Return a shortest path between arms, the first in the order of their numbers."""
    paths = [[start] for start in starts]
    for path in paths:
        if path[-1] in ends:
            return path
        seen = {each[-1] for each in paths}
        paths += [[*path, int(arm)] for arm in np.flatnonzero(leads[path[-1]]) if arm not in seen]
    msg = "no table respects the bounds, which cannot be"
    raise AssertionError(msg)
