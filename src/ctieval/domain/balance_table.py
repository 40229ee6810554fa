"""Whether a draw came out as its design says: characteristics by arm, one test of all, and the numbers drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from ctieval.domain.source import Source


class Law(StrEnum):
    """How the assignments that the design can give were gone through: each one, or many drawn anew."""

    ENUMERATED = "enumerated"
    SAMPLED = "sampled"


class Advice(StrEnum):
    """What to do about a standardised difference; in a draw none of these is a fault.

    ``SATISFIED``: nothing. ``ADJUST``: adjust for the characteristic. ``FAR``: adjust for it, and say that the arms
    are far apart on it.
    """

    SATISFIED = "satisfied"
    ADJUST = "adjust"
    FAR = "far"


class Beyond(StrEnum):
    """What a row of the table may be beyond by chance: a p-value, or one of two standardised differences."""

    LEVEL = "level"
    ADJUST = "adjust"
    FAR = "far"


class RatioBasis(StrEnum):
    """What the numbers drawn are held against.

    ``FIXED``: the design fixes them, and a record proves the draw. ``CHANCE``: the declared probabilities.
    ``AS_FOUND``: nothing; the design was declared by the numbers found.
    """

    FIXED = "fixed"
    CHANCE = "chance"
    AS_FOUND = "as_found"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where advice begins.

    Attributes:
        adjust: Standardised difference above which to adjust.
        far: Standardised difference above which the arms are far apart.
        level: p-value up to which a characteristic is counted.
        usual: Share of the draws that stay within what is called usual.
        source: What proves the first two.
    """

    adjust: float
    far: float
    level: float
    usual: float
    source: Source

    def advise(self, std_difference: float) -> Advice | None:
        """Return the advice on a standardised difference, or None where there is none."""
        if math.isnan(std_difference):
            return None
        if abs(std_difference) <= self.adjust:
            return Advice.SATISFIED
        return Advice.ADJUST if abs(std_difference) <= self.far else Advice.FAR


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One row of the baseline table, held against every draw that the design could have given.

    Attributes:
        name: Short name of the characteristic.
        level: The category, or an empty string for a number.
        arm: Number of the intervention that is compared with the control.
        difference: Difference of the means, each block counting alike, in the unit of the row; NaN where hidden.
        std_error: Standard deviation of that difference over the draws of the design, in the same unit; 0 where no
            draw can make a difference, as on a column by which it is blocked.
        p_value: Share of the draws whose difference is at least as large, in either direction.
        std_difference: Standardised difference, as in the baseline table.
        advice: What to do about it; None where there is no standardised difference.
        usual: Standardised difference that most draws stay within, ``Thresholds.usual`` of them; NaN where hidden.
        chances: Share of the draws in which this row is beyond each of ``Beyond``, in that order.
    """

    name: str
    level: str
    arm: int
    difference: float
    std_error: float
    p_value: float
    std_difference: float
    advice: Advice | None
    usual: float
    chances: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows are beyond something, and how many would be on average over the draws of the design.

    Attributes:
        beyond: What they are beyond.
        observed: Rows that are.
        expected: Rows that would be, on average.
    """

    beyond: Beyond
    observed: int
    expected: float


@dataclass(frozen=True, slots=True)
class Omnibus:
    """One test of all characteristics together.

    Attributes:
        statistic: Squared distance of the arms under the covariance of the design; NaN where hidden.
        rank: Directions in which the arms can differ.
        p_value: Share of the draws whose distance is at least as large.
        p_low: Lower end of the 95 % Monte Carlo interval of the p-value; NaN where all draws were gone through.
        p_high: Upper end of that interval.
    """

    statistic: float
    rank: int
    p_value: float
    p_low: float
    p_high: float


@dataclass(frozen=True, slots=True)
class BlockRatio:
    """Numbers drawn in one block, held against the design.

    Attributes:
        block: Label of the block; empty where the design has none.
        drawn: Persons in each arm, the control first; None where hidden.
        expected: Persons in each arm that the design lets expect.
        p_value: Probability of numbers at most as likely as these; NaN where the design fixes them.
        p_holm: That, adjusted for the number of blocks.
    """

    block: str
    drawn: tuple[int | None, ...]
    expected: tuple[float, ...]
    p_value: float
    p_holm: float


@dataclass(frozen=True, slots=True)
class SampleRatio:
    """Whether as many were drawn as the design says.

    Attributes:
        basis: What the numbers are held against.
        blocks: The blocks.
    """

    basis: RatioBasis
    blocks: tuple[BlockRatio, ...]


@dataclass(frozen=True, slots=True)
class BalanceTable:
    """A check of the draw; never a test of a hypothesis about the world, since whatever differs here is chance.

    Attributes:
        rows: One row for each row of the baseline table, in the same order.
        omnibus: The test of all together.
        ratio: Whether as many were drawn as the design says.
        thresholds: Where advice begins.
        law: How the assignments of the design were gone through.
        assignments: How many were gone through, the one that was made not counted twice.
        seed: Seed of the draws; None where none was needed.
    """

    rows: tuple[BalanceRow, ...]
    omnibus: Omnibus
    ratio: SampleRatio
    thresholds: Thresholds
    law: Law
    assignments: int
    seed: int | None

    @property
    def compared(self) -> tuple[BalanceRow, ...]:
        """The rows that are shown in full, and on which a draw can make a difference."""
        return tuple(row for row in self.rows if row.advice is not None and row.std_error > 0)

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """How many of the rows that are shown are beyond what, beside what chance gives."""
        shown = self.compared
        found = (
            sum(row.p_value <= self.thresholds.level for row in shown),
            sum(row.advice is not Advice.SATISFIED for row in shown),
            sum(row.advice is Advice.FAR for row in shown),
        )
        expected = [math.fsum(row.chances[number] for row in shown) for number in range(len(Beyond))]
        return tuple(Tally(*each) for each in zip(Beyond, found, expected, strict=True))
