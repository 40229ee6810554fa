"""How many persons come into the two arms, and how precise the difference between them then is.

Every sampling plan answers one question: given the variance of the outcome in each arm, what is the standard error of
the difference, and what are its degrees of freedom. The numbers need not be whole: a plan can be scaled to look for
the size that is needed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np

from ctieval.assignment.power.limits import check_number
from ctieval.domain.arrays import FloatArray

LEAST = 2


@dataclass(frozen=True, slots=True)
class Precision:
    """How precisely a difference between two arms is estimated.

    Attributes:
        std_error: Standard error, in the unit of the outcome.
        df: Degrees of freedom; infinite for a normal reference.
    """

    std_error: float
    df: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What characteristics known before the draw explain of the outcome.

    Attributes:
        share: R², the share of the variance between persons that they explain, in [0, 1).
        covariates: How many they are; each costs a degree of freedom.
    """

    share: float = 0.0
    covariates: int = 0

    def __post_init__(self) -> None:
        """A share that leaves something to explain."""
        check_number("share explained", self.share, holds=0 <= self.share < 1, expected="at least 0 and less than 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Persons:
    """Persons drawn from one pool.

    Attributes:
        control: Persons in the control.
        intervention: Persons in the intervention.
        explained: What characteristics explain.
    """

    control: float
    intervention: float
    explained: Explained = field(default_factory=Explained)

    def __post_init__(self) -> None:
        """Two persons an arm, else nothing varies."""
        _check_arm("persons in the control", self.control)
        _check_arm("persons in the intervention", self.intervention)

    @property
    def persons(self) -> float:
        """All persons."""
        return self.control + self.intervention

    @property
    def least_scale(self) -> float:
        """Factor at which the smaller arm is as small as it can be."""
        return LEAST / min(self.control, self.intervention)

    def scaled(self, factor: float) -> Persons:
        """Return the plan with so many times the persons in each arm."""
        return replace(self, control=self.control * factor, intervention=self.intervention * factor)

    def precision(self, variances: tuple[float, float]) -> Precision:
        r"""Return the precision of the difference in means.

        .. math::
            se^2 = (1 - R^2) \left( \frac{\sigma_0^2}{n_0} + \frac{\sigma_1^2}{n_1} \right), \quad
            df = \frac{(\sigma_0^2/n_0 + \sigma_1^2/n_1)^2}
                      {(\sigma_0^2/n_0)^2/(n_0-1) + (\sigma_1^2/n_1)^2/(n_1-1)} - g

        with Satterthwaite's degrees of freedom, and g characteristics.

        Args:
            variances: Variance of the outcome in the control and in the intervention.

        Examples:
            >>> precision = Persons(control=50, intervention=50).precision((1.0, 1.0))
            >>> precision.std_error, round(precision.df, 9)
            (0.2, 98.0)
        """
        sizes = np.array([[self.control, self.intervention]])
        return _cells(sizes, np.array([variances]), self.explained)


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledPersons(Persons):
    """Persons drawn from one pool, whose variance is taken to be the same in both arms; for comparison with others."""

    def precision(self, variances: tuple[float, float]) -> Precision:
        r"""Return the precision under one variance.

        .. math:: se^2 = (1 - R^2) \sigma^2 (1/n_0 + 1/n_1), \quad df = n_0 + n_1 - 2 - g

        Args:
            variances: Variance of the outcome in the control and in the intervention; their weighted mean counts.
        """
        common = (self.control * variances[0] + self.intervention * variances[1]) / self.persons
        variance = (1 - self.explained.share) * common * (1 / self.control + 1 / self.intervention)
        return Precision(math.sqrt(variance), self.persons - 2 - self.explained.covariates)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """Persons drawn within blocks, such as municipalities.

    Attributes:
        control: Persons in the control, one number a block.
        intervention: Persons in the intervention, one number a block.
        between: Share of the variance of the outcome that lies between the blocks, in [0, 1).
        explained: What characteristics explain of the variance within blocks.
    """

    control: tuple[float, ...]
    intervention: tuple[float, ...]
    between: float = 0.0
    explained: Explained = field(default_factory=Explained)

    def __post_init__(self) -> None:
        """Two persons in each arm of each block."""
        check_number(
            "blocks", len(self.control), holds=len(self.control) == len(self.intervention) > 0, expected="as many"
        )
        for number, size in enumerate((*self.control, *self.intervention)):
            _check_arm(f"persons in an arm of block {number % len(self.control) + 1}", size)
        check_number(
            "share between blocks", self.between, holds=0 <= self.between < 1, expected="at least 0, less than 1"
        )

    @property
    def persons(self) -> float:
        """All persons."""
        return sum(self.control) + sum(self.intervention)

    @property
    def least_scale(self) -> float:
        """Factor at which the smallest arm of a block is as small as it can be."""
        return LEAST / min(*self.control, *self.intervention)

    def scaled(self, factor: float) -> Blocks:
        """Return the plan with so many times the persons in each arm of each block."""
        control, intervention = (tuple(each * factor for each in arm) for arm in (self.control, self.intervention))
        return replace(self, control=control, intervention=intervention)

    def precision(self, variances: tuple[float, float]) -> Precision:
        r"""Return the precision of the difference within blocks, averaged by persons.

        .. math::
            se^2 = (1 - \rho_b)(1 - R^2) \sum_b \left(\frac{n_b}{n}\right)^2
                   \left( \frac{\sigma_0^2}{n_{b0}} + \frac{\sigma_1^2}{n_{b1}} \right)

        with :math:`\rho_b` between the blocks, and Satterthwaite's degrees of freedom over all cells.

        Args:
            variances: Variance of the outcome in the control and in the intervention, over all blocks.

        Examples:
            >>> two = Blocks(control=(25, 25), intervention=(25, 25), between=0.19)
            >>> round(two.precision((1.0, 1.0)).std_error, 12)
            0.18
        """
        sizes = np.column_stack([self.control, self.intervention]).astype(np.float64)
        within = np.tile(np.array(variances) * (1 - self.between), (len(sizes), 1))
        return _cells(sizes, within, self.explained)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clusters:
    """Whole clusters drawn, such as jobcentres or caseworkers.

    Attributes:
        control: Clusters in the control.
        intervention: Clusters in the intervention.
        size: Mean number of persons in a cluster.
        icc: Share of the variance of the outcome that lies between the clusters, in [0, 1].
        size_cv: Coefficient of variation of the number of persons in a cluster.
        explained_between: Share of the variance between clusters that characteristics explain.
        explained: What characteristics explain of the variance within clusters.
    """

    control: float
    intervention: float
    size: float
    icc: float
    size_cv: float = 0.0
    explained_between: float = 0.0
    explained: Explained = field(default_factory=Explained)

    def __post_init__(self) -> None:
        """Two clusters an arm, and shares that are shares."""
        _check_arm("clusters in the control", self.control)
        _check_arm("clusters in the intervention", self.intervention)
        check_number("persons in a cluster", self.size, holds=self.size >= 1, expected="at least 1")
        check_number("icc", self.icc, holds=0 <= self.icc <= 1, expected="from 0 to 1")
        check_number("size_cv", self.size_cv, holds=self.size_cv >= 0, expected="0 or more")
        check_number(
            "share explained", self.explained_between, holds=0 <= self.explained_between < 1, expected="0 to 1"
        )

    @property
    def persons(self) -> float:
        """All persons."""
        return (self.control + self.intervention) * self.size

    @property
    def design_effect(self) -> float:
        """How many times larger the variance is than that of as many persons drawn one by one.

        Examples:
            >>> round(Clusters(control=9, intervention=9, size=20, icc=0.05, size_cv=0.4).design_effect, 12)
            2.11
        """
        return 1 + ((1 + self.size_cv**2) * self.size - 1) * self.icc

    @property
    def least_scale(self) -> float:
        """Factor at which the smaller arm is as small as it can be."""
        return LEAST / min(self.control, self.intervention)

    def scaled(self, factor: float) -> Clusters:
        """Return the plan with so many times the clusters in each arm, each of the same size."""
        return replace(self, control=self.control * factor, intervention=self.intervention * factor)

    def precision(self, variances: tuple[float, float]) -> Precision:
        r"""Return the precision of the difference in means, its degrees of freedom counted in clusters.

        .. math::
            se^2 = \sum_a \frac{\sigma_a^2}{J_a \bar m}
                   \left[ (1 - \rho)(1 - R^2) + (1 + c^2) \bar m \rho (1 - R_J^2) \right]

        with J clusters of :math:`\bar m` persons on average and coefficient of variation c. Without
        characteristics the bracket is the design effect.

        Args:
            variances: Variance of the outcome in the control and in the intervention.

        References:
            Eldridge, S. M., Ashby, D. & Kerry, S. (2006). Sample size for cluster randomized trials: effect of
            coefficient of variation of cluster size and analysis method. International Journal of Epidemiology
            35(5), 1292-1300, doi:10.1093/ije/dyl129.
            Bloom, H. S. (2005). Randomizing groups to evaluate place-based programs. In Learning More from Social
            Experiments, ch. 4. Russell Sage Foundation: both R² and the degrees of freedom.
        """
        within = (1 - self.icc) * (1 - self.explained.share)
        between = (1 + self.size_cv**2) * self.size * self.icc * (1 - self.explained_between)
        clusters = np.array([[self.control, self.intervention]])
        inflated = np.array([variances]) * (within + between) / self.size
        return _cells(clusters, inflated, Explained(covariates=self.explained.covariates))


Sampling: TypeAlias = Persons | Blocks | Clusters
"""A plan of how many persons there are, and how they are drawn."""


def _cells(sizes: FloatArray, variances: FloatArray, explained: Explained) -> Precision:
    """Precision from the sizes and variances of the cells, shape (blocks, 2) each."""
    weight = sizes.sum(axis=1, keepdims=True) / sizes.sum()
    parts = weight**2 * variances * (1 - explained.share) / sizes
    total = float(parts.sum())
    if total == 0:
        return Precision(0.0, float(sizes.sum() - sizes.size - explained.covariates))
    df = total**2 / float((parts**2 / (sizes - 1)).sum()) - explained.covariates
    check_number("degrees of freedom", df, holds=df > 0, expected="more persons or clusters than characteristics")
    return Precision(math.sqrt(total), df)


def _check_arm(what: str, size: float) -> None:
    check_number(what, size, holds=size >= LEAST * (1 - 1e-9), expected=f"at least {LEAST}")
