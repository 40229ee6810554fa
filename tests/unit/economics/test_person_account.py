"""Each person's own account: which week is in which month and year, what the grant adds, and what is left displaced."""

import numpy as np
import pytest

from ctieval.domain.cost_benefit import Account, View
from ctieval.domain.posting import Entry, Party
from ctieval.domain.registers import week_of
from ctieval.economics.accounts import SocietyFactors
from ctieval.economics.entries import UNKNOWN_TAXES, Flows, TaxRules, post_flows
from ctieval.economics.person_account import build_calendar, build_person_accounts, reckon_benefits
from ctieval.economics.trial_flows import from_draw, repeat_first
from ctieval.errors import InputError

WEEKS = 52
FIRST = week_of(np.datetime64("2018-11-05"))
OBSERVED = np.array([True, False, True])


def calendar_of(factors=None):
    week = FIRST + np.tile(np.arange(WEEKS), (2, 1))
    return build_calendar(week, np.ones(WEEKS) if factors is None else factors)


def accounts_of(benefit, *, grant=None, cost=600.0, factors=None, known=True):
    weekly = from_draw(np.full((2, WEEKS), benefit))
    at_draw = np.zeros_like(weekly)
    at_draw[:, 0] = cost if known else np.nan
    nothing = np.zeros_like(weekly)
    flows = Flows(weekly, 0.2 * weekly, nothing, nothing, at_draw, nothing)
    return build_person_accounts(
        post_flows(flows, UNKNOWN_TAXES),
        calendar_of(factors),
        SocietyFactors(None, None),
        grant=grant,
        observed=OBSERVED,
        weeks=np.full(2, float(WEEKS)),
    )


def test_month_m_holds_the_weeks_whose_share_of_the_year_says_so():
    month = calendar_of().month
    assert month[0] == 0
    assert month[1:].tolist() == [int(w * 12 // 52) for w in range(WEEKS)]
    assert np.bincount(month[1:]).tolist() == [5, 4, 4, 5, 4, 4, 5, 4, 4, 5, 4, 4]


def test_the_day_of_the_draw_is_in_the_first_month_and_its_own_year_and_not_discounted():
    calendar = calendar_of(np.full(WEEKS, 0.5))
    assert calendar.factor[:2].tolist() == [1.0, 0.5]
    assert calendar.year[0, [0, 1, 8, 9, 52]].tolist() == [2018, 2018, 2018, 2019, 2019]


def test_present_values_are_discounted_by_the_week_and_nominal_kroner_are_not():
    factors = np.linspace(1, 0.5, WEEKS)
    found = accounts_of(100.0, factors=factors)
    benefit = found.lines[Account.M0][Entry.BENEFIT]
    assert benefit[0].sum() == pytest.approx(-100 * factors.sum())
    assert benefit[0, 0] == pytest.approx(-100 * factors[:5].sum())
    assert found.nominal[Account.M0][Entry.BENEFIT][0].tolist() == [-500, -400, -400] * 4
    assert found.nominal[Account.M0][Entry.BENEFIT][0].sum() == -5200
    assert found.lines[Account.M0][Entry.PROGRAMME][0].tolist() == [-600] + [0] * 11
    assert found.years == (2018, 2019)
    assert found.budget[Account.M0][Entry.BENEFIT][0].tolist() == [-800, -4400]
    assert found.budget[Account.M0][Entry.PROGRAMME][0].tolist() == [-600, 0]


def test_whoever_is_not_observed_has_no_amount_in_any_array():
    found = accounts_of(100.0, grant=np.array([10.0, 10.0, 0.0]))
    arrays = [amount for lines in found.lines.values() for amount in lines.values()]
    arrays += [*found.net(View.AS_FUNDED).values(), *found.undisplaced.values(), found.grant, found.weeks[:, None]]
    for each in arrays:
        assert np.isnan(each).all(axis=1).tolist() == [False, True, False]
        assert not np.isnan(each[OBSERVED]).any()


def test_the_grant_stands_in_its_own_view_and_moves_no_krone_in_all():
    found = accounts_of(100.0, grant=np.array([400.0, 0.0, 0.0]))
    ordinary, funded = (found.net(view) for view in View)
    gained = {account: np.nansum(funded[account] - ordinary[account]) for account in ordinary}
    assert gained == {Account.M0: 400, Account.STATE_BEFORE_TAX: -400, Account.PUBLIC_BEFORE_TAX: 0}
    assert found.views == tuple(View)
    assert accounts_of(100.0).views == (View.ORDINARY_OPERATION,)
    assert Entry.PROJECT_GRANT not in found.lines_of(Account.M0)


def test_without_a_cost_there_is_no_net_result():
    found = accounts_of(100.0, known=False)
    assert not found.complete
    assert found.net() == {}
    assert Entry.PROGRAMME not in found.lines[Account.M0]


def test_if_every_job_were_anothers_only_services_would_be_left():
    assert np.nansum(accounts_of(100.0).undisplaced[Account.M0]) == -1200


def test_benefits_alone_give_each_account_what_is_left_after_their_own_tax_and_equalisation():
    weekly = from_draw(np.full((2, WEEKS), 100.0))
    flows = Flows(weekly, 0.2 * weekly, 0 * weekly, 5 * weekly, 7 * weekly, 3 * weekly)
    rules = TaxRules(0.25, 0.24, 0.12, 0.08, 0.75, 0.2, 0.1)
    found = reckon_benefits(flows, rules, calendar_of(), observed=OBSERVED)
    paid = -100.0 * WEEKS
    assert found[Account.M0][0] == pytest.approx(0.8 * paid)
    assert found[Account.M1][0] == pytest.approx((0.8 - 0.25) * paid)
    assert found[Account.M2][0] == pytest.approx((0.8 - 0.25 + 0.75 * 0.24) * paid)
    assert found[Account.PUBLIC][0] == pytest.approx((1 - 0.37 - 0.2 * 0.63) * paid)
    assert found[Account.SOCIETY][0] == 0
    assert np.isnan(found[Account.M0]).tolist() == [False, True, False]


def test_nothing_known_is_no_account():
    nan = np.full((2, 1 + WEEKS), np.nan)
    journal = post_flows(Flows(*[nan] * 6), UNKNOWN_TAXES)
    found = build_person_accounts(
        journal, calendar_of(), SocietyFactors(1.0, 1.0), grant=None, observed=OBSERVED, weeks=np.ones(2)
    )
    assert (found.lines, found.net(), found.undisplaced) == ({}, {}, {})
    assert repr(found) == "PersonAccounts(3 persons, 0 accounts)"


def test_where_nobody_is_observed_there_is_no_account():
    nobody = np.zeros((0, 1 + WEEKS))
    found = build_person_accounts(
        post_flows(Flows(*[nobody] * 6), UNKNOWN_TAXES),
        build_calendar(np.zeros((0, WEEKS), dtype=np.int64), np.ones(WEEKS)),
        SocietyFactors(1.0, 1.0),
        grant=None,
        observed=np.zeros(3, dtype=bool),
        weeks=np.zeros(0),
    )
    assert (found.lines, found.complete) == ({}, False)
    assert np.isnan(found.weeks).all()


def test_the_week_of_the_draw_stands_for_the_day_of_it():
    assert repeat_first(np.array([[5, 6]])).tolist() == [[5, 5, 6]]
    assert from_draw(np.array([[5.0, 6.0]])).tolist() == [[0, 5, 6]]


def test_a_journal_that_is_not_converted_linearly_is_refused():
    paid = np.array([[10.0, 20.0]])
    journal = post_flows(Flows(*[paid] * 6), UNKNOWN_TAXES)
    assert journal.convert(lambda amount: amount.sum(axis=1)).total([Party.MUNICIPALITY]).tolist() == [-60]
    with pytest.raises(InputError, match="does not balance"):
        journal.convert(np.abs)
