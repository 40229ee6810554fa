"""Colours, sizes and the font: the only place in which the look of a report is fixed."""

from __future__ import annotations

from typing import Any, Final

FONT: Final = "Open Sans"

COLOURS: Final = {
    "paper": "#FFFFFF",
    "ink": "#1A2B3C",
    "main": "#005B8C",
    "dark": "#003A5C",
    "tint": "#E8F1F6",
    "band": "#CFE3EE",
    "accent": "#D55E00",
    "accent-text": "#A34700",
    "warm": "#FDF3EA",
    "control": "#84919D",
    "mute": "#4A5A68",
    "cyan": "#00A0D6",
    "hairline": "#C9D3DB",
}

TEXT_PAIRS: Final = (
    ("ink", "paper"),
    ("ink", "tint"),
    ("ink", "warm"),
    ("main", "paper"),
    ("main", "tint"),
    ("dark", "paper"),
    ("dark", "tint"),
    ("paper", "dark"),
    ("band", "dark"),
    ("accent-text", "paper"),
    ("accent-text", "warm"),
    ("mute", "paper"),
    ("mute", "tint"),
)
"""Text and its ground; the contrast of each is at least 4.5."""

GRAPHIC_PAIRS: Final = (
    ("ink", "paper"),
    ("main", "paper"),
    ("accent", "paper"),
    ("control", "paper"),
    ("mute", "paper"),
    ("main", "tint"),
    ("accent-text", "warm"),
)
"""Lines, marks and borders that carry meaning, and their ground; the contrast of each is at least 3."""

SERIES: Final = ("main", "accent", "control", "ink")
"""Series of a chart in their order, at most four; colour is never the only cue."""

TEXT_POINTS: Final = 8.5
SMALL_POINTS: Final = 8.0
CHART_INCHES: Final = 6.3
PNG_DPI: Final = 220

_SIZES: Final = {
    "body": "1rem",
    "small": "0.8125rem",
    "table": "0.875rem",
    "caption": "0.9375rem",
    "h1": "2.6rem",
    "h2": "1.6rem",
    "h3": "1.15rem",
    "key": "1.5rem",
    "measure": "44rem",
    "wide": "52rem",
    "chart-least": "36rem",
}


def colour(token: str) -> str:
    """Return a colour as ``#RRGGBB``."""
    return COLOURS[token]


def css_variables() -> str:
    """Return colours, sizes and the font as CSS variables of the whole page."""
    values = {**COLOURS, **_SIZES, "font": f'"{FONT}", Arial, sans-serif'}
    return ":root{" + "".join(f"--{name}:{value};" for name, value in values.items()) + "}"


def chart_parameters(*, live_text: bool) -> dict[Any, str | float]:
    """Return matplotlib parameters: the same bytes in every process; text as text, or as outlines.

    Args:
        live_text: True for text that can be searched and read aloud, False for outlines that need no font.
    """
    return {
        "svg.fonttype": "none" if live_text else "path",
        "svg.hashsalt": "ctieval",
        "svg.image_inline": True,
        "path.simplify": False,
        "text.usetex": False,
        "figure.dpi": 72,
    }
