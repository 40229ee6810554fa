"""How scores changed over time within one arm; a change in one arm is never an effect."""

from __future__ import annotations

from typing import TypedDict

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray
from ctieval.domain.description import ExperiencedRow
from ctieval.domain.instrument_table import ArmChange
from ctieval.domain.outcome import InstrumentOutcome, MeasuredIn, Outcome
from ctieval.domain.outcome_table import OutcomeTable
from ctieval.inference.interval import student_interval


def describe_experienced(
    table: OutcomeTable, allocation: Allocation, conf_level: float = 0.95
) -> tuple[ExperiencedRow, ...]:
    r"""Describe the outcomes that were measured in the intervention alone.

    With :math:`d_i` the change of each of the *n* persons measured both times, the interval is

    .. math::
        \bar d \pm t_{n-1, 1-\alpha/2} \frac{s_d}{\sqrt n}.

    It tells how well the mean change is known, not what caused it: people who are asked when they fare badly
    fare better later without any help. Where nobody was measured before, *n* and the mean are of those
    measured after, and there is no change.

    Args:
        table: The outcomes.
        allocation: The allocation.
        conf_level: Level of the interval, in (0, 1).

    Returns:
        One row an outcome; before and after are means over the same persons. The interval is NaN
        below two persons, or where all changed alike.

    References:
        Student (1908). The probable error of a mean. Biometrika 6(1), 1-25.

    Examples:
        >>> from ctieval.domain.allocation import Declared
        >>> from ctieval.domain.arms import Arms
        >>> from ctieval.domain.design import Complete
        >>> from ctieval.domain.outcome import BetterWhen, InstrumentOutcome, Role
        >>> from ctieval.domain.wording import Label
        >>> ids = np.array(list("abc"), dtype=object)
        >>> allocation = Allocation(
        ...     person_id=ids,
        ...     arm=np.array([1, 1, 1]),
        ...     probability=np.full((3, 2), 0.5),
        ...     block=np.zeros(3, dtype=np.int64),
        ...     block_labels=("",),
        ...     cluster=np.zeros(3, dtype=np.int64),
        ...     cluster_labels=("",),
        ...     randomised_on=np.full(3, np.datetime64("2018-02-05")),
        ...     arms=Arms("intervention", "control"),
        ...     design=Complete(3),
        ...     proof=Declared(),
        ... )
        >>> who5 = InstrumentOutcome(
        ...     name="who5_12m",
        ...     label=Label("Trivsel", "Well-being"),
        ...     role=Role.SECONDARY,
        ...     better_when=BetterWhen.HIGHER,
        ...     measured_in=MeasuredIn.INTERVENTION,
        ...     instrument="who5",
        ...     wave="12m",
        ...     baseline_wave="start",
        ... )
        >>> table = OutcomeTable(
        ...     person_id=ids,
        ...     outcomes=(who5,),
        ...     values=np.array([[40.0], [60.0], [56.0]]),
        ...     status=np.zeros((3, 1), dtype=np.int64),
        ...     baseline=np.array([[32.0], [40.0], [48.0]]),
        ... )
        >>> row = describe_experienced(table, allocation)[0]
        >>> row.before, row.after, row.change, round(row.conf_low, 1)
        (40.0, 52.0, 12.0, -5.2)
    """
    treated = allocation.arm == 1
    return tuple(
        ExperiencedRow(**_change(outcome, table.baseline[treated, k], table.values[treated, k], conf_level))
        for k, outcome in enumerate(table.outcomes)
        if outcome.measured_in is MeasuredIn.INTERVENTION
    )


def describe_arm_changes(
    table: OutcomeTable, allocation: Allocation, conf_level: float = 0.95
) -> tuple[ArmChange, ...]:
    """Describe the change in each arm of the questionnaires that both arms answered before and after.

    The interval is that of ``describe_experienced``. What the intervention changed is the difference between the
    arms, which is an effect and stands elsewhere; the change in one arm is not.

    Args:
        table: The outcomes.
        allocation: The allocation.
        conf_level: Level of the interval, in (0, 1).

    Returns:
        One row an outcome and arm, the intervention first, over those who could have come into either arm; none where
        nobody was measured before.
    """
    rows: list[ArmChange] = []
    for k, outcome in enumerate(table.outcomes):
        in_both = isinstance(outcome, InstrumentOutcome) and outcome.measured_in is MeasuredIn.BOTH
        if in_both and not np.isnan(table.baseline[:, k]).all():
            for arm in (1, 0):
                mine = (allocation.arm == arm) & allocation.compared
                change = _change(outcome, table.baseline[mine, k], table.values[mine, k], conf_level)
                rows.append(ArmChange(**change, arm=arm))
    return tuple(rows)


class _Change(TypedDict):
    outcome: str
    n: int
    before: float
    after: float
    change: float
    conf_low: float
    conf_high: float
    conf_level: float
    unit: str


def _change(outcome: Outcome, before: FloatArray, after: FloatArray, conf_level: float) -> _Change:
    both = ~np.isnan(after) & (~np.isnan(before) | np.isnan(before).all())
    before, after = before[both], after[both]
    change = after - before
    n = len(change)
    std_error = change.std(ddof=1) / np.sqrt(n) if n > 1 else np.nan
    student = student_interval(np.array([_mean(change)]), np.array([std_error]), np.array([n - 1.0]), conf_level)
    return _Change(
        outcome=outcome.name,
        n=n,
        before=_mean(before),
        after=_mean(after),
        change=_mean(change),
        conf_low=float(student.conf_low[0]),
        conf_high=float(student.conf_high[0]),
        conf_level=conf_level,
        unit=outcome.unit.value,
    )


def _mean(values: FloatArray) -> float:
    return float(values.mean()) if len(values) else np.nan
