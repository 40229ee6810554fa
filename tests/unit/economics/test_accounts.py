"""Which lines make up an account, what cancels in it, and when it is not reckoned at all."""

import numpy as np
import pytest

from ctieval.domain.cost_benefit import Account
from ctieval.domain.posting import PUBLIC, Entry, Party
from ctieval.economics.accounts import SCOPES, SocietyFactors, gains_grant, reckon_accounts
from ctieval.economics.entries import Flows, TaxRules, post_flows
from ctieval.economics.society_factors import load_society_factors
from ctieval.rates.load import load_rates

RULES = TaxRules(0.25, 0.24, 0.12, 0.08, 0.75, 0.2, 0.1)
ONE = np.array([1.0, 2.0])
FLOWS = dict(zip(Flows.__dataclass_fields__, (1000 * ONE, 200 * ONE, 0 * ONE, 3000 * ONE, 400 * ONE), strict=False))
NO_FACTORS = SocietyFactors(None, None)
UNKNOWN = float("nan")


def accounts_of(rules=RULES, factors=NO_FACTORS, **flows):
    return reckon_accounts(post_flows(Flows(**{**FLOWS, "usual_services": 50 * ONE, **flows}), rules), factors)


def test_what_changes_hands_within_an_account_is_no_line_of_it():
    found = accounts_of()
    assert list(found[Account.PUBLIC_BEFORE_TAX]) == [Entry.BENEFIT, Entry.PROGRAMME, Entry.USUAL_SERVICES]
    assert Entry.EQUALISATION not in found[Account.PUBLIC]
    assert list(found[Account.SOCIETY]) == [Entry.OUTPUT, Entry.PROGRAMME, Entry.USUAL_SERVICES]


def test_a_benefit_of_the_state_is_a_line_only_where_somebody_has_one():
    assert Entry.STATE_BENEFIT not in accounts_of()[Account.STATE_BEFORE_TAX]
    assert Entry.STATE_BENEFIT in accounts_of(state_benefit=ONE)[Account.STATE_BEFORE_TAX]


@pytest.mark.parametrize(
    ("unknown", "lost"),
    [
        ({"earnings": UNKNOWN * ONE}, set(Account) - {Account.M0, Account.STATE_BEFORE_TAX, Account.PUBLIC_BEFORE_TAX}),
        (
            {"refund": UNKNOWN * ONE},
            {Account.M0, Account.M1, Account.M2, Account.M3, Account.STATE_BEFORE_TAX, Account.STATE},
        ),
        ({"programme": UNKNOWN * ONE}, set()),
        (
            {"state_benefit": UNKNOWN * ONE},
            set(Account) - {Account.M0, Account.EMPLOYERS, Account.SOCIETY, Account.SOCIETY_CONSUMER_PRICES},
        ),
    ],
    ids=["earnings", "refund", "programme", "state benefit"],
)
def test_an_account_that_lacks_a_line_is_left_out_whole(unknown, lost):
    found = accounts_of(factors=SocietyFactors(1.28, 1.1), **unknown)
    assert set(Account) - set(found) - {Account.REGION} == lost - {Account.REGION}


def test_each_factor_has_an_account_of_its_own():
    assert not {Account.SOCIETY_CONSUMER_PRICES, Account.SOCIETY_PUBLIC_FUNDS} & set(accounts_of())
    assert Account.SOCIETY_PUBLIC_FUNDS in accounts_of(factors=SocietyFactors(None, 1.0))


def test_a_region_has_an_account_where_it_pays_for_something():
    found = accounts_of(programme_of_others={Party.REGION: 30 * ONE})
    assert found[Account.REGION][Entry.PROGRAMME].tolist() == [-30, -60]


def test_the_grant_goes_from_the_state_to_the_municipality():
    assert {account: gains_grant(account) for account in Account if gains_grant(account)} == {
        **dict.fromkeys((Account.M0, Account.M1, Account.M2, Account.M3), 1),
        **dict.fromkeys((Account.STATE_BEFORE_TAX, Account.STATE), -1),
    }


def test_every_account_has_its_scope_and_needs_its_own_lines_but_for_public_funds():
    assert set(SCOPES) == set(Account) - {Account.SOCIETY_CONSUMER_PRICES}
    own = {account: set(scope.needs) <= set(scope.entries) for account, scope in SCOPES.items()}
    assert [account for account, is_own in own.items() if not is_own] == [Account.SOCIETY_PUBLIC_FUNDS]
    assert SCOPES[Account.PUBLIC].parties == PUBLIC


def test_the_distortion_factor_is_the_rule_of_the_price_year_and_may_be_unknown():
    book = load_rates(None)
    assert load_society_factors(book, 2015).factors.distortion == 1.2
    assert load_society_factors(book, 2024).factors.distortion == 1.0
    later = load_society_factors(book, 2030)
    assert later.factors.distortion is None
    assert [missing.file for missing in later.missing] == ["rates/tax_distortion_factor.toml"]
