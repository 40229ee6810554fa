"""Every assignment that a design can give, with its probability."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np

from ctieval.designs.count import count_by_quotas
from ctieval.designs.quotas import build_quotas
from ctieval.designs.rounding import enumerate_numbers
from ctieval.domain.arrays import IntArray, StrArray
from ctieval.domain.design import Design
from ctieval.errors import DesignError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctieval.designs.quotas import Quotas


def enumerate_assignments(
    design: Design, blocks: StrArray, *, limit: int = 100_000
) -> Iterator[tuple[IntArray, Fraction]]:
    """Iterate over every assignment of a design, each once.

    Args:
        design: The declared design.
        blocks: Label of each person's block, shape (n,).
        limit: Most assignments that are worth the wait.

    Returns:
        An iterator over arms, shape (n,), and their exact probability; the probabilities add up to 1.

    Raises:
        DesignError: If there are more assignments than the limit, or if the design cannot be conducted on
            these blocks; see ``build_quotas``.

    Examples:
        >>> from ctieval.domain.design import Complete
        >>> for arm, probability in enumerate_assignments(Complete(1), np.full(3, "", dtype=object)):
        ...     print(arm, probability)
        [1 0 0] 1/3
        [0 1 0] 1/3
        [0 0 1] 1/3
    """
    quotas = build_quotas(design, blocks)
    if (count := count_by_quotas(quotas)) > limit:
        shown = str(count) if count < 10**9 else f"about 10^{math.log10(count):.0f}"
        raise DesignError(
            what="the assignments are too many to enumerate",
            where="the design",
            found=f"{shown} assignments",
            expected=f"at most {limit}",
            do="sample assignments with draw, or raise the limit",
        )
    return _iterate(quotas)


def _iterate(quotas: Quotas) -> Iterator[tuple[IntArray, Fraction]]:
    members = [np.flatnonzero(quotas.block == number) for number in range(len(quotas.size))]
    for numbers, probability in enumerate_numbers(quotas.target):
        sets = [list(combinations(each, int(number))) for each, number in zip(members, numbers, strict=True)]
        share = probability / math.prod(map(len, sets))
        for chosen in product(*sets):
            arm = np.zeros(len(quotas.block), dtype=np.int64)
            arm[np.concatenate(chosen)] = 1
            yield arm, share
