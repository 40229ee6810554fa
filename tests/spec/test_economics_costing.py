"""The worked example and the published cases of the specification on costs: ME16, AC13 and AC14."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.costing import CostPart
from ctieval.domain.registers import Registers, WeekPanel, week_of
from ctieval.domain.trial import EconomicsPlan
from ctieval.economics.benefits import week_price
from ctieval.economics.costing.annuity import annuity
from ctieval.economics.costing.build import build_person_costs
from ctieval.rates.load import load_rates
from ctieval.registers.check import check_table
from ctieval.registers.schemas import load_schema

KRONER = 0.01
BOOK = load_rates(None)
COLUMNS = {"payer": "municipality", "price_year": "2018", "phase": "run", "category": "operation"}
COLUMNS |= {"source": "The specification", "grade": "D"}


def ingredient(name, scope, driver, price, **more):
    return {"id": name, "label_da": name, "arm_scope": scope, "driver": driver, "unit_price": price} | COLUMNS | more


def cost(make_allocation, arms, ingredients, log, usual=None, *, weeks=52):
    """Costs of persons drawn on 1 January 2018; logs are rows (person, day, hours)."""
    made = make_allocation(arms)
    ids = np.array([f"p{i:03d}" for i in range(len(arms))], dtype=object)
    drawn_on = np.full(len(arms), np.datetime64("2018-01-01"), dtype="datetime64[D]")
    registers = Registers(
        persons=pd.DataFrame({"person_id": ids, "municipality": "153"}),
        weeks=WeekPanel(ids, week_of(np.datetime64("2018-01-01")), np.full((len(arms), weeks), 730, dtype=np.int16)),
        employment=None,
        payments=None,
        activity=to_log(ids, log),
        survey=None,
        recognised=(),
        digests=(),
        usual_services=None if usual is None else to_log(ids, usual),
        ingredients=check_table(pd.DataFrame(ingredients), load_schema("ingredients")),
    )
    plan = EconomicsPlan(("municipality",), weeks, 2018, "fm_2021")
    return build_person_costs(plan, replace(made, person_id=ids, randomised_on=drawn_on), registers, BOOK).costing


def to_log(ids, rows):
    person, day, hours = zip(*rows, strict=True)
    minutes = [60 * each for each in hours]
    frame = pd.DataFrame({"person_id": ids[list(person)], "date": day, "activity": "x", "minutes": minutes})
    return check_table(frame, load_schema("activity"))


def part(costing, which):
    return next(each for each in costing.sums if each.part is which and each.category is None)


def test_me16_an_hour_a_case_and_the_set_up(make_allocation):
    """520,000 kr. for 1,450 hours with 20 per cent overhead; set-up of 129,100 kr. over three years for 30."""
    hour = ingredient("hour", "T", "contact_min", 520_000 / 1_450, overhead=0.20)
    set_up = ingredient("set-up", "T", "fixed", 129_100, phase="setup", life_years="3", category="preparation")
    assert hour["unit_price"] == pytest.approx(358.62, abs=KRONER)
    arms = [0] * 30 + [1] * 30
    log = [(30 + i, day, hours) for i in range(30) for day, hours in (("2018-01-01", 40), ("2018-12-31", 0))]
    found = cost(make_allocation, arms, [hour, set_up], log, weeks=53)
    hours, shared = found.ingredients
    assert hours.unit_price == pytest.approx(430.34, abs=KRONER)
    assert hours.intervention.per_participant == pytest.approx(17_213.79, abs=KRONER)
    assert shared.unit_price == pytest.approx(46_080.20, abs=KRONER)
    years = 365 / 365.25
    assert shared.intervention.per_participant == pytest.approx(1_536.01 * years, abs=KRONER)
    assert annuity(129_100, 3, 0.035) / 30 == pytest.approx(1_536.01, abs=KRONER)
    assert annuity(129_100, 3, 0) / 30 == pytest.approx(1_434.44, abs=KRONER)
    assert found.at_scale.per_participant == pytest.approx(17_213.79, abs=KRONER)


def test_me16_weeks_of_benefit_that_pay_for_a_net_cost():
    from datetime import date

    week = 0.8 * week_price(BOOK.value("cash_benefit_other", date(2021, 6, 1)))
    assert week == pytest.approx(2_159.63, abs=KRONER)
    assert 6_000 / week == pytest.approx(2.778, abs=0.0005)


@pytest.mark.parametrize(
    ("intervention", "control", "net"),
    [(51_000, 59_000, -8_000), (48_600, 47_000, 1_600), (85_000, 89_000, -4_000)],
    ids=["nine months", "without admissions", "21 months"],
)
def test_ac13_net_cost_is_of_both_arms(make_allocation, intervention, control, net):
    """CTI beside support in the home: what the control got is taken off, and the sign depends on what is counted."""
    table = [
        ingredient("CTI", "T", "contact_min", intervention - 10_000),
        ingredient("support", "both", "contact_min", 10_000),
    ]
    usual = [(0, "2018-01-01", control / 10_000), (1, "2018-01-01", 1)]
    found = cost(make_allocation, [0, 1], table, [(1, "2018-01-01", 1)], usual)
    assert not found.gross
    assert part(found, CostPart.PROGRAMME).control.total == 0
    assert found.net_per_person_drawn == pytest.approx(net, abs=1e-6)


def test_ac13_without_a_log_of_the_control_there_is_no_net_cost(make_allocation):
    table = [ingredient("CTI", "T", "contact_min", 51_000)]
    found = cost(make_allocation, [0, 1], table, [(1, "2018-01-01", 1)])
    assert found.gross
    assert np.isnan(found.net_per_person_drawn)
    assert part(found, CostPart.PROGRAMME).intervention.per_person_drawn == pytest.approx(51_000)


def test_ac14_cost_per_completer(make_allocation):
    """958,000 kr. a year for 34 who completed."""
    arms = [0] * 34 + [1] * 34
    log = [(34 + i, "2018-03-01", 1) for i in range(34)]
    found = cost(make_allocation, arms, [ingredient("year", "T", "fixed", 958_000)], log)
    assert found.ingredients[0].intervention.per_participant == pytest.approx(28_176, abs=0.5)
