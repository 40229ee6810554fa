"""Costs at the command line."""

import math

import pytest

from ctieval.cli.cost_rows import cost_rows, reconciled_rows
from ctieval.domain.costing import ArmCost, CostCategory, Costing, CostPart, CostSum, PaidHours, Reconciled

INTERVENTION, CONTROL = ArmCost(10, 5, 1000.0, 100.0, 200.0), ArmCost(20, 20, 400.0, 20.0, 20.0)
COSTING = Costing(
    ingredients=(),
    sums=(
        CostSum(CostPart.PROGRAMME, CostCategory.OPERATION, INTERVENTION, CONTROL),
        CostSum(CostPart.PROGRAMME, None, INTERVENTION, CONTROL),
        CostSum(CostPart.RESEARCH, None, INTERVENTION, CONTROL),
    ),
    at_scale=INTERVENTION,
    hours=(PaidHours(1.0, 2.0, 2.0), PaidHours(0.0, 0.0, math.nan)),
    reconciled=(Reconciled("153", "2018-Q1", 90.0, 100.0), Reconciled("153", "2018-Q2", 0.0, 0.0)),
    horizon_weeks=104,
    gross=False,
)


def test_without_costs_there_are_no_rows():
    assert cost_rows(None) == []
    assert reconciled_rows(None) == []


def test_every_row_has_the_same_columns():
    rows = cost_rows(COSTING)
    assert len({tuple(row) for row in rows}) == 1
    assert [row["row"] for row in rows] == [
        "category",
        "part",
        "part",
        "at_scale",
        "net_cost",
        "paid_hours_per_contact_hour",
    ]
    assert [row["difference"] for row in rows[:3]] == [80, 80, 80]
    assert rows[4]["difference"] == 80
    assert rows[5]["intervention"] == 2


def test_ratios_stand_beside_the_kroner():
    rows = reconciled_rows(COSTING)
    assert rows[0]["ratio"] == pytest.approx(0.9)
    assert math.isnan(rows[1]["ratio"])


def test_the_demo_has_costs(call, tmp_path):
    from ctieval.evaluate.demo import write_demo

    write_demo(tmp_path)
    code, out, _ = call("evaluate", tmp_path, "--table", "costs")
    assert code == 0
    assert "cti_kontakt" in out
    assert "e+0" not in out
