"""Whole kroner that add up to a sum that is printed elsewhere too; which numbers these are is decided there."""

from __future__ import annotations

import math
from collections.abc import Sequence


def round_to_add_up(amounts: Sequence[float], total: int) -> tuple[int, ...]:
    """Round amounts so that they add up to a total: each down, and those with the largest remainders up.

    Each moves by less than a krone where the total is their sum rounded; where it is a difference of two rounded sums,
    by less than two.

    Args:
        amounts: Kroner, finite; at least one.
        total: What they add up to in whole kroner.

    References:
        Balinski, M. L., & Young, H. P. (1982). Fair Representation (the method of largest remainders).

    Examples:
        >>> round_to_add_up([333.4, 333.3, 333.3], 1000)
        (334, 333, 333)
        >>> round_to_add_up([-0.5, -0.5], -1)
        (0, -1)
    """
    down = [math.floor(amount) for amount in amounts]
    each, upwards = divmod(total - sum(down), len(down))
    ranked = sorted(range(len(down)), key=lambda place: (down[place] - amounts[place], place))
    raised = set(ranked[:upwards])
    return tuple(amount + each + (place in raised) for place, amount in enumerate(down))
