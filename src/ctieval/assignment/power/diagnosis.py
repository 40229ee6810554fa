"""What many simulated trials tell of one: bias, spread, coverage, power, and errors of sign and magnitude."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class Simulated:
    """A number that was found by simulation.

    Attributes:
        value: The number; NaN where no trial tells it.
        mc_error: Its Monte Carlo standard error.
    """

    value: float
    mc_error: float


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What a design does, over many trials with a known effect.

    Attributes:
        trials: Number of trials.
        effect: The true effect, in the unit of the outcome.
        bias: Mean estimate less the true effect.
        spread: Standard deviation of the estimates.
        std_error: Mean of the estimated standard errors.
        coverage: Share of the intervals that hold the true effect.
        power: Share of the trials with a finding.
        type_s: Share of the findings with the wrong sign.
        type_m: Mean of the findings' size over the true effect: how much a finding exaggerates.
    """

    trials: int
    effect: float
    bias: Simulated
    spread: Simulated
    std_error: Simulated
    coverage: Simulated
    power: Simulated
    type_s: Simulated
    type_m: Simulated


@dataclass(frozen=True, slots=True, eq=False)
class Trials:
    """Results of simulated trials, each array of shape (trials,).

    Attributes:
        estimate: Estimates.
        std_error: Standard errors.
        conf_low: Lower ends of the intervals.
        conf_high: Upper ends; where no cell varied, both ends are NaN and there is neither finding nor cover.
        effect: True effects of each trial.
    """

    estimate: FloatArray
    std_error: FloatArray
    conf_low: FloatArray
    conf_high: FloatArray
    effect: FloatArray


def diagnose(trials: Trials) -> Diagnosis:
    r"""Summarise simulated trials.

    The Monte Carlo error of a mean is :math:`s / \sqrt{R}`, of a share :math:`\sqrt{p(1-p)/R}`, and of a standard
    deviation :math:`s \sqrt{(\kappa - 1) / (4R)}` with the kurtosis :math:`\kappa` of the estimates.

    Args:
        trials: The trials, at least two.

    References:
        Gelman, A. & Carlin, J. (2014). Beyond power calculations: assessing type S (sign) and type M (magnitude)
        errors. Perspectives on Psychological Science 9(6), 641-651, doi:10.1177/1745691614551642.
        Morris, T. P., White, I. R. & Crowther, M. J. (2019). Using simulation studies to evaluate statistical
        methods. Statistics in Medicine 38(11), 2074-2102, doi:10.1002/sim.8086, table 6.

    Examples:
        >>> three = np.array([1.0, 2.0, 3.0])
        >>> diagnose(Trials(three, three / three, three - 1.5, three + 1.5, three * 0 + 2)).coverage.value
        1.0
    """
    effect, found = float(trials.effect.mean()), (trials.conf_low > 0) | (trials.conf_high < 0)
    wrong = np.sign(trials.estimate) != np.sign(trials.effect)
    with np.errstate(divide="ignore", invalid="ignore"):
        exaggeration = np.abs(trials.estimate / trials.effect)
    tells = found & (trials.effect != 0)
    return Diagnosis(
        trials=len(trials.estimate),
        effect=effect,
        bias=_mean(trials.estimate - trials.effect),
        spread=_spread(trials.estimate),
        std_error=_mean(trials.std_error),
        coverage=_share((trials.conf_low <= trials.effect) & (trials.effect <= trials.conf_high)),
        power=_share(found),
        type_s=_share(wrong[tells]),
        type_m=_mean(exaggeration[tells]),
    )


def _mean(values: FloatArray) -> Simulated:
    if len(values) == 0:
        return Simulated(math.nan, math.nan)
    return Simulated(float(values.mean()), float(values.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else 0)


def _share(holds: BoolArray) -> Simulated:
    if len(holds) == 0:
        return Simulated(math.nan, math.nan)
    share = float(holds.mean())
    return Simulated(share, math.sqrt(share * (1 - share) / len(holds)))


def _spread(values: FloatArray) -> Simulated:
    spread = float(values.std(ddof=1))
    if spread == 0:
        return Simulated(0.0, 0.0)
    kurtosis = float((((values - values.mean()) / spread) ** 4).mean())
    return Simulated(spread, spread * math.sqrt(max(kurtosis - 1, 0) / (4 * len(values))))
