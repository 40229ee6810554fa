"""The account of the demo: nothing is lost between the parties, and what is printed adds up to the krone (B2)."""

from dataclasses import replace

import numpy as np
import pytest

from ctieval.domain.cost_benefit import Account, View
from ctieval.domain.posting import Entry, Kind
from ctieval.economics.appraise import estimate_account
from ctieval.economics.costing.build import build_person_costs
from ctieval.economics.inputs import AccountInputs
from ctieval.economics.reckon import reckon_persons
from ctieval.evaluate.data import load_allocation, open_data
from ctieval.evaluate.demo import write_demo

PARTIES = (Account.CITIZEN, Account.M2, Account.OTHER_MUNICIPALITIES, Account.STATE, Account.EMPLOYERS)
MOST_RESIDUAL_DKK = 1e-6


@pytest.fixture(scope="module", params=[11, 20180201])
def reckoned(request, tmp_path_factory):
    """Everybody's own account in a demo of one seed, with the plan and the allocation."""
    folder = tmp_path_factory.mktemp("demo")
    trial = write_demo(folder, seed=request.param)
    data = open_data(trial)
    allocation = load_allocation(trial, data)
    costs = build_person_costs(trial.economics, allocation, data.registers, data.rates)
    found = reckon_persons(trial.economics, allocation, AccountInputs(data.registers, data.rates, data.codes, costs))
    return found, trial.economics, allocation


def test_every_transfer_sums_to_zero_for_everybody_in_every_month_and_year(reckoned):
    persons = reckoned[0].persons
    transfers = [entry for entry in Entry if entry.kind is Kind.TRANSFER and entry in persons.lines[Account.CITIZEN]]
    assert len(transfers) >= 5
    for accounts in (persons.lines, persons.nominal, persons.budget):
        for entry in (each for each in Entry if each.kind is Kind.TRANSFER):
            posted = [accounts[party][entry] for party in PARTIES if entry in accounts[party]]
            if posted:
                assert np.nanmax(np.abs(np.sum(posted, axis=0))) <= MOST_RESIDUAL_DKK, entry


def test_society_is_what_its_parties_have_together(reckoned):
    net = reckoned[0].persons.net()
    together = np.sum([net[party] for party in PARTIES], axis=0)
    assert np.nanmax(np.abs(together - net[Account.SOCIETY])) <= MOST_RESIDUAL_DKK


def test_lines_add_up_to_every_result_and_the_bytes_are_those_of_the_seed(reckoned):
    found, plan, allocation = reckoned
    account = estimate_account(found, plan, allocation)
    for each in account.results:
        own = [line.effect.estimate for line in account.lines if (line.view, line.account) == (each.view, each.account)]
        assert sum(own) == pytest.approx(each.effect.estimate, abs=MOST_RESIDUAL_DKK)
    assert repr(estimate_account(found, plan, allocation)) == repr(account)


def test_swapped_arms_turn_the_account_of_the_demo(reckoned):
    found, plan, allocation = reckoned
    leading = (View.ORDINARY_OPERATION, Account.M0), (View.ORDINARY_OPERATION, Account.M2)
    once, turned = (
        {(each.view, each.account): each.effect.estimate for each in estimate_account(found, plan, own).results}
        for own in (allocation, replace(allocation, arm=1 - allocation.arm))
    )
    for key in leading:
        assert turned[key] == pytest.approx(-once[key], abs=MOST_RESIDUAL_DKK)
