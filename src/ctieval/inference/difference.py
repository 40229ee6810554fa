"""The difference in means, plain and blocked, with Neyman's variance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.inference.cells import Cells, count_cells
from ctieval.inference.estimate import satterthwaite


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """A difference in means, and what its variance is made of.

    Attributes:
        estimate: Difference in the unit of the outcome.
        variance: Neyman's variance, in the unit squared.
        parts: Share of each cell in the variance, shape (blocks, 2); they add up to ``variance``.
        n: Persons with a value, shape (blocks, 2).
    """

    estimate: float
    variance: float
    parts: FloatArray
    n: FloatArray


def difference_in_means(values: FloatArray, arm: IntArray) -> Difference:
    r"""Difference in means of two arms.

    Estimand: the average effect on the persons drawn, and on the population they stand for.

    .. math::
        \hat\tau = \bar y_1 - \bar y_0, \qquad \widehat V = \frac{s_1^2}{n_1} + \frac{s_0^2}{n_0}

    Args:
        values: Outcome, shape (n,), any unit; NaN where not observed.
        arm: 0 or 1, shape (n,); at least two persons with a value in each.

    Returns:
        Estimate and variance in the unit of ``values`` and its square.

    References:
        Neyman, J. (1923/1990). On the application of probability theory to agricultural experiments.
        Statistical Science 5(4), 465-472.
        Imbens, G. W. & Rubin, D. B. (2015). Causal Inference for Statistics, Social, and Biomedical
        Sciences, ch. 6. Cambridge University Press.

    Examples:
        >>> difference_in_means(np.array([1.0, 2.0, 3.0, 6.0]), np.array([0, 0, 1, 1])).estimate
        3.0
    """
    return blocked_difference(values, arm, np.zeros(len(arm), dtype=np.int64), 1)


def blocked_difference(values: FloatArray, arm: IntArray, block: IntArray, n_blocks: int) -> Difference:
    r"""Difference in means within blocks, averaged over the blocks by their number of persons.

    Estimand: the average effect, each person counting once, whatever the probabilities of the blocks.

    .. math::
        \hat\tau = \sum_b \frac{n_b}{n}(\bar y_{b1} - \bar y_{b0}), \qquad
        \widehat V = \sum_b \Big(\frac{n_b}{n}\Big)^2 \Big(\frac{s_{b1}^2}{n_{b1}} + \frac{s_{b0}^2}{n_{b0}}\Big)

    Args:
        values: Outcome, shape (n,), any unit; NaN where not observed.
        arm: 0 or 1, shape (n,).
        block: Number of the block from 0, shape (n,); at least two persons with a value in each arm of each.
        n_blocks: Number of blocks.

    Returns:
        Estimate and variance in the unit of ``values`` and its square.

    References:
        Imbens, G. W. & Rubin, D. B. (2015). Causal Inference for Statistics, Social, and Biomedical
        Sciences, ch. 9. Cambridge University Press.

    Examples:
        >>> y = np.array([1.0, 2.0, 3.0, 4.0, 0.0, 1.0, 1.0, 2.0])
        >>> arm = np.array([0, 0, 1, 1, 0, 0, 1, 1])
        >>> block = np.array([0, 0, 0, 0, 1, 1, 1, 1])
        >>> blocked_difference(y, arm, block, 2).estimate
        1.5
    """
    cells = count_cells(values, arm, block, n_blocks)
    share = cells.n.sum(axis=1) / cells.n.sum()
    parts = share[:, None] ** 2 * _variance_of_mean(cells)
    estimate = float(share @ (cells.mean[:, 1] - cells.mean[:, 0]))
    return Difference(estimate, float(parts.sum()), parts, cells.n)


def satterthwaite_df(difference: Difference) -> float:
    r"""Degrees of freedom that match the first two moments of the variance estimate.

    .. math:: \nu = \frac{\widehat V^2}{\sum_c \widehat V_c^2 / (n_c - 1)}

    where :math:`\widehat V_c` is the part of cell :math:`c`. For two arms without blocks these are Welch's.

    Returns:
        Degrees of freedom; NaN where no cell varies.

    References:
        Satterthwaite, F. E. (1946). An approximate distribution of estimates of variance components.
        Biometrics Bulletin 2(6), 110-114. doi:10.2307/3002019.
    """
    return satterthwaite(difference.parts, difference.n - 1)


def units_minus_cells_df(difference: Difference) -> float:
    """Persons less two a block: the degrees of freedom that R's estimatr uses for blocks, kept for golden values."""
    return float(difference.n.sum() - difference.n.size)


def _variance_of_mean(cells: Cells) -> FloatArray:
    return cells.squares / (cells.n - 1) / cells.n
