"""What a council would check by hand: small cases of the refund ladder, the rates and the account."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.cost_benefit import Account, View
from ctieval.domain.posting import Entry
from ctieval.domain.registers import Registers, WeekPanel, week_of
from ctieval.domain.trial import EconomicsPlan
from ctieval.economics.appraise import appraise
from ctieval.economics.inputs import AccountInputs
from ctieval.rates.load import load_rates
from ctieval.registers.codes import load_code_list

TOTAL = """
name = "{name}"
description = "Total of the trial"
unit = "dkk"
[[value]]
from = 2018-01-01
valid_through = 2022-12-31
amount = {amount}
source = {{ title = "Made up", section = "", href = "", retrieved = 2026-01-01, simulated = true }}
"""
UNDISCOUNTED = """
name = "undiscounted"
description = "A krone is a krone"
unit = "share/year"
[[value]]
from = 2018-01-01
valid_through = 2022-12-31
steps = [{ start = 0, amount = 0 }]
source = { title = "Made up", section = "", href = "", retrieved = 2026-01-01, simulated = true }
"""
NET = "net_result"
WEEK_2021 = 11698 * 12 / 52


@pytest.fixture
def account_of(make_allocation, tmp_path):
    """Appraise persons given as (arm, weeks on benefit out of the year after the draw), drawn on 4 January 2021."""

    def appraise_persons(persons, cost, grant, before):
        allocation = make_allocation([arm for arm, _ in persons])
        history = [[*before, *[730] * weeks, *[0] * (52 - weeks)] for _, weeks in persons]
        day = np.datetime64("2021-01-04")
        registers = Registers(
            persons=pd.DataFrame({"person_id": allocation.person_id, "provider": [False] * len(persons)}),
            weeks=WeekPanel(allocation.person_id, week_of(day) - len(before), np.array(history, dtype=np.int16)),
            employment=None,
            payments=None,
            activity=None,
            survey=None,
            recognised=(),
            digests=(),
        )
        (tmp_path / "undiscounted.toml").write_text(UNDISCOUNTED, encoding="utf-8")
        for name, amount in (("programme_cost", cost), ("project_grant", grant)):
            (tmp_path / f"{name}.toml").write_text(TOTAL.format(name=name, amount=amount), encoding="utf-8")
        plan = EconomicsPlan(("municipality", "state"), 52, 2021, "undiscounted")
        drawn = dataclasses.replace(allocation, randomised_on=np.full(len(persons), day))
        found = appraise(plan, drawn, AccountInputs(registers, load_rates(tmp_path), load_code_list()))
        lines = {(line.view, line.account, line.line): line.effect.estimate for line in found.lines}
        return lines | {(each.view, each.account, NET): each.effect.estimate for each in found.results}

    return appraise_persons


def test_ten_weeks_saved_at_the_last_step(account_of):
    """Both arms have been on benefit for three years: the municipality keeps 80 % of what it saves.

    A week on benefit costs 11,698 x 12/52 = 2,699.54 kr., 2,159.63 kr. of it the municipality's.
    """
    persons = [(0, 52), (0, 48), (1, 44), (1, 36)]
    lines = account_of(persons, cost=24_000, grant=20_000, before=[730] * 156)
    expected = {
        (View.ORDINARY_OPERATION, Account.M0, Entry.BENEFIT): 26_995.38,
        (View.ORDINARY_OPERATION, Account.M0, Entry.REFUND): -5_399.08,
        (View.ORDINARY_OPERATION, Account.M0, Entry.PROGRAMME): -12_000,
        (View.ORDINARY_OPERATION, Account.M0, NET): 9_596.31,
        (View.ORDINARY_OPERATION, Account.STATE_BEFORE_TAX, Entry.REFUND): 5_399.08,
        (View.ORDINARY_OPERATION, Account.STATE_BEFORE_TAX, NET): 5_399.08,
        (View.ORDINARY_OPERATION, Account.PUBLIC_BEFORE_TAX, Entry.BENEFIT): 26_995.38,
        (View.ORDINARY_OPERATION, Account.PUBLIC_BEFORE_TAX, Entry.PROGRAMME): -12_000,
        (View.ORDINARY_OPERATION, Account.PUBLIC_BEFORE_TAX, NET): 14_995.38,
        (View.AS_FUNDED, Account.M0, Entry.BENEFIT): 26_995.38,
        (View.AS_FUNDED, Account.M0, Entry.REFUND): -5_399.08,
        (View.AS_FUNDED, Account.M0, Entry.PROGRAMME): -12_000,
        (View.AS_FUNDED, Account.M0, Entry.PROJECT_GRANT): 10_000,
        (View.AS_FUNDED, Account.M0, NET): 19_596.31,
        (View.AS_FUNDED, Account.STATE_BEFORE_TAX, Entry.REFUND): 5_399.08,
        (View.AS_FUNDED, Account.STATE_BEFORE_TAX, Entry.PROJECT_GRANT): -10_000,
        (View.AS_FUNDED, Account.STATE_BEFORE_TAX, NET): -4_600.92,
        (View.AS_FUNDED, Account.PUBLIC_BEFORE_TAX, Entry.BENEFIT): 26_995.38,
        (View.AS_FUNDED, Account.PUBLIC_BEFORE_TAX, Entry.PROGRAMME): -12_000,
        (View.AS_FUNDED, Account.PUBLIC_BEFORE_TAX, NET): 14_995.38,
    }
    assert set(lines) == set(expected)
    for key, kroner in expected.items():
        assert lines[key] == pytest.approx(kroner, abs=0.006), key


def test_the_first_weeks_are_the_states(account_of):
    """Both arms are new to the ladder: leaving after 4 weeks and not after 8 saves the municipality 60 % of 4 weeks."""
    lines = account_of([(0, 8), (0, 8), (1, 4), (1, 4)], cost=0, grant=0, before=[0] * 156)
    assert lines[View.ORDINARY_OPERATION, Account.M0, NET] == pytest.approx(4 * 0.6 * WEEK_2021)
    assert lines[View.ORDINARY_OPERATION, Account.STATE_BEFORE_TAX, NET] == pytest.approx(4 * 0.4 * WEEK_2021)


def test_the_last_weeks_of_a_year_are_dearer_to_the_municipality_than_the_first(account_of):
    """A whole year on benefit from the first week costs the municipality 32.2 weekly rates of 52."""
    lines = account_of([(0, 52), (0, 52), (1, 0), (1, 0)], cost=0, grant=0, before=[0] * 156)
    assert lines[View.ORDINARY_OPERATION, Account.M0, NET] == pytest.approx((4 * 0.2 + 22 * 0.6 + 26 * 0.7) * WEEK_2021)
