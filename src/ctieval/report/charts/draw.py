"""Draws any chart once and keeps it, so that every format shows the same picture."""

from __future__ import annotations

from functools import lru_cache

from ctieval.domain.wording import Language
from ctieval.report.catalogue import load_catalogue
from ctieval.report.drawing import Chart, ForestChart


@lru_cache(maxsize=64)
def draw_chart(chart: Chart, lang: Language, *, live_text: bool) -> str:
    """Return a chart as SVG with the words of one language.

    Args:
        chart: What is drawn.
        lang: Language of its words and numbers.
        live_text: True for text as text, for pages that carry the font; False for outlines.
    """
    from ctieval.report.charts.flow import draw_flow  # noqa: PLC0415 (matplotlib is slow to load)
    from ctieval.report.charts.forest import draw_forest  # noqa: PLC0415

    catalogue = load_catalogue(lang)
    sheet = draw_forest(chart, catalogue) if isinstance(chart, ForestChart) else draw_flow(chart, catalogue)
    return sheet.to_svg(live_text=live_text)
