"""Which benefit a register code stands for, the rates that pay it, and who finances it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ctieval.domain.source import Source


class Financing(StrEnum):
    """Who bears a benefit: state and municipality by the refund ladder, or the state alone."""

    REFUND_LADDER = "refund_ladder"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Benefit:
    """One benefit.

    Attributes:
        name: Short name.
        description: What it is, in English.
        codes: Register codes of its weeks.
        provider: Name of the rate of a person with children to support.
        other: Name of the rate of everybody else.
        financing: Who bears it.
        source: What proves the financing, and the rates where they are another benefit's.
    """

    name: str
    description: str
    codes: frozenset[int]
    provider: str
    other: str
    financing: Financing
    source: Source


@dataclass(frozen=True, slots=True)
class BenefitTable:
    """Every benefit, and the codes of weeks without any.

    Attributes:
        benefits: The benefits; no code stands in two of them.
        without_benefit: Codes of weeks in which the public pays nothing for the person's living.
    """

    benefits: tuple[Benefit, ...]
    without_benefit: frozenset[int]
