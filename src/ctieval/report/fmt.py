"""Numbers and dates as a reader of one language expects them; no sentences."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from babel.dates import format_date
from babel.numbers import format_decimal

from ctieval.domain.units import Unit
from ctieval.domain.wording import Fact, Language
from ctieval.report.cells import Cell, Col, Count, Interval, Kind, Mark, Measured
from ctieval.report.texts import read_texts

MINUS: Final = "\u2212"
NBSP: Final = "\u00a0"

_LOCALE: Final = {"da": "da_DK", "en": "en_GB"}
_DATE: Final = {"da": "d. MMMM y", "en": "d MMMM y"}
_DECIMALS: Final = {
    Kind.COUNT: 0,
    Kind.SHARE: 1,
    Kind.RESAMPLES: 1,
    Kind.PP: 1,
    Kind.KR: 0,
    Kind.USD: 0,
    Kind.WEEKS: 1,
    Kind.HOURS: 1,
    Kind.YEARS: 1,
    Kind.POINTS: 2,
    Kind.RATIO: 2,
    Kind.P: 3,
}
_SHIFT: Final = {Kind.SHARE: 2, Kind.RESAMPLES: 2, Kind.PP: 2}
_LEAST_P: Final = 0.001
_LEAST_SHARE: Final = 0.001
_KIND_OF_LEVEL: Final = {
    Unit.SHARE: Kind.SHARE,
    Unit.PROPORTION: Kind.SHARE,
    Unit.WEEKS: Kind.WEEKS,
    Unit.HOURS: Kind.HOURS,
    Unit.YEARS: Kind.YEARS,
    Unit.POINTS: Kind.POINTS,
    Unit.COUNT: Kind.RATIO,
    Unit.DKK: Kind.KR,
    Unit.USD: Kind.USD,
    Unit.STANDARD_DEVIATIONS: Kind.RATIO,
    Unit.UNSTATED: Kind.RATIO,
}


def level_kind(unit: str) -> Kind:
    """Return how a mean in a unit of ``domain.units`` is printed: a mean number of things keeps decimals.

    Raises:
        ValueError: If no unit is called so.
    """
    return _KIND_OF_LEVEL[Unit(unit)]


def effect_kind(unit: str) -> Kind:
    """Return how an effect in a unit of ``domain.units`` is printed: of a part, in percentage points.

    Raises:
        ValueError: If no unit is called so.
    """
    return Kind.PP if Unit(unit) in (Unit.SHARE, Unit.PROPORTION) else level_kind(unit)


def round_as_printed(value: float, kind: Kind, decimals: int | None = None) -> Decimal:
    """Round a finite value of a kind to the digits that are printed of it; shares in per cent.

    Examples:
        >>> round_as_printed(0.05745, Kind.PP), round_as_printed(-0.4, Kind.KR)
        (Decimal('5.7'), Decimal('-0'))
    """
    return _round(value, _DECIMALS[kind] if decimals is None else decimals, _SHIFT.get(kind, 0))


def _round(value: float, decimals: int, shift: int) -> Decimal:
    return Decimal(repr(float(value))).scaleb(shift).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def is_bound(value: float, kind: Kind) -> bool:
    """Tell whether a p-value, or a share of resamples, is printed as smaller or larger than the last one printed."""
    if kind is Kind.P:
        return value < _LEAST_P or value >= 1 - _LEAST_P / 2
    return kind is Kind.RESAMPLES and (value < _LEAST_SHARE or value > 1 - _LEAST_SHARE)


@dataclass(frozen=True, slots=True)
class Fmt:
    """Prints values in one language: true minus, never a minus before zero, no break inside a value.

    Attributes:
        lang: The language.

    Examples:
        >>> Fmt("en").pp(0.0574, signed=True).replace(NBSP, " ")
        '+5.7 percentage points'
        >>> Fmt("da").interval(Interval(0.0067, 0.1214), Kind.PP).replace(NBSP, " ")
        '[0,7; 12,1]'
    """

    lang: Language

    def number(self, value: float, decimals: int = 0, *, signed: bool = False) -> str:
        """Print a number with so many decimals, halves rounded away from zero; an open end as infinity."""
        return self._decimal(value, decimals, signed=signed, shift=0)

    def count(self, n: Count) -> str:
        """Print a number of persons, or the mark in its place."""
        return n.value if isinstance(n, Mark) else self.number(n)

    def value(self, value: float, kind: Kind, decimals: int | None = None, *, signed: bool = False) -> str:
        """Print a value of a kind without its unit; shares in per cent."""
        if kind is Kind.P:
            return self.p(value)
        if kind is Kind.RESAMPLES:
            return self.resamples(value)
        digits = _DECIMALS[kind] if decimals is None else decimals
        return self._decimal(value, digits, signed=signed, shift=_SHIFT.get(kind, 0))

    def unit(self, kind: Kind) -> str:
        """Return the unit of a kind as it stands in a heading or on an axis; empty where there is none."""
        return read_texts(self.lang).get(f"unit.{kind.value}", "")

    def quantity(self, measured: Measured) -> str:
        """Print a value with its unit, such as ``+5,7 pct.-point`` or ``DKK 1,200``."""
        return "".join(self.quantity_parts(measured))

    def quantity_parts(self, measured: Measured) -> tuple[str, str, str]:
        """Return what stands before the number, the number, and what stands after it."""
        number = self.bare(measured)
        plural = "one" if number.lstrip(f"+{MINUS}") == "1" else "other"
        pattern = read_texts(self.lang).get(f"quantity.{measured.kind.value}.{plural}", "{number}")
        before, _, after = pattern.replace(" ", NBSP, 1).partition("{number}")
        return before, number, after

    def bare(self, measured: Measured) -> str:
        """Print a value without its unit."""
        if isinstance(measured.value, Interval):
            return self.interval(measured.value, measured.kind, measured.decimals)
        return self.value(measured.value, measured.kind, measured.decimals, signed=measured.signed)

    def share(self, value: float, decimals: int = 1) -> str:
        """Print a share in per cent, with the sign."""
        return self.quantity(Measured(value, Kind.SHARE, decimals))

    def resamples(self, value: float) -> str:
        """Print a share of resamples in per cent, without the sign; a simulation shows neither none nor all.

        Examples:
            >>> [Fmt("en").resamples(share).replace(NBSP, " ") for share in (0.0, 0.25, 1.0)]
            ['< 0.1', '25.0', '> 99.9']
        """
        if not is_bound(value, Kind.RESAMPLES):
            return self.value(value, Kind.SHARE)
        sign, bound = ("<", _LEAST_SHARE) if value < _LEAST_SHARE else (">", 1 - _LEAST_SHARE)
        return f"{sign}{NBSP}{self.value(bound, Kind.SHARE)}"

    def pp(self, value: float, decimals: int = 1, *, signed: bool = False) -> str:
        """Print a difference of shares in percentage points."""
        return self.quantity(Measured(value, Kind.PP, decimals, signed))

    def kr(self, value: float, decimals: int = 0, *, signed: bool = False) -> str:
        """Print kroner."""
        return self.quantity(Measured(value, Kind.KR, decimals, signed))

    def interval(self, interval: Interval, kind: Kind, decimals: int | None = None) -> str:
        """Print an interval without its unit: ``[1,2; 8,7]`` in Danish, ``[1.2, 8.7]`` in English."""
        low, high = (self.value(end, kind, decimals) for end in (interval.low, interval.high))
        between = ";" if self.lang == "da" or "," in low + high else ","
        return f"[{low}{between}{NBSP}{high}]"

    def level(self, conf_level: float) -> str:
        """Print the level of an interval in per cent, without the sign: ``95``, ``97,5``."""
        return self.fact(round(100 * conf_level, 6))

    def p(self, value: float) -> str:
        """Print a p-value with three decimals, never as 0 or 1."""
        if not is_bound(value, Kind.P):
            return self.number(value, 3)
        return f"<{NBSP}{self.number(_LEAST_P, 3)}" if value < _LEAST_P else f">{NBSP}{self.number(1 - _LEAST_P, 3)}"

    def date(self, day: date) -> str:
        """Print a day: ``21. november 2026``, ``21 November 2026``."""
        return format_date(day, _DATE[self.lang], locale=_LOCALE[self.lang])

    def fact(self, value: Fact) -> str:
        """Print a fact inside a sentence: a number with the decimals it has, at most three; a text as it is."""
        if isinstance(value, str):
            return value
        decimals = next((d for d in range(3) if round(value, d) == round(value, 3)), 3)
        return self.number(value, decimals)

    def cell(self, cell: Cell, column: Col) -> str:
        """Print one cell of a table."""
        if cell is None:
            return ""
        if isinstance(cell, Mark):
            return cell.value
        if isinstance(cell, str):
            return cell
        if isinstance(cell, Measured):
            return self.bare(cell)
        if isinstance(cell, Interval):
            return self.interval(cell, column.of, column.decimals)
        return self.value(cell, column.kind, column.decimals, signed=column.signed)

    def _decimal(self, value: float, decimals: int, *, signed: bool, shift: int) -> str:
        if math.isinf(value):
            return "∞" if value > 0 else f"{MINUS}∞"
        rounded = _round(value, decimals, shift)
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        digits = format_decimal(abs(rounded), format=pattern, locale=_LOCALE[self.lang])
        if not rounded:
            return digits
        return f"{MINUS}{digits}" if rounded < 0 else f"+{digits}" if signed else digits
