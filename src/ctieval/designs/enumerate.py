"""Every assignment that a design can give, with its probability."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product

import numpy as np

from ctieval.designs.count import count_by_quotas
from ctieval.designs.quotas import Quotas, build_quotas
from ctieval.designs.rounding import enumerate_numbers
from ctieval.domain.arrays import IntArray
from ctieval.domain.design import Design
from ctieval.domain.entrants import Entrants
from ctieval.errors import DesignError


def enumerate_assignments(
    design: Design, entrants: Entrants, *, limit: int = 100_000
) -> Iterator[tuple[IntArray, Fraction]]:
    """Iterate over every assignment of a design, each once.

    Args:
        design: The declared design.
        entrants: The persons, in the order in which lots are dealt.
        limit: Most assignments that are worth the wait.

    Returns:
        An iterator over arms, shape (n,), and their exact probability; the probabilities add up to 1.

    Raises:
        DesignError: If there are more assignments than the limit, or if the design cannot be conducted with these
            persons; see ``build_quotas``.

    Examples:
        >>> from ctieval.domain.design import Complete
        >>> for arm, probability in enumerate_assignments(Complete(1), Entrants.alike(3)):
        ...     print(arm, probability)
        [1 0 0] 1/3
        [0 1 0] 1/3
        [0 0 1] 1/3
    """
    quotas = build_quotas(design, entrants)
    if (count := count_by_quotas(quotas)) > limit:
        shown = str(count) if count < 10**9 else f"about 10^{math.log10(count):.0f}"
        raise DesignError(
            what="the assignments are too many to enumerate",
            where="the design",
            found=f"{shown} assignments",
            expected=f"at most {limit}",
            do="sample assignments with draw, or raise the limit",
        )
    return _iterate_alone(quotas) if quotas.alone else _iterate_fixed(quotas)


def _iterate_alone(quotas: Quotas) -> Iterator[tuple[IntArray, Fraction]]:
    (chances,) = quotas.probability
    for arms in product(range(quotas.arms), repeat=len(quotas.unit_block)):
        yield np.array(arms, dtype=np.int64)[quotas.unit], math.prod((chances[arm] for arm in arms), start=Fraction(1))


def _iterate_fixed(quotas: Quotas) -> Iterator[tuple[IntArray, Fraction]]:
    members = np.argsort(quotas.unit_block, kind="stable")
    for numbers, probability in enumerate_numbers(quotas.target):
        ways = [list(_divide(row[1:], sum(row))) for row in numbers.tolist()]
        share = probability / math.prod(map(len, ways))
        for chosen in product(*ways):
            arm = np.empty(len(members), dtype=np.int64)
            arm[members] = np.concatenate(chosen)
            yield arm[quotas.unit], share


def _divide(interventions: Sequence[int], size: int) -> Iterator[IntArray]:
    """Iterate over the ways to divide a block, interventions in these numbers and the rest in the control."""
    if not interventions:
        yield np.zeros(size, dtype=np.int64)
        return
    *others, last = interventions
    for chosen in combinations(range(size), last):
        free = np.delete(np.arange(size), chosen)
        for rest in _divide(others, size - last):
            arm = np.full(size, len(interventions), dtype=np.int64)
            arm[free] = rest
            yield arm
