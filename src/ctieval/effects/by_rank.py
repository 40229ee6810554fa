"""Comparisons by rank, by the design: who tends to have more, whatever the unit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray
from ctieval.domain.judged_effect import JudgedEffect
from ctieval.domain.outcome import Outcome
from ctieval.domain.units import Unit
from ctieval.effects.judge import judge_direction
from ctieval.effects.row import Keys, count_arms, to_row
from ctieval.errors import EstimationError
from ctieval.inference.compared import check_two_arms, compare
from ctieval.inference.ranks import compare_ranks
from ctieval.inference.stratified_ranks import compare_stratified_ranks

SUPERIORITY = "superiority"
"""The probability that somebody of the intervention has more than somebody of the control, ties counting half."""
ALIKE = 0.5
"""That probability where the arms are alike."""
MANN_WHITNEY, VAN_ELTEREN = "mann_whitney_brunner_munzel_satterthwaite", "van_elteren_brunner_munzel_satterthwaite"


def compare_by_rank(
    values: FloatArray, allocation: Allocation, outcome: Outcome, *, conf_level: float = 0.95
) -> JudgedEffect:
    r"""Estimate the probability of having more in the intervention than in the control, and test that it is one half.

    Persons drawn in one pool: Mann and Whitney's test. Persons drawn in blocks: van Elteren's, comparing within blocks
    alone. The interval is Brunner and Munzel's, which does not take the spreads as alike.

    Args:
        values: Outcome, shape (n,), in the person order of the allocation, any unit or order; NaN where not observed.
        allocation: The allocation of two arms, with its design.
        outcome: The outcome, for its name and better direction.
        conf_level: Level of the interval, in (0, 1).

    Returns:
        The probability as a share; ``statistic`` and ``p_value`` are those of the rank test, with a normal reference.

    Raises:
        EstimationError: If there are more arms than two, or whole clusters were drawn.
        EstimationError: If fewer than two persons have a value in an arm, of each block where there are blocks.

    References:
        As for ``inference.ranks`` and ``inference.stratified_ranks``.

    Examples:
        >>> from ctieval.domain.allocation import Declared
        >>> from ctieval.domain.arms import Arms
        >>> from ctieval.domain.design import Complete
        >>> from ctieval.domain.outcome import BetterWhen, ColumnOutcome, Role
        >>> from ctieval.domain.wording import Label
        >>> arm, zero, half = np.array([0, 0, 0, 1, 1, 1]), np.zeros(6, dtype=np.int64), np.full((6, 2), 0.5)
        >>> persons, undated = np.array(list("abcdef"), dtype=object), np.full(6, "NaT", "datetime64[D]")
        >>> arms, design = Arms("new", "usual"), Complete(3)
        >>> allocation = Allocation(persons, arm, half, zero, ("",), zero, ("",), undated, arms, design, Declared())
        >>> weeks = ColumnOutcome(
        ...     name="weeks", label=Label("Uger", "Weeks"), role=Role.PRIMARY,
        ...     better_when=BetterWhen.HIGHER, column="weeks", unit=Unit.WEEKS,
        ... )
        >>> found = compare_by_rank(np.array([1.0, 2, 3, 3, 4, 5]), allocation, weeks)
        >>> round(found.effect.estimate, 6), found.phrase.key
        (0.944444, 'judged.superiority.better')
    """
    check_two_arms(allocation)
    compared = compare(allocation)
    if compared.cluster is not None:
        raise EstimationError(
            what="this version cannot compare ranks where whole clusters were drawn",
            where=f"outcome {outcome.name}",
            found="whole clusters drawn",
            expected="persons drawn in one pool or in blocks",
            do="take the difference in means, whose variance is that of the clusters",
        )
    y = values[allocation.compared]
    pooled = compared.labels == ("",)
    found = compare_ranks(y, compared.arm) if pooled else compare_stratified_ranks(y, compared.arm, compared.block)
    n = count_arms(~np.isnan(values) & allocation.compared, allocation)
    keys = Keys(MANN_WHITNEY if pooled else VAN_ELTEREN, SUPERIORITY, Unit.SHARE.value)
    row = to_row(found.superiority, keys, outcome, allocation, n=n, conf_level=conf_level)
    row = replace(row, statistic=found.z, p_value=found.p_value)
    return judge_direction("superiority", row, outcome, neutral=ALIKE)
