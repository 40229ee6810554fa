"""What the figure of standardised differences draws, as data already fit to publish; ``charts`` holds the pencils."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LoveRow:
    """One characteristic, or one category of it, or a heading over categories.

    Attributes:
        label: Its name.
        difference: Standardised difference; None for a heading.
        usual: What most draws stay within, either way; None where it is not shown.
        indented: True for a category under a heading.

    Raises:
        ValueError: If the label is empty or a number is not finite.
    """

    label: str
    difference: float | None
    usual: float | None = None
    indented: bool = False

    def __post_init__(self) -> None:
        """Check that there is something to draw."""
        if not self.label.strip() or not all(math.isfinite(each) for each in self.numbers):
            msg = "a row of the figure has a name and finite numbers"
            raise ValueError(msg)

    @property
    def numbers(self) -> tuple[float, ...]:
        """The numbers of the row."""
        return tuple(each for each in (self.difference, self.usual) if each is not None)

    @property
    def unusual(self) -> bool:
        """True where most draws lie closer to zero."""
        return self.difference is not None and self.usual is not None and abs(self.difference) > self.usual


@dataclass(frozen=True, slots=True)
class LoveChart:
    """Standardised differences, each beside what most draws stay within.

    Attributes:
        rows: The rows, top to bottom.
        share: Share of the draws that ``usual`` holds.
        limits: Differences at which guidance changes, drawn as lines either way.

    Raises:
        ValueError: If no row has a difference.
    """

    rows: tuple[LoveRow, ...]
    share: float
    limits: tuple[float, ...]

    def __post_init__(self) -> None:
        """Check that there is a dot to draw."""
        if all(row.difference is None for row in self.rows):
            msg = "the figure has a row with a difference"
            raise ValueError(msg)

    @property
    def numbers(self) -> frozenset[float]:
        """Every number that is drawn, the lines of guidance apart, which stand in the text."""
        return frozenset(number for row in self.rows for number in row.numbers)
