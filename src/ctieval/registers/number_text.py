"""Numbers as people write them, with a decimal comma or point; which columns hold numbers is not decided here.

A column has one decimal mark. A comma column may group its thousands with points (``1.234,50``), a point column
with commas (``1,234.50``). Where every mark of a column stands before exactly three digits (``1.234``, ``10.849``),
nobody can tell thousands from decimals: such a column is ambiguous, and no number is guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from ctieval.domain.arrays import BoolArray, FloatArray


class DecimalMark(StrEnum):
    """The mark before the decimals; ``NONE`` in a column of whole numbers."""

    COMMA = ","
    POINT = "."
    NONE = ""


def _grammar(mark: str, thousands: str) -> str:
    """Return the expression that a number written with these two marks matches."""
    grouped = rf"[1-9][0-9]{{0,2}}(?:{thousands}[0-9]{{3}})+(?:{mark}[0-9]+)?"
    plain = rf"(?:[0-9]+(?:{mark}[0-9]+)?|{mark}[0-9]+)(?:[eE][-+]?[0-9]+)?"
    return rf"[-+]?(?:{grouped}|{plain})"


_GRAMMAR = {DecimalMark.COMMA: _grammar(",", r"\."), DecimalMark.POINT: _grammar(r"\.", ",")}
_THOUSANDS = {DecimalMark.COMMA: ".", DecimalMark.POINT: ",", DecimalMark.NONE: ""}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class NumberReading:
    """The texts of one column read as numbers.

    Attributes:
        figures: The numbers, shape (n,); NaN where broken.
        broken: True for a text that is no number under the column's mark, shape (n,).
        mark: The decimal mark of the column.
        ambiguous: True for the texts of a column that can be read in two ways, shape (n,).
    """

    figures: FloatArray
    broken: BoolArray
    mark: DecimalMark
    ambiguous: BoolArray


def read_numbers(texts: Sequence[str]) -> NumberReading:
    """Read the texts of one column as numbers under the one decimal mark that fits most of them.

    Args:
        texts: Non-empty texts without surrounding blanks.

    Returns:
        Numbers, and what could not be read.

    Examples:
        >>> read_numbers(["1.234,50", "7"]).figures.tolist()
        [1234.5, 7.0]
        >>> read_numbers(["10.849", "11.282"]).ambiguous.tolist()
        [True, True]
    """
    column = pd.Series(texts, dtype="str")
    fits = {mark: column.str.fullmatch(grammar).to_numpy(np.bool_) for mark, grammar in _GRAMMAR.items()}
    marked = column.str.contains("[.,]", regex=True).to_numpy(np.bool_)
    twofold = bool(fits[DecimalMark.COMMA].all() and fits[DecimalMark.POINT].all())
    mark = max(fits, key=lambda candidate: int(fits[candidate].sum()))
    broken = ~fits[mark]
    figures = np.full(len(column), np.nan)
    figures[~broken] = _to_floats(column[~broken], mark)
    shown = DecimalMark.NONE if twofold or not marked.any() else mark
    return NumberReading(figures, broken, shown, marked & twofold)


def _to_floats(column: pd.Series[str], mark: DecimalMark) -> FloatArray:
    """Return the numbers of texts that all follow the grammar of one mark."""
    plain = column.str.replace(_THOUSANDS[mark], "", regex=False).str.replace(mark.value, ".", regex=False)
    return plain.to_numpy(object).astype(np.float64)
