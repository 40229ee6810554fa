"""What the figures of head counts draw, as data already fit to publish; ``charts`` holds the pencils."""

from __future__ import annotations

from dataclasses import dataclass

from ctieval.report.cells import Count


@dataclass(frozen=True, slots=True)
class CountRow:
    """Some of the persons of a figure.

    Attributes:
        label: Who they are.
        n: How many, or the mark in their place.
        share: Their share of all; None where it is hidden, and no bar is drawn.

    Raises:
        ValueError: If the label is empty or the share is not between 0 and 1.
    """

    label: str
    n: Count
    share: float | None

    def __post_init__(self) -> None:
        """Check that there is something to draw."""
        if not self.label.strip() or (self.share is not None and not 0 <= self.share <= 1):
            msg = "a count in a figure has a name, and a share between 0 and 1 or none"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class CountPanel:
    """Counts under one heading.

    Attributes:
        rows: The counts, top to bottom.
        title: Their heading, or an empty string.
    """

    rows: tuple[CountRow, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class CountChart:
    """Bars of shares with the counts beside them: how far persons got, or how much they were given.

    Attributes:
        panels: The counts, top to bottom.
        axis: Of what the shares are, with the unit.

    Raises:
        ValueError: If there is no count.
    """

    panels: tuple[CountPanel, ...]
    axis: str

    def __post_init__(self) -> None:
        """Check that every panel has a count."""
        if not self.panels or not all(panel.rows for panel in self.panels):
            msg = "a figure of counts has panels with counts in them"
            raise ValueError(msg)

    @property
    def numbers(self) -> frozenset[float]:
        """Every number that is drawn."""
        rows = [row for panel in self.panels for row in panel.rows]
        counts = {float(row.n) for row in rows if isinstance(row.n, int)}
        return frozenset(counts | {row.share for row in rows if row.share is not None})
