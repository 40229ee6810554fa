"""The ledger: what is posted where, before any arm is compared."""

import numpy as np
import pytest

from ctieval.domain.cost_benefit import Account, Line, PaymentBasis, View
from ctieval.economics.benefits import BenefitWeeks
from ctieval.economics.horizon import Horizon
from ctieval.economics.ladder import LadderWeeks
from ctieval.economics.ledger import build_ledger

MUNICIPALITY, STATE, PUBLIC = Account


@pytest.fixture
def make_ledger():
    """A function that makes the ledger of two persons and two weeks; the second person may be unobserved."""

    def make(ladder, state, share, *, observed=(True, True), cost=None, grant=None):
        ladder, state = np.array(ladder, dtype=float), np.array(state, dtype=float)
        weeks = np.zeros((2, 2), dtype=np.int64)
        return build_ledger(
            Horizon(np.arange(2), weeks, weeks.astype(np.int16), np.array(observed)),
            BenefitWeeks(ladder != 0, ladder, state, PaymentBasis.RATE, (), (), ()),
            LadderWeeks(weeks, np.array(share, dtype=float), (), (), (), ()),
            np.array([1.0, 0.5]),
            cost_per_person=cost,
            grant_per_person=grant,
        )

    return make


SHARE = [[0.8, 0.4], [0.2, 0.2]]


def test_each_krone_is_posted_once_to_each_account(make_ledger):
    ledger = make_ledger([[100, 100], [0, 50]], [[0, 0], [10, 0]], SHARE)
    posted = {key: value.tolist() for key, value in ledger.postings.items()}
    assert posted == {
        (MUNICIPALITY, Line.BENEFIT_SAVED): [-150, -25],
        (MUNICIPALITY, Line.REFUND_LOST): [100, 5],
        (STATE, Line.BENEFIT_SAVED): [0, -10],
        (STATE, Line.REFUND_LOST): [-100, -5],
        (PUBLIC, Line.BENEFIT_SAVED): [-150, -35],
    }
    assert ledger.weeks.tolist() == [-2, -1]


def test_a_week_without_a_share_needs_none_where_nothing_was_paid(make_ledger):
    ledger = make_ledger([[100, 0], [0, 0]], [[0, 0], [0, 0]], [[0.2, np.nan], [np.nan, np.nan]])
    assert ledger.postings[MUNICIPALITY, Line.REFUND_LOST].tolist() == [20, 0]


def test_an_account_is_known_whole_or_not_at_all(make_ledger):
    no_share = make_ledger([[100, 100], [0, 0]], [[0, 0], [0, 0]], [[0.2, np.nan], [0.2, 0.2]])
    assert {account for account, _ in no_share.postings} == {PUBLIC}
    no_state_rate = make_ledger([[100, 100], [0, 0]], [[0, np.nan], [0, 0]], SHARE)
    assert {account for account, _ in no_state_rate.postings} == {MUNICIPALITY}
    no_rate = make_ledger([[100, np.nan], [0, 0]], [[0, 0], [0, 0]], SHARE)
    assert no_rate.postings == {}


def test_somebody_not_observed_has_no_value_and_takes_nothing_away(make_ledger):
    ledger = make_ledger([[100, 0], [np.nan, 0]], [[0, 0], [0, 0]], SHARE, observed=(True, False))
    for value in (*ledger.postings.values(), ledger.weeks):
        assert np.isnan(value).tolist() == [False, True]
    assert len(ledger.postings) == 4


def test_the_cost_is_in_both_views_and_the_grant_in_its_own(make_ledger):
    nothing = [[0, 0], [0, 0]]
    both = make_ledger(nothing, nothing, SHARE, cost=30, grant=20)
    cost = {(MUNICIPALITY, Line.PROGRAMME_COST): -30, (PUBLIC, Line.PROGRAMME_COST): -30}
    grant = {(MUNICIPALITY, Line.PROJECT_GRANT): 20, (STATE, Line.PROJECT_GRANT): -20}
    assert both.constants == {View.ORDINARY_OPERATION: cost, View.AS_FUNDED: cost | grant}
    assert both.complete
    neither = make_ledger(nothing, nothing, SHARE)
    assert neither.constants == {View.ORDINARY_OPERATION: {}}
    assert not neither.complete
    assert make_ledger(nothing, nothing, SHARE, grant=20).constants[View.AS_FUNDED] == grant


def test_nothing_shows_a_person(make_ledger):
    nothing = [[0, 0], [0, 0]]
    assert repr(make_ledger(nothing, nothing, SHARE)) == "Ledger(2 persons, 4 lines)"
