"""Means and spread of baseline columns in the arms of many assignments at once, by one matrix product an arm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Differences:
    """Differences of every intervention from the control, in r assignments and k columns.

    Attributes:
        mean: Differences of the means, shape (r, interventions, k); 0 where an arm has nobody with a value.
        std: Those over the pooled standard deviation, same shape; NaN where nothing varies or an arm has nobody.
    """

    mean: FloatArray
    std: FloatArray


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Panel:
    """Columns ready to be compared: brought to mean 0 and spread 1, and sorted by whose values are known.

    Attributes:
        standard: The columns, shape (n, k); 0 where a value is not known.
        known: True where it is, shape (n, k).
        share: True for columns of 0 and 1, shape (k,).
        scale: What a value is multiplied by to get back its unit, shape (k,).
        block: Number of each person's block, shape (n,).
        n_arms: Number of arms, the control among them.
        patterns: Numbers of the columns whose values are known of the same persons.
    """

    standard: FloatArray
    known: BoolArray
    share: BoolArray
    scale: FloatArray
    block: IntArray
    n_arms: int
    patterns: tuple[IntArray, ...]

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Panel({self.standard.shape[0]} persons, {self.standard.shape[1]} columns)"


def build_panel(columns: FloatArray, share: BoolArray, block: IntArray, n_arms: int) -> Panel:
    """Bring columns to mean 0 and spread 1, so that no unit decides over the digits of a result.

    Args:
        columns: The columns, shape (n, k), in any units; NaN where a value is not known.
        share: True for columns of 0 and 1, shape (k,).
        block: Number of each person's block, shape (n,).
        n_arms: Number of arms.
    """
    known = ~np.isnan(columns)
    filled = np.where(known, columns, 0.0)
    n = np.maximum(known.sum(axis=0), 1)
    centred = np.where(known, filled - filled.sum(axis=0) / n, 0.0)
    varies = np.nanmax(columns, axis=0, initial=-np.inf) > np.nanmin(columns, axis=0, initial=np.inf)
    scale = np.where(varies, np.sqrt((centred**2).sum(axis=0) / n), 1.0)
    values = np.where(varies, centred / scale, 0.0)
    _, pattern = np.unique(known, axis=1, return_inverse=True)
    patterns = tuple(np.flatnonzero(pattern.ravel() == number) for number in range(int(pattern.max(initial=-1)) + 1))
    return Panel(values, known, share, scale, block, n_arms, patterns)


def compare_arms(panel: Panel, arms: IntArray) -> Differences:
    r"""Compare every intervention with the control, in many assignments.

    .. math::
        \bar x_a = \sum_b \frac{n_b}{n} \bar x_{ab}, \qquad d_a = \bar x_a - \bar x_0

    over the persons with a value and the blocks that have some in the arm: the means of ``describe_arm``, whose
    differences ``by_design`` gives. Every one of them is linear in weights that depend on the arms alone, so that
    an arm of all assignments takes one matrix product.

    Args:
        panel: The columns.
        arms: Assignments, shape (r, n).

    Returns:
        The differences, in spreads of each column (``Panel.scale``).

    Examples:
        >>> ages, one_block = np.array([[36.0], [40.0], [39.0], [43.0]]), np.zeros(4, dtype=np.int64)
        >>> panel = build_panel(ages, np.array([False]), one_block, 2)
        >>> found = compare_arms(panel, np.array([[0, 0, 1, 1], [0, 1, 0, 1]]))
        >>> (found.mean * panel.scale).ravel().round(9), found.std.ravel().round(3)
        (array([3., 4.]), array([1.061, 1.886]))
    """
    shape = (len(arms), panel.n_arms - 1, panel.standard.shape[1])
    mean, std = np.zeros(shape), np.full(shape, np.nan)
    for columns in panel.patterns:
        own = panel.known[:, columns[0]]
        values = panel.standard[np.ix_(own, columns)]
        means, variances = _moments(values, arms[:, own], panel.block[own], panel.n_arms, panel.share[columns])
        difference = means[1:] - means[0]
        with np.errstate(invalid="ignore", divide="ignore"):
            spread = np.sqrt((variances[1:] + variances[0]) / 2)
            spread = np.where(spread > _TOLERANCE, spread, np.nan)
            mean[:, :, columns] = np.nan_to_num(difference, nan=0.0).transpose(1, 0, 2)
            std[:, :, columns] = (difference / spread).transpose(1, 0, 2)
    return Differences(_settle(mean), _settle(std))


_TOLERANCE = 1e-7
"""Columns have spread 1, and a variance is a difference of sums of their squares, exact to about 1e-15."""
_NOTHING = 1e-12
"""A difference below this depends on the order in which it was summed."""


def _settle(differences: FloatArray) -> FloatArray:
    return np.where(np.abs(differences) < _NOTHING, 0.0, differences)


def _moments(
    values: FloatArray, arms: IntArray, block: IntArray, n_arms: int, share: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """Means and variances in each arm, both of shape (arms, r, k); NaN where an arm has too few persons."""
    weight, n = _weigh(arms, block, n_arms)
    both = np.hstack([values, values**2])
    means, variances = [], []
    for arm in range(n_arms):
        persons = n[:, [arm]]
        moments = np.where(arms == arm, weight, 0.0) @ both
        with np.errstate(invalid="ignore", divide="ignore"):
            mean, squares = np.hsplit(np.where(persons > 0, moments, np.nan), 2)
            inflated = np.where(share, 1.0, persons / (persons - 1))
        means.append(mean)
        variances.append(np.maximum(squares - mean**2, 0.0) * np.where(np.isfinite(inflated), inflated, np.nan))
    return np.stack(means), np.stack(variances)


def _weigh(arms: IntArray, block: IntArray, n_arms: int) -> tuple[FloatArray, IntArray]:
    """Weights that add up to 1 in every arm of an assignment, shape (r, n), and persons in it, shape (r, arms)."""
    r = len(arms)
    persons = np.bincount(block)
    cell = (np.arange(r)[:, None] * len(persons) + block) * n_arms + arms
    n = np.bincount(cell.ravel(), minlength=r * len(persons) * n_arms).reshape(r, len(persons), n_arms)
    present = np.where(n > 0, persons[:, None], 0)
    total = np.maximum(present.sum(axis=1, keepdims=True), 1)
    weight = present / np.maximum(n, 1) / total
    return weight.ravel()[cell], n.sum(axis=1)
