"""Table 1: the arms before the draw, side by side, with their standardised differences."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from ctieval.assignment.balance.columns import BaselineColumn, read_columns
from ctieval.assignment.labels import to_text
from ctieval.domain.allocation import Allocation
from ctieval.domain.description import ArmLevel, BaselineRow
from ctieval.domain.trial import BaselineVariable
from ctieval.errors import SchemaError
from ctieval.inference.arm_level import describe_arm


def describe_baseline(
    frame: pd.DataFrame, allocation: Allocation, variables: tuple[BaselineVariable, ...]
) -> tuple[BaselineRow, ...]:
    r"""Describe characteristics before the draw by arm, with their standardised difference.

    .. math::
        d = \frac{\bar x_1 - \bar x_0}{\sqrt{(s_1^2 + s_0^2) / 2}}, \quad
        d = \frac{p_1 - p_0}{\sqrt{(p_1(1 - p_1) + p_0(1 - p_0)) / 2}}

    for a number and for a share, over means in which each block counts alike in both arms (``describe_arm``): what
    the design itself makes different is no imbalance. The spread is that of the persons, so that d does not grow
    with their number.

    Args:
        frame: The characteristics, one row a person in the order of the allocation; see ``align``.
        allocation: The arms.
        variables: The characteristics to describe.

    Returns:
        One row for a number, over those with a value; one row for each category, in alphabetical order, over
        everybody; and a row ``missing`` last where a characteristic is not known of somebody. Where there are
        several interventions, each is held against the control: the rows of the first come first.

    Raises:
        SchemaError: If a column is not there, if a number is no number, or if a share is neither 0 nor 1.

    References:
        Austin, P. C. (2009). Balance diagnostics for comparing the distribution of baseline covariates between
        treatment groups in propensity-score matched samples. Statistics in Medicine 28(25), 3083-3107,
        doi:10.1002/sim.3697, section 2.

    Examples:
        >>> from ctieval.domain.allocation import Declared
        >>> from ctieval.domain.arms import Arms
        >>> from ctieval.domain.design import Complete
        >>> from ctieval.domain.units import Unit
        >>> from ctieval.domain.wording import Label
        >>> persons, undated = np.array(["a", "b", "c", "d"], dtype=object), np.full(4, "NaT", "datetime64[D]")
        >>> arm, half, one = np.array([0, 0, 1, 1]), np.full((4, 2), 0.5), np.zeros(4, dtype=np.int64)
        >>> arms, design = Arms("new", "usual"), Complete(2)
        >>> allocation = Allocation(persons, arm, half, one, ("",), one, ("",), undated, arms, design, Declared())
        >>> age = BaselineVariable("age", Label("Alder", "Age"), "age_years", Unit.YEARS)
        >>> (row,) = describe_baseline(pd.DataFrame({"age_years": [36, 40, 39, 43]}), allocation, (age,))
        >>> row.control.mean, row.intervention.mean, round(row.std_difference, 3)
        (38.0, 41.0, 1.061)
    """
    columns = read_columns(frame, variables)
    interventions = range(1, len(allocation.arms.labels))
    return tuple(_row(column, allocation, arm) for arm in interventions for column in columns)


def align(frame: pd.DataFrame, id_column: str, allocation: Allocation) -> pd.DataFrame:
    """Put the rows of a table in the order of an allocation; persons who were not drawn fall away.

    Args:
        frame: One row a person.
        id_column: The column that holds the identifiers.
        allocation: The allocation.

    Returns:
        A new frame with one row for each person of the allocation.

    Raises:
        SchemaError: If a person of the allocation has no row, or more than one.
    """
    persons = pd.Series(to_text(frame[id_column]))
    kept = persons[persons.isin(set(allocation.person_id))].sort_values()
    if not np.array_equal(kept.to_numpy(), allocation.person_id):
        raise SchemaError(
            table="baseline",
            column=id_column,
            rule="one row for each person of the allocation",
            n_rows=len(allocation.person_id) - int((kept.value_counts() == 1).sum()),
            first_row=None,
            expected="each person of the allocation in one row",
            do="take characteristics from the same extract as the allocation, one row a person",
        )
    return frame.iloc[kept.index].reset_index(drop=True)


def _row(column: BaselineColumn, allocation: Allocation, arm: int) -> BaselineRow:
    control, intervention = (describe_arm(column.numbers, allocation, each, column.unit) for each in (0, arm))
    spread = math.sqrt(sum(_variance(each) for each in (control, intervention)) / 2)
    difference = intervention.mean - control.mean
    return BaselineRow(
        name=column.variable.name,
        label=column.variable.label,
        level=column.level,
        unit=column.unit.value,
        control=control,
        intervention=intervention,
        std_difference=difference / spread if spread > 0 else math.nan,
        arm=arm,
    )


def _variance(level: ArmLevel) -> float:
    return level.std**2 if level.events is None else level.mean * (1 - level.mean)
