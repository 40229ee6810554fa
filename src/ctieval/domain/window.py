"""A stretch of weeks counted from each person's own randomisation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Weeks ``[start, end)`` after the week of randomisation, which is week 0.

    Attributes:
        start: First week, inclusive; negative before randomisation.
        end: Last week, exclusive.
    """

    start: int
    end: int

    @property
    def weeks(self) -> int:
        """Length in weeks."""
        return self.end - self.start

    def __str__(self) -> str:
        """Return the window as it stands in the ``window`` column of an effect table."""
        return f"[{self.start}, {self.end})"
