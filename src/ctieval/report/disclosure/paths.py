r"""Rounds the weekly paths, so that no person's week can be read off them.

A path is a hundred tables of the same persons: hiding the weeks with few would not do, since one week gives
the next away by subtraction. So every week is rounded, and nothing that is published rests on anything finer:

- A share is rounded to whole steps of :math:`1/\lfloor n/p \rfloor`, where ``n`` is the fewest persons that are told
  to be known in a week of the arm, and ``p`` is ``smallest_cell``, or twice the largest weight of a person where
  blocks weigh more than that. A step stands for at least ``p`` persons, and one person alone is never told from
  nobody.
- The states of an arm are rounded one by one, and the largest takes what is left over, so that they still add up
  to one.
- An effect is the difference of the rounded shares. Half its interval is rounded up to halves of the larger step,
  and the interval is left out where an arm's rounded share is zero or one: whether it could be reckoned tells
  whether somebody is there.
- Numbers of persons are rounded down by whole multiples of ``smallest_cell`` from those drawn, so that a few who are
  missing are always told as so many.
- The weeks before the draw are counted among those that show an interval.

Paths of arms so small that a step is more than ``_COARSEST`` of them are not shown at all.

References:
    Hundepool, A. et al. (2012). Statistical Disclosure Control, ch. 5 (rounding). Wiley.
"""

from __future__ import annotations

import math
from dataclasses import replace

from ctieval.domain.flow import ParticipantFlow
from ctieval.domain.state_paths import ArmStates, Placebo, StateCurve, StatePaths

_COARSEST = 0.05
_OVER_TWICE = 2.001
"""A little more than twice, so that the weight of one person never reaches the middle of a step."""

Numbers = tuple[int | None, ...]


def round_paths(paths: StatePaths | None, flow: ParticipantFlow, smallest_cell: int) -> StatePaths | None:
    """Return the weekly paths fit to publish, or None where the arms are too small for it.

    Args:
        paths: The paths as the engine left them.
        flow: The flow of participants, before anything is hidden in it.
        smallest_cell: Fewest persons that may be shown; at 1 nothing is rounded.
    """
    if paths is None or smallest_cell <= 1:
        return paths
    known = replace(
        paths,
        control=_tell_persons(paths.control, flow.allocated[0], smallest_cell),
        intervention=_tell_persons(paths.intervention, flow.allocated[1], smallest_cell),
        curves=tuple(_tell_persons_of_curve(curve, flow.allocated, smallest_cell) for curve in paths.curves),
    )
    steps = (
        _count_steps(known.control.n, _largest_weight(flow, 0), smallest_cell),
        _count_steps(known.intervention.n, _largest_weight(flow, 1), smallest_cell),
    )
    if min(steps) * _COARSEST < 1:
        return None
    return replace(
        known,
        control=_round_arm(known.control, steps[0]),
        intervention=_round_arm(known.intervention, steps[1]),
        curves=tuple(_round_curve(curve, steps, -paths.window.start) for curve in known.curves),
    )


def _tell_persons(arm: ArmStates, drawn: int | None, smallest_cell: int) -> ArmStates:
    return replace(arm, n=_round_down(arm.n, drawn, smallest_cell))


def _tell_persons_of_curve(curve: StateCurve, drawn: tuple[int | None, int | None], smallest_cell: int) -> StateCurve:
    return replace(
        curve,
        n_control=_round_down(curve.n_control, drawn[0], smallest_cell),
        n_treated=_round_down(curve.n_treated, drawn[1], smallest_cell),
    )


def _round_down(n: Numbers, drawn: int | None, smallest_cell: int) -> Numbers:
    """Take whole multiples from those drawn; nothing is told where these are not known."""
    if drawn is None:
        return (None,) * len(n)
    return tuple(None if each is None else drawn + smallest_cell * ((each - drawn) // smallest_cell) for each in n)


def _count_steps(n: Numbers, weight: float, smallest_cell: int) -> int:
    """Count the steps from zero to one; none where numbers are hidden already."""
    fewest = min((0 if each is None else each for each in n), default=0)
    return int(fewest / max(smallest_cell, _OVER_TWICE * weight))


def _largest_weight(flow: ParticipantFlow, arm: int) -> float:
    """How many persons of the arm one person may count for, where blocks drew unequal shares."""
    arms = [(block.control or 0, block.intervention or 0) for block in flow.blocks]
    total, own = sum(map(sum, arms)), sum(block[arm] for block in arms)
    return max((sum(block) / total * own / block[arm] for block in arms if block[arm]), default=1.0)


def _round_arm(arm: ArmStates, steps: int) -> ArmStates:
    weeks = [_round_stack(week, steps) for week in zip(*arm.shares, strict=True)]
    return ArmStates(arm.n, tuple(zip(*weeks, strict=True)))


def _round_stack(shares: tuple[float, ...], steps: int) -> tuple[float, ...]:
    """Round each share; what is left over goes to the largest, as far as there is room in it."""
    rounded = [round(share * steps) for share in shares]
    left = steps - sum(rounded)
    for state in sorted(range(len(shares)), key=lambda number: -shares[number]):
        taken = max(left, -rounded[state])
        rounded[state] += taken
        left -= taken
    return tuple(each / steps for each in rounded)


def _round_curve(curve: StateCurve, steps: tuple[int, int], draw: int) -> StateCurve:
    control = tuple(round(share * steps[0]) / steps[0] for share in curve.control)
    intervention = tuple(round(share * steps[1]) / steps[1] for share in curve.intervention)
    estimate = tuple(treated - untreated for treated, untreated in zip(intervention, control, strict=True))
    half = tuple(
        _round_half(high - low, min(steps)) if {untreated, treated}.isdisjoint({0.0, 1.0}) else math.nan
        for low, high, untreated, treated in zip(curve.conf_low, curve.conf_high, control, intervention, strict=True)
    )
    return replace(
        curve,
        control=control,
        intervention=intervention,
        estimate=estimate,
        conf_low=tuple(middle - width for middle, width in zip(estimate, half, strict=True)),
        conf_high=tuple(middle + width for middle, width in zip(estimate, half, strict=True)),
        placebo=_recount(curve, half[:draw]),
    )


def _round_half(width: float, steps: int) -> float:
    return width if math.isnan(width) else math.ceil(width * steps) / (2 * steps)


def _recount(curve: StateCurve, half: tuple[float, ...]) -> Placebo:
    """Count the weeks before the draw among those that show an interval, by their intervals before rounding."""
    shown = [week for week, width in enumerate(half) if not math.isnan(width)]
    outside = sum(not curve.conf_low[week] <= 0 <= curve.conf_high[week] for week in shown)
    return Placebo(len(shown), outside, curve.placebo.conf_level)
