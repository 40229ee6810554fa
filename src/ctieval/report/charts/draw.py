"""Draws any chart once and keeps it, so that every format shows the same picture."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, assert_never

from ctieval.domain.wording import Language
from ctieval.report.catalogue import Catalogue, load_catalogue
from ctieval.report.drawing import Chart, FlowChart, ForestChart
from ctieval.report.love_drawing import LoveChart
from ctieval.report.path_drawing import AreaChart, CurveChart

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
    from ctieval.report.charts.areas import draw_areas  # noqa: PLC0415 (matplotlib is slow to load)
    from ctieval.report.charts.curve import draw_curve  # noqa: PLC0415
    from ctieval.report.charts.flow import draw_flow  # noqa: PLC0415
    from ctieval.report.charts.forest import draw_forest  # noqa: PLC0415
    from ctieval.report.charts.love import draw_love  # noqa: PLC0415

    match chart:
        case ForestChart():
            return draw_forest(chart, catalogue)
        case FlowChart():
            return draw_flow(chart, catalogue)
        case CurveChart():
            return draw_curve(chart, catalogue)
        case AreaChart():
            return draw_areas(chart, catalogue)
        case LoveChart():
            return draw_love(chart, catalogue)
        case _:
            assert_never(chart)
