"""Quantities times prices and shares are the lines of the account; none rests on fewer persons than may be told."""

from dataclasses import replace

import numpy as np
import pytest

from ctieval.domain.cost_benefit import Account, View
from ctieval.domain.ledger_quantities import PROGRAMME_LEVEL, WITHHELD, TaxCell, TaxPart
from ctieval.domain.posting import Entry, Party
from ctieval.economics.appraise import appraise
from ctieval.economics.costing.person_costs import PersonCosts
from ctieval.economics.estimate_quantities import estimate_quantities
from ctieval.economics.inputs import AccountInputs
from ctieval.economics.ledger_cells import LedgerCells
from ctieval.economics.merge_quantities import merge_quantities
from ctieval.economics.quantities import PersonQuantities, QuantityKey

ARMS = [0, 0, 0, 1, 1, 1]
CASH, BLANK, PENSION = 730, 0, 783
RUNS = [[(CASH, 156), (CASH, 4)]] * 3 + [[(CASH, 156), (CASH, 2), (BLANK, 2)]] * 3


@pytest.fixture
def account_of(make_trial, make_plan, own_book, codes):
    def run(runs=RUNS, *, fewest=1, weeks=4, persons=None, **amounts):
        book = own_book(**{"programme_cost": 6_000, **amounts})
        made = make_trial(ARMS, runs, from_day="2015-01-05", drawn_on="2018-01-01", **(persons or {}))
        return appraise(make_plan(weeks), made.allocation, AccountInputs(made.registers, book, codes, fewest=fewest))

    return run


def kroner(account, *entries):
    """Effect in kroner of some quantities, by the rates of the account."""
    rates = {rate.key: rate.amount * 12 / 52 if rate.unit == "dkk/month" else rate.amount for rate in account.rates}
    rates |= {"": 1.0, PROGRAMME_LEVEL: 1.0}
    return sum(each.difference * rates[each.price] * rates[each.share] for each in account.quantities.of(*entries))


def line(account, whose, entry, view=View.ORDINARY_OPERATION):
    return next(
        each.effect.estimate for each in account.lines if (each.account, each.line, each.view) == (whose, entry, view)
    )


def test_quantities_times_rates_and_steps_are_the_lines(account_of):
    account = account_of()
    assert kroner(account, Entry.BENEFIT) == pytest.approx(-line(account, Account.M0, Entry.BENEFIT))
    assert kroner(account, Entry.REFUND) == pytest.approx(line(account, Account.M0, Entry.REFUND))
    assert kroner(account, Entry.PROGRAMME) == pytest.approx(2_000)
    assert kroner(account, Entry.TAX_ON_BENEFIT) == pytest.approx(kroner(account, Entry.BENEFIT))


def test_a_quantity_is_a_mean_of_discounted_weeks_in_each_arm(account_of):
    (benefit,) = account_of(none=0).quantities.of(Entry.BENEFIT)
    factors = 1.035 ** -((np.arange(4) + 0.5) / 52)
    assert (benefit.control, benefit.intervention) == pytest.approx((factors.sum(), factors[:2].sum()))
    assert benefit.std_error == 0
    assert benefit.persons == (3, 3)
    assert (benefit.price, benefit.party) == ("cash_benefit_other@2018-01-01", Party.MUNICIPALITY)


def test_a_week_of_each_year_and_step_has_its_own_price_and_share(account_of):
    runs = [[(CASH, 150), (BLANK, 4), (CASH, 60)]] * 6
    found = account_of(runs, weeks=55).quantities
    assert {each.price for each in found.of(Entry.BENEFIT)} == {
        "cash_benefit_other@2018-01-01",
        "cash_benefit_other@2019-01-01",
    }
    assert {each.share for each in found.of(Entry.REFUND)} == {"refund_share[53]@2016-01-04"}


def test_municipalities_with_their_own_tax_are_told_apart(account_of):
    taxes = dict.fromkeys(
        ("average_municipal_tax", "state_tax", "labour_market_contribution", "consumption_tax", "employer_on_costs"),
        ("share", 0.1),
    )
    own = {"municipal_tax": ("share", 0.2), "municipal_tax_153": ("share", 0.3)}
    account = account_of(persons={"municipality": ["153", "101", "159"] * 2}, **taxes, **own)
    cells = account.quantities.cells
    assert [cell.place for cell in cells] == ["", "153"]
    assert [cell.key(TaxPart.MUNICIPAL) for cell in cells] == [
        "municipal_tax@2018-01-01",
        "municipal_tax_153@2018-01-01",
    ]
    assert cells[0].key(TaxPart.STATE) == "state_tax@2018-01-01"
    by_cell = {each.cell: each.persons for each in account.quantities.of(Entry.TAX_ON_BENEFIT)}
    assert by_cell == {0: (2, 2), 1: (1, 1)}


def test_a_tax_that_nobody_knows_has_no_key():
    assert TaxCell("", ((TaxPart.STATE, "state_tax@2018-01-01"),)).key(TaxPart.MUNICIPAL) is None


def test_the_grant_is_shared_among_those_drawn(account_of):
    account = account_of(project_grant=9_000)
    assert kroner(account, Entry.PROJECT_GRANT) == pytest.approx(3_000)
    assert line(account, Account.M0, Entry.PROJECT_GRANT, View.AS_FUNDED) == pytest.approx(3_000)


def test_costs_by_ingredients_have_a_price_level(make_trial, make_plan, own_book, codes):
    made = make_trial(ARMS, RUNS, from_day="2015-01-05", drawn_on="2018-01-01")
    spent = np.zeros((6, 4))
    spent[3:, 0] = 500
    costs = PersonCosts(spent, np.zeros((6, 4)), _NotGross(), (), {Party.REGION: spent / 5}, {})
    account = appraise(make_plan(4), made.allocation, AccountInputs(made.registers, own_book(), codes, costs))
    paid = {each.party: each for each in account.quantities.of(Entry.PROGRAMME)}
    assert {each.price for each in paid.values()} == {PROGRAMME_LEVEL}
    assert paid[Party.MUNICIPALITY].intervention == pytest.approx(5 * paid[Party.REGION].intervention)
    assert not account.quantities.of(Entry.USUAL_SERVICES)


class _NotGross:
    gross = False


def test_a_benefit_without_a_rate_has_no_quantity_and_says_nothing_of_withholding(account_of):
    account = account_of([[(CASH, 156), (PENSION, 4)]] * 6)
    assert not account.quantities.of(Entry.BENEFIT, Entry.REFUND, Entry.TAX_ON_BENEFIT)
    assert WITHHELD not in {notice.code for notice in account.warnings}


def test_an_account_of_too_few_is_withheld_and_says_so(account_of):
    runs = [[(CASH, 160)]] * 2 + [[(BLANK, 160)]] + RUNS[3:]
    taxes = {"municipal_tax_153": ("share", 0.3)}
    account = account_of(runs, fewest=3, persons={"municipality": ["153", "101", "101"] * 2}, **taxes)
    assert account.quantities is None
    assert WITHHELD in {notice.code for notice in account.warnings}


ARM_PLACES = np.zeros((6, 5), dtype=np.int64)
SOME = np.array([1.0, 2, 3, 4, 5, 6])
ONE = np.array([1.0, 0, 0, 2, 0, 0])


def persons_of(**amounts):
    factors = {"often": 100.0, "rare": 10.0, "seldom": 1.0, "low": 0.2, "high": 0.8}
    parties = {Entry.BENEFIT: Party.MUNICIPALITY, Entry.REFUND: Party.STATE, Entry.TAX_ON_BENEFIT: Party.CITIZEN}
    keys = {}
    for name, amount in amounts.items():
        entry, *of = name.split("_of_")
        price, _, share = of[0].partition("_at_")
        keys[QuantityKey(Entry(entry), parties[Entry(entry)], price, share)] = amount
    return PersonQuantities((), factors, keys)


def merged_keys(persons, fewest=2):
    merged = merge_quantities(persons, np.array(ARMS), fewest)
    return None if merged is None else {(key.entry.value, key.price, key.share): v for key, v in merged.amounts.items()}


def test_nothing_is_merged_where_enough_have_everything():
    persons = persons_of(benefit_of_often=SOME, benefit_of_rare=SOME)
    assert merged_keys(persons).keys() == {("benefit", "often", ""), ("benefit", "rare", "")}


def test_rare_prices_are_kroner_together_and_take_the_next_rarest_with_them():
    alone = merged_keys(persons_of(benefit_of_often=SOME, benefit_of_rare=ONE))
    assert alone.keys() == {("benefit", "", "")}
    assert alone["benefit", "", ""] == pytest.approx(100 * SOME + 10 * ONE)
    other = ONE[[1, 0, 2, 4, 3, 5]]
    both = merged_keys(persons_of(benefit_of_often=SOME, benefit_of_rare=ONE, benefit_of_seldom=other))
    assert both.keys() == {("benefit", "often", ""), ("benefit", "", "")}
    assert both["benefit", "", ""] == pytest.approx(10 * ONE + other)


def test_a_price_is_hidden_in_every_line_or_in_none():
    found = merged_keys(
        persons_of(
            benefit_of_often=SOME,
            benefit_of_rare=SOME,
            benefit_of_seldom=SOME,
            tax_on_benefit_of_often=SOME,
            tax_on_benefit_of_rare=ONE,
            tax_on_benefit_of_seldom=ONE[[1, 0, 2, 4, 3, 5]],
        )
    )
    assert {price for _, price, _ in found} == {"often", ""}


def test_rare_steps_are_refunded_weeks_that_keep_their_price():
    found = merged_keys(persons_of(refund_of_often_at_low=SOME, refund_of_often_at_high=ONE))
    assert found.keys() == {("refund", "often", "")}
    assert found["refund", "often", ""] == pytest.approx(0.2 * SOME + 0.8 * ONE)


def test_too_few_in_a_set_of_taxes_withhold_everything():
    wages = {QuantityKey(Entry.WAGES, Party.EMPLOYERS, cell=cell): amount for cell, amount in enumerate((SOME, ONE))}
    assert merge_quantities(PersonQuantities((), {}, wages), np.array(ARMS), 2) is None


def test_a_whole_line_is_told_however_few_have_some_of_it():
    assert merged_keys(persons_of(benefit_of_rare=ONE)).keys() == {("benefit", "rare", "")}


def test_means_are_weighed_as_the_effect_is(make_allocation):
    key = QuantityKey(Entry.WAGES, Party.EMPLOYERS, cell=0)
    allocation = make_allocation([0, 0, 1, 1, 0, 1, 1, 1, 0, 0], ["a"] * 4 + ["b"] * 6)
    values = np.array([1.0, 3, 9, 7, 2, 4, 6, 8, np.nan, 6])
    (found,) = estimate_quantities(PersonQuantities((), {}, {key: values}), allocation).quantities
    assert found.control == pytest.approx(4 / 9 * 2 + 5 / 9 * 4)
    assert found.intervention == pytest.approx(4 / 9 * 8 + 5 / 9 * 6)
    assert found.difference == pytest.approx(34 / 9)
    assert found.persons == (4, 5)


def test_no_quantity_is_none_to_tell(make_allocation):
    assert estimate_quantities(PersonQuantities((), {}, {}), make_allocation(ARMS)) is None


def test_the_repr_names_no_person():
    persons = persons_of(benefit_of_rare=ONE)
    assert repr(persons) == "PersonQuantities(1 quantities)"
    assert repr(replace(persons, amounts={})) == "PersonQuantities(0 quantities)"
    cells = LedgerCells((), np.ones(1), ARM_PLACES, ARM_PLACES, (), np.ones(1), ARM_PLACES, (), ARM_PLACES)
    assert repr(cells) == "LedgerCells(0 prices, 0 steps, 0 taxes)"
