"""From a stated range to the distribution that has it; what is drawn from it lives in ``sensitivity``."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol

import numpy as np
from scipy import special, stats
from scipy.optimize import brentq

from ctieval.domain.arrays import FloatArray
from ctieval.domain.parameter import Distribution, Parameter
from ctieval.errors import InputError

SYMMETRIC = 1e-6
"""A normal range may be off its middle by this part of its width: ends are written in decimals."""

_WIDEST = 25.0
"""Logarithms of shapes, and logits of means, are looked for within this distance of nil."""


class Margin(Protocol):
    """A distribution as its inverse."""

    def ppf(self, q: FloatArray) -> FloatArray:
        """Values below which the distribution has the given chances."""
        ...


def to_margin(parameter: Parameter) -> Margin:
    r"""Find the distribution of a declared kind whose central range is the one declared.

    With coverage :math:`c` and tail :math:`t = (1 - c)/2` the ends of the range are the quantiles at :math:`t` and
    :math:`1 - t`. Gamma, beta and normal have two parameters, which the two ends settle: the base of gamma and beta is
    what the headline uses, and need not be their mean. A triangle has the base as its peak and is widened until
    :math:`t` lies outside either end; with coverage 1 the ends are its own.

    Args:
        parameter: The parameter.

    Raises:
        InputError: If the base is not within the range, or the range has no width.
        InputError: If the coverage is not between 0 and 1, or is 1 for anything but a triangle.
        InputError: If a range does not fit its distribution: gamma below nil, a share beyond 0 or 1, a normal range
            whose base is not its middle, or a range too narrow or too wide to be had.

    References:
        Briggs, A., Sculpher, M., & Claxton, K. (2006). Decision modelling for health economic evaluation, ch. 4. Oxford
        University Press.
        O'Hagan, A., et al. (2006). Uncertain judgements: Eliciting experts' probabilities, ch. 6. Wiley.

    Examples:
        >>> hours = Parameter("hours", 40, 30, 55, Distribution.GAMMA)
        >>> to_margin(hours).ppf(np.array([0.1, 0.9])).round(6)
        array([30., 55.])
    """
    check_parameter(parameter)
    try:
        return _FIT[parameter.distribution](parameter)
    except ValueError:
        raise _wrong(parameter, "a range that the distribution can have: neither a point nor beyond measure") from None


def check_parameter(parameter: Parameter) -> None:
    """Refuse a range that contradicts itself or its distribution.

    Args:
        parameter: The parameter.

    Raises:
        InputError: As ``to_margin``, but for a range too narrow or too wide.
    """
    kind, low, base, high = parameter.distribution, parameter.low, parameter.base, parameter.high
    if not (low <= base <= high and low < high):
        raise _wrong(parameter, "low <= base <= high, and a range that has a width")
    if not (0 < parameter.coverage < 1 or (parameter.coverage == 1 and kind is Distribution.TRIANGULAR)):
        raise _wrong(parameter, "a coverage between 0 and 1; 1 only for a triangle, whose ends can be its own")
    if kind is Distribution.GAMMA and low <= 0:
        raise _wrong(parameter, "a range above nil")
    if kind is Distribution.BETA and not (low > 0 and high < 1):
        raise _wrong(parameter, "a range within 0 and 1, without its ends")
    if kind is Distribution.NORMAL and abs(low + high - 2 * base) > SYMMETRIC * (high - low):
        raise _wrong(parameter, "a base in the middle of the range, or a distribution that is not symmetric")


def _wrong(parameter: Parameter, expected: str) -> InputError:
    found = f"{parameter.distribution.value}: {parameter.low:g}, {parameter.base:g}, {parameter.high:g}"
    return InputError(
        what="the range of a parameter contradicts itself",
        where=f"parameter {parameter.key}",
        found=f"{found}, coverage {parameter.coverage:g}",
        expected=expected,
        do="mend the range, or name another distribution",
    )


def _tail(parameter: Parameter) -> float:
    return (1 - parameter.coverage) / 2


def _fit_normal(parameter: Parameter) -> Margin:
    half = (parameter.high - parameter.low) / 2
    return stats.norm(parameter.base, half / float(special.ndtri(1 - _tail(parameter))))


def _fit_gamma(parameter: Parameter) -> Margin:
    """The ratio of the two quantiles falls as the shape grows, whatever the scale."""
    tail = _tail(parameter)

    def off(log_shape: float) -> float:
        low, high = special.gammaincinv(np.exp(log_shape), [tail, 1 - tail])
        return np.log(high) - np.log(max(low, np.finfo(np.float64).tiny)) - np.log(parameter.high / parameter.low)

    shape = float(np.exp(_root(off, -5, _WIDEST)))
    return stats.gamma(shape, scale=parameter.high / float(special.gammaincinv(shape, 1 - tail)))


def _fit_beta(parameter: Parameter) -> Margin:
    """For each concentration the mean that has the low end; the high end then falls as the concentration grows."""
    tail = _tail(parameter)

    def mean_at(concentration: float) -> float:
        def off_low(logit: float) -> float:
            mean = special.expit(logit)
            chance = special.betainc(mean * concentration, (1 - mean) * concentration, parameter.low)
            return float(chance) - tail

        return float(special.expit(_root(off_low, -_WIDEST, _WIDEST)))

    def off_high(log_concentration: float) -> float:
        concentration = np.exp(log_concentration)
        mean = mean_at(concentration)
        chance = special.betainc(mean * concentration, (1 - mean) * concentration, parameter.high)
        return float(chance) - (1 - tail)

    concentration = float(np.exp(_root(off_high, -3, _WIDEST)))
    mean = mean_at(concentration)
    return stats.beta(mean * concentration, (1 - mean) * concentration)


def _fit_triangular(parameter: Parameter) -> Margin:
    r"""The peak's rank solves :math:`q (s - \sqrt{ts}) = p (1 - s - \sqrt{t(1-s)})`, p and q being the half widths."""
    tail = _tail(parameter)
    below, above = parameter.base - parameter.low, parameter.high - parameter.base

    def off(rank: float) -> float:
        return above * _beyond(rank, tail) - below * _beyond(1 - rank, tail)

    rank = _root(off, tail, 1 - tail)
    width = (below + above) / (_beyond(rank, tail) + _beyond(1 - rank, tail))
    return stats.triang(rank, loc=parameter.base - width * rank, scale=width)


def _beyond(rank: float, tail: float) -> float:
    return rank - math.sqrt(tail * rank)


def _root(off: Callable[[float], float], low: float, high: float) -> float:
    return float(brentq(off, low, high, xtol=1e-14))  # pyright: ignore[reportArgumentType]


_FIT: dict[Distribution, Callable[[Parameter], Margin]] = {
    Distribution.NORMAL: _fit_normal,
    Distribution.GAMMA: _fit_gamma,
    Distribution.BETA: _fit_beta,
    Distribution.TRIANGULAR: _fit_triangular,
}
