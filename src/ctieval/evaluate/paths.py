"""Both arms week by week, put together from what was tracked and what the design estimates."""

from __future__ import annotations

from ctieval.domain.allocation import Allocation
from ctieval.domain.registers import Registers
from ctieval.domain.state_paths import StatePaths
from ctieval.effects.paths import estimate_curves
from ctieval.outcomes.paths import describe_paths, track_paths
from ctieval.registers.codes import CodeList


def follow_paths(
    allocation: Allocation, registers: Registers, codes: CodeList, *, conf_level: float = 0.95
) -> StatePaths | None:
    """Follow both arms week by week.

    Args:
        allocation: The allocation.
        registers: The registers.
        codes: The list of register codes.
        conf_level: Level of the intervals, in (0, 1).

    Returns:
        The paths, or None where too few are known in the week of the draw.

    Raises:
        InputError: If somebody drawn is not in the registers, or the day of a draw is not known.
    """
    weekly = track_paths(allocation, registers, codes)
    if weekly is None:
        return None
    curves = estimate_curves(weekly, allocation, conf_level=conf_level)
    return StatePaths(weekly.window, conf_level, *describe_paths(weekly, allocation), curves)
