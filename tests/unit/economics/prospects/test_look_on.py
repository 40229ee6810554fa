"""From the persons' accounts to outlook and decision: they rest on the same persons, and say when they cannot."""

from dataclasses import replace

import numpy as np
import pytest

from ctieval.domain.cost_benefit import Account
from ctieval.domain.decision_plan import CaseloadPlan
from ctieval.domain.outcome import BetterWhen, InstrumentOutcome, Measure, MeasuredIn, Role, State, StateOutcome
from ctieval.domain.outcome_table import OutcomeTable, Status
from ctieval.domain.outlook_plan import OutlookPlan
from ctieval.domain.parameter import Distribution, Origin, Parameter
from ctieval.domain.posting import Entry
from ctieval.domain.trial import EconomicsPlan
from ctieval.domain.window import Window
from ctieval.domain.wording import Label
from ctieval.economics.person_account import PersonAccounts
from ctieval.economics.prospects.look_on import look_on
from ctieval.economics.prospects.weigh import spread_worth
from ctieval.inference.by_design import by_design
from ctieval.rates.rate import Step

PERSONS, MONTHS = 60, 12
STEPS = (Step(0, 0.0),)
PLAN = EconomicsPlan(("municipality",), 52, 2018, "none", OutlookPlan(replicates=400))
FIRST = (Entry.BENEFIT, Entry.REFUND, Entry.PROGRAMME)
TAXED = (*FIRST, Entry.TAX_ON_EARNINGS, Entry.EQUALISATION)
LINES = {
    Account.M0: FIRST,
    Account.M2: TAXED,
    Account.PUBLIC: (Entry.BENEFIT, Entry.TAX_ON_EARNINGS, Entry.PROGRAMME),
    Account.CITIZEN: (Entry.BENEFIT, Entry.WAGES, Entry.TAX_ON_EARNINGS),
    Account.SOCIETY: (Entry.OUTPUT, Entry.PROGRAMME),
}
WEEK_WORTH = {
    Account.M0: -900.0,
    Account.M2: -800.0,
    Account.PUBLIC: -500.0,
    Account.CITIZEN: 500.0,
    Account.SOCIETY: 0.0,
}


def contrast(values, allocation):
    """The effect on what a person has in all her months."""
    return by_design(values.reshape(PERSONS, -1).sum(axis=1, keepdims=True), allocation)


@pytest.fixture
def allocation(make_allocation):
    return make_allocation(np.tile([0, 1], PERSONS // 2), np.repeat(["a", "b"], PERSONS // 2))


@pytest.fixture
def make_persons(allocation):
    """A function that makes accounts: kroner of each line by person and month, a gain of the treated among them."""

    def make(accounts=tuple(LINES), *, cost=500.0, gain=80.0):
        rng = np.random.default_rng(3)
        months = {entry: rng.normal(0, 100, (PERSONS, MONTHS)) for entry in Entry}
        months[Entry.BENEFIT] = rng.normal(-900, 100, (PERSONS, MONTHS)) + gain * allocation.arm[:, None]
        months[Entry.PROGRAMME] = -rng.gamma(4, cost / 4, (PERSONS, MONTHS)) * allocation.arm[:, None]
        lines = {account: {entry: months[entry] for entry in LINES[account]} for account in accounts}
        years = {
            account: {
                entry: np.column_stack([amount[:, :6].sum(1), amount[:, 6:].sum(1)]) for entry, amount in own.items()
            }
            for account, own in lines.items()
        }
        return PersonAccounts(
            lines=lines,
            nominal=lines,
            budget=years,
            years=(2018, 2019),
            undisplaced=dict.fromkeys(accounts, months[Entry.PROGRAMME]),
            grant=None,
            complete=True,
            weeks=-rng.uniform(10, 52, PERSONS),
            of_benefits={account: WEEK_WORTH[account] * np.ones(PERSONS) for account in accounts},
        )

    return make


@pytest.fixture
def outcomes(allocation):
    """Weeks in ordinary jobs of everybody over two windows, and WHO-5 of all but four."""
    rng = np.random.default_rng(5)
    values = np.column_stack([rng.uniform(0, 20, (PERSONS, 2)), rng.uniform(0, 100, PERSONS)])
    values[:, 1] += 5 * allocation.arm
    values[:4, 2] = np.nan
    common = {"label": Label("x", "x"), "role": Role.SECONDARY, "better_when": BetterWhen.HIGHER}
    job = {"state": State.ORDINARY_JOB, "measure": Measure.WEEKS, **common}
    declared = (
        StateOutcome(name="half_year", window=Window(0, 26), **job),
        StateOutcome(name="year", window=Window(0, 52), **job),
        InstrumentOutcome(name="who5", instrument="who5", wave="12m", **common),
    )
    status = np.where(np.isnan(values), Status.NO_ANSWER, Status.OBSERVED).astype(np.int64)
    return OutcomeTable(allocation.person_id, declared, values, status, np.full_like(values, np.nan))


def test_the_leading_accounts_are_looked_on_from_and_end_at_their_net_result(make_persons, allocation):
    persons = make_persons()
    found = look_on(persons, PLAN, allocation, steps=STEPS).outlook
    assert [each.account for each in found.accounts] == ["municipality_m0", "municipality_m2", "public", "society"]
    for each in found.accounts:
        net = contrast(persons.net()[Account(each.account)], allocation)
        assert each.curve.estimate[-1] == pytest.approx(net.estimate[0])
        assert each.scenarios[0].effect.conf_low == pytest.approx(net.conf_low[0])


def test_without_taxes_the_public_before_tax_and_the_municipality_after_refund_stand_for_them(make_persons, allocation):
    bare = make_persons((Account.M0,))
    persons = replace(
        bare,
        lines={**bare.lines, Account.PUBLIC_BEFORE_TAX: bare.lines[Account.M0]},
        budget={**bare.budget, Account.PUBLIC_BEFORE_TAX: bare.budget[Account.M0]},
        undisplaced={**bare.undisplaced, Account.PUBLIC_BEFORE_TAX: bare.undisplaced[Account.M0]},
    )
    found = look_on(persons, PLAN, allocation, steps=STEPS)
    assert [each.account for each in found.outlook.accounts] == ["municipality_m0", "public_before_tax"]
    assert found.decision.payer == "municipality_m0"
    assert found.decision.public_funds == ()
    assert "taxes_and_equalisation" not in {bar.key for bar in found.decision.tornado}


def test_there_are_no_prospects_without_a_net_result(make_persons, allocation):
    found = look_on(replace(make_persons(), complete=False), PLAN, allocation, steps=STEPS)
    assert (found.outlook, found.decision, found.warnings) == (None, None, ())


def test_weeks_are_priced_where_the_account_pays_for_them_and_nowhere_else(make_persons, allocation):
    found = look_on(make_persons(), PLAN, allocation, steps=STEPS).outlook
    first, kept = (found.account(name).break_even for name in ("municipality_m0", "municipality_m2"))
    assert kept.weeks == pytest.approx(first.weeks * WEEK_WORTH[Account.M0] / WEEK_WORTH[Account.M2])
    assert found.account("society").break_even.weeks is None


def test_budget_years_are_those_of_the_account_and_add_up_to_its_undiscounted_kroner(make_persons, allocation):
    persons = make_persons()
    found = look_on(persons, PLAN, allocation, steps=STEPS).outlook
    own = [row for row in found.budget if row.account == "municipality_m2"]
    assert [row.year for row in own] == [2018, 2019]
    net = contrast(persons.net()[Account.M2], allocation)
    assert sum(row.effect.estimate for row in own) == pytest.approx(net.estimate[0])


def test_the_decision_is_the_municipalitys_and_its_parts_add_up(make_persons, allocation):
    persons = make_persons()
    found = look_on(persons, PLAN, allocation, steps=STEPS).decision
    net = contrast(persons.net()[Account.M2], allocation).estimate[0]
    assert found.payer == "municipality_m2"
    gained, cost = (sum(each.amount for each in side) for side in (found.cost_ratio.gains, found.cost_ratio.costs))
    assert gained - cost == pytest.approx(net)
    measured = [bar for bar in found.tornado if bar.origin is Origin.MEASURED]
    assert {bar.key for bar in measured} == {"saved_benefits", "taxes_and_equalisation", "services"}
    assert sum(bar.base for bar in measured) == pytest.approx(net)
    for bar in measured:
        assert bar.net_at_low - net == pytest.approx(bar.low - bar.base)


def test_displacement_has_the_plans_range_and_is_assumed(make_persons, allocation):
    found = look_on(make_persons(), PLAN, allocation, steps=STEPS).decision
    (bar,) = (each for each in found.tornado if each.key == "displacement")
    assert (bar.low, bar.high, bar.origin) == (0.0, 0.25, Origin.ASSUMED)
    none = replace(PLAN, outlook=replace(PLAN.outlook, displacement=0.0))
    without = look_on(make_persons(), none, allocation, steps=STEPS).decision
    assert "displacement" not in {each.key for each in without.tornado}


def test_a_stated_range_of_a_line_is_a_factor_on_it(make_persons, allocation):
    persons = make_persons()
    stated = Parameter("programme", 1.0, 0.5, 2.0, Distribution.TRIANGULAR, "factor", source="somebody")
    plan = replace(PLAN, parameters=(stated,), caseload=CaseloadPlan(100, 3))
    found = look_on(persons, plan, allocation, steps=STEPS).decision
    (bar,) = (each for each in found.tornado if each.key == "factor:programme")
    cost = contrast(persons.lines[Account.M2][Entry.PROGRAMME], allocation).estimate[0]
    net = contrast(persons.net()[Account.M2], allocation).estimate[0]
    assert (bar.net_at_low, bar.net_at_high) == pytest.approx((net - 0.5 * cost, net + cost))
    assert {each.key for each in found.information.partial} == {"sampling", "factor:programme"}
    assert found.information.perfect_for_all == pytest.approx(300 * found.information.perfect)
    assert found.variance.sampling + found.variance.parameters == pytest.approx(1)


def test_a_stated_range_of_displacement_takes_the_place_of_the_scenarios(make_persons, allocation):
    stated = Parameter("displacement", 0.0, 0.0, 0.6, Distribution.TRIANGULAR, "share", 1.0, source="somebody")
    found = look_on(make_persons(), replace(PLAN, parameters=(stated,)), allocation, steps=STEPS).decision
    assert [each.high for each in found.tornado if each.key == "displacement"] == [0.6]


def test_work_is_weighed_on_everybody_and_well_being_on_those_who_answered(make_persons, allocation, outcomes):
    persons = make_persons()
    found = look_on(persons, PLAN, allocation, steps=STEPS, outcomes=outcomes).decision
    assert [each.outcome for each in found.acceptability] == ["year", "who5"]
    of_work = found.acceptability[0]
    net = contrast(persons.net()[Account.M2], allocation).estimate[0]
    assert of_work.net_benefit[0] == pytest.approx(net)
    effect = contrast(outcomes.values[:, 1], allocation).estimate[0]
    assert (of_work.net_benefit[-1] - net) / of_work.worth[-1] == pytest.approx(effect)


def test_well_being_asked_of_one_arm_alone_is_not_weighed(make_persons, allocation, outcomes):
    one_arm = (*outcomes.outcomes[:2], replace(outcomes.outcomes[2], measured_in=MeasuredIn.INTERVENTION))
    found = look_on(make_persons(), PLAN, allocation, steps=STEPS, outcomes=replace(outcomes, outcomes=one_arm))
    assert [each.outcome for each in found.decision.acceptability] == ["year"]


def test_pairs_cannot_be_resampled_and_have_no_decision(make_persons, make_allocation):
    pairs = make_allocation(np.tile([0, 1], PERSONS // 2), np.repeat(np.arange(PERSONS // 2).astype(str), 2))
    found = look_on(make_persons(), PLAN, pairs, steps=STEPS)
    assert found.decision is None
    assert found.outlook.replicates == 0
    assert [each.code for each in found.warnings] == ["W-OUTLOOK-NOT-RESAMPLED"]


def test_a_net_result_whose_interval_is_too_narrow_is_named(make_persons, make_allocation):
    few = make_allocation((np.arange(PERSONS) < 6).astype(np.int64))
    persons = make_persons((Account.M0,))
    rare = np.zeros((PERSONS, MONTHS))
    rare[::9, 0] = 50_000.0
    skewed = replace(persons, lines={Account.M0: {**persons.lines[Account.M0], Entry.BENEFIT: rare}})
    found = look_on(skewed, PLAN, few, steps=STEPS)
    assert [(each.code, each.subject) for each in found.warnings if each.code == "W-SKEWED"] == [
        ("W-SKEWED", "municipality_m0")
    ]


def test_the_same_persons_in_another_order_have_the_same_prospects(make_persons, allocation, outcomes):
    order = np.random.default_rng(1).permutation(PERSONS)
    persons = make_persons()

    def turn(arrays):
        return {account: {entry: amount[order] for entry, amount in own.items()} for account, own in arrays.items()}

    turned = replace(
        persons,
        lines=turn(persons.lines),
        budget=turn(persons.budget),
        undisplaced={account: amount[order] for account, amount in persons.undisplaced.items()},
        weeks=persons.weeks[order],
    )
    drawn = replace(
        allocation,
        person_id=allocation.person_id[order],
        arm=allocation.arm[order],
        block=allocation.block[order],
        probability=allocation.probability[order],
        cluster=allocation.cluster[order],
        randomised_on=allocation.randomised_on[order],
    )
    measured = replace(
        outcomes,
        person_id=outcomes.person_id[order],
        values=outcomes.values[order],
        status=outcomes.status[order],
        baseline=outcomes.baseline[order],
    )
    one = look_on(persons, PLAN, allocation, steps=STEPS, outcomes=outcomes)
    other = look_on(turned, PLAN, drawn, steps=STEPS, outcomes=measured)
    assert other.decision.public_funds == one.decision.public_funds
    assert other.decision.acceptability == one.decision.acceptability
    assert other.outlook.accounts[1].payback == one.outlook.accounts[1].payback


def test_prices_reach_about_twice_what_a_unit_cost_and_are_never_nil():
    assert spread_worth(3000.0, -2.0)[-1] == 5000.0
    assert spread_worth(0.0, 2.0)[-1] == 1.0
    assert spread_worth(400.0, 0.0)[-1] == 1000.0
