from datetime import date
from math import inf

import pytest

from ctieval.domain.units import Unit
from ctieval.report.cells import ABSENT, HIDDEN, Col, Interval, Kind, Measured
from ctieval.report.fmt import MINUS, NBSP, Fmt, effect_kind, level_kind

DA, EN = Fmt("da"), Fmt("en")


@pytest.mark.parametrize(
    ("value", "decimals", "danish", "english"),
    [
        (12345.678, 1, "12.345,7", "12,345.7"),
        (-0.04, 1, "0,0", "0.0"),
        (0.04, 1, "0,0", "0.0"),
        (-0.05, 1, f"{MINUS}0,1", f"{MINUS}0.1"),
        (0.285, 2, "0,29", "0.29"),
        (2.5, 0, "3", "3"),
        (-2.5, 0, f"{MINUS}3", f"{MINUS}3"),
        (inf, 1, "∞", "∞"),
        (-inf, 1, f"{MINUS}∞", f"{MINUS}∞"),
        (1e15, 0, "1.000.000.000.000.000", "1,000,000,000,000,000"),
    ],
)
def test_numbers(value, decimals, danish, english):
    assert DA.number(value, decimals) == danish
    assert EN.number(value, decimals) == english


def test_a_sign_is_printed_on_request_and_never_before_zero():
    assert DA.number(1.2, 1, signed=True) == "+1,2"
    assert DA.number(0.01, 1, signed=True) == "0,0"
    assert DA.number(-1.2, 1, signed=True) == f"{MINUS}1,2"


@pytest.mark.parametrize(
    ("value", "danish", "english"),
    [
        (0.0574, "0,057", "0.057"),
        (0.0009, f"<{NBSP}0,001", f"<{NBSP}0.001"),
        (0.0, f"<{NBSP}0,001", f"<{NBSP}0.001"),
        (0.001, "0,001", "0.001"),
        (0.9994, "0,999", "0.999"),
        (1.0, f">{NBSP}0,999", f">{NBSP}0.999"),
    ],
)
def test_p_values(value, danish, english):
    assert DA.p(value) == danish
    assert EN.p(value) == english


def test_intervals():
    assert DA.interval(Interval(1.2, 8.7), Kind.WEEKS) == f"[1,2;{NBSP}8,7]"
    assert EN.interval(Interval(1.2, 8.7), Kind.WEEKS) == f"[1.2,{NBSP}8.7]"
    assert DA.interval(Interval(-inf, 0.0571), Kind.PP) == f"[{MINUS}∞;{NBSP}5,7]"


def test_an_english_interval_with_thousands_is_not_cut_by_another_comma():
    assert EN.interval(Interval(-1234, 5678), Kind.KR) == f"[{MINUS}1,234;{NBSP}5,678]"


@pytest.mark.parametrize(
    ("measured", "danish", "english"),
    [
        (Measured(0.0574, Kind.PP, signed=True), "+5,7_pct.\u2011point", "+5.7_percentage points"),
        (Measured(0.01, Kind.PP, 0), "1_pct.\u2011point", "1_percentage point"),
        (Measured(0.525, Kind.SHARE, 0), "53_pct.", "53%"),
        (Measured(-1234.5, Kind.KR), f"{MINUS}1.235_kr.", f"DKK_{MINUS}1,235"),
        (Measured(1, Kind.WEEKS, 0), "1_uge", "1_week"),
        (Measured(-1, Kind.WEEKS, 0), f"{MINUS}1_uge", f"{MINUS}1_week"),
        (Measured(2.25, Kind.WEEKS), "2,3_uger", "2.3_weeks"),
        (Measured(Interval(1, 2), Kind.WEEKS, 0), "[1;_2]_uger", "[1,_2]_weeks"),
        (Measured(918, Kind.COUNT), "918", "918"),
    ],
)
def test_quantities(measured, danish, english):
    assert DA.quantity(measured).replace(NBSP, "_") == danish
    assert EN.quantity(measured).replace(NBSP, "_") == english


def test_short_names_print_the_same():
    assert DA.pp(0.0574, signed=True) == DA.quantity(Measured(0.0574, Kind.PP, signed=True))
    assert DA.kr(1200.0) == f"1.200{NBSP}kr."
    assert DA.share(0.5) == f"50,0{NBSP}pct."


def test_dates_and_levels():
    assert DA.date(date(2026, 11, 21)) == "21. november 2026"
    assert EN.date(date(2026, 11, 1)) == "1 November 2026"
    assert DA.level(0.95) == "95"
    assert DA.level(0.975) == "97,5"


@pytest.mark.parametrize(
    ("fact", "danish"), [(52, "52"), (0.25, "0,25"), (1 / 3, "0,333"), (1200, "1.200"), ("x", "x")]
)
def test_facts(fact, danish):
    assert DA.fact(fact) == danish


@pytest.mark.parametrize(
    ("cell", "column", "printed"),
    [
        (None, Col("a", "A"), ""),
        ("tekst", Col("a", "A"), "tekst"),
        (HIDDEN, Col("a", "A", Kind.COUNT), "•"),
        (ABSENT, Col("a", "A", Kind.PP), "\u2013"),
        (1234, Col("a", "A", Kind.COUNT), "1.234"),
        (0.5, Col("a", "A", Kind.SHARE), "50,0"),
        (0.0574, Col("a", "A", Kind.PP, signed=True), "+5,7"),
        (0.0574, Col("a", "A", Kind.PP, decimals=2), "5,74"),
        (Interval(0.1, 0.2), Col("a", "A", Kind.CI, of=Kind.PP), f"[10,0;{NBSP}20,0]"),
        (Measured(-4.2, Kind.WEEKS), Col("a", "A", Kind.RATIO), f"{MINUS}4,2"),
        (0.0001, Col("a", "A", Kind.P), f"<{NBSP}0,001"),
    ],
)
def test_cells(cell, column, printed):
    assert DA.cell(cell, column) == printed


def test_a_share_is_a_share_as_a_level_and_points_as_an_effect():
    assert level_kind("share") is Kind.SHARE
    assert effect_kind("share") is Kind.PP
    assert effect_kind("weeks") is Kind.WEEKS


@pytest.mark.parametrize("unit", Unit)
def test_every_unit_can_be_printed(unit):
    assert DA.quantity(Measured(1.5, level_kind(unit))) != ""
    assert EN.quantity(Measured(1.5, effect_kind(unit))) != ""
