"""Whole kroner that still add up; which numbers stand in a table is decided elsewhere."""

from __future__ import annotations

import numpy as np

from ctieval.domain.arrays import FloatArray, IntArray


def to_whole_kroner(amounts: FloatArray) -> IntArray:
    """Round amounts so that they add up to their rounded sum: each down, and the largest remainders up.

    No amount moves by a krone or more; of equal remainders the first goes up.

    Args:
        amounts: Kroner, shape (k,), finite.

    Returns:
        Whole kroner, shape (k,).

    References:
        Balinski, M. L., & Young, H. P. (1982). Fair Representation (the method of largest remainders).

    Examples:
        >>> to_whole_kroner(np.array([333.4, 333.3, 333.3]))
        array([334, 333, 333])
    """
    down = np.floor(amounts)
    upwards = round(float(np.sum(amounts) - np.sum(down)))
    whole = down.astype(np.int64)
    whole[np.argsort(down - amounts, kind="stable")[:upwards]] += 1
    return whole
