"""Every head count that an evaluation would show, and the sums by which one gives another away.

Two places that show the same persons share a key, so that both are hidden or neither. Counts of an arm that
are equal (drawn, observed, answered) are taken for the same persons: a reader would, and it errs on the safe side.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from ctieval.domain.arrays import BoolArray, FloatArray
from ctieval.report.disclosure.suppress import suppress

Key: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeadCount:
    """A number of persons that would be shown.

    Attributes:
        key: The persons; the same wherever they are shown.
        n: How many.
        against: Sizes of groups that hold these persons or lie within them; what is left over is a group too.
        unseen: True where no table shows it, and a reader could only work it out.
    """

    key: Key
    n: int
    against: tuple[int | None, ...] = ()
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """A whole and the parts that add up to it.

    Attributes:
        whole: Key of the whole.
        parts: Keys of the parts.
    """

    whole: Key
    parts: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which counts are hidden.

    Attributes:
        smallest_cell: Fewest persons that may be shown.
        primary: Counts that are too small, or that leave too few over.
        secondary: Counts hidden so that no small one can be worked out.
        sizes: Size of each count that is shown.
    """

    smallest_cell: int
    primary: frozenset[Key]
    secondary: frozenset[Key]
    sizes: Mapping[Key, int]

    def hides(self, key: Key) -> bool:
        """Tell whether a count is hidden."""
        return key in self.primary or key in self.secondary

    def shown(self, key: Key, n: int | None) -> int | None:
        """Return a count, or None where it is hidden."""
        return None if self.hides(key) else n

    def fewest(self, key: Key, n: int) -> int:
        """Return the fewest persons that a count can be, as far as a reader can tell.

        She knows the next larger count of such a group, and no more than that a few are missing from it: so this
        is the same, however many of them are.
        """
        if not self.hides(key):
            return n
        step = max(self.smallest_cell, 1)
        larger = (size for other, size in self.sizes.items() if other[:-1] == key[:-1] and size > n)
        most = min(larger, default=n - n % step + step)
        return most - step * math.ceil((most - n) / step)

    def is_small(self, n: int | None) -> bool:
        """Tell whether so many persons are too few to be shown; 0 points to nobody."""
        return n is not None and 0 < n < self.smallest_cell


def judge(counts: Iterable[HeadCount | Sum], smallest_cell: int) -> Verdict:
    """Decide which counts are hidden.

    A count is sensitive where it, or what it leaves over, is 1 to ``smallest_cell - 1`` persons.

    Args:
        counts: Counts and sums; the first of two counts with one key tells its size.
        smallest_cell: Fewest persons that may be shown.

    Returns:
        The keys to hide; those that no table shows are not among them.
    """
    given = tuple(counts)
    heads: dict[Key, HeadCount] = {}
    telling: set[Key] = set()
    for head in (each for each in given if isinstance(each, HeadCount)):
        heads.setdefault(head.key, head)
        left_over = (abs(other - head.n) for other in head.against if other is not None)
        if head.n and any(0 < n < smallest_cell for n in (head.n, *left_over)):
            telling.add(head.key)
    keys = tuple(heads)
    sums = [
        each for each in dict.fromkeys(given) if isinstance(each, Sum) and {each.whole, *each.parts} <= heads.keys()
    ]
    sizes = np.array([heads[key].n for key in keys], dtype=np.int64)
    sensitive = np.array([key in telling for key in keys], dtype=np.bool_)
    unseen = np.array([heads[key].unseen for key in keys], dtype=np.bool_)
    small = sensitive & (sizes < smallest_cell)
    hidden = suppress(sizes, sensitive, _matrix(keys, sums), small=small, unseen=unseen)
    shown = {key: heads[key].n for key in _keys(keys, ~hidden)}
    return Verdict(smallest_cell, _keys(keys, sensitive & ~unseen), _keys(keys, hidden & ~sensitive & ~unseen), shown)


def _matrix(keys: Sequence[Key], sums: Sequence[Sum]) -> FloatArray:
    position = {key: number for number, key in enumerate(keys)}
    matrix = np.zeros((len(sums), len(keys)))
    for row, each in enumerate(sums):
        matrix[row, position[each.whole]] -= 1
        for part in each.parts:
            matrix[row, position[part]] += 1
    return matrix


def _keys(keys: Sequence[Key], chosen: BoolArray) -> frozenset[Key]:
    return frozenset(key for key, is_chosen in zip(keys, chosen, strict=True) if is_chosen)
