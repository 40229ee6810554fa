"""The tables of the account over time and of the decision: one row a number, in full precision."""

import math

from ctieval.cli.prospect_rows import prospect_tables
from ctieval.domain.cost_benefit import CostBenefit
from ctieval.domain.decision import (
    Acceptability,
    Allotted,
    CostRatio,
    Decision,
    FundsPoint,
    InformationValue,
    PartialInformation,
    PublicFunds,
    Quadrant,
    SobolIndex,
    TornadoBar,
    VarianceSplit,
    Willingness,
)
from ctieval.domain.effect_table import Effect
from ctieval.domain.outlook import (
    AccountOutlook,
    BreakEven,
    BudgetYear,
    Curve,
    CurveBand,
    Extrapolation,
    MonthsAhead,
    Outlook,
    Payback,
    PaybackShares,
    ScenarioResult,
    Trough,
)
from ctieval.domain.outlook_plan import Scenario, ScenarioName
from ctieval.domain.parameter import Origin

NET = Effect("net", "ate", "a - b", -2.0, 1.0, -2.0, 9.0, 0.1, -4.0, 0.0, 0.95, 20, 10, 10, "dkk", "", "m")


def outlook(*, resampled=True):
    band = CurveBand((-6.0, -5.0), (2.0, 1.0), 2.5) if resampled else None
    account = AccountOutlook(
        account="municipality_m0",
        curve=Curve((-3.0, -2.0), (-5.0, -4.0), (-1.0, 0.0), band, Trough(0, -3.0)),
        payback=Payback(None, PaybackShares((0.0, 0.25), 0.75, None, None) if resampled else None),
        extrapolation=Extrapolation(1, NET, None, None, 0.5, None, 1, MonthsAhead((-1.5,), (-4.0,), (1.0,))),
        scenarios=(ScenarioResult(Scenario(ScenarioName.OBSERVED), NET, -2.0, 0.0, 0.25 if resampled else None),),
        break_even=BreakEven(None, None, NET, None),
    )
    budget = (BudgetYear("municipality_m0", 2018, NET, -2, -20),)
    return Outlook((account,), budget, 2, 10, 10, 0.95, 300 if resampled else 0, 1)


DECISION = Decision(
    payer="municipality_m0",
    cost_ratio=CostRatio(
        "municipality_m0", (Allotted("benefit", 3.0),), (Allotted("programme", 5.0),), 0.6, 0.1, 1.1, 0.95, None
    ),
    public_funds=(
        PublicFunds(
            Willingness.AT_COST,
            1.0,
            0.0,
            FundsPoint(Quadrant.PAYS_FOR_ITSELF, math.inf),
            FundsPoint(Quadrant.RATIO, 0.5),
            FundsPoint(Quadrant.CITIZENS_LOSE, None),
            0.95,
            ((Quadrant.RATIO, 1.0),),
            None,
        ),
    ),
    acceptability=(
        Acceptability("job", "weeks", "municipality_m0", (0.0, 10.0), (-2.0, 8.0), (0.1, 0.9), (2.0, 0.5), (0.0, 8.0)),
    ),
    information=InformationValue(
        "municipality_m0", -2.0, 0.1, 4.0, (PartialInformation("sampling", 3.0),), 2.0, 10.0, 2, 80.0, 40.0
    ),
    tornado=(TornadoBar("services", "dkk", Origin.MEASURED, -5.0, -6.0, -4.0, -3.0, -1.0, -3.0),),
    variance=VarianceSplit(1.0, 0.75, 0.25),
    indices=(SobolIndex("sampling", 0.7, 0.8),),
    warnings=(),
)


def tables(full_outlook, decision):
    economics = object.__new__(CostBenefit)
    object.__setattr__(economics, "outlook", full_outlook)
    object.__setattr__(economics, "decision", decision)
    return prospect_tables(economics)


def test_months_are_counted_from_one_and_those_after_the_trial_are_named():
    rows = tables(outlook(), DECISION)["curve"]
    assert [(row["month"], row["kind"], row["estimate"]) for row in rows] == [
        (1, "observed", -3.0),
        (2, "observed", -2.0),
        (3, "extrapolated", -1.5),
    ]
    assert rows[1]["share_paid_back"] == 0.25
    assert math.isnan(rows[2]["band_low"])


def test_without_resamples_bands_and_shares_are_left_open():
    rows = tables(outlook(resampled=False), DECISION)["curve"]
    assert math.isnan(rows[0]["band_low"])
    assert math.isnan(rows[0]["share_paid_back"])


def test_scenarios_and_budget_years_carry_the_columns_of_an_effect():
    found = tables(outlook(), DECISION)
    assert found["scenarios"][0]["conf_low"] == -4.0
    assert found["scenarios"][0]["scenario"] == "observed"
    assert (found["budget_years"][0]["year"], found["budget_years"][0]["cohort"]) == (2018, -20)


def test_every_number_of_the_decision_has_a_row():
    rows = {(row["part"], row["of"]): row for row in tables(outlook(), DECISION)["decision"]}
    assert rows["cost_ratio", "municipality_m0"]["value"] == 0.6
    assert rows["public_funds", "at_cost"]["high"] is None
    assert rows["acceptability.job", "10"]["value"] == 0.9
    assert rows["tornado.net", "services"]["low"] == -3.0
    assert rows["information", "perfect_for_all"]["value"] == 80.0
    assert rows["variance.total", "sampling"]["value"] == 0.8


def test_without_a_net_result_the_tables_are_empty():
    assert prospect_tables(None) == {"scenarios": [], "curve": [], "budget_years": [], "decision": []}
    assert set(map(len, tables(None, None).values())) == {0}
