r"""What a reader of the joint report and of every municipality's own can work out of numbers of persons.

Of the share :math:`s_{cm}` with characteristic :math:`c` in municipality :math:`m` she knows a lower and an upper end,
and of the joint report the number :math:`E_c` with it, the mean :math:`\bar y_c` and the number missing. With the
persons drawn :math:`d_m`, what she does not know are the numbers with each, :math:`e_{cm}`, and those missing,
:math:`l_m`:

.. math::
    \underline s_{cm} (d_m - l_m) \le e_{cm} \le \overline s_{cm} (d_m - l_m), \quad
    \sum_m e_{cm} = E_c, \quad \sum_m \frac{w_m}{n_m} e_{cm} = \bar y_c, \quad \sum_m l_m = L,

and, where characteristics are categories of one, :math:`\sum_c e_{cm} = d_m - l_m`. The smallest and the largest that
each number can be are found by linear programming. She is taken to know the weights :math:`w_m / n_m` of the joint mean
as well, which makes what is found here narrower than what she can know.

References:
    Hundepool, A. et al. (2012). Statistical Disclosure Control, ch. 4.4 (audit by linear programming). Wiley.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from ctieval.domain.arrays import FloatArray

_PRINTED = 0.00005
"""Half of the last digit of a mean share as the joint report prints it, at its finest."""

_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one characteristic in one arm.

    Attributes:
        low: Smallest share that it can be in each municipality.
        high: Largest share that it can be.
        joint: Persons with it in the whole trial; None where the joint report does not tell.
        joint_mean: Mean share in the whole trial; NaN where the joint report does not tell.
    """

    low: tuple[float, ...]
    high: tuple[float, ...]
    joint: int | None
    joint_mean: float


@dataclass(frozen=True, slots=True)
class Arm:
    """The persons of one arm of whom characteristics are told.

    Attributes:
        drawn: Persons drawn in each municipality.
        observed: Those with a value.
        weights: Weight of each municipality in a joint mean.
        missing: Those without a value in the whole trial; None where the joint report does not tell.
    """

    drawn: tuple[int, ...]
    observed: tuple[int, ...]
    weights: tuple[float, ...]
    missing: int | None


@dataclass(frozen=True, slots=True)
class Reach:
    """Smallest and largest whole number that something can be, as far as a reader can tell.

    Attributes:
        low: The smallest.
        high: The largest.
    """

    low: int
    high: int

    def is_narrow(self, persons: int, smallest_cell: int) -> bool:
        """Tell whether it could be a few of so many persons, or all but a few, and is one of fewer values than that."""
        few = self.low < smallest_cell or persons - self.high < smallest_cell
        return few and self.high - self.low + 1 < smallest_cell


def find_narrow(arm: Arm, told: Sequence[Told], smallest_cell: int, *, add_up: bool = False) -> Iterator[int | None]:
    """Find what gives too much away.

    Args:
        arm: The persons.
        told: What is told of each characteristic.
        smallest_cell: Fewest persons that may be shown.
        add_up: True where the characteristics are the categories of one, so that everybody has one of them.

    Returns:
        Positions of the characteristics of which a number is narrowed down to fewer than ``smallest_cell`` values,
        small ones among them; and None where the number missing is.
    """
    puzzle = _Puzzle(arm, told, add_up=add_up)
    for position, each in enumerate(told):
        everybody = each.joint == sum(arm.observed)
        if each.joint == 0 or everybody:
            continue
        near = [m for m in range(len(arm.drawn)) if _touches_few(each, arm, m, smallest_cell)]
        if any(puzzle.reach(position, m).is_narrow(arm.observed[m], smallest_cell) for m in near):
            yield position
    if arm.missing != 0 and any(
        puzzle.reach(len(told), m).is_narrow(arm.drawn[m], smallest_cell) for m in range(len(arm.drawn))
    ):
        yield None


def _touches_few(told: Told, arm: Arm, municipality: int, smallest_cell: int) -> bool:
    n = arm.observed[municipality]
    return min(told.low[municipality], 1 - told.high[municipality]) * n < smallest_cell


class _Puzzle:
    """The numbers with each characteristic, one row a characteristic, and below them those missing."""

    def __init__(self, arm: Arm, told: Sequence[Told], *, add_up: bool) -> None:
        self._shape = (len(told) + 1, len(arm.drawn))
        self._bounds = [(0.0, float(n)) for _ in range(len(told) + 1) for n in arm.drawn]
        drawn = np.array(arm.drawn, dtype=np.float64)
        at_most: list[tuple[FloatArray, float]] = []
        equal: list[tuple[FloatArray, float]] = []
        for position, each in enumerate(told):
            for m, n in enumerate(drawn):
                at_most.append((self._at({(position, m): -1, (-1, m): -each.low[m]}), -each.low[m] * n))
                at_most.append((self._at({(position, m): 1, (-1, m): each.high[m]}), each.high[m] * n))
            if each.joint is not None:
                equal.append((self._row(position, np.ones(len(drawn))), each.joint))
            if not math.isnan(each.joint_mean):
                mean = self._row(position, np.array(arm.weights) / np.maximum(arm.observed, 1))
                at_most += [(mean, each.joint_mean + _PRINTED), (-mean, _PRINTED - each.joint_mean)]
        if arm.missing is not None:
            equal.append((self._row(len(told), np.ones(len(drawn))), arm.missing))
        if add_up:
            equal += [(self._at({(row, m): 1 for row in range(self._shape[0])}), n) for m, n in enumerate(drawn)]
        self._at_most, self._equal = at_most, equal

    def reach(self, row: int, municipality: int) -> Reach:
        """Return what a number can be; nothing but 0 where the relations are at odds, which is as narrow as can be."""
        aim = self._at({(row, municipality): 1})
        low, high = (self._least(sign * aim) * sign for sign in (1, -1))
        if math.isnan(low) or math.isnan(high):
            return Reach(0, 0)
        return Reach(math.ceil(low - _TOLERANCE), math.floor(high + _TOLERANCE))

    def _least(self, aim: FloatArray) -> float:
        (rows, ends), (sums, totals) = (_stack(each, aim) for each in (self._at_most, self._equal))
        found = linprog(aim, A_ub=rows, b_ub=ends + _TOLERANCE, A_eq=sums, b_eq=totals, bounds=self._bounds)
        return math.nan if found.fun is None else float(found.fun)

    def _at(self, weights: dict[tuple[int, int], float]) -> FloatArray:
        row = np.zeros(self._shape)
        for place, weight in weights.items():
            row[place] = weight
        return row.ravel()

    def _row(self, number: int, weights: FloatArray) -> FloatArray:
        rows = np.zeros(self._shape)
        rows[number] = weights
        return rows.ravel()


def _stack(relations: list[tuple[FloatArray, float]], like: FloatArray) -> tuple[FloatArray, FloatArray]:
    rows = np.array([row for row, _ in relations]).reshape(len(relations), len(like))
    return rows, np.array([end for _, end in relations])
