"""Draws any chart once and keeps it, so that every format shows the same picture."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ctieval.domain.wording import Language
from ctieval.report.catalogue import Catalogue, load_catalogue
from ctieval.report.drawing import Chart

if TYPE_CHECKING:
    from ctieval.report.charts.sheet import Sheet


@lru_cache(maxsize=64)
def draw_chart(chart: Chart, lang: Language, *, live_text: bool) -> str:
    """Return a chart as SVG with the words of one language.

    Args:
        chart: What is drawn.
        lang: Language of its words and numbers.
        live_text: True for text as text, for pages that carry the font; False for outlines.
    """
    return _drawn(chart, lang).to_svg(live_text=live_text)


@lru_cache(maxsize=64)
def draw_png(chart: Chart, lang: Language) -> bytes:
    """Return a chart as PNG on a white ground, for formats that show no SVG; drawn on the same sheet as the SVG.

    Args:
        chart: What is drawn.
        lang: Language of its words and numbers.
    """
    return _drawn(chart, lang).to_png()


@lru_cache(maxsize=64)
def _drawn(chart: Chart, lang: Language) -> Sheet:
    return _sheet(chart, load_catalogue(lang))


def _sheet(chart: Chart, catalogue: Catalogue) -> Sheet:
    from ctieval.report.charts.pencils import draw_on_sheet  # noqa: PLC0415 (matplotlib is slow to load)

    return draw_on_sheet(chart, catalogue)
