"""Characteristics before the draw as columns of numbers: one a number, one a category, one for what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ctieval.assignment.labels import to_text
from ctieval.domain.arrays import FloatArray
from ctieval.domain.trial import BaselineVariable
from ctieval.domain.units import Unit
from ctieval.errors import SchemaError

MISSING = "missing"
"""The level of those for whom a characteristic is not known."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BaselineColumn:
    """One row of the baseline table, person by person.

    Attributes:
        variable: The characteristic.
        level: The category, ``missing``, or an empty string for a number.
        unit: Unit of the numbers; a category is a share.
        numbers: The values, shape (n,); NaN where one is not known.
    """

    variable: BaselineVariable
    level: str
    unit: Unit
    numbers: FloatArray

    def __repr__(self) -> str:
        """Name the column, never a person."""
        return f"BaselineColumn({self.variable.name!r}, {self.level!r}, {len(self.numbers)} persons)"


def read_columns(frame: pd.DataFrame, variables: tuple[BaselineVariable, ...]) -> tuple[BaselineColumn, ...]:
    """Read characteristics as columns, in the order of the baseline table.

    Args:
        frame: The characteristics, one row a person.
        variables: The characteristics to read.

    Returns:
        One column for a number; one for each category in alphabetical order; and last, where somebody's is not
        known, one that says whose.

    Raises:
        SchemaError: If a column is not there, if a number is no number, or if a share is neither 0 nor 1.

    Examples:
        >>> from ctieval.domain.wording import Label
        >>> age = BaselineVariable("age", Label("Alder", "Age"), "age_years", Unit.YEARS)
        >>> for column in read_columns(pd.DataFrame({"age_years": [36, None, 39]}), (age,)):
        ...     print(column.level or "age", column.numbers)
        age [36. nan 39.]
        missing [0. 1. 0.]
    """
    return tuple(column for variable in variables for column in _read(_find(frame, variable), variable))


def _find(frame: pd.DataFrame, variable: BaselineVariable) -> pd.Series:
    if variable.column not in frame.columns:
        raise _broken(variable, rule="the column is there", n_rows=len(frame))
    return frame[variable.column]


def _read(column: pd.Series, variable: BaselineVariable) -> Iterator[BaselineColumn]:
    if variable.unit is None:
        text = to_text(column)
        for level in sorted(set(text), key=lambda each: (each == "", each)):
            yield BaselineColumn(variable, level or MISSING, Unit.SHARE, (text == level).astype(np.float64))
    else:
        numbers = _to_numbers(column, variable)
        yield BaselineColumn(variable, "", variable.unit, numbers)
        if (unknown := np.isnan(numbers)).any():
            yield BaselineColumn(variable, MISSING, Unit.SHARE, unknown.astype(np.float64))


def _to_numbers(column: pd.Series, variable: BaselineVariable) -> FloatArray:
    if pd.api.types.is_datetime64_any_dtype(column):
        raise _broken(variable, rule="a number", n_rows=len(column))
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    if broken := int((~np.isfinite(numbers) & column.notna().to_numpy()).sum()):
        raise _broken(variable, rule="a number", n_rows=broken)
    if variable.unit is Unit.SHARE and (broken := int((~np.isin(numbers, (0, 1)) & ~np.isnan(numbers)).sum())):
        raise _broken(variable, rule="a share is 0 or 1 for each person", n_rows=broken)
    return numbers


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
