"""Declarations of how persons are drawn, as data; ``designs`` says what each does."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

Quota: TypeAlias = int | Fraction
"""How many are drawn: a count of persons, or an exact share of them."""


@dataclass(frozen=True, slots=True)
class Complete:
    """A fixed number is drawn from the whole cohort, every set of that size being equally likely.

    Attributes:
        drawn: Count or share that comes into the intervention.
    """

    drawn: Quota


@dataclass(frozen=True, slots=True)
class Blocked:
    """A fixed number is drawn within each block, independently between blocks.

    Attributes:
        block: The column whose values are the blocks, such as ``municipality``.
        drawn: Count or share per block by its label; one quota under the empty label serves every block
            that is not named.
    """

    block: str
    drawn: tuple[tuple[str, Quota], ...]


Design: TypeAlias = Complete | Blocked
