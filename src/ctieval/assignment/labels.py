"""The values of a column as text, so that 1, 1.0 and "1" name the same arm, block or person."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ctieval.domain.arrays import StrArray


def to_text(column: pd.Series) -> StrArray:
    """Return the values of a column as text.

    Args:
        column: Values of any type, n of them.

    Returns:
        Text, shape (n,): whole numbers without decimals, a missing value as an empty string.

    Examples:
        >>> to_text(pd.Series([1.0, None, 2.5]))
        array(['1', '', '2.5'], dtype=object)
    """
    number, values = pd.factorize(column)
    texts = [str(int(value) if isinstance(value, float) and value.is_integer() else value) for value in values]
    return np.array([*texts, ""], dtype=object)[number]
