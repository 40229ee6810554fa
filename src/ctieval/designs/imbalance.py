"""How far the arms of a draw lie apart on covariates, measured against what the design makes of them by chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.designs.joint import joint_by_quotas
from ctieval.designs.quotas import Quotas
from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.domain.entrants import Entrants
from ctieval.errors import DesignError

RANK_TOLERANCE = 1e-10
"""Covariates whose imbalance varies less than this, relative to the largest, say nothing that the others do not."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Imbalance:
    """The Mahalanobis distance between the arms of a draw.

    Attributes:
        scored: Covariates by person, centred within blocks and standardised, shape (n, p).
        inverse: Inverse probability of each person's arms, shape (n, arms).
        whitening: What turns the stacked differences into uncorrelated ones of variance 1, shape (p * (arms - 1), df).
    """

    scored: FloatArray
    inverse: FloatArray
    whitening: FloatArray

    @property
    def df(self) -> int:
        """Number of differences that can vary freely: the mean of the distance over all draws."""
        return self.whitening.shape[1]

    def distances(self, arm: IntArray) -> FloatArray:
        r"""Return the distance of each draw.

        .. math:: M = d^\top \mathrm{Cov}(d)^{-1} d, \quad d_k = \frac{1}{n} \sum_i
            \Big(\frac{1[A_i = k]}{\pi_{ik}} - \frac{1[A_i = 0]}{\pi_{i0}}\Big) (x_i - \bar x_{b(i)})

        with d the differences of all interventions from the control, stacked. Where numbers are fixed, as in a
        complete draw, d is the difference in means; in blocks it is the difference within blocks, averaged by
        persons.

        Args:
            arm: Arms by draw and person, shape (draws, n).

        Returns:
            Distances, shape (draws,).
        """
        control = np.where(arm == 0, self.inverse[:, 0], 0) @ self.scored
        arms = range(1, self.inverse.shape[1])
        differences = [np.where(arm == k, self.inverse[:, k], 0) @ self.scored - control for k in arms]
        return ((np.hstack(differences) / len(self.scored) @ self.whitening) ** 2).sum(axis=1)

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Imbalance({len(self.scored)} persons, {self.df} degrees of freedom)"


def measure_imbalance(quotas: Quotas, entrants: Entrants) -> Imbalance:
    r"""Lay the distance upon those who enter, by the exact joint law of the design.

    With :math:`z_u` the sum of the centred covariates of unit u, which add up to 0 in every block,

    .. math:: \mathrm{Cov}(d_k, d_l) = \frac{1}{n^2} \sum_b \Big(\sum_{u \in b} z_u z_u^\top\Big)
        \Big(\sum_a \pi_{ba} g_{ka} g_{la} - \sum_{a,c} \pi_{bac} g_{ka} g_{lc}\Big), \quad
        g_{ka} = \frac{1[a = k]}{\pi_{bk}} - \frac{1[a = 0]}{\pi_{b0}}

    where :math:`\pi_{bac}` is the joint probability of two different units of block b. Nothing is approximated, and
    what is drawn in one block does not depend on another once the covariates are centred.

    Args:
        quotas: The design that is drawn from again and again, laid upon those who enter it.
        entrants: The same persons, with their covariates.

    Returns:
        The distance.

    Raises:
        DesignError: If there is no covariate, if one is missing for a person, or if none varies within blocks.

    References:
        Morgan, K. L. & Rubin, D. B. (2012). Rerandomization to improve covariate balance in experiments. Annals of
        Statistics 40(2), 1263-1282, doi:10.1214/12-AOS1008.

    Examples:
        >>> from ctieval.designs.quotas import build_quotas
        >>> from ctieval.domain.design import Complete
        >>> persons = Entrants(*(np.full(4, "", dtype=object),) * 2, covariates=np.array([[1.0], [2.0], [3.0], [4.0]]))
        >>> imbalance = measure_imbalance(build_quotas(Complete(2), persons), persons)
        >>> imbalance.distances(np.array([[0, 1, 1, 0], [0, 0, 1, 1]])).round(12)
        array([0. , 2.4])
    """
    scored = _score(quotas, entrants)
    joint = joint_by_quotas(quotas)
    p, contrasts = scored.shape[1], quotas.arms - 1
    totals = np.zeros((len(quotas.unit_block), p))
    np.add.at(totals, quotas.unit, scored)
    covariance = np.zeros((contrasts, p, contrasts, p))
    for block, probability in enumerate(joint.marginal):
        own = totals[quotas.unit_block == block]
        g = np.column_stack([-np.ones(contrasts), np.eye(contrasts)]) / probability
        factor = (g * probability) @ g.T - g @ joint.within(block) @ g.T
        covariance += factor[:, None, :, None] * (own.T @ own)[None, :, None, :]
    values, vectors = np.linalg.eigh(covariance.reshape(contrasts * p, -1) / len(scored) ** 2)
    if values.max() * len(scored) <= RANK_TOLERANCE:
        raise _no_variation(entrants)
    kept = values > RANK_TOLERANCE * values.max()
    return Imbalance(scored, 1 / joint.marginal[quotas.block], vectors[:, kept] / np.sqrt(values[kept]))


def _score(quotas: Quotas, entrants: Entrants) -> FloatArray:
    """Centre the covariates within blocks, and put those that vary on one scale."""
    covariates = entrants.covariates
    if missing := int(np.isnan(covariates).any(axis=1).sum()):
        raise _refusal(
            found=f"{missing} {'person' if missing == 1 else 'persons'} without a value",
            expected="a number for everybody",
            do="complete the covariates, or balance on others",
        )
    counts = np.bincount(quotas.block)
    means = [np.bincount(quotas.block, weights=column) / counts for column in covariates.T]
    centred = covariates - np.array(means).T.reshape(len(counts), -1)[quotas.block]
    scale = centred.std(axis=0)
    varies = scale > RANK_TOLERANCE * np.maximum(np.abs(covariates).max(axis=0, initial=0), 1)
    if not varies.any():
        raise _no_variation(entrants)
    return centred[:, varies] / scale[varies]


def _no_variation(entrants: Entrants) -> DesignError:
    return _refusal(
        found=f"{entrants.covariates.shape[1]} covariates, none of which varies within the blocks of the draw",
        expected="at least one in which those who are drawn differ",
        do="name other covariates, or draw without balancing",
    )


def _refusal(*, found: str, expected: str, do: str) -> DesignError:
    return DesignError(
        what="the draws cannot be compared on the covariates",
        where="the covariates of the design",
        found=found,
        expected=expected,
        do=do,
    )
