"""The closed list of units in which an outcome, an effect or a rate can be measured."""

from __future__ import annotations

from enum import StrEnum


class Unit(StrEnum):
    """Unit of an outcome.

    A ``SHARE`` outcome is 0 or 1 per person: its mean is a share and its effect is a difference of shares,
    printed in percentage points. A ``PROPORTION`` is any part of a whole per person, such as of full-time hours: its
    mean is no share of persons. ``UNSTATED`` is the unit of a column whose unit nobody declared.
    """

    SHARE = "share"
    PROPORTION = "proportion"
    WEEKS = "weeks"
    HOURS = "hours"
    YEARS = "years"
    POINTS = "points"
    COUNT = "count"
    DKK = "dkk"
    USD = "usd"
    STANDARD_DEVIATIONS = "sd"
    UNSTATED = "unstated"


class RateUnit(StrEnum):
    """Unit of a rate in the rate book."""

    DKK_PER_MONTH = "dkk/month"
    DKK_PER_WEEK = "dkk/week"
    DKK = "dkk"
    SHARE = "share"
    SHARE_PER_YEAR = "share/year"
    FACTOR = "factor"
    WEEKS = "weeks"
