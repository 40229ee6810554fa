"""Power of tests that other programs reckon with, by the names they have there; ours is ``detect``."""

from __future__ import annotations

import math

from scipy import stats

from ctieval.assignment.power.rejection import Alternative, SignificanceTest, power_of
from ctieval.assignment.power.sampling import Persons, Precision


def power_pooled_null(control: float, intervention: float, persons: Persons, test: SignificanceTest) -> float:
    r"""Return the power of the z-test of two shares whose variance under no effect is pooled.

    .. math:: \Phi\left( \frac{|p_1 - p_0| - z_{1-\alpha/2} \sqrt{\bar p (1-\bar p)(1/n_0 + 1/n_1)}}
                              {\sqrt{p_0(1-p_0)/n_0 + p_1(1-p_1)/n_1}} \right)

    with the mean share weighted by persons; ``power.prop.test`` of R, whose ``strict`` is ``TWO_SIDED`` here.

    Args:
        control: Share in the control.
        intervention: Share in the intervention.
        persons: Persons in each arm.
        test: The test.

    References:
        Fleiss, J. L., Levin, B. & Paik, M. C. (2003). Statistical Methods for Rates and Proportions, 3rd ed., ch. 4.

    Examples:
        >>> near = SignificanceTest(0.05, Alternative.NEAR_SIDE)
        >>> round(power_pooled_null(0.3, 0.4, Persons(control=250, intervention=250), near), 4)
        0.6503
    """
    pooled = (control * persons.control + intervention * persons.intervention) / persons.persons
    spread = math.sqrt(pooled * (1 - pooled) * (1 / persons.control + 1 / persons.intervention))
    own = math.sqrt(
        control * (1 - control) / persons.control + intervention * (1 - intervention) / persons.intervention
    )
    critical, effect = float(stats.norm.isf(test.tail)) * spread, abs(intervention - control)
    near = float(stats.norm.sf((critical - effect) / own))
    return near + float(stats.norm.sf((critical + effect) / own)) if _both(test) else near


def arcsine_difference(control: float, intervention: float) -> float:
    r"""Return Cohen's h, :math:`2 \arcsin \sqrt{p_1} - 2 \arcsin \sqrt{p_0}`.

    Args:
        control: Share in the control.
        intervention: Share in the intervention.

    References:
        Cohen, J. (1988). Statistical Power Analysis for the Behavioral Sciences, 2nd ed., ch. 6.
    """
    return 2 * math.asin(math.sqrt(intervention)) - 2 * math.asin(math.sqrt(control))


def power_arcsine(control: float, intervention: float, persons: Persons, test: SignificanceTest) -> float:
    """Return the power of the test of two shares turned by the arcsine, whose variance is 1/n; ``pwr.2p2n.test``.

    Args:
        control: Share in the control.
        intervention: Share in the intervention.
        persons: Persons in each arm.
        test: The test.

    Examples:
        >>> round(power_arcsine(0.3, 0.4, Persons(control=200, intervention=400), SignificanceTest()), 4)
        0.6797
    """
    std_error = math.sqrt(1 / persons.control + 1 / persons.intervention)
    return power_of(arcsine_difference(control, intervention), Precision(std_error, math.inf), test)


def power_all_arms(spread: float, persons_per_arm: float, *, arms: int, alpha: float = 0.05) -> float:
    r"""Return the power of the F test that all arms have the same mean; ``pwr.anova.test``.

    .. math:: 1 - F_{k-1,\, k(n-1),\, k n f^2}(F_{1-\alpha})

    Args:
        spread: Cohen's f, the standard deviation of the arms' means in units of that between persons.
        persons_per_arm: Persons in each arm.
        arms: Number of arms, the control included.
        alpha: Level of the test.

    References:
        Cohen, J. (1988). Statistical Power Analysis for the Behavioral Sciences, 2nd ed., ch. 8.

    Examples:
        >>> round(power_all_arms(0.15, 143.739423138984, arms=3), 6)
        0.8
    """
    between, within = arms - 1, arms * (persons_per_arm - 1)
    critical = stats.f.isf(alpha, between, within)
    return float(stats.ncf.sf(critical, between, within, arms * persons_per_arm * spread**2))


def power_shares_of_all_arms(effect: float, persons: float, *, df: int, alpha: float = 0.05) -> float:
    r"""Return the power of the chi-squared test; ``pwr.chisq.test``.

    .. math:: 1 - F_{\chi^2_{df},\, N w^2}(\chi^2_{1-\alpha, df})

    Args:
        effect: Cohen's w.
        persons: All persons.
        df: Degrees of freedom; for a yes or no, the number of arms less one.
        alpha: Level of the test.

    References:
        Cohen, J. (1988). Statistical Power Analysis for the Behavioral Sciences, 2nd ed., ch. 7.

    Examples:
        >>> round(power_shares_of_all_arms(0.15, 428.208394204378, df=2), 6)
        0.8
    """
    return float(stats.ncx2.sf(stats.chi2.isf(alpha, df), df, persons * effect**2))


def _both(test: SignificanceTest) -> bool:
    return test.alternative is Alternative.TWO_SIDED
