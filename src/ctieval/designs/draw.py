"""The draw of a design: arms in, nothing known of persons."""

from __future__ import annotations

import numpy as np

from ctieval.designs.deal import deal_arms
from ctieval.designs.quotas import build_quotas
from ctieval.domain.arrays import IntArray
from ctieval.domain.design import Design
from ctieval.domain.entrants import Entrants


def draw(design: Design, entrants: Entrants, rng: np.random.Generator) -> IntArray:
    """Draw arms under a design.

    Within each block, every way to divide its units in the drawn numbers is equally likely. Only raw 64-bit words of
    the bit generator are used: NumPy promises that their stream never changes, and does not promise that of the
    generator's methods, so that a recorded draw can be repeated with any later version.

    Args:
        design: The declared design.
        entrants: The persons, in the order in which lots are dealt.
        rng: Source of randomness, on a bit generator of 64-bit words such as PCG64.

    Returns:
        0 for the control and 1 for the intervention, 2 and more for others, shape (n,).

    Raises:
        DesignError: If the design cannot be conducted with these persons; see ``build_quotas``.

    References:
        NumPy enhancement proposal 19, Random number generator policy (2018-2019): stream compatibility.

    Examples:
        >>> from ctieval.domain.design import Complete
        >>> draw(Complete(2), Entrants.alike(5), np.random.Generator(np.random.PCG64(7)))
        array([0, 0, 0, 1, 1])
    """
    return deal_arms(build_quotas(design, entrants), rng)
