"""Kroner of benefits as an outcome: what was paid, or rates of the book; and what is said where a rate is not known."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.outcome import Amount, AmountOutcome, BetterWhen, Role
from ctieval.domain.outcome_table import Status
from ctieval.domain.registers import Registers, WeekPanel, week_of
from ctieval.domain.window import Window
from ctieval.domain.wording import Label
from ctieval.economics.benefits import week_price
from ctieval.evaluate.benefit_kroner import find_payments, name_unpriced
from ctieval.evaluate.data import RegisterData
from ctieval.outcomes.track import track
from ctieval.rates.load import load_rates
from ctieval.registers.codes import load_code_list
from ctieval.registers.kernels.payments import PaidPeriods, PricedWeeks

MONDAY = np.datetime64("2018-01-01")
KRONER = AmountOutcome(
    name="kroner",
    label=Label("Kroner", "Kroner"),
    role=Role.SECONDARY,
    better_when=BetterWhen.LOWER,
    amount=Amount.BENEFIT_KRONER,
    window=Window(0, 4),
)
TRIAL = SimpleNamespace(outcomes=(KRONER,))


@pytest.fixture
def measured(make_allocation):
    """Kroner of persons with these codes by week, and what was found to measure them with."""

    def found(code, *, payments=None, provider=None):
        n = len(code)
        allocation = make_allocation(np.arange(n) % 2)
        ids = allocation.person_id
        persons = pd.DataFrame({"person_id": ids, **({} if provider is None else {"provider": provider})})
        weeks = WeekPanel(ids, week_of(MONDAY), np.asarray(code, dtype=np.int16))
        registers = Registers(persons, weeks, None, payments, None, None, (), ())
        data = RegisterData(registers, load_code_list(), load_rates(None), cohort=None)
        drawn = replace(allocation, randomised_on=np.full(n, MONDAY))
        kroner = find_payments(TRIAL, drawn, data)
        table = track(TRIAL.outcomes, drawn, registers, data.codes, payments=kroner.payments)
        return kroner, table

    return found


def paid(*rows):
    columns = ("person_id", "start", "end", "benefit", "amount")
    frame = pd.DataFrame(dict(zip(columns, zip(*rows, strict=True), strict=True)))
    return frame.assign(start=pd.to_datetime(frame["start"]), end=pd.to_datetime(frame["end"]))


def test_no_outcome_in_kroner_asks_for_no_payments():
    assert find_payments(SimpleNamespace(outcomes=()), None, None) is None


def test_weeks_are_priced_at_the_rate_of_who_has_children_and_who_has_not(measured):
    kroner, table = measured([[730] * 4, [730, 730, 651, 0]], provider=[True, None])
    prices = [week_price(load_rates(None).value(f"cash_benefit_{who}", MONDAY.item())) for who in ("provider", "other")]
    assert isinstance(kroner.payments, PricedWeeks)
    assert table.values[:, 0].tolist() == [round(4 * round(100 * prices[0])) / 100, 2 * round(100 * prices[1]) / 100]  # noqa: PD011


def test_kroner_actually_paid_come_before_rates(measured):
    payments = paid(
        ("P000000", "2018-01-01", "2018-01-28", "730", 9000.0),
        ("P000000", "2018-01-29", "2018-02-28", "730", 9000.0),
        ("P000001", "2018-01-22", "2018-02-04", "890", 1400.0),
        ("P000001", "2018-01-01", "2018-01-07", "651", 500.0),
    )
    kroner, table = measured([[730] * 4, [651, 0, 0, 890]], payments=payments)
    assert isinstance(kroner.payments, PaidPeriods)
    assert table.values[:, 0].tolist() == [9000.0, 700.0]  # noqa: PD011


def test_one_period_without_an_amount_leaves_the_rates(measured):
    payments = paid(("P000000", "2018-01-01", "2018-01-28", "730", None))
    kroner, _ = measured([[730] * 4, [0] * 4], payments=payments)
    assert isinstance(kroner.payments, PricedWeeks)


def test_a_benefit_without_a_rate_is_named_and_nobody_is_measured(measured):
    kroner, table = measured([[730] * 4, [783, 730, 730, 730]])
    assert kroner.without_rate == ("disability_pension",)
    assert table.status[:, 0].tolist() == [Status.NOT_PRICED] * 2
    notices = list(name_unpriced(table, kroner))
    assert [(each.code, each.subject, each.facts) for each in notices] == [
        ("W-OUTCOME-UNPRICED", "kroner", (("benefit", "disability_pension"),))
    ]
