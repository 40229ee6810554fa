"""The number of different assignments that a design can give."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ctieval.designs.quotas import Quotas, build_quotas
from ctieval.designs.rounding import enumerate_numbers
from ctieval.domain.design import Design
from ctieval.domain.entrants import Entrants


def count_assignments(design: Design, entrants: Entrants) -> int:
    r"""Count the assignments of a design.

    .. math:: \sum_{m} \prod_b \frac{n_b!}{m_{b0}! \, m_{b1}! \cdots}

    over the tables m of numbers that can be drawn. Where every quota is a whole number there is one such table, and
    all assignments are equally likely; where shares leave remainders they need not be. Of n units that are each drawn
    alone into one of K arms there are :math:`K^n`.

    Args:
        design: The declared design.
        entrants: The persons, in the order in which lots are dealt.

    Returns:
        Their exact number.

    Raises:
        DesignError: If the design cannot be conducted with these persons; see ``build_quotas``.

    Examples:
        >>> from ctieval.domain.design import Complete
        >>> count_assignments(Complete(5), Entrants.alike(10))
        252
    """
    return count_by_quotas(build_quotas(design, entrants))


def count_by_quotas(quotas: Quotas) -> int:
    """Count the assignments of a design already laid upon those who enter it."""
    if quotas.alone:
        return quotas.arms ** len(quotas.unit_block)
    return sum(math.prod(map(_divisions, numbers.tolist())) for numbers, _ in enumerate_numbers(quotas.target))


def _divisions(numbers: Iterable[int]) -> int:
    """Ways to divide a block in these numbers."""
    ways, total = 1, 0
    for number in numbers:
        total += number
        ways *= math.comb(total, number)
    return ways
