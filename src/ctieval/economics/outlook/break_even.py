"""What would just bring an account to zero: weeks of benefit, displaced jobs, or the cost of the services."""

from __future__ import annotations

import numpy as np

from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.domain.effect_table import Effect
from ctieval.domain.outlook import BreakEven


def describe_break_even(gain: Effect, cost: float, *, week_value: float | None) -> BreakEven:
    """Describe what would just bring one account to zero.

    Args:
        gain: Effect on all that follows from work and benefits, in kroner per person drawn.
        cost: Net cost of the services per person drawn; positive where they cost more than what the control has.
        week_value: Kroner that the account gains when a person is a week less on benefit, or None.
    """
    return BreakEven(
        weeks=None if week_value is None else break_even_weeks(cost, week_value),
        displacement=break_even_share(gain.estimate - cost, gain.estimate),
        cost=gain,
        cost_factor=gain.estimate / cost if cost > 0 else None,
    )


def break_even_weeks(cost: float, week_value: float) -> float | None:
    """Weeks of benefit that must be saved per person drawn to pay a cost.

    Args:
        cost: Net cost per person drawn, in kroner.
        week_value: Kroner that the account gains from a week less on benefit.

    Returns:
        The weeks; None where a week is worth nothing.

    Examples:
        >>> round(break_even_weeks(6000, 2159.63), 3)
        2.778
    """
    return cost / week_value if week_value > 0 else None


def break_even_share(net: float, displaced: float) -> float | None:
    r"""Displaced jobs per job gained at which an account gains nothing: :math:`\delta^* = S / D`.

    Args:
        net: Net present value per person drawn.
        displaced: The part of it that displaced jobs would take back.

    Returns:
        The share: above 1 where no displacement would undo the gain, negative where there is none to undo; None where
        there is nothing to displace.

    Examples:
        >>> round(break_even_share(11_911.68, 17_911.68), 4)
        0.665
    """
    return net / displaced if displaced > 0 else None


def value_of_week(kroner: FloatArray, weeks: FloatArray, arm: IntArray) -> float | None:
    """Kroner that an account pays in a week on benefit, as the control shows it.

    It is a price, not an effect: the mean over the weeks of those who were offered the usual services.

    Args:
        kroner: Discounted kroner that benefits give the account, after refund, tax and equalisation where it has
            them, a payment being negative, shape (n,); NaN for persons not observed.
        weeks: Weeks on benefit, shape (n,); NaN likewise.
        arm: 0 for the control, shape (n,).

    Returns:
        Kroner a week; None where nobody of the control was a week on benefit.

    Examples:
        >>> value_of_week(np.array([-200.0, -100.0, -900.0]), np.array([2.0, 1.0, 1.0]), np.array([0, 0, 1]))
        100.0
    """
    known = (arm == 0) & np.isfinite(kroner) & np.isfinite(weeks)
    total = float(weeks[known].sum())
    return float(-kroner[known].sum()) / total if total > 0 else None
