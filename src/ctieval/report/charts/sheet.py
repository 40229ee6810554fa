"""The sheet on which charts are drawn: measures in inches from the top left, text in the report's own font."""

from __future__ import annotations

import io
import warnings
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from typing import Literal, TypeAlias

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, Patch, Polygon
from matplotlib.textpath import text_to_path

from ctieval.report.tokens import CHART_INCHES, FONT, PNG_DPI, TEXT_POINTS, chart_parameters, colour

Align: TypeAlias = Literal["left", "center", "right"]
Weight: TypeAlias = Literal["regular", "bold"]
Dash: TypeAlias = tuple[float, ...]

SOLID: Dash = ()
DASHED: Dash = (4.0, 2.0)
"""Drawn and left out, in line widths."""

LINE_INCHES = 1.35 * TEXT_POINTS / 72


@dataclass(frozen=True, slots=True)
class Ink:
    """How a text looks.

    Attributes:
        tone: Colour tone.
        weight: Regular or bold.
        points: Size.
    """

    tone: str = "ink"
    weight: Weight = "regular"
    points: float = TEXT_POINTS


PLAIN = Ink()


def text_width(text: str, ink: Ink = PLAIN) -> float:
    """Return the width of a text in inches."""
    with _quiet_about_glyphs():
        width, _, _ = text_to_path.get_text_width_height_descent(text, _font(ink), ismath=False)
    return width / 72


def wrap(text: str, width: float, ink: Ink = PLAIN) -> tuple[str, ...]:
    """Break a text into lines of at most a width in inches; a word that is longer is cut.

    Examples:
        >>> wrap("Weeks in an ordinary job", 1.0)
        ('Weeks in an', 'ordinary job')
    """
    lines: list[str] = []
    for word in (piece for whole in text.split(" ") for piece in _cut(whole, width, ink)):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, ink) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


def _cut(word: str, width: float, ink: Ink) -> Iterator[str]:
    while len(word) > 1 and text_width(word, ink) > width:
        fits = next((n for n in range(len(word) - 1, 1, -1) if text_width(word[:n], ink) <= width), 1)
        yield word[:fits]
        word = word[fits:]
    yield word


class Sheet:
    """A sheet of a height; x runs from the left and y from the top, both in inches."""

    def __init__(self, height: float) -> None:
        self._figure = Figure(figsize=(CHART_INCHES, height))
        self._figure.patch.set_visible(False)
        self._drawn = 0
        self._axes: Axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_xlim(0, CHART_INCHES)
        self._axes.set_ylim(height, 0)
        self._axes.set_axis_off()

    def text(self, x: float, y: float, text: str, *, align: Align = "left", ink: Ink = PLAIN) -> None:
        """Write one line, its middle at ``y``."""
        self._axes.text(
            x,
            y + 0.36 * ink.points / 72,
            text,
            ha=align,
            va="baseline",
            color=colour(ink.tone),
            fontproperties=_font(ink),
            parse_math=False,
            zorder=self._above(),
        )

    def line(
        self, xs: Sequence[float], ys: Sequence[float], *, tone: str = "ink", points: float = 0.75, dash: Dash = SOLID
    ) -> None:
        """Draw a line through some points, whole or dashed."""
        self._axes.plot(
            xs,
            ys,
            color=colour(tone),
            linewidth=points,
            linestyle=(0, dash) if dash else "solid",
            solid_capstyle="butt",
            clip_on=False,
            zorder=self._above(),
        )

    def shape(self, corners: Sequence[tuple[float, float]], *, fill: str | None, edge: str | None = None) -> None:
        """Draw a closed shape; without a fill its rim alone."""
        border, inside = ("none" if tone is None else colour(tone) for tone in (edge, fill))
        self._add(Polygon(corners, closed=True, facecolor=inside, edgecolor=border, linewidth=0.9))

    def dot(self, x: float, y: float, radius: float, *, tone: str) -> None:
        """Draw a dot."""
        self._add(Circle((x, y), radius, facecolor=colour(tone), edgecolor="none"))

    def arrow_head(self, x: float, y: float, toward: Literal["left", "right", "down"], *, tone: str) -> None:
        """Draw the head of an arrow with its point at a place."""
        long, half = 0.075, 0.04
        back = {
            "left": ((x + long, y - half), (x + long, y + half)),
            "right": ((x - long, y - half), (x - long, y + half)),
            "down": ((x - half, y - long), (x + half, y - long)),
        }[toward]
        self.shape(((x, y), *back), fill=tone)

    def arrow(self, x: float, y: float, toward: Literal["left", "right"], *, length: float) -> None:
        """Draw a short arrow beside a word, from a place to a side."""
        tip = x + (length if toward == "right" else -length)
        self.line((x, x + 0.85 * (tip - x)), (y, y), tone="mute", points=0.9)
        self.arrow_head(tip, y, toward, tone="mute")

    def to_svg(self, *, live_text: bool) -> str:
        """Return the sheet as SVG, the same text in every process."""
        out = io.StringIO()
        with mpl.rc_context(chart_parameters(live_text=live_text)), _quiet_about_glyphs():
            self._figure.savefig(
                out,
                format="svg",
                transparent=True,
                metadata={"Date": None, "Creator": None, "Format": None, "Type": None},
            )
        return out.getvalue()

    def to_png(self) -> bytes:
        """Return the sheet as PNG, the same bytes in every process."""
        out = io.BytesIO()
        with _quiet_about_glyphs():
            self._figure.savefig(out, format="png", dpi=PNG_DPI, facecolor=colour("paper"), metadata={"Software": None})
        return out.getvalue()

    def _add(self, patch: Patch) -> None:
        patch.set(clip_on=False, zorder=self._above())
        self._axes.add_patch(patch)

    def _above(self) -> int:
        """Return an order in which what is drawn later lies above."""
        self._drawn += 1
        return self._drawn


def _font(ink: Ink) -> FontProperties:
    file = resources.files("ctieval.report") / "fonts" / f"OpenSans-{ink.weight.capitalize()}.ttf"
    return FontProperties(family=FONT, weight=ink.weight, size=ink.points, fname=str(file))


@contextmanager
def _quiet_about_glyphs() -> Generator[None]:
    """A sign that the font lacks is shown in the reader's own font; the drawing says nothing about it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield
