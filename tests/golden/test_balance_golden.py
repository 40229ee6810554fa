"""Values of RItools 0.3.5 and stats 4.2.2 for the check of a draw."""

import json

import numpy as np
import pandas as pd
import pytest

from ctieval.assignment.balance.check import check_balance
from ctieval.assignment.balance.omnibus import build_metric, fixed_covariance
from ctieval.domain.trial import BaselineVariable
from ctieval.domain.units import Unit
from ctieval.domain.wording import Label

JOBS = ("depress1", "econ_hard", "age", "female", "nonwhite")
NSW = ("age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75")


def golden(reference, name):
    values = json.loads((reference / "values" / f"{name}.json").read_text(encoding="utf-8"))["values"]
    return {each["id"]: each["value"] for each in values}, pd.read_csv(reference / "data" / f"{name}.csv")


def check(frame, make_allocation, columns):
    variables = tuple(BaselineVariable(name, Label(name, name), name, Unit.UNSTATED) for name in columns)
    return check_balance(frame, make_allocation(frame["treat"].to_numpy()), variables)


def z_scores(table):
    return [row.difference / row.std_error for row in table.rows]


@pytest.mark.parametrize(("name", "columns"), [("jobs2", JOBS), ("nsw_dw", NSW)])
def test_the_distance_and_each_z_are_those_of_xbalance(reference, make_allocation, name, columns):
    expected, frame = golden(reference, name)
    expected = expected["xBalance_omnibus"]
    table = check(frame, make_allocation, columns)
    assert table.omnibus.statistic == pytest.approx(expected["overall"]["chisquare"], rel=1e-8)
    assert table.omnibus.rank == expected["overall"]["df"]
    assert z_scores(table) == pytest.approx([expected["z"][column] for column in columns], rel=1e-8)


@pytest.mark.parametrize(("name", "columns"), [("jobs2", JOBS), ("nsw_dw", NSW)])
def test_the_p_value_of_all_draws_is_near_that_of_large_samples(reference, make_allocation, name, columns):
    """RItools takes the distance for chi-square; with so many persons that is within 0.01 of what the draws say."""
    expected, frame = golden(reference, name)
    omnibus = check(frame, make_allocation, columns).omnibus
    assert omnibus.p_low - 0.01 < expected["xBalance_omnibus"]["overall"]["p.value"] < omnibus.p_high + 0.01


def test_standardised_differences_are_those_of_balancetest(reference, make_allocation):
    expected, frame = golden(reference, "jobs2")
    table = check(frame, make_allocation, JOBS)
    found = [row.std_difference for row in table.rows]
    assert found == pytest.approx([expected["balanceTest_omnibus"]["std_diff"][column] for column in JOBS], rel=1e-8)


def test_blocks_with_xbalances_weights_give_its_distance(reference):
    """xBalance weighs blocks by the precision of their differences; ours by their persons, which is what Table 1 shows.

    With its weights the same covariance gives its value.
    """
    expected, frame = golden(reference, "nsw_dw")
    expected = expected["xBalance_blocked"]
    columns = [*NSW[:5], "re74"]
    block = frame.groupby(["unem75", "nodegree"]).ngroup().to_numpy()
    values, arm = frame[columns].to_numpy(dtype=float), frame["treat"].to_numpy()
    n1, n0 = (np.bincount(block, weights=arm == each) for each in (1, 0))
    weight = n1 * n0 / (n1 + n0)
    weight = weight / weight.sum()
    means = [np.stack([values[(block == b) & (arm == each)].mean(axis=0) for b in range(4)]) for each in (0, 1)]
    difference = weight @ (means[1] - means[0])
    covariance = fixed_covariance(values, arm, block, weight)
    z = difference / np.sqrt(np.diag(covariance))
    spread = values.std(axis=0)
    metric = build_metric(covariance / np.outer(spread, spread), np.zeros(6))
    assert z == pytest.approx([expected["z"][column] for column in columns], rel=1e-8)
    assert metric.distance((difference / spread)[None, :])[0] == pytest.approx(
        expected["overall"]["chisquare"], rel=1e-8
    )
    assert metric.rank == expected["overall"]["df"]


def test_the_distance_is_hotellings_on_another_scale(reference, make_allocation):
    """T2 pools the spread within the arms, ours that of everybody: d2 = (n - 1) T2 / (n - 2 + T2)."""
    expected, frame = golden(reference, "jobs2")
    t2 = expected["balance_hotelling"]["T2"]
    n = len(frame)
    statistic = check(frame, make_allocation, JOBS).omnibus.statistic
    assert statistic == pytest.approx((n - 1) * t2 / (n - 2 + t2), rel=1e-8)
