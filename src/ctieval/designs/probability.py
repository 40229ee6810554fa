"""Probabilities of the arms under a design: those declared, which are those delivered."""

from __future__ import annotations

import numpy as np

from ctieval.designs.quotas import Quotas, build_quotas
from ctieval.domain.arrays import FloatArray
from ctieval.domain.design import Design
from ctieval.domain.entrants import Entrants


def probabilities(design: Design, entrants: Entrants) -> FloatArray:
    r"""Return each person's probability of each arm.

    .. math:: \pi_{ia} = m_{ba} / n_b \text{ for a count } m_{ba}, \quad \pi_{ia} = p_{ba} \text{ for a share } p_{ba}

    of arm a in the block b of person i with n_b units. They are exact fractions, turned to floats at the very end.

    Args:
        design: The declared design.
        entrants: The persons, in the order in which lots are dealt.

    Returns:
        Probabilities, shape (n, arms), the control first.

    Raises:
        DesignError: If the design cannot be conducted with these persons; see ``build_quotas``.

    Examples:
        >>> from ctieval.domain.design import Blocked
        >>> entrants = Entrants.in_blocks(np.array(["a", "a", "a", "a", "b", "b"], dtype=object))
        >>> probabilities(Blocked("site", (("a", 1), ("b", 1))), entrants)[:, 1]
        array([0.25, 0.25, 0.25, 0.25, 0.5 , 0.5 ])
    """
    return probabilities_by_quotas(build_quotas(design, entrants))


def probabilities_by_quotas(quotas: Quotas) -> FloatArray:
    """Return each person's probability of each arm, of a design already laid upon those who enter it."""
    return np.array([[float(each) for each in row] for row in quotas.probability])[quotas.block]
