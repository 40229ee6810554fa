"""The one error for numbers with which nothing can be reckoned."""

from __future__ import annotations

from ctieval.errors import DesignError


def check_number(what: str, found: float, *, holds: bool, expected: str) -> None:
    """Refuse a number for which a condition does not hold.

    Args:
        what: What the number is.
        found: The number.
        holds: Whether it can be used.
        expected: What would be.

    Raises:
        DesignError: If it does not hold.
    """
    if not holds:
        raise DesignError(
            what="the power of such a trial cannot be reckoned",
            where=what,
            found=f"{found:g}",
            expected=expected,
            do="correct the number, or plan for more persons",
        )
