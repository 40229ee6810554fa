"""Kroner of one day in the prices of another, by a dated rate or index that is named. Nothing is uprated unasked."""

from __future__ import annotations

from datetime import date

from ctieval.rates.book import RateBook


def adjust_price(amount: float, book: RateBook, index: str, *, from_day: date, to_day: date) -> float:
    r"""Convert kroner of one day to the prices of another.

    .. math:: x' = x \, I(t') / I(t)

    Args:
        amount: Kroner in the prices of ``from_day``.
        book: The rate book.
        index: Name of the index, or of a benefit rate that is itself the index of the benefit.
        from_day: A day of the prices that the amount is in.
        to_day: A day of the prices asked for.

    Returns:
        Kroner in the prices of ``to_day``.

    Raises:
        UnknownRateError: If the book has no such index.
        RateNotInForceError: If a day is before the first value, or the index is abolished on it.
        RateUnverifiedError: If nobody has verified the index for a day.
        RateError: If the index is a schedule.

    Examples:
        >>> from ctieval.rates.load import load_rates
        >>> days = {"from_day": date(2021, 6, 1), "to_day": date(2023, 6, 1)}
        >>> round(adjust_price(10_000, load_rates(None), "cash_benefit_other", **days), 2)
        10210.29
    """
    return amount * book.value(index, to_day).amount / book.value(index, from_day).amount
