"""Chapter 5 as a council reads it: figures say their finding, assumptions stand apart, the hidden stays hidden."""

import dataclasses
import math

import numpy as np
import pytest

from ctieval.domain.cost_benefit import Account, AccountResult, View
from ctieval.domain.costing import (
    ArmCost,
    CostCategory,
    Costing,
    CostPart,
    CostPhase,
    CostSum,
    IngredientCost,
    PaidHours,
    Reconciled,
)
from ctieval.domain.decision import Acceptability, FundsPoint, Quadrant
from ctieval.domain.decision_plan import CaseloadPlan
from ctieval.domain.outlook_plan import OutlookPlan, ScenarioName
from ctieval.domain.parameter import Distribution, Parameter
from ctieval.domain.posting import Entry
from ctieval.domain.trial import EconomicsPlan
from ctieval.domain.wording import Label, Notice
from ctieval.economics.person_account import PersonAccounts
from ctieval.economics.prospects.look_on import look_on
from ctieval.rates.rate import Step
from ctieval.report.catalogue import load_catalogue
from ctieval.report.cells import ABSENT, HIDDEN, RowRole
from ctieval.report.chapters.appendix.measures import build_measures
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.economy.chapter import build_economy
from ctieval.report.inline import plain
from ctieval.report.model import Bullets, Figure, Missing, Para, Table
from ctieval.report.protect import protect
from ctieval.report.texts import read_texts

PERSONS, MONTHS = 80, 24
PLAN = EconomicsPlan(("municipality",), 104, 2020, "none", OutlookPlan(replicates=300))
LANGUAGES = ("da", "en")
LINES = {
    Account.M0: (Entry.BENEFIT, Entry.REFUND, Entry.PROGRAMME),
    Account.M2: (Entry.BENEFIT, Entry.REFUND, Entry.PROGRAMME, Entry.TAX_ON_EARNINGS),
    Account.PUBLIC: (Entry.BENEFIT, Entry.TAX_ON_EARNINGS, Entry.PROGRAMME),
    Account.CITIZEN: (Entry.WAGES, Entry.TAX_ON_EARNINGS),
    Account.SOCIETY: (Entry.OUTPUT, Entry.PROGRAMME),
}

NOTICE = Notice("W-RATIO-WITHOUT-COST", "municipality_m2")
WEIGHED = Acceptability("x", "weeks", "municipality_m2", (0.0, 1.0), (-1.0, 0.0), (0.0, 0.5), (1.0, 0.5), (0.0, 0.5))


def prospects_of(allocation, *, gain, plan=PLAN):
    """Accounts that lay out 6,000 kr. in the first month, and gain so many a month."""
    rng = np.random.default_rng(2)
    treated = allocation.arm[:, None]
    months = {entry: rng.normal(0, 30, (PERSONS, MONTHS)) for entry in Entry}
    months[Entry.BENEFIT] = rng.normal(-5000, 300, (PERSONS, MONTHS)) + gain * treated
    months[Entry.WAGES] = rng.normal(900, 300, (PERSONS, MONTHS)) + gain * treated
    months[Entry.OUTPUT] = months[Entry.WAGES]
    months[Entry.PROGRAMME] = np.zeros((PERSONS, MONTHS))
    months[Entry.PROGRAMME][:, :1] = -rng.normal(6000, 400, (PERSONS, 1)) * treated
    lines = {account: {entry: months[entry] for entry in own} for account, own in LINES.items()}
    persons = PersonAccounts(
        lines=lines,
        nominal=lines,
        budget={
            account: {entry: np.column_stack([each[:, :12].sum(1), each[:, 12:].sum(1)]) for entry, each in own.items()}
            for account, own in lines.items()
        },
        years=(2018, 2019),
        undisplaced=dict.fromkeys(lines, months[Entry.PROGRAMME]),
        grant=None,
        complete=True,
        weeks=-rng.uniform(40, 104, PERSONS),
    )
    return look_on(persons, plan, allocation, steps=(Step(0, 0.0),))


@pytest.fixture
def make_context(full, make_allocation):
    """A function that makes the context of the full trial with prospects of its own."""
    allocation = make_allocation(np.tile([0, 1], PERSONS // 2), np.repeat(["a", "b"], PERSONS // 2))

    def make(*, gain=400.0, lang="da", plan=PLAN, **changes):
        found = prospects_of(allocation, gain=gain, plan=plan)
        economics = dataclasses.replace(full.economics, outlook=found.outlook, decision=found.decision)
        return Context(protect(dataclasses.replace(full, economics=economics, **changes)), load_catalogue(lang))

    return make


def said(block):
    text = " ".join(block.items) if isinstance(block, Bullets) else block.text
    return plain(text).replace("\u00a0", " ").replace("\u2212", "-")


def of_kind(section, kind):
    return {block.id: block for block in section.blocks if isinstance(block, kind)}


def told(section):
    return " ".join(said(block) for block in section.blocks if isinstance(block, Para | Bullets))


def sections_of(context):
    return {section.id: section for section in build_economy(context).sections}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_chapter_has_its_four_sections_and_every_figure_says_its_finding(make_context, lang):
    sections = sections_of(make_context(lang=lang))
    assert list(sections) == ["costs", "net-results", "over-time", "scenarios"]
    figures = {name for section in sections.values() for name in of_kind(section, Figure)}
    assert {"waterfall", "over-time", "payback", "scenarios", "tornado"} <= figures
    for section in sections.values():
        for figure in of_kind(section, Figure).values():
            assert any(sign.isdigit() for sign in figure.alt)


def test_a_month_is_counted_from_one_and_the_curve_ends_at_what_was_observed(make_context):
    context = make_context()
    outlook = context.evaluation.economics.outlook
    figure = of_kind(sections_of(context)["over-time"], Figure)["over-time"]
    assert figure.draw.observed == MONTHS
    assert figure.draw.months[0] == 1
    assert figure.draw.lines[0].values[MONTHS - 1] == outlook.account("municipality_m0").curve.estimate[-1]
    assert len(figure.draw.months) == MONTHS + outlook.accounts[0].extrapolation.months
    assert [row.cells[0] for row in figure.rows if row.role is RowRole.GROUP] == [
        "Observeret",
        "Fremskrevet, en antagelse",
    ]
    ahead = figure.rows[-1]
    assert ahead.cells[3] is ABSENT
    assert ahead.cells[-1] is ABSENT


def test_paid_back_has_its_month_and_interval_and_never_a_chance(make_context):
    context = make_context()
    payback = context.evaluation.economics.outlook.account("municipality_m0").payback
    text = told(sections_of(context)["over-time"])
    assert f"Fra måned {payback.month + 1} er pengene tjent hjem" in text
    assert "interval [" in text
    assert "ikke en chance" in text


def test_what_is_not_paid_back_says_so_and_draws_no_empty_distribution(make_context):
    over_time = sections_of(make_context(gain=0.0))["over-time"]
    assert "Pengene er ikke tjent hjem inden for de 24 måneder" in told(over_time)
    assert "payback" not in of_kind(over_time, Figure)
    assert "I ingen af" in told(over_time)


def test_an_extrapolation_of_unknown_sign_is_named_in_the_caption(make_context):
    sure, unsure = (sections_of(make_context(gain=gain)) for gain in (400.0, 0.0))
    for section, figure in (("over-time", "over-time"), ("scenarios", "scenarios")):
        assert "Selv fortegnet" in of_kind(unsure[section], Figure)[figure].caption
        assert "Selv fortegnet" not in of_kind(sure[section], Figure)[figure].caption


def test_budget_years_add_up_to_the_sum_under_them(make_context):
    table = of_kind(sections_of(make_context())["over-time"], Table)["budget-years"]
    own = [row.cells for row in table.rows[1:4]]
    assert [cells[0] for cells in own] == ["2018", "2019", "I alt"]
    assert own[2][1] == own[0][1] + own[1][1]
    assert own[2][3] == own[0][3] + own[1][3]


def test_scenarios_split_each_result_and_the_observed_one_leads(make_context):
    context = make_context()
    table = of_kind(sections_of(context)["scenarios"], Table)["scenarios"]
    first = context.evaluation.economics.outlook.accounts[0]
    rows = table.rows[1:5]
    assert [row.cells[0] for row in rows] == ["Observeret", "Aftagende effekt", "Vedvarende effekt", "Forsigtigt"]
    assert rows[0].cells[4] is ABSENT
    assert rows[1].cells[3] + rows[1].cells[4].value == pytest.approx(
        first.scenario(ScenarioName.DECAY).effect.estimate
    )


@pytest.mark.parametrize(
    ("gain", "sentence"),
    [
        (400.0, "De observerede måneder har allerede tjent pengene hjem."),
        (230.0, "måneder mere, før pengene er tjent hjem."),
        (-50.0, "er der ingen varighed, der tjener pengene hjem."),
    ],
)
def test_the_required_persistence_is_worded_by_what_was_found(make_context, gain, sentence):
    assert sentence in told(sections_of(make_context(gain=gain))["scenarios"])


def test_the_tornado_has_its_ends_in_their_own_units(make_context):
    stated = Parameter("programme", 1.0, 0.5, 2.0, Distribution.TRIANGULAR, "factor", source="somebody")
    plan = dataclasses.replace(PLAN, parameters=(stated,))
    figure = of_kind(sections_of(make_context(plan=plan))["scenarios"], Figure)["tornado"]
    rows = {row.cells[0]: row.cells for row in figure.rows}
    cells = rows["Udgift til indsatsen, del af det beregnede"]
    assert [str(cell).replace("\u00a0", " ") for cell in cells[1:4]] == ["antaget", "50 pct.", "200 pct."]
    assert rows["Ydelser efter refusion"][1] == "målt i forsøget"
    assert "kr." in rows["Ydelser efter refusion"][2]


def test_nothing_beyond_the_net_result_is_told_where_the_account_is_rounded_or_hidden(full, make_context):
    short = dataclasses.replace(full.economics.weeks_saved, n=full.flow.allocated[0] + full.flow.allocated[1] - 1)
    few = dataclasses.replace(short, n_treated=full.flow.allocated[1] - 2)
    economics = dataclasses.replace(make_context().evaluation.economics, weeks_saved=few)
    shown = protect(dataclasses.replace(full, economics=economics))
    assert shown.economics.outlook is None
    assert shown.economics.decision is None
    context = Context(shown, load_catalogue("da"))
    for section in ("over-time", "scenarios"):
        assert "røbe antal" in told(sections_of(context)[section])
    assert "røbe antal" in told(next(build_measures(context)))


def test_an_outcome_that_is_hidden_is_not_weighed_either(full, make_context):
    found = make_context().evaluation.economics
    name = full.effects.rows[0].outcome
    curve = dataclasses.replace(WEIGHED, outcome=name)
    weighed = dataclasses.replace(found, decision=dataclasses.replace(found.decision, acceptability=(curve,)))
    few = tuple(
        dataclasses.replace(level, intervention=dataclasses.replace(level.intervention, n=3))
        if level.outcome == name
        else level
        for level in full.levels
    )
    rows = tuple(dataclasses.replace(row, n_treated=3) if row.outcome == name else row for row in full.effects.rows)
    effects = dataclasses.replace(full.effects, rows=rows)
    open_, hidden = (
        protect(each).economics.decision.acceptability
        for each in (
            dataclasses.replace(full, economics=weighed),
            dataclasses.replace(full, economics=weighed, levels=few, effects=effects),
        )
    )
    assert [each.outcome for each in open_] == [name]
    assert hidden == ()


@pytest.fixture(scope="module")
def everything(full):
    """The results of every payer, so that they add up to society's."""
    first = full.economics.results[0].effect
    amounts = {
        Account.M0: -9000.0,
        Account.M2: -8000.0,
        Account.OTHER_MUNICIPALITIES: 500.0,
        Account.STATE: 2000.0,
        Account.CITIZEN: 3000.0,
        Account.EMPLOYERS: 0.0,
        Account.SOCIETY: -2500.0,
    }
    results = tuple(
        AccountResult(
            account,
            View.ORDINARY_OPERATION,
            dataclasses.replace(first, estimate=amount, conf_low=amount - 900, conf_high=amount + 900),
            math.nan,
        )
        for account, amount in amounts.items()
    )
    return dataclasses.replace(full, economics=dataclasses.replace(full.economics, results=results))


def test_who_pays_and_who_gains_add_up_to_society_and_a_payer_without_kroner_is_left_out(everything):
    net = sections_of(Context(protect(everything), load_catalogue("da")))["net-results"]
    amounts = [amount.value for amount in of_kind(net, Figure)["gains"].draw.amounts]
    assert sum(amounts[:-1]) == pytest.approx(amounts[-1])
    assert len(amounts) == 5
    steps = of_kind(net, Figure)["waterfall"].draw
    assert steps.starts[-2] + steps.amounts[-2].value == pytest.approx(steps.amounts[-1].value)


def test_payers_that_do_not_add_up_have_no_common_figure(full):
    net = sections_of(Context(protect(full), load_catalogue("da")))["net-results"]
    assert set(of_kind(net, Figure)) == {"waterfall"}
    assert of_kind(net, Figure)["waterfall"].draw.amounts[-1].label == "Kommunen efter skat og udligning"


DRAWN = (898, 480)
NOTHING = ArmCost(DRAWN[0], 0, 0.0, 0.0, math.nan)


def arm(drawn, persons, each):
    return ArmCost(drawn, persons, persons * each, persons * each / drawn, each)


def costing_of(*, gross=False, accounts=True):
    programme, usual = arm(DRAWN[1], 400, 9000.0), arm(DRAWN[0], 800, 4000.0)
    meetings = arm(DRAWN[1], 450, 4100.0)
    ingredient = IngredientCost(
        ingredient="worker",
        label=Label("Medarbejder", "Worker"),
        category=CostCategory.OPERATION,
        part=CostPart.PROGRAMME,
        phase=CostPhase.RUN,
        payer="municipality",
        driver="hour",
        unit_price=400.0,
        quantity=9000.0,
        intervention=programme,
        control=NOTHING,
        grade="C",
        source="",
    )
    return Costing(
        ingredients=(ingredient,),
        sums=(
            CostSum(CostPart.PROGRAMME, CostCategory.OPERATION, programme, NOTHING),
            CostSum(CostPart.PROGRAMME, None, programme, NOTHING),
            CostSum(CostPart.USUAL_SERVICES, None, meetings, usual),
        ),
        at_scale=programme,
        hours=(PaidHours(100.0, 203.0, 2.03), PaidHours(50.0, 50.0, 1.0)),
        reconciled=(Reconciled("", "", 3_600_000.0, 3_700_000.0),) if accounts else (),
        horizon_weeks=104,
        gross=gross,
    )


def test_costs_are_told_in_both_arms_and_held_against_the_accounts(make_context):
    costs = sections_of(make_context(costing=costing_of()))["costs"]
    text = told(costs)
    assert "Nettoomkostningen" in text
    assert "i almindelig drift" in text.lower()
    assert "2,0 timers arbejde" in text
    assert "af det bogførte beløb" in text
    assert [group.title for group in of_kind(costs, Figure)["costs"].draw.groups] == ["Drift", "Sædvanlige tilbud"]
    table = of_kind(costs, Table)["ingredients"]
    assert [row.cells[0] for row in table.rows] == ["Indsatsen", "Medarbejder", "Indsatsen, i alt"]


def test_a_gross_cost_says_so_and_accounts_that_lack_are_missing(make_context):
    costs = sections_of(make_context(costing=costing_of(gross=True, accounts=False)))["costs"]
    assert "omkostningen er brutto" in told(costs)
    assert "Nettoomkostningen" not in told(costs)
    assert ["accounts.csv" in block.needed for block in costs.blocks if isinstance(block, Missing)] == [True]


def test_a_cost_of_a_few_is_hidden_in_the_table_and_not_drawn(make_context):
    whole = costing_of()
    few = arm(DRAWN[1], 3, 9000.0)
    of_a_few = dataclasses.replace(
        whole,
        ingredients=(dataclasses.replace(whole.ingredients[0], intervention=few),),
        sums=tuple(dataclasses.replace(each, intervention=few) for each in whole.sums[:2]),
        at_scale=few,
        hours=(PaidHours(math.nan, math.nan, math.nan), whole.hours[1]),
    )
    costs = sections_of(make_context(costing=of_a_few))["costs"]
    assert "costs" not in of_kind(costs, Figure)
    assert "for få personer" in told(costs)
    assert of_kind(costs, Table)["ingredients"].rows[1].cells[2] is HIDDEN


@pytest.mark.parametrize("lang", LANGUAGES)
def test_further_measures_stand_in_the_appendix_and_what_is_not_declared_is_missing(make_context, lang):
    (section,) = build_measures(make_context(lang=lang))
    assert "public-funds" in of_kind(section, Table)
    assert [block.needed for block in section.blocks if isinstance(block, Missing)]
    assert "information" not in of_kind(section, Table)


def test_a_ratio_that_means_nothing_is_refused_and_its_lines_named(make_context):
    context = make_context()
    economics = context.evaluation.economics
    found = economics.decision.cost_ratio
    (section,) = build_measures(context)
    assert "Over brøkstregen" in told(section)
    assert "Gevinst pr. krone" in told(section)
    refused = dataclasses.replace(
        found, ratio=None, conf_low=None, conf_high=None, refusal=dataclasses.replace(NOTICE, subject=found.payer)
    )
    decision = dataclasses.replace(economics.decision, cost_ratio=refused)
    without = dataclasses.replace(
        context,
        evaluation=dataclasses.replace(context.evaluation, economics=dataclasses.replace(economics, decision=decision)),
    )
    (section,) = build_measures(without)
    assert "Gevinst pr. krone:" not in told(section)
    assert "Over brøkstregen" in told(section)


def with_decision(context, **changes):
    economics = context.evaluation.economics
    decision = dataclasses.replace(economics.decision, **changes)
    evaluation = dataclasses.replace(context.evaluation, economics=dataclasses.replace(economics, decision=decision))
    return dataclasses.replace(context, evaluation=evaluation)


@pytest.mark.parametrize(("shares", "key"), [((0.0, 0.5), "mindst halvdelen"), ((0.0, 0.25), "Selv når")])
def test_an_outcome_stands_beside_what_a_mistake_costs_and_says_when_it_is_worth_its_price(
    full, make_context, shares, key
):
    weighed = dataclasses.replace(WEIGHED, outcome=full.effects.rows[0].outcome, share_above_zero=shares)
    (section,) = build_measures(with_decision(make_context(), acceptability=(weighed,)))
    (figure,) = of_kind(section, Figure).values()
    assert figure.id.startswith("acceptability-")
    assert key in figure.alt
    assert figure.draw.loss_without == weighed.loss_if_declined


def test_a_value_without_a_ratio_is_said_in_words_and_its_warning_beside_it(make_context):
    context = make_context()
    first = context.evaluation.economics.decision.public_funds[0]
    funds = dataclasses.replace(
        first,
        point=FundsPoint(Quadrant.PAYS_FOR_ITSELF, math.inf),
        low=FundsPoint(Quadrant.RATIO, 1.25),
        high=FundsPoint(Quadrant.CITIZENS_LOSE, None),
        warning=Notice("W-FUNDS-NEAR-NIL", first.willingness.value),
    )
    (section,) = build_measures(with_decision(context, public_funds=(funds,)))
    (row,) = of_kind(section, Table)["public-funds"].rows
    assert row.cells[3] == "betaler sig selv"
    assert "1,25" in row.cells[4]
    assert "borgerne taber" in row.cells[4]
    assert "meget usikker" in told(section)


def test_without_taxes_the_value_of_public_funds_is_missing(make_context):
    (section,) = build_measures(with_decision(make_context(), public_funds=()))
    assert any("offentlig krone" in block.what for block in section.blocks if isinstance(block, Missing))


def test_without_a_net_result_there_are_no_further_measures(full):
    bare = dataclasses.replace(full, economics=dataclasses.replace(full.economics, results=()))
    assert list(build_measures(Context(protect(bare), load_catalogue("da")))) == []


def test_a_trial_that_cannot_be_resampled_has_intervals_and_no_shares(make_context):
    context = make_context()
    outlook = context.evaluation.economics.outlook
    accounts = tuple(
        dataclasses.replace(
            each,
            curve=dataclasses.replace(each.curve, band=None),
            payback=dataclasses.replace(each.payback, shares=None),
            scenarios=tuple(dataclasses.replace(one, share_above_zero=None) for one in each.scenarios),
        )
        for each in outlook.accounts
    )
    bare = dataclasses.replace(outlook, accounts=accounts, replicates=0, budget=())
    economics = dataclasses.replace(context.evaluation.economics, outlook=bare, decision=None)
    shown = sections_of(
        dataclasses.replace(context, evaluation=dataclasses.replace(context.evaluation, economics=economics))
    )
    assert set(of_kind(shown["over-time"], Figure)) == {"over-time"}
    assert set(of_kind(shown["scenarios"], Figure)) == {"scenarios"}
    assert of_kind(shown["over-time"], Table) == {}
    assert of_kind(shown["scenarios"], Table)["scenarios"].rows[1].cells[-1] is ABSENT


def test_the_value_of_information_needs_a_caseload(make_context):
    stated = Parameter("programme", 1.0, 0.5, 2.0, Distribution.TRIANGULAR, "factor", source="somebody")
    plan = dataclasses.replace(PLAN, caseload=CaseloadPlan(100, 3), parameters=(stated,))
    (section,) = build_measures(make_context(plan=plan))
    table = of_kind(section, Table)["information"]
    assert [str(row.cells[0]) for row in table.rows] == [
        "Alt",
        "Det, forsøget har målt",
        "Udgift til indsatsen, del af det beregnede",
        "Endnu et forsøg af samme størrelse",
    ]
    assert "100 personer om året i 3 år" in told(section)
    assert "spredning" in told(section)


def test_every_quadrant_and_scenario_has_its_words():
    for lang in LANGUAGES:
        texts = read_texts(lang)
        assert all(f"quadrant.{each.value}" in texts for each in Quadrant)
        assert all(f"scenario.{each.value}" in texts for each in ScenarioName)
        assert all(f"economy.scenarios.assumption.{each.value}" in texts for each in ScenarioName)
        assert all(f"cost_part.{each.value}" in texts for each in CostPart)
        assert all(f"cost_category.{each.value}" in texts for each in CostCategory)
