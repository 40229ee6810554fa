"""The arm of the next person, and every sequence of arms that a short intake can give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import assert_never

import numpy as np

from ctieval.designs.intake.biased_coin import deal_coin
from ctieval.designs.intake.lot import Lot, enumerate_plays
from ctieval.designs.intake.minimisation import deal_minimised
from ctieval.designs.intake.permuted_blocks import deal_permuted
from ctieval.designs.intake.tally import Levels, Tally
from ctieval.domain.arrays import IntArray
from ctieval.domain.design import BiasedCoin, Intake, Minimised, PermutedBlocks
from ctieval.errors import DesignError


def deal(design: Intake, tally: Tally, levels: Levels, lot: Lot) -> tuple[int, Tally]:
    """Deal the next person an arm: a pure function of the design, those before her, her levels and the lot.

    Args:
        design: The declared design.
        tally: What the design remembers of those before; ``NOBODY`` for the first.
        levels: The person's level of each column that the design reads.
        lot: What chooses.

    Returns:
        The arm, and what the design remembers after it.

    Examples:
        >>> from itertools import count
        >>> from ctieval.designs.intake.lot import to_lot
        >>> from ctieval.designs.intake.tally import NOBODY
        >>> deal(BiasedCoin("", Fraction(2, 3)), NOBODY, (), to_lot(count(2**63)))
        (1, {(): (0, 1)})
    """
    match design:
        case PermutedBlocks():
            return deal_permuted(design, tally, levels, lot)
        case BiasedCoin():
            return deal_coin(design, tally, levels, lot)
        case Minimised():
            return deal_minimised(design, tally, levels, lot)
        case _:
            assert_never(design)


def enumerate_intake(
    design: Intake, levels: Sequence[Levels], *, limit: int = 100_000
) -> tuple[tuple[IntArray, Fraction], ...]:
    """Return every sequence of arms that an intake can give, given who comes in which order.

    Args:
        design: The declared design.
        levels: Levels of each person, in the order in which they come.
        limit: Most histories that are worth the wait.

    Returns:
        Arms in the order of the persons, shape (n,), and their exact probability, which add up to 1.

    Raises:
        DesignError: If there are more histories than the limit.

    Examples:
        >>> for arms, probability in enumerate_intake(PermutedBlocks("", (1,)), [(), (), ()]):
        ...     print(arms, probability)
        [0 1 0] 1/4
        [0 1 1] 1/4
        [1 0 0] 1/4
        [1 0 1] 1/4
    """
    histories: dict[_History, Fraction] = {((), frozenset()): Fraction(1)}
    for each in levels:
        histories = _grow(design, each, histories)
        if len(histories) > limit:
            raise DesignError(
                what="the histories of the intake are too many to enumerate",
                where="the design",
                found=f"more than {limit} after some of the {len(levels)} persons",
                expected=f"at most {limit}",
                do="simulate the intake, or raise the limit",
            )
    merged: defaultdict[tuple[int, ...], Fraction] = defaultdict(Fraction)
    for (arms, _), probability in histories.items():
        merged[arms] += probability
    return tuple((np.array(arms, dtype=np.int64), merged[arms]) for arms in sorted(merged))


_History = tuple[tuple[int, ...], frozenset[tuple[Levels, tuple[int, ...]]]]


def _grow(design: Intake, levels: Levels, histories: dict[_History, Fraction]) -> dict[_History, Fraction]:
    """Let one person more come to each of the histories."""
    grown: defaultdict[_History, Fraction] = defaultdict(Fraction)
    for (arms, remembered), probability in histories.items():
        for (arm, tally), chance in enumerate_plays(_next(design, dict(remembered), levels)):
            grown[(*arms, arm), frozenset(tally.items())] += probability * chance
    return dict(grown)


def _next(design: Intake, tally: Tally, levels: Levels) -> Callable[[Lot], tuple[int, Tally]]:
    return lambda lot: deal(design, tally, levels, lot)
