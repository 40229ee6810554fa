"""Days and months as people write them in Denmark; which days make sense together is checked where they are used.

Accepted: ``31-12-2019``, ``31.12.2019``, ``31/12/2019`` (the day always comes first) and ``2019-12-31``, each with
or without a time of day, which is dropped; a month as ``2019-12`` or ``2019M12``, as any day in it, since a
spreadsheet turns a typed month into a day, or as ``dec-19``, which is how Excel shows and saves that day. Years have
four digits but there, where 90 or more lies in the 1900s, as in DREAM.
"""

from __future__ import annotations

import re
from datetime import date

_TIME = r"(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
_DAY_FIRST = r"(?P<day>[0-9]{1,2})(?P<mark>[-./])(?P<month>[0-9]{1,2})(?P=mark)(?P<year>[0-9]{4})"
_DANISH = re.compile(_DAY_FIRST + _TIME)
_ISO = re.compile(rf"(?P<year>[0-9]{{4}})-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}}){_TIME}")
_MONTH = re.compile(r"(?P<year>[0-9]{4})[-M](?P<month>[0-9]{2})")
_NAMED_MONTH = re.compile(r"(?P<name>[a-z]{3})[a-z]*\.?[- ](?P<year>[0-9]{4}|[0-9]{2})", re.IGNORECASE)
_MONTH_NAMES = {
    name: number
    for names in ("jan feb mar apr maj jun jul aug sep okt nov dec", "jan feb mar apr may jun jul aug sep oct nov dec")
    for number, name in enumerate(names.split(), start=1)
}
_CENTURY_TURN = 90

EARLIEST = date(1900, 1, 1)
LATEST = date(2099, 12, 31)


def has_date_shape(text: str) -> bool:
    """Return whether a text is written as a day, be the day possible or not.

    Examples:
        >>> has_date_shape("31-02-2020")
        True
    """
    return _match(text) is not None


def from_date_text(text: str) -> date | None:
    """Return the day that a text states; None where it states none, or a day outside 1900-2099.

    Examples:
        >>> from_date_text("31.12.2019"), from_date_text("31-02-2020")
        (datetime.date(2019, 12, 31), None)
    """
    match = _match(text)
    return None if match is None else _day(int(match["year"]), int(match["month"]), int(match["day"]))


def from_month_text(text: str) -> date | None:
    """Return the first day of the month that a text states, or None.

    Examples:
        >>> from_month_text("2018-03"), from_month_text("maj-18"), from_month_text("2018-13")
        (datetime.date(2018, 3, 1), datetime.date(2018, 5, 1), None)
    """
    if match := _MONTH.fullmatch(text):
        return _day(int(match["year"]), int(match["month"]), 1)
    if match := _NAMED_MONTH.fullmatch(text):
        return _day(_to_year(match["year"]), _MONTH_NAMES.get(match["name"].lower(), 0), 1)
    day = from_date_text(text)
    return None if day is None else day.replace(day=1)


def _to_year(digits: str) -> int:
    """Return the year that two or four digits stand for."""
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year >= _CENTURY_TURN else 2000)


def _match(text: str) -> re.Match[str] | None:
    """Return the match of one of the ways to write a day."""
    return _DANISH.fullmatch(text) or _ISO.fullmatch(text)


def _day(year: int, month: int, day: int) -> date | None:
    """Return the day if the calendar has it and it lies between the bounds."""
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if EARLIEST <= found <= LATEST else None
