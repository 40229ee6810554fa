"""Renders a report as one HTML file that asks the network for nothing."""

from __future__ import annotations

import base64
from functools import lru_cache
from importlib import resources
from typing import Final

from markupsafe import Markup

from ctieval.report.catalogue import Catalogue, load_catalogue
from ctieval.report.charts.draw import draw_chart
from ctieval.report.html_blocks import BlockWriter
from ctieval.report.inline import plain
from ctieval.report.model import Figure, Report
from ctieval.report.printed import cover_lines
from ctieval.report.resolve import Numbered, resolve, target
from ctieval.report.svg import to_inline
from ctieval.report.tokens import FONT, css_variables

_FACES: Final = (
    ("Regular", 400, "normal"),
    ("Italic", 400, "italic"),
    ("Semibold", 600, "normal"),
    ("Bold", 700, "normal"),
)


def render_html(report: Report) -> bytes:
    """Render a report as one HTML file: own style sheet, fonts and pictures inside, no script.

    The same report gives the same bytes. Whatever a user wrote is shown as text.

    Raises:
        ValueError: If an id stands twice, or a text refers to what is not there (``resolve``).
    """
    numbered, words = resolve(report), load_catalogue(report.meta.lang)
    writer = BlockWriter(numbered, words, lambda figure: _picture(figure, numbered, words))
    page = writer.fill("report.html.jinja", style=style_sheet(), cover=cover_lines(report.meta, words))
    return page.encode()


def _picture(figure: Figure, numbered: Numbered, words: Catalogue) -> Markup:
    drawn = draw_chart(figure.draw, words.lang, live_text=True)
    title = f"{numbered.labels[target(figure)].heading(words)}: {plain(figure.caption)}"
    inline = to_inline(drawn, f"fig-{figure.id}-picture", title=title, desc=plain(figure.alt))
    return Markup(inline)  # noqa: S704 (built element by element, texts escaped)


@lru_cache(maxsize=4)
def style_sheet(rules_file: str = "report.css") -> Markup:
    """Return a style sheet: fonts, tokens, then the rules of a page, from a file among the templates."""
    room = resources.files("ctieval.report")
    faces = [_face(*face) for face in _FACES]
    rules = (room / "templates" / rules_file).read_text("utf-8")
    return Markup("\n".join((*faces, css_variables(), rules)))  # noqa: S704 (our own style sheet)


def _face(name: str, weight: int, slant: str) -> str:
    font = resources.files("ctieval.report") / "fonts" / f"OpenSans-{name}.woff2"
    address = f"data:font/woff2;base64,{base64.b64encode(font.read_bytes()).decode()}"
    return (
        f'@font-face{{font-family:"{FONT}";font-weight:{weight};font-style:{slant};src:url({address})format("woff2")}}'
    )
