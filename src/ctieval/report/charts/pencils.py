"""Knows which pencil draws which chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ctieval.report.amount_drawing import BarChart, ScenarioChart, TornadoChart, WaterfallChart
from ctieval.report.catalogue import Catalogue
from ctieval.report.charts.acceptability import draw_acceptability
from ctieval.report.charts.areas import draw_areas
from ctieval.report.charts.bars import draw_bars
from ctieval.report.charts.benefit import draw_benefit
from ctieval.report.charts.counts import draw_counts
from ctieval.report.charts.curve import draw_curve
from ctieval.report.charts.flow import draw_flow
from ctieval.report.charts.forest import draw_forest
from ctieval.report.charts.love import draw_love
from ctieval.report.charts.payback import draw_payback
from ctieval.report.charts.scenarios import draw_scenarios
from ctieval.report.charts.sheet import Sheet
from ctieval.report.charts.survival import draw_survival
from ctieval.report.charts.tornado import draw_tornado
from ctieval.report.charts.waterfall import draw_waterfall
from ctieval.report.count_drawing import CountChart
from ctieval.report.drawing import Chart, FlowChart, ForestChart
from ctieval.report.love_drawing import LoveChart
from ctieval.report.path_drawing import AreaChart, CurveChart
from ctieval.report.time_drawing import AcceptabilityChart, BenefitChart, PaybackChart, SurvivalChart

_PENCILS: Final[Mapping[type[Chart], Callable[..., Sheet]]] = {
    ForestChart: draw_forest,
    FlowChart: draw_flow,
    CurveChart: draw_curve,
    AreaChart: draw_areas,
    LoveChart: draw_love,
    BarChart: draw_bars,
    WaterfallChart: draw_waterfall,
    ScenarioChart: draw_scenarios,
    TornadoChart: draw_tornado,
    CountChart: draw_counts,
    SurvivalChart: draw_survival,
    BenefitChart: draw_benefit,
    PaybackChart: draw_payback,
    AcceptabilityChart: draw_acceptability,
}


def draw_on_sheet(chart: Chart, catalogue: Catalogue) -> Sheet:
    """Draw a chart with the words of a language."""
    return _pencil(chart)(chart, catalogue)


def _pencil(chart: Chart) -> Callable[..., Sheet]:
    return _PENCILS[type(chart)]
