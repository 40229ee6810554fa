"""Probabilities of the intervention under a design: those declared, which are those delivered."""

from __future__ import annotations

import numpy as np

from ctieval.designs.quotas import build_quotas
from ctieval.domain.arrays import FloatArray, StrArray
from ctieval.domain.design import Design


def probabilities(design: Design, blocks: StrArray) -> FloatArray:
    r"""Return each person's probability of the intervention.

    .. math:: \pi_i = m_b / n_b \text{ for a count } m_b, \quad \pi_i = p_b \text{ for a share } p_b

    of the block b of person i with n_b persons. They are exact fractions, turned to floats at the very end.

    Args:
        design: The declared design.
        blocks: Label of each person's block, shape (n,).

    Returns:
        Probabilities, shape (n,).

    Raises:
        DesignError: If the design cannot be conducted on these blocks; see ``build_quotas``.

    Examples:
        >>> from ctieval.domain.design import Blocked
        >>> blocks = np.array(["a", "a", "a", "a", "b", "b"], dtype=object)
        >>> probabilities(Blocked("site", (("a", 1), ("b", 1))), blocks)
        array([0.25, 0.25, 0.25, 0.25, 0.5 , 0.5 ])
    """
    quotas = build_quotas(design, blocks)
    return np.array([float(each) for each in quotas.probability])[quotas.block]
