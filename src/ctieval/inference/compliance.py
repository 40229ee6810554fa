"""The effect on those who take part because they were drawn, for any design that has an estimator."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.special import stdtrit

from ctieval.domain.arrays import FloatArray
from ctieval.errors import EstimationError
from ctieval.inference.estimable import check_finite, check_yes_no
from ctieval.inference.estimate import Estimate

Estimator = Callable[[FloatArray], Estimate]
"""A design's estimator of an average effect: linear in the outcome, which is all that it takes."""


class Region(StrEnum):
    """What an Anderson-Rubin region looks like.

    ``BETWEEN``: an interval. ``OUTSIDE``: everything but what lies strictly between its two numbers. ``EVERYTHING``:
    the whole line; the data say nothing, since the draw may not have changed the take-up.
    """

    BETWEEN = "between"
    OUTSIDE = "outside"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class AndersonRubin:
    """All effects that the data do not contradict, however weakly the draw changed the take-up.

    Attributes:
        region: What it looks like.
        low: Lower number of the region; minus infinity for the whole line.
        high: Upper number of the region; infinity for the whole line.
        conf_level: Its level.
    """

    region: Region
    low: float
    high: float
    conf_level: float

    def holds(self, effect: float) -> bool:
        """Return whether an effect is in the region."""
        match self.region:
            case Region.OUTSIDE:
                return effect <= self.low or effect >= self.high
            case _:
                return self.low <= effect <= self.high


@dataclass(frozen=True, slots=True)
class ComplierEffect:
    """The effect on compliers.

    Attributes:
        total: The effect, its variance by the delta method, and degrees of freedom.
        on_outcome: Effect of the draw on the outcome.
        on_take_up: Effect of the draw on take-up: the share of compliers.
        region: Anderson and Rubin's confidence region.
    """

    total: Estimate
    on_outcome: Estimate
    on_take_up: Estimate
    region: AndersonRubin


def complier_effect(
    values: FloatArray, take_up: FloatArray, estimator: Estimator, *, conf_level: float = 0.95
) -> ComplierEffect:
    r"""Effect on those who take part if drawn and else not: the effect on the outcome over that on take-up.

    Estimand: the average effect on compliers. It needs that the draw changes the outcome by take-up alone, and nobody
    takes part only because she was not drawn.

    .. math::
        \hat\beta = \hat\tau_y / \hat\tau_d, \qquad
        \widehat V = \widehat V(y - \hat\beta d) / \hat\tau_d^2

    with the estimator and variance of the design for the outcome :math:`y - \hat\beta d`; for a complete draw it is
    two-stage least squares with HC2. Anderson and Rubin's region holds every :math:`\beta` for which the design finds
    no effect on :math:`y - \beta d`; it is right also where few take part.

    Args:
        values: Outcome, shape (n,), any unit; NaN where not observed.
        take_up: Whether or how much each took part, shape (n,); NaN where not observed.
        estimator: The estimator of the design, linear in the outcome, NaN counting in no cell.
        conf_level: Level of the region, in (0, 1).

    Returns:
        The effect on compliers, its parts, and the region.

    Raises:
        EstimationError: If a value is infinite.
        EstimationError: If the draw changed the take-up of nobody.
        EstimationError: As the estimator.

    References:
        Angrist, J. D., Imbens, G. W. & Rubin, D. B. (1996). Identification of causal effects using instrumental
        variables. Journal of the American Statistical Association 91(434), 444-455, doi:10.1080/01621459.1996.10476902.
        Anderson, T. W. & Rubin, H. (1949). Estimation of the parameters of a single equation in a complete system of
        stochastic equations. Annals of Mathematical Statistics 20(1), 46-63.

    Examples:
        >>> from ctieval.inference.small_blocks import hybrid_difference
        >>> y, drawn = np.array([1.0, 2, 3, 5, 4, 7, 8, 9]), np.array([0, 0, 0, 0, 1, 1, 1, 1])
        >>> took_part = np.array([0.0, 0, 0, 0, 0, 1, 1, 1])
        >>> found = complier_effect(y, took_part, lambda v: hybrid_difference(v, drawn, drawn * 0, ("",)).total)
        >>> round(found.total.estimate, 12), found.region.region.value
        (5.666666666667, 'between')
    """
    check_finite(values)
    check_finite(take_up, "the take-up")
    unknown = np.isnan(values) | np.isnan(take_up)
    y, d = np.where(unknown, np.nan, values), np.where(unknown, np.nan, take_up)
    on_outcome, on_take_up = estimator(y), estimator(d)
    if on_take_up.estimate == 0:
        raise EstimationError(
            what="there is no effect on those who took part",
            where="the take-up",
            found="the same take-up in both arms",
            expected="more who took part among those who were drawn",
            do="report the effect of being drawn",
        )
    beta = on_outcome.estimate / on_take_up.estimate
    left = estimator(y - beta * d)
    total = Estimate(beta, left.variance / on_take_up.estimate**2, left.df)
    scale = math.sqrt(on_outcome.variance / on_take_up.variance) if on_take_up.variance * on_outcome.variance else 1.0
    ahead, behind = estimator(y + scale * d).variance, estimator(y - scale * d).variance
    covariance = (ahead - behind) / (4 * scale)
    df = on_take_up.df if math.isnan(left.df) else left.df
    return ComplierEffect(
        total, on_outcome, on_take_up, anderson_rubin(on_outcome, on_take_up, covariance, df, conf_level)
    )


def anderson_rubin(
    on_outcome: Estimate, on_take_up: Estimate, covariance: float, df: float, conf_level: float
) -> AndersonRubin:
    r"""Solve Anderson and Rubin's inequality, which is of the second degree in the effect.

    .. math:: (\hat\tau_y - \beta \hat\tau_d)^2 \le t^2 (V_y - 2 \beta V_{yd} + \beta^2 V_d)

    Args:
        on_outcome: Effect of the draw on the outcome.
        on_take_up: Effect of the draw on take-up.
        covariance: Covariance of the two.
        df: Degrees of freedom of t; NaN (nothing varies) leaves the ratio alone.
        conf_level: Level, in (0, 1).

    Returns:
        The region; the ratio of the two effects is always in it.

    Examples:
        >>> anderson_rubin(Estimate(1.0, 1.0, 50), Estimate(0.1, 0.01, 50), 0.0, 50.0, 0.95).region.value
        'everything'
    """
    t = 0.0 if math.isnan(df) else float(stdtrit(df, (1 + conf_level) / 2))
    a = on_take_up.estimate**2 - t**2 * on_take_up.variance
    b = on_outcome.estimate * on_take_up.estimate - t**2 * covariance
    c = on_outcome.estimate**2 - t**2 * on_outcome.variance
    inside = b**2 - a * c
    if a > 0:
        root = math.sqrt(max(inside, 0.0))
        return AndersonRubin(Region.BETWEEN, (b - root) / a, (b + root) / a, conf_level)
    if a < 0 < inside:
        root = math.sqrt(inside)
        return AndersonRubin(Region.OUTSIDE, (b + root) / a, (b - root) / a, conf_level)
    if a == 0 and b != 0:
        end = c / (2 * b)
        low, high = (end, math.inf) if b > 0 else (-math.inf, end)
        return AndersonRubin(Region.BETWEEN, low, high, conf_level)
    return AndersonRubin(Region.EVERYTHING, -math.inf, math.inf, conf_level)


@dataclass(frozen=True, slots=True)
class ComplierMeans:
    """What compliers would have in either arm.

    Attributes:
        taking_part: Their mean if they take part.
        not_taking_part: Their mean if they do not.
        compliers: Share of compliers.
        one_sided: True where nobody who was not drawn took part, so that no one always takes part.
    """

    taking_part: Estimate
    not_taking_part: Estimate
    compliers: Estimate
    one_sided: bool


def complier_means(values: FloatArray, take_up: FloatArray, drawn: FloatArray, estimator: Estimator) -> ComplierMeans:
    r"""Mean outcomes of compliers, taking part and not.

    .. math::
        E[Y_1 \mid c] = \frac{\tau(y d)}{\tau(d)}, \qquad E[Y_0 \mid c] = \frac{\tau(y (1 - d))}{\tau(1 - d)}

    Args:
        values: Outcome, shape (n,), any unit; NaN where not observed.
        take_up: 1 for those who took part and 0 for others, shape (n,); NaN where not observed.
        drawn: 1 for the intervention and 0 for the control, shape (n,).
        estimator: The estimator of the design.

    Returns:
        The two means, whose difference is ``complier_effect``.

    Raises:
        EstimationError: If take-up is neither 0 nor 1.
        EstimationError: As ``complier_effect``.

    References:
        Abadie, A. (2002). Bootstrap tests for distributional treatment effects in instrumental variable models. Journal
        of the American Statistical Association 97(457), 284-292, doi:10.1198/016214502753479419.

    Examples:
        >>> from ctieval.inference.small_blocks import hybrid_difference
        >>> y, drawn = np.array([1.0, 2, 3, 6, 2, 7, 8, 9]), np.array([0, 0, 0, 0, 1, 1, 1, 1])
        >>> took_part = np.array([0.0, 0, 0, 0, 0, 1, 1, 1])
        >>> by_design = lambda v: hybrid_difference(v, drawn, drawn * 0, ("",)).total
        >>> found = complier_means(y, took_part, drawn, by_design)
        >>> round(found.taking_part.estimate, 6), round(found.not_taking_part.estimate, 6), found.one_sided
        (8.0, 3.333333, True)
    """
    check_yes_no(take_up)
    taking = complier_effect(values * take_up, take_up, estimator)
    leaving = complier_effect(values * (1 - take_up), 1 - take_up, estimator)
    one_sided = not bool((take_up[drawn == 0] == 1).any())
    return ComplierMeans(taking.total, leaving.total, taking.on_take_up, one_sided)
