"""The number of different assignments that a design can give."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ctieval.designs.quotas import build_quotas
from ctieval.designs.rounding import enumerate_numbers
from ctieval.domain.arrays import StrArray
from ctieval.domain.design import Design

if TYPE_CHECKING:
    from ctieval.designs.quotas import Quotas


def count_assignments(design: Design, blocks: StrArray) -> int:
    r"""Count the assignments of a design.

    .. math:: \sum_{m} \prod_b \binom{n_b}{m_b}

    over the numbers m that can be drawn. Where every quota is a whole number there is one such m, and all
    assignments are equally likely; where shares leave remainders they need not be.

    Args:
        design: The declared design.
        blocks: Label of each person's block, shape (n,).

    Returns:
        Their exact number.

    Raises:
        DesignError: If the design cannot be conducted on these blocks; see ``build_quotas``.

    Examples:
        >>> import numpy as np
        >>> from ctieval.domain.design import Complete
        >>> count_assignments(Complete(5), np.full(10, "", dtype=object))
        252
    """
    return count_by_quotas(build_quotas(design, blocks))


def count_by_quotas(quotas: Quotas) -> int:
    """Count the assignments of a design already laid upon a cohort."""
    return sum(
        math.prod(math.comb(size, int(number)) for size, number in zip(quotas.size, numbers, strict=True))
        for numbers, _ in enumerate_numbers(quotas.target)
    )
