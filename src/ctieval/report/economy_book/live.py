"""Formulas that know their own value, so that what a cell shows and what a spreadsheet reckons cannot part."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Live:
    """A formula without its equals sign, and what it comes to.

    Attributes:
        formula: The formula, in English as the file format wants it.
        value: Its value.
        is_sum: True where it must stand in brackets before it is multiplied.

    Examples:
        >>> weeks, price, share = Live("A1", 10.0), Live("B1", 200.0), Live("C1", 0.2)
        >>> weeks * price * (1 - share)
        Live(formula='A1*B1*(1-C1)', value=1600.0, is_sum=False)
    """

    formula: str
    value: float
    is_sum: bool = False

    def __add__(self, other: Live) -> Live:
        """Add."""
        return Live(f"{self.formula}+{other.formula}", self.value + other.value, is_sum=True)

    def __sub__(self, other: Live) -> Live:
        """Subtract."""
        return Live(f"{self.formula}-{other._factor}", self.value - other.value, is_sum=True)

    def __rsub__(self, other: float) -> Live:
        """Subtract from a number."""
        return Live(f"{other:g}-{self._factor}", other - self.value, is_sum=True)

    def __radd__(self, other: float) -> Live:
        """Add to a number."""
        return Live(f"{other:g}+{self.formula}", other + self.value, is_sum=True)

    def __mul__(self, other: Live) -> Live:
        """Multiply."""
        return Live(f"{self._factor}*{other._factor}", self.value * other.value)

    def __neg__(self) -> Live:
        """Turn the sign."""
        return Live(f"-{self._factor}", -self.value, is_sum=True)

    @property
    def _factor(self) -> str:
        return f"({self.formula})" if self.is_sum else self.formula


ZERO = Live("0", 0.0)


def total(cells: Sequence[Live]) -> Live:
    """Add single cells up, each by its own name; one cell is itself.

    Examples:
        >>> total([Live("A1", 1.0), Live("C1", 2.0)]).formula
        'SUM(A1,C1)'
    """
    if len(cells) < 2:
        return cells[0] if cells else ZERO
    return Live(f"SUM({','.join(cell.formula for cell in cells)})", math.fsum(cell.value for cell in cells))


def total_range(cells: Sequence[Live]) -> Live:
    """Add up cells that lie side by side, by the first and the last of them.

    Examples:
        >>> total_range([Live("'P'!$A$1", 1.0), Live("'P'!$A$2", 2.0)])
        Live(formula="SUM('P'!$A$1:$A$2)", value=3.0, is_sum=False)
    """
    if not cells:
        return ZERO
    last = cells[-1].formula.rpartition("!")[2]
    return Live(f"SUM({cells[0].formula}:{last})", math.fsum(cell.value for cell in cells))
