"""One account under one scenario; which scenarios there are is fixed in the plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ctieval.domain.arrays import FloatArray
from ctieval.domain.effect_table import Effect
from ctieval.domain.outlook import ScenarioResult
from ctieval.domain.outlook_plan import Scenario
from ctieval.domain.units import Unit
from ctieval.economics.outlook.streams import AFTER, GAIN, KEPT, NET
from ctieval.inference.by_design import DesignEstimate
from ctieval.inference.interval import student_interval


def describe_scenario(
    found: DesignEstimate, place: slice, scenario: Scenario, draws: FloatArray | None, *, account: str
) -> ScenarioResult:
    r"""Describe the net present value of one account under one scenario.

    A scenario is a sum over each person's own months, so that its interval is the design's. Where it is cautious, the
    gains :math:`D` and all else :math:`C`, mainly the services, are each put at the lower end of their interval of the
    cautious level, :math:`S = \underline{D} + \underline{C}`: the effect at its worse end, and the cost at its. That
    moves the interval and the resamples and leaves their width.

    Args:
        found: Estimates of which four are the columns of the scenario.
        place: Their places.
        scenario: The scenario.
        draws: The same four of every resample, shape (replicates, 4); None where there are none.
        account: Name of the account.
    """
    first = place.start
    shift = _caution(found, first + GAIN, scenario) + _caution(found, first + KEPT, scenario)
    effect = to_kroner(found, first + NET, outcome=f"{account}.net_result.{scenario.name}", shift=shift)
    extrapolated = float(found.estimate[first + AFTER])
    return ScenarioResult(
        scenario=scenario,
        effect=effect,
        observed=effect.estimate - extrapolated,
        extrapolated=extrapolated,
        share_above_zero=None if draws is None else float((draws[:, NET] + shift > 0).mean()),
    )


def to_kroner(found: DesignEstimate, number: int, *, outcome: str, shift: float = 0.0) -> Effect:
    """Return an estimate as kroner per person drawn, moved by a constant; its interval is a point if nobody differs.

    Args:
        found: The estimates.
        number: Which one.
        outcome: Its name.
        shift: Kroner that are added to it.
    """
    effect = found.to_effect(number, outcome=outcome, unit=Unit.DKK, window="")
    estimate = effect.estimate + shift
    if not effect.std_error > 0:
        return replace(effect, estimate=estimate, conf_low=estimate, conf_high=estimate)
    student = student_interval(
        np.array([estimate]), np.array([effect.std_error]), np.array([effect.df]), found.conf_level
    )
    return replace(
        effect,
        estimate=estimate,
        statistic=float(student.statistic[0]),
        p_value=float(student.p_value[0]),
        conf_low=float(student.conf_low[0]),
        conf_high=float(student.conf_high[0]),
    )


def _caution(found: DesignEstimate, number: int, scenario: Scenario) -> float:
    """From the estimate down to the lower end of its interval of the cautious level."""
    if scenario.cautious_level is None or not found.std_error[number] > 0:
        return 0.0
    one = slice(number, number + 1)
    at_zero = student_interval(np.zeros(1), found.std_error[one], found.df[one], scenario.cautious_level)
    return float(at_zero.conf_low[0])
