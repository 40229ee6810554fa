"""The arms before the draw: described and compared, never tested; a difference here is chance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ctieval.assignment.labels import to_text
from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray
from ctieval.domain.description import ArmLevel, BaselineRow
from ctieval.domain.trial import BaselineVariable
from ctieval.domain.units import Unit
from ctieval.errors import SchemaError
from ctieval.inference.arm_level import describe_arm

if TYPE_CHECKING:
    from collections.abc import Iterator

MISSING = "missing"
"""The level of those for whom a category is not known."""


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
        everybody, with ``missing`` last where a category is not known.

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
        >>> from ctieval.domain.wording import Label
        >>> persons, undated = np.array(["a", "b", "c", "d"], dtype=object), np.full(4, "NaT", "datetime64[D]")
        >>> arm, one_block = np.array([0, 0, 1, 1]), np.zeros(4, dtype=np.int64)
        >>> allocation = Allocation(
        ...     persons, arm, arm * 0 + 0.5, one_block, ("",), undated, Arms("new", "usual"), Complete(2), Declared()
        ... )
        >>> age = BaselineVariable("age", Label("Alder", "Age"), "age_years", Unit.YEARS)
        >>> (row,) = describe_baseline(pd.DataFrame({"age_years": [36, 40, 39, 43]}), allocation, (age,))
        >>> row.control.mean, row.intervention.mean, round(row.std_difference, 3)
        (38.0, 41.0, 1.061)
    """
    return tuple(row for variable in variables for row in _describe(_column(frame, variable), allocation, variable))


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


def _column(frame: pd.DataFrame, variable: BaselineVariable) -> pd.Series:
    if variable.column not in frame.columns:
        raise _broken(variable, rule="the column is there", n_rows=len(frame))
    return frame[variable.column]


def _describe(column: pd.Series, allocation: Allocation, variable: BaselineVariable) -> Iterator[BaselineRow]:
    if variable.unit is None:
        text = to_text(column)
        for level in sorted(set(text), key=lambda each: (each == "", each)):
            share = (text == level).astype(np.float64)
            yield _row(share, allocation, variable, level=level or MISSING)
    else:
        yield _row(_to_numbers(column, variable), allocation, variable, level="")


def _to_numbers(column: pd.Series, variable: BaselineVariable) -> FloatArray:
    if pd.api.types.is_datetime64_any_dtype(column):
        raise _broken(variable, rule="a number", n_rows=len(column))
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    if broken := int((~np.isfinite(numbers) & column.notna().to_numpy()).sum()):
        raise _broken(variable, rule="a number", n_rows=broken)
    if variable.unit is Unit.SHARE and (broken := int((~np.isin(numbers, (0, 1)) & ~np.isnan(numbers)).sum())):
        raise _broken(variable, rule="a share is 0 or 1 for each person", n_rows=broken)
    return numbers


def _row(values: FloatArray, allocation: Allocation, variable: BaselineVariable, *, level: str) -> BaselineRow:
    unit = variable.unit or Unit.SHARE
    control, intervention = (describe_arm(values, allocation, arm, unit) for arm in (0, 1))
    spread = math.sqrt(sum(_variance(each) for each in (control, intervention)) / 2)
    difference = intervention.mean - control.mean
    return BaselineRow(
        name=variable.name,
        label=variable.label,
        level=level,
        unit=unit.value,
        control=control,
        intervention=intervention,
        std_difference=difference / spread if spread > 0 else math.nan,
    )


def _variance(level: ArmLevel) -> float:
    return level.std**2 if level.events is None else level.mean * (1 - level.mean)


def _broken(variable: BaselineVariable, *, rule: str, n_rows: int) -> SchemaError:
    return SchemaError(
        table="baseline",
        column=variable.column,
        rule=rule,
        n_rows=n_rows,
        first_row=None,
        expected=rule,
        do=f"correct the column of {variable.name} in the plan, or the values in the table",
    )
