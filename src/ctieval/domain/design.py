"""Declarations of how persons are drawn, as data; ``designs`` says what each does.

A quota says how many come into an intervention: a count, or an exact share. With several intervention arms there is
one quota for each, in the order of the arms; the control takes everybody who is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

Quota: TypeAlias = int | Fraction
"""How many are drawn: a count of persons (or clusters), or an exact share of them."""

Drawn: TypeAlias = Quota | tuple[Quota, ...]
"""One quota for the one intervention, or one for each of several."""


@dataclass(frozen=True, slots=True)
class Simple:
    """Each person is drawn alone, whatever happens to the others; the sizes of the arms are left to chance.

    Attributes:
        share: Probability of the intervention, or of each of several.
    """

    share: Fraction | tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Complete:
    """A fixed number is drawn from the whole cohort, every set of that size being equally likely.

    Attributes:
        drawn: Count or share that comes into the intervention, or into each of several.
    """

    drawn: Drawn


@dataclass(frozen=True, slots=True)
class Blocked:
    """A fixed number is drawn within each block, independently between blocks but for the remainders of shares.

    Attributes:
        block: The column whose values are the blocks, such as ``municipality``.
        drawn: Quotas per block by its label; those under the empty label serve every block that is not named.
    """

    block: str
    drawn: tuple[tuple[str, Drawn], ...]


@dataclass(frozen=True, slots=True)
class Clustered:
    """A fixed number of clusters is drawn; all persons of a cluster come into the same arm.

    Attributes:
        cluster: The column whose values are the clusters, such as ``jobcentre``.
        drawn: Count or share of the clusters.
    """

    cluster: str
    drawn: Drawn


@dataclass(frozen=True, slots=True)
class BlockedClustered:
    """A fixed number of clusters is drawn within each block; no cluster lies in two blocks.

    Attributes:
        block: The column whose values are the blocks.
        cluster: The column whose values are the clusters.
        drawn: Quotas of clusters per block by its label; those under the empty label serve every other block.
    """

    block: str
    cluster: str
    drawn: tuple[tuple[str, Drawn], ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """Persons who resemble one another on covariates are put into blocks of one size, and drawn within them.

    Attributes:
        covariates: The columns, numbers known before the draw.
        size: Persons in a block; 2 gives matched pairs. What is left over joins the last block.
        drawn: Count or share of each block.
    """

    covariates: tuple[str, ...]
    size: int
    drawn: Drawn


@dataclass(frozen=True, slots=True)
class Capacity:
    """There are fewer places than persons: the places are drawn, all of them, in each block.

    Attributes:
        block: The column whose values are the blocks, or an empty string where one pool shares the places.
        places: Places per block by its label; under the empty label those of the one pool.
    """

    block: str
    places: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class WaitingList:
    """Everybody is offered the intervention; it is drawn who starts now, and who waits and is the control until then.

    Attributes:
        draw: The design that draws who starts now.
        weeks: Weeks from the draw until those who wait are offered it; no effect can be estimated beyond them.
    """

    draw: Complete | Blocked | Clustered | BlockedClustered | Matched | Capacity
    weeks: int


@dataclass(frozen=True, slots=True)
class Rerandomised:
    """Draws are repeated until the arms resemble one another enough on covariates.

    Attributes:
        draw: The design that is drawn from again and again.
        covariates: The columns, numbers known before the draw.
        acceptance: Share of all draws that are close enough, by their Mahalanobis distance.
    """

    draw: Complete | Blocked | Clustered | BlockedClustered
    covariates: tuple[str, ...]
    acceptance: Fraction


@dataclass(frozen=True, slots=True)
class PermutedBlocks:
    """Persons come one at a time; within each stratum the arms are dealt in short shuffled rows of random length.

    Attributes:
        stratum: The column whose values are the strata, or an empty string where there is one.
        multiples: A row holds ``ratio`` this many times; each multiple is equally likely.
        ratio: Persons of each arm, the control first, in the shortest row.
    """

    stratum: str
    multiples: tuple[int, ...]
    ratio: tuple[int, ...] = (1, 1)


@dataclass(frozen=True, slots=True)
class BiasedCoin:
    """Persons come one at a time; the arm with fewer in the stratum is given the better chance (Efron).

    Attributes:
        stratum: The column whose values are the strata, or an empty string where there is one.
        favour: Probability of the arm that has fewer; one half at a tie.
    """

    stratum: str
    favour: Fraction


@dataclass(frozen=True, slots=True)
class Minimised:
    """Persons come one at a time; the arm that makes the margins of the factors more alike is favoured.

    Attributes:
        factors: The columns whose levels are balanced.
        weights: Weight of each factor.
        favour: Probability of the arm that leaves the least imbalance, one of several being taken by lot; where the
            ratio is unequal, that of the arm wanted least, the others having more.
        ratio: Persons wanted of each arm, the control first.
    """

    factors: tuple[str, ...]
    weights: tuple[Fraction, ...]
    favour: Fraction
    ratio: tuple[int, ...] = (1, 1)


Design: TypeAlias = (
    Simple | Complete | Blocked | Clustered | BlockedClustered | Matched | Capacity | WaitingList | Rerandomised
)
"""A draw of a whole cohort at once."""

FOR_EVER = 10**6
"""More weeks than any register has."""

Intake: TypeAlias = PermutedBlocks | BiasedCoin | Minimised
"""A draw of persons one at a time, as they are referred."""


def drawn_by(design: Design | Intake) -> Design | Intake:
    """Return the design that deals the arms: that underneath a waiting list or a rerandomised draw."""
    return design.draw if isinstance(design, WaitingList | Rerandomised) else design


def blocked_by(design: Design | Intake) -> str:
    """Return the column whose values are the blocks or strata of a design; empty where it is told of none."""
    match design:
        case WaitingList() | Rerandomised():
            return blocked_by(design.draw)
        case Blocked() | BlockedClustered() | Capacity():
            return design.block
        case PermutedBlocks() | BiasedCoin():
            return design.stratum
        case _:
            return ""


def weeks_compared(design: Design | Intake) -> int:
    """Return the weeks from the draw in which there is a control to compare with."""
    return design.weeks if isinstance(design, WaitingList) else FOR_EVER
