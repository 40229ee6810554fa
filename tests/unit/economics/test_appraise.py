"""The account: its lines, its views, what is left out where something is not known, and what is said about it."""

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.cost_benefit import Account, PaymentBasis, View
from ctieval.domain.costing import Costing
from ctieval.domain.posting import Entry, Party
from ctieval.domain.registers import EmploymentPanel
from ctieval.domain.wording import MissingInput, Notice
from ctieval.economics.appraise import appraise
from ctieval.economics.costing.person_costs import PersonCosts
from ctieval.economics.inputs import AccountInputs
from ctieval.economics.tax_rules import RATES
from ctieval.economics.trial_flows import to_spending
from ctieval.errors import EstimationError, RateError, UnknownRateError
from ctieval.inference.by_design import by_design

MUNICIPALITY, STATE, PUBLIC = Account.M0, Account.STATE_BEFORE_TAX, Account.PUBLIC_BEFORE_TAX
KNOWN = (MUNICIPALITY, STATE, PUBLIC)
NET = "net_result"
ORDINARY, FUNDED = View
WEEK = 11282 * 12 / 52
SICK, STUDY = (
    MissingInput("economics.benefit_rate", f"rates/{benefit}.toml", (("benefit", benefit),))
    for benefit in ("sickness_benefit", "study_grant")
)
HISTORY = (730, 156)


def lines_of(found, view=ORDINARY):
    lines = {(line.account, line.line): line.effect for line in found.lines if line.view is view}
    return lines | {(each.account, NET): each.effect for each in found.results if each.view is view}


@pytest.fixture
def undiscounted(own_book):
    """A function that lays rates over the book, and a discount of 0 beside them."""

    def lay(**amounts):
        own_book(**amounts)
        return own_book(none=("share/year", 0))

    return lay


@pytest.fixture
def make_appraisal(make_trial, make_plan, codes):
    """A function that appraises a trial of persons who were on benefit for three years before the draw."""

    def run(book, arms, runs, *, weeks=4, plan=None, **trial):
        made = make_trial(
            arms,
            [[HISTORY, *own] for own in runs],
            from_day="2015-01-05",
            **{"provider": [False] * len(arms), **trial},
        )
        return appraise(plan or make_plan(weeks), made.allocation, AccountInputs(made.registers, book, codes))

    return run


RUNS = [[(730, 4)], [(730, 2), (0, 2)], [(730, 1), (0, 3)], [(730, 2), (0, 2)]]
ARMS = [0, 0, 1, 1]


def test_every_line_of_every_account_is_there_and_in_order(make_appraisal, own_book):
    found = make_appraisal(own_book(programme_cost=20000, project_grant=8000), ARMS, RUNS)
    ordinary = [
        (MUNICIPALITY, Entry.BENEFIT),
        (MUNICIPALITY, Entry.REFUND),
        (MUNICIPALITY, Entry.PROGRAMME),
        (STATE, Entry.REFUND),
        (PUBLIC, Entry.BENEFIT),
        (PUBLIC, Entry.PROGRAMME),
    ]
    funded = [*ordinary]
    funded.insert(3, (MUNICIPALITY, Entry.PROJECT_GRANT))
    funded.insert(5, (STATE, Entry.PROJECT_GRANT))
    assert [(line.account, line.line) for line in found.lines if line.view is ORDINARY] == ordinary
    assert [(line.account, line.line) for line in found.lines if line.view is FUNDED] == funded
    assert [(each.view, each.account) for each in found.results] == [(v, a) for v in View for a in KNOWN]


def test_the_net_result_is_a_persons_own_outcome(make_appraisal, own_book, make_allocation):
    found = make_appraisal(own_book(programme_cost=20000), ARMS, RUNS)
    discount = 1.035 ** -((np.arange(4) + 0.5) / 52)
    on_benefit = np.array([[1, 1, 1, 1], [1, 1, 0, 0], [1, 0, 0, 0], [1, 1, 0, 0]])
    net = -0.8 * WEEK * (on_benefit @ discount) - 10000 * np.array(ARMS)
    expected = by_design(net[:, None], make_allocation(ARMS))
    effect = lines_of(found)[MUNICIPALITY, NET]
    for name in ("estimate", "std_error", "statistic", "df", "p_value", "conf_low", "conf_high"):
        assert getattr(effect, name) == pytest.approx(getattr(expected, name)[0])
    assert (effect.n, effect.n_treated, effect.n_control) == (4, 2, 2)
    assert (effect.outcome, effect.estimand, effect.unit) == ("municipality_m0.net_result", "ate_persons", "dkk")
    assert (effect.window, effect.contrast) == ("[0, 4)", "intervention - control")
    assert effect.method == expected.method


def test_the_cost_is_the_total_over_the_drawn_and_the_same_for_each(make_appraisal, own_book):
    cost = lines_of(make_appraisal(own_book(programme_cost=20000), ARMS, RUNS))[MUNICIPALITY, Entry.PROGRAMME]
    assert (cost.estimate, cost.std_error, cost.conf_low, cost.conf_high) == (-10000, 0, -10000, -10000)
    assert math.isnan(cost.statistic)
    assert math.isnan(cost.p_value)
    assert math.isnan(cost.df)
    assert cost.method == "constant_per_person_drawn"


def test_the_grant_moves_money_between_the_accounts_and_the_public_gains_nothing(make_appraisal, own_book):
    found = make_appraisal(own_book(programme_cost=20000, project_grant=8000), ARMS, RUNS)
    ordinary, funded = ({account: lines_of(found, view)[account, NET].estimate for account in KNOWN} for view in View)
    assert funded[MUNICIPALITY] - ordinary[MUNICIPALITY] == pytest.approx(4000)
    assert funded[STATE] - ordinary[STATE] == pytest.approx(-4000)
    assert funded[PUBLIC] == pytest.approx(ordinary[PUBLIC])


def test_without_a_cost_there_is_no_net_result_but_the_refund_still_stands(make_appraisal, book):
    found = make_appraisal(book, ARMS, RUNS)
    lines = lines_of(found)
    assert {line for _, line in lines} == {Entry.BENEFIT, Entry.REFUND}
    gross = lines[MUNICIPALITY, Entry.BENEFIT].estimate
    assert lines[MUNICIPALITY, Entry.REFUND].estimate == pytest.approx(-0.2 * gross)
    assert MissingInput("economics.programme_cost", "rates/programme_cost.toml") in found.missing
    assert MissingInput("economics.project_grant", "rates/project_grant.toml") in found.missing
    assert {line.view for line in found.lines} == {ORDINARY}


def test_a_benefit_without_a_rate_takes_its_lines_away(make_appraisal, own_book):
    sick = [*RUNS[:3], [(890, 1), (0, 3)]]
    found = make_appraisal(own_book(programme_cost=20000), ARMS, sick)
    assert found.lines == ()
    assert [use.amount for use in found.rates if use.rate == "programme_cost"] == [20000]
    assert SICK in found.missing
    assert Notice("W-BENEFIT-UNPRICED", "sickness_benefit", (("person_weeks", 1),)) in found.warnings
    assert found.weeks_saved.estimate == pytest.approx(2.0)


def test_a_state_benefit_without_a_rate_leaves_the_municipality_its_account(make_appraisal, own_book):
    student = [*RUNS[:3], [(651, 4)]]
    found = make_appraisal(own_book(programme_cost=20000), ARMS, student)
    assert {account for account, _ in lines_of(found)} == {MUNICIPALITY}
    assert STUDY in found.missing


def test_a_study_grant_is_the_states_loss_and_not_the_municipalitys(make_appraisal, undiscounted, make_plan):
    plan = make_plan(4, discount="none")
    student = [*RUNS[:3], [(651, 4)]]
    book = undiscounted(study_grant=("dkk/week", 1400), programme_cost=0)
    lines = lines_of(make_appraisal(book, ARMS, student, plan=plan))
    assert lines[STATE, Entry.STATE_BENEFIT].estimate == pytest.approx(-2800)
    assert lines[MUNICIPALITY, Entry.BENEFIT].estimate == pytest.approx((3 - 0.5) * WEEK)
    assert lines[PUBLIC, NET].estimate == pytest.approx(2.5 * WEEK - 2800)


def test_before_the_ladder_only_the_public_account_is_known(make_trial, make_plan, own_book, codes):
    made = make_trial(ARMS, [[(730, 110)]] * 4, from_day="2013-12-30", drawn_on="2015-06-01", provider=[False] * 4)
    book = own_book(programme_cost=4000)
    found = appraise(make_plan(4), made.allocation, AccountInputs(made.registers, book, codes))
    assert {account for account, line in lines_of(found) if line is NET} == {PUBLIC}
    assert MissingInput("economics.refund", "rates/refund_share.toml") in found.missing


def test_the_dead_receive_nothing_and_stay_in(make_appraisal, undiscounted, make_plan):
    runs = [*RUNS[:3], [(730, 1), (999, 3)]]
    found = make_appraisal(undiscounted(), ARMS, runs, plan=make_plan(4, discount="none"))
    assert found.weeks_saved.n == 4
    assert lines_of(found)[PUBLIC, Entry.BENEFIT].estimate == pytest.approx(2 * WEEK)
    assert not any(notice.code == "W-FOLLOW-UP-SHORT" for notice in found.warnings)
    facts = (("n_control", 0), ("n_intervention", 1))
    assert Notice("W-EXIT-IN-ACCOUNT", "economics", facts) in found.warnings


def test_old_age_pension_is_the_states_and_no_week_on_benefit(make_appraisal, undiscounted, make_plan):
    runs = [*RUNS[:3], [(730, 1), (998, 3)]]
    plan = make_plan(4, discount="none")
    found = make_appraisal(undiscounted(old_age_pension=("dkk/week", 3000)), ARMS, runs, plan=plan)
    assert found.weeks_saved.estimate == pytest.approx(2.0)
    assert lines_of(found)[STATE, Entry.STATE_BENEFIT].estimate == pytest.approx(-4500)
    assert lines_of(found)[MUNICIPALITY, Entry.BENEFIT].estimate == pytest.approx(2 * WEEK)


def test_without_exits_nothing_is_said_of_them(make_appraisal, book):
    found = make_appraisal(book, ARMS, RUNS)
    assert not any(notice.code == "W-EXIT-IN-ACCOUNT" for notice in found.warnings)


def test_somebody_abroad_counts_in_no_line_as_in_no_outcome(make_appraisal, book):
    runs = [*RUNS, [(730, 1), (997, 3)], [(730, 1), (997, 1), (730, 2)]]
    found = make_appraisal(book, [*ARMS, 1, 0], runs)
    assert {line.effect.n for line in found.lines} == {4}
    assert Notice("W-FOLLOW-UP-SHORT", "economics", (("control", 1), ("intervention", 1))) in found.warnings


def test_somebody_who_moved_away_counts_in_no_line_and_is_counted(make_appraisal, book):
    runs = [*RUNS, [(730, 1), (-1, 3)], [(730, 1), (-1, 3)]]
    found = make_appraisal(book, [*ARMS, 1, 0], runs)
    assert {line.effect.n for line in found.lines} == {4}
    (notice,) = (each for each in found.warnings if each.code == "W-FOLLOW-UP-SHORT")
    assert notice.facts == (("control", 1), ("intervention", 1))


def test_too_few_observed_persons_are_an_error(make_appraisal, book):
    with pytest.raises(EstimationError):
        make_appraisal(book, ARMS, [*RUNS[:3], [(730, 1), (-1, 3)]])


def test_a_line_in_which_nobody_differs_is_one_point(make_appraisal, own_book):
    found = make_appraisal(own_book(programme_cost=20000), ARMS, [[(730, 4)]] * 4)
    for (account, _), effect in lines_of(found).items():
        assert effect.std_error == 0
        assert effect.conf_low == effect.estimate == effect.conf_high, account
    assert lines_of(found)[MUNICIPALITY, NET].estimate == -10000


def test_kroner_paid_lead_where_the_registers_hold_them(make_appraisal, undiscounted, make_plan):
    paid = pd.DataFrame(
        {
            "person_id": ["P000000", "P000002"],
            "start": pd.to_datetime(["2018-01-01", "2018-01-01"]),
            "end": pd.to_datetime(["2018-01-28", "2018-01-07"]),
            "benefit": ["730", "730"],
            "amount": [8000.0, 1000.0],
        }
    )
    plan = make_plan(4, discount="none")
    found = make_appraisal(undiscounted(), ARMS, RUNS, plan=plan, payments=paid)
    assert found.basis is PaymentBasis.PAID
    assert lines_of(found)[PUBLIC, Entry.BENEFIT].estimate == pytest.approx(3500)
    assert lines_of(found)[MUNICIPALITY, Entry.REFUND].estimate == pytest.approx(-700)


def test_every_rate_used_stands_with_its_source(make_appraisal, own_book):
    found = make_appraisal(own_book(programme_cost=20000), ARMS, RUNS)
    used = {use.rate: use for use in found.rates}
    assert set(used) == {
        "cash_benefit_other",
        "refund_reset_weeks",
        "refund_reset_window",
        "programme_cost",
        *(f"refund_share[{start}]" for start in (1, 5, 27, 53)),
        "fm_2021[0]",
    }
    assert (used["cash_benefit_other"].amount, used["cash_benefit_other"].in_force) == (11282, "2018-01-01")
    assert used["refund_share[53]"].amount == 0.2
    assert used["programme_cost"].source.simulated
    assert not used["cash_benefit_other"].source.simulated
    assert used["programme_cost"].unit == "dkk"


def test_amounts_of_another_year_are_not_converted_and_it_is_said(make_appraisal, book, make_plan):
    found = make_appraisal(book, ARMS, RUNS, plan=make_plan(4, price_year=2020))
    (notice,) = (each for each in found.warnings if each.code == "W-PRICES-NOT-INDEXED")
    assert notice.facts == (("price_year", 2020), ("first_year", 2018), ("last_year", 2018))
    assert MissingInput("economics.price_index", "rates/price_index.toml") in found.missing
    same = make_appraisal(book, ARMS, RUNS, plan=make_plan(4, price_year=2018))
    assert not any(each.code == "W-PRICES-NOT-INDEXED" for each in same.warnings)


def test_every_account_is_reckoned_and_one_that_the_plan_asks_for_in_vain_is_named(make_appraisal, book, make_plan):
    found = make_appraisal(book, ARMS, RUNS, plan=make_plan(4, perspectives=("state", "citizen", "society")))
    assert {line.account for line in found.lines} == set(KNOWN)
    not_reckoned = [notice.subject for notice in found.warnings if notice.code == "W-PERSPECTIVE-NOT-RECKONED"]
    assert not_reckoned == ["citizen", "society"]


def test_a_discount_that_nobody_knows_is_an_error(make_appraisal, book, make_plan):
    with pytest.raises(UnknownRateError):
        make_appraisal(book, ARMS, RUNS, plan=make_plan(4, discount="fm_2019"))
    with pytest.raises(RateError, match="another kind"):
        make_appraisal(book, ARMS, RUNS, plan=make_plan(4, discount="cash_benefit_other"))


def test_a_cost_that_is_no_total_is_an_error(make_appraisal, own_book):
    with pytest.raises(RateError, match="not a total"):
        make_appraisal(own_book(programme_cost=("dkk/month", 1)), ARMS, RUNS)


def test_blocks_are_read_from_the_design(make_appraisal, undiscounted, make_plan):
    arms, block = [0, 0, 1, 1, 0, 0, 1, 1], ["a"] * 4 + ["b"] * 4
    runs = [*RUNS, *[[(730, 4)]] * 2, *[[(0, 4)]] * 2]
    found = make_appraisal(undiscounted(), arms, runs, block=block, plan=make_plan(4, discount="none"))
    assert found.weeks_saved.estimate == pytest.approx((1.5 + 4) / 2)
    assert found.weeks_saved.method.startswith("blocked")


def test_the_order_of_persons_in_the_registers_does_not_matter(make_trial, make_plan, book, codes):
    made = make_trial(ARMS, [[HISTORY, *own] for own in RUNS], from_day="2015-01-05", provider=[True, False] * 2)
    turned = dataclasses.replace(
        made.registers,
        persons=made.registers.persons[::-1].reset_index(drop=True),
        weeks=dataclasses.replace(
            made.registers.weeks, person_id=made.registers.weeks.person_id[::-1], code=made.registers.weeks.code[::-1]
        ),
    )
    found, again = (
        appraise(make_plan(4), made.allocation, AccountInputs(each, book, codes)) for each in (made.registers, turned)
    )
    assert [line.effect.estimate for line in again.lines] == [line.effect.estimate for line in found.lines]
    assert [line.effect.std_error for line in again.lines] == [line.effect.std_error for line in found.lines]


TAXES = dict(zip(RATES.values(), (0.25, 0.24, 0.12, 0.08, 0.75, 0.2, 0.1), strict=True))
JOB = {"P000002": 20_000.0}
"""Earnings in January 2018."""


@pytest.fixture
def taxed(make_trial, make_plan, own_book, codes):
    """A function that appraises the trial of ``RUNS`` with taxes and earnings, whatever else it is given."""

    def run(without=(), earned=JOB, took_part=None, costs=None, **amounts):
        made = make_trial(ARMS, [[HISTORY, *own] for own in RUNS], from_day="2015-01-05", provider=[False] * 4)
        ids = made.allocation.person_id
        earnings = np.array([[earned.get(each, 0.0), 0.0] for each in ids])
        panel = EmploymentPanel(ids, (2018 - 1970) * 12, earnings / 100, earnings)
        registers = dataclasses.replace(made.registers, employment=panel)
        rates = {name: ("share", share) for name, share in TAXES.items() if name not in without}
        own_book(**rates, **amounts)
        book = own_book(none=("share/year", 0))
        inputs = AccountInputs(registers, book, codes, costs, took_part)
        return appraise(make_plan(4, discount="none"), made.allocation, inputs)

    return run


def results_of(found, view=ORDINARY):
    return {each.account: each.effect.estimate for each in found.results if each.view is view}


def test_with_taxes_and_earnings_every_account_comes_out(taxed):
    """Saved: 1.5 weeks of benefit. Earned: 28/31 of 20,000 kr. by one of two drawn; the rest is the ladder by hand."""
    found = results_of(taxed(programme_cost=20_000))
    assert set(found) == set(Account) - {Account.REGION}
    saved, wage = (3 - 1.5) * WEEK, 20_000 * 28 / 31 / 2
    base = 0.92 * wage - saved
    assert found[Account.M0] == pytest.approx(0.8 * saved - 10_000)
    assert found[Account.M1] == pytest.approx(found[Account.M0] + 0.25 * base)
    assert found[Account.M2] == pytest.approx(found[Account.M0] + (0.25 - 0.75 * 0.24) * base)
    assert found[Account.M3] == pytest.approx(found[Account.M1] - 0.8 * saved)
    assert found[Account.SOCIETY] == pytest.approx(1.1 * wage - 10_000)
    assert found[Account.EMPLOYERS] == pytest.approx(0)


def test_a_tax_that_nobody_knows_leaves_what_can_be_known(taxed):
    found = taxed(without=("consumption_tax",), programme_cost=20_000)
    missing = {each.file for each in found.missing}
    assert "rates/consumption_tax.toml" in missing
    assert {Account.M0, Account.M2, Account.M3, Account.SOCIETY} <= set(results_of(found))
    assert not {Account.STATE, Account.PUBLIC, Account.CITIZEN} & set(results_of(found))


def test_without_the_municipalitys_own_tax_only_its_first_rung_stands(taxed):
    found = results_of(taxed(without=("municipal_tax",), programme_cost=20_000))
    assert not {Account.M1, Account.M2, Account.M3} & set(found)
    assert {Account.M0, Account.SOCIETY} <= set(found)


def test_without_earnings_it_is_said_and_nothing_of_them_is_nought(make_appraisal, own_book):
    found = make_appraisal(own_book(programme_cost=20_000), ARMS, RUNS)
    assert set(results_of(found)) == set(KNOWN)
    assert MissingInput("economics.earnings", "employment.csv") in found.missing
    assert Notice("W-EARNINGS-NOT-KNOWN", "employment") in found.warnings
    assert not any("tax" in use.rate for use in found.rates)


def test_displacement_uses_up_a_gain_where_what_is_not_displaced_is_lost(taxed):
    found = {each.account: each for each in taxed(programme_cost=2000).results}
    for account in (Account.M0, Account.SOCIETY):
        net = found[account].effect.estimate
        assert found[account].break_even_displacement == pytest.approx(net / (net + 1000))
    assert math.isnan(found[Account.EMPLOYERS].break_even_displacement)


def test_costs_by_person_take_the_place_of_the_total_and_have_a_spread(taxed, make_costs):
    found = taxed(costs=make_costs([[0, 0, 0, 0]] * 2 + [[100, 0, 0, 300], [0, 500, 0, 0]]), programme_cost=20_000)
    programme = lines_of(found)[MUNICIPALITY, Entry.PROGRAMME]
    assert programme.estimate == pytest.approx(-450)
    assert programme.std_error > 0
    assert "programme_cost" not in {use.rate for use in found.rates}
    assert lines_of(found)[MUNICIPALITY, Entry.USUAL_SERVICES].estimate == pytest.approx(7.0 * 4)
    assert Notice("W-COST-GROSS", "usual_services") in found.warnings


def test_gross_costs_leave_usual_services_out(taxed, make_costs):
    found = taxed(costs=make_costs([[0] * 4] * 4, gross=True))
    assert not any(line is Entry.USUAL_SERVICES for _, line in lines_of(found))


def test_costs_of_a_region_are_the_regions(taxed, make_costs):
    found = results_of(taxed(costs=make_costs([[0] * 4] * 4, region=50.0)))
    assert found[Account.REGION] == pytest.approx(-4 * 50.0)


def test_results_per_participant_are_another_estimand(taxed):
    found = taxed(took_part=np.array([0.0, 0.0, 1.0, 1.0]), programme_cost=20_000)
    per_person = results_of(found)
    assert {each.account for each in found.per_participant.results} == set(per_person)
    for each in found.per_participant.results:
        assert each.effect.estimate == pytest.approx(per_person[each.account])
        assert each.effect.estimand == "cace_participants"
    assert {each.effect.estimand for each in found.results} == {"ate_persons"}
    assert taxed(programme_cost=20_000).per_participant is None


def test_nothing_shows_a_person(taxed, make_costs, make_trial, codes, book):
    made = make_trial(ARMS, [[HISTORY, *own] for own in RUNS], from_day="2015-01-05")
    assert "P000000" not in repr(AccountInputs(made.registers, book, codes))
    assert repr(to_spending(make_costs([[0] * 4] * 4), np.array(ARMS) == 1, 4)) == "Spending(4, 5)"


@pytest.fixture
def make_costs():
    """A function that makes costs by person and week; usual services cost the control 10 kr. a week and others 3."""

    def make(programme, *, gross=False, region=None):
        costing = Costing((), (), at_scale=None, hours=None, reconciled=(), horizon_weeks=4, gross=gross)
        usual = np.where(np.array(ARMS)[:, None] == 0, 10.0, 3.0) * np.ones((4, 4))
        others = {} if region is None else {Party.REGION: np.outer(ARMS, np.full(4, region))}
        notices = (Notice("W-COST-GROSS", "usual_services"),)
        return PersonCosts(np.array(programme, dtype=float), usual, costing, notices, others)

    return make
