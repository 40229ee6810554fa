import dataclasses
from itertools import chain, repeat
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.registers import Registers, WeekPanel, week_of
from ctieval.domain.trial import EconomicsPlan
from ctieval.rates.load import load_rates
from ctieval.registers.codes import load_code_list

TOTAL = """
name = "{name}"
description = "Total of the trial"
unit = "{unit}"
[[value]]
from = 2018-01-01
valid_through = 2030-12-31
{value}
source = {{ title = "Accounts", section = "", href = "", retrieved = 2026-01-01, simulated = true }}
"""


@pytest.fixture(scope="session")
def book():
    return load_rates(None)


@pytest.fixture(scope="session")
def codes():
    return load_code_list(None)


@pytest.fixture
def own_book(tmp_path):
    """A function that lays rates over the shipped book: totals, amounts as (unit, number), the discount ``none``."""

    def lay(**amounts):
        for name, amount in amounts.items():
            unit, number = amount if isinstance(amount, tuple) else ("dkk", amount)
            value = "steps = [{ start = 0, amount = 0 }]" if name == "none" else f"amount = {number}"
            text = TOTAL.format(name=name, unit=unit, value=value)
            (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        return load_rates(tmp_path)

    return lay


@pytest.fixture
def make_trial(make_allocation):
    """A function that makes allocation and registers of persons given as runs of (code, weeks)."""

    def make(arms, runs, *, from_day="2018-01-01", drawn_on="2018-01-01", block=None, payments=None, **persons):
        allocation = make_allocation(arms, block)
        n = len(arms)
        rows = [list(chain.from_iterable(repeat(code, weeks) for code, weeks in run)) for run in runs]
        panel = WeekPanel(allocation.person_id.copy(), week_of(np.datetime64(from_day)), np.array(rows, dtype=np.int16))
        registers = Registers(
            persons=pd.DataFrame({"person_id": allocation.person_id, **persons}),
            weeks=panel,
            employment=None,
            payments=payments,
            activity=None,
            survey=None,
            recognised=(),
            digests=(),
        )
        days = np.full(n, np.datetime64(drawn_on), dtype="datetime64[D]")
        return SimpleNamespace(allocation=dataclasses.replace(allocation, randomised_on=days), registers=registers)

    return make


@pytest.fixture
def make_plan():
    """A function that makes a plan of so many weeks."""

    def make(weeks, perspectives=("municipality", "state"), price_year=2018, discount="fm_2021"):
        return EconomicsPlan(perspectives, weeks, price_year, discount)

    return make
