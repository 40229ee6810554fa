"""How wide the columns of a table are: wide enough for their longest words, together as wide as the page."""

from __future__ import annotations

import math
import re
from typing import Final

TEXT_TWIPS: Final = 9071
"""Width of the text on an A4 page with the margins of the report: 160 mm."""

_EM_TWIPS: Final = 170
_MARGINS: Final = 170
_NARROW: Final = frozenset(".,:;'|!ijlI()[] \u00a0")
_WIDE: Final = frozenset("mwMWØ%@—")
_BREAKS: Final = re.compile(r"[ \-/]")


def column_widths(columns: tuple[tuple[str, ...], ...], total: int = TEXT_TWIPS) -> tuple[int, ...]:
    """Share the width of a page among columns, as a browser does.

    Every column gets the width of its longest word; what is left goes to those whose lines would otherwise
    break, or to all alike where none would.

    Args:
        columns: The printed texts of each column, its heading among them.
        total: Width to share, in twips.

    Returns:
        Width of each column in twips; their sum is ``total``.

    Examples:
        >>> column_widths((("Mål", "Uger i ordinært job"), ("N", "801")), 4000)
        (3165, 835)
    """
    least = [_MARGINS + max(_twips(word) for text in column for word in _BREAKS.split(text)) for column in columns]
    most = [_MARGINS + max(_twips(text) for text in column) for column in columns]
    if sum(least) >= total:
        return _to_sum(least, total)
    if sum(most) <= total:
        return _to_sum(most, total)
    given = (total - sum(least)) / (sum(most) - sum(least))
    return _to_sum([low + (high - low) * given for low, high in zip(least, most, strict=True)], total)


def count_lines(text: str, width: int) -> int:
    """Return about how many lines a text takes in a column of a width in twips."""
    return max(1, math.ceil(_twips(text) / (width - _MARGINS)))


def _twips(text: str) -> int:
    """Return about how wide a text is, rather too wide than too narrow."""
    ems = sum(0.3 if sign in _NARROW else 0.95 if sign in _WIDE else 0.6 for sign in text)
    return round(ems * _EM_TWIPS)


def _to_sum(shares: list[float] | list[int], total: int) -> tuple[int, ...]:
    """Scale shares to whole numbers that sum to a total."""
    scaled = [int(share * total / sum(shares)) for share in shares]
    return (scaled[0] + total - sum(scaled), *scaled[1:])
