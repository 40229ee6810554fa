"""The draw of a design: arms in, nothing known of persons."""

from __future__ import annotations

import numpy as np

from ctieval.designs.quotas import build_quotas
from ctieval.designs.rounding import draw_numbers
from ctieval.domain.arrays import IntArray, StrArray
from ctieval.domain.design import Design


def draw(design: Design, blocks: StrArray, rng: np.random.Generator) -> IntArray:
    """Draw arms under a design.

    Within each block, every set of persons of the drawn size is equally likely. Only raw 64-bit words of the
    bit generator are used: NumPy promises that their stream never changes, and does not promise that of the
    generator's methods, so that a recorded draw can be repeated with any later version.

    Args:
        design: The declared design.
        blocks: Label of each person's block, shape (n,).
        rng: Source of randomness, on a bit generator of 64-bit words such as PCG64.

    Returns:
        1 for the intervention and 0 for the control, shape (n,).

    Raises:
        DesignError: If the design cannot be conducted on these blocks; see ``build_quotas``.

    References:
        NumPy enhancement proposal 19, Random number generator policy (2018-2019): stream compatibility.

    Examples:
        >>> from ctieval.domain.design import Complete
        >>> draw(Complete(2), np.full(5, "", dtype=object), np.random.Generator(np.random.PCG64(7)))
        array([0, 0, 0, 1, 1])
    """
    quotas = build_quotas(design, blocks)
    drawn = draw_numbers(quotas.target, rng)
    lot = rng.bit_generator.random_raw(len(quotas.block))
    order = np.lexsort((lot, quotas.block))
    in_order = quotas.block[order]
    first = np.cumsum((0, *quotas.size))[in_order]
    arm = np.empty(len(order), dtype=np.int64)
    arm[order] = np.arange(len(order)) - first < drawn[in_order]
    return arm
