"""The values of a column as text, so that 1, 1.0 and "1" name the same arm, block or person."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ctieval.domain.arrays import StrArray
from ctieval.registers import cells


def to_text(column: pd.Series) -> StrArray:
    """Return the values of a column as text.

    Args:
        column: Values of any type, n of them.

    Returns:
        Text, shape (n,): as ``registers.cells`` writes a cell, a missing value as an empty string.

    Examples:
        >>> to_text(pd.Series([1.0, None, 2.5]))
        array(['1', '', '2.5'], dtype=object)
    """
    number, values = pd.factorize(column)
    return np.array([*map(cells.to_text, values), ""], dtype=object)[number]
