import math

import pytest

from ctieval.domain.outcome import BetterWhen
from ctieval.report.cells import HIDDEN, Interval, Kind
from ctieval.report.drawing import FlowArm, FlowBox, FlowChart, FlowStage, ForestChart, ForestPanel, ForestRow

BOX = FlowBox("Drawn", 10)
TRUNK = (FlowStage(BOX, FlowBox("Out", HIDDEN, (("Young", 3), ("Old", HIDDEN)))),)


def row(estimate=1.0, level=0.95, label="A", high=2.0):
    return ForestRow(label, estimate, Interval(0.0, high, level), 10, BetterWhen.HIGHER)


@pytest.mark.parametrize("fault", [{"estimate": math.nan}, {"estimate": math.inf}, {"label": " "}])
def test_an_effect_has_a_name_and_a_finite_estimate(fault):
    with pytest.raises(ValueError, match="finite estimate"):
        row(**fault)


def test_a_forest_has_rows_of_one_level():
    with pytest.raises(ValueError, match="has rows"):
        ForestPanel(Kind.PP, ())
    with pytest.raises(ValueError, match="one level"):
        ForestChart((ForestPanel(Kind.PP, (row(level=0.9), row())),))
    with pytest.raises(ValueError, match="one level"):
        ForestChart(())


def test_a_forest_knows_every_number_that_it_draws():
    chart = ForestChart((ForestPanel(Kind.PP, (row(high=math.inf), row(3.0))),))
    assert chart.numbers == {0.0, 1.0, 2.0, 3.0, 10.0}
    assert chart.conf_level == 0.95


@pytest.mark.parametrize(
    ("trunk", "arms"),
    [
        ((), (FlowArm("A", (BOX,)),)),
        (TRUNK, ()),
        (TRUNK, (FlowArm("A", ()),)),
        (TRUNK, (FlowArm("A", (BOX,)), FlowArm("B", (BOX, BOX)))),
    ],
)
def test_a_flow_has_a_trunk_and_even_arms(trunk, arms):
    with pytest.raises(ValueError, match="equal numbers"):
        FlowChart(trunk, arms)


def test_a_flow_knows_every_number_that_it_draws():
    assert FlowChart(TRUNK, (FlowArm("A", (BOX,)),)).numbers == {10.0, 3.0}


def test_a_box_has_a_label():
    with pytest.raises(ValueError, match="label"):
        FlowBox("", 1)
