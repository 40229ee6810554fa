"""One outcome by one method, for each of several contrasts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arms import ArmPair
from ctieval.domain.effect_table import Effect
from ctieval.domain.outcome import ColumnOutcome
from ctieval.domain.wording import Notice
from ctieval.effects.analyses import Measured, Method, analyse
from ctieval.effects.notices import name_contrast
from ctieval.errors import EstimationError


def analyse_contrasts(
    method: Method, measured: Measured, allocation: Allocation, outcome: ColumnOutcome, *, conf_level: float = 0.95
) -> tuple[tuple[Effect, ...], tuple[Notice, ...]]:
    """Estimate the effect of each intervention against the control, by the persons of the two arms.

    Where blocks differ in how many of them came into the two arms, those persons weigh the blocks in another way than
    everybody drawn, and the contrasts would not speak of the same persons: that is refused, and ``estimate_effects``
    compares them by the difference that the design implies.

    Args:
        method: The method.
        measured: Outcome, covariates and take-up.
        allocation: The allocation, with its design.
        outcome: The outcome, for its name and unit.
        conf_level: Level of the intervals, in (0, 1).

    Returns:
        One effect a contrast, that on compliers with its region after it, and what a reader must know of them.

    Raises:
        EstimationError: If the blocks differ in how many of them came into the two arms.
        EstimationError: As ``estimate_by``.
    """
    rows: list[Effect] = []
    told: list[Notice] = []
    for pair in allocation.arms.against_control:
        _check_alike(allocation, pair)
        of_two = np.isin(allocation.arm, [pair.arm, pair.reference])
        of_pair, two = measured.take(of_two), allocation.between(pair)
        found, notices = analyse(method, of_pair, two, outcome, conf_level=conf_level)
        rows += found
        told += [replace(each, facts=(*each.facts, *name_contrast(allocation, pair))) for each in notices]
    return tuple(rows), tuple(told)


def _check_alike(allocation: Allocation, pair: ArmPair) -> None:
    """Refuse blocks with differing probabilities of coming into either of two arms of several."""
    chance = allocation.probability[allocation.compared][:, [pair.reference, pair.arm]].sum(axis=1)
    if len(chance) and np.ptp(chance) > _ROUNDING:
        raise EstimationError(
            what="the contrast cannot be estimated by this method",
            where=allocation.arms.name_pair(pair),
            found="blocks with differing shares in the other arms",
            expected="the same share of each block in the two arms that are compared",
            do="use the method difference, which weighs the blocks by everybody drawn",
        )


_ROUNDING = 1e-9
