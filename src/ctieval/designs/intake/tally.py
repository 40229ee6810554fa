"""What a design remembers of the persons dealt so far: whole numbers by arm, under the levels that they share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from ctieval.domain.design import BiasedCoin, Intake, Minimised

Levels: TypeAlias = tuple[str, ...]
"""A person's level of each column that the design reads, in the order of ``columns``."""

Tally: TypeAlias = Mapping[Levels, tuple[int, ...]]
"""Whole numbers by arm: under a stratum, or under a factor and one of its levels."""

NOBODY: Tally = {}
"""The tally before the first person."""


def columns(design: Intake) -> tuple[str, ...]:
    """Return the names of the columns whose levels the design reads.

    Examples:
        >>> columns(BiasedCoin(stratum="", favour=1)), columns(Minimised(("sex", "age"), (1, 1), 1))
        ((), ('sex', 'age'))
    """
    if isinstance(design, Minimised):
        return design.factors
    return (design.stratum,) if design.stratum else ()


def ratio(design: Intake) -> tuple[int, ...]:
    """Return the persons wanted of each arm, the control first."""
    return (1, 1) if isinstance(design, BiasedCoin) else design.ratio


def add_person(tally: Tally, key: Levels, arm: int, arms: int) -> Tally:
    """Return a tally with one person more of an arm under a key."""
    before = tally.get(key, (0,) * arms)
    return {**tally, key: tuple(count + (each == arm) for each, count in enumerate(before))}
