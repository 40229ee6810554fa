"""The calendar of ISO weeks and months as consecutive numbers; what happened in a week is not known here.

Week 1991-W32, in which DREAM begins, is 1127; month 1970-01 is 0. A week belongs to the month of its Thursday.
The Thursday of week ``n`` is day ``7 n`` after 1970-01-01, itself a Thursday, which keeps the arithmetic short.
"""

from __future__ import annotations

import re
from datetime import date

import numpy as np

from ctieval.domain.arrays import DateArray, IntArray

_WEEK_TEXT = re.compile(r"([0-9]{4})-?W([0-9]{2})")
_DREAM_COLUMN = re.compile(r"y_([0-9]{2})([0-9]{2})", re.IGNORECASE)
_DREAM_CENTURY_TURN = 90


def weeks_of(days: DateArray) -> IntArray:
    """Return the number of the ISO week that holds each day.

    Examples:
        >>> weeks_of(np.array(["1991-08-05", "1991-08-11"], dtype="datetime64[D]"))
        array([1127, 1127])
    """
    return (days.astype("datetime64[D]").astype(np.int64) + 3) // 7


def months_of(days: DateArray) -> IntArray:
    """Return the number of the month that holds each day, 1970-01 being 0.

    Examples:
        >>> months_of(np.array(["2018-03-31"], dtype="datetime64[D]"))
        array([578])
    """
    return days.astype("datetime64[M]").astype(np.int64)


def months_of_weeks(weeks: IntArray) -> IntArray:
    """Return the month to which each week belongs: that of its Thursday.

    Args:
        weeks: Week numbers, any shape.

    Returns:
        Month numbers, the same shape.

    References:
        The loader of DREAM extracts dates an ISO week by its fourth day
        (https://github.com/LokeSonne/DREAM-CSV-til-JSON, ``functions/update_status.sql``).

    Examples:
        >>> to_month_text(int(months_of_weeks(np.array([to_week_number(2020, 53)]))[0]))
        '2020-12'
    """
    return (7 * weeks).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def weeks_in_year(iso_year: int) -> int:
    """Return how many weeks an ISO year has, 52 or 53.

    Examples:
        >>> weeks_in_year(2020)
        53
    """
    return _first_week(iso_year + 1) - _first_week(iso_year)


def to_week_number(iso_year: int, iso_week: int) -> int:
    """Return the number of an ISO week.

    Raises:
        ValueError: If the ISO year has no such week.

    Examples:
        >>> to_week_number(1991, 32)
        1127
    """
    if not 1 <= iso_week <= weeks_in_year(iso_year):
        message = f"{iso_year} has no ISO week {iso_week}"
        raise ValueError(message)
    return _first_week(iso_year) + iso_week - 1


def _first_week(iso_year: int) -> int:
    """Return the number of the week that holds 4 January."""
    return (date(iso_year, 1, 4).toordinal() - date(1970, 1, 1).toordinal() + 3) // 7


def to_iso_weeks(weeks: IntArray) -> tuple[IntArray, IntArray]:
    """Return the ISO year and the ISO week of each week number.

    Args:
        weeks: Week numbers, shape (n,).

    Returns:
        ISO years and ISO weeks, each of shape (n,).

    Examples:
        >>> to_iso_weeks(np.array([1127]))
        (array([1991]), array([32]))
    """
    thursdays = (7 * weeks).astype("datetime64[D]")
    years = thursdays.astype("datetime64[Y]")
    day_of_year = (thursdays - years.astype("datetime64[D]")).astype(np.int64)
    return years.astype(np.int64) + 1970, day_of_year // 7 + 1


def to_week_text(week: int) -> str:
    """Return a week number as text.

    Examples:
        >>> to_week_text(1127)
        '1991-W32'
    """
    year, number = to_iso_weeks(np.array([week], dtype=np.int64))
    return f"{year[0]}-W{number[0]:02d}"


def to_month_text(month: int) -> str:
    """Return a month number as text.

    Examples:
        >>> to_month_text(578)
        '2018-03'
    """
    return f"{1970 + month // 12}-{month % 12 + 1:02d}"


def from_week_text(text: str) -> int | None:
    """Return the number of a week written ``2018-W05`` (or ``2018W05``); None where there is no such week.

    Examples:
        >>> from_week_text("1991-W32"), from_week_text("2018-W53")
        (1127, None)
    """
    match = _WEEK_TEXT.fullmatch(text)
    return None if match is None else _number_or_none(int(match[1]), int(match[2]))


def from_dream_column(heading: str) -> int | None:
    """Return the week of a DREAM column ``y_YYWW``; None for another column or an impossible week.

    A two-digit year of 90 or more lies in the 1900s.

    References:
        Manual of the DREAM database, June 2015 (docplayer.dk/3576558).

    Examples:
        >>> from_dream_column("y_9132"), from_dream_column("branche_2018_01")
        (1127, None)
    """
    match = _DREAM_COLUMN.fullmatch(heading)
    if match is None:
        return None
    year = int(match[1])
    return _number_or_none(year + (1900 if year >= _DREAM_CENTURY_TURN else 2000), int(match[2]))


def is_dream_column(heading: str) -> bool:
    """Return whether a heading has the form ``y_YYWW``, be its week possible or not.

    Examples:
        >>> is_dream_column("y_1899")
        True
    """
    return _DREAM_COLUMN.fullmatch(heading) is not None


def _number_or_none(iso_year: int, iso_week: int) -> int | None:
    """Return the week's number, or None where the calendar has no such week."""
    try:
        return to_week_number(iso_year, iso_week)
    except ValueError:
        return None


def whole_weeks(covers: tuple[date, date]) -> tuple[int, int]:
    """Return the first week and the end week (exclusive) that lie wholly between two days, both inclusive.

    Examples:
        >>> [to_week_text(week) for week in whole_weeks((date(2018, 1, 1), date(2018, 1, 20)))]
        ['2018-W01', '2018-W03']
    """
    first, last = np.array(covers, dtype="datetime64[D]").astype(np.int64)
    return int((first + 9) // 7), int((last + 4) // 7)


def whole_months(covers: tuple[date, date]) -> tuple[int, int]:
    """Return the first month and the end month (exclusive) that lie wholly between two days, both inclusive.

    Examples:
        >>> [to_month_text(month) for month in whole_months((date(2018, 1, 2), date(2018, 3, 31)))]
        ['2018-02', '2018-04']
    """
    before_first, after_last = np.array(covers, dtype="datetime64[D]") + np.array([-1, 1])
    first, end = months_of(np.array([before_first, after_last]))
    return int(first + 1), int(end)
