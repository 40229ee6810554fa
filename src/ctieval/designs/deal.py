"""Lots dealt by quotas: which units come into which arm."""

from __future__ import annotations

import math
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from ctieval.designs.quotas import Quotas
from ctieval.designs.raw_words import draw_below
from ctieval.designs.rounding import draw_numbers
from ctieval.domain.arrays import IntArray

NARROW = 2**15
"""Fewer blocks than this fit a type of two bytes, which NumPy sorts several times as fast."""


def deal_arms(quotas: Quotas, rng: np.random.Generator) -> IntArray:
    """Deal the arms of a design already laid upon those who enter it.

    Args:
        quotas: The quotas.
        rng: Source of randomness, on a bit generator of 64-bit words.

    Returns:
        The arm of each person, 0 for the control, shape (n,).
    """
    arm = _deal_alone(quotas, rng) if quotas.alone else _deal_fixed(quotas, rng)
    return arm[quotas.unit]


def _deal_fixed(quotas: Quotas, rng: np.random.Generator) -> IntArray:
    """Shuffle each block, and hand out the interventions from its beginning; who is left is the control."""
    numbers = draw_numbers(quotas.target, rng) if quotas.whole is None else quotas.whole
    lot = np.asarray(rng.bit_generator.random_raw(len(quotas.unit_block)), dtype=np.uint64)
    shuffled = _sort(lot)
    block = quotas.unit_block.astype(np.int16) if len(quotas.size) < NARROW else quotas.unit_block
    order = shuffled[np.argsort(block[shuffled], kind="stable")]
    dealt = np.tile([*range(1, quotas.arms), 0], len(quotas.size))
    arm = np.empty(len(order), dtype=np.int64)
    arm[order] = np.repeat(dealt, np.roll(numbers, -1, axis=1).ravel())
    return arm


def _sort(lot: npt.NDArray[np.uint64]) -> IntArray:
    """Sort lots by the fastest way; should two be equal, by the one that gives the same order on every machine."""
    order = np.argsort(lot)
    in_order = lot[order]
    return np.argsort(lot, kind="stable") if (in_order[1:] == in_order[:-1]).any() else order


def _deal_alone(quotas: Quotas, rng: np.random.Generator) -> IntArray:
    """Give each unit a lot of its own."""
    (chances,) = quotas.probability
    unit = math.lcm(*(chance.denominator for chance in chances))
    lot = draw_below(unit, len(quotas.unit_block), rng)
    ends = np.array(list(accumulate(int(chance * unit) for chance in chances[1:])), dtype=lot.dtype)
    return (np.searchsorted(ends, lot, side="right") + 1) % quotas.arms
